"""The experiments about cost. Nothing here looks at how long anything took."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relubook import activations, datasets, experiments, paper, seeds, skipping
from relubook.experiments import (
    skipping_live,
    skipping_race,
    skipping_zeros,
    unit_cost,
    unit_race,
)
from relubook.networks import MLP
from relubook.widgets import CostExplorer

every_unit = pytest.mark.parametrize("name", unit_race.UNITS)


@pytest.fixture(scope="module")
def unit_record():
    return experiments.reproduce("unit-cost", scale="smoke")


@pytest.fixture(scope="module")
def zeros_record():
    return experiments.reproduce("skipping-zeros", scale="smoke")


# Units


def numbers(seed=0, n=400):
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(n, generator=generator, dtype=torch.float64)


@every_unit
def test_a_units_operator_gives_the_function_and_leaves_its_input(name):
    unit, x = unit_race.UNITS[name], numbers()
    before, out = x.clone(), torch.empty_like(x)
    unit.forward(x, out)
    torch.testing.assert_close(out, unit.activation.value(x), rtol=1e-12, atol=1e-15)
    assert torch.equal(x, before)
    if name in activations.ACTIVATIONS:
        torch.testing.assert_close(out, activations.get(name)(x), rtol=1e-9, atol=1e-12)


@every_unit
def test_a_units_derivatives_are_those_of_autograd(name):
    unit, error, x = unit_race.UNITS[name], numbers(1), numbers().requires_grad_()
    h = unit.activation.value(x)
    (slope,) = torch.autograd.grad(h.sum(), x)
    x, h, out = x.detach(), h.detach(), torch.empty_like(error)
    torch.testing.assert_close(unit.activation.derivative(x, h), slope, rtol=1e-7, atol=1e-9)
    unit.backward(error, x, h, out)
    torch.testing.assert_close(out, error * slope, rtol=1e-7, atol=1e-9)
    assert unit.activation.nonnegative == bool((h >= 0).all())


def test_functions_and_derivatives_race_against_a_copy():
    found = unit_race.race_units(100, rounds=2, seconds=1e-5)
    names = [f"{name}{what}" for name in unit_race.UNITS for what in ("", ", derivative")]
    assert list(found) == ["copy", *names]
    assert all(len(rounds) == 2 for rounds in found.values())


def test_a_step_is_raced_with_what_its_activation_does():
    digits = datasets.load("mnist-5k")
    once = {"rounds": 1, "seconds": 1e-5}
    found = unit_race.race_steps(digits, 8, 4, depth=2, **once)
    names = [f"{name}{what}" for name in unit_race.UNITS for what in ("", ", step")]
    assert sorted(found) == sorted(names)


def test_every_race_lands_at_its_own_unit_size_and_network(monkeypatch, unit_record):
    """With times that say where they come from."""
    kinds = {"": 0.1, ", derivative": 0.2, ", step": 0.3}

    def made_up(*place, seed, **_):
        value = {"copy": np.array([float(place[-1] + seed)])}
        for unit, name in enumerate(unit_race.UNITS):
            value |= {
                f"{name}{k}": np.array([place[-1] + seed + unit + d]) for k, d in kinds.items()
            }
        return value

    monkeypatch.setattr(unit_cost, "race_units", made_up)
    monkeypatch.setattr(unit_cost, "race_steps", made_up)
    config = unit_cost.configure("smoke")
    found = unit_cost.run(config)
    sizes, rounds = np.array(config.sizes)[:, None], np.array(config.seeds)
    units = np.arange(len(config.units))[:, None, None]
    np.testing.assert_allclose(found.copy, sizes + rounds)
    np.testing.assert_allclose(found.forward, sizes + rounds + units + 0.1)
    np.testing.assert_allclose(found.backward, sizes + rounds + units + 0.2)
    np.testing.assert_allclose(found.step[:, 0], config.batch[0] + rounds + units + 0.3)
    np.testing.assert_allclose(found.share, found.activation / found.step)


@pytest.mark.parametrize("drawing", ["draw", "draw_units"])
def test_the_drawings_of_units_name_every_unit(unit_record, drawing):
    fig = getattr(unit_cost, drawing)(experiments.result(unit_record), "below")
    labels = {text.get_text() for text in fig.axes[0].get_legend().get_texts()}
    assert set(unit_race.UNITS) <= labels
    assert fig.get_suptitle()
    assert all(ax.get_xlabel() for ax in fig.axes)


def test_a_live_race_is_drawn_in_a_frame_that_the_record_decides(unit_record):
    result = experiments.result(unit_record)
    frames = []
    for factor in (1e-3, 1.0):
        live = {name: np.full(2, factor * 1e-9) for name in ("copy", *unit_race.UNITS)}
        (ax,) = unit_cost.draw_live(result, live).axes
        frames.append((ax.get_xlim(), ax.get_ylim(), ax.get_title(loc="left")))
    assert frames[0] == frames[1]


def test_the_words_about_units_hold_their_numbers(unit_record):
    result = experiments.result(unit_record)
    assert "of a training step" in unit_cost.describe(result)
    assert all(name in unit_cost.describe_units(result) for name in unit_race.UNITS)
    assert unit_record.passport["device"] in experiments.subtitle(unit_record)


# Zeros


@given(st.integers(1, 9), st.integers(1, 40), st.floats(0, 1))
def test_random_activations_have_that_share_of_zeros_in_every_example(examples, width, zeros):
    h = skipping_race.random_activations(examples, width, zeros, seeds.stream(0, "test"))
    assert h.shape == (examples, width)
    assert ((h == 0).sum(1) == round(zeros * width)).all()
    assert (h >= 0).all()


def test_every_method_sees_one_input_after_another():
    seen = []
    call = skipping_race._one_after_another(lambda h: seen.append(int(h)), tuple(torch.arange(3)))
    for _ in range(7):
        call()
    assert seen == [0, 1, 2, 0, 1, 2, 0]


def test_networks_are_raced_on_whole_batches_only(monkeypatch):
    sizes = []
    logits = skipping.logits
    monkeypatch.setattr(
        skipping, "logits", lambda n, x, method: sizes.append(len(x)) or logits(n, x, method)
    )
    network = MLP((5, 4, 3), seeds=[0])
    found = skipping_race.race_network(network, torch.ones(7, 5), 3, rounds=2, seconds=1e-4)
    assert list(found) == list(skipping.METHODS)
    assert set(sizes) == {3}


def raced(ratio):
    """Times of methods whose ratio to dense is as given [zeros batches rounds]."""
    dense = np.full_like(ratio, 2.0)
    return np.stack([dense, 2.0 * ratio, dense])


ZEROS = np.array([0.0, 0.5, 0.8, 1.0])


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        ([8.0, 2.0, 0.5, 0.1], 0.65),  # halfway between 0.5 and 0.8 in the logarithm
        ([0.9, 0.9, 0.5, 0.1], 0.0),  # always faster
        ([8.0, 4.0, 2.0, 1.1], np.nan),  # never
        ([0.5, 2.0, 0.5, 0.1], 0.65),  # faster for good only after the last crossing
        ([8.0, 4.0, 1.0, 0.1], 0.8),  # a tie is not faster
    ],
)
def test_a_crossing_is_where_skipping_begins_to_be_faster_for_good(ratio, expected):
    times = raced(np.array(ratio)[:, None, None])
    found = skipping_race.crossover(ZEROS, times)
    np.testing.assert_allclose([found.zeros, found.low, found.high], expected)
    same = skipping_race.crossover(ZEROS, times, "csr")
    assert np.isnan(same.zeros).all()


def test_a_crossing_has_the_range_of_its_rounds_for_each_batch():
    early, late, never = [8, 2, 0.5, 0.1], [8, 8, 2, 0.5], [8, 8, 8, 8]
    ratio = np.array([[early, early, late], [late, late, never]], float).transpose(2, 0, 1)
    found = skipping_race.crossover(ZEROS, raced(ratio))
    np.testing.assert_allclose(found.zeros, [0.65, 0.9])
    np.testing.assert_allclose(found.low, [0.65, 0.9])
    np.testing.assert_allclose(found.high, [0.9, np.nan])


def test_the_record_has_the_axes_that_the_explorer_reads(zeros_record):
    arrays, config = zeros_record.arrays, zeros_record.config
    methods, rounds = len(config["methods"]), config["rounds"]
    shares, batches = len(config["zeros"]), len(config["batch"])
    networks = len(config["l1"]) * len(config["seeds"])
    assert list(config["methods"]) == list(skipping.METHODS)
    assert arrays["layer_time"].shape == (methods, shares, batches, rounds)
    assert arrays["network_time"].shape == (networks, methods, batches, rounds)
    assert arrays["network_union"].shape == (networks, config["depth"], batches)


def test_one_digit_needs_what_is_not_zero_and_more_digits_need_more(zeros_record):
    arrays = zeros_record.arrays
    alone = arrays["network_union"][..., 0]
    np.testing.assert_allclose(alone, 1 - arrays["network_zeros"], atol=1e-6)
    assert (np.diff(arrays["network_union"], axis=-1) > 0).all()
    assert (arrays["network_union"] <= 1).all()


def test_the_explorers_data_are_plain_short_and_complete(zeros_record):
    data = skipping_zeros.explorer_data(zeros_record)
    text = json.dumps(data, allow_nan=False)
    assert len(text) < 100_000
    assert data["paper_zeros"] == paper.EXACT_ZEROS["mnist"].value
    shape = (len(data["zeros"]), len(data["batch"]))
    for kind in ("low", "layer", "high"):
        for method in data["methods"]:
            assert np.array(data[kind][method]).shape == shape
    for name in data["methods"]:
        times = [np.array(data[kind][name]) for kind in ("low", "layer", "high")]
        assert (times[0] <= times[1]).all()
        assert (times[1] <= times[2]).all()
    assert [network["l1"] for network in data["networks"]] == list(zeros_record.config["l1"])
    for network in data["networks"]:
        assert np.mean(network["zeros_by_layer"]) == pytest.approx(network["zeros"], abs=1e-3)
        assert len(network["union"]) == len(network["time"]["dense"]) == len(data["batch"])
        assert 1 < network["error"] < 100


def test_the_explorer_draws_a_real_record(zeros_record):
    widget = CostExplorer.from_record(zeros_record)
    assert widget.data == skipping_zeros.explorer_data(zeros_record)
    assert zeros_record.passport["device"] in repr(widget)


def test_a_live_network_is_drawn_at_its_ratio_in_a_frame_of_its_own(zeros_record):
    live = {4: {"dense": np.full(3, 2.0), "gathered": np.array([1.0, 3.0, 9.0])}}
    (ax,) = skipping_live.draw_live(zeros_record, live).axes
    (diamond,) = [line for line in ax.lines if line.get_marker() == "D"]
    np.testing.assert_allclose(diamond.get_xydata(), [[4, 150]])
    assert ax.get_ylim() == (10, 10_000)


def test_a_live_measurement_has_the_form_that_the_explorer_draws(monkeypatch):
    monkeypatch.setattr(skipping_zeros, "WIDTH", 50)
    calls = []
    found = skipping_zeros.measure_here(0.9, 4, progress=lambda *call: calls.append(call[:2]))
    assert found is not None
    assert calls[-1][0] == calls[-1][1]
    assert list(found["time"]) == list(skipping.METHODS)
    for name in skipping.METHODS:
        assert 0 < found["low"][name] <= found["time"][name] <= found["high"][name]
    json.dumps(found, allow_nan=False)
    assert skipping_zeros.measure_here(0.9, 4, stop=lambda: True) is None


@pytest.mark.parametrize("drawing", ["draw", "draw_union"])
def test_the_drawings_of_zeros_have_labels_and_words(zeros_record, drawing):
    result = experiments.result(zeros_record)
    (ax,) = getattr(skipping_zeros, drawing)(result, "below").axes
    assert "%" in ax.get_ylabel()
    assert ax.texts
    words = getattr(skipping_zeros, drawing.replace("draw", "describe"))(result)
    assert str(result.batch[-1]) in words


def test_the_figure_says_in_words_where_each_batch_crosses(zeros_record):
    result = experiments.result(zeros_record)
    ratio = np.broadcast_to(np.array([8, 2, 0.5])[:, None, None], result.layer_time.shape[1:])
    ratio = ratio.copy()
    ratio[:, 1] = 3
    arrays = {**result.arrays(), "layer_time": raced(ratio)}
    made = skipping_zeros.Result(**arrays, data=result.data)
    assert "1 at once: from 72 % zeros; 4 at once: never" in skipping_zeros.describe(made)
    title = skipping_zeros.draw(made).get_suptitle()
    assert title == "Skipping pays from 72 % zeros for 1 example at a time,\nnever for 4 at a time"


def test_zeros_under_the_papers_penalty_are_compared_with_the_papers(zeros_record):
    (line,) = skipping_zeros.compare(experiments.result(zeros_record))
    chosen = zeros_record.arrays["network_l1"] == paper.PROTOCOL["l1"].value
    assert line.here == pytest.approx(100 * zeros_record.arrays["network_zeros"][chosen].mean())
    assert line.paper == paper.EXACT_ZEROS["mnist"].value
