"""Active paths: the rounded weights that travel are the networks that were measured."""

import base64
import functools

import numpy as np
import pytest
import torch

from relubook import datasets, experiments
from relubook.experiments import active_paths
from relubook.experiments import active_paths_networks as networks
from relubook.experiments.active_paths_values import KINDS, Config, Kind
from relubook.networks import MLP

LARGEST = 120_000  # bytes of JSON that a page may spend on it


@functools.cache
def smoke():
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce("active-paths", scale="smoke")


@functools.cache
def viewer():
    return active_paths.viewer_data(smoke())


@functools.cache
def digits():
    return networks.open_coarse(Config(**smoke_config()))


def smoke_config(**changes):
    return {**vars(active_paths.configure("smoke")), **changes}


def decoded(one, frame):
    """The network that a page reads from a frame: each layer's weights by rows, then its biases."""
    units = (49, *(10,) * one["depth"], 10)
    codes = np.frombuffer(base64.b64decode(frame["weights"]), dtype=np.int8)
    kind = viewer()["kinds"][one["kind"]]["activation"]
    return networks.unpacked(codes, np.array(frame["scales"]), units, kind)


def test_what_is_recorded_was_measured_on_the_weights_that_travel():
    arrays, test = smoke().arrays, digits().test
    for one in viewer()["networks"]:
        place = (one["kind"], viewer()["depths"].index(one["depth"]), -1, 0)
        found = networks.measure(decoded(one, one["frames"][-1]), test)
        for name, values in found._asdict().items():
            recorded = np.atleast_1d(arrays[name][place])[: values[0].size]
            np.testing.assert_allclose(recorded, np.atleast_1d(values[0]), rtol=1e-9)
        assert one["frames"][-1]["error"] == pytest.approx(100 * found.test_error[0], abs=0.051)


def test_gradient_comes_back_through_active_units_only_and_smooth_units_are_all_on():
    arrays = smoke().arrays
    active, carrying = (np.nan_to_num(arrays[name]) for name in ("active", "carrying"))
    for number, kind in enumerate(KINDS):
        if kind.activation == "rectifier":
            assert (carrying[number] <= active[number]).all()
            assert 0.05 < arrays["paths"][number].mean() < 0.6
        else:
            assert (arrays["paths"][number] == 1).all()
            assert (arrays["blocked"][number] == 0).all()


def test_rounded_weights_are_packed_and_unpacked_to_the_last_bit():
    drawn = MLP((9, 10, 10, 3), seeds=[1, 2])
    drawn.stacked_layers()[1].bias.data[:] = 3.0
    network = networks.rounded(drawn)
    codes, scales = networks.packed(network, 1)
    back = networks.unpacked(codes, scales, network.sizes, "rectifier")
    for one, other in zip(back.parameters(), network.parameters(), strict=True):
        assert torch.equal(one[0], other[1])
    for one, other in zip(network.stacked_layers(), drawn.stacked_layers(), strict=True):
        largest = max(other.weight.abs().max(), other.bias.abs().max())
        assert (one.weight - other.weight).abs().max() <= largest / 127 * 0.51


def test_pictures_are_means_of_blocks_and_survive_their_bytes():
    shown, test = viewer(), datasets.load("mnist-5k").test
    pictures = np.frombuffer(base64.b64decode(shown["pictures"]), dtype=np.uint8).reshape(-1, 49)
    assert shown["labels"] == [label for label in range(10) for _ in range(2)]
    first = int((test.y == 3).nonzero()[0])
    blocks = test.x[first].numpy().reshape(7, 4, 7, 4).mean((1, 3)).ravel()
    assert np.abs(pictures[6] / 255 - blocks).max() <= 0.5 / 255 + 1e-6
    assert torch.equal(digits().test.x[first], torch.from_numpy(pictures[6] / np.float32(255)))


def test_the_widgets_data_need_no_data_set_and_fit_in_a_page(monkeypatch):
    monkeypatch.setattr(datasets, "load", lambda *_: pytest.fail("the data set was opened"))
    data = active_paths.viewer_data(smoke())
    frame = data["networks"][-1]["frames"][0]
    grid = [(kind, depth) for kind in range(len(KINDS)) for depth in data["depths"]]
    assert [(one["kind"], one["depth"]) for one in data["networks"]] == grid
    for cut in ("low", "median", "high"):
        assert np.array(data["bands"]["paths"][cut]).shape == (len(KINDS), 2, 3)
    config = active_paths.configure("laptop")
    numbers = sum(50 * 10 + 110 * depth for depth in config.depths)
    overhead = len(str(frame)) - len(frame["weights"])
    networks_in_all = len(KINDS) * (numbers * 4 / 3 + len(config.depths) * overhead)
    assert len(config.kept) * networks_in_all + 12_000 < LARGEST


def test_a_network_trained_now_is_the_one_that_was_recorded():
    live = active_paths.train_frames(active_paths.configure("smoke"), 3, [0, 1], 0)
    recorded = [one for one in viewer()["networks"] if one["depth"] == 3][:2]
    assert live is not None
    assert live["data"] == "MNIST-5k, 1,000 training examples"
    for mine, theirs in zip(live["networks"], recorded, strict=True):
        assert (mine["kind"], mine["depth"]) == (theirs["kind"], theirs["depth"])
        for one, other in zip(mine["frames"], theirs["frames"], strict=True):
            both = (decoded(mine, one).parameters(), decoded(theirs, other).parameters())
            for a, b in zip(*both, strict=True):
                torch.testing.assert_close(a, b, rtol=0.02, atol=0.02)
            assert one["error"] == pytest.approx(other["error"], abs=1.0)


def test_a_stopped_training_gives_nothing():
    config = active_paths.configure("smoke")
    assert active_paths.train_frames(config, 2, [0], 5, stop=lambda: True) is None


def test_a_network_that_diverges_is_said():
    config = Config(**smoke_config(kept=(0, 200)))
    wild = Kind(activation="linear", learning_rate=1e6)
    with pytest.raises(ValueError, match=r"must stay finite.*lower the learning rate"):
        networks.train_kept(config, digits(), wild, 2, [0])


def test_data_that_are_no_gray_pictures_are_refused():
    with pytest.raises(ValueError, match=r"gray pictures.*such as mnist.*Got spirals"):
        active_paths.run(active_paths.configure("smoke", "spirals"))


@pytest.mark.parametrize("name", ["draw", "draw_gradient", "draw_case"])
def test_every_drawing_has_a_finding_and_words(name):
    result = experiments.result(smoke())
    fig = getattr(active_paths, name)(result, experiments.subtitle(smoke()))
    assert fig.get_suptitle()
    assert getattr(active_paths, name.replace("draw", "describe"))(result).endswith(".")
