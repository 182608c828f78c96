"""What PathViewer refuses, each with one sentence; and what it says without scripts."""

import math
import re

import pytest
from path_frames import path_data

from relubook.widgets import PathViewer
from relubook.widgets.path_data import NEEDED

NAN = math.nan
WHOSE = "of PathViewer's data must"


def put(*path, value):
    """A change of one thing deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        *((lambda d, name=name: d.pop(name),
           f"The `data` of PathViewer must hold {name}. Got none.") for name in NEEDED),
        (lambda d: d["bands"].pop("paths"),
         "The `bands` of PathViewer's data must hold paths. Got none."),
        (lambda d: d["networks"][0]["frames"][1].pop("scales"),
         "The frame of kind 0, depth 2 at step 100 must hold scales. Got none."),
        (put("side", value=7.5), "The `side` of PathViewer's data must be whole and at least 1. "
         "Got 7.5."),
        (put("pictures", value="AAAA"), "The `pictures` must be 980 bytes. Got 3."),
        (put("pictures", value="no base64!"),
         "The `pictures` must be base64. Only base64 data is allowed."),
        (put("labels", 3, value=10), f"The `labels` {WHOSE} be 0 to 9. Got 10."),
        (put("depths", value=[2, 4, 3]), f"The `depths` {WHOSE} be rising numbers. Got 3 after 4."),
        (put("steps", value=[]), f"The `steps` {WHOSE} be rising numbers. Got none."),
        (put("kinds", 1, "activation", value="sine"), "The `activation` of a kind must be "
         "rectifier, tanh, softplus, logistic. Got 'sine'."),
        (put("kinds", 4, "l1", value=0), f"The `kinds` {WHOSE} be different ones, among them "
         "rectifiers with and without L1 and tanh without. Got rectifier without L1, tanh without "
         "L1, softplus without L1, logistic without L1, rectifier without L1."),
        (lambda d: d["networks"].pop(), f"The `networks` {WHOSE} be one for each kind and depth, "
         "15. Got 14 of them in 14."),
        (lambda d: d["networks"][1]["frames"].pop(),
         "The `frames` of kind 0, depth 3 must be one for each step, 3. Got 2."),
        (put("networks", 0, "frames", 0, "weights", value="AAAA"),
         "The `weights` of kind 0, depth 2 at step 0 must be 720 bytes. Got 3."),
        (put("networks", 0, "frames", 0, "scales", value=[1, 1]),
         "The `scales` of kind 0, depth 2 at step 0 must be 3. Got 2."),
        (put("networks", 0, "frames", 0, "scales", 1, value=NAN),
         "The `scales` of kind 0, depth 2 at step 0 must be finite and above 0. Got nan."),
        (put("networks", 14, "frames", 2, "error", value=101),
         "The `error` of kind 4, depth 4 at step 1000 must be finite and from 0 to 100. Got 101."),
        (put("bands", "paths", "low", value=[[1]]), "The `low` of `paths` must be 5 x 3 x 3 "
         "numbers (kinds x depths x steps). Got 1 x 1."),
        (put("bands", "effective", "high", 2, 2, 2, value=NAN),
         "The `high` of `effective` must be finite and at least 0. Got nan."),
    ],
)  # fmt: skip
def test_data_that_cannot_be_drawn_are_refused(change, sentence):
    data = path_data()
    change(data)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        PathViewer(data)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("picture", 20, "The `picture` of PathViewer must be 0, 1, 2"),
        ("depth", 5, "The `depth` of PathViewer must be 2, 3, 4. Got 5."),
        ("step_index", -1, "The `step_index` of PathViewer must be 0, 1, 2. Got -1."),
        ("beside", "sine", "must be rectifier, tanh, softplus, logistic. Got sine."),
        ("direction", "up", "must be both, forward, back. Got up."),
        ("off", ["left.1"], "must be units such as left.0.3: side, layer and unit"),
    ],
)
def test_a_setting_that_no_reader_could_make_is_refused(name, value, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        PathViewer(path_data(), **{name: value})


def test_a_widget_says_what_it_holds():
    assert repr(PathViewer(path_data())) == (
        "PathViewer(5 kinds x 3 depths, 20 pictures, MADE-UP spots)"
    )


def test_without_scripts_one_case_is_drawn_and_all_shares_stand_in_a_table():
    words = PathViewer(path_data(), picture=4, depth=4, step_index=1).fallback()
    said = r"picture of a “2” lights (\d+) of (\d+) rectifiers and ([\d,]+) of ([\d,]+) paths"
    ((lit, units, paths, ways),) = re.findall(said, words)
    assert (units, ways) == ("40", "10,000")
    assert words.count('fill="#0072b2"') == int(lit)
    assert words.count("<circle") == 40
    assert int(paths.replace(",", "")) < 10_000
    assert words.count("<td>4 (2.5 to 5.2)</td>") == 5 * 3
