"""Patterns of active units against sets of tuples, closed forms and small cases."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from relubook import patterns
from relubook.networks import MLP

SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 19))
DRAWN = arrays.arrays(bool, SHAPES).map(torch.from_numpy)
RANDOM = settings(deadline=None, max_examples=60)


def as_sets(model):
    """How many examples have each set of active units."""
    return Counter(tuple(np.flatnonzero(row)) for row in model.numpy())


@RANDOM
@given(DRAWN)
def test_patterns_are_counted_as_sets_of_active_units(drawn):
    counted = [as_sets(model) for model in drawn]
    assert patterns.distinct(drawn).tolist() == [len(sets) for sets in counted]
    alone = [sum(n == 1 for n in sets.values()) / drawn.shape[1] for sets in counted]
    np.testing.assert_allclose(patterns.own(drawn), alone)


@RANDOM
@given(DRAWN)
def test_equal_numbers_are_equal_patterns(drawn):
    for model, numbers in zip(drawn, patterns.identify(drawn), strict=True):
        same = (model[:, None] == model[None]).all(-1)
        assert ((numbers[:, None] == numbers[None]) == same).all()
        assert set(numbers.tolist()) == set(range(int(numbers.max()) + 1))


@RANDOM
@given(DRAWN)
def test_the_entropy_is_that_of_the_counts_and_lies_under_its_ceilings(drawn):
    n = drawn.shape[1]
    found = patterns.entropy(drawn)
    for model, bits in zip(drawn, found, strict=True):
        shares = [count / n for count in as_sets(model).values()]
        assert float(bits) == pytest.approx(-sum(p * math.log2(p) for p in shares), abs=1e-12)
    assert (found <= patterns.distinct(drawn).double().log2() + 1e-12).all()
    assert (found <= math.log2(n) + 1e-12).all()
    assert (found <= patterns.unit_entropies(drawn) + 1e-12).all()


@RANDOM
@given(DRAWN, st.integers(0, 2**32 - 1))
def test_the_order_of_units_and_examples_does_not_matter(drawn, seed):
    generator = np.random.default_rng(seed)
    other = drawn[:, generator.permutation(drawn.shape[1])]
    other = other[:, :, generator.permutation(drawn.shape[2])]
    for measure in (patterns.distinct, patterns.own, patterns.entropy, patterns.unit_entropies):
        np.testing.assert_allclose(measure(other), measure(drawn), atol=1e-12)


@RANDOM
@given(DRAWN)
def test_the_choices_are_binomial_coefficients(drawn):
    units = drawn.shape[2]
    for model, bits in zip(drawn, patterns.choices(drawn), strict=True):
        expected = [math.log2(math.comb(units, int(row.sum()))) for row in model]
        assert float(bits) == pytest.approx(np.mean(expected), abs=1e-9)


def test_a_local_code_has_as_many_patterns_and_choices_as_units():
    local = torch.eye(8, dtype=torch.bool)[None].repeat(1, 3, 1)
    assert patterns.distinct(local).tolist() == [8]
    assert patterns.own(local).tolist() == [0.0]
    assert float(patterns.entropy(local)) == pytest.approx(3)
    assert float(patterns.choices(local)) == pytest.approx(3)


def test_fair_independent_units_carry_a_bit_each():
    every = torch.tensor(
        [[[bool(number >> unit & 1) for unit in range(6)] for number in range(64)]]
    )
    for measure in (patterns.entropy, patterns.unit_entropies):
        assert float(measure(every)) == pytest.approx(6)


def network(**options):
    return MLP((5, 7, 6, 3), seeds=[0, 1], **options)


def test_active_units_are_those_above_zero_in_all_hidden_layers():
    x = torch.randn(1300, 5, generator=torch.Generator().manual_seed(0))
    of = network()
    expected = torch.cat([h > 0 for h in of.hidden(x.expand(2, -1, -1))], dim=-1)
    assert expected.shape == (2, 1300, 13)
    assert torch.equal(patterns.active(of, x), expected)


def test_each_model_may_have_inputs_of_its_own():
    x = torch.randn(2, 9, 5, generator=torch.Generator().manual_seed(0))
    together = patterns.active(network(), x)
    for model in range(2):
        assert torch.equal(together[model], patterns.active(network(), x[model])[model])


def test_the_sign_trick_leaves_the_first_layers_patterns_alone():
    x = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    plain, signed = (patterns.active(network(sign_trick=sign), x) for sign in (False, True))
    assert torch.equal(plain[..., :7], signed[..., :7])


def test_dense_units_are_always_active():
    x = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    assert patterns.active(network(activation="softplus"), x).all()


def test_a_network_without_zeros_or_with_nothing_but_zeros_has_one_pattern():
    x = torch.randn(50, 5, generator=torch.Generator().manual_seed(0))
    of = network()
    for bias, on in ((100.0, True), (-100.0, False)):
        torch.nn.init.constant_(of.stacked_layers()[0].bias, bias)
        first = patterns.active(of, x)[..., :7]
        assert (first == on).all()
        assert patterns.distinct(first).tolist() == [1, 1]
        assert patterns.entropy(first).tolist() == [0, 0]


def test_an_output_that_is_no_number_is_not_zero():
    of = network()
    torch.nn.init.constant_(of.stacked_layers()[0].bias, math.nan)
    assert patterns.active(of, torch.zeros(3, 5)).all()


def test_what_has_no_pattern_is_refused():
    with pytest.raises(ValueError, match=r"must have 5 inputs\. Got 4"):
        patterns.active(network(), torch.zeros(3, 4))
    with pytest.raises(ValueError, match="at least 1 hidden layer"):
        patterns.active(MLP((5, 3)), torch.zeros(3, 5))
    for shape in ((1, 0, 4), (1, 4, 0)):
        with pytest.raises(ValueError, match="must hold examples and units"):
            patterns.distinct(torch.zeros(shape, dtype=torch.bool))
