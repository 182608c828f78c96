"""What SoftplusExplorer takes, says on paper, and refuses, each with one sentence."""

import json
import math

import pytest
from softplus_frames import RECORDED, alpha_data, without_networks

from relubook import experiments
from relubook.widgets import SoftplusExplorer
from relubook.widgets.softplus_data import OF_A_SET


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = alpha_data()
    change(data)
    with pytest.raises(ValueError, match=sentence):
        SoftplusExplorer(data)


@pytest.mark.parametrize("name", ["stops", "sets"])
def test_data_without_a_part_are_refused_by_its_name(name):
    refused(lambda data: data.pop(name), rf"^The `data` of SoftplusExplorer must hold {name}\.")


@pytest.mark.parametrize("name", OF_A_SET)
def test_a_set_without_a_part_is_refused_by_its_name(name):
    refused(lambda data: data["sets"][1].pop(name), rf"`set 1` .* must hold {name}\.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("sets", value=[]), r"`sets` .* at least one"),
        (put("stops", value=[1.0, 2.0]), r"`stops` .* rising .* then None"),
        (put("stops", value=[None]), r"`stops` .* rising"),
        (put("stops", 0, value=0.5), r"`stops` .* from 1 up"),
        (put("stops", 1, value=math.inf), r"`stops` .* rising"),
        (put("stops", 2, value=1.1), r"`stops` .* rising"),
        (put("sets", 0, "alphas", 3, value=3.5), r"`alphas` of set 0 .* among the stops. Got"),
        (put("sets", 1, "name", value="norb"), r"names of their own"),
        (put("sets", 0, "rate", value=[0.1]), r"`rate` of set 0 .* each of 6 alphas. Got 1"),
        (put("sets", 0, "paper", value=[1.0]), r"`paper` of set 0 .* Got 1"),
        (put("sets", 0, "error", 2, 5, value=math.nan), r"`error` of set 0, alpha 2, .* Got nan"),
        (put("sets", 0, "zeros", 5, 0, value=101.0), r"`zeros` .* from 0 to 100 %. Got 101"),
        (put("sets", 0, "error", 0, value=[1.0]), r"`error` .* the 10 seeds but for 0 .* Got 1"),
    ],
)
def test_bad_data_are_refused(change, sentence):
    refused(change, sentence)


def test_a_setting_that_is_not_there_is_refused():
    widget = SoftplusExplorer(alpha_data())
    with pytest.raises(ValueError, match=r"`stop_index` .* from 0 to 11. Got 12"):
        widget.stop_index = 12
    with pytest.raises(ValueError, match=r"`shown` .* norb, mnist-5k. Got 'mnist'"):
        widget.shown = "mnist"
    with pytest.raises(ValueError, match=r"`shown` .* Got 'cifar10'"):
        SoftplusExplorer(alpha_data(), train=lambda *_, **__: None, live="cifar10")


def test_on_paper_every_set_has_its_table_and_what_diverged_is_said():
    words = SoftplusExplorer(without_networks(alpha_data(), 0)).fallback()
    assert words.count("<table>") == 2
    assert words.count('<th scope="row">∞</th>') == 2
    assert words.count("<td>diverged</td>") == 3
    assert words.count("<td>") == 3 * 2 * len(RECORDED)


def test_a_record_makes_a_widget_with_a_stop_for_each_of_its_alphas():
    record = experiments.reproduce("softplus-alpha", scale="smoke")
    widget = SoftplusExplorer.from_records(record)
    (found,) = widget.data["sets"]
    assert set(found["alphas"]) <= set(widget.data["stops"])
    assert found["error"][0] == pytest.approx((100 * record.arrays["test_error"][0]).tolist())
    assert found["paper"] == []
    assert (widget.has_kernel, widget.live_name) == (True, "mnist-5k")
    assert json.loads(json.dumps(widget.data, allow_nan=False)) == widget.data
    widget.request = {"id": 1, "stop_index": len(widget.data["stops"]) - 2}
    assert widget.jobs.wait(60.0)
    (frame,) = widget.live
    assert frame["stop_index"] == len(widget.data["stops"]) - 2
    assert frame["rate"] == record.arrays["chosen"][1]  # of alpha 3, the nearest finite one to 20
    assert len(frame["error"]) == 3 - frame["diverged"]
    assert max(frame["zeros"]) < 1  # exp(20 x) is 0 in single precision where x < -5.2
    assert widget.progress["text"].startswith("Trained here in ")


def test_without_a_record_of_the_embedded_digits_nothing_is_trained():
    widget = SoftplusExplorer(alpha_data())
    widget.request = {"id": 1, "stop_index": 0}
    assert not widget.has_kernel
    assert widget.progress == {}
