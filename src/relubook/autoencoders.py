"""Denoising autoencoders: a hidden layer learns to restore what was taken from its input.

Many models learn as one, as everywhere in this package. An autoencoder does not copy the layer that
it trains: its encoder *is* a layer of the network, so that what it learns is learned there. The
step is written out by hand, like `steps.inplace`, and has torch's derivatives as its reference.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from relubook import reconstructions, seeds
from relubook.activations import Activation
from relubook.networks import MLP, StackedLinear
from relubook.reconstructions import Reconstruction

Step = Callable[..., Tensor]


class Autoencoder(nn.Module):
    """A hidden layer of each model, and a decoder that leads back to the layer's inputs.

    Attributes:
        encoder: The layer itself; its weights are those of the network.
        activation: Of the hidden units.
        reconstruction: The output units and their cost.
        decoder: [models units inputs], or None if the encoder's weights serve, transposed.
        bias: Of the outputs [models 1 inputs].
    """

    decoder: nn.Parameter | None
    bias: nn.Parameter

    def __init__(
        self,
        encoder: StackedLinear,
        activation: Activation,
        reconstruction: Reconstruction,
        decoder: Float[Tensor, "models units inputs"] | None,
        bias: Float[Tensor, "models 1 inputs"],
    ) -> None:
        """An autoencoder that holds these tensors, as `of` makes them."""
        super().__init__()
        self.encoder, self.activation, self.reconstruction = encoder, activation, reconstruction
        self.decoder = None if decoder is None else nn.Parameter(decoder)
        self.bias = nn.Parameter(bias)

    @classmethod
    def of(
        cls,
        network: MLP,
        position: int,
        *,
        reconstruction: str = "softplus",
        tied: bool = False,
        by_output: bool = False,
    ) -> "Autoencoder":
        """The autoencoder that trains one hidden layer of a network.

        A decoder with weights of its own draws them as the network draws its own, from a stream of
        each model's seed; the outputs' biases begin at 0.

        Args:
            network: Whose layer learns.
            position: Of the hidden layer, from 0 on.
            reconstruction: A key of `reconstructions.RECONSTRUCTIONS`.
            tied: Whether the decoder uses the encoder's weights. The paper does not say; its
                formula has a matrix of its own (glorot2011, p. 319).
            by_output: Whether the decoder's weights lie in memory output by output, so that those
                of a few outputs are read at one go: for `output_sampling`. The numbers are the
                same.

        Raises:
            ValueError: If there is no such layer or reconstruction, or the network's units are
                more than a function, or half of them are negated.
        """
        if not 0 <= position < network.depth:
            raise ValueError(
                f"The `position` must be that of a hidden layer, from 0 to {network.depth - 1}. "
                f"Got {position}."
            )
        if network.units or network.signs is not None:
            raise ValueError(
                "Autoencoders are for units that are functions, without negated ones: pretrain "
                "first, and negate afterwards."
            )
        encoder = network.stacked_layers()[position]
        decoder = None if tied else _drawn(encoder.weight, network.seeds, position)
        if decoder is not None and by_output:
            decoder = decoder.mT.contiguous().mT
        return cls(
            encoder,
            network.activation,
            reconstructions.get(reconstruction),
            decoder,
            torch.zeros_like(encoder.weight[:, :1, :1]).repeat(1, 1, encoder.weight.shape[1]),
        )

    @property
    def weights_back(self) -> Float[Tensor, "models units inputs"]:
        """The decoder's weights, whoever they belong to."""
        return self.encoder.weight.mT if self.decoder is None else self.decoder

    def code(self, x: Float[Tensor, "models batch inputs"]) -> Float[Tensor, "models batch units"]:
        """What the hidden units put out."""
        return self.activation(self.encoder(x))

    def before(
        self, x: Float[Tensor, "models batch inputs"]
    ) -> Float[Tensor, "models batch inputs"]:
        """The output units' pre-activations for what may be corrupted inputs."""
        return torch.baddbmm(self.bias, self.code(x), self.weights_back)

    def forward(
        self, x: Float[Tensor, "models batch inputs"]
    ) -> Float[Tensor, "models batch inputs"]:
        """The inputs as they are given back."""
        return self.reconstruction.output(self.before(x))


