"""Verdicts about neurons follow from numbers: made-up arrays with known answers get theirs."""

import numpy as np
import pytest

from relubook import claims, experiments
from relubook.experiments.response_fits import FAMILIES

SCATTER = 0.3 * np.linspace(-1, 1, 20)


def verdict(name, arrays):
    claim = claims.find(name)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def figure_1(*, off=0.5, error=0.001, neurons=20):
    """A record of "figure-1".

    Args:
        off: Of the last point, from the formula [Hz].
        error: Of the last neuron at its last current [1].
        neurons: How many.
    """
    errors = np.zeros((neurons, 3))
    errors[-1, -1] = error
    rate = np.arange(10.0, 100.0, 10.0)
    return {
        "point_rate": rate,
        "formula_rate": rate + np.array([0.1] * 8 + [off]),
        "error": errors,
        "noise": np.array([2e-3]),
        "noisy_formula": np.full((1, 4), 7.0),
        "noisy_rate": np.full((1, 4, 5), 7.5) + SCATTER[:5],
    }


def working_range(*, working=3.0, whole=13.0, tanh=15.0, logistic=4.0, neurons=20, wild=1.0):
    """A record of "working-range": residuals [%] of rectifier, tanh and logistic curve."""
    off = np.ones((neurons, 2, 2, len(FAMILIES)))
    for family, low, high in (
        ("rectifier", working, whole),
        ("tanh", tanh, 4.0),
        ("logistic", logistic, 5.0),
    ):
        off[:, 0, :, FAMILIES.index(family)] = low
        off[:, 1, :, FAMILIES.index(family)] = high
    off[:, 0, :, 0] += wild * SCATTER[:neurons, None]
    off[:, :, 1] = 99.0  # what noise does must not matter
    return {"random_residual": off, "random_noise": np.array([0.0, 5e-3])}


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"off": 1.0}, "holds"),
        ({"off": -1.01}, "partly"),
        ({"error": 0.019}, "holds"),
        ({"error": -0.021}, "partly"),
        ({"off": 3.0, "error": 0.5}, "not here"),
        ({"error": np.nan}, "partly"),  # a neuron without spikes is not within 2 %
    ],
)
def test_every_point_must_lie_within_a_hertz_and_every_neuron_within_two_percent(numbers, expected):
    assert verdict("lif-figure-1", figure_1(**numbers)) == expected


def test_few_neurons_decide_nothing():
    assert verdict("lif-figure-1", figure_1(neurons=4)) == "undecided"
    assert verdict("rectifier-in-the-working-range", working_range(neurons=4)) == "undecided"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"working": 9.0, "logistic": 12.0}, "holds"),
        ({"working": 12.0}, "partly"),  # too far off, and the logistic curve closer
        ({"logistic": 2.0}, "partly"),
        ({"tanh": 2.0}, "partly"),
        ({"whole": 2.0}, "partly"),
        ({"working": 20.0}, "not here"),
        ({"logistic": 3.0}, "undecided"),
        ({"wild": 30.0}, "undecided"),
    ],
)
def test_the_rectifier_is_judged_in_the_working_range_without_noise(numbers, expected):
    assert verdict("rectifier-in-the-working-range", working_range(**numbers)) == expected


def test_differences_are_taken_within_a_neuron():
    """Neurons differ by far more than the rectifier differs from the logistic curve."""
    arrays = working_range(wild=0.0)
    arrays["random_residual"] += 10 * SCATTER[:, None, None, None]
    differences = [
        part.estimate
        for part in claims.find("rectifier-in-the-working-range").test(arrays)
        if part.decisive and " minus " in part.what
    ]
    assert len(differences) == 3
    assert [d.value for d in differences] == pytest.approx([10.0, 12.0, 1.0])
    assert all(d.high - d.low < 1e-9 for d in differences)


def test_noise_is_told_for_information():
    parts = claims.find("rectifier-in-the-working-range").test(working_range())
    (noisy,) = [part for part in parts if "5 mV of noise" in part.what]
    assert noisy.estimate.value == pytest.approx(99.0)
    assert noisy.verdict is None


@pytest.mark.parametrize("name", ["lif-figure-1", "rectifier-in-the-working-range"])
def test_a_real_record_has_what_the_claims_about_neurons_read(name):
    claim = claims.find(name)
    record = experiments.reproduce(claim.experiment, scale="smoke")
    parts = claim.test(record.arrays)
    assert all(part.what for part in parts)
    assert any(part.decisive for part in parts)
