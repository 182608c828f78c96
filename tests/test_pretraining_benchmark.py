"""The benchmark of pretraining: both ways learn the same weights, and the table judges by the bar.

Nothing here looks at a time.
"""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import pretraining

TINY = pretraining.jobs(quick=True)[0]


def test_both_ways_learn_the_same_weights():
    job = replace(TINY, width=7, epochs=4, dtype="float64", rates=(1e-3, 0.3))
    networks = []
    for way in (pretraining.ours, pretraining.plain):
        network, x, validation = pretraining.start(job)
        way(job, network, x, validation)
        networks.append(network)
    fresh = pretraining.start(job)[0]
    for place, parts in enumerate(zip(*(n.parameters() for n in (*networks, fresh)), strict=True)):
        mine, theirs, before = (part.detach() for part in parts)
        torch.testing.assert_close(mine, theirs, rtol=1e-8, atol=1e-10)
        assert torch.equal(mine, before) == (place >= 6)  # the layer of the logits


def test_the_examples_of_validation_are_others():
    _, x, validation = pretraining.start(TINY)
    assert (len(x), len(validation)) == (40, 8)
    assert not (x.unsqueeze(1) == validation).all(-1).any()


def test_a_measurement_is_wall_and_cpu_time_of_both_ways():
    for turn in (0, 1):
        times = pretraining.measure(TINY, turn)
        assert times.shape == (len(pretraining.ENTRANTS), len(pretraining.MEASURES))
        assert (times > 0).all()


@pytest.mark.parametrize(("factor", "word"), [(1.5, "met"), (1.2, "MISSED")])
def test_the_table_judges_the_median_of_the_rounds_by_the_bar(factor, word):
    rounds = [[[2.0, 1.0], [2.0 * each, 3.0]] for each in (1.0, factor, 4.0)]
    arrays = {f"{job.name}.seconds": np.array(rounds) for job in pretraining.JOBS}
    made = pretraining.record(
        arrays, stopwatch=Stopwatch(), machines=[], command="typed", quick=False
    )
    table = pretraining.table(made)
    assert all(job.what in table for job in pretraining.JOBS)
    assert table.count(f"; at least 1.3: {word}") == 1
    assert f"{factor:.2f} (1.00 to 4.00) (3.00)" in table
