"""Stereo pictures of toys: a procedural stand-in for small NORB, with every factor known.

References:
    lecun2004 describes the toys, viewpoints, lamps, jitter and clutter of the original.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Int, UInt8
from torch import Tensor

from relubook.datasets.generators import clutter, studio
from relubook.datasets.generators.studio import AZIMUTHS, ELEVATIONS, LAMPS, Progress, Views
from relubook.datasets.generators.toys import CLASSES, INSTANCES

CLUTTERED_CLASSES = (*CLASSES, "none")
REVISION = 1
TRAINING_INSTANCES = tuple(range(5))
TEST_INSTANCES = tuple(range(5, INSTANCES))
SIDE = 32  # rows and columns
UNKNOWN = -1  # every factor of a picture without a toy

_BLOCK = 600  # cluttered pairs photographed at a time: a multiple of the classes


@dataclass(frozen=True, kw_only=True)
class Pairs(Views):
    """Stereo pairs and what they show; every factor is `UNKNOWN` where there is no toy.

    Attributes:
        images: From 0 for black to 255 for white; the left eye comes first.
    """

    images: UInt8[Tensor, "examples eyes rows columns"]


def pairs(
    count: int,
    *,
    instances: Sequence[int],
    seed: int,
    cluttered: bool = False,
    device: torch.device | str = "cpu",
    progress: Progress | None = None,
) -> Pairs:
    """Draw stereo pairs of toys, every category equally often.

    Views are drawn without replacement. With clutter, which makes every picture another one, all
    views are drawn once more when they are used up.

    Args:
        count: How many pairs; the first ones do not depend on it.
        instances: Which of the ten toys of each category, from 0 to 9; those of
            `TRAINING_INSTANCES` and `TEST_INSTANCES` never meet.
        seed: At least 0.
        cluttered: Shift, scale and turn the toys, change brightness and contrast, put clutter
            behind and another toy at the edge; a sixth category, `none`, is clutter alone.
        device: Where to compute.
        progress: Called as `progress(done, total)`.

    Returns:
        Pictures of 32 by 32 pixels on `device`, labels in `CLUTTERED_CLASSES`, and the factors.

    Raises:
        ValueError: If `count` is not positive, an instance is missing, unknown or named twice,
            the seed is negative, or there are not that many views.

    References:
        lecun2004.
    """
    views = draw_views(count, instances=instances, seed=seed, cluttered=cluttered)
    with _one_thread():
        if cluttered:
            images = _cluttered(views, instances, seed, device, progress)
        else:
            images = studio.photograph(views, size=SIDE, device=device, progress=progress).images
    factors = {name: values.to(device) for name, values in vars(views).items()}
    return Pairs(images=images, **factors)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread for torch: rays come in small batches, which two threads take longer for."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def available(instances: int) -> int:
    """How many different views there are of some instances of every category."""
    return len(CLASSES) * instances * len(AZIMUTHS) * len(ELEVATIONS) * len(LAMPS)


def draw_views(
    count: int, *, instances: Sequence[int], seed: int, cluttered: bool = False
) -> Views:
    """What `pairs` shows, without taking the pictures.

    Args:
        count: As for `pairs`, and so are the others.
        instances: Which of the ten toys of each category.
        seed: At least 0.
        cluttered: Whether there is a sixth category without a toy.

    Returns:
        The views on the CPU, in rounds that hold every category once, in random order.

    Raises:
        ValueError: As `pairs` does.
    """
    _check(count, instances, seed, cluttered)
    categories = len(CLUTTERED_CLASSES if cluttered else CLASSES)
    each = available(len(instances)) // len(CLASSES)
    cycles = -(-count // (each * categories))
    labels = torch.cat([_rounds(seed, cycle, each, categories) for cycle in range(cycles)])
    views = torch.empty_like(labels)
    for label in range(categories):
        orders = [_stream(seed, "views", cycle, label) for cycle in range(cycles)]
        views[labels == label] = torch.cat([torch.randperm(each, generator=g) for g in orders])
    return _views(labels[:count], views[:count], torch.tensor(list(instances)))


def _rounds(seed: int, cycle: int, each: int, categories: int) -> Int[Tensor, "examples"]:
    """Every label `each` times; each run of `categories` labels is a random order of all."""
    keys = torch.rand(each, categories, generator=_stream(seed, "labels", cycle))
    return keys.argsort(dim=1).flatten()


def _views(
    labels: Int[Tensor, "examples"], number: Int[Tensor, "examples"], instances: Int[Tensor, "_"]
) -> Views:
    """The factors that a view's number stands for."""
    factors = {}
    lists = {"light": LAMPS, "elevation": ELEVATIONS, "azimuth": AZIMUTHS}
    for name, values in lists.items():
        factors[name] = number % len(values)
        number = number // len(values)
    factors["instance"] = instances[number]
    blank = labels == CLUTTERED_CLASSES.index("none")
    factors = {name: values.masked_fill(blank, UNKNOWN) for name, values in factors.items()}
    return Views(labels=labels, **factors)


