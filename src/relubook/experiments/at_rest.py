"""Where units rest before training: a logistic unit at half of its ceiling, a rectifier at zero.

A unit is called *away from rest* if its output, averaged over the examples, is further from 0 than
a tolerance. Both tolerances of a configuration are recorded.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import activations, figures, paper, sparsity
from relubook.experiments.sweep import Comparison, open_data
from relubook.networks import MLP, sizes
from relubook.training import Progress

NAME = "at-rest"
TITLE = "Where units rest before training: zero, or half of saturation (pages 316-317)"
REVISION = 1

UNITS = (
    "logistic", "softplus", "tanh", "rectifier", "rescaled-lif", "rectified-tanh", "absolute-tanh",
)  # fmt: skip
UNBOUNDED = ("softplus", "rectifier")  # all others have the ceiling 1
STEADY_STATE = paper.STATED["logistic_rest"]
_LAYER_GAP = 0.24  # between the columns of one activation


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks that are drawn and looked at, and the examples shown to them.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        seeds: Of the weights.
        examples: How many test examples each network answers.
        tolerances: How far from 0 a unit's mean output may lie and still be at rest [1]; the first
            is the one that is drawn and judged.
    """

    data: str
    width: int
    depth: int
    seeds: tuple[int, ...]
    examples: int
    tolerances: tuple[float, ...] = (0.05, 0.01)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Hidden layers of untrained networks, one row per activation of `UNITS`.

    Attributes:
        tolerances: As in the configuration [1].
        at_zero: The response to a pre-activation of 0 [1].
        mean: Output, averaged over examples and units [1].
        mean_abs: |output|, averaged alike [1]; of a unit with the ceiling 1 also the share of it.
        zero_fraction: Exact zeros among the outputs [1].
        away: Share of units away from rest, at each tolerance [1].
        data: Name, sha256 and source of the data.
    """

    tolerances: Float[np.ndarray, "tolerances"]
    at_zero: Float[np.ndarray, "kinds"]
    mean: Float[np.ndarray, "kinds seeds layers"]
    mean_abs: Float[np.ndarray, "kinds seeds layers"]
    zero_fraction: Float[np.ndarray, "kinds seeds layers"]
    away: Float[np.ndarray, "tolerances kinds seeds layers"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def of_ceiling(self) -> Float[np.ndarray, "kinds seeds layers"]:
        """Mean |output| as a share of the unit's ceiling [1]; NaN where there is none."""
        ceiling = np.array([np.nan if name in UNBOUNDED else 1.0 for name in UNITS])
        return self.mean_abs / ceiling[:, None, None]


