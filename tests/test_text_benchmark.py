"""The benchmark of text: without noise all ways learn the same weights, and the bars are judged.

Nothing here looks at a time.
"""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook.datasets import rows
from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import text

TINY = text.jobs(quick=True)[0]


@pytest.mark.parametrize("dense", [False, True])
def test_without_noise_ours_and_the_plain_loop_learn_the_same_weights(dense):
    job = replace(TINY, steps=6, masked=0.0, salted=0.0, dtype="float64", rate=0.1, l1=0.01)
    layer, fresh = text.start(job, dense=dense), text.start(job)
    both = text.linears(fresh)
    text.ours(job, layer)
    text.plain(job, rows.dense(text.reviews(job)).double(), *both)
    coder = layer.coder
    mine = (coder.encoder.weight, coder.encoder.bias, coder.weights_back, coder.bias)
    theirs = [p for linear in both for p in (linear.weight.T, linear.bias)]
    before = (fresh.coder.encoder.weight, fresh.coder.weights_back)
    for one, other in zip(mine, theirs, strict=True):
        torch.testing.assert_close(one[0].view_as(other), other, rtol=1e-10, atol=1e-12)
    assert not any(torch.equal(*pair) for pair in zip(mine[::2], before, strict=True))


def test_the_plain_loop_has_the_noise_that_ours_has():
    job = replace(TINY, masked=0.5, salted=0.2)
    fresh = text.start(job)
    seen, both = [], text.linears(fresh)
    both[0].register_forward_hook(lambda module, given, _: seen.append(given[0]))
    text.plain(job, torch.full((20, 40), 0.5), *both)
    values = torch.cat(seen)
    shares = [(values == value).double().mean().item() for value in (0, 1)]
    assert shares == pytest.approx([0.5, 0.2], abs=0.1)


def test_the_bags_are_as_full_as_the_job_says():
    job = replace(text.JOBS[0], steps=200)
    x = text.reviews(job)
    assert x.shape == (2000, 5000)
    assert len(x.values()) / len(x) == pytest.approx(job.words, rel=0.05)


def test_a_measurement_is_wall_and_cpu_time_of_every_entrant():
    times = text.measure(TINY, 1)
    assert times.shape == (len(text.ENTRANTS), len(text.MEASURES))
    assert (times > 0).all()


@pytest.mark.parametrize(("factor", "word"), [(5.5, "met"), (4.5, "MISSED")])
def test_the_table_judges_the_median_of_the_rounds_by_the_bars(factor, word):
    round_ = np.ones((len(text.ENTRANTS), 2))
    round_[-1] = 1.5
    round_[1] = 1.5 / factor
    arrays = {f"{job.name}.seconds": np.stack([round_, round_, 2 * round_]) for job in text.JOBS}
    made = text.record(arrays, stopwatch=Stopwatch(), machines=[], command="typed", quick=False)
    table = text.table(made)
    assert all(job.what in table for job in text.JOBS)
    assert table.count("; at least 1.4: met") == len(text.JOBS)
    assert table.count(f"; at least 5: {word}") == len(text.JOBS)
    assert table.count("; at least") == 2 * len(text.JOBS)
