"""How much a hidden code changes when the input does: which entries move, and what is absorbed."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import seeds
from relubook.networks import MLP

PerModel = Float[np.ndarray, "models"]
Code = Float[Tensor, "models examples units"]

OF_A_CHANGE = (
    "changed", "moved", "moved_active", "moved_before", "effective", "relative", "overlap",
    "absorbed", "absorbed_energy",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One hidden layer's answers to some examples.

    Attributes:
        before: Pre-activations [1].
        code: Outputs [1].
    """

    before: Code
    code: Code


@torch.no_grad()
def answers(
    network: MLP, x: Float[Tensor, "models examples inputs"]
) -> tuple[list[Layer], Int[Tensor, "models examples"]]:
    """Every hidden layer's answers, and the classes that the networks name.

    Args:
        network: Without the sign trick.
        x: Inputs of every model.

    Raises:
        ValueError: If half of the network's units are negated.
    """
    if network.signs is not None:
        raise ValueError("Changes of a code are measured on networks without the sign trick.")
    layers, x = [], x.to(network.stacked_layers()[0].weight)
    *hidden, last = network.stacked_layers()
    for linear in hidden:
        before = linear(x)
        x = network.activation(before)
        layers.append(Layer(before=before, code=x))
    return layers, last(x).argmax(-1)


def measure(first: Layer, second: Layer, *, reach: float) -> dict[str, PerModel]:
    """The numbers named by `OF_A_CHANGE` for each model; NaN where there is nothing to average.

    - All are NaN for a model whose code is not finite.
    - changed: share of the code's entries that are not equal afterward [1].
    - moved: share that change by more than `reach` standard deviations of their unit over the
      unchanged examples [1]; a unit that never varied moves when it changes at all.
    - moved_active: the same share, among the entries not zero before or not zero after [1].
    - moved_before: `moved` of the pre-activations, by their own standard deviations [1].
    - effective: participation ratio (sum d²)² / (n sum d⁴) of an example's change d [1], mean of
      the examples that change; 1 if all n entries change alike, 1/n if one does.
    - relative: |d| / |code - mean code|, mean of the examples [1].
    - overlap: entries not zero before and after, over those not zero before or after [1], mean of
      the examples.
    - absorbed: share of the entries off before and after, among those whose pre-activation
      changed [1].
    - absorbed_energy: their share of the sum of squared changes of pre-activations [1].

    Args:
        first: Answers to the examples as they are.
        second: Answers to the same examples, changed.
        reach: What counts as a move [standard deviations].
    """
    code, step = first.code.double(), second.code.double() - first.code.double()
    before, push = first.before.double(), second.before.double() - first.before.double()
    moves = _moves(code, step, reach)
    on, on_then = first.code != 0, second.code != 0
    silent = ~on & ~on_then
    energy = push.square()
    numbers = {
        "changed": (step != 0).double().mean((1, 2)),
        "moved": moves.double().mean((1, 2)),
        "moved_active": share(moves & ~silent, ~silent, (1, 2)),
        "moved_before": _moves(before, push, reach).double().mean((1, 2)),
        "effective": mean_where_finite(participation(step)),
        "relative": mean_where_finite(step.norm(dim=-1) / (code - code.mean(1, True)).norm(dim=-1)),
        "overlap": jaccard(on, on_then),
        "absorbed": share(silent & (push != 0), push != 0, (1, 2)),
        "absorbed_energy": (energy * silent).sum((1, 2)) / energy.sum((1, 2)),
    }
    whole = second.code.isfinite().all((1, 2)) & first.code.isfinite().all((1, 2))
    return {
        name: value.where(whole, torch.full_like(value, torch.nan)).numpy(force=True)
        for name, value in numbers.items()
    }


def participation(step: Float[Tensor, "*_ units"]) -> Float[Tensor, "*_"]:
    """(sum d²)² / (n sum d⁴): the share of n entries that take part in a change [1].

    It does not depend on the size of the change; NaN where nothing changes.

    >>> participation(torch.tensor([[1.0, -1.0, 0.0, 0.0]]))
    tensor([0.5000])
    """
    squares = (step / step.abs().amax(-1, keepdim=True)).square()
    return squares.sum(-1).square() / (step.shape[-1] * squares.square().sum(-1))


def jaccard(
    one: Bool[Tensor, "models examples units"], other: Bool[Tensor, "models examples units"]
) -> Float[Tensor, "models"]:
    """Units in both sets over units in either [1], mean of the examples where there are any."""
    both, either = (sets.sum(-1).double() for sets in (one & other, one | other))
    return mean_where_finite(both / either)


def share(
    chosen: Bool[Tensor, "..."], among: Bool[Tensor, "..."], dims: tuple[int, ...]
) -> Float[Tensor, "..."]:
    """How many are chosen over how many there are [1]; NaN among none."""
    return chosen.sum(dims).double() / among.sum(dims).double()


def mean_where_finite(values: Float[Tensor, "models examples"]) -> Float[Tensor, "models"]:
    """The mean of the finite numbers of each row; NaN where there is none."""
    finite = values.isfinite()
    return values.where(finite, torch.zeros_like(values)).sum(-1) / finite.sum(-1)


def partners(
    labels: Int[Tensor, "examples"], *, seed: int
) -> tuple[Int[Tensor, "examples"], Int[Tensor, "examples"]]:
    """For every example another one of its class, and one of another class, at random.

    Args:
        labels: Classes of the examples.
        seed: Of the choice.

    Returns:
        Positions of the partners.

    Raises:
        ValueError: If a class has one example only, or there is one class only.
    """
    counts = labels.bincount()
    if counts.count_nonzero() < 2 or (counts == 1).any():
        raise ValueError(
            "The `labels` of partners must hold two classes or more, and two examples or more of "
            f"each. Got {counts.tolist()} examples of the classes."
        )
    generator = seeds.stream(seed, "partners")
    same, other = torch.empty_like(labels), torch.empty_like(labels)
    for own in labels.unique().tolist():
        members, rest = ((labels == own).nonzero().flatten(), (labels != own).nonzero().flatten())
        circle = members[torch.randperm(len(members), generator=generator)]
        same[circle] = circle.roll(1)  # nobody is their own partner
        other[members] = rest[torch.randint(len(rest), (len(members),), generator=generator)]
    return same, other


def _moves(values: Code, step: Code, reach: float) -> Bool[Tensor, "models examples units"]:
    """Which entries change by more than `reach` standard deviations of their unit."""
    return step.abs() > reach * values.std(1, correction=0, keepdim=True)
