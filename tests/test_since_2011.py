"""Pretraining beside what came later: the steps, the labels of each seed, and what is read."""

import dataclasses

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from relubook import checkpoints, claims, datasets, experiments, figures, steps
from relubook.claims import since_2011 as about
from relubook.experiments import since_2011
from relubook.experiments.figure_4_networks import labeled as labeled_data
from relubook.experiments.pretrained import fine_tuned
from relubook.experiments.since_2011_networks import adam, best_of_rates, labeled, sgd, train
from relubook.experiments.since_2011_values import KINDS, behind, errors
from relubook.networks import MLP
from relubook.training import Schedule

CLAIM = about.CLAIMS[0]
SHAPE = (784, 12, 8, 10)
BATCH_NORMALIZED = "normalized(rectifier)"


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k").subset(train=120, validation=60, test=80)


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("since-2011", scale="smoke")


def a_batch(models=1):
    generator = torch.Generator().manual_seed(3)
    x = torch.rand(models, 6, 4, generator=generator)
    return x, torch.eye(3)[torch.arange(6) % 3].expand(models, -1, -1)


def test_two_steps_of_adam_are_those_worked_out_by_hand():
    network, l1 = MLP((4, 5, 3), seeds=[1], initialization="he"), 0.01
    x, targets = a_batch()
    before = [p.detach().double().clone() for p in network.parameters()]
    first, second = ([torch.zeros_like(p) for p in before] for _ in range(2))
    advance = adam(network, 0.02, l1)
    for step in (1, 2):
        gradients = []
        for p, now in zip(network.parameters(), slopes(network, x, targets, l1), strict=True):
            assert p.shape == now.shape
            gradients.append(now.double())
        for p, g, m, v in zip(before, gradients, first, second, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= 0.02 * (m / (1 - 0.9**step)) / ((v / (1 - 0.999**step)).sqrt() + 1e-8)
        advance(x, targets)
        for p, wanted in zip(network.parameters(), before, strict=True):
            assert_close(p.detach().double(), wanted, rtol=1e-4, atol=2e-6)


def slopes(network, x, targets, l1):
    """Gradients of the cost, as plain descent's step of length 1 takes them."""
    copy = MLP(network.sizes, seeds=network.seeds)
    with torch.no_grad():
        for to, source in zip(copy.parameters(), network.parameters(), strict=True):
            to.copy_(source)
    one = torch.ones(network.models, 1, 1)
    steps.autograd(copy, x, targets, one, l1 * one)
    pairs = zip(network.parameters(), copy.parameters(), strict=True)
    return [(before - after).detach() for before, after in pairs]


@pytest.mark.parametrize("make", [sgd, adam])
def test_a_step_returns_each_cross_entropy_before_it(make):
    network = MLP((4, 5, 3), seeds=[1, 2])
    x, targets = a_batch(2)
    wanted = -(network(x).log_softmax(-1) * targets).sum(-1).mean(-1).detach()
    assert_close(make(network, 0.1, 0.001)(x, targets), wanted)


@pytest.mark.parametrize("activation", ["rectifier", BATCH_NORMALIZED])
def test_trained_together_equals_trained_alone_under_adam(digits, activation):
    settings = {"rate": 0.003, "l1": 0.001, "epochs": 3, "batch_size": 10}

    def learn(seeds):
        network = MLP(
            SHAPE, seeds=seeds, activation=activation, initialization="he", dtype=torch.float64
        )  # Adam makes steps of rounding errors where a slope is 0, as a normalized unit's bias has
        return network, train(network, digits, labeled(digits, 40, seeds), "Adam", **settings)

    together, found = learn([4, 5, 6])
    alone, own = learn([5])
    for mine, theirs in zip(alone.parameters(), together.parameters(), strict=True):
        assert_close(mine[0], theirs[1], rtol=1e-6, atol=1e-6)
    for name, values in own.items():
        np.testing.assert_allclose(values[0], found[name][1], rtol=1e-6, err_msg=name)


def test_plain_descent_is_that_of_a_seed_with_its_own_data(digits):
    network = MLP(SHAPE, seeds=[3, 8])
    found = best_of_rates(
        lambda: MLP(SHAPE, seeds=[3, 8]), digits, labeled(digits, 50, [3, 8]), "SGD",
        rates=(0.1, 0.02), l1=0.001, epochs=3, batch_size=10,
    )  # fmt: skip
    for place, (_, one) in enumerate(network.chunks(1)):
        own = fine_tuned(
            one, labeled_data(digits, 50, one.seeds[0]), rates=(0.1, 0.02), l1=0.001,
            schedule=Schedule(epochs=3), negate=False,
        )  # fmt: skip
        for name in ("test_error", "validation_error", "last_loss", "rate", "best_epoch", "zeros"):
            np.testing.assert_allclose(found[name][place], own[name][0], rtol=1e-5, err_msg=name)


def test_a_rate_that_diverges_is_not_chosen_and_leaves_the_others_alone(digits):
    rows = labeled(digits, 40, [0, 1])

    def learn(*rates):
        return best_of_rates(
            lambda: MLP(SHAPE, seeds=[0, 1]), digits, rows, "SGD", rates=rates, l1=0.001, epochs=2,
            batch_size=10,
        )  # fmt: skip

    beside, alone = learn(1e30, 0.05), learn(0.05)
    assert (beside["rate"] == 0.05).all()
    assert (beside["diverged"] == -1).all()
    np.testing.assert_array_equal(beside["test_error"], alone["test_error"])
    lost = learn(1e30)
    assert (lost["diverged"] == 0).all()
    assert np.isnan(lost["test_error"]).all()
    assert np.isnan(lost["zeros"]).all()


def test_every_kind_has_the_same_labels_and_every_seed_its_own(digits):
    rows = labeled(digits, 30, [0, 1])
    assert (torch.bincount(digits.train.y[rows[0]]) == 3).all()
    assert not torch.equal(rows[0].sort().values, rows[1].sort().values)
    assert torch.equal(labeled(digits, 120, [0]).sort().values[0], torch.arange(120))


def test_a_cut_run_goes_on_with_what_was_finished(smoke, tmp_path):
    config = since_2011.configure("smoke")
    calls = []

    def cut(done, total, text):
        calls.append(done)
        if done > 0.8 * total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        since_2011.run(config, progress=cut, checkpoints=tmp_path / "run")
    assert len(list(tmp_path.iterdir())) > 5
    again = since_2011.run(config, checkpoints=tmp_path / "run")
    for name, values in again.arrays().items():
        np.testing.assert_array_equal(values, smoke.arrays[name], err_msg=name)
    other = dataclasses.replace(config, l1=0.01)
    with pytest.raises(ValueError, match="another run"):
        since_2011.run(other, checkpoints=tmp_path / "run")
    assert checkpoints.fingerprint(other) != checkpoints.fingerprint(config)


def made_up(**points):
    """A record's arrays in which these kinds err so many points more than the pretrained."""
    spread = np.linspace(-0.2, 0.2, 5)
    rows = np.tile(20 + spread, (len(KINDS), 2, 1))
    for name, more in points.items():
        rows[list(KINDS).index(name)] += more + 0.05 * np.sin(np.arange(5))
    return {
        "labels": np.array([100, 5000]),
        "test_error": rows / 100,
        "diverged": np.full(rows.shape, -1),
    }


def verdict(arrays):
    parts = CLAIM.test(arrays)
    return claims.Judgment(claim=CLAIM, parts=parts, scale="laptop").verdict


@pytest.mark.parametrize(
    ("more", "expected"),
    [(-4.0, "holds"), (0.0, "holds"), (0.5, "undecided"), (2.0, "not here")],
)
def test_he_and_adam_may_be_half_a_point_behind(more, expected):
    assert verdict(made_up(**{"He, Adam": more, "2011, without": 9.0})) == expected


def test_differences_are_paired_and_without_the_networks_that_diverged():
    arrays = made_up(**{"He, Adam": 3.0})
    arrays["diverged"][list(KINDS).index("He, Adam"), 0, 1] = 7
    np.testing.assert_allclose(behind(arrays, "He, Adam")[1], 3, atol=0.06)
    assert np.isnan(behind(arrays, "He, Adam")[0]).tolist() == [False, True] + [False] * 3
    assert np.isfinite(errors(arrays, "He's range")).all()
    assert CLAIM.test(arrays)[0].estimate.n == 4


def test_every_drawing_has_words_and_units(smoke):
    result, below = experiments.result(smoke), experiments.subtitle(smoke)
    for name in ("", "_behind"):
        figure = getattr(since_2011, f"draw{name}")(result, below)
        assert "(%" in figure.axes[0].get_ylabel() + figure.axes[0].get_xlabel()
        assert figures.png(figure).startswith(b"\x89PNG")
        assert getattr(since_2011, f"describe{name}")(result).endswith(".")
    lost = dataclasses.replace(result, diverged=np.zeros_like(result.diverged))
    assert "24 of 24 networks diverged" in since_2011.describe(lost)
    assert since_2011.draw_behind(lost, below).get_suptitle()
