"""The rectifier and its relatives: each a function and its derivative.

A derivative is written in terms of the pre-activation *and* the output, because the output is often
enough: the derivative of tanh is one minus its square, that of the rectifier is one where the
output is not zero.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

import torch
from jaxtyping import Float
from torch import Tensor

Value = Callable[[Tensor], Tensor]
Derivative = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, kw_only=True)
class Activation:
    """A unit's response, applied to each number of a tensor on its own.

    Attributes:
        name: The name used in experiments, records and figures.
        value: Output `h` from pre-activation `x`.
        derivative: dh/dx from `x` and `h`, of the shape of both.
        nonnegative: Whether no output is below 0.
    """

    name: str
    value: Value
    derivative: Derivative
    nonnegative: bool = True

    def __call__(self, x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """The output at pre-activation `x` [1]."""
        return self.value(x)


def rectifier(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The rectifier max(0, x), the 2011 paper's hinge.

    Args:
        x: Pre-activations [1], any shape.

    Returns:
        Outputs [1] of the same shape; every negative input becomes an exact zero.

    References:
        glorot2011, p. 318.

    >>> rectifier(torch.tensor([-2.0, 0.0, 3.0]))
    tensor([0., 0., 3.])
    """
    return torch.relu(x)  # its derivative at exactly 0 is 0, that of clamp is 1


def rectifier_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """One where the output is not zero, else zero; zero at x = 0 as well."""
    return h.sign()


def tanh_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """1 - h²: it needs the output only."""
    return 1 - h * h


def logistic_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """The output times one minus the output."""
    return h * (1 - h)


def softplus(alpha: float = 1.0) -> Activation:
    """The rescaled softplus log(1 + exp(alpha x)) / alpha, which tends to the rectifier.

    The largest distance to the rectifier is log(2)/alpha, at x = 0.

    Args:
        alpha: Sharpness [1], above 0; infinity gives the rectifier itself.

    Returns:
        The activation; its derivative is 1 - exp(-alpha h), again from the output alone.

    Raises:
        ValueError: If `alpha` is not above 0.

    References:
        glorot2011, p. 320: alpha = 1, 1.3, 2, 3, 6 and infinity on NORB.
    """
    if not alpha > 0:
        raise ValueError(f"The `alpha` of softplus must be above 0. Got {alpha}.")
    if math.isinf(alpha):
        return ACTIVATIONS["rectifier"]

    def value(x: Tensor) -> Tensor:
        # logaddexp keeps its precision at both ends; torch's softplus turns linear above 20.
        return torch.logaddexp(alpha * x, x.new_zeros(())) / alpha

    def derivative(x: Tensor, h: Tensor) -> Tensor:
        return -torch.expm1(-alpha * h)

    name = "softplus" if alpha == 1 else f"softplus({alpha:g})"
    return Activation(name=name, value=value, derivative=derivative)


ACTIVATIONS: dict[str, Activation] = {}
for _activation in (
    Activation(name="rectifier", value=rectifier, derivative=rectifier_derivative),
    Activation(name="tanh", value=torch.tanh, derivative=tanh_derivative, nonnegative=False),
    Activation(name="logistic", value=torch.sigmoid, derivative=logistic_derivative),
    softplus(),
):
    ACTIVATIONS[_activation.name] = _activation


def get(name: str) -> Activation:
    """The activation of that name; `softplus(3)` gives the rescaled softplus with alpha 3.

    Args:
        name: A key of `ACTIVATIONS`, or `softplus(ALPHA)`.

    Returns:
        The activation.

    Raises:
        ValueError: If no activation has that name; the nearest one is suggested.

    >>> get("rectifier").name
    'rectifier'
    """
    if name in ACTIVATIONS:
        return ACTIVATIONS[name]
    if name.startswith("softplus(") and name.endswith(")"):
        return softplus(float(name[len("softplus(") : -1]))
    near = get_close_matches(name, ACTIVATIONS, n=1) or ["rectifier"]
    known = ", ".join(ACTIVATIONS)
    raise ValueError(f"There is no activation {name!r}. Did you mean {near[0]!r}? Known: {known}.")
