"""What RelativesExplorer takes, says on paper, and refuses, each with one sentence."""

import json
import math

import numpy as np
import pytest
import torch
from relatives_frames import NAMES, relatives_data, without_networks

from relubook import activations, experiments
from relubook.claims.relatives_table import COLUMNS, table
from relubook.experiments import relatives_live
from relubook.experiments.relatives_shapes import HALF, REACH
from relubook.experiments.relatives_values import KINDS
from relubook.widgets import RelativesExplorer
from relubook.widgets.relatives_data import OF_A_KIND, OF_A_SET, QUANTITIES


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("relatives", scale="smoke")


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = relatives_data(seeds=4)
    change(data)
    with pytest.raises(ValueError, match=sentence):
        RelativesExplorer(data)


@pytest.mark.parametrize(
    ("way", "names", "sentence"),
    [
        ((), ("reach", "kinds", "sets"), r"^The `data` of RelativesExplorer must hold {}\."),
        (("kinds", 2), OF_A_KIND[1:], r"^The kind 'PReLU' .* must hold {}\."),
        (("sets", 1), OF_A_SET, r"^The `set 1` .* must hold {}\."),
        (("sets", 0, "quantities"), QUANTITIES, r"^The `quantities` of set 0 .* must hold {}\."),
    ],
)
def test_data_without_a_part_are_refused_by_its_name(way, names, sentence):
    for name in names:

        def change(data, name=name):
            for step in way:
                data = data[step]
            data.pop(name)

        refused(change, sentence.format(name))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("sets", value=[]), r"`sets` .* at least one"),
        (put("sets", 1, "name", value="mnist"), r"names of their own"),
        (put("kinds", 0, "name", value="tanh"), r"`kinds` .* names of their own, one of them rect"),
        (put("kinds", 3, "curves", value=[]), r"'RReLU' .* Got \[0, 0\]"),
        (put("kinds", 3, "curves", 0, "slope", 1, value=math.nan), r"'RReLU' .* slope .* Got nan"),
        (put("sets", 0, "rate", value=[0.1]), r"`rate` of set 0 .* each of 14 kinds. Got 1"),
        (put("sets", 0, "quantities", "zeros", 1, "values", 2, value=101.0), r"0 to 100. Got 101"),
        (put("sets", 1, "quantities", "shift", 1, "values", 2, value=1.5), r"`shift` .* 0 to 1. "),
        (put("sets", 0, "quantities", "dead", 5, "values", value=[1.0]), r"`dead` .* the 4 seeds"),
        (put("sets", 0, "quantities", "error", 5, "mean", value=None), r"kind 5, .* have a mean"),
        (put("sets", 0, "quantities", "time", 5, "high", value=0.0), r"`time` .* in an interval"),
    ],
)  # fmt: skip
def test_bad_data_are_refused(change, sentence):
    refused(change, sentence)


def test_a_setting_that_is_not_there_is_refused():
    widget = RelativesExplorer(relatives_data())
    with pytest.raises(ValueError, match=r"`unit` .* rectifier, leaky, .* Got 'swish'"):
        widget.unit = "swish"
    with pytest.raises(ValueError, match=r"`quantity` .* error, saved, .* Got 'loss'"):
        widget.quantity = "loss"
    with pytest.raises(ValueError, match=r"`shown` .* mnist, mnist-5k. Got 'norb'"):
        widget.shown = "norb"
    with pytest.raises(ValueError, match=r"`shown` of RelativesExplorer .* Got 'norb'"):
        RelativesExplorer(relatives_data(), train=lambda *_, **__: None, live="norb")


