import math

import pytest
from replication_answers import DRAWS, PLAN, measure, passes, plan, run, with_record, with_table

from relubook.checks.replication import (
    check_again,
    check_complete,
    check_record,
    check_run,
    measured,
)


def numbers_as_text(table):
    for row in table.values():
        for seed in list(row):
            row[str(seed)] = row.pop(seed)


def test_a_whole_table_passes_whatever_its_numbers_are():
    one_diverged = with_table(lambda t: t["elu"].update({3: math.nan}))
    for function in (measure, with_table(numbers_as_text), one_diverged):
        assert passes(check_complete(function, plan()))


def test_few_or_equal_seeds_in_the_plan_cost_nothing_in_the_table():
    for seeds in ([7], [7] * 5, [1, 2, 3]):
        few = plan(seeds=seeds)
        function = lambda few=few: measured(run, few())  # noqa: E731
        assert passes(check_run(run, function, few))
        assert passes(check_complete(function, few))
        assert passes(check_again(run, function, few))
        assert passes(check_record(function, few))


def all_equal(table):
    for row in table.values():
        row.update(dict.fromkeys(row, 0.5))


WRONG_TABLES = {
    "a seed is dropped": (lambda t: t["elu"].pop(15), "The seed 15 of 'elu' was planned"),
    "a seed is added": (lambda t: t["elu"].update({99: 0.5}), "The seed 99 of 'elu' was not"),
    "a condition is dropped": (lambda t: t.pop("rectifier"), "'rectifier' was planned"),
    "a condition is added": (lambda t: t.update(third={}), "'third' was not planned"),
    "one seed for all": (all_equal, "all seeds have the same number"),
    "infinity": (lambda t: t["elu"].update({3: math.inf}), "NaN for a run that diverged"),
    "None": (lambda t: t["elu"].update({3: None}), "NaN for a run that diverged"),
    "text": (lambda t: t["elu"].update({3: "0.5"}), "NaN for a run that diverged"),
    "a row of a list": (lambda t: t.update(elu=[0.5] * 6), "{condition: {seed: number}}"),
    "a seed that is none": (lambda t: t["elu"].update(three=0.5), "'three' where a seed"),
}


@pytest.mark.parametrize("name", WRONG_TABLES)
def test_a_wrong_table_is_told_what_is_wrong(name):
    change, words = WRONG_TABLES[name]
    outcome = check_complete(with_table(change), plan())
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("odd", [7, "table", [], {}, {"table": {}}, (x for x in ()), object(),
                                 {"table": [1, 2], "record": 3}])  # fmt: skip
def test_anything_else_than_table_and_record_gets_a_sentence(odd):
    for check in (check_complete, check_record):
        outcome = check(lambda: odd, plan())
        assert outcome.passed < outcome.total
        assert outcome.message


def test_numbers_come_back():
    for _ in range(DRAWS):
        assert passes(check_again(run, measure, plan()))


def test_last_digits_of_another_machine_may_differ():
    rounded = with_table(lambda t: [row.update({s: round(v, 3) for s, v in row.items()})
                                    for row in t.values()])  # fmt: skip
    assert passes(check_again(run, rounded, plan()))


def test_a_run_that_diverges_each_time_comes_back():
    def rough(condition, seed):
        return math.nan if seed == 15 else run(condition, seed)

    assert passes(check_again(rough, lambda: measured(rough, PLAN), plan()))


def made_up(table):
    for shift, row in enumerate(table.values()):
        row.update({seed: 0.28 + 0.2 * shift + 0.013 * (k % 4) for k, seed in enumerate(row)})


def swapped(table):
    table["elu"], table["rectifier"] = table["rectifier"], table["elu"]


MADE_UP = {
    "made up": (made_up, "measured again it gives"),
    "conditions swapped": (swapped, "measured again it gives"),
    "one number improved": (lambda t: t["elu"].update({26: t["elu"][26] - 0.1}), "'elu' with the"),
    "a run called diverged": (lambda t: t["elu"].update({4: math.nan}), "as diverged, but"),
}


@pytest.mark.parametrize("name", MADE_UP)
def test_numbers_that_were_not_measured_do_not_come_back(name):
    change, words = MADE_UP[name]
    for _ in range(DRAWS):
        assert words in repr(check_again(run, with_table(change), plan()))


def test_a_number_for_a_run_that_diverges_is_found():
    def rough(condition, seed):
        return math.nan if condition == "elu" and seed == 15 else run(condition, seed)

    assert "measured again it gives nan" in repr(check_again(rough, measure, plan()))


def test_numbers_that_cannot_be_measured_anew_are_not_believed():
    outcome = check_again(lambda c, s: measure()["table"][c][s], measure, plan())
    assert "Does it look its numbers up" in repr(outcome)


WRONG_RECORDS = {
    "of another plan": ({"plan": "8c1f09a27d5be364"}, "of a plan with the stamp '8c1f09"),
    "other seeds": ({"seeds": [1, 2, 3]}, "not those of the plan"),
    "how many seeds": ({"seeds": 6}, "a list of whole numbers"),
    "no device": ({"device": ""}, "says nothing about `device`"),
    "no versions": ({"versions": {}}, "says nothing about `versions`"),
    "one version": ({"versions": {"torch": "2"}}, "the versions of python, torch, numpy"),
    "in words": ({"started": "yesterday"}, "a moment with its time zone"),
    "without a zone": ({"started": "2026-11-04T10:00:00"}, "a moment with its time zone"),
    "to come": ({"started": "2926-11-04T10:00:00+00:00"}, "still to come"),
    "before the plan": ({"started": "2026-10-01T10:00:00+00:00"}, "before the plan was stated"),
    "no time at all": ({"wall_time_s": -1.0}, "should be seconds"),
    "endless": ({"wall_time_s": math.inf}, "should be seconds"),
    "no data": ({"data": "mnist-5k"}, "`name` and `sha256`"),
    "which data": ({"data": {"name": "mnist-5k"}}, "Which mnist-5k was it"),
    "a device of a number": ({"device": 3}, "should be text"),
}


@pytest.mark.parametrize("name", WRONG_RECORDS)
def test_a_wrong_record_is_told_what_is_wrong(name):
    change, words = WRONG_RECORDS[name]
    outcome = check_record(with_record(**change), plan())
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


def test_the_record_of_the_runs_passes_also_in_the_time_zone_of_another_day():
    assert passes(check_record(measure, plan()))
    late = with_record(started="2026-11-02T23:30:00+00:00")
    assert passes(check_record(late, plan()))


def test_a_record_keeps_what_the_runs_learned_from():
    from relubook import datasets

    digits = datasets.load("mnist-5k")
    found = measured(run, PLAN, data=digits)
    assert found["record"]["data"]["sha256"] == digits.sha256
    assert passes(check_record(lambda: found, plan()))
