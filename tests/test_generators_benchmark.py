"""The benchmark of the generators: every job makes what it says, and the table judges by the bars.

Nothing here looks at a time.
"""

import sys

import numpy as np
import pytest
from project_files import ROOT

from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import generators


@pytest.mark.parametrize("name", [job.name for job in generators.JOBS])
def test_every_job_makes_as_many_as_it_is_asked_for(name):
    (job,) = (job for job in generators.JOBS if job.name == name)
    made = job.make(6, 0)
    labels = {"nistp": lambda: made[1], "peer": lambda: made, "reviews": lambda: made.stars}
    assert len(labels.get(name, lambda: made.labels)()) == 6


def test_the_peer_distorts_the_same_characters_to_the_same_size():
    images = generators.one_by_one(40, 3)
    assert images.shape == (40, 32, 32)
    assert images.dtype == np.uint8
    assert (images.max(axis=(1, 2)) > 100).mean() > 0.9
    assert np.array_equal(images, generators.one_by_one(40, 3))


def test_a_measurement_is_wall_time_cpu_time_and_memory():
    wall, cpu, memory = generators.measure("peer", 5, 0)
    assert cpu > 0
    assert wall > 0
    assert 1e7 < memory < 1e11


@pytest.mark.parametrize(("wall", "met", "missed"), [(5.0, 2, 0), (50.0, 1, 1), (500.0, 0, 2)])
def test_the_table_judges_medians_on_two_threads(wall, met, missed):
    arrays = {
        f"{job.name}.{threads}": np.array([[wall * factor, wall, 1e9] for factor in (1, 1, 9)])
        for job in generators.JOBS
        for threads in job.threads
    }
    made = generators.record(
        arrays, stopwatch=Stopwatch(), machines=[], command="typed", quick=False
    )
    table = generators.table(made)
    assert (table.count(": met"), table.count("MISSED")) == (met, missed)
    assert all(job.what in table for job in generators.JOBS)
