"""Reconstruction sampling: fewer outputs, and in expectation the step of all of them."""

import itertools

import pytest
import torch
from sparse_examples import bags

from relubook import autoencoders, output_sampling, seeds, sparse_batches
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.networks import MLP
from relubook.reconstructions import RECONSTRUCTIONS

TERMS, UNITS, BATCH = 9, 5, 4
MODELS = (0, 1)
COSTS = [name for name in RECONSTRUCTIONS if name != "tanh"] + ["tanh"]


def begin(name="cross-entropy", *, tied=False, models=MODELS, activation="rectifier", terms=TERMS):
    """Autoencoders in float64 with biases that matter."""
    network = MLP((terms, UNITS, 3), seeds=models, activation=activation, dtype=torch.float64)
    coder = Autoencoder.of(network, 0, reconstruction=name, tied=tied, by_output=True)
    with torch.no_grad():
        for bias, seed in ((coder.bias, 10), (coder.encoder.bias, 20)):
            for row, model in zip(bias, models, strict=True):
                row.copy_(torch.randn(row.shape, generator=seeds.stream(seed + model, "b")) / 3)
    return coder


def batch(models=MODELS, *, examples=BATCH, terms=TERMS):
    """A mini-batch before and after noise."""
    x = sparse_batches.like(bags(20, terms, share=0.25), torch.empty(0, dtype=torch.float64))
    chosen = torch.stack(
        [torch.randint(20, (examples,), generator=seeds.stream(model, "rows")) for model in models]
    )
    x = sparse_batches.take(x, chosen)
    return x, Corruption(masked=0.4, salted=0.1)(x, streams(models))


def streams(models, purpose="noise"):
    return [seeds.stream(model, purpose) for model in models]


def rates(coder, value):
    return torch.full((len(coder.bias), 1, 1), value, dtype=coder.bias.dtype)


def changes(coder, act):
    """What a step does to each parameter."""
    before = [p.detach().clone() for p in coder.parameters()]
    act()
    return [p.detach() - old for p, old in zip(coder.parameters(), before, strict=True)]


