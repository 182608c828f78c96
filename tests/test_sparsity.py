import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relubook import sparsity


@given(seed=st.integers(0, 1000), share=st.floats(0, 1))
def test_zero_fraction_counts_exact_zeros_only(seed, share):
    g = torch.Generator().manual_seed(seed)
    h = torch.rand(3, 7, 5, generator=g) + 1e-30
    h[torch.rand(h.shape, generator=g) < share] = 0
    expected = [(model == 0).sum().item() / 35 for model in h]
    assert sparsity.zero_fraction(h).tolist() == pytest.approx(expected)


def test_a_tiny_activation_is_not_a_zero():
    assert sparsity.zero_fraction(torch.tensor([[1e-38, -1e-38]])) == 0


def test_a_dead_unit_is_zero_for_every_example():
    h = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])
    assert sparsity.dead_units(h).tolist() == [True, False, False]


@given(seed=st.integers(0, 1000), scale=st.floats(1e-3, 1e3))
def test_graded_measures_do_not_see_the_scale_and_stay_between_0_and_1(seed, scale):
    h = torch.rand(6, 8, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    for measure in (sparsity.hoyer, sparsity.lifetime_sparseness, sparsity.population_sparseness):
        value = measure(h)
        torch.testing.assert_close(measure(scale * h), value)
        assert ((value > -1e-12) & (value < 1 + 1e-12)).all()


def test_hoyer_is_0_for_equal_units_and_1_for_a_single_one():
    h = torch.tensor([[2.0, 2.0, 2.0, 2.0], [0.0, 3.0, 0.0, 0.0]])
    torch.testing.assert_close(sparsity.hoyer(h), torch.tensor([0.0, 1.0]))


def test_population_sparseness_is_lifetime_sparseness_the_other_way_round():
    h = torch.rand(4, 9, generator=torch.Generator().manual_seed(0))
    assert torch.equal(sparsity.population_sparseness(h), sparsity.lifetime_sparseness(h.T))


@pytest.mark.parametrize("measure", [sparsity.zero_fraction, sparsity.dead_units, sparsity.hoyer])
def test_nothing_to_measure_is_refused(measure):
    with pytest.raises(ValueError, match="nothing to measure"):
        measure(torch.zeros(0, 3))


def test_hoyer_needs_two_units():
    with pytest.raises(ValueError, match="at least 2 units"):
        sparsity.hoyer(torch.ones(3, 1))
