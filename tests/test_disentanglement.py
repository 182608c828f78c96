"""DCI scores: closed forms, codes made of the factors, and the same scores by scipy's entropy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy

from relubook.disentanglement import completeness, disentanglement, score

LEVELS = (5, 5, 18, 9, 6)
FITTED = 900

importances = arrays(
    float,
    st.tuples(st.integers(2, 8), st.integers(2, 5)),
    elements=st.floats(0, 1).map(lambda number: round(number, 3)),
)


def known(count=1_200, seed=0):
    """Independent factors, as classes."""
    generator = np.random.default_rng(seed)
    return np.stack([generator.integers(levels, size=count) for levels in LEVELS], axis=1)


def scored(code, factors):
    """Scores learned from most of the examples."""
    fitting, testing = slice(0, FITTED), slice(FITTED, None)
    return score((code[fitting], factors[fitting]), (code[testing], factors[testing]))


def turned(code, seed):
    """The code of standardized units, rotated at random."""
    normal = np.random.default_rng(seed).normal(size=2 * [code.shape[1]])
    return (code - code.mean(0)) / code.std(0) @ np.linalg.qr(normal)[0]


# Codes


@pytest.mark.parametrize("seed", [0, 1])
def test_a_code_of_the_factors_themselves_is_disentangled_and_complete(seed):
    factors = known(seed=seed)
    found = scored(factors[:, ::-1].astype(float), factors)
    np.testing.assert_allclose(found.importance, np.eye(len(LEVELS))[::-1], atol=1e-12)
    assert found.disentanglement == pytest.approx(1)
    assert found.completeness == pytest.approx(1)
    assert (found.accuracy == 1).all()


def test_the_same_code_turned_at_random_is_neither_though_it_tells_as_much():
    factors = known()
    found = [scored(turned(factors.astype(float), seed), factors) for seed in range(3)]
    assert np.mean([each.disentanglement for each in found]) < 0.25
    assert np.mean([each.completeness for each in found]) < 0.25
    chance = 1 / np.array(LEVELS)
    assert (np.mean([each.accuracy for each in found], axis=0) > 1.8 * chance).all()


def test_a_unit_for_every_level_is_disentangled_but_not_complete():
    factors = known()
    code = np.concatenate(
        [np.eye(levels)[factor] for levels, factor in zip(LEVELS, factors.T, strict=True)], axis=1
    )
    found = scored(code, factors)
    assert found.disentanglement == pytest.approx(1)
    assert found.completeness < 0.7


def test_two_units_that_share_two_factors_cost_what_the_formula_says():
    factors = known().astype(float)
    code = factors.copy()
    code[:, 0], code[:, 1] = factors[:, 0] + factors[:, 1], factors[:, 0] - factors[:, 1]
    found = scored(code, factors.astype(int))
    shared = 1 - np.log(2) / np.log(len(LEVELS))
    assert found.disentanglement == pytest.approx((2 * shared + 3) / 5, abs=0.02)
    assert found.completeness == pytest.approx((2 * shared + 3) / 5, abs=0.02)


def test_a_code_that_knows_nothing_is_about_all_factors_alike_and_guesses():
    factors = known()
    noise = np.random.default_rng(1).normal(size=(len(factors), 40))
    found = scored(noise, factors)
    assert found.disentanglement < 0.03
    assert found.completeness < 0.03
    np.testing.assert_allclose(found.accuracy, 1 / np.array(LEVELS), atol=0.09)


def test_a_silent_unit_and_units_in_another_order_change_nothing_but_ties():
    factors = known()
    code = np.column_stack([factors.astype(float), np.zeros(len(factors))])
    found = scored(code, factors)
    assert found.disentanglement == pytest.approx(1)
    assert (found.importance[-1] == 0).all()
    assert np.isnan(scored(np.zeros((len(factors), 3)), factors).disentanglement)


def test_scores_repeat_by_seed():
    factors = known()
    code = turned(factors.astype(float), 0)
    first, again = scored(code, factors), scored(code, factors)
    np.testing.assert_array_equal(first.importance, again.importance)
    np.testing.assert_array_equal(first.accuracy, again.accuracy)


def test_each_forests_importances_add_up_to_one():
    factors = known()
    found = scored(turned(factors.astype(float), 0), factors)
    np.testing.assert_allclose(found.importance.sum(0), 1)


# Importances


@settings(deadline=None)
@given(importances)
def test_disentanglement_is_the_weighted_entropy_of_the_units(importance):
    found = disentanglement(importance)
    totals = importance.sum(1)
    if totals.sum() == 0:
        assert np.isnan(found)
        return
    used = totals > 0
    each = 1 - entropy(importance[used], axis=1, base=importance.shape[1])
    assert found == pytest.approx(np.average(each, weights=totals[used]), abs=1e-9)
    assert -1e-12 <= found <= 1 + 1e-12


@settings(deadline=None)
@given(importances)
def test_completeness_is_disentanglement_with_units_and_factors_exchanged(importance):
    expected = disentanglement(importance.T.copy())
    assert completeness(importance) == pytest.approx(expected, nan_ok=True)


@settings(deadline=None)
@given(importances, st.integers(0, 1000), st.floats(0.1, 10))
def test_neither_order_nor_size_matters(importance, seed, size):
    generator = np.random.default_rng(seed)
    mixed = generator.permutation(generator.permutation(importance, axis=0), axis=1) * size
    for measure in (disentanglement, completeness):
        assert measure(mixed) == pytest.approx(measure(importance), abs=1e-9, nan_ok=True)


def test_all_alike_is_0_and_one_each_is_1():
    assert disentanglement(np.ones((7, 4))) == pytest.approx(0)
    assert completeness(np.ones((7, 4))) == pytest.approx(0)
    assert disentanglement(np.eye(4)) == completeness(np.eye(4)) == pytest.approx(1)


# What is refused


@pytest.mark.parametrize(
    ("importance", "words"),
    [
        (np.ones((3, 1)), "two factors or more"),
        (np.array([[1.0, -1.0]]), "at least 0"),
        (np.array([[1.0, np.nan]]), "must be finite"),
        (np.array([[1.0, np.inf]]), "must be finite"),
    ],
)
def test_importances_without_an_entropy_are_refused(importance, words):
    with pytest.raises(ValueError, match=words):
        disentanglement(importance)


def test_completeness_needs_two_units():
    with pytest.raises(ValueError, match="two units or more"):
        completeness(np.ones((1, 3)))


@pytest.mark.parametrize(
    ("fitting", "testing", "words"),
    [
        ((np.zeros((4, 3)), np.zeros((5, 2), int)), None, "Got 4 codes and factors of 5"),
        ((np.zeros((0, 3)), np.zeros((0, 2), int)), None, "Got 0 codes"),
        ((np.full((4, 3), np.nan), np.zeros((4, 2), int)), None, "Got NaN or infinity"),
        (None, (np.zeros((4, 2)), np.zeros((4, 2), int)), "the same units and factors"),
        (None, (np.zeros((4, 3)), np.zeros((4, 3), int)), "the same units and factors"),
    ],
)
def test_codes_and_factors_that_do_not_fit_are_refused_in_one_sentence(fitting, testing, words):
    fine = (np.zeros((4, 3)), np.zeros((4, 2), int))
    with pytest.raises(ValueError, match=words):
        score(fitting or fine, testing or fine)
