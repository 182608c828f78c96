"""Five distortions of small pictures of characters, each of a strength drawn for each picture.

They are those of the generator that made NISTP: slant, thickness, affine map, local elastic
displacement, pinch. Thickness changes the picture first; the other four say, for each pixel of the
result, from where it is read, and are composed, so that a picture is resampled once. (In the
original the slant came before the thickness, and every step resampled.)

All lengths are pixels of the result unless said otherwise; points are (x, y) from its middle.
"""

import functools
import math
from dataclasses import dataclass, fields

import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators import thickness

FIELDS = 50  # displacement fields for each tenth of complexity, as many as the original kept
_MARGIN = 1  # that a character keeps from the frame before it is bent
_INK = 32  # a darker pixel of a picture does not count where its ink ends
_FIELD_SEED = 1009_3589


@dataclass(frozen=True, kw_only=True)
class Distortion:
    """What is done to each picture.

    Attributes:
        slant: Shift to the side per row [1].
        thickness: A dilation by the element of that number if above 0, an erosion if below.
        linear: The picture is read at `linear` times the point in the result.
        shift: And so much further [pixel].
        field: The number of the displacement field.
        pinch: The exponent of the pinch [1]; above 0 makes the middle smaller.
    """

    slant: Float[Tensor, "examples"]
    thickness: Int[Tensor, "examples"]
    linear: Float[Tensor, "examples 2 2"]
    shift: Float[Tensor, "examples 2"]
    field: Int[Tensor, "examples"]
    pinch: Float[Tensor, "examples"]

    def to(self, device: torch.device | str) -> "Distortion":
        """The same on another device."""
        moved = {field.name: getattr(self, field.name).to(device) for field in fields(self)}
        return Distortion(**moved)

    def rows(self, which: Int[Tensor, "chosen"]) -> "Distortion":
        """Those of some pictures only."""
        return Distortion(
            **{field.name: getattr(self, field.name)[which] for field in fields(self)}
        )

    def weakened(self, factor: float | int) -> "Distortion":
        """The same distortions with `factor` times their strength; with 0, none at all."""
        identity = torch.eye(2, device=self.linear.device)
        tenth, which = self.field // FIELDS, self.field % FIELDS
        return Distortion(
            slant=factor * self.slant,
            thickness=(factor * self.thickness).long(),
            linear=identity + factor * (self.linear - identity),
            shift=factor * self.shift,
            field=(factor * tenth).long() * FIELDS + which,
            pinch=factor * self.pinch,
        )


def draw(
    examples: int, *, complexity: float | int, side: int, generator: torch.Generator
) -> Distortion:
    """Random distortions; each of the five is as strong as a number c from U(0, complexity) allows.

    Args:
        examples: How many.
        complexity: The largest c [1], from 0 for no distortion to 1.
        side: Rows and columns of the result, about whose corner the affine map turns.
        generator: Where the random numbers come from, on the CPU.

    Returns:
        One distortion for each picture, on the CPU.

    References:
        bengio2010; the ranges are those of the authors' program, where they differ.
    """
    numbers = torch.rand(examples, 15, generator=generator, dtype=torch.float64)
    slant, thick, affine, elastic, pinch = (complexity * numbers[:, :5]).unbind(1)
    signed = 2 * numbers[:, 5:12] - 1
    linear = 0.4 * affine[:, None, None] * signed[:, :4].reshape(-1, 2, 2) + torch.eye(2)
    corner = torch.full((2, 1), (side - 1) / 2, dtype=torch.float64)
    shift = (linear @ corner - corner).squeeze(2) + 4.5 * affine[:, None] * signed[:, 4:6]
    return Distortion(
        slant=(slant * signed[:, 6]).float(),
        thickness=_thickness(thick, numbers[:, 12]),
        linear=linear.float(),
        shift=shift.float(),
        field=(10 * elastic).long() * FIELDS + (FIELDS * numbers[:, 13]).long(),
        pinch=(pinch * (1.7 * numbers[:, 14] - 1)).float(),
    )


def _thickness(
    complexity: Float[Tensor, "examples"], number: Float[Tensor, "examples"]
) -> Int[Tensor, "examples"]:
    """One of e erosions, d dilations or nothing, all equally likely."""
    erosions, dilations = (5 * complexity).ceil(), (9 * complexity).ceil()
    return (number * (erosions + dilations + 1)).floor().long() - erosions.long()


def distort(
    pictures: UInt8[Tensor, "examples height width"],
    distortion: Distortion,
    *,
    side: int,
    scale: float,
) -> UInt8[Tensor, "examples rows columns"]:
    """The distorted pictures.

    A character that slant and affine map would take out of the frame is pushed back; if it is
    larger than the frame, it is shrunk until it fits.

    Args:
        pictures: Ink is 255, and each has some; with an empty border to grow into.
        distortion: What to do, on the same device.
        side: Rows and columns of the result.
        scale: Pixels of a picture for one of the result.

    Returns:
        The result, as bytes.
    """
    thick = thickness.change(pictures, distortion.thickness)
    linear, shift = _composed(distortion)
    linear, shift = _fitted(thick, linear, shift, room=side - 2 * _MARGIN, scale=scale)
    points = _bent(distortion, side)
    height, width = pictures.shape[1:]
    units = torch.tensor([2 * scale / width, 2 * scale / height], device=pictures.device)
    places = torch.baddbmm(
        (units * shift)[:, None], points.mT, (units[:, None] * linear).mT
    ).reshape(-1, side, side, 2)
    read = F.grid_sample(thick[:, None].float(), places, align_corners=False)
    return read[:, 0].round_().to(torch.uint8)


