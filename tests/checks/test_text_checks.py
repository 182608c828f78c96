import numpy as np
import pytest
import torch

from relubook.checks.text import check_carried


def right_mask(words, W, b):
    return words @ W + b > 0


def right_parts(words, W, on, V):
    return (words[:, None] * W * on) @ V


def right_rest(b, on, V, c):
    return (b * on) @ V + c


def build(*, mask=right_mask, parts=right_parts, rest=right_rest):
    """A right answer, but for the parts that are given."""

    def carried(words, W, b, V, c):
        on = right_mask(words, W, b)
        return parts(words, W, mask(words, W, b), V), rest(b, on, V, c)

    return carried


def of_all(parts=None, rest=None):
    """A right answer, but for what is made from all arguments."""

    def carried(words, W, b, V, c):
        found = build()(words, W, b, V, c)
        pairs = zip((parts, rest), found, strict=True)
        return tuple(own(words, W, b, V, c) if own else one for own, one in pairs)

    return carried


def softmax(z):
    away = np.exp(z - z.max(axis=-1, keepdims=True))
    return away / away.sum(axis=-1, keepdims=True)


def logits(words, W, b, V, c):
    return np.maximum(words @ W + b, 0) @ V + c


def by_torch(words, W, b, V, c):
    """The gradient of each logit by the words is what one more of a word carries."""
    W, b, V, c = (torch.tensor(array) for array in (W, b, V, c))
    x = torch.tensor(words, requires_grad=True)
    slopes = torch.autograd.functional.jacobian(lambda x: (x @ W + b).relu() @ V + c, x)
    parts = (slopes * x).T.detach()
    return parts, (((x @ W + b).relu() @ V + c) - parts.sum(0)).detach()


def in_float32(words, W, b, V, c):
    arrays = (np.float32(array) for array in (words, W, b, V, c))
    return list(build()(*arrays))


def step_by_step(words, W, b, V, c):
    parts, rest = np.zeros((len(words), len(c))), c.copy()
    for unit in range(len(b)):
        if words @ W[:, unit] + b[unit] > 0:
            rest += b[unit] * V[unit]
            for term in range(len(words)):
                parts[term] += words[term] * W[term, unit] * V[unit]
    return parts.tolist(), rest.tolist()


@pytest.mark.parametrize("function", [build(), by_torch, in_float32, step_by_step])
def test_right_answers_pass(function):
    for _ in range(20):
        outcome = check_carried(function)
        assert outcome.passed == outcome.total == 8, outcome


def damages_words(words, W, b, V, c):
    answer = build()(words, W, b, V, c)
    words[:] = words > 0
    words += 1
    return answer


def damages_weights(words, W, b, V, c):
    on = right_mask(words, W, b)
    W *= on
    W *= words[:, None]
    return W @ V, right_rest(b, on, V, c)


def damages_and_uses(words, W, b, V, c):
    W *= words[:, None] + 1
    return build()(words, W, b, V, c)


def only_for_many(words, W, b, V, c):
    carried, rest = build()(words, W, b, V, c)
    return carried * (len(words) == 9), rest


def shares(words, W, b, V, c):
    own = (b * right_mask(words, W, b)) @ V
    return build()(words, W, b, V, c)[0] + np.outer(words > 0, own) / (words > 0).sum(), c


def small_change(words, W, b, V, c):
    return build()(words, W, b, V, c)[0] + 0.1


def divides(words, W, b, V, c):
    return build()(words, W, b, V, c)[0] / (words.sum() / words.sum())


def last_review(words, W, b, V, c):
    """Which units are on is asked of other numbers than this review's."""
    return right_parts(words, W, right_mask(-words, W, b), V)


