"""Drawings of "read-back": what a decoder recovers over exact zeros, and the test error beside."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.read_back_values import Result

_CLASS, _REST = 1, 2  # places in `decoders.PARTS`
_CLOSE = 3.0  # points: layers nearer than this are not named one by one


def draw(result: Result, subtitle: str = "") -> Figure:
    """R² of the class part and of the rest over the zeros of each layer, a point a network."""
    read, zeros = 100 * result.read, 100 * result.zeros
    fig, ax = figures.axes(title=_finding(read), subtitle=subtitle, width=9.5, height=5.0)
    layers = zeros.shape[-1]
    for layer in range(layers):
        color = figures.shade(layer + 1.0, float(layers))
        for part, marker, face in ((_CLASS, "s", "none"), (_REST, "o", color)):
            ax.plot(
                zeros[..., layer].ravel(), read[..., layer, part].ravel(), marker, color=color,
                markerfacecolor=face, alpha=0.6, markersize=5,
                label=_label(layer, part),
            )  # fmt: skip
            middle = np.nanmean(zeros[..., layer], axis=1)
            ax.plot(middle, np.nanmean(read[..., layer, part], axis=1), color=color, linewidth=1)
    _controls(ax, result)
    ax.set(
        xlim=(-3, 100), ylim=(min(0.0, float(np.nanmin(read[..., 1:]))), 103),
        xlabel="exact zeros in the layer (% of its activations)",
        ylabel="variance read back (%)",
    )  # fmt: skip
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9, handlelength=1.2,
              loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    return fig


def _finding(read: Float[np.ndarray, "strengths seeds layers parts"]) -> str:
    """What becomes of the two parts from no penalty to the strongest, averaged over layers."""
    ends = np.nanmean(read, axis=(1, 2))[[0, -1]]
    (one, rest), (other, least) = ends[:, [_CLASS, _REST]]
    return (
        f"Under the penalty, the class means read back go from {one:.0f} to {other:.0f} %,\n"
        f"what differs within a class from {rest:.0f} to {least:.0f} %"
    )


def _label(layer: int, part: int) -> str:
    """Words for a series: squares for the class, dots for the rest."""
    return f"layer {layer + 1}, {'class means' if part == _CLASS else 'within a class'}"


def _controls(ax: Axes, result: Result) -> None:
    """The rest in other networks, and in as many principal components as there are units."""
    nothing = np.zeros(result.tanh_read.shape[:2])
    for zeros, read, marker, color, name in (
        (result.untrained_zeros, result.untrained_read, "x", figures.CHANCE, "untrained"),
        (nothing, result.linear_read, "+", figures.INK, "untrained, linear units"),
        (nothing, result.tanh_read, "D", figures.COLORS["tanh"], "trained tanh"),
    ):
        rest = 100 * read[..., _REST]
        ax.plot(
            100 * zeros.ravel(), rest.ravel(), marker, color=color, alpha=0.6, markersize=4,
            label=f"{name}, within a class (by layer)",
        )  # fmt: skip
        for layer, height in enumerate(rest.mean(0), start=1):
            left = 100 * zeros[:, layer - 1].min() - 1
            words = f"{layer}" if np.ptp(rest.mean(0)) > _CLOSE else ""
            ax.text(left, height, words, color=color, ha="right", va="center", fontsize=8)
    components = result.principal.shape[1] - 1
    silent = 100 * (1 - np.arange(components + 1) / components)
    ax.plot(
        silent, 100 * result.principal[_REST], "--", color=figures.CHANCE, linewidth=1,
        label="as many principal components\nas active units, within a class",
    )  # fmt: skip


def draw_error(result: Result, subtitle: str = "") -> Figure:
    """Test error over zeros, averaged over the layers, a point a network."""
    zeros, error = 100 * result.zeros.mean(-1), 100 * result.test_error
    before, after = np.nanmedian(error, axis=1)[[0, -1]]
    fig, ax = figures.axes(
        title=f"Test error {before:.1f} % without a penalty, {after:.1f} % with the strongest",
        subtitle=subtitle,
        width=8.0,
    )
    color = figures.COLORS["rectifier"]
    ax.plot(zeros.ravel(), error.ravel(), "o", color=color, alpha=0.6, markersize=5)
    ax.plot(zeros.mean(1), np.nanmedian(error, axis=1), color=color, linewidth=1.5)
    tanh = 100 * float(np.median(result.tanh_error))
    ax.axhline(tanh, color=figures.COLORS["tanh"], linestyle="--", linewidth=1)
    ax.text(1.0, tanh, "tanh", color=figures.COLORS["tanh"], ha="right", va="bottom",
            transform=ax.get_yaxis_transform(), fontsize=9.5)  # fmt: skip
    top = 1.3 * max(float(np.nanquantile(error, 0.9)), tanh)
    figures.note_clipped(ax, zeros.ravel(), error.ravel(), top=top)
    ax.set(
        ylim=(0, top), xlabel="exact zeros (% of hidden activations)", ylabel="test error (%)",
    )  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and how it was read."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} rectifiers · batch {config['batch_size']}, "
        f"{config['epochs']} epochs\n{len(config['seeds'])} seeds at each of {len(config['l1'])} "
        "penalties · ridge decoders of the test examples"
    )
