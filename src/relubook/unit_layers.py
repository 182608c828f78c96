"""Units that are more than a function of one number: a parameter, chance, memory, or two outputs.

A parametric rectifier (`prelu`) learns its slope below zero, a randomized one (`rrelu`) draws it, a
concatenated one (`crelu`) has two outputs. Batch normalization comes before a unit and remembers
what it has seen; dropout comes behind one and silences it at random. What such a layer does while
it is trained and what it does afterwards may differ. They are trained with `step="autograd"`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import torch
from jaxtyping import Float
from torch import Tensor, nn

from relubook import activations, seeds
from relubook.activations import Activation

FIRST_SLOPE = 0.25  # of a parametric rectifier; he2015, section 2.1
SLOPES = (1 / 8, 1 / 3)  # of a randomized one; xu2015 divide by a number from 3 to 8
DROPPED = 0.5  # share of the outputs, srivastava2014, p. 1930
_MOMENTUM, _EPSILON = 0.1, 1e-5  # those of torch.nn.BatchNorm1d


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What a layer of such units does, and what each unit holds.

    Attributes:
        name: As `MLP` takes it.
        respond: Outputs from the layer, its pre-activations, and whether it is being trained.
        trained: The first value [1] of each parameter that a unit has.
        kept: The first value [1] of each number that a unit remembers but does not train.
        random: Whether it draws numbers while it is trained.
        outputs: Of one unit.
    """

    name: str
    respond: Callable[["UnitLayer", Tensor, bool], Tensor]
    trained: Mapping[str, float] = field(default_factory=dict)
    kept: Mapping[str, float] = field(default_factory=dict)
    random: bool = False
    outputs: int = 1

    @property
    def activation(self) -> Activation:
        """A stand-in that bears the name; asked for a value, it says why there is none."""

        def refuse(*numbers: Tensor) -> NoReturn:
            raise ValueError(
                f"The units {self.name!r} are not a function of one number. Ask the network's "
                f'`hidden`, and train it with step="autograd".'
            )

        return Activation(name=self.name, value=refuse, derivative=refuse, nonnegative=False)


class UnitLayer(nn.Module):
    """The units of one hidden layer of every model, with what they hold.

    Its parameters and memories are tensors [models 1 units].

    Attributes:
        kind: What they do.
        seeds: One per model; they decide what is drawn.
        position: Of the layer, from 0 on.
    """

    def __init__(
        self,
        kind: Kind,
        seeds: Sequence[int],
        position: int,
        held: Mapping[str, Float[Tensor, "models 1 units"]],
        steps: Tensor | None,
    ) -> None:
        """A layer that holds these tensors, as `begin` makes them."""
        super().__init__()
        self.kind, self.seeds, self.position = kind, tuple(seeds), position
        for name in kind.trained:
            self.register_parameter(name, nn.Parameter(held[name]))
        for name in kind.kept:
            self.register_buffer(name, held[name])
        if steps is not None:
            self.register_buffer("steps", steps)  # a memory, so that a resumed run draws the same

    def forward(
        self, z: Float[Tensor, "models batch units"], *, training: bool = False
    ) -> Float[Tensor, "models batch outputs"]:
        """Outputs of every model's units from their pre-activations."""
        return self.kind.respond(self, z, training)

    def view(self, models: slice) -> "UnitLayer":
        """The units of some of the models, sharing what they hold."""
        held = {name: p.data[models] for name, p in self.named_parameters()}
        held |= {name: buffer[models] for name, buffer in self.named_buffers()}
        steps = held.pop("steps", None)
        return UnitLayer(self.kind, self.seeds[models], self.position, held, steps)

    def draw(self, z: Float[Tensor, "models batch units"]) -> Float[Tensor, "models batch units"]:
        """Numbers from 0 to 1, other ones at each step; a model's depend on its own seed only."""
        steps = self.get_buffer("steps")
        purpose, shape = f"units {self.position}", z.shape[1:]
        drawn = torch.stack(
            [
                torch.rand(shape, generator=seeds.stream(seed, purpose, step))
                for seed, step in zip(self.seeds, steps.tolist(), strict=True)
            ]
        )
        steps += 1
        return drawn.to(z)


def parametric(
    layer: UnitLayer, z: Float[Tensor, "models batch units"], training: bool
) -> Float[Tensor, "models batch units"]:
    """The input itself above 0, a slope times it below; each unit learns its own slope.

    References:
        he2015, eq. 1, of a slope for each channel.
    """
    return torch.relu(z) + layer.get_parameter("slope") * z.clamp_max(0)


