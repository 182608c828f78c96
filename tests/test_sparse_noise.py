"""Noise on sparse rows has the chances of noise on dense ones, and touches far fewer numbers.

Tolerances are five standard deviations of what is counted; all seeds are fixed.
"""

import itertools

import pytest
import torch
from sparse_examples import bags

from relubook import seeds, sparse_batches, sparse_noise
from relubook.corruptions import Corruption

MODELS, BATCH, TERMS = 2, 50, 40
PAIRS = [(0.25, 0.0), (0.0, 0.02), (0.8, 0.005), (0.3, 0.3)]


def batch(models: int = MODELS, examples: int = BATCH, terms: int = TERMS) -> torch.Tensor:
    x = bags(examples, terms)
    return sparse_batches.take(x, torch.arange(examples).expand(models, -1))


def streams(*numbers: int) -> list[torch.Generator]:
    return [seeds.stream(number, "noise") for number in numbers]


def counts(x: torch.Tensor, noise: Corruption, turns: int, *, sparse: bool) -> torch.Tensor:
    """How often each number was 1 after noise, in many turns."""
    generators, x = streams(5, 6), x if sparse else x.to_dense()
    total = torch.zeros(tuple(x.shape))
    for _ in range(turns):
        total += sparse_batches.dense(noise(x, generators))
    return total


@pytest.mark.parametrize(("masked", "salted"), PAIRS)
@pytest.mark.parametrize("sparse", [True, False])
def test_every_number_has_the_chance_that_it_should_have(masked, salted, sparse):
    turns, x, noise = 400, batch(), Corruption(masked=masked, salted=salted)
    found = counts(x, noise, turns, sparse=sparse)
    chance = torch.where(x.to_dense() == 1, 1 - masked, salted)
    sigma = (turns * chance * (1 - chance)).sqrt()
    assert ((found - turns * chance).abs() <= 5 * sigma + 1e-3).all()
    for value in (0, 1):  # together, far narrower
        here = x.to_dense() == value
        spread = 5 * float((sigma[here] ** 2).sum().sqrt()) + 1e-3
        assert abs(float((found - turns * chance)[here].sum())) <= spread


@pytest.mark.parametrize("sparse", [True, False])
def test_the_number_of_salted_zeros_in_a_row_is_binomial(sparse):
    salted, noise = 0.03, Corruption(masked=0.0, salted=0.03)
    x = batch()
    zeros, given = (x.to_dense() == 0).sum(-1), x if sparse else x.to_dense()
    generators, found = streams(5, 6), []
    for _ in range(400):
        made = sparse_batches.dense(noise(given, generators))
        found.append((made - x.to_dense()).sum(-1))
    salt = torch.stack(found).double()
    mean, variance = salted * zeros, salted * (1 - salted) * zeros
    normed = (salt - mean) / variance.sqrt()
    many = normed.numel()
    assert abs(float(normed.mean())) < 5 / many**0.5
    assert abs(float(normed.square().mean()) - 1) < 5 * (2 / many) ** 0.5 * 1.3
    three = (1 - salted) ** zeros.double()  # of no salt at all in a row
    share = (salt == 0).double().sum() - 400 * three.sum()
    assert abs(float(share)) < 5 * float((400 * three * (1 - three)).sum().sqrt())


@pytest.mark.parametrize("chance", [0.001, 0.02, 0.3, 0.9])
def test_places_are_chosen_independently_of_each_other(chance):
    count, turns, generator = 12, 3000, seeds.stream(1, "places")
    total, pairs = torch.zeros(count), torch.zeros(count, count)
    for _ in range(turns):
        chosen = sparse_noise.places(count, chance, generator)
        assert torch.equal(chosen, chosen.unique())  # ascending, each once
        hot = torch.zeros(count)
        hot[chosen] = 1
        total += hot
        pairs += hot.outer(hot)
    sigma = (turns * chance * (1 - chance)) ** 0.5
    assert ((total - turns * chance).abs() <= 5 * sigma).all()
    square = chance**2
    spread = 5 * (turns * square * (1 - square)) ** 0.5 + 1
    for one, other in itertools.combinations(range(count), 2):
        assert abs(float(pairs[one, other]) - turns * square) <= spread


def test_places_follow_their_gaps_to_the_end_however_few_are_drawn_at_once(monkeypatch):
    many = sparse_noise.places(10_000, 0.01, seeds.stream(2, "places"))
    monkeypatch.setattr(sparse_noise, "_MARGIN", -9.9)
    few = sparse_noise.places(10_000, 0.01, seeds.stream(2, "places"))
    assert torch.equal(many, few)
    assert int(many[0]) >= 0
    assert 9_000 < int(many[-1]) < 10_000


@pytest.mark.parametrize("count", [0, 1, 5])
def test_a_chance_of_nothing_or_a_line_of_nothing_gives_nothing(count):
    assert len(sparse_noise.places(count, 0.0, seeds.stream(0, "places"))) == 0
    assert len(sparse_noise.places(0, 0.5, seeds.stream(0, "places"))) == 0


def test_without_noise_nothing_changes_and_masks_add_nothing():
    x = batch()
    assert torch.equal(Corruption(masked=0.0)(x, streams(0, 1)).to_dense(), x.to_dense())
    masked = Corruption(masked=0.5)(x, streams(0, 1)).to_dense()
    assert (masked <= x.to_dense()).all()
    salted = Corruption(masked=0.0, salted=0.1)(x, streams(0, 1)).to_dense()
    assert (salted >= x.to_dense()).all()


@pytest.mark.parametrize(("masked", "salted"), PAIRS)
def test_noise_of_a_model_depends_on_its_own_generator_only(masked, salted):
    noise = Corruption(masked=masked, salted=salted)
    many = noise(batch(3), streams(7, 8, 9)).to_dense()
    assert torch.equal(many[1:2], noise(batch(1), streams(8)).to_dense())
    assert not torch.equal(many[1], many[2])


def test_noise_leaves_sorted_entries_without_a_stored_zero_and_the_examples_as_they_are():
    x = batch()
    before = x.to_dense()
    found = Corruption(masked=0.4, salted=0.1)(x, streams(0, 1))
    cells = sparse_batches.cells(found)
    assert (cells.diff() > 0).all()
    assert (found.values() == 1).all()
    assert torch.equal(x.to_dense(), before)


def test_values_that_are_no_ones_keep_what_noise_leaves_them():
    x = batch() * 0.25
    found = Corruption(masked=0.4, salted=0.1)(x.coalesce(), streams(0, 1))
    assert set(found.values().unique().tolist()) == {0.25, 1.0}


def test_an_empty_mini_batch_can_be_salted():
    x = sparse_batches.take(bags(3, TERMS), torch.zeros(2, 200, dtype=torch.int64))
    found = Corruption(masked=0.5, salted=0.1)(x, streams(0, 1)).to_dense()
    assert float(found.mean()) == pytest.approx(0.1, abs=0.02)


def test_few_numbers_are_drawn(monkeypatch):
    drawn, rand, x = [], torch.rand, batch()
    monkeypatch.setattr(torch, "rand", lambda *size, **k: drawn.append(size) or rand(*size, **k))
    Corruption(masked=0.4, salted=0.1)(x, streams(0, 1))
    assert sum(count for (count,) in drawn) == len(x.values()) < x.numel() / 5


def test_one_generator_for_each_model_is_needed():
    with pytest.raises(ValueError, match=r"one generator per model\. Got 1 for 2"):
        Corruption()(batch(), streams(0))
