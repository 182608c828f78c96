"""What StartMap refuses, each with one sentence; what it says without scripts; how large it is."""

import json
import math
import re

import numpy as np
import pytest
from start_frames import DEPTHS, errors, map_data

from relubook.experiments.training_map_frames import packed
from relubook.widgets import StartMap
from relubook.widgets.start_data import NEEDED, check_cell, unpacked

WHOSE = "of StartMap's data must"


def refused(sentence, **changes):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        StartMap(map_data(**changes))


@pytest.mark.parametrize("name", NEEDED)
def test_data_without_a_part_are_refused_by_its_name(name):
    data = map_data()
    del data[name]
    with pytest.raises(ValueError, match=f"^The `data` of StartMap must hold {name}. Got none.$"):
        StartMap(data)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"depths": [5, 1, 10]}, f"The `depths` {WHOSE} be rising numbers above 0. Got [5, 1, 10]"),
        ({"rates": [0, 0.1, 1]}, f"The `rates` {WHOSE} be rising numbers above 0. Got [0, 0.1, 1]"),
        ({"steps": [30, math.nan, 99]}, f"The `steps` {WHOSE} be rising numbers above 0."),
        ({"seeds": [0, 1, 1]}, f"The `seeds` {WHOSE} be different and at least one."),
        ({"starts": []}, f"The `starts` {WHOSE} be different and at least one. Got []."),
        ({"success": 0}, "The `success` of StartMap's data must be an error above 0 and below 100"),
        ({"activations": ["rectifier", "tanh", "GELU", "logistic"]},
         f"The `activations` {WHOSE} be among rectifier, tanh, softplus, logistic. Got 'GELU'."),
        ({"error": "?!"}, f"The `error` {WHOSE} be base64."),
        ({"error": None}, f"The `error` {WHOSE} be base64."),
        ({"dead": packed(np.zeros(7))}, f"The `dead` {WHOSE} be two bytes a number, 1080 in all. "
         "Got 14."),
        ({"dead": packed(np.full(540, 2.0))}, f"The `dead` {WHOSE} hold shares of at most 10000 "
         "10,000ths. Got 20000."),
    ],
)  # fmt: skip
def test_data_that_the_page_cannot_draw_are_refused(changes, sentence):
    refused(sentence, **changes)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"depth": 7}, "The `depth` of StartMap must be 1, 5, 10. Got 7."),
        ({"activation": "GELU"}, "The `activation` of StartMap must be rectifier, tanh, softplus"),
        ({"start_index": 3}, "The `start_index` of StartMap must be 0, 1, 2. Got 3."),
    ],
)
def test_a_place_that_is_not_there_is_refused(place, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        StartMap(map_data(), **place)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"error": [[1.0, 2.0]] * 5}, "A live cell of StartMap must hold 3 errors"),
        ({"dead": [0.0]}, "A live cell of StartMap must hold 3 errors and one share of dead units"),
        ({"dead": [0.0, 0.0, 0.0, 0.0, 101.0]}, "The numbers of a live cell must be from 0 to 100"),
    ],
)
def test_a_live_cell_that_the_page_cannot_draw_is_refused(change, sentence):
    cell = {"seeds": [5, 6, 7, 8, 9], "error": [[90.0, 50.0, None]] * 5, "dead": [0.0] * 4 + [None]}
    check_cell(cell, map_data())
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        check_cell(cell | change, map_data())


def test_what_is_packed_is_unpacked_to_a_ten_thousandth():
    found = errors()
    np.testing.assert_allclose(unpacked(packed(found), found.shape), found, atol=5e-5)


def test_without_scripts_a_table_counts_the_cells_that_learn():
    text = StartMap(map_data()).fallback()
    rows = re.findall(r'<th scope="row">(\w+)</th>((?:<td>\d+</td>)+)', text)
    counts = {name: [int(n) for n in re.findall(r"\d+", row)] for name, row in rows}
    assert counts == {
        "rectifier": [0, 1, 0], "tanh": [9, 9, 9], "softplus": [0, 0, 0], "logistic": [0, 1, 0],
    }  # fmt: skip
    assert all(f'<th scope="col">{depth}</th>' in text for depth in DEPTHS)


def test_a_map_as_large_as_the_record_fits_a_page():
    axes = {"depths": [1, 3, 5, 10, 20], "rates": [0.01, 0.03, 0.1, 0.3, 1.0],
            "starts": list("abcdef"), "steps": list(range(1, 9))}  # fmt: skip
    networks = 4 * 5 * 6 * 5 * 5
    shares = np.full(8 * networks, 0.9)
    data = map_data(**axes, error=packed(shares), dead=packed(shares[:networks]))
    assert len(json.dumps(StartMap(data).data)) < 120_000
