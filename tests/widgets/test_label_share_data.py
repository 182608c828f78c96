"""What LabelShare takes, says on paper, trains and refuses, each refusal with one sentence."""

import json
import math

import numpy as np
import pytest
from label_frames import SHARES, label_data, without_networks

from relubook import experiments
from relubook.experiments import figure_4_live
from relubook.experiments.figure_4_values import ACTIVATIONS, gain
from relubook.widgets import LabelShare
from relubook.widgets.label_data import OF_A_SET


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("figure-4", scale="smoke")


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = label_data()
    change(data)
    with pytest.raises(ValueError, match=sentence):
        LabelShare(data)


def test_data_without_a_part_are_refused_by_its_name():
    for name in ("stops", "activations", "sets"):
        refused(
            lambda data, name=name: data.pop(name),
            rf"^The `data` of LabelShare must hold {name}\.",
        )
    for name in OF_A_SET:
        refused(
            lambda data, name=name: data["sets"][1].pop(name), rf"`set 1` .* must hold {name}\."
        )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("sets", value=[]), r"`sets` .* at least one"),
        (put("sets", 1, "name", value="norb"), r"names of their own"),
        (put("activations", value=["tanh", "tanh"]), r"`activations` .* names of their own"),
        (put("stops", value=[]), r"`stops` .* rising"),
        (put("stops", 1, value=0.4), r"`stops` .* rising numbers above 0, at most 100\. Got"),
        (put("stops", 6, value=101.0), r"`stops` .* at most 100"),
        (put("sets", 0, "shares", 3, value=44.0), r"`shares` of set 0 .* among the stops. Got"),
        (put("sets", 0, "labels", 0, value=0), r"`labels` of set 0 .* rising numbers above 0"),
        (put("sets", 1, "labels", 5, value=10_001), r"`labels` of set 1 .* at most 10000"),
        (put("sets", 0, "labels", value=[1, 2]), r"`labels` .* each of 6 shares. Got 2"),
        (put("sets", 0, "error", "tanh", value={}), r"`error` of set 0, tanh, .* hold none"),
        (put("sets", 0, "error", "tanh", "with", value=[]), r"`error` .* each of 6 shares. Got 0"),
        (put("sets", 0, "error", "tanh", "with", 1, value=[1.0]), r"share 1, .* the 5 seeds. Got"),
        (put("sets", 0, "error", "tanh", "none", 1, 2, value=101.0), r"0 to 100 %, or None. Got"),
        (put("sets", 0, "error", "tanh", "none", 1, 2, value=math.nan), r"None\. Got nan"),
        (put("sets", 0, "gain", "rectifier", 2, "low", value=9.0), r"share 2, .* in its interval"),
        (put("sets", 0, "gain", "rectifier", 2, "low", value=None), r"share 2, .* in its interval"),
        (put("sets", 0, "paper", "tanh", "none", value=[1.0]), r"`paper` of set 0, tanh, none"),
    ],
)  # fmt: skip
def test_bad_data_are_refused(change, sentence):
    refused(change, sentence)


def test_a_setting_that_is_not_there_is_refused():
    widget = LabelShare(label_data())
    assert (widget.stop_index, widget.shown) == (2, "norb")
    with pytest.raises(ValueError, match=r"`stop_index` .* from 0 to 6. Got 7"):
        widget.stop_index = 7
    with pytest.raises(ValueError, match=r"`shown` .* norb, mnist. Got 'cifar10'"):
        widget.shown = "cifar10"
    with pytest.raises(ValueError, match=r"`shown` of LabelShare .* Got 'cifar10'"):
        LabelShare(label_data(), train=lambda *_, **__: None, live="cifar10")


def test_on_paper_every_set_has_its_table_and_what_diverged_is_said():
    words = LabelShare(without_networks(label_data(), 4.3)).fallback()
    assert words.count("<table>") == 2
    assert words.count("<td>diverged → diverged</td><td>–</td>") == 1
    assert words.count("<td>") == 2 * 4 * len(SHARES)
    assert '<th scope="row">430 (4.3\u00a0%)</th>' in words


def test_a_record_makes_a_widget_with_its_own_numbers(smoke):
    widget = LabelShare.from_records(smoke)
    (found,) = widget.data["sets"]
    assert widget.data["stops"] == found["shares"] == smoke.arrays["share"].tolist()
    assert (widget.has_kernel, widget.live_name) == (True, "mnist-5k")
    assert json.loads(json.dumps(widget.data, allow_nan=False)) == widget.data
    for i, unit in enumerate(ACTIVATIONS):
        for j, start in enumerate(("none", "with")):
            expected = (100 * smoke.arrays["test_error"][i, j]).round(2)
            np.testing.assert_allclose(found["error"][unit][start], expected)
        means = [row["mean"] for row in found["gain"][unit]]
        np.testing.assert_allclose(means, gain(smoke.arrays, unit).mean(axis=1))
    with pytest.raises(ValueError, match=r"must be of figure-4\. Got unit-cost"):
        figure_4_live.explorer_data(experiments.reproduce("unit-cost", scale="smoke"))


def test_a_kernel_trains_small_networks_with_as_many_labels(smoke):
    widget = LabelShare.from_records(smoke)
    widget.request = {"id": 1, "stop_index": 0}
    assert widget.jobs.wait(300.0)
    assert "error" not in widget.progress, widget.progress["error"]
    (frame,) = widget.live
    assert (frame["stop_index"], frame["labels"]) == (0, int(smoke.arrays["labels"][0]))
    for unit in ACTIVATIONS:
        for start in ("none", "with"):
            assert len(frame["error"][unit][start]) == len(figure_4_live.LIVE_SEEDS)
    assert not set(figure_4_live.LIVE_SEEDS) & set(smoke.config["seeds"])
    assert widget.progress["text"].startswith("Trained here in ")
    calls = []
    again = figure_4_live.train_frame(
        smoke, smoke.arrays["share"][0], progress=lambda *call: calls.append(call[:2])
    )
    assert again is not None
    assert again["error"] == frame["error"]  # what was restored is restored once
    assert calls[-1][0] == calls[-1][1]
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    assert figure_4_live.train_frame(smoke, 5.0, stop=lambda: True) is None


def test_without_a_record_of_digits_nothing_is_trained():
    widget = LabelShare(label_data())
    widget.request = {"id": 1, "stop_index": 0}
    assert not widget.has_kernel
    assert widget.progress == {}
