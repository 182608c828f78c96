"""What CostExplorer refuses, each with one sentence."""

import math
import re

import pytest
from widget_frames import cost_data

from relubook.widgets import CostExplorer
from relubook.widgets.cost_data import NEEDED, OF_A_NETWORK

NAN, INFINITY = math.nan, math.inf


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = cost_data()
    change(data)
    with pytest.raises(ValueError, match=sentence):
        CostExplorer(data)


@pytest.mark.parametrize("name", NEEDED)
def test_data_without_a_part_are_refused_by_its_name(name):
    refused(lambda data: data.pop(name), rf"^The `data` of CostExplorer must hold {name}\.")


@pytest.mark.parametrize("name", OF_A_NETWORK)
def test_a_network_without_a_part_is_refused_by_its_name(name):
    refused(lambda data: data["networks"][2].pop(name), rf"`network 2` .* must hold {name}\.")


@pytest.mark.parametrize("part", ["layer", "low", "high"])
def test_a_method_without_times_is_refused(part):
    refused(
        lambda data: data[part].pop("csr"), rf"^The `{part}` of CostExplorer's data must hold csr"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("zeros", value=[]), "`zeros` .* at least 2 rising numbers. Got []."),
        (put("zeros", value=[0.5]), "`zeros` .* at least 2 rising numbers. Got [0.5]."),
        (put("zeros", 3, value=0.1), "`zeros` .* at least 2 rising numbers. Got [0, 0.2, 0.4, 0.1"),
        (put("zeros", -1, value=99), "`zeros` .* from 0 to 1. Got 99 at place 13."),
        (put("batch", value=[]), "`batch` .* at least 1 rising numbers. Got []."),
        (put("batch", 0, value=0), "`batch` .* at least 1. Got 0 at place 0."),
        (put("batch", 6, value=INFINITY), "`batch` .* finite and at least 1. Got inf at place 6."),
        (put("methods", value=[]), "`methods` .* must be dense, gathered, csr. Got none."),
        (put("methods", 2, value="block"), "`methods` .* Got dense, gathered, block."),
        (put("paper_zeros", value=NAN), "`paper_zeros` .* finite and from 0 to 100. Got nan."),
        (put("networks", value=[]), "`networks` .* must hold at least one. Got none."),
    ],
)  # fmt: skip
def test_grids_that_cannot_be_drawn_are_refused(change, sentence):
    refused(change, re.escape(sentence).replace(r"\.\*", ".*"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d["layer"]["csr"].pop(), "`layer` of csr must be 14 shares of zeros x 7 batch"),
        (lambda d: d["low"]["dense"][3].pop(), "`low` of dense must be 14 shares of zeros x 7"),
        (put("networks", 1, "union", value=[0.5]), "`union` of network 1 .* 7 batch sizes. Got 1"),
        (put("networks", 1, "time", "csr", value=[]), "`csr` of network 1 .* 7 batch sizes. Got 0"),
    ],
)
def test_lengths_that_disagree_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize("time", [NAN, INFINITY, 0, -1e-6, None, "fast"])
@pytest.mark.parametrize("part", ["layer", "low", "high"])
def test_a_time_that_is_no_finite_number_above_0_is_refused_with_its_place(part, time):
    sentence = f"The `{part}` of gathered must be finite seconds above 0. Got {time}"
    place = "at share 4, batch size 2."
    refused(put(part, "gathered", 4, 2, value=time), f"^{re.escape(f'{sentence} {place}')}$")


@pytest.mark.parametrize(
    ("name", "value", "limits"),
    [
        ("zeros", 84.0, "from 0 to 1"),
        ("zeros", NAN, "from 0 to 1"),
        ("error", -1, "from 0 to 100"),
        ("l1", None, "at least 0"),
    ],
)
def test_a_network_with_a_number_out_of_its_limits_is_refused(name, value, limits):
    refused(
        put("networks", 0, name, value=value), f"`{name}` of network 0 .* {limits}. Got {value}"
    )


def test_a_networks_time_and_union_are_checked_at_each_batch_size():
    refused(
        put("networks", 0, "time", "csr", 5, value=0), "network 0, csr, .* Got 0 at batch size 5"
    )
    refused(
        put("networks", 0, "union", 5, value=1.5), "`union` .* from 0 to 1. Got 1.5 at batch size 5"
    )
