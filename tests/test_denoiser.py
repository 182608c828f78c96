"""Four ways to restore a digit: how they are trained, rounded, measured, and told."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import experiments
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.experiments import denoiser, denoiser_live
from relubook.experiments.denoiser_networks import begin, gathered, learn, masked, measure
from relubook.experiments.denoiser_networks import open_small as opened
from relubook.experiments.denoiser_rounding import packed, unpacked
from relubook.experiments.denoiser_values import STRATEGIES
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.training import grid

CONFIG = denoiser.configure("smoke")


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("denoiser", scale="smoke")


@pytest.fixture(scope="module")
def small():
    return opened(CONFIG)


def test_a_cut_run_goes_on_with_what_it_has(smoke, tmp_path, monkeypatch):
    where = tmp_path / "denoiser.smoke"
    done: list[str] = []
    work = denoiser._row

    def cut(*given):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(given[3])
        return work(*given)

    monkeypatch.setattr(denoiser, "_row", cut)
    with pytest.raises(KeyboardInterrupt):
        denoiser.run(CONFIG, checkpoints=where)
    again: list[str] = []
    monkeypatch.setattr(denoiser, "_row", lambda *given: again.append(given[3]) or work(*given))
    result = denoiser.run(CONFIG, checkpoints=where)
    assert set(done).isdisjoint(again)
    assert len(done) == len(again) == 2
    for name, numbers in smoke.arrays.items():
        np.testing.assert_array_equal(getattr(result, name), numbers, err_msg=name)


def trained(small, reconstruction="softplus", seeds=(0, 1), rate=0.02):
    coder = begin(CONFIG, small, reconstruction, seeds, "cpu")
    return coder, list(learn(coder, CONFIG, small, rate, seeds))


@pytest.mark.parametrize("name", [strategy.reconstruction for strategy in STRATEGIES])
def test_what_is_trained_here_is_the_first_layer_of_pretraining(small, name):
    coder, costs = trained(small, name)
    network = MLP((196, CONFIG.width, 10), seeds=(0, 1))
    course = pretrain(
        network, small.train.x, small.validation.x,
        grid(learning_rate=0.02, l1=CONFIG.penalty, seed=(0, 1)),
        Recipe(epochs=CONFIG.epochs, batch_size=10, corruption=Corruption(masked=0.25),
               reconstruction=name),
    )  # fmt: skip
    np.testing.assert_allclose(np.stack(costs), course.error[0], rtol=1e-4)
    assert (course.best_epoch[0] == CONFIG.epochs - 1).all()
    if name != "cross-entropy":  # whose layers are brought into 0 to 1 afterwards
        theirs = network.stacked_layers()[0].weight
        torch.testing.assert_close(coder.encoder.weight, theirs, rtol=1e-3, atol=1e-5)


def test_pictures_are_means_of_blocks_in_steps_of_a_255th(small):
    from relubook import datasets

    first = datasets.load("mnist-5k").test.x[0].view(14, 2, 14, 2).mean((1, 3)).flatten()
    assert (small.test.x[0] - first).abs().max() <= 0.5 / 255 + 1e-6
    assert torch.equal((255 * small.test.x).round() / 255, small.test.x)
    assert (len(small.train), len(small.validation)) == (300, 100)


def test_errors_zeros_and_stuck_outputs_are_those_of_a_plain_count(small):
    coder, _ = trained(small, "rectifier")
    x = small.test.x[:700]  # more than are looked at at once
    received = masked(x, 0.25, 2)
    found = measure(coder, x, received)
    for model in range(2):
        w, b = (p[model].detach().numpy() for p in (coder.encoder.weight, coder.encoder.bias))
        h = np.maximum(received.numpy() @ w + b, 0)
        v, c = coder.weights_back[model].detach().numpy(), coder.bias[model].detach().numpy()
        out = np.maximum(h @ v + c, 0)
        assert found.error[model] == pytest.approx(((out - x.numpy()) ** 2).sum(1).mean(), rel=1e-4)
        assert found.zeros[model] == pytest.approx((h == 0).mean(), abs=1e-4)
        stuck = (out == 0) & (x.numpy() > 0)
        assert found.stuck[model] == pytest.approx(stuck.mean(), abs=1e-4)
        assert stuck.any()
        assert found.dead_units[model] == pytest.approx((h == 0).all(0).mean())
        inked = (x.numpy() > 0).any(0)
        assert found.dead_outputs[model] == pytest.approx((out == 0).all(0)[inked].mean())


def test_the_same_pixels_are_masked_for_everybody_and_the_rest_stay(small):
    x = small.test.x
    received = masked(x, 0.25, 2)
    assert torch.equal(received, masked(x, 0.25, 2))
    assert not torch.equal(received, masked(x, 0.25, 3))
    taken = received != x
    assert (received[taken] == 0).all()
    assert float(taken[x > 0].float().mean()) == pytest.approx(0.25, abs=0.01)
    assert torch.equal(masked(x, 0.0, 0), x)


def test_rounded_weights_stay_within_half_a_step_of_their_unit(small):
    coder, _ = trained(small)
    with torch.no_grad():
        coder.encoder.weight[0, :, 3] = 0  # a unit without weights
    numbers = packed(coder)
    again = packed(unpacked(numbers, "softplus"))
    for one, other in zip(numbers, again, strict=True):
        assert torch.equal(one, other)
    back = unpacked(numbers, "softplus")
    for one, other in ((back.encoder.weight, coder.encoder.weight), (back.decoder, coder.decoder)):
        far = (one - other).abs() / other.abs().amax(1, keepdim=True).clamp_min(1e-12)
        assert far.max() <= 0.51 / 127
    assert (back.encoder.weight[0, :, 3] == 0).all()
    codes = numbers.arrays(1)["decoder_codes"]
    assert (codes.dtype, codes.shape) == (np.int8, (CONFIG.width, 196))
    assert np.abs(codes).max() == 127


def test_weights_that_are_not_finite_are_refused(small):
    coder, costs = trained(small, "linear", rate=50.0)
    assert np.isnan(costs[-1]).all()
    with pytest.raises(ValueError, match=r"must stay finite.*lower the learning rates"):
        packed(coder)


def test_each_seed_goes_on_with_its_own_choice(small):
    first, _ = trained(small)
    second, _ = trained(small, rate=0.05)
    chosen = gathered([first, second], np.array([1, 0]))
    assert isinstance(chosen, Autoencoder)
    assert torch.equal(chosen.encoder.weight[0], second.encoder.weight[0])
    assert torch.equal(chosen.encoder.weight[1], first.encoder.weight[1])
    assert torch.equal(chosen.weights_back[0], second.weights_back[0])


def test_the_record_keeps_the_rate_of_the_lowest_cost_and_what_doing_nothing_costs(smoke):
    arrays = smoke.arrays
    best = np.nan_to_num(arrays["validation_cost"][:, -1], nan=np.inf).argmin(axis=1)
    assert (arrays["rate"][best] == arrays["chosen"]).all()
    assert arrays["nothing_error"][0] == 0
    assert (np.diff(arrays["nothing_error"]) > 0).all()
    np.testing.assert_allclose(arrays["rounded_error"], arrays["restored_error"], rtol=0.01)
    assert (arrays["stuck"][:3] == 0).all()
    assert (arrays["stuck"][3] > 0).all()
    assert arrays["labels"].tolist() == list(range(10))
    assert arrays["labels"][arrays["pictured"]].tolist() == list(CONFIG.pictured)
    assert arrays["kept"][0] == 0
    first = arrays["filters"][:, 0]
    assert (first == first[0]).all()  # before training all strategies have the same weights
    smooth = experiments.result(smoke).smoothness
    assert (np.abs(smooth) <= 1).all()


def test_every_drawing_has_words_and_a_title(smoke):
    result, below = experiments.result(smoke), experiments.subtitle(smoke)
    for name in ("draw", "draw_digits", "draw_filters"):
        fig = getattr(denoiser, name)(result, below)
        assert fig.get_suptitle()
        assert getattr(denoiser, name.replace("draw", "describe"))(result).endswith(".")
        assert any(ax.get_title(loc="left") == below for ax in fig.axes)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"data": "spirals"}, "needs square gray pictures .* Got spirals"),
        ({"side": 9}, "a multiple of 9 pixels"),
        ({"pictured": (3, 10)}, "must be 0 to 9. Got 10"),
    ],
)
def test_data_that_do_not_fit_are_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        opened(dataclasses.replace(CONFIG, **change))


def test_a_live_frame_is_four_networks_and_none_if_it_was_stopped(smoke):
    told = []
    frame = denoiser_live.train_frame(smoke, 200, progress=lambda *one: told.append(one[:2]))
    assert frame is not None
    assert told == [(done, 12) for done in range(1, 13)]
    assert len(frame["networks"]) == 4
    recorded = denoiser_live.denoiser_data(smoke)["strategies"]
    for live, each in zip(frame["networks"], recorded, strict=True):
        assert set(live) <= set(each)
        assert live["encoder_codes"] != each["encoder_codes"]
    assert denoiser_live.train_frame(smoke, 200, stop=lambda: True) is None
    with pytest.raises(ValueError, match=r"must be of denoiser\. Got growth"):
        denoiser_live.denoiser_data(dataclasses.replace(smoke, experiment="growth"))
