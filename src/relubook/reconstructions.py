"""Ways to build the outputs of an autoencoder over rectifiers or tanh, and what an error costs.

What rectifiers put out may be any number from 0 on, and nothing above limits it. The paper names
four combinations of an output unit and a cost (glorot2011, p. 319), and keeps the first for images
and the second for text. It prints no number for the other two. Networks of tanh restore their
inputs by a cross-entropy; one for numbers from -1 to 1 is here too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import softplus

Numbers = Float[Tensor, "*shape"]
Pair = Callable[[Tensor, Tensor], Tensor]

_ROUNDING = 1e-3  # of what a scaled layer puts out in float32


@dataclass(frozen=True, kw_only=True)
class Reconstruction:
    """An output unit and its cost, applied to each number on its own.

    Attributes:
        name: The name used in experiments, records and figures.
        output: What is put out [1], from the pre-activation z.
        cost: Of z and the target; summed over inputs it is the cost of an example.
        slope: The derivative of that cost by z.
        targets: The lowest and the highest number that it can be asked for; None: any.
    """

    name: str
    output: Callable[[Tensor], Tensor]
    cost: Pair
    slope: Pair
    targets: tuple[float, float] | None = None

    def checked(self, target: Numbers) -> Numbers:
        """The targets, if this cost is defined for them.

        Raises:
            ValueError: If one lies outside of its targets by more than rounding.
        """
        if self.targets is None:
            return target
        low, high = self.targets
        if not ((target >= low - _ROUNDING) & (target <= high + _ROUNDING)).all():
            raise ValueError(
                f"The reconstruction {self.name!r} needs targets from {low:g} to {high:g}: scale "
                f"them, or choose another. Got {target.min():.3g} to {target.max():.3g}."
            )
        return target


def quadratic(output: Numbers, target: Numbers) -> Numbers:
    """The squared difference, without a factor of one half."""
    return (output - target).square()


def cross_entropy(z: Numbers, target: Numbers) -> Numbers:
    """-t log σ(z) - (1 - t) log(1 - σ(z)), written so that no z overflows [nat]."""
    return softplus(z) - target * z


def cross_entropy_of_signs(z: Numbers, target: Numbers) -> Numbers:
    """The same for σ(2z) = (1 + tanh z) / 2 and a target from -1 to 1, brought into 0 to 1 too."""
    return softplus(2 * z) - (1 + target) * z


def stuck(z: Numbers, target: Numbers) -> Float[Tensor, ""]:
    """The share of rectifier outputs that are 0 where the target is not [1].

    No gradient reaches such an output, and nothing tells it that it should not be 0: the paper's
    reason against strategy 4 (glorot2011, p. 319).
    """
    return ((z <= 0) & (target > 0)).to(z).mean()


def get(name: str) -> Reconstruction:
    """The reconstruction of that name.

    Args:
        name: A key of `RECONSTRUCTIONS`.

    Raises:
        ValueError: If there is none; the nearest name is suggested.
    """
    if name in RECONSTRUCTIONS:
        return RECONSTRUCTIONS[name]
    near = get_close_matches(name, RECONSTRUCTIONS, n=1, cutoff=0.3)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(
        f"There is no reconstruction {name!r}.{hint} Known: {', '.join(RECONSTRUCTIONS)}."
    )


RECONSTRUCTIONS: dict[str, Reconstruction] = {
    each.name: each
    for each in (
        Reconstruction(
            name="softplus",
            output=softplus,
            cost=lambda z, target: quadratic(softplus(z), target),
            slope=lambda z, target: 2 * (softplus(z) - target) * z.sigmoid(),
        ),
        Reconstruction(
            name="cross-entropy",
            output=torch.sigmoid,
            cost=cross_entropy,
            slope=lambda z, target: z.sigmoid() - target,
            targets=(0.0, 1.0),
        ),
        Reconstruction(
            name="linear",
            output=lambda z: z,
            cost=quadratic,
            slope=lambda z, target: 2 * (z - target),
        ),
        Reconstruction(
            name="rectifier",
            output=torch.relu,
            cost=lambda z, target: quadratic(z.relu(), target),
            slope=lambda z, target: 2 * (z - target) * (z > 0),
        ),
        Reconstruction(
            name="tanh",
            output=torch.tanh,
            cost=cross_entropy_of_signs,
            slope=lambda z, target: z.tanh() - target,
            targets=(-1.0, 1.0),
        ),
    )
}
"""In the paper's order: strategies 1 to 4; then that of its networks of tanh."""
