"""Reading classes from a code with few labels: a linear classifier in closed form, and a neighbor.

Nothing but the labeled examples chooses anything: the linear classifier's penalty is the one whose
errors on examples left out, one at a time, are smallest, and those have a closed form too.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import seeds

STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0)
_LEAST = 1e-9  # of a penalty, so that a code that never changes can be read: as the commonest class


def draw(
    y: Int[Tensor, "examples"], count: int, *, classes: int, seed: int
) -> Int[Tensor, "labels"]:
    """Which examples get a label: as many of each class as there can be, in every first part.

    Args:
        y: The classes.
        count: How many labels.
        classes: How many classes there are.
        seed: Of the choice.

    Returns:
        Row numbers, one of each class, then a second of each, and so on; a class that has no more
        is passed over. The first 30 of 300 are what 30 would have been.

    Raises:
        ValueError: If there are not that many examples, or none is asked for.
    """
    if not 1 <= count <= len(y):
        raise ValueError(
            f"The `count` of labels must be between 1 and {len(y):,}, the examples there are. "
            f"Got {count}."
        )
    shuffled = torch.randperm(len(y), generator=seeds.stream(seed, "labels"))
    of_class = torch.nn.functional.one_hot(y.cpu()[shuffled], classes)
    turn = (of_class.cumsum(0) * of_class).sum(1)  # 1 for the first of its class, 2, 3, ...
    order = torch.argsort(turn * classes + y.cpu()[shuffled], stable=True)
    return shuffled[order[:count]]


def linear(
    fitted: Float[Tensor, "labels units"],
    y: Int[Tensor, "labels"],
    tested: Float[Tensor, "examples units"],
    *,
    classes: int,
    strengths: Sequence[float] = STRENGTHS,
) -> Int[Tensor, "examples"]:
    """The classes that ridge regression on one-of-n targets gives, in float64.

    With centered codes H and targets T, W = (H'H + c I)⁻¹ H'T, c = strength x trace(H'H) / units.
    An example left out would have the error of the fit divided by one minus its leverage.

    Args:
        fitted: Codes with labels.
        y: Their classes.
        tested: Codes to answer.
        classes: How many classes there are.
        strengths: Penalties to choose from [1]; of equals the first is taken.
    """
    target = torch.nn.functional.one_hot(y, classes).double()
    mean, h = target.mean(0), fitted.double()
    center = h.mean(0)
    spread, directions = torch.linalg.eigh((h - center).T @ (h - center))
    spread = spread.clamp_min(0)
    scores = (h - center) @ directions
    loads = scores.T @ (target - mean)

    def penalty(strength: float) -> float:
        return max(strength * float(spread.mean()), _LEAST)

    def left_out(strength: float) -> float:
        shrunk = scores / (spread + penalty(strength))
        leverage = 1 / len(h) + (shrunk * scores).sum(1)
        error = target - mean - shrunk @ loads
        return float((error / (1 - leverage).clamp_min(_LEAST)[:, None]).square().sum())

    best = min(strengths, key=left_out)
    weight = directions @ (loads / (spread + penalty(best))[:, None])
    return (mean + (tested.double() - center) @ weight).argmax(1)


def nearest(
    fitted: Bool[Tensor, "labels units"],
    y: Int[Tensor, "labels"],
    tested: Bool[Tensor, "examples units"],
    counts: Sequence[int],
) -> Int[Tensor, "counts examples"]:
    """The class of the labeled pattern that differs in the fewest units; of equals the first.

    Args:
        fitted: Patterns with labels.
        y: Their classes.
        tested: Patterns to answer.
        counts: How many of the first labeled patterns may be looked at.
    """
    a, b = tested.float(), fitted.float()
    differing = a.sum(1, keepdim=True) + b.sum(1) - 2 * a @ b.T  # whole numbers: exact
    return torch.stack([y[differing[:, :count].argmin(1)] for count in counts])
