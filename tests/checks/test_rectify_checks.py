import re

import numpy as np
import pytest

from relubook.checks.rectify import check_hinge_bends
from relubook.hinges import through


def slopes(x, y):
    return np.diff(y) / np.diff(x)


def right(x, y):
    return np.diff(slopes(x, y), prepend=0.0)


def loop(x, y):
    bends, slope = [], 0.0
    for i in range(len(x) - 1):
        new = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
        bends.append(new - slope)
        slope = new
    return bends


def solve(x, y):
    return np.linalg.solve(np.maximum(x[1:, None] - x[None, :-1], 0), y[1:] - y[0])


def damaging(x, y):
    bends = right(x, y)
    y -= y[0]
    return bends


def kept_as_integers(x, y):
    bends = np.zeros_like(x[1:])
    bends[:] = right(x, y)
    return bends


def rounded(x, y):
    steep = np.diff(y) // np.diff(x) if x.dtype.kind == "i" else slopes(x, y)
    return np.diff(steep, prepend=0.0)


def without_zeros(x, y):
    bends = right(x, y)
    return bends[np.abs(bends) > 1e-9]


def needs_three(x, y):
    return np.append(slopes(x, y)[0], slopes(x, y)[1:] - slopes(x, y)[:-1]) if len(x) > 2 else []


RIGHT = {
    "differences": right,
    "a loop with a list": loop,
    "equations": solve,
    "the package's own": lambda x, y: through(x, y).bends,
    "first slope and changes": lambda x, y: np.append(slopes(x, y)[:1], np.diff(slopes(x, y))),
}
WRONG = {
    "slopes": (slopes, "returns slopes"),
    "no first": (lambda x, y: np.diff(slopes(x, y)), "leaves out the first hinge"),
    "first zero": (lambda x, y: np.append(0, np.diff(slopes(x, y))), "first bend is 0"),
    "first height": (lambda x, y: np.append(y[0], right(x, y)[1:]), "the start, no bend"),
    "rises": (lambda x, y: np.diff(y), "does not divide by distances"),
    "bends of rises": (lambda x, y: np.diff(np.diff(y), prepend=0.0), "divide by distances"),
    "no start": (
        lambda x, y: np.linalg.solve(np.maximum(x[1:, None] - x[None, :-1], 0), y[1:]),
        "begins at height 0",
    ),
    "first distance": (
        lambda x, y: np.diff(np.diff(y) / (x[1] - x[0]), prepend=0.0),
        "all distances for equal",
    ),
    "mean distance": (
        lambda x, y: np.diff(np.diff(y) * (len(x) - 1) / (x[-1] - x[0]), prepend=0.0),
        "all distances for equal",
    ),
    "signs": (lambda x, y: -right(x, y), "All its signs are wrong"),
    "old minus new": (
        lambda x, y: np.append(right(x, y)[0], -right(x, y)[1:]),
        "new slope minus old",
    ),
    "upside down": (lambda x, y: np.diff(np.diff(x) / np.diff(y), prepend=0.0), "rise over dist"),
    "curvature": (
        lambda x, y: np.append(right(x, y)[0], right(x, y)[1:] / np.diff(x)[1:]),
        "bends at one place",
    ),
    "one too many": (lambda x, y: np.append(right(x, y), 0.0), "one bend too many"),
    "two too few": (lambda x, y: right(x, y)[2:], "Asked for"),
    "pairs": (lambda x, y: (x[:-1], right(x, y)), "the shape"),
    "three at least": (needs_three, "one bend too few"),
    "zeros left out": (without_zeros, "runs straight on"),
    "whole numbers": (kept_as_integers, "whole numbers"),
    "rounded": (rounded, "whole numbers"),
    "damage": (damaging, "changes the points"),
    "a constant": (lambda x, y: np.full(len(x) - 1, 0.123), "misses the points"),
    "an error": (lambda x, y: x.no_such_method(), "stops with AttributeError"),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_answer_passes(name):
    outcome = check_hinge_bends(RIGHT[name])
    assert repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_answer_is_told_its_own_kind_of_error(name):
    function, words = WRONG[name]
    outcome = check_hinge_bends(function)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("unsolved", [lambda x, y: None, lambda x, y: ..., None, ...])
def test_an_exercise_not_begun_is_told_so(unsolved):
    assert repr(check_hinge_bends(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        assert "diff(" not in repr(check_hinge_bends(function))


@pytest.mark.parametrize(("place", "by"), [(0, 0.5), (3, -7.0), (5, 1e-3), (2, np.nan)])
def test_a_wrong_line_is_shown_where_it_is_furthest_off(place, by):
    def wrong(x, y):
        bends = right(x, y) + 1e-4
        bends[place] += by
        seen.append((bends[place], right(x, y)[place]))
        return bends

    seen = []
    message = check_hinge_bends(wrong).message
    at, theirs, ours = re.search(
        r"bend (\d), counted from 0, is (\S+); hinge by hinge it is (\S+)\.$", message
    ).groups()
    assert int(at) == place
    assert theirs != ours
    assert [float(theirs), float(ours)] == pytest.approx(seen[0], rel=6e-3, nan_ok=True)


def test_points_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = np.random.get_state(legacy=False)["state"]["key"].copy()  # noqa: NPY002
    for _ in range(2):
        check_hinge_bends(lambda x, y: seen.append(y.copy()) or right(x, y))
    assert not np.array_equal(seen[0], seen[len(seen) // 2])
    np.testing.assert_array_equal(before, np.random.get_state(legacy=False)["state"]["key"])  # noqa: NPY002
