"""The benchmark of regions: both ways count the same things, and the table judges by the bar.

Nothing here looks at a time.
"""

import sys

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook import patterns
from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import regions

TINY = regions.jobs(quick=True)


@pytest.mark.parametrize("job", TINY, ids=lambda job: job.name)
def test_looking_more_finely_finds_more_and_never_too_much(job):
    network = regions.networks(job)
    true = regions.exact(job, network)
    seen = [regions.looked(job, network, places) for places in (3, 30, 300)]
    assert seen == sorted(seen)
    assert 0.5 * true < seen[-1] <= true


def test_all_rows_of_a_grid_are_looked_at(monkeypatch):
    network = regions.networks(TINY[0])
    whole = regions.looked(TINY[0], network, 60)
    monkeypatch.setattr(regions, "_ROWS_AT_ONCE", 130)
    assert regions.looked(TINY[0], network, 60) == whole


def test_no_change_along_lines_is_lost_between_blocks(monkeypatch):
    job = next(job for job in TINY if job.lines)
    network = regions.networks(job)
    start, end = regions.ends(job)
    x = start + torch.linspace(0, 1, 101)[:, None] * (end - start)
    units = patterns.active(network, x)
    changes = int((units[:, 1:] != units[:, :-1]).any(-1).sum())
    for rows in (10, 33, 1000):
        monkeypatch.setattr(regions, "_ROWS_AT_ONCE", rows)
        assert regions.looked(job, network, 101) == job.models + changes


def test_the_resolution_is_the_first_that_finds_enough():
    job = TINY[0]
    true, seen, places = regions.resolution(job)
    network = regions.networks(job)
    assert (true, seen) == (regions.exact(job, network), regions.looked(job, network, places))
    assert seen >= regions.SHARE * true or places == job.finest
    if places > job.coarse:
        assert regions.looked(job, network, places // 2) < regions.SHARE * true


def test_a_measurement_is_wall_and_cpu_time_of_both_ways():
    times = np.array(regions.measure(TINY[0], 128))
    assert times.shape == (len(regions.ENTRANTS), len(regions.MEASURES))
    assert (times > 0).all()


@pytest.mark.parametrize(("seconds", "word"), [(0.5, "met"), (1.5, "MISSED")])
def test_the_table_judges_by_the_bar_and_says_what_was_seen(seconds, word):
    times = np.array([[[seconds, 1.0], [factor * seconds, 1.0]] for factor in (10, 20, 90)])
    arrays = {f"{job.name}.seconds": times for job in regions.JOBS}
    arrays |= {f"{job.name}.found": np.array([2000, 1900, 4096]) for job in regions.JOBS}
    made = regions.record(arrays, stopwatch=Stopwatch(), machines=[], command="typed", quick=False)
    table = regions.table(made)
    assert all(job.what in table for job in regions.JOBS)
    assert table.count(f"; 1 s: {word}") == 1
    assert "20 (10 to 90)" in table
    assert "95.0 %" in table
