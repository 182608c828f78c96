import numpy as np
import pytest

from relubook.checks.benefits import check_count_pieces


def flips(weight, bias):
    return -bias[weight != 0] / weight[weight != 0]


def right(weight, bias, left, right):
    places = np.unique(flips(weight, bias))
    return 1 + ((left < places) & (places < right)).sum()


def in_a_set(weight, bias, left, right):
    places = {-b / w for w, b in zip(weight, bias, strict=True) if w != 0}
    return 1 + len([place for place in places if left < place < right])


def divided_first(weight, bias, left, right):
    places = np.unique(-bias / weight)  # infinity and NaN lie in no interval
    return int(1 + np.sum((places > left) & (places < right)))


def walking(weight, bias, left, right):
    x = np.arange(left + 1 / 16, right, 1 / 8)
    active = x[:, None] * weight + bias > 0
    return 1 + (active[1:] != active[:-1]).any(1).sum()


def inside(weight, bias, left, right):
    places = flips(weight, bias)
    return places[(left < places) & (places < right)]


def one_by_one(weight, bias, left, right):
    places = {-b / w for w, b in zip(weight.tolist(), bias.tolist(), strict=True)}
    return 1 + sum(left < place < right for place in places)


def with_ends(weight, bias, left, right):
    places = np.unique(flips(weight, bias))
    return 1 + ((left <= places) & (places <= right)).sum()


def damaging(weight, bias, left, right):
    bias[weight == 0], weight[weight == 0] = np.inf, 1
    bias /= weight
    return 1 + len({-b for b in bias if left < -b < right})


def at_least_two(weight, bias, left, right):
    return max(2, in_a_set(weight, bias, left, right))


def without_weight_at_zero(weight, bias, left, right):
    places = np.where(weight == 0, 0.0, -bias / np.where(weight == 0, 1, weight))
    return 1 + len({place for place in places if left < place < right})


RIGHT = {
    "sorted": right,
    "a set": in_a_set,
    "divided first": divided_first,
    "walking": walking,
    "a float": lambda *layer: float(right(*layer)),
    "an array of one": lambda *layer: np.array([right(*layer)]),
}
WRONG = {
    "cuts": (lambda *layer: right(*layer) - 1, "how many pieces"),
    "all units": (lambda w, b, left, right: len(w) + 1, "counts every unit"),
    "units": (lambda w, b, left, right: len(w), "counts the units"),
    "sets": (lambda w, b, left, right: 2 ** len(w), "all sets of units"),
    "sets inside": (lambda *layer: 2 ** len(inside(*layer)), "all sets of units"),
    "sign": (lambda w, b, left, r: right(w, -b, left, r), "wrong side of 0"),
    "sign, cuts": (lambda w, b, left, r: right(w, -b, left, r) - 1, "wrong side of 0"),
    "twice": (lambda *layer: 1 + len(inside(*layer)), "once, not twice"),
    "one by one": (one_by_one, "weight is 0"),
    "weight zero": (without_weight_at_zero, "weight is 0"),
    "ends": (with_ends, "exactly at an end"),
    "two": (at_least_two, "no unit flips"),
    "damage": (damaging, "changes the weights or biases"),
    "a constant": (lambda *_: 77, "one meets 6"),
    "many": (lambda *layer: inside(*layer), "asked for is one"),
    "an error": (lambda w, *_: w.no_such_method(), "stops with AttributeError"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_answer_passes(name):
    outcome = check_count_pieces(RIGHT[name])
    assert repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("_again", range(5))
def test_every_wrong_answer_is_told_its_own_kind_of_error(name, _again):
    function, words = WRONG[name]
    outcome = check_count_pieces(function)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("unsolved", [lambda *_: None, lambda *_: ..., None, ...])
def test_an_exercise_not_begun_is_told_so(unsolved):
    assert repr(check_count_pieces(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        assert "-b" not in repr(check_count_pieces(function))


def test_layers_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002
    for _ in range(2):
        check_count_pieces(lambda w, *layer: seen.append(w.copy()) or right(w, *layer))
    assert not np.array_equal(seen[0], seen[len(seen) // 2])
    np.testing.assert_array_equal(before, np.random.get_state(legacy=False)["state"]["key"])  # noqa: NPY002
