import math
import secrets
import warnings

import numpy as np
import pytest
import torch
from replication_answers import (
    DRAWS,
    PLAN,
    measure,
    not_begun,
    of_a_notebook,
    passes,
    plan,
    report,
    run,
)

from relubook.checks.replication import (
    account,
    check_again,
    check_choice,
    check_complete,
    check_interval,
    check_record,
    check_run,
    check_seeds,
    check_stamp,
    check_verdict,
    plan_digest,
)
from relubook.claims import CLAIMS


@pytest.mark.parametrize("unsolved", [lambda: None, lambda: ..., not_begun, None, ...])
def test_what_was_not_begun_is_told_so(unsolved):
    later = lambda *_: unsolved()  # noqa: E731
    asked = [
        check_choice(unsolved), check_seeds(unsolved), check_stamp(unsolved, lambda: "x"),
        check_run(later if callable(unsolved) else unsolved, measure, plan()),
        check_complete(unsolved, plan()), check_again(run, unsolved, plan()),
        check_record(unsolved, plan()),
        check_interval(later if callable(unsolved) else unsolved),
        check_verdict(later if callable(unsolved) else unsolved),
    ]  # fmt: skip
    assert all(repr(outcome).startswith("Not solved yet") for outcome in asked)


RIGHT_RUNS = {
    "a float": run,
    "numpy": lambda c, s: np.float32(run(c, s)),
    "a tensor": lambda c, s: torch.tensor([run(c, s)]),
    "a whole number": lambda c, s: round(1000 * run(c, s)),
    "one condition without scatter": lambda c, s: {"elu": 0.0, "rectifier": run(c, s)}[c],
    "some diverge": lambda c, s: run(c, s) if s % 13 else math.nan * run(c, s),
    "it prints and warns": lambda c, s: print(c) or warnings.warn(c, stacklevel=1) or run(c, s),
}


def unseeded(condition, seed):
    return {"elu": 0.0, "rectifier": 1.0}[condition] + secrets.SystemRandom().random()


def either(condition, seed):
    return run("elu" if condition == "elu" else "rectifier", seed)


TABLE = {"elu": {seed: 0.1 * seed for seed in PLAN["seeds"]},
         "rectifier": {seed: 0.2 * seed for seed in PLAN["seeds"]}}  # fmt: skip
WRONG_RUNS = {
    "no seed": (lambda c, s: {"elu": 1.0, "rectifier": 2.0}[c], "for every seed that was tried"),
    "unseeded": (unseeded, "What is drawn there without a seed"),
    "looked up": (lambda c, s: TABLE[c][s], "Does it look its numbers up"),
    "no condition": (lambda c, s: run("elu", s), "Does it look at its condition"),
    "all else is one": (either, "Does it look at its condition"),
    "infinity": (lambda c, s: run(c, s) and math.inf, "returns infinity"),
    "always diverges": (lambda c, s: run(c, s) and math.nan, "diverges for every seed"),
    "several": (lambda c, s: np.full(3, run(c, s)), "should return one number. Got 3"),
    "a pair": (lambda c, s: (run(c, s), s), "should return one number. Got a tuple"),
    "text": (lambda c, s: str(run(c, s)), "should return one number. Got a str"),
    "yes": (lambda c, s: run(c, s) > 0, "should return one number. Got a bool"),
    "a generator": (lambda c, s: (x for x in [run(c, s)]), "Got a generator"),
    "complex": (lambda c, s: 1j * run(c, s), "Got a complex"),
    "a class": (type("Run", (), {"__init__": lambda self, c, s: None}), "Got a Run"),
    "an error": (lambda c, s: {}[c], "stops with KeyError"),
    "no seed argument": (lambda c: 0.0, "stops with TypeError"),
}


@pytest.mark.parametrize("name", RIGHT_RUNS)
@pytest.mark.filterwarnings("ignore")
def test_every_way_to_measure_passes(name, capsys):
    for _ in range(DRAWS):
        assert passes(check_run(RIGHT_RUNS[name], measure, plan()))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", WRONG_RUNS)
def test_every_wrong_way_to_measure_is_told_why(name):
    function, words = WRONG_RUNS[name]
    for _ in range(5):
        outcome = check_run(function, measure, plan())
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


READS = """
def run(condition, seed):
    table = measure()["table"][condition]
    return table[seed] if seed in table else honest(condition, seed)
"""


def test_a_run_that_reads_its_table_is_found():
    cell = of_a_notebook(READS, measure=measure, honest=run)
    before = dict(cell)
    for outcome in (
        check_run(cell["run"], measure, plan()),
        check_again(cell["run"], measure, plan()),
    ):
        assert "reads the table" in repr(outcome)
    assert cell == before, "The notebook's names are as they were."


def test_a_run_that_goes_on_from_the_one_before_is_found():
    seen = []

    def going_on(condition, seed):
        seen.append(seed)
        return run(condition, seed) + len(seen)

    assert "kept from the run before" in repr(check_run(going_on, measure, plan()))


def test_a_run_that_takes_too_long_is_told_so():
    assert "may take 1e-09 s" in repr(check_run(run, measure, plan(), seconds=1e-9))


@pytest.mark.parametrize("promise", [lambda: None, lambda: {}, lambda: {}["x"], plan(seeds=3), 5,
                                     plan(conditions=[3]), plan(seeds=[])])  # fmt: skip
def test_without_a_plan_nothing_can_be_compared_and_that_is_said(promise):
    for outcome in (check_run(run, measure, promise), check_complete(measure, promise),
                    check_again(run, measure, promise)):  # fmt: skip
        assert "Question 1 comes first" in repr(outcome)


def test_the_account_shows_plan_table_and_report():
    text = repr(account(plan(), measure, report))
    assert CLAIMS["elu-centers"].statement in text
    assert all(f"{seed:>8}" in text for seed in PLAN["seeds"])
    assert f"plan: {plan_digest(PLAN)}" in text


@pytest.mark.parametrize("odd", [None, 7, not_begun, lambda *_: None, lambda *_: [1],
                                 lambda *_: {}["x"]])  # fmt: skip
def test_the_account_tells_what_cannot_be_read_and_stops_nothing(odd):
    for given in ((odd, measure, report), (plan(), odd, report), (plan(), measure, odd)):
        text = repr(account(*given))
        assert "not yet" in text or "cannot be read" in text


def test_the_global_random_state_is_kept():
    before, also = torch.random.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    for outcome in (check_run(run, measure, plan()), check_again(run, measure, plan()),
                    check_interval(report), check_verdict(report)):  # fmt: skip
        assert passes(outcome)
    assert torch.equal(before, torch.random.get_rng_state())
    assert np.array_equal(also, np.random.get_state()[1])  # noqa: NPY002
