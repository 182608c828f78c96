"""Jitter and clutter: toys moved about, before another background, beside another toy."""

import math
from dataclasses import dataclass, fields

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators.studio import Photographs

SHELF = 40  # photographs that backgrounds are cut from and distractors are taken from

_EDGE = (0.85, 1.15)  # where distractors stand, in halves of a frame from its middle


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where pictures go: one turn, scale and shift each.

    Attributes:
        angle: Counterclockwise [rad].
        scale: Above 1 is larger.
        across: To the right, in halves of a frame.
        down: Downward, likewise.
    """

    angle: Float[Tensor, "examples"]
    scale: Float[Tensor, "examples"]
    across: Float[Tensor, "examples"]
    down: Float[Tensor, "examples"]

    def at(self, count: int, device: torch.device | str) -> "Placement":
        """The first ones, on a device."""
        return Placement(**{f.name: getattr(self, f.name)[:count].to(device) for f in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Everything random about cluttered pairs.

    Attributes:
        toy: Where the toy goes.
        neighbor: Where the distractor goes.
        crop: Which part of another picture is the background.
        neighbors: Which photograph of the shelf the distractor is from.
        crops: Which one the background is from.
        noise: Numbers from a normal distribution, which become the other backgrounds.
        noisy: Whether the background is noise and not from a picture.
        disparity: How many pixels the noise moves from one eye to the other.
        contrast: A factor.
        brightness: Added, in units of white.
    """

    toy: Placement
    neighbor: Placement
    crop: Placement
    neighbors: Int[Tensor, "examples"]
    crops: Int[Tensor, "examples"]
    noise: Float[Tensor, "examples rows columns"]
    noisy: Bool[Tensor, "examples"]
    disparity: Int[Tensor, "examples"]
    contrast: Float[Tensor, "examples"]
    brightness: Float[Tensor, "examples"]

    def at(self, count: int, device: torch.device | str) -> "Draws":
        """The first ones, on a device."""
        first = {}
        for field in fields(self):
            value = getattr(self, field.name)
            placed = isinstance(value, Placement)
            first[field.name] = value.at(count, device) if placed else value[:count].to(device)
        return Draws(**first)


def draw(count: int, generator: torch.Generator, *, size: int = 64) -> Draws:
    """Random numbers for some pairs.

    Args:
        count: How many pairs.
        generator: On the CPU.
        size: Rows and columns of the photographs.

    Returns:
        The numbers, on the CPU.
    """

    def uniform(low: float, high: float) -> Float[Tensor, "examples"]:
        return low + (high - low) * torch.rand(count, generator=generator)

    def whole(low: int, high: int) -> Int[Tensor, "examples"]:
        return torch.randint(low, high, (count,), generator=generator)

    around, far = uniform(0.0, 2 * math.pi), uniform(*_EDGE)
    return Draws(
        toy=Placement(
            angle=uniform(-0.1, 0.1),
            scale=uniform(0.8, 1.1),
            across=uniform(-0.12, 0.12),
            down=uniform(-0.12, 0.12),
        ),
        neighbor=Placement(
            angle=uniform(-0.1, 0.1),
            scale=uniform(0.7, 1.0),
            across=far * around.cos(),
            down=far * around.sin(),
        ),
        crop=Placement(
            angle=uniform(0.0, 2 * math.pi),
            scale=uniform(1.5, 3.0),
            across=uniform(-1.0, 1.0),
            down=uniform(-1.0, 1.0),
        ),
        neighbors=whole(0, SHELF),
        crops=whole(0, SHELF),
        noise=torch.randn(count, size, size, generator=generator),
        noisy=uniform(0.0, 1.0) < 0.5,
        disparity=whole(-4, 5),
        contrast=uniform(0.8, 1.3),
        brightness=uniform(-0.08, 0.08),
    )


def add(
    toys: Photographs, shelf: Photographs, draws: Draws
) -> UInt8[Tensor, "examples eyes rows columns"]:
    """Put toys before clutter and beside a distractor, and halve the pictures' sides.

    Args:
        toys: Photographs; those with an empty mask show clutter alone.
        shelf: Photographs of other toys.
        draws: Random numbers, as many as there are toys.

    Returns:
        Pictures of half the size.
    """
    crops = _moved(shelf.images[draws.crops], draws.crop, padding="reflection")
    backdrop = torch.where(draws.noisy[:, None, None, None], _pink(draws), crops)
    neighbors = (shelf.images[draws.neighbors], shelf.masks[draws.neighbors])
    scene = _over(backdrop, *neighbors, draws.neighbor)
    scene = _over(scene, toys.images, toys.masks, draws.toy)
    contrast, brightness = (
        draws.contrast[:, None, None, None],
        draws.brightness[:, None, None, None],
    )
    scene = (scene - 0.5) * contrast + 0.5 + brightness
    return (F.avg_pool2d(scene, 2).clamp(0, 1) * 255).round().to(torch.uint8)


def _over(
    behind: Float[Tensor, "examples eyes rows columns"],
    images: UInt8[Tensor, "examples eyes rows columns"],
    masks: UInt8[Tensor, "examples eyes rows columns"],
    place: Placement,
) -> Float[Tensor, "examples eyes rows columns"]:
    """Toys cut out of their photographs and pasted before something else."""
    mask = _moved(masks, place, padding="zeros")
    return mask * _moved(images, place, padding="border") + (1 - mask) * behind


def _moved(
    images: UInt8[Tensor, "examples eyes rows columns"], place: Placement, *, padding: str
) -> Float[Tensor, "examples eyes rows columns"]:
    """Pictures of 0..1, turned, scaled and shifted."""
    # the sampler asks the other way round: where in the picture is this pixel from?
    cosine, sine = place.angle.cos() / place.scale, place.angle.sin() / place.scale
    across = -cosine * place.across + sine * place.down
    down = -sine * place.across - cosine * place.down
    rows = [cosine, -sine, across, sine, cosine, down]
    matrix = torch.stack(rows, dim=1).view(-1, 2, 3)
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    return F.grid_sample(images / 255, grid, padding_mode=padding, align_corners=False)


def _pink(draws: Draws) -> Float[Tensor, "examples eyes rows columns"]:
    """Noise whose amplitude falls as 1 over the frequency, as in photographs, for both eyes."""
    size = draws.noise.shape[1]
    cycles = torch.fft.fftfreq(size, device=draws.noise.device) * size
    frequency = (cycles[:, None] ** 2 + cycles**2).sqrt()
    frequency[0, 0] = math.inf  # no constant part
    noise = torch.fft.ifft2(torch.fft.fft2(draws.noise) / frequency).real
    noise = 0.55 + 0.09 * noise / noise.std(dim=(1, 2), keepdim=True)
    columns = torch.arange(size, device=noise.device)
    moved = (columns + draws.disparity[:, None]) % size  # such noise has no seam at its edges
    other = noise.gather(2, moved[:, None].expand_as(noise))
    return torch.stack([noise, other], dim=1).clamp(0, 1)