@torch.no_grad()
def inplace(
    autoencoder: Autoencoder,
    x: Float[Tensor, "models batch inputs"],
    target: Float[Tensor, "models batch inputs"],
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models"]:
    """One step of gradient descent by hand; returns each model's cost before the update.

    Args:
        autoencoder: The models; their weights are changed.
        x: A mini-batch for each model, corrupted [1], dense or sparse rows.
        target: The same examples as they were [1], or what else is to be given back; dense.
        learning_rate: Step size of each model [1].
        l1: Penalty on the sum of |h| over the hidden units of each model [1].

    Returns:
        The mean over the mini-batch of the cost, without the penalty.
    """
    z = descend(autoencoder, x, target, learning_rate, l1)
    return autoencoder.reconstruction.cost(z, target).sum((-2, -1)) / x.shape[1]


@torch.no_grad()
def descend(
    autoencoder: Autoencoder,
    x: Float[Tensor, "models batch inputs"],
    target: Float[Tensor, "models batch inputs"],
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models batch inputs"]:
    """The step of `inplace` if nobody asks for its cost; returns the outputs' pre-activations."""
    encoder, f, unit = autoencoder.encoder, autoencoder.activation, autoencoder.reconstruction
    scale = learning_rate / x.shape[1]
    before = encoder(x)
    h = f.value(before)
    z = torch.baddbmm(autoencoder.bias, h, autoencoder.weights_back)
    delta = unit.slope(z, target).mul_(scale)
    penalty = l1 * scale
    # Where h is 0, so is the derivative below: if no h is negative, the sign is not needed.
    start = penalty if f.nonnegative else h.sign() * penalty
    back = torch.baddbmm(start, delta, autoencoder.weights_back.mT)
    back.mul_(f.derivative(before, h))
    if autoencoder.decoder is None:
        encoder.weight.baddbmm_(delta.mT, h, alpha=-1)
    else:
        autoencoder.decoder.baddbmm_(h.mT, delta, alpha=-1)
    encoder.descend(x, back)
    autoencoder.bias.sub_(delta.sum(1, keepdim=True))
    return z


def autograd(
    autoencoder: Autoencoder,
    x: Float[Tensor, "models batch inputs"],
    target: Float[Tensor, "models batch inputs"],
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models"]:
    """The same step with torch's derivatives; arguments and result are those of `inplace`."""
    h = autoencoder.code(x)
    z = torch.baddbmm(autoencoder.bias, h, autoencoder.weights_back)
    cost = autoencoder.reconstruction.cost(z, target).sum(-1).mean(-1)
    penalty = h.abs().sum(-1).mean(-1)
    parameters = list(autoencoder.parameters())
    gradients = torch.autograd.grad((cost + l1.view(-1) * penalty).sum(), parameters)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.sub_(learning_rate * gradient)
    return cost.detach()


STEPS: dict[str, Step] = {"inplace": inplace, "autograd": autograd}


def _drawn(
    weight: Float[Tensor, "models inputs units"], model_seeds: tuple[int, ...], position: int
) -> Float[Tensor, "models units inputs"]:
    """Weights of a decoder from Glorot's range, each model's from its own stream."""
    inputs, units = weight.shape[1:]
    widest = (6 / (inputs + units)) ** 0.5
    rows = [
        torch.rand(
            units, inputs, dtype=torch.float64, generator=seeds.stream(seed, "decoder", position)
        )
        for seed in model_seeds
    ]
    return ((2 * torch.stack(rows) - 1) * widest).to(weight)
