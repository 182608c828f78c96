"""L1 strength and depth, over a grid: the recorded networks behind the chapter's widget."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from matplotlib.figure import Figure

from relubook import figures, paper, records
from relubook.datasets import Dataset
from relubook.experiments.sweep import (
    Comparison,
    SweepConfig,
    open_data,
    part_of,
    train_networks,
)
from relubook.networks import MLP
from relubook.training import Progress, Schedule, grid

NAME = "depth-and-l1"
TITLE = "Zeros and error over L1 strength and depth 1 to 5 (the widget's networks)"
REVISION = 1

COLLAPSED = 0.5
RASTER_UNITS, RASTER_PER_CLASS = 24, 3
LIVE_SEEDS = (0, 1, 2)


@dataclass(frozen=True, kw_only=True)
class Config(SweepConfig):
    """A grid of depths and L1 strengths with several seeds at each place."""

    depths: tuple[int, ...]
    learning_rate: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """Numbers at the best validation epoch; layers a network lacks are NaN.

    Attributes:
        depth: Hidden layers [1].
        l1: Strength of the penalty [1].
        test_error: Share of wrong classes [1].
        zeros: Exact zeros on the test split, averaged over the hidden layers [1].
        zeros_by_layer: The same, layer by layer [1].
        dead_by_layer: Units that no test example activates [1].
        diverged: Epoch of divergence, or -1.
        raster: The first seed's activations: 0 is an exact zero, 1 to 255 a share of the layer's
            largest.
        raster_labels: The classes of the examples in the raster.
        data: Name, sha256 and source of the data.
    """

    depth: Int[np.ndarray, "depths"]
    l1: Float[np.ndarray, "strengths"]
    test_error: Float[np.ndarray, "depths strengths seeds"]
    zeros: Float[np.ndarray, "depths strengths seeds"]
    zeros_by_layer: Float[np.ndarray, "depths strengths seeds layers"]
    dead_by_layer: Float[np.ndarray, "depths strengths seeds layers"]
    diverged: Int[np.ndarray, "depths strengths seeds"]
    raster: UInt8[np.ndarray, "depths strengths layers units examples"]
    raster_labels: Int[np.ndarray, "examples"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Depths 1 to 5 and twelve strengths; wider and longer at `paper`.

    A small data set is seen more often, so that its networks take enough steps to learn.
    """
    strengths = (0.0, 1e-5, 3e-5, 1e-4, 3e-4, 6e-4, 1e-3, 2e-3, 4e-3, 7e-3, 1e-2, 2e-2)
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=32, depths=(1, 2), l1=(0.0, 1e-3, 1e-2), seeds=(0, 1),
            learning_rate=0.1, batch_size=32, epochs=2, train_examples=1000,
        )  # fmt: skip
    paper_scale = scale == "paper"
    data = data or ("mnist" if paper_scale else "mnist-5k")
    return Config(
        data=data,
        width=1000 if paper_scale else 100,
        depths=(1, 2, 3, 4, 5), l1=strengths, seeds=tuple(range(5)),
        learning_rate=0.05 if paper_scale else 0.1,
        batch_size=10 if paper_scale else 32,
        epochs=8 if data == "mnist" and not paper_scale else 30,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of one depth at a time, all strengths and seeds side by side."""
    data, passport = open_data(config.data, config.train_examples)
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1, seed=config.seeds)
    rows, labels = raster_examples(data)
    work = [_weights(config, depth, data) for depth in config.depths]
    parts: list[dict[str, np.ndarray]] = []
    for position, depth in enumerate(config.depths):
        network, history = train_networks(
            data,
            hyper,
            Schedule(epochs=config.epochs, batch_size=config.batch_size),
            width=config.width,
            depth=depth,
            device=device,
            progress=part_of(progress, sum(work[:position]), work[position], sum(work)),
            checkpoint=None if checkpoints is None else Path(f"{checkpoints}.depth-{depth}.npz"),
        )
        shown = network.view(slice(None, None, len(config.seeds)))
        parts.append(
            {
                "test_error": history.at_best("test_error"),
                "zeros_by_layer": history.at_best("zero_fraction").T,
                "dead_by_layer": history.at_best("dead").T,
                "diverged": history.diverged,
                "raster": raster(shown, data.test.x[rows]),
            }
        )
    return _assemble(config, parts, labels, passport)


def raster_examples(data: Dataset) -> tuple[torch.Tensor, Int[np.ndarray, "examples"]]:
    """Which test examples the raster shows: the first few of each class, and their classes."""
    labels = data.test.y.numpy()
    rows = np.concatenate(
        [np.flatnonzero(labels == c)[:RASTER_PER_CLASS] for c in range(data.outputs)]
    )
    return torch.from_numpy(rows), labels[rows]


@torch.no_grad()
def raster(
    network: MLP, x: Float[torch.Tensor, "examples inputs"]
) -> UInt8[np.ndarray, "models layers units examples"]:
    """Activations as bytes: 0 for an exact zero, else 1 to 255 by the layer's largest."""
    weight = network.stacked_layers()[0].weight
    layers = []
    for h in network.hidden(x.to(weight).expand(network.models, *x.shape)):
        shown = h[..., :RASTER_UNITS].mT.numpy(force=True)
        largest = np.maximum(shown.max(axis=(-2, -1), keepdims=True), 1e-30)
        scaled = np.where(shown > 0, np.maximum(1, np.round(255 * shown / largest)), 0)
        layers.append(np.nan_to_num(scaled).astype(np.uint8))
    return np.stack(layers, axis=1)


def compare(result: Result) -> list[Comparison]:
    """Depth 3 with the paper's strength beside the paper's sparsity and error on MNIST."""
    place = result.depth == 3, np.isclose(result.l1, paper.PROTOCOL["l1"].value)
    if not (place[0].any() and place[1].any()):
        return []
    here = np.ix_(*place)
    rows = (
        ("exact zeros, depth 3, L1 0.001", paper.EXACT_ZEROS["mnist"].value, result.zeros[here]),
        (
            "test error, depth 3, L1 0.001",
            paper.TABLE_1["rectifier", "mnist", "none"].value,
            result.test_error[here],
        ),
    )
    return [
        Comparison(quantity=name, paper=value, here=100 * float(np.median(ours)), unit="%")
        for name, value, ours in rows
    ]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    zeros = 100 * np.median(result.zeros, axis=-1)
    return (
        f"From no penalty to the strongest, the median share of exact zeros rises from "
        f"{zeros[:, 0].min():.0f}-{zeros[:, 0].max():.0f} % to "
        f"{zeros[:, -1].min():.0f}-{zeros[:, -1].max():.0f} %, at depths "
        f"{result.depth.min()} to {result.depth.max()}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Zeros over L1 strength, one line a depth."""
    fig, ax = figures.axes(
        title="Zeros rise with the L1 strength at every depth", subtitle=subtitle
    )
    positions = np.arange(len(result.l1), dtype=float)
    for depth, zeros in zip(result.depth, 100 * result.zeros, strict=True):
        color = figures.shade(float(depth), float(result.depth.max()))
        figures.band(ax, positions, zeros, color=color, label=f"depth {depth}")
    ax.set_xticks(positions, [f"{v:g}" for v in result.l1], rotation=45)
    ax.set(xlabel="L1 strength", ylabel="exact zeros (%)", ylim=(0, 100))
    figures.label_in_place(ax)
    return fig


def train_frame(
    l1: float,
    depth: int,
    *,
    scale: str = "laptop",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train one place of the grid now, on embedded digits; what the widget calls.

    Args:
        l1: Strength of the penalty [1].
        depth: Hidden layers.
        scale: Whose settings to use.
        progress: Called as `progress(done, total, text)`.
        stop: True gives up.

    Returns:
        One frame of the widget, or None if it was stopped.
    """
    from relubook.experiments import live

    return live.train_frame(configure(scale), l1, depth, progress=progress, stop=stop)


def explorer_data(record: records.Record, band: records.Record | None = None) -> dict[str, Any]:
    """What `L1Explorer` draws, from a record and the band that live networks are compared with."""
    from relubook.experiments import live

    return live.explorer_data(record, band)


def encode(raster: UInt8[np.ndarray, "layers units examples"]) -> str:
    """A raster as base64 text."""
    return base64.b64encode(np.ascontiguousarray(raster).tobytes()).decode()


def _weights(config: Config, depth: int, data: Dataset) -> int:
    """The number of weights of a network: how long it takes, compared with another."""
    return (data.inputs + (depth - 1) * config.width + data.outputs) * config.width


def _assemble(
    config: Config, parts: list[dict[str, np.ndarray]], labels: np.ndarray, passport: dict[str, Any]
) -> Result:
    """The parts of all depths in arrays of one shape."""
    seeds, deepest = len(config.seeds), max(config.depths)
    grid_shape = (len(parts), len(config.l1), seeds)
    by_layer = {
        name: np.full((*grid_shape, deepest), np.nan)
        for name in ("zeros_by_layer", "dead_by_layer")
    }
    pictures = np.zeros(
        (len(parts), len(config.l1), deepest, *parts[0]["raster"].shape[2:]), dtype=np.uint8
    )
    for row, (depth, part) in enumerate(zip(config.depths, parts, strict=True)):
        for name, values in by_layer.items():
            values[row, ..., :depth] = part[name].reshape(len(config.l1), seeds, depth)
        pictures[row, :, :depth] = part["raster"]
    return Result(
        depth=np.array(config.depths),
        l1=np.array(config.l1),
        test_error=np.stack([p["test_error"].reshape(-1, seeds) for p in parts]),
        zeros=np.nanmean(by_layer["zeros_by_layer"], axis=-1),
        zeros_by_layer=by_layer["zeros_by_layer"],
        dead_by_layer=by_layer["dead_by_layer"],
        diverged=np.stack([p["diverged"].reshape(-1, seeds) for p in parts]),
        raster=pictures,
        raster_labels=labels,
        data=passport,
    )