WRONG = {
    "no mask": (build(mask=lambda words, W, b: np.ones_like(b)), "All units count"),
    "the other units": (build(mask=lambda words, W, b: words @ W + b <= 0), "do not"),
    "absent words": (build(parts=lambda words, W, on, V: W * on @ V), "not there carry"),
    "no mask, absent words": (of_all(lambda words, W, b, V, c: W @ V), "not there as well"),
    "each word alone": (
        of_all(lambda words, W, b, V, c: np.maximum(words[:, None] * W + b, 0) @ V),
        "for the whole review",
    ),
    "each word alone, without biases": (
        of_all(lambda words, W, b, V, c: np.maximum(words[:, None] * W, 0) @ V),
        "for the whole review",
    ),
    "a mask for each word": (
        of_all(lambda words, W, b, V, c: words[:, None] * W * (W + b > 0) @ V),
        "for the whole review",
    ),
    "the mask of another review": (of_all(last_review), "which of them are on for this review"),
    "the mask of an empty review": (build(mask=lambda words, W, b: b > 0), "an empty review"),
    "the mask of all words": (
        build(mask=lambda words, W, b: W.sum(axis=0) + b > 0),
        "a review that has every word",
    ),
    "the mask without biases": (
        build(mask=lambda words, W, b: words @ W > 0),
        "without their biases `b`",
    ),
    "biases shared": (shares, "shared among the words"),
    "biases with each word": (
        of_all(lambda words, W, b, V, c: words[:, None] * (W + b) * right_mask(words, W, b) @ V),
        "shared among the words",
    ),
    "no V": (
        of_all(lambda words, W, b, V, c: words[:, None] * W * right_mask(words, W, b)),
        "through the weights `V`",
    ),
    "no V, no mask": (
        of_all(lambda words, W, b, V, c: words[:, None] * W),
        "through the weights `V`",
    ),
    "outputs as slopes": (
        of_all(lambda words, W, b, V, c: words[:, None] * W * np.maximum(words @ W + b, 0) @ V),
        "its slope is 1",
    ),
    "what changes without the word": (
        of_all(
            lambda words, W, b, V, c: (
                logits(words, W, b, V, c)
                - np.array([logits(words * (np.arange(9) != t), W, b, V, c) for t in range(9)])
            )
        ),
        "keep those of this review",
    ),
    "chances of the parts": (
        of_all(lambda *given: softmax(build()(*given)[0])),
        "before the softmax",
    ),
    "chances shared out": (
        of_all(lambda *given: build()(*given)[0] * softmax(logits(*given))),
        "before the softmax",
    ),
    "transposed": (of_all(lambda *given: build()(*given)[0].T), "is transposed"),
    "added up": (of_all(lambda *given: build()(*given)[0].sum(axis=0)), "Return a row for each"),
    "only words that are there": (
        of_all(lambda words, *rest: build()(words, *rest)[0][words > 0]),
        "Absent terms carry 0",
    ),
    "each unit": (
        of_all(
            lambda words, W, b, V, c: (
                words[:, None, None] * W[..., None] * right_mask(words, W, b)[:, None] * V
            )
        ),
        "Add up the units",
    ),
    "one number": (of_all(lambda *_: 1.0), "has the shape (), not (9, 5)"),
    "something else": (of_all(small_change), "with what weight does each reach"),
    "hidden biases left out": (build(rest=lambda b, on, V, c: c), "hidden units are left out"),
    "class biases left out": (build(rest=lambda b, on, V, c: b * on @ V), "biases `c` of the"),
    "biases of all units": (build(rest=lambda b, on, V, c: b @ V + c), "of all units count"),
    "biases of units that are off": (
        build(rest=lambda b, on, V, c: b * ~on @ V + c),
        "that are off count",
    ),
    "an empty review": (
        build(rest=lambda b, on, V, c: np.maximum(b, 0) @ V + c),
        "other units are on",
    ),
    "hidden biases twice": (
        build(rest=lambda b, on, V, c: 2 * b * on @ V + c),
        "hidden biases count twice",
    ),
    "class biases twice": (
        build(rest=lambda b, on, V, c: b * on @ V + 2 * c),
        "biases `c` count twice",
    ),
    "all biases twice": (
        build(rest=lambda b, on, V, c: 2 * (b * on @ V + c)),
        "All biases count twice",
    ),
    "the logits": (of_all(rest=logits), "It returns the logits"),
    "what words carry together": (
        of_all(rest=lambda *given: build()(*given)[0].sum(axis=0)),
        "what all words carry together",
    ),
    "the other sign": (build(rest=lambda b, on, V, c: -(b * on @ V) - c), "subtracts the biases"),
    "chances": (of_all(rest=lambda *given: softmax(logits(*given))), "before the softmax"),
    "chances without words": (
        of_all(rest=lambda *given: softmax(build()(*given)[1])),
        "before the softmax",
    ),
    "rest of another shape": (
        of_all(rest=lambda *given: build()(*given)[1][:, None]),
        "the shape (5, 1), not (5,)",
    ),
    "another rest": (build(rest=lambda b, on, V, c: b * on @ V + c + 1), "Which biases reach"),
    "words as 0 or 1": (
        of_all(lambda words, W, b, V, c: right_parts(words > 0, W, right_mask(words, W, b), V)),
        "occurs twice carries twice",
    ),
    "words squared": (
        of_all(lambda words, W, b, V, c: right_parts(words**2, W, right_mask(words, W, b), V)),
        "multiplies by `words` twice",
    ),
    "mask of 0 and 1": (
        build(mask=lambda words, W, b: (words > 0) @ W + b > 0),
        "Which units are on is asked of 0 and 1",
    ),
    "roots of counts": (
        of_all(lambda words, W, b, V, c: right_parts(words**0.5, W, right_mask(words, W, b), V)),
        "more than once",
    ),
    "counts cut off": (
        lambda words, *rest: build()(np.minimum(words, 1), *rest),
        "more than once",
    ),
    "only for one size": (only_for_many, "It is wrong for 7 terms, 1 units"),
    "something from nothing": (
        of_all(
            lambda words, W, b, V, c: right_parts(
                words, W, on if (on := right_mask(words, W, b)).any() else np.ones_like(b), V
            )
        ),
        "that turns no unit on, words carry",
    ),
    "not a number": (of_all(divides), "without any words"),
    "damages words": (damages_words, "changes the array `words`"),
    "damages weights": (damages_weights, "changes the array `W`"),
    "damages and uses": (damages_and_uses, "reckons with what is left"),
    "one array": (lambda *given: build()(*given)[0], "two arrays"),
    "stops": (lambda words, W, b, V, c: W @ c, "It stops with ValueError"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    function, words = WRONG[name]
    for _ in range(5):
        outcome = check_carried(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None, lambda *_: ...])
def test_an_exercise_that_was_not_begun_is_not_solved(unsolved):
    assert not check_carried(unsolved).solved