def _cluttered(
    views: Views,
    instances: Sequence[int],
    seed: int,
    device: torch.device | str,
    progress: Progress | None,
) -> UInt8[Tensor, "examples eyes rows columns"]:
    """Photographs of toys at twice the size, moved about in clutter, then made small."""
    waiting = None if progress is None else lambda *_: progress(0, len(views))
    shelf = _shelf(instances, seed, device, waiting)
    finished = []
    for block, start in enumerate(range(0, len(views), _BLOCK)):
        part = views.at(slice(start, start + _BLOCK))
        toys = _photograph_toys(part, device, _after(start, len(views), progress))
        random = clutter.draw(_BLOCK, _stream(seed, "clutter", block)).at(len(part), device)
        finished.append(clutter.add(toys, shelf, random))
        if progress is not None:
            progress(start + len(part), len(views))
    return torch.cat(finished)


def _after(start: int, total: int, progress: Progress | None) -> Progress | None:
    """The progress of a block as progress of the whole."""
    return None if progress is None else lambda done, _: progress(start + done, total)


def _shelf(
    instances: Sequence[int], seed: int, device: torch.device | str, progress: Progress | None
) -> studio.Photographs:
    """Photographs at twice the size for backgrounds and distractors."""
    views = draw_views(clutter.SHELF, instances=instances, seed=seed + 1)
    return studio.photograph(views, size=2 * SIDE, samples=1, device=device, progress=progress)


def _photograph_toys(
    views: Views, device: torch.device | str, progress: Progress | None
) -> studio.Photographs:
    """Photographs at twice the size, with nothing in them where there is no toy."""
    there = (views.labels < len(CLASSES)).nonzero().flatten()
    shape = (len(views), len(studio.EYES), 2 * SIDE, 2 * SIDE)
    images, masks = (torch.zeros(shape, dtype=torch.uint8, device=device) for _ in range(2))
    taken = studio.photograph(
        views.at(there), size=2 * SIDE, samples=1, device=device, progress=progress
    )
    images[there.to(device)], masks[there.to(device)] = taken.images, taken.masks
    return studio.Photographs(images=images, masks=masks)


def _stream(seed: int, purpose: str, *numbers: int) -> torch.Generator:
    """A generator for one purpose of one seed."""
    sequence = np.random.SeedSequence([seed, *numbers, *purpose.encode()])
    return torch.Generator().manual_seed(int(sequence.generate_state(1, np.uint64)[0]) >> 1)


def _check(count: int, instances: Sequence[int], seed: int, cluttered: bool) -> None:
    """Raise about what is wrong."""
    if count < 1:
        raise ValueError(f"The `count` of pairs must be at least 1. Got {count}.")
    if seed < 0:
        raise ValueError(f"The `seed` of pairs must be at least 0. Got {seed}.")
    known = all(0 <= instance < INSTANCES for instance in instances)
    if not instances or not known or len(set(instances)) < len(instances):
        raise ValueError(
            f"The `instances` of pairs must be one or more different numbers from 0 to "
            f"{INSTANCES - 1}. Got {list(instances)}."
        )
    most = available(len(instances))
    if count > most and not cluttered:
        raise ValueError(
            f"The `count` of pairs must be at most {most:,}, the number of views of "
            f"{len(instances)} instances of {len(CLASSES)} categories, unless they are cluttered. "
            f"Got {count:,}."
        )
