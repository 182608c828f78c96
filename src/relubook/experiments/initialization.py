"""Half of the units are exact zeros before any training, and what the sign trick changes then."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import figures, paper, sparsity
from relubook.experiments.sweep import Comparison, open_data
from relubook.networks import MLP, sizes
from relubook.training import Progress

NAME = "initialization"
TITLE = "Exact zeros before training (page 318) and the sign trick (page 320)"
REVISION = 1


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks that are drawn and looked at, and the examples shown to them."""

    data: str
    width: int
    depth: int
    seeds: tuple[int, ...]
    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Before training, without (0) and with (1) the sign trick.

    Attributes:
        zero_fraction: Exact zeros among the hidden activations [1].
        mean_over_abs: |mean activation| over mean |activation| of a layer [1].
        data: Name, sha256 and source of the data.
    """

    zero_fraction: Float[np.ndarray, "signs seeds layers"]
    mean_over_abs: Float[np.ndarray, "signs seeds layers"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {"zero_fraction": self.zero_fraction, "mean_over_abs": self.mean_over_abs}


def configure(scale: str, data: str | None = None) -> Config:
    """The paper's three layers of 1,000 units; fewer units and examples for a quick look."""
    smoke = scale == "smoke"
    default = "mnist" if scale == "paper" else "mnist-5k"
    return Config(
        data=data or default,
        width=100 if smoke else 1000,
        depth=3,
        seeds=tuple(range(5 if smoke else 10)),
        examples=200 if smoke else 1000,
    )


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw the networks one seed at a time and measure their hidden layers on test examples."""
    data, passport = open_data(config.data, None)
    x = data.test.x[: config.examples].to(device).unsqueeze(0)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    zeros, balance = [], []
    for position, seed in enumerate(config.seeds):
        layers = [
            MLP(shape, seeds=[seed], sign_trick=signs, device=device).hidden(x)
            for signs in (False, True)
        ]
        zeros.append([[float(sparsity.zero_fraction(h)) for h in part] for part in layers])
        balance.append([[_mean_over_abs(h) for h in part] for part in layers])
        if progress is not None:
            progress(position + 1, len(config.seeds), f"seed {seed}")
    return Result(
        zero_fraction=np.array(zeros).transpose(1, 0, 2),
        mean_over_abs=np.array(balance).transpose(1, 0, 2),
        data=passport,
    )


def compare(result: Result) -> list[Comparison]:
    """The paper's one half beside ours."""
    return [
        Comparison(
            quantity="exact zeros at initialization",
            paper=paper.STATED["zeros_at_initialization"].value,
            here=100 * float(result.zero_fraction[0].mean()),
            unit="%",
        )
    ]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    zeros = 100 * result.zero_fraction[0]
    return (
        f"Before training, {zeros.mean():.0f} % of the hidden activations are exact zeros; layers "
        f"and seeds lie between {zeros.min():.0f} and {zeros.max():.0f} %."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Zeros per layer, one point a seed."""
    fig, ax = figures.axes(
        title="Half of the units are exact zeros before training begins", subtitle=subtitle
    )
    points: Sequence[np.ndarray] = list(100 * result.zero_fraction[0].T)
    figures.strips(ax, points, color=figures.COLORS["rectifier"])
    ax.axhline(50, color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.set(ylim=(0, 100), xlabel="hidden layer", ylabel="exact zeros (% of activations)")
    return fig


def _mean_over_abs(h: torch.Tensor) -> float:
    """|mean| over mean |.|: 1 if all activations have one sign, 0 if they balance."""
    return float((h.mean().abs() / h.abs().mean()).detach())
