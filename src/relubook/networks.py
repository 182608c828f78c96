"""Many networks as one: every tensor has a leading `models` axis, and one network is `models = 1`.

The networks never mix: model 3 of two hundred holds the weights it would hold alone, because each
draws them from its own seed.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from relubook import activations, devices, initializations, seeds, sparse_batches, unit_layers
from relubook.initializations import Initialization
from relubook.unit_layers import Kind, UnitLayer


class StackedLinear(nn.Module):
    """One linear layer of each model: h W + b, as a batched matrix product.

    Attributes:
        weight: [models inputs outputs].
        bias: [models 1 outputs].
    """

    weight: nn.Parameter
    bias: nn.Parameter

    def __init__(
        self,
        weight: Float[Tensor, "models inputs outputs"],
        bias: Float[Tensor, "models 1 outputs"],
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight)
        self.bias = nn.Parameter(bias)

    def forward(
        self, h: Float[Tensor, "models batch inputs"]
    ) -> Float[Tensor, "models batch outputs"]:
        """Pre-activations of every model for its own batch, which may be sparse rows."""
        if sparse_batches.is_sparse(h):
            return sparse_batches.product(h, self.weight) + self.bias
        return torch.baddbmm(self.bias, h, self.weight)

    def descend(
        self,
        h: Float[Tensor, "models batch inputs"],
        update: Float[Tensor, "models batch outputs"],
    ) -> None:
        """Subtract h^T update from the weights where they stand, and its sum from the biases.

        It is called where torch records no gradients.

        Args:
            h: What the layer received; of sparse rows only the weights of their inputs change.
            update: The slope of the cost by the pre-activations, times the learning rate.
        """
        if sparse_batches.is_sparse(h):
            sparse_batches.subtract_outer(self.weight, h, update)
        else:
            self.weight.baddbmm_(h.mT, update, alpha=-1)
        self.bias.sub_(update.sum(1, keepdim=True))


class MLP(nn.Module):
    """Fully connected networks of one shape: hidden layers of one activation, linear outputs.

    Attributes:
        layers: One `StackedLinear` per weight matrix.
        activation: The hidden units' activation; only a name where they are more than a function.
        units: Then, and only then, one `UnitLayer` per hidden layer.
        signs: Per hidden layer the factors ±1 on the outputs [models 1 units], or None.
        initialization: The name of the range that the weights were drawn from.
        gain: The factor on each model's first weights [1].
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        seeds: Sequence[int] | None = None,
        models: int | None = None,
        activation: str = "rectifier",
        sign_trick: bool = False,
        initialization: str = "glorot",
        gain: float | Sequence[float] = 1.0,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        """Draw weights from U(-r, r), by default r = sqrt(6 / (inputs + outputs)) and no biases.

        A seed gives the same uniform numbers under every initialization; only the range differs.

        Args:
            sizes: Numbers of inputs, of units per hidden layer, and of classes.
            seeds: One seed per model; two models of one seed are equal.
            models: How many models, when `seeds` is not given (then 0, 1, 2, ...).
            activation: A name known to `activations.get`, or to `unit_layers.find`.
            sign_trick: Multiply the output of half of the units by -1.
            initialization: A name known to `initializations.get`.
            gain: A factor on the weights, not the biases [1]: one for all models, or one each.
            dtype: Of the weights.
            device: Where the weights live; they are drawn on the CPU. `auto` takes a GPU where one
                is, as `devices.chosen` has it.

        Raises:
            ValueError: If a size is below 1, a gain is not above 0 and finite, `seeds` and
                `models` or `gain` disagree, or the sign trick is asked for units that are more
                than a function.

        References:
            glorot2011, p. 318 (uniform initialization) and p. 320 (half of the units negated);
            the range is that of the authors' public code of October 2010.
        """
        super().__init__()
        device = devices.chosen() if device == "auto" else device
        self.sizes = _checked_sizes(sizes)
        self.seeds = _checked_seeds(seeds, models)
        kind = unit_layers.find(activation)
        self.activation = kind.activation if kind else activations.get(activation)
        self.sign_trick = _checked_sign_trick(sign_trick, kind)
        self.initialization = initializations.get(initialization).name
        self.gain = _checked_gains(gain, self.models)
        draws = _Draws(self.seeds, initializations.get(initialization), self.gain, dtype)
        self.layers = nn.ModuleList(
            draws.layer(position, inputs, outputs).to(device)
            for position, (inputs, outputs) in enumerate(_shapes(sizes, kind))
        )
        self.units = nn.ModuleList(
            unit_layers.begin(kind, sizes[1:-1], self.seeds, dtype, device) if kind else ()
        )
        self.signs = _alternating_signs(sizes[1:-1], dtype, device) if sign_trick else None

    @property
    def models(self) -> int:
        """How many networks these are."""
        return len(self.seeds)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return len(self.sizes) - 2

    def hidden(
        self, x: Float[Tensor, "models batch inputs"], *, training: bool = False
    ) -> list[Float[Tensor, "models batch _"]]:
        """The outputs [models batch units] of each hidden layer, from the first to the last.

        Args:
            x: Inputs of each model [1].
            training: Whether this is part of a training step, in which some units do other things.
        """
        outputs = []
        for position, layer in enumerate(self.stacked_layers()[:-1]):
            x = layer(x)
            x = self.units[position](x, training=training) if self.units else self.activation(x)
            if self.signs is not None:
                x = x * self.signs[position]
            outputs.append(x)
        return outputs

    def forward(
        self, x: Float[Tensor, "models batch inputs"]
    ) -> Float[Tensor, "models batch classes"]:
        """The logits of every model for its own batch."""
        return self.layers[-1]((self.hidden(x) or [x])[-1])

    def stacked_layers(self) -> list[StackedLinear]:
        """The layers, typed, from the input to the logits."""
        return [layer for layer in self.layers if isinstance(layer, StackedLinear)]

    def view(self, models: slice) -> "MLP":
        """Some of the models, sharing their weights: what trains here trains there."""
        part = MLP.__new__(MLP)
        nn.Module.__init__(part)
        part.sizes, part.activation, part.sign_trick = self.sizes, self.activation, self.sign_trick
        part.seeds, part.signs = self.seeds[models], self.signs
        part.initialization, part.gain = self.initialization, self.gain[models]
        part.layers = nn.ModuleList(
            StackedLinear(layer.weight.data[models], layer.bias.data[models])
            for layer in self.stacked_layers()
        )
        part.units = nn.ModuleList(
            layer.view(models) for layer in self.units if isinstance(layer, UnitLayer)
        )
        return part

    def chunks(self, size: int) -> Iterator[tuple[slice, "MLP"]]:
        """Views of at most `size` models each, with their places."""
        for start in range(0, self.models, size):
            models = slice(start, min(start + size, self.models))
            yield models, self.view(models)


