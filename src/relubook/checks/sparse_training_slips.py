"""Sparse training, the assignment: how its checks ask, what they draw, and slips that they know."""

import contextlib
import io
import math
import secrets
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.checks import Case, NotSolvedError

Student = Callable[..., object]
Test = Callable[[Student], str | None]

_FIRST = "Only the first batch counts. What about the others?"
_LAST = "Only the last batch counts. What about the others?"
_MEAN = (
    "It averages over batches: one example of a small batch then counts more than one of a large "
    "batch. How many activations were there in all?"
)
_ANY = (
    "Its dead units are silent throughout some batch. A unit that answers a single example of any "
    "other batch is not dead."
)


class SaidError(Exception):
    """A sentence about the form of an answer."""


def fresh() -> np.random.Generator:
    """Random numbers that nobody has seen."""
    return np.random.default_rng(secrets.randbits(62))


def quietly(function: Student, *arguments: object) -> object:
    """The answer of a function that may print and warn: what is written would cost its points.

    Args:
        function: The student's.
        arguments: To it.
    """
    nowhere = io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        warnings.simplefilter("ignore")
        return function(*arguments)


def asked(function: Student, *arguments: object) -> object:
    """The answer, which is not nothing.

    Args:
        function: The student's.
        arguments: To it.

    Raises:
        NotSolvedError: If there is no answer.
    """
    answer = quietly(function, *arguments)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def cases(*tests: Test) -> list[Case]:
    """Public checks, for which a `SaidError` is an answer like any other.

    Args:
        tests: Each takes the student's function; returns a sentence about what is wrong, or None.
    """

    def case(test: Test) -> Case:
        def safe(function: Student) -> str | None:
            try:
                return test(function)
            except SaidError as said:
                return str(said)

        return Case(test=safe)

    return [case(test) for test in tests]


def parts(answer: object, *names: str) -> list[Any]:
    """The parts of an answer, as many as there are names.

    Args:
        answer: A tuple, a list, an array or a tensor.
        names: What each is.

    Raises:
        SaidError: If it has another form.
    """
    wanted = f"What is asked for: {', '.join(names)}."
    if isinstance(answer, Tensor | np.ndarray) and answer.ndim == 1:
        answer = answer.tolist()
    if not isinstance(answer, tuple | list):
        raise SaidError(f"It returns one thing of type {type(answer).__name__}. {wanted}")
    if len(answer) != len(names):
        raise SaidError(f"It returns {len(answer)} things. {wanted}")
    return list(answer)


def number(value: object, name: str) -> float:
    """A part of an answer as a number.

    Args:
        value: The part.
        name: What it is.

    Raises:
        SaidError: If it is none.
    """
    if isinstance(value, Tensor | np.ndarray) and math.prod(value.shape) != 1:
        shape = tuple(value.shape)
        raise SaidError(f"The {name} that it returns is an array of shape {shape}, not one number.")
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        return float(value)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError, OverflowError, RuntimeError):
        kind = type(value).__name__
        raise SaidError(f"The {name} that it returns is no number, but of type {kind}.") from None


