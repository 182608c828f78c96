"""The page about clusters shows what was measured, missed bars included, or says what is missing."""

import numpy as np
from relubook_book import clusters

from relubook.records import Record

PASSPORT = {
    "started": "2026-01-02T03:04:05+00:00", "wall_time_s": 60.0, "device": "a processor",
    "commit": "abcdef0123", "dirty": False, "versions": {"torch": "2"}, "command": "a command",
    "machine": [{"load_average_1_min": 0.0, "affinity": 2}],
}  # fmt: skip


def made(config: dict, **arrays: object) -> Record:
    return Record(
        experiment="e", scale="laptop", data="cpu", digest="", config=config, passport=PASSPORT,
        arrays={name.replace("_", "."): np.array(values) for name, values in arrays.items()},
    )  # fmt: skip


def test_the_matrix_counts_what_was_lost_and_names_what_was_not_survived():
    record = made(
        {"faults": {"local": {"a": "Something.", "b": "Else."}}},
        local_lost=[[0.0, 0.0], [np.nan, 3.0]], local_double=[[0.0, 0.0], [np.nan, 1.0]],
    )  # fmt: skip
    assert clusters.fault_rows(record, "local") == [
        ["a", "Something.", "2", "0", "0"],
        ["b", "Else.", "2, **1 not survived**", "3", "1"],
    ]
    assert "abcdef0" in clusters.faults_text(record, "local")
    assert "`python -m benchmarks faults` makes the record" in clusters.faults_text(None, "local")


def test_bars_that_are_missed_are_said():
    config = {
        "entrants": ["this process", "Ray, 1 worker", "Ray, 2 workers"], "chunks": 4, "cores": 2,
        "networks": 8, "sizes": [784, 128, 10], "epochs": 3,
    }  # fmt: skip
    text = clusters.speed_text(made(config, seconds=[[100.0, 104.0, 60.0], [100.0, 104.0, 60.0]]))
    assert (
        "takes +4.0 % longer than one process without a cluster (at most 5 % wanted: met)" in text
    )
    assert "two are 1.73 times as fast as one (at least 1.7 wanted: met)" in text
    slow = clusters.speed_text(made(config, seconds=[[100.0, 110.0, 100.0]]))
    assert slow.count("**missed**") == 2
    assert "`python -m benchmarks engines` makes the record" in clusters.speed_text(None)
