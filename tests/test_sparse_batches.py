"""Mini-batches of sparse rows: the same products as with all the zeros."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sparse_examples import bags

from relubook import seeds, sparse_batches
from relubook.datasets import rows

MODELS, BATCH, TERMS, UNITS = 3, 5, 11, 4


def numbers(*shape: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(*shape, generator=seeds.stream(seed, "numbers"), dtype=dtype)


def batch(seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    chosen = torch.randint(40, (MODELS, BATCH), generator=seeds.stream(seed, "chosen"))
    x = bags(40, TERMS, seed=seed)
    return sparse_batches.take(sparse_batches.like(x, torch.empty(0, dtype=dtype)), chosen)


@given(chosen=st.lists(st.integers(0, 19), min_size=6, max_size=6))
@settings(max_examples=30)
def test_taken_rows_are_the_rows_that_were_asked_for(chosen):
    x, wanted = bags(20, TERMS), torch.tensor(chosen).view(2, 3)
    found = sparse_batches.take(x, wanted)
    assert torch.equal(found.to_dense(), x.to_dense()[wanted])
    again = torch.sparse_coo_tensor(
        found.indices(), found.values(), found.shape, check_invariants=True
    )
    assert torch.equal(again.coalesce().indices(), found.indices())  # sorted, and each place once


@pytest.mark.parametrize("seed", range(3))
def test_products_are_those_of_dense_rows(seed):
    x, weight = batch(seed), numbers(MODELS, TERMS, UNITS)
    torch.testing.assert_close(sparse_batches.product(x, weight), torch.bmm(x.to_dense(), weight))


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_what_is_subtracted_is_that_of_dense_rows_in_blocks_of_any_size(block, monkeypatch):
    monkeypatch.setattr(sparse_batches, "_BLOCK_BYTES", block)
    x, weight, update = batch(), numbers(MODELS, TERMS, UNITS), numbers(MODELS, BATCH, UNITS)
    expected = weight - x.to_dense().mT @ update
    untouched = (x.to_dense() == 0).all(1)
    assert untouched.any()
    before = weight.clone()
    sparse_batches.subtract_outer(weight, x, update)
    torch.testing.assert_close(weight, expected)
    assert torch.equal(weight[untouched], before[untouched])


def test_products_at_some_places_are_those_of_the_whole_product():
    where, h, weight = batch(), numbers(MODELS, BATCH, UNITS), numbers(MODELS, TERMS, UNITS)
    whole = torch.bmm(h, weight.mT)
    found = sparse_batches.products_at(where, h, weight)
    torch.testing.assert_close(found, whole[tuple(where.indices())])


def test_the_derivative_of_a_product_is_torchs_own():
    x, weight = batch(), numbers(MODELS, TERMS, UNITS).requires_grad_()
    sparse_batches.product(x, weight).square().sum().backward()
    other = weight.detach().clone().requires_grad_()
    torch.bmm(x.to_dense(), other).square().sum().backward()
    torch.testing.assert_close(weight.grad, other.grad)


def test_a_model_among_others_gets_the_bits_that_it_gets_alone():
    x = batch(dtype=torch.float32)
    weight = numbers(MODELS, TERMS, 70, dtype=torch.float32)
    update = numbers(MODELS, BATCH, 70, dtype=torch.float32)
    one = sparse_batches.take(rows_of(x, 1), torch.arange(BATCH).unsqueeze(0))
    alone, together = weight[1:2].clone(), weight.clone()
    assert torch.equal(sparse_batches.product(one, alone)[0], sparse_batches.product(x, weight)[1])
    own = sparse_batches.products_at(one, update[1:2], alone)
    shared = sparse_batches.products_at(x, update, weight)
    assert torch.equal(own, shared[x.indices()[0] == 1])
    sparse_batches.subtract_outer(together, x, update)
    sparse_batches.subtract_outer(alone, one, update[1:2])
    assert torch.equal(alone[0], together[1])


def rows_of(x: torch.Tensor, model: int) -> torch.Tensor:
    sparse_batches.hear_that_csr_is_in_beta()
    return x.to_dense()[model].to_sparse_csr()


def test_a_mini_batch_without_a_single_word_gives_zeros_and_changes_nothing():
    x = sparse_batches.take(bags(3, TERMS), torch.zeros(MODELS, 2, dtype=torch.int64))
    weight = numbers(MODELS, TERMS, UNITS, dtype=torch.float32)
    before = weight.clone()
    assert not sparse_batches.product(x, weight).any()
    sparse_batches.subtract_outer(weight, x, torch.ones(MODELS, 2, UNITS))
    assert torch.equal(weight, before)
    assert len(sparse_batches.products_at(x, torch.ones(MODELS, 2, UNITS), weight)) == 0


def test_weights_that_are_no_view_are_refused_rather_than_changed_in_a_copy():
    weight = numbers(MODELS, UNITS, TERMS).mT
    with pytest.raises(RuntimeError, match="view"):
        sparse_batches.subtract_outer(weight, batch(), numbers(MODELS, BATCH, UNITS))


def test_cells_lead_back_to_the_same_mini_batch():
    x = batch()
    again = sparse_batches.of_cells(sparse_batches.cells(x), x.values(), tuple(x.shape))
    assert torch.equal(again.to_dense(), x.to_dense())
    flat = x.to_dense().flatten()
    assert torch.equal(flat[sparse_batches.cells(x)], x.values())


def test_joined_rows_are_all_rows_one_after_the_other():
    one, other = bags(7, TERMS), bags(4, TERMS, seed=1)
    both = rows.join(one, other, one)
    expected = torch.cat([one.to_dense(), other.to_dense(), one.to_dense()])
    assert torch.equal(both.to_dense(), expected)
    assert both.layout == torch.sparse_csr
    assert torch.equal(rows.join(one.to_dense(), other.to_dense()), expected[:11])


def test_rows_that_cannot_be_joined_are_refused():
    with pytest.raises(ValueError, match=r"stored alike\. Got 11 sparse, 11 dense"):
        rows.join(bags(2, TERMS), bags(2, TERMS).to_dense())
    with pytest.raises(ValueError, match=r"equally many inputs.*Got 11 sparse, 12 sparse"):
        rows.join(bags(2, TERMS), bags(2, TERMS + 1))
