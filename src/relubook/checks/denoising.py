"""Checks of the assignment on denoising: which inputs are masked."""

import math
import secrets

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.checks import Outcome
from relubook.checks.denoising_answers import (
    Student,
    alike,
    asked,
    changed,
    numbers,
    outcome,
)

_ROWS, _COLUMNS = 200, 300
_SHARE = 0.015  # 7 standard deviations or more of a share of all inputs
_NARROW, _WIDE = 0.45, 2.0  # of the variance of counts: 5 and 10 standard deviations from 1
_ELSEWHERE = (
    "Two generators that begin at the same seed give two different masks. From where do your "
    "random numbers come, if not from the given generator?"
)


def check_corrupt(function: object) -> Outcome:
    """Check a function `corrupt(x, noise, generator)` for which inputs it masks.

    Args:
        function: Takes examples [batch inputs], a probability, and a torch.Generator. Returns a new
            tensor, in which each input is 0 with this probability, drawn anew for each input of
            each example at every call, and otherwise as it was.

    Returns:
        What was found.

    >>> def corrupt(x, noise, generator):
    ...     return x * (torch.rand(x.shape, generator=generator) >= noise)
    >>> check_corrupt(corrupt)
    All public checks passed (5 of 5).
    """
    return outcome(function, (_values, _share, _calls, _generators, _independent))


def check_corrupt_care(function: object) -> Outcome:
    """Check what the same function does at its edges, and to what it is given.

    Args:
        function: At noise 0 it returns a copy, at 1 only zeros; any other noise that is not
            between 0 and 1 is a ValueError. Dtype and arguments stay what they are, and so does
            torch's global random state.

    Returns:
        What was found.
    """
    return outcome(function, (_whole, _nothing_left, _refused, _kept, _global_state))


def fresh() -> torch.Generator:
    """A generator that begins elsewhere each time."""
    return torch.Generator().manual_seed(secrets.randbits(62))


def examples(rows: int, columns: int) -> Float[Tensor, "rows columns"]:
    """Examples without a zero, so that a masked input is seen [1]."""
    return 0.3 + 1.3 * torch.rand(rows, columns, generator=fresh())


def draw(
    function: Student, x: Tensor, noise: int | float, generator: torch.Generator
) -> Float[Tensor, "rows columns"]:
    """What comes out for a copy of the examples, in float64."""
    answer = asked(function, x.clone(), noise, generator)
    return numbers(answer, tuple(x.shape), "What it returns")


def _noise() -> float:
    """A probability that no other reading of the question comes near."""
    return 0.2 + 0.2 * float(torch.rand((), generator=fresh()))


def _values(function: Student) -> str | None:
    """Each number is 0, or what it was."""
    x, noise = examples(_ROWS, _COLUMNS), _noise()
    y, x = draw(function, x, noise, fresh()), x.double()
    if not y.isfinite().all():
        return "It returns NaN or infinity."
    if torch.equal(y, x):
        return "It masks nothing: what comes out is what went in."
    left = y != 0
    if not left.any():
        return "It sets all inputs to 0. Which share of them should be?"
    if bool(left.all()):
        return "No input is 0. Masking sets some inputs to 0; it adds no noise to the others."
    if alike(y[left], x[left] / (1 - noise)) or alike(y[left], x[left] / noise):
        return (
            "What is kept is multiplied, so that its mean stays. That is dropout; here a kept "
            "input stays as it is."
        )
    if alike(y[left], torch.ones_like(y[left])):
        return "It returns which inputs are kept (0 and 1), not the examples."
    return None if alike(y[left], x[left]) else "It changes inputs that it does not set to 0."


def _share(function: Student) -> str | None:
    """How many are 0."""
    noise = _noise()
    masked = draw(function, examples(_ROWS, _COLUMNS), noise, fresh()) == 0
    share = float(masked.double().mean())
    if abs(share - noise) <= _SHARE or bool((masked == masked[:1]).all() | masked.all()):
        return None  # one row for all is told below
    if bool((masked == masked[:, :1]).all()):
        return "It masks whole examples. Each input is kept or masked on its own."
    if abs(1 - share - noise) <= _SHARE:
        return "The noise is the probability to be masked, not that to be kept."
    return f"At noise {noise:.3f} it masks {share:.3f} of all inputs. Which share should it be?"


