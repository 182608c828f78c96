"""The benchmark of frames moves real sliders in a real browser."""

import sys

import numpy as np
import pytest
from project_files import ROOT

from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import frames


@pytest.mark.browser
def test_every_widget_answers_every_move(chromium):
    arrays = frames.run(8, say=print, browser=chromium)
    widgets = {stage.name for stage in frames.STAGES}
    assert {name.split(".")[0] for name in arrays} == {frames.BARE, *widgets}
    for name, times in arrays.items():
        assert (times > 0).all(), name
        assert len(times) >= 8, name
    made = frames.record(arrays, stopwatch=Stopwatch(), machines=[], command="typed")
    assert made.scale == "smoke"
    assert all(name in frames.table(made) for name in arrays)


@pytest.mark.browser
def test_a_slow_page_is_seen_to_be_slow(chromium, tmp_path):
    page = tmp_path / "slow.html"
    page.write_text(
        '<input type="range"><script>document.querySelector("input").oninput = () => {'
        "const end = performance.now() + 40; while (performance.now() < end); };</script>"
    )
    tab = chromium.new_page()
    tab.goto(page.as_uri())
    taken = frames.redraws(tab, 6)
    tab.close()
    assert np.median(taken) > 0.039


def test_without_a_browser_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("RELUBOOK_CHROMIUM", raising=False)
    with pytest.raises(OSError, match=r"Install one .* or let RELUBOOK_CHROMIUM name it"):
        frames.run(1, say=print)
