"""The table of frames judges each widget by its bars."""

from __future__ import annotations

import numpy as np
import pytest
from relubook_book import frames

from relubook import records

BARS = [0.016, 0.050]


def made(**arrays: list[float]) -> records.Record:
    """A record of such times [s]."""
    times = {name.replace("_", "."): np.array(values) for name, values in arrays.items()}
    machine = [{"affinity": [0, 1], "load_average_1_min": 0.25}] * 2
    passport = {
        "started": "2026-11-22T12:00:00", "wall_time_s": 12.0, "device": "a processor",
        "versions": {"torch": "2.13.0"}, "commit": "0123456789", "dirty": False,
        "command": "python -m benchmarks frames", "machine": machine,
    }  # fmt: skip
    return records.Record(
        experiment="frames", scale="laptop", data="chromium", digest="", config={"bars": BARS},
        passport=passport, arrays=times,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("what", "times", "expected"),
    [
        ("redraw", [0.010, 0.012, 0.049], "met"),
        ("redraw", [0.010, 0.017, 0.018], "**missed**"),
        ("redraw", [0.001, 0.001, 0.051], "**missed**"),
        ("training", [0.0167, 0.0167, 0.033], "met"),
        ("training", [0.033, 0.033, 0.033], "**missed**"),
    ],
)
def test_a_widget_must_meet_both_bars(what, times, expected) -> None:
    assert frames.verdict(what, np.array(times), BARS) == expected


def test_every_widget_has_a_line_with_its_median_and_its_worst() -> None:
    times = {"A_redraw": [0.001, 0.002, 0.040], "B_training": [0.0167, 0.1]}
    text = frames.frames_text(made(**times, **{f"{frames.BARE}_redraw": [0.003, 9.0]}))
    text = text.replace("\u00a0", " ")
    assert "2.0 ms" in text
    assert "40.0 ms" in text
    assert text.count("**missed**") == 1
    assert text.count("for comparison") == 1
    assert "python -m benchmarks frames" in text


def test_without_a_record_the_page_names_the_command() -> None:
    assert "`python -m benchmarks frames` makes the record" in frames.frames_text(None)
