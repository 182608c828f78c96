"""The linear pieces of rectifier networks along straight lines: exactly, and many networks at once.

Along a line each unit of the first layer switches at most once, and each unit of a later layer at
most once between two places where units before it switch.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from relubook.networks import MLP
from relubook.region_layers import TOLERANCE, check_pieces

_NUMBERS_AT_ONCE = 1_000_000  # points times units, of all models that are cut together


@dataclass(frozen=True, kw_only=True, eq=False)
class Crossings:
    """Where networks along their lines become other affine maps.

    Attributes:
        places: Share of the way from start (0) to end (1), ascending; NaN after a model's last.
        count: Linear pieces of each model: one more than it has places.
    """

    places: Float[Tensor, "models most"]
    count: Int[Tensor, "models"]


@torch.no_grad()
def cross(
    network: MLP,
    start: Float[Tensor, "inputs"] | Float[Tensor, "models inputs"],
    end: Float[Tensor, "inputs"] | Float[Tensor, "models inputs"],
) -> Crossings:
    """The places between two inputs where the set of active units changes, in float64.

    A unit is active where its output is not zero; that one touches zero at a single point is no
    change, and a unit that is zero all along a piece is not active there.

    Args:
        network: Of rectifiers or linear units.
        start: Where the line begins: one for all models, or one each.
        end: Where it ends.

    Returns:
        For each model its places and pieces; one piece where start and end are the same.

    Raises:
        ValueError: If the units are of another kind, a weight or an input is not finite, or the
            inputs do not fit the network.
    """
    check_pieces(network)
    ends = torch.stack([_each(network, start, "start"), _each(network, end, "end")], dim=1)
    hidden = network.sizes[1:-1]
    together = max(1, _NUMBERS_AT_ONCE // (1 + sum(hidden) * max(hidden, default=0)))
    return _joined(
        [_line(part, ends[models]).crossings() for models, part in network.chunks(together)]
    )


def _joined(parts: Sequence[Crossings]) -> Crossings:
    """Those of all models, filled up to the longest."""
    longest = max(part.places.shape[1] for part in parts)
    missing = [(0, longest - part.places.shape[1]) for part in parts]
    places = [
        functional.pad(part.places, filling, value=torch.nan)
        for part, filling in zip(parts, missing, strict=True)
    ]
    return Crossings(places=torch.cat(places), count=torch.cat([part.count for part in parts]))


def _line(network: MLP, h: Float[Tensor, "models 2 inputs"]) -> "_Line":
    """The line of each model from its first input to its second, cut by all its units."""
    line = _Line(
        places=torch.tensor([0.0, 1.0], dtype=h.dtype, device=h.device).repeat(len(h), 1),
        active=torch.zeros(len(h), 1, 0, dtype=torch.bool, device=h.device),
    )
    linear = network.activation.name == "linear"
    for position, layer in enumerate(network.stacked_layers()[:-1]):
        weight, bias = layer.weight.double(), layer.bias.double()
        z = torch.baddbmm(bias, h, weight)
        terms = torch.baddbmm(bias.abs(), h.abs(), weight.abs())
        least = TOLERANCE * terms.amax(1, keepdim=True)
        if not linear:
            line, z = line.cut(z, _snapped(z, least))
        z = _snapped(z, least)
        line = line.with_units(z, linear=linear)
        h = network.activation(z)
        h = h if network.signs is None else h * network.signs[position].double()
    return line


@dataclass(frozen=True, kw_only=True, eq=False)
class _Line:
    """Points along each model's line, and the units active from each to the next.

    Models with fewer points than others have their last one several times.
    """

    places: Float[Tensor, "models points"]
    active: Bool[Tensor, "models segments units"]

    def with_units(self, z: Float[Tensor, "models points more"], *, linear: bool) -> "_Line":
        """The same line with the units of another layer, none of which crosses zero in between."""
        left, right = z[:, :-1], z[:, 1:]
        on = (left != 0) | (right != 0) if linear else (left > 0) | (right > 0)
        return _Line(places=self.places, active=torch.cat([self.active, on], dim=2))

    def cut(
        self,
        z: Float[Tensor, "models points units"],
        heights: Float[Tensor, "models points units"],
    ) -> tuple["_Line", Float[Tensor, "models more units"]]:
        """The line with a point wherever a unit of the next layer crosses zero.

        Args:
            z: Pre-activations at the points.
            heights: The same, with exact zeros for what counts as zero.

        Returns:
            The line, and pre-activations at all its points.
        """
        models, points, _ = z.shape
        model, segment, unit = (heights[:, :-1] * heights[:, 1:] < 0).nonzero(as_tuple=True)
        left, right = z[model, segment], z[model, segment + 1]
        one, other = (side.gather(1, unit[:, None]) for side in (left, right))
        share = one / (one - other)
        begin, end = self.places[model, segment], self.places[model, segment + 1]
        rank, most = _rank(model, models)
        places = torch.cat([self.places, self.places[:, -1:].expand(-1, most)], dim=1)
        z = torch.cat([z, z[:, -1:].expand(-1, most, -1)], dim=1)
        parent = torch.arange(points + most, device=z.device).clamp(max=points - 2)
        parent = parent.repeat(models, 1)
        places[model, points + rank] = begin + share[:, 0] * (end - begin)
        z[model, points + rank] = left + share * (right - left)
        parent[model, points + rank] = segment
        places, order = places.sort(dim=1, stable=True)
        line = _Line(places=places, active=_pick(self.active, parent.gather(1, order)[:, :-1]))
        return line, _pick(z, order)

    def crossings(self) -> Crossings:
        """The places between segments of some length where the active units differ."""
        long = self.places.diff(dim=1) > TOLERANCE
        numbers = torch.arange(long.shape[1], device=long.device)
        latest = torch.where(long, numbers, -1).cummax(1).values
        before = torch.cat([torch.full_like(latest[:, :1], -1), latest[:, :-1]], dim=1)
        other = (_pick(self.active, before.clamp(min=0)) != self.active).any(2)
        model, segment = (long & (before >= 0) & other).nonzero(as_tuple=True)
        rank, most = _rank(model, len(long))
        places = self.places.new_full((len(long), most), torch.nan)
        places[model, rank] = self.places[model, segment]
        return Crossings(places=places, count=1 + torch.bincount(model, minlength=len(long)))


def _snapped(
    z: Float[Tensor, "models points units"], least: Float[Tensor, "models 1 units"]
) -> Float[Tensor, "models points units"]:
    """Exact zeros for what is not larger than rounding may make it."""
    return torch.where(z.abs() <= least, 0.0, z)


def _rank(model: Int[Tensor, "items"], models: int) -> tuple[Int[Tensor, "items"], int]:
    """The running number of each item within its model, and how many the largest model has."""
    counts = torch.bincount(model, minlength=models)
    starts = counts.cumsum(0) - counts
    return torch.arange(len(model), device=model.device) - starts[model], int(counts.max())


def _pick(
    values: Float[Tensor, "models items more"] | Bool[Tensor, "models items more"],
    chosen: Int[Tensor, "models picked"],
) -> Tensor:
    """Rows of each model by their numbers."""
    return values[torch.arange(len(values), device=values.device)[:, None], chosen]


def _each(network: MLP, x: Tensor, name: str) -> Float[Tensor, "models inputs"]:
    """One input for each model, in float64 where the network is."""
    shape = (network.models, network.sizes[0])
    if x.shape not in (shape, shape[1:]):
        raise ValueError(
            f"The `{name}` must be {shape[1]} numbers, or as many for each of {shape[0]} models. "
            f"Got {tuple(x.shape)}."
        )
    if not bool(x.isfinite().all()):
        raise ValueError(f"The `{name}` of a line must be finite. Got NaN or infinity.")
    return x.to(network.stacked_layers()[0].weight.device, torch.float64).expand(shape)
