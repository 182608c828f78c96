"""What HingeBuilder refuses, each with one sentence; and what it says without scripts."""

import math
import re

import pytest
from widget_frames import hinge_data

from relubook import records
from relubook.hinge_networks import LEARNING_RATE, STEPS
from relubook.widgets import HingeBuilder
from relubook.widgets.hinge_data import ERRORS, MOST, NEEDED, TARGETS, TOP

NAN, INFINITY = math.nan, math.inf
WHOSE = "HingeBuilder's data must"
POINTS = "`points` of HingeBuilder must"


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def whole(sentence):
    """A sentence of which the tests say `...` for the words that all have."""
    start = "" if sentence.startswith("The ") else "The "
    return f"^{re.escape(start + sentence.replace('...', WHOSE))}$"


def refused(change, sentence):
    data = hinge_data()
    change(data)
    with pytest.raises(ValueError, match=whole(sentence)):
        HingeBuilder(data)


@pytest.mark.parametrize("name", NEEDED)
def test_data_without_a_part_are_refused_by_its_name(name):
    sentence = f"The `data` of HingeBuilder must hold {name}. Got none."
    refused(lambda data: data.pop(name), sentence)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("part", ["targets", "error"])
def test_a_missing_target_is_refused(part, target):
    sentence = f"The `{part}` of HingeBuilder's data must hold {target}. Got none."
    refused(lambda data: data[part].pop(target), sentence)


@pytest.mark.parametrize("kind", ERRORS)
def test_a_missing_kind_of_error_is_refused(kind):
    sentence = f"The `error of step` of HingeBuilder's data must hold {kind}. Got none."
    refused(lambda data: data["error"]["step"].pop(kind), sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("x", value=[]), "`x` of ... be at least 2 rising numbers. Got 0."),
        (put("x", 4, value=-1), "`x` of ... be at least 2 rising numbers. Got -1 after -0.97."),
        (put("x", 200, value=0.999), "`x` of ... go from -1 to 1. Got -1.0 to 0.999."),
        (put("x", 7, value=NAN), "`x` in ... be finite and from -1 to 1. Got nan at place 7."),
        (put("counts", value=[]), "`counts` of ... be at least 1 rising numbers. Got 0."),
        (put("counts", 2, value=2), "`counts` of ... be at least 1 rising numbers. Got 2 after 2."),
        (put("counts", 6, value=13),
         "`counts` in ... be finite and from 1 to 12. Got 13 at place 6."),
        (put("counts", 2, value=2.5), "`counts` of ... be whole numbers. Got 2.5."),
        (put("learning_rate", value=0), "`learning_rate` in ... be finite and above 0. Got 0."),
        (put("learning_rate", value=INFINITY),
         "`learning_rate` in ... be finite and above 0. Got inf."),
        (put("steps", value=0), "`steps` in ... be finite and at least 1. Got 0."),
        (put("steps", value="many"), "`steps` in ... be finite and at least 1. Got many."),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_drawn_or_trained_with_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["targets"]["sine"].pop(),
         "`sine` of targets in ... be one for each place of `x`, 201. Got 200."),
        (lambda d: d["error"]["sine"]["best"].pop(),
         "`best` errors of sine in ... be one for each number of hinges, 7. Got 6."),
        (lambda d: d["error"]["step"]["trained"].pop(),
         "`trained` errors of step in ... be one for each number of hinges, 7. Got 6."),
        (put("error", "step", "trained", 1, value=[]),
         "`trained` errors of step in ... be at least one number. Got [] at 2 hinges."),
        (put("error", "step", "trained", 1, value=0.5),
         "`trained` errors of step in ... be at least one number. Got 0.5 at 2 hinges."),
    ],
)  # fmt: skip
def test_lengths_that_disagree_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize("value", [NAN, INFINITY, -0.1, None, "small", True])
def test_an_error_that_is_no_finite_number_is_refused_with_its_place(value):
    words = "in HingeBuilder's data must be finite and at least 0."
    sentence = f"The `even` errors of sine {words} Got {value} at 6 hinges."
    refused(put("error", "sine", "even", 4, value=value), sentence)
    sentence = f"The `trained` errors of step {words} Got {value} at 12 hinges."
    refused(put("error", "step", "trained", 6, 3, value=value), sentence)


@pytest.mark.parametrize("value", [NAN, 1.3, -2])
def test_a_target_that_leaves_the_frame_is_refused(value):
    sentence = "The `step` of targets in HingeBuilder's data must be finite and from -1.25 to 1.25."
    refused(put("targets", "step", 9, value=value), f"{sentence} Got {value} at place 9.")


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"target": "circle"}, "`target` of HingeBuilder must be sine, step, own. Got circle."),
        ({"points": [[-1, 0]]}, f"{POINTS} be 2 to 13 pairs of place and height. Got [[-1, 0]]."),
        ({"points": [[-1, 0], [0.5, 0]]},
         f"{POINTS} go from -1 to 1, at least 0.02 apart. Got [[-1, 0], [0.5, 0]]."),
        ({"points": [[-1, 0], [0, 0], [0.01, 0], [1, 0]]},
         f"{POINTS} go from -1 to 1, at least 0.02 apart. "
         "Got [[-1, 0], [0, 0], [0.01, 0], [1, 0]]."),
        ({"points": [[-1, 0], [1, 2]]},
         f"{POINTS} have heights from -1.25 to 1.25. Got [[-1, 0], [1, 2]]."),
        ({"drawing": [1, 2]},
         "`drawing` of HingeBuilder must be 17 heights from -1.25 to 1.25, "
         "or None where nothing is drawn. Got [1, 2]."),
    ],
)  # fmt: skip
def test_a_setting_that_no_reader_could_make_is_refused(traits, sentence):
    with pytest.raises(ValueError, match=whole(sentence)):
        HingeBuilder(hinge_data(), **traits)
    widget = HingeBuilder(hinge_data())
    ((name, value),) = traits.items()
    with pytest.raises(ValueError, match=whole(sentence)):
        setattr(widget, name, value)
    assert getattr(widget, name) == getattr(HingeBuilder(hinge_data()), name)


def test_a_setting_that_a_reader_could_make_is_taken():
    drawing = [0.5, *[None] * 15, -0.5]
    points = [[-1, 0], [0.98, 1.25], [1, -1]]
    widget = HingeBuilder(hinge_data(), target="own", points=points, drawing=drawing)
    assert (widget.target, widget.points, widget.drawing) == ("own", points, drawing)


def test_python_and_the_page_have_the_same_limits():
    from relubook.widgets.bundle import module

    text = module("hinge_builder.mjs")
    assert f"const MOST = {MOST};" in text
    assert f"const TOP = {TOP};" in text


def test_without_scripts_every_error_stands_in_a_table():
    words = HingeBuilder(hinge_data()).fallback()
    assert words.count("<td>") == 7 * 6
    assert "12 evenly spaced hinges come within 0.014 of a sine" in words
    assert "<td>0</td>" in words


def test_the_committed_record_makes_a_widget_that_trains_as_it_did():
    record = records.load("hinges", scale="laptop", data="curves")
    widget = HingeBuilder.from_record(record)
    assert widget.data["learning_rate"] == LEARNING_RATE
    assert widget.data["steps"] == STEPS
    assert widget.data["counts"][-1] == MOST
    assert len(widget.html()) < 100_000