def randomized(
    layer: UnitLayer, z: Float[Tensor, "models batch units"], training: bool
) -> Float[Tensor, "models batch units"]:
    """The same with a slope drawn for each unit and example; after training, with its mean.

    References:
        xu2015, section 2.4; the range is that of torch.nn.RReLU.
    """
    low, high = SLOPES
    slope = low + (high - low) * layer.draw(z) if training else (low + high) / 2
    return torch.relu(z) + slope * z.clamp_max(0)


def concatenated(
    layer: UnitLayer, z: Float[Tensor, "models batch units"], training: bool
) -> Float[Tensor, "models batch outputs"]:
    """max(0, z) and max(0, -z), one behind the other: what one cuts off, the other passes on.

    References:
        shang2016, definition 2.1.
    """
    return torch.relu(torch.cat([z, -z], dim=-1))


def standardized(
    layer: UnitLayer, z: Float[Tensor, "models batch units"], training: bool
) -> Float[Tensor, "models batch units"]:
    """Each unit's pre-activations with mean 0 and variance 1, then scaled and shifted as learned.

    While it is trained, mean and variance are those of the mini-batch; afterwards, running averages
    of what was seen.

    References:
        ioffe2015, algorithms 1 and 2, with torch's constants.
    """
    if training:
        variance, mean = torch.var_mean(z, dim=1, correction=0, keepdim=True)
        _remember(layer, mean, variance, z.shape[1])
    else:
        mean, variance = layer.get_buffer("mean"), layer.get_buffer("variance")
    scale, shift = layer.get_parameter("scale"), layer.get_parameter("shift")
    return (z - mean) * (variance + _EPSILON).rsqrt() * scale + shift


def thinned(
    layer: UnitLayer, h: Float[Tensor, "models batch units"], training: bool
) -> Float[Tensor, "models batch units"]:
    """Outputs of which half are set to 0 at random and the others doubled; all after training.

    References:
        srivastava2014, section 4, which halves the weights afterwards instead.
    """
    return h * (layer.draw(h) >= DROPPED) / (1 - DROPPED) if training else h


def normalized(activation: Activation) -> Kind:
    """Units of this activation with batch normalization of their pre-activations."""
    return Kind(
        name=f"normalized({activation.name})",
        respond=lambda layer, z, training: activation(standardized(layer, z, training)),
        trained={"scale": 1.0, "shift": 0.0},
        kept={"mean": 0.0, "variance": 1.0},
    )


def dropout(activation: Activation) -> Kind:
    """Units of this activation of which half are dropped at each training step."""
    return Kind(
        name=f"dropout({activation.name})",
        respond=lambda layer, z, training: thinned(layer, activation(z), training),
        random=True,
    )


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(name="prelu", respond=parametric, trained={"slope": FIRST_SLOPE}),
        Kind(name="rrelu", respond=randomized, random=True),
        Kind(name="crelu", respond=concatenated, outputs=2),
    )
}
_AROUND = {"normalized": normalized, "dropout": dropout}


def find(name: str) -> Kind | None:
    """The kind of that name; None if it is none of these, so that it may be an activation.

    Args:
        name: A key of `KINDS`, or `normalized(ACTIVATION)`, or `dropout(ACTIVATION)`.

    Raises:
        ValueError: If there is no such activation.

    >>> find("dropout(tanh)").name
    'dropout(tanh)'
    """
    around = re.fullmatch(rf"({'|'.join(_AROUND)})\((.+)\)", name)
    return _AROUND[around[1]](activations.get(around[2])) if around else KINDS.get(name)


def begin(
    kind: Kind,
    widths: Sequence[int],
    seeds: Sequence[int],
    dtype: torch.dtype = torch.float32,
    device: torch.device | str = "cpu",
) -> list[UnitLayer]:
    """The units of each hidden layer before the first step.

    Args:
        kind: What they do.
        widths: How many units each layer has.
        seeds: One per model.
        dtype: Of what they hold.
        device: Where they live.
    """
    layers = []
    for position, units in enumerate(widths):
        held = {
            name: torch.full((len(seeds), 1, units), value, dtype=dtype, device=device)
            for name, value in {**kind.trained, **kind.kept}.items()
        }
        steps = torch.zeros(len(seeds), dtype=torch.int64, device=device) if kind.random else None
        layers.append(UnitLayer(kind, seeds, position, held, steps))
    return layers


@torch.no_grad()
def _remember(
    layer: UnitLayer,
    mean: Float[Tensor, "models 1 units"],
    variance: Float[Tensor, "models 1 units"],
    examples: int,
) -> None:
    """Move the running averages a tenth of the way; the variance without its bias, as torch's."""
    if examples < 2:
        raise ValueError(f"Batch normalization needs a `batch_size` of at least 2. Got {examples}.")
    layer.get_buffer("mean").lerp_(mean, _MOMENTUM)
    layer.get_buffer("variance").lerp_(variance * (examples / (examples - 1)), _MOMENTUM)