def test_curves_are_the_units_own_and_their_slope_is_the_derivative():
    x = np.concatenate([np.linspace(-REACH, 0, HALF), np.linspace(0, REACH, HALF)])
    for kind in relatives_live.shapes():
        for curve in kind["curves"]:
            for half in (slice(None, HALF), slice(HALF, None)):
                rises = np.diff(np.array(curve["response"])[half]) / np.diff(x[half])
                slopes = np.array(curve["slope"])[half]
                assert np.abs(rises - (slopes[1:] + slopes[:-1]) / 2).max() < 3e-3
        name = KINDS[kind["name"]].activation
        if name in activations.ACTIVATIONS:
            h = activations.get(name)(torch.tensor(x))
            assert np.abs(np.array(kind["curves"][0]["response"]) - h.numpy()).max() < 1e-4
    bands = {kind["name"]: kind["band"] for kind in relatives_live.shapes() if kind["band"]}
    assert bands == {"RReLU": [1 / 8, 1 / 3]}


def test_on_paper_every_set_has_its_table_and_what_diverged_is_said():
    words = RelativesExplorer(without_networks(relatives_data(), "ELU")).fallback()
    assert words.count("<table>") == 2
    assert "ELU (10 diverged)</th><td>0.05</td><td>–</td><td>–</td><td>–</td>" in words
    assert words.count("<td>") == 2 * 4 * len(NAMES)


def test_a_record_makes_a_widget_with_the_numbers_of_the_chapters_table(smoke):
    widget = RelativesExplorer.from_records(smoke)
    (found,) = widget.data["sets"]
    assert (widget.unit, widget.quantity, widget.has_kernel) == ("ELU", "error", True)
    assert widget.live_name == "mnist-5k"
    assert json.loads(json.dumps(widget.data, allow_nan=False)) == widget.data
    assert found["slopes"] == pytest.approx(smoke.arrays["slope"].mean(0), abs=6e-4)
    for place, row in enumerate(table(smoke).rows):
        assert found["rate"][place] == row.learning_rate
        for quantity, column in zip(QUANTITIES, COLUMNS, strict=True):
            shown, told = found["quantities"][quantity][place], row.found[column.title]
            ends = [shown["low"], shown["mean"], shown["high"]]
            assert ends == pytest.approx([told.low, told.value, told.high], abs=6e-5)
    with pytest.raises(ValueError, match=r"must be of relatives\. Got unit-cost"):
        relatives_live.explorer_data(experiments.reproduce("unit-cost", scale="smoke"))


def test_networks_that_diverged_are_none_and_count_for_nothing():
    shown = relatives_live._estimate(np.array([1.0, np.nan, 3.0]), 2)
    assert shown["values"] == [1.0, None, 3.0]
    assert shown["mean"] == 2.0
    assert shown["high"] - 2.0 == pytest.approx(12.7062, abs=1e-3)  # t of one degree of freedom
    alone = relatives_live._estimate(np.array([np.nan, 4.0]), 2)
    assert (alone["mean"], alone["low"]) == (4.0, None)
    assert relatives_live._slopes(np.full((2, 3), np.nan)) == []


def test_a_kernel_trains_three_networks_at_the_units_own_rate(smoke):
    widget = RelativesExplorer.from_records(smoke)
    widget.request = {"id": 1, "unit": "PReLU"}
    assert widget.jobs.wait(300.0)
    assert "error" not in widget.progress, widget.progress["error"]
    (frame,) = widget.live
    assert frame["unit"] == "PReLU"
    assert frame["rate"] == smoke.arrays["chosen"][NAMES.index("PReLU")]
    assert [len(frame[name]) for name in ("error", "zeros", "dead", "shift")] == [3] * 4
    assert not set(relatives_live.LIVE_SEEDS) & set(smoke.config["seeds"])
    assert max(frame["zeros"]) < 1
    assert widget.progress["text"].startswith("Trained here in ")
    assert relatives_live.train_frame(smoke, "ELU", stop=lambda: True) is None


def test_without_a_record_of_the_embedded_digits_nothing_is_trained():
    widget = RelativesExplorer(relatives_data())
    widget.request = {"id": 1, "unit": "ELU"}
    assert not widget.has_kernel
    assert widget.progress == {}
