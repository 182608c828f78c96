"""Each claim's twin: the same mechanism on embedded data, against an expectation of its own."""

import time
from collections.abc import Callable

import pytest

from relubook import claims, datasets
from relubook.claims import Part
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs


def cpu_seconds(work: Callable[[], object]) -> float:
    """The processor time that some work takes [s]."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


@pytest.mark.parametrize("claim", claims.CLAIMS.values(), ids=list(claims.CLAIMS))
def test_a_twin_meets_its_own_expectation_in_a_few_seconds(claim):
    """Seconds of this machine as it is now: 60 times what a short training takes just before."""
    datasets.load("mnist-5k")  # the first time it is read from a slow text file
    short = cpu_seconds(lambda: train(MLP((6, 8, 3)), blobs(), grid(), Schedule(epochs=25)))
    parts: list[Part] = []
    assert cpu_seconds(lambda: parts.extend(claim.twin())) < 60 * short
    assert [str(part) for part in parts if part.verdict != "holds"] == []
