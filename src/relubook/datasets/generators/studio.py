"""Photographs of the toys: which toy, from where, under which lamp."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators import cameras, tracing
from relubook.datasets.generators.cameras import Lamp
from relubook.datasets.generators.toys import CLASSES, INSTANCES, toy
from relubook.datasets.generators.tracing import Baked

AZIMUTHS = tuple(range(0, 360, 20))  # degrees around the toy; 0 is in front of it
ELEVATIONS = tuple(range(30, 71, 5))  # degrees above the horizon
LAMPS = (
    Lamp(azimuth=-60.0, elevation=45.0, strength=0.75, ambient=0.35),
    Lamp(azimuth=60.0, elevation=45.0, strength=0.75, ambient=0.35),
    Lamp(azimuth=-130.0, elevation=50.0, strength=0.6, ambient=0.35),
    Lamp(azimuth=130.0, elevation=50.0, strength=0.6, ambient=0.35),
    Lamp(azimuth=0.0, elevation=60.0, strength=0.6, ambient=0.3),
    Lamp(azimuth=180.0, elevation=70.0, strength=0.4, ambient=0.45),
)
EYES = (-3, 3)  # degrees that the left and the right camera stand to the right of the view

Progress = Callable[[int, int], None]

_TOGETHER = 8  # viewpoints traced at a time: few enough for a processor's cache


@dataclass(frozen=True, kw_only=True)
class Views:
    """What is seen from where; each field holds positions in a list, one per example.

    Attributes:
        labels: In `CLASSES`.
        instance: From 0 to 9.
        azimuth: In `AZIMUTHS`.
        elevation: In `ELEVATIONS`.
        light: In `LAMPS`.
    """

    labels: Int[Tensor, "examples"]
    instance: Int[Tensor, "examples"]
    azimuth: Int[Tensor, "examples"]
    elevation: Int[Tensor, "examples"]
    light: Int[Tensor, "examples"]

    def __len__(self) -> int:
        return len(self.labels)

    def at(self, rows: Tensor | slice) -> "Views":
        """Some of the views."""
        return Views(**{field.name: getattr(self, field.name)[rows] for field in fields(Views)})


@dataclass(frozen=True, kw_only=True)
class Photographs:
    """Stereo pairs, and where the toy is in them.

    Attributes:
        images: Brightness, from 0 for black to 255 for white.
        masks: How much of each pixel the toy covers, from 0 to 255.
    """

    images: UInt8[Tensor, "examples eyes rows columns"]
    masks: UInt8[Tensor, "examples eyes rows columns"]


def photograph(
    views: Views,
    *,
    size: int = 32,
    samples: int = 2,
    device: torch.device | str = "cpu",
    progress: Progress | None = None,
) -> Photographs:
    """Take a stereo pair of every view.

    What the lamps light does not depend on the lamps, so every viewpoint is traced once for all of
    its lamps.

    Args:
        views: Which toy, from where, under which lamp.
        size: Rows and columns of a picture.
        samples: Rays per pixel along each side; a pixel is their mean.
        device: Where to compute.
        progress: Called as `progress(done, total)` as pairs are finished.

    Returns:
        The pairs, in the order of the views, on `device`.
    """
    shape = (len(views), len(EYES), size, size)
    images, masks = (torch.empty(shape, dtype=torch.uint8, device=device) for _ in range(2))
    done = 0
    for rows, category, instance in _groups(views):
        baked = baked_toy(category, instance, str(device))
        light, solid = _develop(baked, views.at(rows), size * samples)
        images[rows.to(device)] = _bytes(light, samples)
        masks[rows.to(device)] = _bytes(solid, samples)
        done += len(rows)
        if progress is not None:
            progress(done, len(views))
    return Photographs(images=images, masks=masks)


@functools.lru_cache(maxsize=len(CLASSES) * INSTANCES)
def baked_toy(category: int, instance: int, device: str = "cpu") -> Baked:
    """One of the fifty toys as a grid of distances, kept in memory (1 MB each).

    Args:
        category: A position in `CLASSES`.
        instance: From 0 to 9.
        device: Where the grid is to be.

    Returns:
        The grid.
    """
    return tracing.bake(toy(category, instance), device=device)


def _groups(views: Views) -> Iterator[tuple[Tensor, int, int]]:
    """Rows that share a toy and a few viewpoints, and the toy."""
    toys = views.labels * INSTANCES + views.instance
    spots = views.azimuth * len(ELEVATIONS) + views.elevation
    for number in toys.unique().tolist():
        rows = (toys == number).nonzero().flatten()
        _, spot = spots[rows].unique(return_inverse=True)
        for first in range(0, int(spot.max()) + 1, _TOGETHER):
            some = (spot >= first) & (spot < first + _TOGETHER)
            yield rows[some], number // INSTANCES, number % INSTANCES


def _develop(
    baked: Baked, views: Views, size: int
) -> tuple[
    Float[Tensor, "examples eyes rows columns"], Float[Tensor, "examples eyes rows columns"]
]:
    """Brightness, and where the toy is, for views of one toy."""
    device = baked.grid.device
    spots = torch.stack([views.azimuth, views.elevation], dim=1)
    spots, spot = (part.to(device) for part in spots.unique(dim=0, return_inverse=True))
    lamp = views.light.to(device)
    lamps = torch.tensor([(a.azimuth, a.elevation, a.strength, a.ambient) for a in LAMPS])
    around, above, strength, ambient = lamps.to(device)[lamp].T
    azimuth = torch.tensor(AZIMUTHS, dtype=torch.float32, device=device)[spots[:, 0]]
    elevation = torch.tensor(ELEVATIONS, dtype=torch.float32, device=device)[spots[:, 1]]
    toward = cameras.direction(azimuth[spot] + around, above)
    lights, solids = [], []
    for eye in EYES:
        surface = cameras.look(baked, azimuth + eye, elevation, size=size)
        lights.append(cameras.shade(baked, surface.at(spot), toward, strength, ambient))
        solids.append(surface.solid[spot].float())
    shape = (len(views), len(EYES), size, size)
    light, solid = (torch.stack(part, dim=1).view(shape) for part in (lights, solids))
    return light, solid


def _bytes(
    values: Float[Tensor, "examples eyes _ _"], samples: int
) -> UInt8[Tensor, "examples eyes rows columns"]:
    """Pixels of 0..255 from samples of 0..1."""
    return (F.avg_pool2d(values, samples).clamp(0, 1) * 255).round().to(torch.uint8)
