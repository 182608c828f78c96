"""Folding: the rounded weights that travel are the networks that were measured."""

import base64
import functools
import json

import numpy as np
import pytest
import torch

from relubook import datasets, experiments, regions
from relubook.experiments import folding, folding_networks
from relubook.history import error
from relubook.networks import MLP, sizes

WINDOW = folding_networks.WINDOW
LARGEST = 110_000  # bytes of JSON that a page may spend on it


@functools.cache
def smoke():
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce("folding", scale="smoke")


@functools.cache
def viewer():
    return folding.viewer_data(smoke())


def decoded(network, frame):
    """The network that a page reads from a frame: layer by layer, weights by rows, then biases."""
    numbers = np.frombuffer(base64.b64decode(frame["weights"]), dtype="<f2").astype(np.float32)
    shape = sizes(inputs=2, width=network["width"], depth=network["depth"], outputs=3)
    built, numbers = MLP(shape), list(numbers)
    for layer in built.stacked_layers():
        for part in (layer.weight, layer.bias):
            values = [numbers.pop(0) for _ in range(part.numel())]
            part.data = torch.tensor(values).reshape(part.shape)
    assert not numbers
    return built


def test_the_recorded_counts_are_those_of_the_weights_that_travel():
    record, data = smoke(), viewer()
    depths, widths = data["depths"], data["widths"]
    for network in data["networks"]:
        place = (depths.index(network["depth"]), widths.index(network["width"]))
        for at, frame in enumerate(network["frames"]):
            counted = record.arrays["regions"][(*place, network["l1_index"], at, 0)]
            assert len(regions.find(decoded(network, frame), WINDOW)) == counted


def test_errors_and_activity_are_those_of_the_weights_that_travel():
    test = datasets.load("spirals").test
    for network in viewer()["networks"]:
        built = decoded(network, network["frames"][-1])
        assert network["frames"][-1]["error"] == pytest.approx(100 * float(error(built, test)[0]))
        active = torch.cat(built.hidden(test.x[None]), dim=-1) != 0
        share = 100 * float(active.double().mean())
        assert network["frames"][-1]["active"] == pytest.approx(share, abs=0.051)


def test_every_place_of_the_grid_has_one_network_with_all_its_frames():
    data = viewer()
    grid = [
        (depth, width, at)
        for depth in data["depths"]
        for width in data["widths"]
        for at in range(len(data["l1"]))
    ]
    assert [(n["depth"], n["width"], n["l1_index"]) for n in data["networks"]] == grid
    assert all(len(n["frames"]) == len(data["steps"]) for n in data["networks"])
    shape = tuple(len(data[name]) for name in ("depths", "widths", "l1", "steps"))
    low, median, high = (np.array(data["counts"][name]) for name in ("low", "median", "high"))
    assert low.shape == median.shape == high.shape == shape
    assert ((low <= median) & (median <= high)).all()


def test_examples_survive_their_bytes():
    shown = viewer()["examples"]
    pairs = np.frombuffer(base64.b64decode(shown["x"]), dtype=np.int8).reshape(-1, 2)
    train = datasets.load("spirals").train
    few = len(pairs)
    assert np.abs(pairs / 127 * shown["scale"] - train.x[:few].numpy()).max() < 0.005
    assert shown["y"] == train.y[:few].tolist()
    left, right, bottom, top = viewer()["window"]
    assert left <= -shown["scale"]
    assert shown["scale"] <= right
    assert (bottom, top) == (left, right)


def test_the_whole_grid_fits_in_a_page():
    frames = json.dumps(viewer()["networks"][0]["frames"][0], separators=(",", ":"))
    overhead = len(frames) - len(viewer()["networks"][0]["frames"][0]["weights"])
    config = folding.configure("laptop")
    numbers = sum(
        folding_networks.numbers_of(depth, width, 3)
        for depth in config.depths
        for width in config.widths
    )
    networks = len(config.depths) * len(config.widths) * len(config.l1)
    weights = len(config.l1) * numbers * 2 * 4 / 3
    counts = 3 * 5 * networks * len(config.kept)
    assert len(config.kept) * (weights + networks * (overhead + 4)) + counts + 3000 < LARGEST


def test_a_network_trained_now_is_the_one_that_was_recorded():
    config = folding.configure("smoke")
    live = folding.train_frames(config, 2, 8, 0.03, 0)
    recorded = viewer()["networks"][-1]
    assert (live["depth"], live["width"], live["l1_index"]) == (2, 8, 1)
    for mine, theirs in zip(live["frames"], recorded["frames"], strict=True):
        for one, other in zip(
            decoded(live, mine).parameters(), decoded(recorded, theirs).parameters(), strict=True
        ):
            torch.testing.assert_close(one, other, rtol=2e-3, atol=2e-3)
        assert mine["error"] == pytest.approx(theirs["error"], abs=0.5)


def test_another_seed_is_another_network():
    config = folding.configure("smoke")
    frames = [folding.train_frames(config, 1, 4, 0.0, seed)["frames"] for seed in (5, 6)]
    assert frames[0][0]["weights"] != frames[1][0]["weights"]


def test_a_stopped_training_gives_nothing():
    assert folding.train_frames(folding.configure("smoke"), 1, 4, 0.0, 0, stop=lambda: True) is None


def test_training_moves_the_boundaries():
    first, *_, last = viewer()["networks"][-1]["frames"]
    assert first["weights"] != last["weights"]
    assert first["error"] > last["error"]


def test_data_of_more_than_two_inputs_are_refused():
    with pytest.raises(ValueError, match=r"must have 2 inputs, such as spirals.*Got mnist-5k"):
        folding.run(folding.configure("smoke", "mnist-5k"))


@pytest.mark.parametrize("data", ["hinges"])
def test_other_data_of_two_inputs_are_taken(data):
    record = experiments.reproduce("folding", scale="smoke", data=data)
    shown = folding.viewer_data(record)
    assert len(shown["classes"]) == len(set(shown["examples"]["y"]))
    for drawing in (folding.draw, folding.draw_plane, folding.draw_neurons):
        assert drawing(experiments.result(record)).get_suptitle()


def test_flattened_weights_are_put_back_where_they_were():
    units = sizes(inputs=2, width=5, depth=2, outputs=3)
    network = MLP(units, models=2)
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    flat = folding_networks.flat(network, 1)
    assert len(flat) == folding_networks.numbers_of(2, 5, 3)
    for one, other in zip(
        folding_networks.unflat(flat, units).parameters(), network.parameters(), strict=True
    ):
        assert torch.equal(one[0], other[1])