def _independent(function: Student) -> str | None:
    """Each input of each example has its own draw."""
    noise = _noise()
    masked = draw(function, examples(_ROWS, _COLUMNS), noise, fresh()) == 0
    if bool((masked == masked[:1]).all()):
        return "All examples of a mini-batch have the same mask. Each has its own draws."
    if bool((masked == masked[:, :1]).all()):
        return "It masks whole examples. Each input is kept or masked on its own."
    counts = (masked.sum(1), masked.sum(0))
    for count, draws, kind in zip(counts, (_COLUMNS, _ROWS), ("example", "input"), strict=True):
        spread = float(count.double().var()) / (draws * noise * (1 - noise))
        if spread < _NARROW:
            return (
                f"The number of masks for each {kind} is (nearly) always the same. With draws of "
                "their own for all inputs it would vary."
            )
        if spread > _WIDE:
            return (
                f"The number of masks for each {kind} varies too much. Is one draw used for "
                "several inputs?"
            )
    x = examples(10, 10)
    totals = {int((draw(function, x, noise, fresh()) == 0).sum()) for _ in range(12)}
    if len(totals) == 1:
        return "It always masks the same number of inputs. With a draw for each it would vary."
    return None


def _calls(function: Student) -> str | None:
    """The generator moves on."""
    x, generator, noise = examples(20, 30), fresh(), _noise()
    first, second = (draw(function, x, noise, generator) for _ in range(2))
    if torch.equal(first, second):
        return "A second call gives the same mask. Every call should draw on, where the last ended."
    return None


def _generators(function: Student) -> str | None:
    """All randomness is the generator's."""
    x, seed, noise = examples(20, 30), secrets.randbits(62), _noise()
    first, again = (draw(function, x, noise, torch.Generator().manual_seed(seed)) for _ in range(2))
    if not torch.equal(first, again):
        return _ELSEWHERE
    if torch.equal(first, draw(function, x, noise, fresh())):
        return "Whatever the generator's seed, the mask is the same. Leave its seed alone."
    return None


def _whole(function: Student) -> str | None:
    """Noise 0."""
    for noise in (0, 0.0):
        x = examples(30, 40)
        try:
            answer = asked(function, x, noise, fresh())
        except ValueError:
            return "It refuses the noise 0, at which nothing is masked. 0 is allowed."
        y = numbers(answer, tuple(x.shape), "What it returns")
        if not torch.equal(y, x.double()):
            return "At noise 0 the examples should come back as they are."
        if isinstance(answer, Tensor) and answer.data_ptr() == x.data_ptr():
            return "At noise 0 it returns `x` itself, not a new tensor: who changes it changes x."
    return None


def _nothing_left(function: Student) -> str | None:
    """Noise 1."""
    for noise in (1, 1.0):
        try:
            y = draw(function, examples(30, 40), noise, fresh())
        except ValueError:
            return "It refuses the noise 1, at which everything is masked. 1 is allowed."
        if y.ne(0).any():
            return "At noise 1 every input should be 0."
    return None


def _refused(function: Student) -> str | None:
    """No probability."""
    for noise in (-0.1, 1.01, 30.0, math.nan, -math.inf):
        try:
            asked(function, examples(3, 4), noise, fresh())
        except ValueError:
            continue
        except Exception as error:
            name = type(error).__name__
            return f"At noise {noise:g} it stops with {name}. A ValueError is asked for."
        else:
            return f"It accepts the noise {noise:g}, which is no probability. Raise a ValueError."
    return None


def _kept(function: Student) -> str | None:
    """Arguments and their dtype."""
    for dtype in (torch.float32, torch.float64):
        x = examples(20, 30).to(dtype)
        given = x.clone()
        answer = asked(function, given, _noise(), fresh())
        if sentence := changed(("x",), (given,), (x,)):
            return sentence
        if isinstance(answer, Tensor) and answer.dtype != dtype:
            return f"For examples in {dtype} it returns {answer.dtype}. Keep the dtype."
    return None


def _global_state(function: Student) -> str | None:
    """What other code draws from stays where it is."""
    before = torch.random.get_rng_state()
    draw(function, examples(20, 30), _noise(), fresh())
    if torch.equal(before, torch.random.get_rng_state()):
        return None
    torch.random.set_rng_state(before)
    return "It draws from torch's global random state, or seeds it. Use the given generator only."
