"""The ways to train the networks of a row, and what each asks of the memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.contestants import Prepared, modules, relubook, torch_vmap
from benchmarks.graphed import graphed
from benchmarks.problems import Problem
from relubook.steps import STEPS


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """One way to train many networks.

    Attributes:
        prepare: Sets it up; the same weights afterwards whichever it is.
        alone: Whether the networks are trained one after the other. Then only some are timed.
        streams: Whether each step goes through the weights of all networks.
        stores_gradient: Whether a gradient of the size of the weights is written and read.
        devices: Where it runs.
    """

    prepare: Callable[[Problem], Prepared]
    alone: bool = False
    streams: bool = False
    stores_gradient: bool = True
    devices: tuple[str, ...] = ("cpu", "cuda")


EAGER, GRAPHED, VMAP = "nn.Module + SGD", "nn.Module + SGD, CUDA graph", "torch.func vmap"

SCHEMES: dict[str, Scheme] = {
    EAGER: Scheme(prepare=modules, alone=True),
    GRAPHED: Scheme(prepare=graphed, alone=True, devices=("cuda",)),
    VMAP: Scheme(prepare=torch_vmap, streams=True),
    **{
        f"relubook, {step}": Scheme(
            prepare=partial(relubook, step=step), stores_gradient=step == "autograd"
        )
        for step in STEPS
    },
}
REFERENCE = SCHEMES["relubook, inplace"]


def on(device: str) -> list[str]:
    """The names of the schemes that run on a device."""
    return [name for name, scheme in SCHEMES.items() if device in scheme.devices]