def certain_of(x, corrupted):
    return torch.cat([sparse_batches.cells(x), sparse_batches.cells(corrupted)]).unique()


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("activation", ["rectifier", "tanh", "softplus"])
@pytest.mark.parametrize("name", COSTS)
def test_a_sampled_step_is_that_of_autograd_on_the_same_outputs(name, activation, tied):
    x, corrupted = batch()
    coder = begin(name, activation=activation, tied=tied)
    sample = output_sampling.draw(x, corrupted, 0.3, streams(MODELS, "outputs"))
    twin = begin(name, activation=activation, tied=tied)
    h = twin.code(corrupted.to_dense())
    z = torch.baddbmm(twin.bias, h, twin.weights_back)
    weight = torch.zeros_like(z).index_put(tuple(sample.target.indices()), sample.weight)
    cost = (weight * twin.reconstruction.cost(z, x.to_dense())).sum(-1).mean(-1)
    penalty = 0.01 * h.abs().sum(-1).mean(-1)
    parameters = list(twin.parameters())
    gradients = torch.autograd.grad((cost + penalty).sum(), parameters)
    costs = []
    found = changes(
        coder,
        lambda: costs.append(
            output_sampling.descend(coder, corrupted, sample, rates(coder, 0.3), rates(coder, 0.01))
        ),
    )
    torch.testing.assert_close(costs[0], cost.detach(), rtol=1e-12, atol=1e-12)
    for ours, theirs in zip(found, gradients, strict=True):
        torch.testing.assert_close(ours, -0.3 * theirs, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("name", COSTS)
def test_over_all_subsets_of_the_zeros_the_mean_step_is_the_full_step(name, tied):
    """Every subset of a tiny mini-batch's zeros, weighted by its probability: exact."""
    zeros, models = 0.3, (0,)
    x, corrupted = batch(models, examples=2, terms=6)
    certain = certain_of(x, corrupted)
    others = torch.tensor([c for c in range(12) if c not in certain.tolist()])
    assert 3 <= len(others) <= 9
    total, mean_cost = None, 0.0
    for drawn in itertools.product([False, True], repeat=len(others)):
        mask = torch.tensor(drawn)
        count = int(mask.sum())
        probability = zeros**count * (1 - zeros) ** (len(others) - count)
        coder = begin(name, tied=tied, models=models, terms=6)
        sample = output_sampling.chosen(x, certain, others[mask], zeros)
        costs = []
        found = changes(
            coder,
            lambda coder=coder, sample=sample, costs=costs: costs.append(
                output_sampling.descend(
                    coder, corrupted, sample, rates(coder, 0.2), rates(coder, 0.01)
                )
            ),
        )
        mean_cost += probability * float(costs[0])
        total = [
            (0 if total is None else total[place]) + probability * change
            for place, change in enumerate(found)
        ]
    coder, full = begin(name, tied=tied, models=models, terms=6), []
    expected = changes(
        coder,
        lambda: full.append(
            autoencoders.inplace(
                coder, corrupted, x.to_dense(), rates(coder, 0.2), rates(coder, 0.01)
            )
        ),
    )
    assert mean_cost == pytest.approx(float(full[0]), rel=1e-12)
    for ours, theirs in zip(total, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-11, atol=1e-13)


def test_the_mean_of_many_drawn_steps_comes_near_the_full_step():
    turns, generators = 500, streams(MODELS, "outputs")
    x, corrupted = batch()
    sums = squares = None
    for _ in range(turns):
        coder = begin()
        sample = output_sampling.draw(x, corrupted, 0.2, generators)
        found = changes(
            coder,
            lambda coder=coder, sample=sample: output_sampling.descend(
                coder, corrupted, sample, rates(coder, 0.2), rates(coder, 0.01)
            ),
        )
        flat = torch.cat([change.flatten() for change in found])
        sums = flat if sums is None else sums + flat
        squares = flat**2 if squares is None else squares + flat**2
    coder = begin()
    full = changes(
        coder,
        lambda: autoencoders.inplace(
            coder, corrupted, x.to_dense(), rates(coder, 0.2), rates(coder, 0.01)
        ),
    )
    expected = torch.cat([change.flatten() for change in full])
    mean = sums / turns
    error = ((squares / turns - mean**2).clamp(min=0) / turns).sqrt()
    assert ((mean - expected).abs() <= 5 * error + 1e-12).all()
    assert float((mean - expected).norm() / expected.norm()) < 0.1


def test_what_is_there_before_or_after_noise_is_always_restored_and_zeros_as_often_as_asked():
    x, corrupted = batch()
    certain, generators = certain_of(x, corrupted), streams(MODELS, "outputs")
    drawn, cells = 0, x.to_dense().numel()
    for _ in range(300):
        sample = output_sampling.draw(x, corrupted, 0.1, generators)
        found = sparse_batches.cells(sample.target)
        assert torch.isin(certain, found).all()
        assert torch.equal(sample.weight == 1, torch.isin(found, certain))
        assert (sample.weight[sample.weight != 1] == 10).all()
        assert torch.equal(sample.target.values(), x.to_dense().flatten()[found])
        drawn += len(found) - len(certain)
    expected = 300 * 0.1 * (cells - len(certain))
    assert abs(drawn - expected) < 5 * expected**0.5


def test_weights_of_outputs_that_are_not_restored_stay_as_they_are():
    x, corrupted = batch()
    coder = begin()
    sample = output_sampling.draw(x, corrupted, 0.05, streams(MODELS, "outputs"))
    change = changes(
        coder,
        lambda: output_sampling.descend(
            coder, corrupted, sample, rates(coder, 0.2), rates(coder, 0.0)
        ),
    )
    hit = torch.zeros(len(MODELS), TERMS, dtype=torch.bool)
    model, _, output = sample.target.indices()
    hit[model, output] = True
    assert not hit.all()
    decoder = next(c for c in change if c.shape == (len(MODELS), UNITS, TERMS))
    assert not decoder.mT[~hit].any()
    assert decoder.mT[hit].any(-1).all()


def test_sampled_together_is_sampled_alone():
    together, alone = begin(), begin(models=(1,))
    steps = ((together, MODELS), (alone, (1,)))
    for coder, models in steps:
        x, corrupted = batch(models)
        generators = streams(models, "outputs")
        for _ in range(3):
            sample = output_sampling.draw(x, corrupted, 0.2, generators)
            output_sampling.descend(coder, corrupted, sample, rates(coder, 0.1), rates(coder, 0.01))
    for many, one in zip(together.parameters(), alone.parameters(), strict=True):
        assert torch.equal(many[1], one[0])


def test_a_decoder_that_lies_the_other_way_is_refused():
    x, corrupted = batch()
    coder = Autoencoder.of(MLP((TERMS, UNITS, 3), seeds=MODELS, dtype=torch.float64), 0)
    sample = output_sampling.draw(x, corrupted, 0.2, streams(MODELS, "outputs"))
    with pytest.raises(ValueError, match="with `by_output=True`"):
        output_sampling.descend(coder, corrupted, sample, rates(coder, 0.1), rates(coder, 0.0))


def test_a_decoder_holds_the_same_numbers_however_they_lie():
    network = MLP((TERMS, UNITS, 3), seeds=MODELS)
    plain, by_output = (Autoencoder.of(network, 0, by_output=which) for which in (False, True))
    assert torch.equal(plain.weights_back, by_output.weights_back)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("name", COSTS)
def test_all_outputs_of_sparse_rows_are_restored_as_those_of_dense_ones(name, tied):
    x, corrupted = batch()
    coders = [begin(name, tied=tied) for _ in range(3)]
    inputs = (corrupted, corrupted.to_dense(), corrupted)
    ways = (autoencoders.inplace, autoencoders.inplace, autoencoders.autograd)
    costs = [
        way(coder, each, x.to_dense(), rates(coder, 0.2), rates(coder, 0.01))
        for way, coder, each in zip(ways, coders, inputs, strict=True)
    ]
    torch.testing.assert_close(costs[0], costs[1])
    torch.testing.assert_close(costs[0], costs[2])
    for one, *others in zip(*(coder.parameters() for coder in coders), strict=True):
        for other in others:
            torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-13)
