"""Claims about rescaling: verdicts follow from numbers whose answer is known."""

import numpy as np
import pytest

from relubook.claims import Judgment
from relubook.claims.rescaling import CLAIMS
from relubook.claims.rescaling_measures import geometric_mean

SYMMETRY, CONDITION = CLAIMS
SEEDS, LOG2_S = 10, np.array([-3.0, 0.0, 3.0])
JITTER = np.linspace(0.99, 1.01, SEEDS)


def symmetry(*, double=1e-15, single=1e-7, negative=1.0, tanh=0.5):
    """Errors of the law, in the shapes of a record."""
    shape = (2, SEEDS, 20)
    return {
        "law_error": np.stack([np.full(shape, double), np.full(shape, single)]),
        "negative_error": np.full(shape, negative) * JITTER[:, None],
        "unit_error": np.stack([np.full(shape, tanh) * JITTER[:, None]] * 3),
    }


def condition(*, times=4.0, common=1.0, own=0.1):
    """What s = 8 multiplies the condition number by, and adds to the losses [nat]."""
    ratios = np.stack([1.5 * JITTER, JITTER, times * JITTER], axis=1)
    losses = {"common_curve": common, "own_curve": own}
    return {
        "log2_s": LOG2_S,
        **{name: np.stack([ratios, ratios]) * 100
           for name in ("effective_condition", "largest", "median_condition")},
        **{name: np.stack([0.6 * JITTER, 0.5 * JITTER, 0.5 * JITTER[::-1] + more])[..., None]
           for name, more in losses.items()},
    }  # fmt: skip


def verdict(claim, arrays):
    return Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"double": 1e-11}, "partly"),
        ({"single": 1e-4}, "partly"),
        ({"negative": 0.001}, "partly"),
        ({"tanh": 0.001}, "partly"),
        ({"double": 1.0, "single": 1.0, "negative": 0.0, "tanh": 0.0}, "not here"),
    ],
)
def test_the_law_must_hold_for_positive_alphas_and_for_nothing_else(numbers, expected):
    assert verdict(SYMMETRY, symmetry(**numbers)) == expected


def test_one_draw_that_breaks_the_law_is_enough():
    arrays = symmetry()
    arrays["law_error"][0, 1, :, 7] = 1e-9
    assert verdict(SYMMETRY, arrays) == "partly"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"times": 1.5}, "partly"),
        ({"own": -0.1}, "partly"),
        ({"own": 0.0}, "undecided"),
        ({"times": 1.5, "common": -0.1, "own": -0.1}, "not here"),
        ({"common": np.nan}, "holds"),  # diverged: no better than saying nothing
    ],
)
def test_another_parametrization_must_curve_more_and_train_worse(numbers, expected):
    assert verdict(CONDITION, condition(**numbers)) == expected


def test_spectra_whose_median_is_zero_inform_of_nothing_and_break_nothing():
    arrays = condition()
    arrays["median_condition"][:] = np.inf
    assert verdict(CONDITION, arrays) == "holds"


def test_a_geometric_mean_has_the_interval_of_the_logarithms():
    found = geometric_mean(np.array([1.0, 4.0]))
    assert found.value == pytest.approx(2.0)
    assert found.low * found.high == pytest.approx(4.0)
