"""The table of page weights judges each bar by the page that comes closest to it."""

from __future__ import annotations

import numpy as np
import pytest
from relubook_book import pages

from relubook.records import Record

BARS = {"first": 1_000_000, "afterwards": 150_000, "site": 25_000_000, "paint": 1.0}


def made(*, first: int = 500_000, afterwards: int = 90_000, paint: float = 0.4) -> Record:
    machine = [{"affinity": [0], "load_average_1_min": 0.1}]
    passport = {
        "command": "python -m benchmarks pages", "machine": machine, "device": "a processor",
        "started": "2026-11-23T10:00:00+00:00", "commit": "1234567", "dirty": False,
        "versions": {"torch": "2", "python": "3"}, "threads": 1, "wall_time_s": 60.0,
    }  # fmt: skip
    arrays = {
        "first": np.array([400_000, first]), "afterwards": np.array([0, afterwards]),
        "whole": np.array([400_000, 1_200_000]), "site": np.array([20_000_000]),
        "paint": np.array([[0.1, 9.0, 0.1], [paint, paint, 9.0]]),
    }  # fmt: skip
    return Record(
        experiment="pages", scale="laptop", data="chromium", digest="",
        config={"bars": BARS, "pages": ["book/intro", "chapters/03_sparsity"], "openings": 3},
        passport=passport, arrays=arrays,
    )  # fmt: skip


def test_every_page_has_a_line_with_medians() -> None:
    assert [row[0] for row in pages.rows(made())] == ["intro", "03 sparsity"]
    assert pages.rows(made())[0][1:] == [
        "400\u00a0kB", "0\u00a0kB", "400\u00a0kB", "0.10\u00a0s"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "kB: met"),
        ({"first": 1_000_001}, "1000\u00a0kB; the bar is 1000\u00a0kB: **missed**"),
        ({"afterwards": 150_400}, "150\u00a0kB; the bar is 150\u00a0kB: **missed**"),
        ({"paint": 1.01}, "after 1.01\u00a0s; the bar is 1\u00a0s: **missed**"),
    ],
)
def test_a_bar_that_is_missed_is_said(changed: dict[str, float], words: str) -> None:
    text = pages.verdicts(made(**changed))
    assert words in text
    assert text.count("missed") == len(changed)
    assert text.count("bar is") == len(BARS)


def test_without_a_record_the_command_is_named() -> None:
    assert "`python -m benchmarks pages` makes the record" in pages.pages_text(None)
