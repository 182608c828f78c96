"""The units as torch computes them fastest, raced as functions and within a training step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from relubook import activations, seeds, steps, timing
from relubook.activations import Activation
from relubook.datasets import Dataset
from relubook.networks import MLP, sizes

_aten: Any = torch.ops.aten
_LEARNING_RATE = 1e-4  # small, so that ten thousand steps on one mini-batch lead nowhere


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit by the fastest operators that torch has for it, none of which needs new memory.

    Attributes:
        operators: Their names: the function's, the derivative's.
        forward: (x, out) writes the output.
        backward: (error, x, h, out) writes the error times the derivative.
        activation: The same function as the training step uses it.
    """

    operators: tuple[str, str]
    forward: Callable[[Tensor, Tensor], object]
    backward: Callable[[Tensor, Tensor, Tensor, Tensor], object]
    activation: Activation


UNITS: dict[str, Unit] = {
    "rectifier": Unit(
        operators=("torch.clamp", "aten.threshold_backward"),
        forward=lambda x, out: torch.clamp(x, min=0, out=out),
        backward=lambda e, x, h, out: _aten.threshold_backward.grad_input(e, h, 0, grad_input=out),
        activation=activations.get("rectifier"),
    ),
    "tanh": Unit(
        operators=("torch.tanh", "aten.tanh_backward"),
        forward=lambda x, out: torch.tanh(x, out=out),
        backward=lambda e, x, h, out: _aten.tanh_backward.grad_input(e, h, grad_input=out),
        activation=activations.get("tanh"),
    ),
    "logistic": Unit(
        operators=("torch.sigmoid", "aten.sigmoid_backward"),
        forward=lambda x, out: torch.sigmoid(x, out=out),
        backward=lambda e, x, h, out: _aten.sigmoid_backward.grad_input(e, h, grad_input=out),
        activation=activations.get("logistic"),
    ),
    "softplus": Unit(
        operators=("functional.softplus", "aten.softplus_backward"),
        forward=lambda x, out: _aten.softplus.out(x, out=out),
        backward=lambda e, x, h, out: _aten.softplus_backward.grad_input(
            e, x, 1, 20, grad_input=out
        ),
        activation=Activation(
            name="softplus",
            value=functional.softplus,
            derivative=activations.get("softplus").derivative,
        ),
    ),
    "GELU": Unit(
        operators=("functional.gelu", "aten.gelu_backward"),
        forward=lambda x, out: _aten.gelu.out(x, out=out),
        backward=lambda e, x, h, out: _aten.gelu_backward.grad_input(e, x, grad_input=out),
        activation=Activation(
            name="GELU",
            value=functional.gelu,
            derivative=lambda x, h: _aten.gelu_backward(torch.ones_like(x), x),
            nonnegative=False,
        ),
    ),
}


def race_units(
    size: int,
    *,
    seed: int = 0,
    device: str = "cpu",
    rounds: int = 7,
    seconds: float = 0.02,
    progress: Callable[[int, int, str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Float[np.ndarray, "rounds"]]:
    """Time each unit's function and derivative on normal numbers, and a copy of as many.

    Args:
        size: How many numbers.
        seed: Of the numbers.
        device: `cpu` or `cuda`.
        rounds: See `timing.race`.
        seconds: See `timing.race`.
        progress: See `timing.race`.
        stop: See `timing.race`.

    Returns:
        Seconds per number [s]; the names are `copy`, `tanh`, `tanh, derivative` and so on.
    """
    stream = seeds.stream(seed, "numbers", size)
    x, error = (torch.randn(size, generator=stream).to(device) for _ in range(2))
    out = torch.empty_like(x)
    contestants: dict[str, Callable[[], object]] = {"copy": lambda: out.copy_(x)}
    for name, unit in UNITS.items():
        h = torch.empty_like(x)
        unit.forward(x, h)
        contestants[name] = lambda unit=unit: unit.forward(x, out)
        contestants[f"{name}, derivative"] = lambda unit=unit, h=h: unit.backward(error, x, h, out)
    times = timing.race(contestants, rounds=rounds, seconds=seconds, progress=progress, stop=stop)
    return {name: values / size for name, values in times.items()}


def race_steps(
    data: Dataset,
    width: int,
    batch: int,
    *,
    depth: int,
    seed: int = 0,
    device: str = "cpu",
    rounds: int = 7,
    seconds: float = 0.02,
) -> dict[str, Float[np.ndarray, "rounds"]]:
    """Time one training step of each unit, and what of it is the unit.

    Args:
        data: Whose first training examples are the mini-batch.
        width: Units in each hidden layer.
        batch: Examples in the mini-batch.
        depth: Hidden layers.
        seed: Of the weights.
        device: `cpu` or `cuda`.
        rounds: See `timing.race`.
        seconds: See `timing.race`.

    Returns:
        Seconds [s]; the names are `tanh, step` and `tanh` and so on.
    """
    x = data.train.x[:batch].to(device).unsqueeze(0)
    targets = torch.eye(data.outputs, device=device)[data.train.y[:batch].to(device)].unsqueeze(0)
    rate, l1 = (x.new_full((1, 1, 1), value) for value in (_LEARNING_RATE, 0.0))
    shape = sizes(inputs=data.inputs, width=width, depth=depth, outputs=data.outputs)
    contestants: dict[str, Callable[[], object]] = {}
    for name, unit in UNITS.items():
        network = MLP(shape, seeds=[seed], device=device)
        network.activation = unit.activation
        contestants[name] = _activation_of_a_step(network, x)
        contestants[f"{name}, step"] = lambda network=network: steps.inplace(
            network, x, targets, rate, l1
        )
    return timing.race(contestants, rounds=rounds, seconds=seconds)


@torch.no_grad()
def _activation_of_a_step(network: MLP, x: Float[Tensor, "1 batch inputs"]) -> Callable[[], object]:
    """What `steps.inplace` does with the activation, on this network's own pre-activations."""
    inputs = [x, *network.hidden(x)]
    befores = [layer(h) for layer, h in zip(network.stacked_layers()[:-1], inputs, strict=False)]
    stream = seeds.stream(network.seeds[0], "errors")
    errors = [torch.randn(x.shape, generator=stream).to(x) for x in befores]
    out, f = torch.empty_like(befores[0]), network.activation

    @torch.no_grad()
    def work() -> None:
        for before, error in zip(befores, errors, strict=True):
            torch.mul(error, f.derivative(before, f.value(before)), out=out)

    return work
