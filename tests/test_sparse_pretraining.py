"""Pretraining on bags of words: sparse below, dense above, cut and taken up again."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from sparse_examples import bags

from relubook import runs
from relubook.corruptions import Corruption
from relubook.datasets import rows
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.training import grid

SHAPE = (12, 7, 6, 3)
X, OTHERS = bags(60, 12), bags(25, 12, seed=1)
QUIET = Corruption(masked=0.0)
TEXT = Recipe(
    epochs=2, batch_size=8, reconstruction="cross-entropy", rule="unit", choose=True,
    corruption=Corruption(masked=0.4, salted=0.02), above=Corruption(masked=0.3),
)  # fmt: skip
SAMPLED = dataclasses.replace(TEXT, zeros=0.2)
HYPER = grid(learning_rate=(0.02, 0.2), l1=1e-3, seed=(3, 4), dtype=torch.float64)


def run(recipe=TEXT, x=X, others=OTHERS, *, dtype=torch.float64, hyper=HYPER, **options):
    network = MLP(SHAPE, seeds=hyper.seed.tolist(), dtype=dtype)
    return network, pretrain(network, x, others, hyper, recipe, **options)


def numbers(network, course):
    weights = {f"w{i}": p.numpy(force=True) for i, p in enumerate(network.parameters())}
    return weights | {name: np.array(values) for name, values in vars(course).items()}


def assert_same(ours, theirs, **tolerance):
    for name, expected in numbers(*theirs).items():
        np.testing.assert_allclose(numbers(*ours)[name], expected, err_msg=name, **tolerance)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize(
    "options",
    [
        {"reconstruction": "cross-entropy", "rule": "unit"},
        {"reconstruction": "softplus"},
        {"reconstruction": "softplus", "first": "cross-entropy", "choose": True},
        {"reconstruction": "linear", "target": "before"},
    ],
)
def test_sparse_rows_pretrain_the_networks_that_dense_ones_pretrain(options, tied):
    """With noise above the first layer only: there it is drawn from the same numbers."""
    recipe = Recipe(
        epochs=3, batch_size=8, corruption=QUIET, above=Corruption(masked=0.3), tied=tied, **options
    )
    sparse, dense = run(recipe), run(recipe, X.to_dense(), OTHERS.to_dense())
    assert_same(sparse, dense, rtol=1e-10, atol=1e-12)
    assert not sparse[1].lost.any()


def test_what_is_masked_above_is_what_the_recipe_says(monkeypatch):
    seen = []
    call = Corruption.__call__

    def watched(self, x, generators):
        seen.append((self, x.layout))
        return call(self, x, generators)

    monkeypatch.setattr(Corruption, "__call__", watched)
    run()
    assert set(seen) == {
        (TEXT.corruption, torch.sparse_coo), (TEXT.above, torch.strided)
    }  # fmt: skip
    assert seen[0][0] == TEXT.corruption
    assert seen[-1][0] == TEXT.above


@pytest.mark.parametrize("recipe", [TEXT, SAMPLED])
def test_every_layer_learns_to_restore(recipe):
    hyper = grid(learning_rate=0.05, seed=(3, 4), dtype=torch.float64)
    network, course = run(dataclasses.replace(recipe, epochs=12), hyper=hyper)
    assert course.finished == 2
    assert not course.lost.any()
    assert (course.error[:, -1] < course.error[:, 0]).all()
    with torch.no_grad():
        h = network.hidden(X.to_dense().double().expand(2, -1, -1))[0]
    assert float(h.max()) == pytest.approx(1, abs=1e-9)


def test_sampled_outputs_learn_about_as_well_as_all_of_them():
    hyper = grid(learning_rate=0.05, seed=(3, 4, 5, 6), dtype=torch.float64)
    recipe = dataclasses.replace(TEXT, epochs=15, choose=False)
    full, sampled = (
        run(dataclasses.replace(recipe, zeros=zeros), hyper=hyper)[1].error[0]
        for zeros in (1.0, 0.3)
    )
    start, end = full[0].mean(), full[-1].mean()
    assert sampled[-1].mean() - end < 0.3 * (start - end)


@pytest.mark.parametrize("recipe", [TEXT, SAMPLED])
def test_pretrained_together_is_pretrained_alone(recipe):
    recipe = dataclasses.replace(recipe, choose=False)
    hyper = grid(learning_rate=0.05, l1=1e-3, seed=(3, 4, 5), dtype=torch.float64)
    together, course = run(recipe, hyper=hyper)
    own = grid(learning_rate=0.05, l1=1e-3, seed=4, dtype=torch.float64)
    alone, course_alone = run(recipe, hyper=own)
    for many, one in zip(together.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(many[1], one[0], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(course.error[..., 1], course_alone.error[..., 0], rtol=1e-11)


@pytest.mark.parametrize("recipe", [TEXT, SAMPLED, dataclasses.replace(SAMPLED, tied=True)])
def test_cut_after_any_pass_it_goes_on_as_if_it_had_not_been(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr("relubook.chunking._CACHE_BYTES", 1)  # one network at a time
    monkeypatch.setattr(runs, "_SECONDS_BETWEEN_SAVES", 0.0)
    whole = run(recipe, dtype=torch.float32)
    for cut in (1, 3, 8, 9, 16):  # of 2 layers, 4 networks, 2 passes
        path, calls = tmp_path / f"{cut}.npz", itertools.count(1)
        stop = lambda calls=calls, cut=cut: next(calls) == cut  # noqa: E731
        run(recipe, dtype=torch.float32, checkpoint=path, stop=stop)
        assert_same(run(recipe, dtype=torch.float32, checkpoint=path), whole, rtol=0, atol=0)


def test_a_checkpoint_of_other_rows_or_another_share_of_zeros_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    run(SAMPLED, checkpoint=path, stop=lambda: True)
    for recipe, x in ((TEXT, X), (SAMPLED, rows.join(X, OTHERS))):
        with pytest.raises(ValueError, match="belongs to another run"):
            run(recipe, x, checkpoint=path)


def test_labeled_and_unlabeled_rows_are_learned_from_together():
    both = rows.join(X, bags(40, 12, seed=5))
    recipe = dataclasses.replace(TEXT, corruption=QUIET, choose=False)
    assert_same(
        run(recipe, both), run(recipe, both.to_dense(), OTHERS.to_dense()), rtol=1e-10, atol=1e-12
    )


def test_inputs_that_nothing_can_be_learned_from_are_refused():
    with pytest.raises(ValueError, match=r"Only the first layer of sparse rows.*`zeros` 0\.2"):
        run(SAMPLED, X.to_dense())
    broken = rows.take(X, torch.arange(len(X)))
    broken.values()[5] = torch.nan
    row, _ = rows.place(broken, 5)
    with pytest.raises(ValueError, match=rf"`x` must be finite\. Example {row} is not"):
        run(TEXT, broken)
    with pytest.raises(ValueError, match=r"takes 12 inputs\. Got examples of 11 in `x`"):
        run(TEXT, bags(60, 11), bags(5, 11))
    with pytest.raises(ValueError, match="`batch_size` must be at most the 5 examples"):
        run(TEXT, bags(5, 12))
    starts, columns, values = (part.clone() for part in rows.stored(X))
    first = int((starts.diff() > 1).nonzero()[0])
    columns[starts[first] : starts[first] + 2] = columns[starts[first] : starts[first] + 2].flip(0)
    mixed = torch.sparse_csr_tensor(starts, columns, values, X.shape, check_invariants=False)
    with pytest.raises(ValueError, match=r"columns of each row of `x` must ascend"):
        run(TEXT, mixed)
    twice = rows.compressed(2 * np.ones(30), np.arange(30) % 12, np.arange(31), width=12)
    with pytest.raises(ValueError, match=r"needs targets from 0 to 1.*Got 2 to 2"):
        run(TEXT, twice)


@pytest.mark.parametrize("zeros", [0.0, -0.1, 1.1, float("nan")])
def test_a_share_of_zeros_that_makes_no_sense_is_refused(zeros):
    with pytest.raises(ValueError, match="`zeros` of Recipe must be above 0, up to 1"):
        Recipe(epochs=1, zeros=zeros)


def test_dense_examples_with_other_noise_above_are_possible_too():
    recipe = dataclasses.replace(TEXT, corruption=Corruption(masked=0.1))
    network, course = run(recipe, X.to_dense(), OTHERS.to_dense())
    assert course.finished == 2
    assert all(torch.isfinite(p).all() for p in network.parameters())


def test_noise_is_that_of_the_models_own_seed():
    hyper = grid(learning_rate=0.05, seed=(3, 3), dtype=torch.float64)
    network, _ = run(dataclasses.replace(SAMPLED, choose=False), hyper=hyper)
    for parameter in network.parameters():
        assert torch.equal(parameter[0], parameter[1])