def table(value: object, name: str, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    """A part of an answer as an array of a known shape.

    Args:
        value: The part.
        name: What it is.
        shape: What it should have.

    Raises:
        SaidError: If it has another one, or holds no numbers.
    """
    try:
        plain = value.numpy(force=True) if isinstance(value, Tensor) else value
        found = np.array(plain, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        kind = type(value).__name__
        raise SaidError(f"The {name} that it returns cannot be read as an array: {kind}.") from None
    if found.shape != shape:
        raise SaidError(
            f"The {name} that it returns has the shape {found.shape}; asked for is {shape}."
        )
    return found


def alike(found: object, expected: object) -> bool:
    """Equal but for rounding; NaN equals NaN.

    Args:
        found: A number or an array.
        expected: One of the same shape.
    """
    first, second = (np.asarray(one, dtype=np.float64) for one in (found, expected))
    return first.shape == second.shape and np.allclose(
        first, second, rtol=1e-4, atol=1e-7, equal_nan=True
    )


def first_of(found: object, slips: Iterable[tuple[str, object]]) -> str | None:
    """The sentence about the first slip that gives what was found.

    Args:
        found: A number or an array.
        slips: Sentences, and what comes out.
    """
    return next((sentence for sentence, value in slips if alike(found, value)), None)


def batches(units: int = 9) -> list[Float[Tensor, "examples units"]]:
    """Unequal batches of activations; the larger, the sparser, or the other way round.

    The first unit is dead. The next three are silent but for one example, which is in the first, a
    middle, and the last batch.

    Args:
        units: At least 6.
    """
    random = fresh()
    rates = np.linspace(0.15, 0.75, 6)
    pairs = list(zip((1, 3, 6, 11, 25, 60), rates[:: random.choice([-1, 1])], strict=True))
    drawn = []
    for place in random.permutation(6):
        examples, rate = pairs[place]
        h = random.uniform(0.01, 2, (examples, units)) * (random.random((examples, units)) > rate)
        h[0, 4:] = 1
        h[:, :4] = 0
        drawn.append(torch.from_numpy(h).float())
    for unit, place in ((1, 0), (2, 2), (3, 5)):
        drawn[place][-1, unit] = 0.5
    return drawn


def counted(whole: Sequence[Tensor]) -> tuple[float, int]:
    """The share of exact zeros and the number of dead units, one activation after the other.

    Args:
        whole: Batches of activations [examples units].
    """
    rows = [row for h in whole for row in h.tolist()]
    zeros = sum(value == 0 for row in rows for value in row)
    dead = sum(all(value == 0 for value in unit) for unit in zip(*rows, strict=True))
    return zeros / (len(rows) * len(rows[0])), dead


def wrong_shares(whole: Sequence[Tensor]) -> Iterator[tuple[str, float]]:
    """Shares of zeros that are none.

    Args:
        whole: Batches of activations [examples units].
    """
    share, dead = counted(whole)
    each, units = [counted([h])[0] for h in whole], whole[0].shape[1]
    zeros = share * sum(h.numel() for h in whole)
    yield _FIRST, each[0]
    yield _LAST, each[-1]
    yield _MEAN, sum(each) / len(each)
    yield "It counts the activations that are not zero. Which ones are silent?", 1 - share
    yield "The share is in percent. It should lie between 0 and 1.", 100 * share
    yield "Its share is a number of zeros. Of how many activations?", zeros
    yield "The shares of the batches are added up. Of what are they shares?", sum(each)
    yield "It divides by the number of examples only.", share * units
    yield "Its share is that of dead units. The first number is about activations.", dead / units
    yield "The two answers have changed places: first the share, then the dead units.", dead


def wrong_deads(whole: Sequence[Tensor]) -> Iterator[tuple[str, float]]:
    """Numbers of dead units that are none.

    Args:
        whole: Batches of activations [examples units].
    """
    silent = torch.stack([(h == 0).all(0) for h in whole])
    dead, units = int(silent.all(0).sum()), silent.shape[1]
    each = silent.sum(1).tolist()
    yield _ANY, float(silent.any(0).sum())
    yield _MEAN, sum(each) / len(each)
    yield "It adds the dead units of the batches: one unit is counted several times.", sum(each)
    yield _FIRST, each[0]
    yield _LAST, each[-1]
    yield "It returns the share of dead units. Asked for is how many there are.", dead / units
    yield "It counts the units that are not dead.", units - dead
    yield (
        "It counts units that are ever zero. When is a unit dead?",
        sum(bool((torch.cat(list(whole))[:, unit] == 0).any()) for unit in range(units)),
    )
    yield (
        "It counts examples for which all units are silent. Which axis are the units on?",
        float((torch.cat(list(whole)) == 0).all(1).sum()),
    )


class Loss(NamedTuple):
    """What `penalized_loss` is given."""

    logits: Float[Tensor, "examples classes"]
    labels: Int[Tensor, "examples"]
    hidden: list[Float[Tensor, "examples _"]]
    weights: list[Float[Tensor, "_ _"]]
    l1: float

    def copy(self) -> "Loss":
        """The same numbers in other memory, without gradients."""
        hidden, weights = ([t.clone() for t in some] for some in (self.hidden, self.weights))
        return Loss(self.logits.clone(), self.labels.clone(), hidden, weights, self.l1)


def loss_inputs(examples: int = 7, *, widths: Sequence[int] = (8, 5), classes: int = 4) -> Loss:
    """Fresh activations of both signs, far from 0, and what belongs to them, in float64.

    Args:
        examples: How many.
        widths: Units of each hidden layer.
        classes: How many.
    """
    random = fresh()
    sizes = (6, *widths, classes)

    def drawn(*shape: int) -> Tensor:
        signs = random.choice([-1.0, 1.0], shape)
        return torch.from_numpy(signs * random.uniform(0.2, 1.8, shape))

    return Loss(
        logits=2 * drawn(examples, classes),
        labels=torch.from_numpy(random.integers(classes, size=examples)),
        hidden=[drawn(examples, width) for width in widths],
        weights=[drawn(*pair) for pair in zip(sizes, sizes[1:], strict=False)],
        l1=float(random.uniform(0.05, 0.2)),
    )


def cross_entropies(loss: Loss) -> list[float]:
    """That of each example [nat], number by number."""
    found = []
    for row, label in zip(loss.logits.tolist(), loss.labels.tolist(), strict=True):
        top = max(row)
        found.append(top + math.log(sum(math.exp(z - top) for z in row)) - row[label])
    return found


def penalty(loss: Loss) -> float:
    """The L1 norm that is asked for, number by number, without its factor [1]."""
    every = sum(abs(value) for h in loss.hidden for row in h.tolist() for value in row)
    return every / len(loss.labels)


def wrong_losses(loss: Loss) -> Iterator[tuple[str, float]]:
    """Losses with one of the two terms wrong, then those with two."""
    n, right = len(loss.labels), penalty(loss)
    entropy = sum(cross_entropies(loss)) / n
    firsts = [("", entropy), *_wrong_entropies(loss)]
    seconds = [("", right), *_wrong_penalties(loss)]
    for first, value in firsts:
        for second, norm in seconds:
            if bool(first) != bool(second):
                yield first or second, value + loss.l1 * norm
    yield "The penalty is there without its factor `l1`.", entropy + right
    yield "The penalty is subtracted. Which way should it push?", entropy - loss.l1 * right
    for first, value in firsts[1:]:
        for second, norm in seconds[1:]:
            yield f"Two things at once. {first} {second}", value + loss.l1 * norm


def _wrong_entropies(loss: Loss) -> Iterator[tuple[str, float]]:
    """Other first terms."""
    each = cross_entropies(loss)
    n, classes = loss.logits.shape
    twice = loss._replace(logits=loss.logits.softmax(-1))
    yield "The cross-entropy is added up over the examples. What is asked for?", sum(each)
    yield "The cross-entropy is also divided by the classes.", sum(each) / (n * classes)
    yield "The cross-entropy has the wrong sign.", -sum(each) / n
    yield "Softmax is taken twice: is it part of what you call?", sum(cross_entropies(twice)) / n
    yield "The cross-entropy is missing: only the penalty is left.", 0.0


def _wrong_penalties(loss: Loss) -> Iterator[tuple[str, float]]:
    """Other norms."""
    hidden, n = loss.hidden, len(loss.labels)
    norms = [float(h.abs().sum()) for h in hidden]
    right, units = sum(norms) / n, sum(h.shape[1] for h in hidden)
    per_unit = sum(float(h.abs().mean()) for h in hidden)
    weak = (
        "The penalty is averaged over the units: in a layer of a thousand units that is a thousand "
        "times weaker. What does the sum run over?"
    )
    on_weights = (
        "The penalty is on the weights. Those shrink then; which tensors should hold exact zeros?"
    )
    yield weak, per_unit
    yield weak, per_unit / len(hidden)
    yield weak, right / units
    yield "The penalty is added up over the examples: a larger batch is punished more.", right * n
    yield "The penalty is averaged over the layers. Asked for is their sum.", right / len(hidden)
    yield "The penalty is on the last hidden layer only.", norms[-1] / n
    yield "The penalty is on the first hidden layer only.", norms[0] / n
    squares = sum(float(h.square().sum()) for h in hidden) / n
    yield "The penalty is on squares, which fade near zero. L1 is about sizes.", squares
    yield "The penalty is on squares, which fade near zero. L1 is about sizes.", squares / 2
    signed = "Negative activations lower the penalty. The L1 norm is about sizes."
    yield signed, sum(float(h.sum()) for h in hidden) / n
    yield signed, sum(float(h.clamp_min(0).sum()) for h in hidden) / n
    in_weights = sum(float(w.abs().sum()) for w in loss.weights)
    yield on_weights, in_weights
    yield on_weights, in_weights / n
    yield "The penalty is on activations and weights.", right + in_weights
    yield "The penalty is missing.", 0.0
