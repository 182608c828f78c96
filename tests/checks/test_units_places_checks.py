import math

import pytest
import torch
from hostile_units import HOSTILE, UNSOLVED

from relubook.checks import units_lineup, units_pairs, units_places
from relubook.checks.units_search import usual_places

CHECKS = {
    "found": units_places.check_found,
    "spared": units_places.check_spared,
    "edges": units_places.check_edges,
    "lineup": units_lineup.check_lineup,
}


def build(*, size=1e-6, grows=True, dtype=torch.float64, room=(1e-3, 1e-6), sides="both"):
    """A search, right but for the parts that are given."""

    def wrong_places(function, derivative, places):
        x = places.to(dtype)
        step = size * (x.abs().clamp(min=1) if grows else 1)
        left = (function(x) - function(x - step)) / step
        right = (function(x + step) - function(x)) / step
        middle = (left + right) / 2
        sided = {"both": (left, right), "middle": (middle, middle), "right": (right, right)}
        one, other = sided[sides]
        low, high = torch.minimum(one, other), torch.maximum(one, other)
        margin = room[0] * torch.maximum(low.abs(), high.abs()) + room[1]
        shown = derivative(x)
        return ~((shown >= low - margin) & (shown <= high + margin))

    return wrong_places


def around_the_middle(function, derivative, places):
    x = places.double()
    step, shown = 1e-5 * (1 + x.abs()), derivative(places.double())
    left = (function(x) - function(x - step)) / step
    right = (function(x + step) - function(x)) / step
    middle = (left + right) / 2
    off = (shown - middle).abs() - (right - left).abs() / 2
    return ~(off <= 1e-3 * middle.abs() + 1e-6)


def place_by_place(function, derivative, places):
    answers = []
    for place in places.flatten().tolist():
        x = torch.tensor(place, dtype=torch.float64)
        step = 1e-6 * max(1.0, abs(place))
        here, shown = float(function(x)), float(derivative(x))
        slopes = (
            (here - float(function(x - step))) / step,
            (float(function(x + step)) - here) / step,
        )
        room = 1e-3 * max(map(abs, slopes)) + 1e-6
        answers.append(not min(slopes) - room <= shown <= max(slopes) + room)
    return torch.tensor(answers, dtype=torch.bool).reshape(places.shape)


RIGHT = {
    "left to right": build(),
    "around the middle": around_the_middle,
    "place by place": place_by_place,
    "longer steps": build(size=2e-5),
    "shorter steps": build(size=1e-7),
    "stricter": build(room=(3e-4, 1e-6)),
    "milder": build(room=(3e-3, 1e-6)),
}


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_pass(name, check):
    for _ in range(25):
        outcome = CHECKS[check](RIGHT[name])
        assert outcome.passed == outcome.total, outcome


def kinks_are_free(function, derivative, places):
    x = places.double()
    step = 1e-6 * x.abs().clamp(min=1)
    left, right = (
        (function(x) - function(x - step)) / step,
        (function(x + step) - function(x)) / step,
    )
    kink = (left - right).abs() > 0.01 * (1 + left.abs())
    return ~kink & build()(function, derivative, places)


def nan_is_not_large(function, derivative, places):
    x = places.double()
    return build()(function, derivative, places) & ~derivative(x).isnan()


def ahead_only(function, derivative, places):
    x = places.double()
    slope, shown = (function(x + 1e-3) - function(x)) / 1e-3, derivative(x)
    return ~((shown - slope).abs() <= 1e-3 * slope.abs() + 1e-6)


def moving(function, derivative, places):
    answer = build()(function, derivative, places)
    places += 1e-6
    return answer


def one_verdict(function, derivative, places):
    return build()(function, derivative, places).any()


def all_or_nothing(function, derivative, places):
    found = build()(function, derivative, places)
    return torch.full_like(found, bool(found.any()))


def averaged(function, derivative, places):
    x = places.double()
    off = derivative(x).abs().mean() - ((function(x + 1e-6) - function(x)) / 1e-6).abs().mean()
    return torch.full(places.shape, bool(abs(off) > 1e-3))


def turned(function, derivative, places):
    return ~build()(function, derivative, places)