def sizes(*, inputs: int, width: int, depth: int, outputs: int) -> tuple[int, ...]:
    """Layer sizes of a network with `depth` hidden layers of `width` units.

    Raises:
        ValueError: If any of them is below 1.

    >>> sizes(inputs=784, width=1000, depth=3, outputs=10)
    (784, 1000, 1000, 1000, 10)
    """
    for name, number in (("depth", depth), ("width", width)):
        if number < 1:
            raise ValueError(f"The `{name}` of a network must be at least 1. Got {number}.")
    return _checked_sizes((inputs, *[width] * depth, outputs))


def _shapes(sizes: Sequence[int], kind: Kind | None) -> Iterator[tuple[int, int]]:
    """Inputs and outputs of each layer; a unit with two outputs is two inputs of the next."""
    for position, (inputs, outputs) in enumerate(pairwise(sizes)):
        yield inputs * (kind.outputs if kind and position else 1), outputs


def _checked_sign_trick(sign_trick: bool, kind: Kind | None) -> bool:
    """Whether half of the units are negated, which is defined for elementwise functions only."""
    if sign_trick and kind:
        raise ValueError(f"The `sign_trick` is not for units of the kind {kind.name!r}.")
    return sign_trick


def _checked_sizes(sizes: Sequence[int]) -> tuple[int, ...]:
    """The sizes as a tuple, or a sentence about what is wrong with them."""
    if len(sizes) < 2:
        raise ValueError(f"The `sizes` need inputs and outputs at least. Got {tuple(sizes)}.")
    for position, size in enumerate(sizes):
        if size < 1:
            raise ValueError(
                f"Each of the `sizes` must be at least 1. Got {size} at position {position}."
            )
    return tuple(sizes)


def _checked_seeds(seeds: Sequence[int] | None, models: int | None) -> tuple[int, ...]:
    """One seed per model."""
    if seeds is None:
        seeds = range(1 if models is None else models)
    if len(seeds) < 1:
        raise ValueError("At least 1 model is needed. Got no `seeds`.")
    if models is not None and len(seeds) != models:
        raise ValueError(f"There must be one seed per model. Got {len(seeds)} for {models} models.")
    return tuple(int(seed) for seed in seeds)


def _checked_gains(gain: float | Sequence[float], models: int) -> tuple[float, ...]:
    """One gain per model."""
    gains = [gain] * models if isinstance(gain, int | float) else list(gain)
    if len(gains) != models:
        raise ValueError(f"There must be one `gain` per model. Got {len(gains)} for {models}.")
    for model, value in enumerate(gains):
        if not 0 < value < math.inf:
            raise ValueError(
                f"The `gain` must be above 0 and finite. Got {value:g} at model {model}."
            )
    return tuple(float(value) for value in gains)


class _Draws(NamedTuple):
    """Layers before training, each model drawn from its own streams."""

    seeds: Sequence[int]
    initialization: Initialization
    gains: Sequence[float]
    dtype: torch.dtype

    def layer(self, position: int, inputs: int, outputs: int) -> StackedLinear:
        """One layer of every model; the biases have streams of their own."""
        weight = torch.empty(len(self.seeds), inputs, outputs, dtype=self.dtype)
        bias = torch.zeros(len(self.seeds), 1, outputs, dtype=self.dtype)
        widest = self.initialization.weights(inputs, outputs)
        shift = self.initialization.biases(inputs, outputs)
        for model, (seed, gain) in enumerate(zip(self.seeds, self.gains, strict=True)):
            drawn = _uniform(seeds.stream(seed, "weights", position), inputs, outputs)
            weight[model] = drawn * widest * gain
            if shift > 0:
                bias[model] = _uniform(seeds.stream(seed, "biases", position), 1, outputs) * shift
        return StackedLinear(weight, bias)


def _uniform(generator: torch.Generator, rows: int, columns: int) -> Float[Tensor, "rows columns"]:
    """Numbers from -1 to 1, in float64 whatever the network's precision."""
    return 2 * torch.rand(rows, columns, generator=generator, dtype=torch.float64) - 1


def _alternating_signs(
    widths: Sequence[int], dtype: torch.dtype, device: torch.device | str
) -> list[Float[Tensor, "1 1 _"]]:
    """+1, -1, +1, ... over the units of each hidden layer."""
    return [
        (1 - 2 * (torch.arange(units, device=device) % 2)).to(dtype).view(1, 1, -1)
        for units in widths
    ]
