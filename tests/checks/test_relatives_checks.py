import numpy as np
import pytest
import torch

from relubook.checks.relatives import check_normalize


def right(z, scale, shift, mean, variance, training):
    if training and len(z) < 2:
        raise ValueError("one example has no variance")
    if training:
        m, v = batch(z, mean, variance)
        mean, variance = tenth(z, mean, variance)
    else:
        m, v = mean, variance
    return affine(z, scale, shift, m, v), mean, variance


def batch(z, mean, variance):
    return z.mean(axis=0), z.var(axis=0)


def kept(z, mean, variance):
    return mean, variance


def tenth(z, mean, variance, share=0.1):
    return mean + share * (z.mean(axis=0) - mean), variance + share * (z.var(axis=0) - variance)


def affine(z, scale, shift, m, v):
    return scale * (z - m) / np.sqrt(v + 1e-5) + shift


def build(*, statistics=batch, formula=affine, running=tenth, later=kept, later_kept=kept):
    """A right answer, but for the parts that are given."""

    def normalize(z, scale, shift, mean, variance, training):
        if training and len(z) < 2:
            raise ValueError("one example has no variance")
        now = (statistics, running) if training else (later, later_kept)
        used, after = (part(z, mean, variance) for part in now)
        return formula(z, scale, shift, *used), *after

    return normalize


def as_in_the_paper(z, mean, variance):
    """Algorithm 2 of ioffe2015 takes the unbiased variance for later."""
    return 0.9 * mean + 0.1 * z.mean(axis=0), 0.9 * variance + 0.1 * z.var(axis=0, ddof=1)


def by_torch(z, scale, shift, mean, variance, training):
    tensors = [torch.from_numpy(array.copy()) for array in (z, mean, variance, scale, shift)]
    y = torch.nn.functional.batch_norm(*tensors, training=training)
    return y.numpy(), tensors[1].numpy(), tensors[2].numpy()


def in_float32(z, scale, shift, mean, variance, training):
    found = right(*(a.astype(np.float32) for a in (z, scale, shift, mean, variance)), training)
    return list(found)


RIGHT = [right, build(), build(running=as_in_the_paper), by_torch, in_float32]


@pytest.mark.parametrize("function", RIGHT)
def test_right_answers_pass(function):
    for _ in range(20):
        outcome = check_normalize(function)
        assert outcome.passed == outcome.total == 6, outcome


def over_units(z, mean, variance):
    return z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)


def over_units_throughout(z, scale, shift, mean, variance, training):
    """The slip as it is usually made: what is kept has another shape, too."""
    m, v = (z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True))
    if training:
        return affine(z, scale, shift, m, v), 0.9 * mean + 0.1 * m, 0.9 * variance + 0.1 * v
    return affine(z, scale, shift, mean, variance), mean, variance


def shapes_do_not_fit(z, mean, variance):
    return z.mean(axis=1), z.var(axis=1)


def moved_first(z, mean, variance):
    return tenth(z, mean, variance)


def divided_by_the_variance(z, scale, shift, m, v):
    return scale * (z - m) / (v + 1e-5) + shift


def without_epsilon(z, scale, shift, m, v):
    return scale * (z - m) / np.sqrt(v) + shift


def epsilon_behind_the_root(z, scale, shift, m, v):
    return scale * (z - m) / (np.sqrt(v) + 1e-5) + shift


def another_epsilon(z, scale, shift, m, v):
    return scale * (z - m) / np.sqrt(v + 1e-8) + shift


def no_epsilon_afterwards(z, scale, shift, mean, variance, training):
    output, *after = right(z, scale, shift, mean, variance, training)
    return output if training else without_epsilon(z, scale, shift, mean, variance), *after


def accepts_one(z, scale, shift, mean, variance, training):
    m, v = batch(z, mean, variance) if training else (mean, variance)
    after = tenth(z, mean, variance) if training else (mean, variance)
    return affine(z, scale, shift, m, v), *after


def divides_by_zero(z, scale, shift, mean, variance, training):
    unbiased = len(z) / (len(z) - 1) if training else 1.0
    m, v = batch(z, mean, variance) if training else (mean, variance)
    after = (mean, variance)
    if training:
        after = 0.9 * mean + 0.1 * m, 0.9 * variance + 0.1 * unbiased * v
    return affine(z, scale, shift, m, v), *after


def never_takes_one(z, scale, shift, mean, variance, training):
    if len(z) < 2:
        raise ValueError("too few examples")
    return right(z, scale, shift, mean, variance, training)


def damages_z(z, scale, shift, mean, variance, training):
    answer = right(z.copy(), scale, shift, mean, variance, training)
    z -= z.mean(axis=0)
    return answer


def damages_what_is_kept(z, scale, shift, mean, variance, training):
    output, *after = right(z, scale, shift, mean, variance, training)
    mean[:], variance[:] = after
    return output, mean, variance


def only_for_tall_tables(z, scale, shift, mean, variance, training):
    axis = 0 if z.shape[0] > z.shape[1] or len(z) == 1 else 1
    m, v = z.mean(axis=axis, keepdims=True), z.var(axis=axis, keepdims=True)
    output, *after = right(z, scale, shift, mean, variance, training)
    return affine(z, scale, shift, m, v) if training else output, *after