WRONG = {
    ("found", "nothing"): (lambda f, d, x: x > 1e300, "not even a derivative with the wrong sign"),
    ("found", "everything"): (lambda f, d, x: x < 1e300, "It reports everything"),
    ("found", "one verdict"): (one_verdict, "It returns the shape () for places"),
    ("found", "all or nothing"): (all_or_nothing, "it reports all of them"),
    ("found", "averaged"): (averaged, "It reports nothing"),
    ("found", "turned"): (turned, "It reports nothing, not even"),
    ("found", "a list"): (lambda f, d, x: (build()(f, d, x)).tolist(), "It returns a list"),
    ("found", "numbers"): (lambda f, d, x: 1.0 * build()(f, d, x), "It returns numbers of"),
    ("found", "the places"): (lambda f, d, x: x[build()(f, d, x)], "It returns numbers of"),
    ("found", "absolute"): (build(room=(0.0, 1e-3)), "Is an error judged by itself"),
    ("found", "generous"): (build(room=(0.05, 1e-6)), "It is more than a thousandth off"),
    ("found", "long steps"): (build(size=0.01, sides="right"), "Your steps are as long as 1e-02"),
    ("found", "float32"): (build(dtype=torch.float32), "computes in less than float64"),
    ("spared", "nothing"): (lambda f, d, x: x > 1e300, "It reports nothing"),
    ("spared", "relative"): (build(room=(1e-3, 0.0)), "On flat ground"),
    ("spared", "absolute"): (build(room=(0.0, 1e-3), size=1e-5), "On steep ground"),
    ("spared", "fixed steps"): (build(grows=False), "How far is it from there to the next number"),
    ("spared", "long steps"): (build(size=0.02, sides="middle"), "Your steps are as long as 2e-02"),
    ("spared", "short"): (build(size=1e-13, sides="middle"), "Your steps are as short as 1e-13"),
    ("spared", "float32"): (build(dtype=torch.float32), "computes in less than float64"),
    ("spared", "as given"): (
        lambda f, d, x: build(dtype=x.dtype)(f, d, x), "computes in less than float64",
    ),
    ("spared", "one side"): (ahead_only, "looks to one side"),
    ("spared", "moving"): (moving, "It moves the places"),
    ("edges", "kink reported"): (build(sides="middle"), "the place 0 is reported"),
    ("edges", "one side"): (build(sides="right"), "the place 0 is reported"),
    ("edges", "kink free"): (kinks_are_free, "-0.5 is accepted as a slope at the kink"),
    ("edges", "NaN"): (nan_is_not_large, "What does a comparison with NaN answer?"),
    ("edges", "long steps"): (build(size=0.01), "Only at the kink itself"),
    ("lineup", "kink reported"): (build(sides="middle"), "`suspect_a` is innocent at x = 0,"),
    ("lineup", "nothing"): (lambda f, d, x: x > 1e300, "`suspect_b` gets away with the slope"),
    ("lineup", "NaN"): (nan_is_not_large, "`suspect_c` gets away with the slope nan"),
    ("lineup", "relative"): (build(room=(1e-3, 0.0)), "`suspect_d` is innocent at x = -30"),
}  # fmt: skip


@pytest.mark.parametrize("slip", WRONG, ids=": ".join)
def test_every_slip_is_told_by_its_own_sentence(slip):
    function, words = WRONG[slip]
    for _ in range(5):
        outcome = CHECKS[slip[0]](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_gets_a_sentence(check, kind):
    outcome = CHECKS[check](HOSTILE[kind])
    assert outcome.passed < outcome.total
    assert len(outcome.message) > 10


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_what_was_not_begun_is_not_solved(check, unsolved):
    assert not CHECKS[check](unsolved).solved


def test_derivatives_of_the_smooth_pairs_are_those_that_torch_finds():
    for pair in units_pairs.ordinary(usual_places()):
        x = pair.places.clone().requires_grad_()
        pair.value(x).sum().backward()
        assert x.grad is not None
        torch.testing.assert_close(pair.slope(pair.places), x.grad, rtol=1e-9, atol=1e-12)


def test_what_is_made_wrong_is_wrong_wherever_it_is_asked():
    pair = units_pairs.slightly_wrong(units_pairs.sine(usual_places(), 0.0))
    assert pair.factor is not None
    wrong = pair.derivative(pair.places) != pair.slope(pair.places)
    assert torch.equal(wrong, pair.factor != 1)
    one_by_one = [float(pair.derivative(place)) for place in pair.places]
    assert one_by_one == pair.derivative(pair.places).tolist()
    assert math.isfinite(sum(one_by_one))
