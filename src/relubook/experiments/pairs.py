"""What a rectifier throws away, and what two rectifiers of shared weights keep."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from matplotlib.figure import Figure
from torch import Tensor

from relubook import datasets, figures, hinges, records
from relubook.experiments.sweep import Comparison, open_data
from relubook.networks import MLP
from relubook.training import Progress

NAME = "pairs"
TITLE = "Two rectifiers of shared weights keep what one throws away (page 318)"
REVISION = 1

WAYS = ("n rectifiers", "n pairs", "2n rectifiers")
_DIGITS = 9  # what is less than that depends on how a library solves equations


@dataclass(frozen=True, kw_only=True)
class Config:
    """Untrained layers and the examples shown to them.

    Attributes:
        data: Name of the data set.
        widths: Units n of a layer.
        seeds: Of the weights.
        examples: Half of them to fit a line with, half to measure on.
    """

    data: str
    widths: tuple[int, ...]
    seeds: tuple[int, ...]
    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """What of n pre-activations can be told from the units behind them.

    Attributes:
        widths: Units n.
        kept: Pre-activations that a single rectifier passes on, bit for bit [1].
        rebuilt: Pre-activations that max(0, x) - max(0, -x) gives back, bit for bit [1].
        folded: |x| that max(0, x) + max(0, -x) gives, bit for bit [1].
        explained: Share of the variance of the n pre-activations that a linear readout gives
            back on other examples [1]: from n rectifiers, n pairs, and 2n rectifiers of which n
            have weights of their own.
        data: Name, sha256 and source of the data.
    """

    widths: Int[np.ndarray, "widths"]
    kept: Float[np.ndarray, "widths seeds"]
    rebuilt: Float[np.ndarray, "widths seeds"]
    folded: Float[np.ndarray, "widths seeds"]
    explained: Float[np.ndarray, "ways widths seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Layers of 25 to 200 units; fewer of all for a quick look."""
    name = data or "mnist-5k"
    if scale == "smoke":
        return Config(data=name, widths=(10, 20), seeds=(0, 1), examples=200)
    return Config(data=name, widths=(25, 50, 100, 200), seeds=tuple(range(10)), examples=3_000)


@torch.no_grad()
def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw layers, and ask what their outputs tell about their pre-activations."""
    data, passport = open_data(config.data, None)
    images = data.dense().train.x[: config.examples]
    rows = []
    for done, width in enumerate(config.widths, start=1):
        network = MLP((data.inputs, 2 * width, 1), seeds=config.seeds)
        x = network.stacked_layers()[0](images.expand(len(config.seeds), -1, -1))
        rows.append(_measure(x[..., :width], x[..., width:]))
        if progress is not None:
            progress(done, len(config.widths), f"{width} units")
    kept, rebuilt, folded, explained = (np.stack(part, -2) for part in zip(*rows, strict=True))
    return Result(
        widths=np.array(config.widths),
        kept=kept,
        rebuilt=rebuilt,
        folded=folded,
        explained=explained,
        data=passport,
    )


def _measure(
    x: Float[Tensor, "models examples units"], others: Float[Tensor, "models examples units"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Shares kept, rebuilt and folded [seeds]; variance explained in each way [ways seeds]."""
    above, below = hinges.pair(x)
    ways = (above, torch.cat([above, below], -1), torch.cat([above, torch.relu(others)], -1))
    explained = np.stack([_explained(h, x) for h in ways])
    equal = (above == x, above - below == x, above + below == x.abs())
    kept, rebuilt, folded = (part.double().mean((1, 2)).numpy() for part in equal)
    return kept, rebuilt, folded, explained


def _explained(
    h: Float[Tensor, "models examples features"], x: Float[Tensor, "models examples units"]
) -> Float[np.ndarray, "models"]:
    """Variance of x that the best affine readout of h explains on the second half [1]."""
    half = x.shape[1] // 2
    h = torch.cat([h, torch.ones_like(h[..., :1])], -1).double()
    x = x.double()
    # By the pseudo-inverse: a unit that no example reaches has no weight of its own.
    readout = torch.linalg.pinv(h[:, :half], rtol=1e-9) @ x[:, :half]
    left = x[:, half:] - h[:, half:] @ readout
    around = x[:, half:] - x[:, half:].mean(1, keepdim=True)
    share = 1 - left.square().sum((1, 2)) / around.square().sum((1, 2))
    return share.numpy().round(_DIGITS)


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    kept, rebuilt = 100 * result.kept.mean(), 100 * result.rebuilt.min()
    single, _, more = 100 * result.explained[..., -1, :].mean(-1)
    return (
        f"A rectifier passes on {kept:.0f} % of its pre-activations, a pair rebuilds {rebuilt:.0f} "
        f"% bit for bit. A linear readout of {result.widths[-1]} rectifiers explains {single:.0f} "
        f"% of the variance of their pre-activations; with as many other rectifiers beside them, "
        f"{more:.0f} %."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Variance that can be read back from rectifiers, pairs, and twice as many rectifiers."""
    explained = 100 * result.explained
    kept = 100 * result.kept.mean()
    fig, ax = figures.axes(
        title=f"One rectifier passes on {kept:.0f} %; a pair keeps all, for twice the units",
        subtitle=subtitle,
    )
    colors = (figures.COLORS["rectifier"], figures.INK, figures.COLORS["softplus"])
    for name, values, color in zip(WAYS, explained, colors, strict=True):
        figures.band(ax, result.widths.astype(float), values, color=color)
        below = -9 if name == WAYS[0] else 0  # its end is near another's
        ax.annotate(name, (result.widths[-1], np.median(values[-1])), xytext=(5, below),
                    textcoords="offset points", va="center", color=color)  # fmt: skip
    ax.set(
        xlabel="units n of the layer",
        ylabel="variance of n pre-activations read back (%)",
        ylim=(0, 105),
        xlim=(0, 1.35 * result.widths[-1]),
    )
    return fig


def subtitle(record: records.Record) -> str:
    """Which layers, and how much is read back from what."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title}, {config['examples'] // 2:,} examples to fit and "
        f"as many to measure\nuntrained layers · linear readout · {len(config['seeds'])} seeds"
    )
