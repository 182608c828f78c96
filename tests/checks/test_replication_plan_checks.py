import datetime
import math

import nbformat
import pytest
from project_files import ROOT
from replication_answers import PLAN, not_begun, of_a_notebook, passes, plan

from relubook.checks.replication import check_choice, check_seeds, check_stamp, plan_digest
from relubook.checks.replication_plan import EXAMPLE
from relubook.claims import CLAIMS


def without(name):
    return lambda: {key: value for key, value in PLAN.items() if key != name}


WRONG_PLANS = {
    "a field is missing": (without("against"), "says nothing about `against`"),
    "a field more": (plan(treshold=1), "a field `treshold`"),
    "the example": (lambda: dict(EXAMPLE), "the example of the text"),
    "the example of today": (lambda: {**EXAMPLE, "stated": "2026-11-03"}, "the example of the"),
    "the example's words": (plan(against=EXAMPLE["against"]), "`against` is that of the example"),
    "unknown claim": (plan(claim="elu-center"), "Did you mean 'elu-centers'"),
    "claim of another kind": (plan(claim=7), "There is no claim 7"),
    "one condition": (plan(conditions=["elu"]), "nothing to compare"),
    "the same twice": (plan(conditions=["elu", "elu"]), "have the same name"),
    "nameless": (plan(conditions=["elu", ""]), "none of them empty"),
    "conditions as text": (plan(conditions="elu, rectifier"), "a list of names"),
    "any direction": (plan(direction="two-sided"), "nothing was predicted"),
    "no direction": (plan(direction=None), "nothing was predicted"),
    "infinite": (plan(threshold=math.inf), "decides nothing"),
    "not a number": (plan(threshold=math.nan), "decides nothing"),
    "text": (plan(threshold="0.1"), "should be one number. Got a str"),
    "a truth value": (plan(threshold=True), "should be one number. Got a bool"),
    "near zero means at zero": (plan(direction="within", threshold=0), "above 0"),
    "empty words": (plan(prediction=""), "`prediction` says too little"),
    "repeated words": (plan(against="no " * 20), "`against` says too little"),
    "no metric": (plan(metric=3), "`metric` says too little"),
    "against itself": (plan(against=PLAN["prediction"]), "The same sentence"),
    "no date": (plan(stated="last Monday"), "the day of the plan"),
    "a date as a number": (plan(stated=20261103), "the day of the plan"),
    "a day to come": (plan(stated="2926-11-03"), "has not come yet"),
    "a list": (lambda: [PLAN], "returns a list"),
    "an error": (lambda: {}["claim"], "stops with KeyError"),
}
WRONG_SEEDS = {
    "three": (plan(seeds=[1, 2, 3]), "There are 3 seeds, too few"),
    "none": (plan(seeds=[]), "There are 0 seeds"),
    "equal": (plan(seeds=[7] * 5), "named twice"),
    "one twice": (plan(seeds=[1, 2, 3, 4, 5, 1]), "named twice"),
    "a range": (plan(seeds=range(5)), "in which each seed is named. Got a range"),
    "how many": (plan(seeds=5), "in which each seed is named. Got a int"),
    "fractions": (plan(seeds=[1.0, 2.0, 3.0, 4.0, 5.0]), "plain whole number"),
    "below zero": (plan(seeds=[-1, 2, 3, 4, 5]), "plain whole number"),
    "huge": (plan(seeds=[10**400, 2, 3, 4, 5]), "plain whole number"),
    "the example": (lambda: dict(EXAMPLE), "the example of the text"),
}


@pytest.mark.parametrize("change", [
    {}, {"direction": "within", "threshold": 3}, {"conditions": ["a", "b", "c"]},
    {"threshold": 0, "direction": "above"}, {"seeds": list(range(40))},
    {"stated": datetime.datetime.now(datetime.UTC).date().isoformat()},
])  # fmt: skip
def test_a_plan_that_says_all_passes(change):
    promise = plan(**change)
    stamp = plan_digest(promise())
    assert passes(check_choice(promise))
    assert passes(check_seeds(promise))
    assert passes(check_stamp(promise, lambda: stamp))


@pytest.mark.parametrize("name", WRONG_PLANS)
def test_a_wrong_plan_is_told_what_is_wrong(name):
    promise, words = WRONG_PLANS[name]
    outcome = check_choice(promise)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("name", WRONG_SEEDS)
def test_wrong_seeds_are_told_what_is_wrong(name):
    promise, words = WRONG_SEEDS[name]
    outcome = check_seeds(promise)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


def test_a_claim_of_the_book_may_be_chosen_whichever_it_is():
    assert all(passes(check_choice(plan(claim=claim))) for claim in CLAIMS)


def test_an_open_plan_is_told_its_stamp():
    assert f"Its stamp is {plan_digest(PLAN)}" in repr(check_stamp(plan(), not_begun))
    assert "still open" in repr(check_stamp(plan(), lambda: None))


def test_a_plan_changed_after_it_was_closed_is_found():
    stamp = plan_digest(PLAN)
    for change in ({"threshold": 0.1}, {"seeds": [1, 2, 3, 4, 5]}, {"against": "something else"}):
        assert "changed after it was closed" in repr(check_stamp(plan(**change), lambda: stamp))


@pytest.mark.parametrize("body", ["plan_digest(plan())", "plan_digest(PLAN)"])
def test_a_stamp_that_would_follow_every_change_is_found(body):
    cell = of_a_notebook(f"def plan():\n    return PLAN\ndef stamp():\n    return {body}\n")
    before = dict(cell)
    assert "would follow" in repr(check_stamp(cell["plan"], cell["stamp"]))
    assert cell == before, "The notebook's names are as they were."


@pytest.mark.parametrize("odd", [{"seeds": {1, 2}}, {"threshold": 1j}, {"claim": object()}])
def test_no_stamp_is_made_of_what_is_not_plain(odd):
    with pytest.raises(TypeError, match="must hold plain values"):
        plan_digest(PLAN | odd)
    assert "No stamp can be made" in repr(check_stamp(plan(**odd), lambda: "x"))


def test_the_stamp_does_not_hang_on_the_order_of_the_fields():
    assert plan_digest(PLAN) == plan_digest(dict(reversed(PLAN.items())))


def test_the_text_names_claims_of_the_book_and_shows_the_example_that_is_refused():
    source = nbformat.read(ROOT / "assignments" / "6_replication" / "source.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    named = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert len(named) >= 5
    assert set(named) <= set(CLAIMS)
    shown = text.partition("An example (yours should be another):")[2].split("```")[1]
    found = eval(shown.removeprefix("python"))
    assert found == EXAMPLE
    assert list(found) == list(EXAMPLE)
