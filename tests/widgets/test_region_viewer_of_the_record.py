"""RegionViewer with the committed record: the page counts what was recorded."""

import json

import pytest

from browser_support import run_node
from relubook import records
from relubook.experiments import folding
from relubook.widgets import RegionViewer
from relubook.widgets.bundle import HERE
from relubook.widgets.region_data import check_network

COUNT = """
import {{ cut, networkOf }} from {cutting};
import {{ sizesOf }} from {words};
import {{ readFileSync }} from "node:fs";
const data = JSON.parse(readFileSync({data}, "utf8"));
console.log(JSON.stringify(data.networks.map(({{ depth, width, frames }}) => frames.map(
  ({{ weights }}) => cut(networkOf(weights, sizesOf(data, depth, width)), data.window).length))));
"""


@pytest.fixture(scope="module")
def record():
    return records.load("folding", scale="laptop", data="spirals")


@pytest.fixture(scope="module")
def widget(record):
    return RegionViewer.from_record(record)


def test_the_page_counts_the_regions_that_were_recorded(record, widget, tmp_path):
    names = {
        name: json.dumps((HERE / f"region_{name}.mjs").as_uri()) for name in ("cutting", "words")
    }
    data = tmp_path / "data.json"
    data.write_text(json.dumps(widget.data), encoding="utf-8")
    code = COUNT.format(**names, data=json.dumps(str(data)))
    done = run_node("--input-type=module", "-e", code, timeout=120)
    assert done.returncode == 0, done.stderr
    counted = {
        (one["depth"], one["width"], one["l1_index"]): counts
        for one, counts in zip(widget.data["networks"], json.loads(done.stdout), strict=True)
    }
    recorded = record.arrays["regions"]
    for (depth, width, i), counts in counted.items():
        d, w = widget.data["depths"].index(depth), widget.data["widths"].index(width)
        assert counts == recorded[d, w, i, :, 0].tolist()


def test_it_is_light_enough_for_a_page(widget):
    assert len(widget.html()) < 250_000


def test_what_a_kernel_trains_can_be_drawn_and_be_stopped(widget):
    config = folding.configure("smoke")
    network = folding.train_frames(config, 2, 8, 0.03, 10)
    check_network(network, {**widget.data, "steps": list(config.kept)})
    assert widget.has_kernel
    assert widget._train(1, 4, 0.0, 10, progress=None, stop=lambda: True) is None
