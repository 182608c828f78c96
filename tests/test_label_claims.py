"""The claims about labels: arrays with known answers get the verdict they deserve."""

import numpy as np
import pytest

from relubook import paper
from relubook.claims import Judgment, labels
from relubook.claims.values import Verdict
from relubook.experiments.figure_4_values import ACTIVATIONS
from relubook.experiments.pretrained import STARTS

SHRINKS, REGULARIZES = labels.CLAIMS
SPREAD = np.linspace(-0.1, 0.1, 5)  # points, over the seeds


def arrays(*, rectifier=(6.7, 1.4, 0.0), tanh=(2.9, 1.3, 1.6), cost=(0.0, 0.0), spread=SPREAD):
    """Five seeds at 4.3, 21.5 and 100 % of the labels: saved [points], paid [doublings]."""
    none = np.array([44.0, 25.0, 17.0])[None, :, None] + np.zeros((2, 1, len(spread)))
    saved = np.array([rectifier, tanh])[:, :, None] + spread
    error = np.stack([none, none - saved], axis=1) / 100
    loss = np.full((*error.shape, 2), 0.05)
    loss[:, 1] *= 2 ** (np.array(cost)[:, None, None, None] + 0.2 * spread[:, None])
    loss[..., 1] *= 0.01  # at a larger rate, which no plain network here chooses
    validation = np.broadcast_to([0.2, 0.3], loss.shape).copy()
    validation[:, 1] = validation[:, 1, ..., ::-1]
    return {
        "share": np.array([4.3, 21.5, 100.0]),
        "test_error": error,
        "rate_validation": validation,
        "rate_loss": loss,
        "diverged": np.full(error.shape, -1),
    }


def verdict(claim, found) -> Verdict:
    return Judgment(claim=claim, parts=claim.test(found), scale="laptop").verdict


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (arrays(), "holds"),
        (arrays(rectifier=(6.7, 1.4, 2.0), tanh=(2.9, 1.3, 1.6)), "partly"),
        (arrays(rectifier=(1.2, 1.0, 0.42)), "partly"),  # not three times as much
        (arrays(rectifier=(-1.0, 0.0, -3.0), tanh=(0.0, 0.0, -1.0)), "partly"),
        (arrays(rectifier=(-1.0, 0.0, 2.0), tanh=(0.0, 0.0, -1.0)), "not here"),
        (arrays(spread=20 * SPREAD), "undecided"),
        (arrays(spread=SPREAD[:4]), "undecided"),  # too few seeds
    ],
)
def test_what_is_saved_must_shrink_for_rectifiers_and_stay_for_tanh(found, expected):
    assert verdict(SHRINKS, found) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (arrays(), "holds"),
        (arrays(cost=(0.4, -3.0)), "holds"),  # what tanh does informs
        (arrays(cost=(-0.5, 0.0)), "partly"),  # the cost ends lower
        (arrays(rectifier=(-2.0, 0.0, 0.0), cost=(0.3, 0.0)), "partly"),
        (arrays(rectifier=(-2.0, 0.0, 0.0), cost=(-0.5, 0.0)), "not here"),
    ],
)
def test_it_regularizes_only_if_the_cost_ends_no_lower(found, expected):
    assert verdict(REGULARIZES, found) == expected


def test_the_papers_own_numbers_shrink_as_it_says():
    found = arrays()
    for i, unit in enumerate(ACTIVATIONS):
        for j, start in enumerate(STARTS):
            for k, share in enumerate(found["share"].tolist()):
                number = paper.FIGURE_4[unit, start, share].value
                found["test_error"][i, j, k] = (number + j * SPREAD) / 100
    parts = {part.what: part for part in SHRINKS.test(found)}
    few = parts["saved by pretraining with 4.3 % of the labels, rectifier"]
    assert few.estimate.value == pytest.approx(6.74)
    assert verdict(SHRINKS, found) == "holds"
    assert len([part for part in parts.values() if part.decisive]) == 4


def test_networks_that_diverged_are_left_out():
    found = arrays()
    found["diverged"][0, 1, 0, 2] = 3
    found["test_error"][0, 1, 0, 2] = np.nan
    few, *_ = SHRINKS.test(found)
    assert few.estimate.n == 4
    assert few.verdict == "undecided"
    assert verdict(SHRINKS, found) == "undecided"


def test_every_share_that_decides_nothing_informs():
    told = [part.what for part in SHRINKS.test(arrays()) if not part.decisive]
    assert told == [
        "saved by pretraining with 21.5 % of the labels, rectifier",
        "saved by pretraining with 4.3 % of the labels, tanh",
        "saved by pretraining with 21.5 % of the labels, tanh",
    ]
