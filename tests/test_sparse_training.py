"""Training on sparse rows is training on the same rows with their zeros."""

import dataclasses

import numpy as np
import pytest
import torch
from sparse_examples import reviews

from relubook import steps
from relubook.history import error, evaluate
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

DATA = reviews()
DENSE = DATA.dense()
HYPER = grid(learning_rate=[0.05, 0.3], l1=[0.0, 1e-2], seed=[3, 4], dtype=torch.float64)


def run(data, *, depth=2, step="inplace", dtype=torch.float64, hyper=HYPER, **options):
    network = MLP((12, *[7] * depth, 3), seeds=hyper.seed.tolist(), dtype=dtype)
    schedule = Schedule(epochs=4, batch_size=8)
    return network, train(network, data, hyper, schedule, step=step, **options)


@pytest.mark.parametrize("step", steps.STEPS)
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_sparse_rows_train_the_networks_that_dense_ones_train(depth, step):
    assert DATA.train.x.layout == torch.sparse_csr
    (ours, history), (theirs, expected) = (run(d, depth=depth, step=step) for d in (DATA, DENSE))
    before = MLP((12, *[7] * depth, 3), seeds=HYPER.seed.tolist(), dtype=torch.float64)
    for one, other, old in zip(*(n.parameters() for n in (ours, theirs, before)), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-13)
        assert not torch.equal(one, old)
    for field in dataclasses.fields(history):
        one, other = getattr(history, field.name), getattr(expected, field.name)
        np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-13, err_msg=field.name)


@pytest.mark.parametrize("activation", ["tanh", "softplus", "leaky"])
def test_both_steps_agree_on_sparse_rows_whatever_the_units(activation):
    networks = []
    for step in steps.STEPS:
        network = MLP(
            (12, 7, 3), seeds=HYPER.seed.tolist(), activation=activation, dtype=torch.float64
        )
        train(network, DATA, HYPER, Schedule(epochs=2, batch_size=8), step=step)
        networks.append(network)
    for one, other in zip(*(n.parameters() for n in networks), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-13)


def test_trained_together_is_trained_alone_to_the_last_bit():
    hyper = grid(learning_rate=0.1, seed=(3, 4, 5))
    together, history = run(DATA, dtype=torch.float32, hyper=hyper)
    alone, own = run(DATA, dtype=torch.float32, hyper=grid(learning_rate=0.1, seed=4))
    for many, one in zip(together.parameters(), alone.parameters(), strict=True):
        assert torch.equal(many[1], one[0])
    np.testing.assert_array_equal(history.loss[:, 1], own.loss[:, 0])


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(tmp_path):
    path, calls = tmp_path / "run.npz", iter([False, True])
    run(DATA, checkpoint=path, stop=lambda: next(calls))
    resumed, whole = run(DATA, checkpoint=path), run(DATA)
    np.testing.assert_array_equal(resumed[1].loss, whole[1].loss)
    for one, other in zip(resumed[0].parameters(), whole[0].parameters(), strict=True):
        assert torch.equal(one, other)


def test_measuring_reads_sparse_rows_in_parts(monkeypatch):
    monkeypatch.setattr("relubook.history._EXAMPLES_AT_ONCE", 7)
    network, _ = run(DATA)
    parts, whole = evaluate(network, DATA.test), evaluate(network, DENSE.test)
    for one, other in zip(parts, whole, strict=True):
        torch.testing.assert_close(one, other)
    assert torch.equal(error(network, DATA.test), parts[0])


def test_sparse_rows_are_never_made_dense(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("made dense")

    monkeypatch.setattr(torch.Tensor, "to_dense", refuse)
    for step in steps.STEPS:
        assert np.isfinite(run(DATA, step=step)[1].loss).all()
