import numpy as np
import pytest

from relubook.checks.saturation import check_rescale


def refuse(alphas):
    if not all(alpha > 0 for alpha in alphas):
        raise ValueError("each alpha must be above 0")


def right(weights, biases, alphas):
    refuse(alphas)
    divisors = [*alphas, 1 / np.prod(alphas)]
    so_far = np.cumprod(divisors)
    return (
        [w / d for w, d in zip(weights, divisors, strict=True)],
        [b / s for b, s in zip(biases, so_far, strict=True)],
    )


def step_by_step(weights, biases, alphas):
    refuse(alphas)
    new_weights, new_biases, product = [], [], 1.0
    for w, b, alpha in zip(weights, biases, alphas, strict=False):
        product *= alpha
        new_weights.append(w / alpha)
        new_biases.append(b / product)
    return [*new_weights, weights[-1] * product], [*new_biases, biases[-1]]


def as_tuples(weights, biases, alphas):
    return tuple(tuple(part) for part in right(weights, biases, alphas))


@pytest.mark.parametrize("function", [right, step_by_step, as_tuples])
def test_right_answers_pass(function):
    for _ in range(20):
        outcome = check_rescale(function)
        assert outcome.passed == outcome.total == 6, outcome


def not_compensated(weights, biases, alphas):
    refuse(alphas)
    so_far = np.cumprod(alphas)
    hidden = list(zip(weights, biases, alphas, so_far, strict=False))
    return (
        [*[w / a for w, _, a, _ in hidden], weights[-1]],
        [*[b / s for _, b, _, s in hidden], biases[-1]],
    )


def law_only(weights, biases, alphas):
    """The paper's law with 1 for the last layer: the outputs shrink by the product."""
    new_weights, new_biases = not_compensated(weights, biases, alphas)
    return new_weights, [*new_biases[:-1], biases[-1] / np.prod(alphas)]


def divided_again(weights, biases, alphas):
    new_weights, new_biases = not_compensated(weights, biases, alphas)
    return [*new_weights[:-1], weights[-1] / np.prod(alphas)], new_biases


def biases_forgotten(weights, biases, alphas):
    return right(weights, biases, alphas)[0], biases


def last_bias_too(weights, biases, alphas):
    new_weights, new_biases = right(weights, biases, alphas)
    return new_weights, [*new_biases[:-1], biases[-1] * np.prod(alphas)]


def own_factor_only(weights, biases, alphas):
    new_weights, new_biases = right(weights, biases, alphas)
    own = [b / a for b, a in zip(biases, alphas, strict=False)]
    return new_weights, [*own, new_biases[-1]]


def multiplied(weights, biases, alphas):
    refuse(alphas)
    return right(weights, biases, [1 / a for a in alphas])


def unchanged(weights, biases, alphas):
    refuse(alphas)
    return [w.copy() for w in weights], [b.copy() for b in biases]


def all_in_the_first(weights, biases, alphas):
    refuse(alphas)
    return right(weights, biases, [float(np.prod(alphas)), *[1.0] * (len(alphas) - 1)])


def anything_goes(weights, biases, alphas):
    divisors = [*alphas, 1 / np.prod(alphas)]
    so_far = np.cumprod(divisors)
    return (
        [w / d for w, d in zip(weights, divisors, strict=True)],
        [b / s for b, s in zip(biases, so_far, strict=True)],
    )


def by_the_product(weights, biases, alphas):
    """Refuses only what the product shows."""
    if np.prod(alphas) <= 0:
        raise ValueError
    return anything_goes(weights, biases, alphas)


def in_place(weights, biases, alphas):
    refuse(alphas)
    product = 1.0
    for place, alpha in enumerate(alphas):
        product *= alpha
        weights[place] /= alpha
        biases[place] /= product
    weights[-1] *= product
    return weights, biases


def in_the_list(weights, biases, alphas):
    new_weights, new_biases = right(weights, biases, alphas)
    weights[:] = new_weights
    return weights, new_biases


def two_layers_only(weights, biases, alphas):
    if len(alphas) > 2:
        return unchanged(weights, biases, alphas)
    return right(weights, biases, alphas)


def one_array(weights, biases, alphas):
    return weights[0]


def other_shapes(weights, biases, alphas):
    return [w.T for w in weights], biases


WRONG = {
    not_compensated: "must undo the factor",
    law_only: "must undo the factor",
    divided_again: "instead of its inverse",
    biases_forgotten: "bias is part of what must shrink",
    last_bias_too: "after the factor is undone",
    own_factor_only: "by how much must its bias shrink",
    multiplied: "multiplied by their factors",
    unchanged: "Nothing is rescaled",
    all_in_the_first: "divided by alphas",
    anything_goes: "accepts the factors",
    by_the_product: "accepts the factors",
    in_place: "Make new ones",
    in_the_list: "Make new ones",
    two_layers_only: "wrong for 3 hidden layers",
    one_array: "two lists of arrays",
    other_shapes: "other shapes",
}


@pytest.mark.parametrize("function", WRONG, ids=lambda function: function.__name__)
def test_wrong_answers_are_told_what_kind_they_are(function):
    for _ in range(10):
        outcome = check_rescale(function)
        assert outcome.passed < outcome.total
        assert WRONG[function] in outcome.message


@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None])
def test_an_exercise_that_was_not_begun_is_not_solved(unsolved):
    assert not check_rescale(unsolved).solved
