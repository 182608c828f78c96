"""The slips that the assignment on sparse training knows: in counts of zeros and in the loss."""

import math
import weakref
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.checks.sparse_training_answers import fresh

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


def batches() -> list[Float[Tensor, "examples units"]]:
    """Unequal batches of activations; the larger, the sparser, or the other way round.

    One to three units are dead. Four more are silent but for one example: that of one is in the
    first batch, that of another in the third, those of two in the last.
    """
    random = fresh()
    rates = np.linspace(0.15, 0.75, 6)
    pairs = list(zip((1, 3, 6, 11, 25, 60), rates[:: random.choice([-1, 1])], strict=True))
    dead, active = int(random.integers(1, 4)), int(random.integers(5, 9))
    order = random.permutation(dead + 4 + active)
    whole = []
    for place, pair in enumerate(random.permutation(6)):
        examples, rate = pairs[pair]
        h = random.uniform(0.01, 2, (examples, len(order)))
        h *= random.random(h.shape) > rate
        h[0], h[:, : dead + 4] = 1, 0
        for unit, its_place in enumerate((0, 2, 5, 5), start=dead):
            h[-1, unit] = float(place == its_place)
        whole.append(torch.from_numpy(h[:, order]).float())
    return whole


def even_batches() -> list[Float[Tensor, "examples units"]]:
    """Twelve batches of equal size; a unit is either dead in all of them, or in none.

    Without the first, or the last, the share of zeros is another.
    """
    random = fresh()
    dead, units = random.integers(1, 4), random.integers(8, 12)
    whole = []
    for rate in (0.2, *random.uniform(0.3, 0.6, 10), 0.7)[:: random.choice([-1, 1])]:
        h = random.uniform(0.01, 2, (16, units))
        h *= random.permuted(np.arange(h.size) >= rate * h.size).reshape(h.shape)
        h[0], h[:, :dead] = 1, 0
        whole.append(torch.from_numpy(h).float())
    return whole


def stream(
    whole: Sequence[Float[Tensor, "examples units"]], alive: list[int] | None = None
) -> Iterator[Float[Tensor, "examples units"]]:
    """Copies of batches, each made when it is asked for, and given once.

    Args:
        whole: The batches.
        alive: Where to note, for each, how many of those given are still in memory.
    """
    made: list[weakref.ref[Tensor]] = []
    for h in whole:
        copy = h.clone()
        made.append(weakref.ref(copy))
        if alive is not None:
            alive.append(sum(one() is not None for one in made))
        yield copy
        del copy


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
        weights=[drawn(*pair) for pair in pairwise(sizes)],
        l1=float(random.uniform(0.05, 0.2)),
    )


def cross_entropies(loss: Loss) -> list[float]:
    """That of each example [nat], number by number."""
    found = []
    for row, label in zip(loss.logits.tolist(), loss.labels.tolist(), strict=True):
        top = max(row)
        found.append(top + math.log(sum(math.exp(z - top) for z in row)) - row[label])
    return found


def right_loss(loss: Loss) -> float:
    """What is asked for, number by number."""
    return sum(cross_entropies(loss)) / len(loss.labels) + loss.l1 * penalty(loss)


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
