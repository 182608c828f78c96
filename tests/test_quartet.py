"""The four activations at equal accuracy: who is kept when, and that nothing else decides."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import datasets, experiments, records
from relubook.experiments import equal_accuracy, quartet
from relubook.experiments.sweep import open_data
from relubook.history import error
from relubook.networks import MLP
from relubook.training import Schedule, grid, train


def config(**changes):
    return quartet.QuartetConfig(**quartet.settings("smoke") | changes)


@pytest.fixture(scope="module")
def data():
    return open_data("mnist-5k", 800)[0]


def test_a_network_keeps_the_weights_of_the_first_epoch_at_the_target(data):
    group = quartet.train_group(config(target=0.35, epochs=6), data, "rectifier")
    assert (group.epoch > 0).all()
    for seed, epoch in zip(group.network.seeds, group.epoch, strict=True):
        hyper = grid(learning_rate=quartet.LEARNING_RATES["rectifier"], seed=seed)
        alone = MLP(group.network.sizes, seeds=[seed])
        history = train(alone, data, hyper, Schedule(epochs=int(epoch), batch_size=32, keep="last"))
        assert history.validation_error[-1, 0] <= 0.35
        assert (history.validation_error[:-1, 0] > 0.35).all()
        place = group.network.seeds.index(seed)
        for ours, theirs in zip(group.network.parameters(), alone.parameters(), strict=True):
            torch.testing.assert_close(ours[place], theirs[0])


def test_a_target_that_is_never_reached_leaves_the_last_weights_and_says_so(data):
    group = quartet.train_group(config(target=0.0, epochs=2), data, "tanh")
    assert (group.epoch == 0).all()
    hyper = grid(learning_rate=quartet.LEARNING_RATES["tanh"], seed=group.network.seeds)
    last = MLP(group.network.sizes, seeds=group.network.seeds, activation="tanh")
    train(last, data, hyper, Schedule(epochs=2, batch_size=32, keep="last"))
    for ours, theirs in zip(group.network.parameters(), last.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_errors_are_those_of_the_weights_that_were_kept(data):
    group = quartet.train_group(config(), data, "softplus")
    np.testing.assert_array_equal(group.test_error, error(group.network, data.test).numpy())
    np.testing.assert_array_equal(
        group.validation_error, error(group.network, data.validation).numpy()
    )


def test_the_quartet_is_four_activations_then_the_penalties(data):
    groups = quartet.train_quartet(config(l1=(0.0, 1e-3, 1e-2), epochs=1), data)
    assert [group.name for group in groups] == [
        "rectifier", "tanh", "softplus", "logistic", "rectifier, L1 0.001", "rectifier, L1 0.01",
    ]  # fmt: skip


def test_another_width_is_another_network(data):
    group = quartet.train_group(config(epochs=1), data, "tanh", width=5)
    assert group.network.sizes == (data.inputs, 5, 5, data.outputs)


@pytest.mark.parametrize(
    ("medians", "diverged", "chosen"),
    [
        ([0.1, 0.2, 0.3], (), 1.0),
        ([0.2, 0.1, 0.1], (), 0.2),
        ([1, 1, 1], (), 0.2),
        ([0.1, 0.2, 0.3], (0,), 0.5),
        ([0.1, 0.2, 0.2], (0, 2), 0.5),
    ],
)
def test_the_chosen_rate_has_the_lowest_median_of_those_at_which_none_diverged(
    medians, diverged, chosen
):
    rates = np.array([1.0, 0.5, 0.2])
    validation = np.array(medians, dtype=float)[None, :, None] + np.array([0.0, -0.05, 0.4])
    epochs = np.full(validation.shape, -1)
    epochs[0, list(diverged), 1] = 7
    assert equal_accuracy._choice(rates, validation, epochs) == [chosen]


def test_the_rates_in_use_are_those_that_the_record_chose():
    record = records.load("equal-accuracy", scale="laptop", data="mnist")
    result = experiments.result(record)
    np.testing.assert_array_equal(result.chosen, result.used)
    assert result.used.tolist() == [quartet.LEARNING_RATES[name] for name in quartet.UNITS]
    assert not {0.02, 2.0} & set(result.chosen[:3])  # logistic units may want the largest


def test_in_the_record_every_network_without_a_penalty_has_reached_the_target():
    record = records.load("equal-accuracy", scale="laptop", data="mnist")
    result = experiments.result(record)
    assert (result.epoch[: len(quartet.UNITS)] > 0).all()
    assert (result.validation_error[: len(quartet.UNITS)] <= record.config["target"]).all()


def test_every_data_set_with_a_target_exists():
    assert set(quartet.TARGETS) <= set(datasets.NAMES)
    with pytest.raises(dataclasses.FrozenInstanceError):
        config().target = 0.5