WRONG = {
    "over units": (build(statistics=over_units), "over the units of each example"),
    "over units throughout": (over_units_throughout, "over the units of each example"),
    "mean over units": (
        build(statistics=lambda z, *_: (z.mean(axis=1, keepdims=True), z.var(axis=0))),
        "over the units of each example",
    ),
    "shapes that do not fit": (build(statistics=shapes_do_not_fit), "as many examples as units"),
    "over everything": (build(statistics=lambda z, *_: (z.mean(), z.var())), "the whole table"),
    "kept ones while training": (build(statistics=kept), "When are they meant"),
    "n - 1": (
        build(statistics=lambda z, *_: (z.mean(axis=0), z.var(axis=0, ddof=1))),
        "factor that comes closer to 1",
    ),
    "moved first": (build(statistics=moved_first), "with the moved averages"),
    "neither scale nor shift": (
        build(formula=lambda z, scale, shift, m, v: (z - m) / np.sqrt(v + 1e-5)),
        "Two of the arguments",
    ),
    "no shift": (
        build(formula=lambda z, scale, shift, m, v: scale * (z - m) / np.sqrt(v + 1e-5)),
        "one of the arguments is not used",
    ),
    "no scale": (
        build(formula=lambda z, scale, shift, m, v: (z - m) / np.sqrt(v + 1e-5) + shift),
        "one of the arguments is not used",
    ),
    "swapped": (
        build(formula=lambda z, scale, shift, m, v: affine(z, shift, scale, m, v)),
        "changed places",
    ),
    "shift first": (
        build(formula=lambda z, scale, shift, m, v: scale * ((z - m) / np.sqrt(v + 1e-5) + shift)),
        "It shifts first",
    ),
    "by the variance": (build(formula=divided_by_the_variance), "by what is its variance divided"),
    "not divided": (
        build(formula=lambda z, scale, shift, m, v: scale * (z - m) + shift),
        "not made 1",
    ),
    "not centered": (
        build(formula=lambda z, scale, shift, m, v: scale * z / np.sqrt(v + 1e-5) + shift),
        "the mean is not taken away",
    ),
    "multiplied": (
        build(formula=lambda z, scale, shift, m, v: scale * (z - m) * np.sqrt(v + 1e-5) + shift),
        "What are mean and variance of each of its columns",
    ),
    "batch afterwards": (build(later=batch), "Should the answer for a digit depend"),
    "variance afterwards": (
        build(later=lambda z, mean, variance: (mean, variance**2)),
        "by what is its variance divided",
    ),
    "moved afterwards": (
        build(later=lambda z, mean, variance: tenth(z, mean, variance)),
        "Which mean and which variance are known",
    ),
    "changes afterwards": (build(later_kept=tenth), "changes what is kept"),
    "never moves": (build(running=kept), "kept mean never moves"),
    "only the mean moves": (
        build(running=lambda z, mean, variance: (tenth(z, mean, variance)[0], variance)),
        "kept variance never moves",
    ),
    "nine tenths": (
        build(running=lambda z, mean, variance: tenth(z, mean, variance, 0.9)),
        "nearly all the way",
    ),
    "last batch only": (build(running=batch), "only that of the last"),
    "a hundredth": (
        build(running=lambda z, mean, variance: tenth(z, mean, variance, 0.01)),
        "not a tenth of the way",
    ),
    "added up": (
        build(
            running=lambda z, mean, variance: (mean + 0.1 * z.mean(0), variance + 0.1 * z.var(0))
        ),
        "not a tenth of the way",
    ),
    "deviation kept": (
        build(
            running=lambda z, mean, variance: (
                tenth(z, mean, variance)[0],
                0.9 * variance + 0.1 * z.std(0),
            )
        ),
        "toward a standard deviation",
    ),
    "kept in rows": (
        build(running=lambda z, mean, variance: [a[None] for a in tenth(z, mean, variance)]),
        r"has the shape (1, 5), the kept (5,)",
    ),
    "no epsilon": (build(formula=without_epsilon), "never changes becomes nan"),
    "no epsilon afterwards": (no_epsilon_afterwards, "After training, a unit that never changes"),
    "epsilon behind the root": (build(formula=epsilon_behind_the_root), "in the wrong place"),
    "another epsilon": (build(formula=another_epsilon), "What do you add to what?"),
    "accepts one example": (accepts_one, "It accepts a mini-batch of one"),
    "divides by zero": (divides_by_zero, "mini-batch of one example: "),
    "never takes one": (never_takes_one, "it refuses a single example"),
    "damages z": (damages_z, "changes the array `z`"),
    "damages what is kept": (damages_what_is_kept, "changes the array `mean`"),
    "only for tall tables": (only_for_tall_tables, "mini-batch of 6 examples and 6 units"),
    "output only": (lambda z, *_: z, "three arrays"),
    "other shape": (
        lambda z, scale, shift, mean, variance, training: (z.T, mean, variance),
        "has the shape (5, 14)",
    ),
    "always refuses": (build(statistics=lambda z, *_: int("no number")), "invalid literal"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    function, words = WRONG[name]
    for _ in range(5):
        outcome = check_normalize(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None])
def test_an_exercise_that_was_not_begun_is_not_solved(unsolved):
    assert not check_normalize(unsolved).solved