def _composed(
    distortion: Distortion,
) -> tuple[Float[Tensor, "examples 2 2"], Float[Tensor, "examples 2"]]:
    """The slant after the affine map, as one affine map."""
    slant = torch.eye(2, device=distortion.slant.device).repeat(len(distortion.slant), 1, 1)
    slant[:, 0, 1] = distortion.slant
    return slant @ distortion.linear, (slant @ distortion.shift[:, :, None]).squeeze(2)


def _fitted(
    pictures: UInt8[Tensor, "examples height width"],
    linear: Float[Tensor, "examples 2 2"],
    shift: Float[Tensor, "examples 2"],
    *,
    room: int,
    scale: float,
) -> tuple[Float[Tensor, "examples 2 2"], Float[Tensor, "examples 2"]]:
    """The affine map changed as little as keeps all ink within `room` around the middle."""
    low, high = _extent(pictures, linear, shift, scale)
    middle = (low + high) / 2
    smaller = (room / (high - low)).clamp(max=1)
    free = (room - smaller * (high - low)).clamp(min=0) / 2
    target = torch.minimum(torch.maximum(middle, -free), free)
    moved = shift + (linear @ (middle - target / smaller)[:, :, None]).squeeze(2)
    return linear / smaller[:, None], moved


def _extent(
    pictures: UInt8[Tensor, "examples height width"],
    linear: Float[Tensor, "examples 2 2"],
    shift: Float[Tensor, "examples 2"],
    scale: float,
) -> tuple[Float[Tensor, "examples 2"], Float[Tensor, "examples 2"]]:
    """The lowest and highest x and y of the ink in the result: those of the ends of its rows."""
    ink = pictures > _INK
    _, height, width = pictures.shape
    flags = ink.to(torch.uint8)
    left, right = flags.argmax(dim=2), width - flags.flip(2).argmax(dim=2)
    x = (torch.cat([left, right], dim=1) - width / 2) / scale
    y = ((torch.arange(height, device=x.device) + 0.5 - height / 2) / scale).repeat(2)
    from_shift = torch.stack([x, y.expand_as(x)], dim=1) - shift[:, :, None]
    inverse = torch.linalg.inv(linear)
    points = inverse @ from_shift
    half_row = inverse[:, :, 1].abs() / (2 * scale)
    empty = ~ink.any(dim=2).repeat(1, 2)[:, None]
    low = points.masked_fill(empty, math.inf).amin(dim=2)
    high = points.masked_fill(empty, -math.inf).amax(dim=2)
    return low - half_row, high + half_row


def _bent(distortion: Distortion, side: int) -> Float[Tensor, "examples 2 pixels"]:
    """Where each pixel is read, after pinch and displacement.

    The displacement is that of the pixel itself, not of where the pinch reads: the fields are
    smooth and random, and would only be other random fields.
    """
    device = distortion.pinch.device
    points, log_sine = _frame(side, str(device))
    pulled = torch.exp(-distortion.pinch[:, None] * log_sine)
    return torch.addcmul(
        _displacements(side, str(device))[distortion.field], pulled[:, None], points
    )


@functools.lru_cache(maxsize=4)
def _frame(side: int, device: str) -> tuple[Float[Tensor, "2 pixels"], Float[Tensor, "pixels"]]:
    """The pixels' points, and log sin(pi r / 2) with r the distance in half sides, at most 1."""
    axis = torch.arange(side) - (side - 1) / 2
    points = torch.stack([axis.repeat(side), axis.repeat_interleave(side)])
    distance = (points.norm(dim=0) / (side / 2)).clamp(1e-6, 1)
    return points.to(device), torch.log(torch.sin(math.pi / 2 * distance)).to(device)


@functools.lru_cache(maxsize=4)
def _displacements(side: int, device: str) -> Float[Tensor, "fields 2 pixels"]:
    """The displacement fields of all tenths of complexity, weakest first; the first are zero."""
    generator = torch.Generator().manual_seed(_FIELD_SEED)
    fields_by_tenth = [_smooth_noise(tenth / 10, side, generator) for tenth in range(11)]
    return torch.cat(fields_by_tenth).to(device)


def _smooth_noise(
    complexity: float, side: int, generator: torch.Generator
) -> Float[Tensor, "fields 2 pixels"]:
    """Uniform noise times alpha, averaged by a Gaussian of sd sigma that is cut at 1.5 sigma wide.

    References:
        simard2003; bengio2010 gives alpha and sigma.
    """
    root = complexity ** (1 / 3)
    alpha, sigma = 10 * root, 10 - 7 * root
    reach = round(0.75 * sigma)
    weights = torch.exp(-((torch.arange(-reach, reach + 1) / sigma) ** 2) / 2)
    weights /= weights.sum()
    noise = torch.rand(2 * FIELDS, 1, side + 2 * reach, side + 2 * reach, generator=generator)
    along_rows = F.conv2d(alpha * (2 * noise - 1), weights[None, None, None])
    smooth = F.conv2d(along_rows, weights[None, None, :, None])
    return smooth.reshape(FIELDS, 2, side * side)
