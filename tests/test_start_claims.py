"""The claims about starts: arrays with known answers get the verdict they deserve."""

import numpy as np
import pytest

from relubook.claims import Judgment, starts
from relubook.claims.values import Verdict
from relubook.experiments.quartet import UNITS

LOGISTIC, RANGE = starts.CLAIMS
SOME, OTHERS = [0.1, 0.1, 0.1, 0.9, 0.9], [0.9, 0.9, 0.1, 0.1, 0.1]  # seeds that learn


def arrays(*cells):
    """Two starts, three rates, one step, five seeds; all at chance but some cells."""
    error = np.full((len(UNITS), 4, 2, 3, 1, 5), 0.9)
    spread = np.linspace(-0.01, 0.01, 5)
    for unit, depth, start, rate, errors in cells:
        error[UNITS.index(unit), depth, start, rate, 0] = np.asarray(errors) + spread
    return {
        "depth": np.array([1, 5, 10, 20]), "start": np.array([0, 4]), "step": np.array([1000]),
        "learning_rate": np.array([0.01, 0.1, 1.0]), "error": error,
    }  # fmt: skip


def verdict(claim, found) -> Verdict:
    return Judgment(claim=claim, parts=claim.test(found), scale="laptop").verdict


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([], "holds"),
        ([("logistic", 1, 1, 2, 0.1)], "not here"),  # one cell is enough
        ([("logistic", 2, 1, 2, 0.1)], "holds"),  # of another depth it is not
        ([("rectifier", 1, 1, 2, 0.1)], "holds"),
        ([("logistic", 1, 0, 0, [0.2, 0.45, 0.5, 0.55, 0.6])], "undecided"),
    ],
)
def test_the_slogan_is_judged_in_the_best_cell(cells, expected):
    assert verdict(LOGISTIC, arrays(*cells)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([("rectifier", 2, 1, 0, 0.1), ("rectifier", 2, 1, 1, 0.1), ("tanh", 2, 0, 0, 0.1)],
         "holds"),
        ([("rectifier", 2, 1, 0, SOME), ("softplus", 2, 1, 0, OTHERS)], "undecided"),
        ([("rectifier", 2, 1, 0, 0.1), ("tanh", 2, 0, 0, 0.1), ("tanh", 2, 0, 1, 0.1)],
         "not here"),
        ([("rectifier", 1, 1, 0, 0.1), ("tanh", 2, 0, 0, 0.1)], "not here"),  # of another depth
    ],
)  # fmt: skip
def test_the_range_of_starts_is_judged_against_the_best_rival(cells, expected):
    assert verdict(RANGE, arrays(*cells)) == expected
