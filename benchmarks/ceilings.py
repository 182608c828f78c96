"""How fast this machine copies and multiplies: what no training step can exceed by much.

Both are measured in the run whose numbers they judge, before and after it, at several sizes. A core
that is alone with a small matrix works in its cache, and there copies are several times as fast as
from memory; which size stands for a scheme is decided in `roofline`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

_SECONDS = 0.05  # that one sample lasts at least
_SAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """What is copied and multiplied.

    Attributes:
        copies: Bytes read and written by one copy: source and target together.
        products: Sides of square matrices.
        update: Models, inputs, batch and outputs of the bare update of weights.
    """

    copies: tuple[int, ...]
    products: tuple[int, ...]
    update: tuple[int, int, int, int] = (200, 1000, 10, 1000)


MIB = 1 << 20
SIZES = {
    "cpu": Sizes(
        copies=(MIB // 4, MIB, 4 * MIB, 8 * MIB, 16 * MIB, 32 * MIB, 64 * MIB, 512 * MIB),
        products=(128, 512, 2048),
    ),
    "cuda": Sizes(copies=(16 * MIB, 64 * MIB, 1024 * MIB, 4096 * MIB), products=(1024, 4096, 8192)),
}
QUICK = Sizes(copies=(MIB // 4, MIB), products=(64, 128), update=(3, 8, 4, 8))


def measure(sizes: Sizes, device: str) -> dict[str, np.ndarray]:
    """Rates of copies [B/s], matrix products [FLOP/s] and bare updates of weights [B/s].

    Returns:
        `copy` [samples sizes], `product` [samples sizes], `update` [samples].
    """
    copies = [_rates(_copy(size, device), size, device) for size in sizes.copies]
    products = [_rates(_product(side, device), 2 * side**3, device) for side in sizes.products]
    models, inputs, batch, outputs = sizes.update
    numbers = models * (2 * inputs * outputs + batch * (inputs + outputs))
    return {
        "copy": np.stack(copies, axis=1),
        "product": np.stack(products, axis=1),
        "update": _rates(_update(sizes.update, device), 4 * numbers, device),
    }


def join(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The samples of two looks, one after the other."""
    return {name: np.concatenate([before[name], after[name]]) for name in before}


def timed(act: Callable[[], object], device: str) -> float:
    """Seconds until all of it is done, not just ordered."""
    _wait(device)
    began = time.perf_counter()
    act()
    _wait(device)
    return time.perf_counter() - began


def _rates(act: Callable[[], object], work: float, device: str) -> np.ndarray:
    """Work per second, sample by sample; a first call does not count."""
    act()
    times = max(1, math.ceil(_SECONDS / max(timed(act, device), 1e-9)))

    def several() -> None:
        for _ in range(times):
            act()

    return np.array([times * work / timed(several, device) for _ in range(_SAMPLES)])


def _copy(size: int, device: str) -> Callable[[], Tensor]:
    """A copy that reads and writes `size` bytes together."""
    source = torch.ones(size // 8, device=device)
    target = torch.zeros_like(source)
    return lambda: target.copy_(source)


def _product(side: int, device: str) -> Callable[[], Tensor]:
    """A product of square matrices in float32."""
    generator = torch.Generator(device).manual_seed(0)
    a, b = (torch.rand(side, side, generator=generator, device=device) for _ in range(2))
    out = torch.empty_like(a)
    return lambda: torch.mm(a, b, out=out)


def _update(shape: tuple[int, int, int, int], device: str) -> Callable[[], Tensor]:
    """`baddbmm_` alone: the weights of all models plus inputs times errors, in place."""
    models, inputs, batch, outputs = shape
    weight = torch.zeros(models, inputs, outputs, device=device)
    h = torch.full((models, batch, inputs), 1e-3, device=device)
    delta = torch.full((models, batch, outputs), 1e-3, device=device)
    return lambda: weight.baddbmm_(h.mT, delta, alpha=-1)


def _wait(device: str) -> None:
    """Until the device has done what it was told."""
    if device == "cuda":
        torch.cuda.synchronize()
