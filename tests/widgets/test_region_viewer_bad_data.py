"""What RegionViewer refuses, each with one sentence; and what it says without scripts."""

import math
import re

import pytest
from region_frames import region_data

from relubook.widgets import RegionViewer
from relubook.widgets.region_data import NEEDED

NAN = math.nan
WHOSE = "of RegionViewer's data must"


def put(*path, value):
    """A change of one thing deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = region_data()
    change(data)
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        RegionViewer(data)


@pytest.mark.parametrize("name", NEEDED)
def test_data_without_a_part_are_refused_by_its_name(name):
    sentence = f"The `data` of RegionViewer must hold {name}. Got none."
    refused(lambda data: data.pop(name), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["examples"].pop("scale"),
         "The `examples` of RegionViewer's data must hold scale. Got none."),
        (lambda d: d["counts"].pop("low"),
         "The `counts` of RegionViewer's data must hold low. Got none."),
        (lambda d: d["networks"][3].pop("width"),
         "The network of RegionViewer must hold width. Got none."),
        (lambda d: d["networks"][0].pop("frames"),
         "The network of RegionViewer must hold frames. Got none."),
        (lambda d: d["networks"][0]["frames"][1].pop("error"),
         "The frame of depth 1, width 4 at step 10 must hold error. Got none."),
    ],
)  # fmt: skip
def test_a_part_without_a_part_is_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize("window", [[0, 1, 0], [1, 1, 0, 1], [0, 1, 2, 1], [0, NAN, 0, 1]])
def test_a_window_without_an_area_is_refused(window):
    sentence = (
        f"The `window` {WHOSE} be left, right, bottom and top, with left below right and bottom "
        f"below top. Got {window}."
    )
    refused(put("window", value=window), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("classes", value=["one"]), f"The `classes` {WHOSE} be 2 to 6. Got 1."),
        (put("examples", "x", value="AAAA"),
         "The `x` of the examples must be two bytes for each of `y`, 180. Got 3."),
        (put("examples", "x", value="AAA"),
         "The `x` of the examples must be base64. Incorrect padding."),
        (put("examples", "y", 5, value=3),
         "The `y` of the examples must be classes, 0 to 2. Got 3."),
        (put("examples", "scale", value=0),
         "The `scale` of the examples must be finite and above 0. Got 0."),
        (put("depths", value=[1, 3, 2]), f"The `depths` {WHOSE} be rising numbers. Got 2 after 3."),
        (put("l1", value=[]), f"The `l1` {WHOSE} be rising numbers. Got none."),
        (put("l1", 1, value=NAN),
         "The `l1` of RegionViewer's data must be finite and at least 0. Got nan."),
        (put("widths", 0, value=0),
         "The `widths` of RegionViewer's data must be finite and at least 1. Got 0."),
        (put("steps", 4, value=True),
         "The `steps` of RegionViewer's data must be finite and at least 0. Got True."),
    ],
)  # fmt: skip
def test_axes_and_examples_that_cannot_be_drawn_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["networks"].pop(),
         f"The `networks` {WHOSE} be one for each depth, width and strength, 27. "
         "Got 26 of them in 26."),
        (put("networks", 4, "l1_index", value=0),
         f"The `networks` {WHOSE} be one for each depth, width and strength, 27. "
         "Got 26 of them in 27."),
        (lambda d: d["networks"][0]["frames"].pop(),
         "The `frames` of depth 1, width 4 must be one for each step, 5. Got 4."),
        (put("networks", 0, "frames", 1, "weights", value="AAAA"),
         "The `weights` of depth 1, width 4 at step 10 must be 54 bytes (float16). Got 3."),
        (put("networks", 0, "frames", 1, "weights", value="no base64!"),
         "The `weights` of depth 1, width 4 at step 10 must be base64. "
         "Only base64 data is allowed."),
        (put("networks", 0, "frames", 1, "weights", value="AH4A" * 18),
         "The `weights` of depth 1, width 4 at step 10 must be finite. Got NaN or infinity."),
        (put("networks", 0, "frames", 0, "error", value=NAN),
         "The `error` of depth 1, width 4 at step 0 must be finite and from 0 to 100. Got nan."),
        (put("networks", 26, "frames", 4, "active", value=101),
         "The `active` of depth 3, width 16 at step 1000 must be finite and from 0 to 100. "
         "Got 101."),
    ],
)  # fmt: skip
def test_networks_that_cannot_be_cut_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize("value", [5001, 0, NAN, None, "many"])
def test_counts_that_no_page_can_draw_are_refused(value):
    sentence = f"The `high` of the counts must be finite and from 1 to 5000. Got {value}."
    refused(put("counts", "high", 2, 2, 0, 4, value=value), sentence)


@pytest.mark.parametrize(
    "change",
    [
        lambda grid: grid.pop(),
        lambda grid: grid[1].pop(),
        lambda grid: grid[2][0].pop(),
        lambda grid: grid[2][2][1].pop(),
        lambda grid: grid[0].__setitem__(0, 7),
        lambda grid: grid[0][0][0].__setitem__(0, [7]),
    ],
)
def test_counts_of_another_shape_are_refused(change):
    data = region_data()
    change(data["counts"]["median"])
    with pytest.raises(ValueError, match=r"^The `median` of the counts must be"):
        RegionViewer(data)


@pytest.mark.parametrize(
    ("name", "value", "choices"),
    [
        ("depth", 4, "1, 2, 3"),
        ("width", 5, "4, 8, 16"),
        ("l1_index", 3, "0, 1, 2"),
        ("step_index", -1, "0, 1, 2, 3, 4"),
        ("coloring", "lead", "class, active"),
    ],
)
def test_a_setting_that_no_reader_could_make_is_refused(name, value, choices):
    sentence = f"The `{name}` of RegionViewer must be {choices}. Got {value}."
    with pytest.raises(ValueError, match=re.escape(sentence)):
        RegionViewer(region_data(), **{name: value})
    widget = RegionViewer(region_data())
    before = getattr(widget, name)
    with pytest.raises(ValueError, match=re.escape(sentence)):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


@pytest.mark.parametrize("place", [[0.1], [2, 0], [0, -9], [NAN, 0], [], [0, "a"], [0, None]])
def test_a_point_outside_the_window_is_refused(place):
    with pytest.raises(ValueError, match=r"^The `place` of RegionViewer must be a point in "):
        RegionViewer(region_data(), place=place)


def test_a_widget_says_what_it_holds():
    assert repr(RegionViewer(region_data())) == (
        "RegionViewer(3 depths x 3 widths x 3 L1 strengths, MADE-UP arms)"
    )


def test_without_scripts_every_size_stands_in_a_table():
    words = RegionViewer(region_data()).fallback()
    assert words.count("<td>") == 9 * 3
    assert "Linear regions in the window after step 1,000, median (10-90 % of the seeds):" in words
    assert "<td>129 (104 to 168)</td>" in words


def test_a_smaller_grid_is_fine():
    widget = RegionViewer(region_data(depths=(2,), widths=(4,), l1=(0,), steps=(7,)))
    assert (widget.depth, widget.width, widget.step_index) == (2, 4, 0)
