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

from relubook import relatives

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


def linear_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """One everywhere."""
    return torch.ones_like(h)


def rectified_tanh(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """max(0, tanh(x)): one-sided as the rectifier, saturating as tanh.

    References:
        glorot2011, p. 320, footnote 3: tried and found worse than the rectifier.
    """
    return torch.relu(torch.tanh(x))


def rectified_tanh_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """1 - h² where the output is not zero, else zero."""
    return h.sign() * (1 - h * h)


def absolute_tanh(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """|tanh(x)|: the same answer to a pattern and to its opposite.

    References:
        glorot2011, p. 317, calls such a response symmetric.
    """
    return torch.tanh(x).abs()


def absolute_tanh_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """1 - h² with the sign of `x`; zero at x = 0."""
    return x.sign() * (1 - h * h)


def rescaled_lif(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The firing rate of a leaky integrate-and-fire neuron as a share of its ceiling.

    1 / (7.5 log((0.5 x + 0.025) / (0.5 x)) + 1) for x > 0, else 0. At 0 it rises vertically.

    Args:
        x: Pre-activations [1], any shape.

    Returns:
        Outputs in 0..1 of the same shape.

    References:
        glorot2011, p. 320, footnote 3, without a formula; the constants are those of the authors'
        public code of October 2010.
    """
    above = torch.where(x > 0, x, 1.0)
    rate = 1 / (LIF_TIME * torch.log1p(LIF_KNEE / above) + 1)
    return torch.where(x > 0, rate, torch.where(x.isnan(), x, 0.0))


def rescaled_lif_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """7.5 h² / (x (20 x + 1)) above 0, where it grows without bound towards 0; else zero."""
    above = torch.where(x > 0, x, 1.0)
    slope = LIF_TIME * h * h / above / (above / LIF_KNEE + 1)
    return torch.where(x > 0, slope, 0.0)


LIF_TIME = 7.5  # membrane time over refractory time
LIF_KNEE = 0.05  # (threshold - reset) over the input's scale

ACTIVATIONS: dict[str, Activation] = {}
for _activation in (
    Activation(name="rectifier", value=rectifier, derivative=rectifier_derivative),
    Activation(name="tanh", value=torch.tanh, derivative=tanh_derivative, nonnegative=False),
    Activation(name="logistic", value=torch.sigmoid, derivative=logistic_derivative),
    softplus(),
    Activation(name="linear", value=torch.clone, derivative=linear_derivative, nonnegative=False),
    Activation(name="rectified-tanh", value=rectified_tanh, derivative=rectified_tanh_derivative),
    Activation(name="absolute-tanh", value=absolute_tanh, derivative=absolute_tanh_derivative),
    Activation(name="rescaled-lif", value=rescaled_lif, derivative=rescaled_lif_derivative),
    Activation(
        name="leaky",
        value=relatives.leaky,
        derivative=relatives.leaky_derivative,
        nonnegative=False,
    ),
    Activation(
        name="elu", value=relatives.elu, derivative=relatives.elu_derivative, nonnegative=False
    ),
    Activation(
        name="selu", value=relatives.selu, derivative=relatives.selu_derivative, nonnegative=False
    ),
    Activation(
        name="gelu", value=relatives.gelu, derivative=relatives.gelu_derivative, nonnegative=False
    ),
    Activation(
        name="silu", value=relatives.silu, derivative=relatives.silu_derivative, nonnegative=False
    ),
    Activation(
        name="squared-rectifier",
        value=relatives.squared_rectifier,
        derivative=relatives.squared_rectifier_derivative,
    ),
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
