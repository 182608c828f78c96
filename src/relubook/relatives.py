"""Six relatives of the rectifier that came after 2011: each a function and its derivative.

Like those of `activations`, a derivative takes the pre-activation and the output. Far out, where
a product of infinity and zero would be not a number, the value is its limit.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

LEAK = 0.01  # slope of the leaky rectifier below 0, that of maas2013
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805  # klambauer2017, eq. 14
_FAR_BELOW = -800.0  # where the exponential, and with it silu, is 0 in float64, too
_FAR_BELOW_NORMAL = -40.0  # the same for the normal distribution, and gelu


def leaky(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """max(x, x / 100): a little of what is negative gets through.

    References:
        maas2013.

    >>> leaky(torch.tensor([-2.0, 3.0]))
    tensor([-0.0200,  3.0000])
    """
    return torch.nn.functional.leaky_relu(x, LEAK)


def leaky_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """One above 0, else the leak."""
    return (x > 0).to(x).clamp_min(LEAK)


def elu(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """The input itself above 0, exp(x) - 1 below: saturates at -1, and is smooth at 0.

    References:
        clevert2016, eq. 15, with alpha 1.

    >>> elu(torch.tensor([-100.0, 0.0, 3.0]))
    tensor([-1.,  0.,  3.])
    """
    return torch.nn.functional.elu(x)


def elu_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """exp(x) up to 0, one above."""
    return x.clamp_max(0).exp()


def selu(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """An ELU, scaled so that mean 0 and variance 1 are kept from layer to layer.

    References:
        klambauer2017, eq. 2 and 14.
    """
    return torch.nn.functional.selu(x)


def selu_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """1.0507 above 0; 1.7581 exp(x) up to 0, so it jumps down there."""
    below = _SELU_ALPHA * x.clamp_max(0).exp()
    return _SELU_SCALE * torch.where(x > 0, 1.0, below)


def gelu(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Its input times the share of a normal distribution that lies below it.

    It dips to -0.17 at -0.75 and is not monotone.

    References:
        hendrycks2016.
    """
    near = x.clamp_min(_FAR_BELOW_NORMAL)
    return near * torch.special.ndtr(near.clamp_max(-_FAR_BELOW_NORMAL))


def gelu_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """The normal distribution below x plus x times its density there."""
    near = x.clamp(_FAR_BELOW_NORMAL, -_FAR_BELOW_NORMAL)
    density = (-0.5 * near * near).exp() / math.sqrt(2 * math.pi)
    return torch.special.ndtr(near) + near * density


def silu(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """Its input times the logistic function of it; dips to -0.28 at -1.28.

    References:
        elfwing2018; ramachandran2017 call it Swish.
    """
    return torch.nn.functional.silu(x.clamp_min(_FAR_BELOW))


def silu_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """With the logistic function s of x: s (1 + x (1 - s))."""
    near = x.clamp(_FAR_BELOW, -_FAR_BELOW)
    share = near.sigmoid()
    return share * (1 + near * (-near).sigmoid())


def squared_rectifier(x: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """max(0, x)²: the rectifier's zeros, and a smooth start.

    References:
        so2021.

    >>> squared_rectifier(torch.tensor([-2.0, 3.0]))
    tensor([0., 9.])
    """
    return torch.relu(x).square()


def squared_rectifier_derivative(
    x: Float[Tensor, "*shape"], h: Float[Tensor, "*shape"]
) -> Float[Tensor, "*shape"]:
    """2 max(0, x)."""
    return 2 * torch.relu(x)
