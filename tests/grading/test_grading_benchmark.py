"""The benchmark of grading grades a class of two in every way, and judges what it measured.

Nothing here looks at a time.
"""

import sys

import numpy as np
import pytest
from project_files import ROOT

from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import grading


@pytest.mark.sandbox
def test_the_winner_grades_a_class(monkeypatch):
    alone = tuple(job for job in grading.JOBS if job.entrants == 1)
    monkeypatch.setattr(grading, "JOBS", alone)
    arrays = grading.run(1, quick=True, say=print)
    assert {name: times.shape for name, times in arrays.items()} == {"class.seconds": (1, 1)}
    assert (arrays["class.seconds"] > 0).all()


@pytest.mark.parametrize(("seconds", "word"), [(599.0, "met"), (601.0, "MISSED")])
def test_the_table_judges_the_class_by_the_bar_and_the_race_by_its_ratio(seconds, word):
    arrays = {
        "race.seconds": np.array([[10.0, 20.0, 25.0], [10.0, 20.0, 25.0]]),
        "class.seconds": np.array([[seconds]]),
    }
    made = grading.record(arrays, stopwatch=Stopwatch(), machines=[], command="typed", quick=False)
    table = grading.table(made)
    assert "x 2.50" in table
    assert f"at most 10 minutes: {word}" in table
    assert all(name in table for name in grading.ENTRANTS)