def configure(scale: str, data: str | None = None) -> Config:
    """Three layers of 1,000 units, as the paper's; fewer units and examples for a quick look."""
    smoke = scale == "smoke"
    return Config(
        data=data or ("mnist" if scale == "paper" else "mnist-5k"),
        width=60 if smoke else 1000,
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
    """Draw each seed's weights once per activation and measure the hidden layers."""
    data, passport = open_data(config.data, None)
    x = data.test.x[: config.examples].to(device).unsqueeze(0)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    rows, total = [], len(UNITS) * len(config.seeds)
    for name in UNITS:
        for seed in config.seeds:
            network = MLP(shape, seeds=[seed], activation=name, device=device)
            rows.append([_measured(h, config.tolerances) for h in network.hidden(x)])
            if progress is not None:
                progress(len(rows), total, f"{name}, seed {seed}")
    table = np.array(rows).reshape(len(UNITS), len(config.seeds), config.depth, -1)
    mean, mean_abs, zeros, *away = np.moveaxis(table, -1, 0)
    return Result(
        tolerances=np.array(config.tolerances),
        at_zero=np.array([float(activations.get(name)(torch.zeros(1))) for name in UNITS]),
        mean=mean,
        mean_abs=mean_abs,
        zero_fraction=zeros,
        away=np.stack(away),
        data=passport,
    )


@torch.no_grad()
def _measured(
    h: Float[torch.Tensor, "1 examples units"], tolerances: tuple[float, ...]
) -> list[float]:
    """Mean, mean |.|, exact zeros, and the units away from rest at each tolerance."""
    h = h.double()
    resting = h.mean(1).abs()
    away = [float((resting > tolerance).double().mean()) for tolerance in tolerances]
    return [float(h.mean()), float(h.abs().mean()), float(sparsity.zero_fraction(h)), *away]


def compare(result: Result) -> list[Comparison]:
    """The paper's one half of saturation beside the mean output of our logistic units."""
    here = 100 * float(result.of_ceiling()[UNITS.index("logistic")].mean())
    return [
        Comparison(
            quantity="output of logistic units before training, of saturation",
            paper=100 * STEADY_STATE.value, here=here, unit="%",
        )
    ]  # fmt: skip


def describe(result: Result) -> str:
    """The finding in one sentence."""
    away = 100 * result.away[0].mean((1, 2))
    shares = ", ".join(f"{name} {share:.0f} %" for name, share in zip(UNITS, away, strict=True))
    return (
        f"Before training, units whose mean output is further than {result.tolerances[0]:g} from "
        f"0: {shares}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Units away from rest by activation and layer, one point a seed."""
    away = 100 * result.away[0]
    logistic, rectifier = (away[UNITS.index(name)].mean() for name in ("logistic", "rectifier"))
    fig = _by_layer(
        away,
        title=f"Before training, {logistic:.0f} % of logistic units are away from rest,\n"
        f"{rectifier:.0f} % of rectifiers",
        subtitle=subtitle,
    )
    (ax,) = fig.axes
    ax.set(
        ylim=(-3, 103),
        ylabel=f"|mean output| > {result.tolerances[0]:g} (% of units)",
    )
    return fig


def describe_means(result: Result) -> str:
    """The finding of `draw_means` in one sentence."""
    means = result.mean.mean((1, 2)).round(2) + 0.0  # no minus before a zero
    texts = ", ".join(f"{name} {mean:.2f}" for name, mean in zip(UNITS, means, strict=True))
    return f"Mean output before training, over layers and seeds: {texts}."


def draw_means(result: Result, subtitle: str = "") -> Figure:
    """Mean output by activation and layer, with rest and half of the ceiling as lines."""
    logistic = result.mean[UNITS.index("logistic")].mean()
    fig = _by_layer(
        result.mean,
        title=f"Before training, logistic units put out {logistic:.2f}: half of their ceiling",
        subtitle=subtitle,
    )
    (ax,) = fig.axes
    for height, words in ((0.0, "rest"), (STEADY_STATE.value, "half of the ceiling 1")):
        ax.axhline(height, color=figures.CHANCE, linestyle="--", linewidth=1)
        ax.text(len(UNITS) + 0.45, height, words, ha="right", va="bottom", fontsize=9)
    ax.set_ylabel("mean output (1)")
    return fig


def _by_layer(
    values: Float[np.ndarray, "kinds seeds layers"], *, title: str, subtitle: str
) -> Figure:
    """A column of points for each activation and hidden layer, in the activation's color."""
    fig, ax = figures.axes(title=title, subtitle=subtitle, width=8.0)
    layers = values.shape[-1]
    for place, name in enumerate(UNITS, start=1):
        color = figures.COLORS.get(name, figures.COLORS["other"])
        for layer in range(layers):
            center = place + _LAYER_GAP * (layer - (layers - 1) / 2)
            column = values[place - 1, :, layer]
            ax.plot(np.full(len(column), center), column, "o", color=color, alpha=0.5, markersize=4)
            ax.hlines(np.median(column), center - 0.09, center + 0.09, color=color, linewidth=2)
    ax.set_xticks(range(1, len(UNITS) + 1), UNITS, fontsize=9.5)
    ax.set_xlabel(f"activation (columns: hidden layers 1 to {layers}, a point a seed)")
    return fig
