"""Drawings of the experiment "growth", and a sentence for each."""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records

if TYPE_CHECKING:
    from relubook.experiments.growth import Result

KINDS = (("rectifier", 0.0), ("rectifier", 1e-4), ("rectifier", 1e-3), ("tanh", 0.0))
"""Activation and penalty."""

_FREE, _PENALIZED, _TANH = 0, 2, 3


def named(kind: tuple[str, float]) -> str:
    """Such as `rectifier, L1 0.001`."""
    return f"{kind[0]}, L1 {kind[1]:g}" if kind[1] else kind[0]


def growth(
    values: Float[np.ndarray, "kinds times layers seeds"],
) -> Float[np.ndarray, "kinds seeds"]:
    """The mean over layers after the last epoch, over that after the first epoch [1]."""
    level = values.mean(2)
    return level[:, -1] / level[:, 1]


def describe(result: "Result") -> str:
    """The finding in one sentence."""
    factors = np.nanmean(growth(result.mean_abs), axis=1)
    words = ", ".join(f"{named(k)} {f:.2f}" for k, f in zip(KINDS, factors, strict=True))
    return (
        f"Mean |h| after {result.loss.shape[1]} epochs over that after the first, mean over "
        f"layers: {words}."
    )


def draw(result: "Result", subtitle: str = "") -> Figure:
    """Mean |h| over epochs for each kind, mean over layers."""
    free, penalized = np.nanmean(growth(result.mean_abs), axis=1)[[_FREE, _PENALIZED]]
    fig, ax = figures.axes(
        title=f"Mean |h| after {result.loss.shape[1]} epochs over that after the first:\n"
        f"{free:.2f} without a penalty, {penalized:.2f} with L1 {KINDS[_PENALIZED][1]:g}",
        subtitle=subtitle,
        width=7.6,
        height=4.6,
    )
    _by_epoch(ax, result.mean_abs.mean(2))
    ax.set(ylabel="mean |h| (1)", yscale="log")
    _plain_numbers(ax)
    return fig


def describe_largest(result: "Result") -> str:
    """The finding of `draw_largest` in one sentence."""
    last = np.nanmean(result.largest[:, -1].max(1), axis=1)
    words = ", ".join(f"{named(k)} {value:.3g}" for k, value in zip(KINDS, last, strict=True))
    return f"Largest |h| of any hidden unit after the last epoch, mean over seeds: {words}."


def draw_largest(result: "Result", subtitle: str = "") -> Figure:
    """The largest |h| of any unit over epochs."""
    largest = result.largest.max(2)
    last = np.nanmean(largest[:, -1], axis=1)
    fig, ax = figures.axes(
        title=f"After {result.loss.shape[1]} epochs the largest activation is {last[_FREE]:.3g} "
        f"without a penalty,\n{last[_PENALIZED]:.3g} with L1 {KINDS[_PENALIZED][1]:g}, and "
        f"{last[_TANH]:.2g} for tanh",
        subtitle=subtitle,
        width=7.6,
        height=4.6,
    )
    _by_epoch(ax, largest)
    ax.set(ylabel="largest |h| (1)", yscale="log")
    _plain_numbers(ax)
    return fig


def describe_error(result: "Result") -> str:
    """The finding of `draw_error` in one sentence."""
    last = 100 * np.nanmean(result.test_error[:, -1], axis=1)
    norms = np.nanmean(result.norm[:, -1].sum(1) / result.norm[:, 0].sum(1), axis=1)
    words = "; ".join(
        f"{named(kind)} {error:.2f} %, norms {norm:.2f} times"
        for kind, error, norm in zip(KINDS, last, norms, strict=True)
    )
    return (
        "Test error after the last epoch, and the norms of the weights over those before training: "
        f"{words}."
    )


def draw_error(result: "Result", subtitle: str = "") -> Figure:
    """Test error over epochs for each kind."""
    errors = 100 * result.test_error
    last = np.nanmean(errors[:, -1], axis=1)
    fig, ax = figures.axes(
        title=f"Test error after {result.loss.shape[1]} epochs: {last[_FREE]:.1f} % without a "
        f"penalty,\n{last[_PENALIZED]:.1f} % with L1 {KINDS[_PENALIZED][1]:g}",
        subtitle=subtitle,
        width=7.6,
        height=4.6,
    )
    _by_epoch(ax, errors, first=1)
    top = float(np.nanmax(np.nanmedian(errors, axis=2)[:, 0]))
    ax.set(ylabel="test error (%)", ylim=(0, top))
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units\nbatch {config['batch_size']}, "
        f"{config['epochs']} epochs at one learning rate · {len(config['seeds'])} seeds"
    )


def _by_epoch(ax: Axes, values: Float[np.ndarray, "kinds times seeds"], *, first: int = 0) -> None:
    """A band for each kind; the stronger the penalty, the darker the blue."""
    x = np.arange(first, first + values.shape[1], dtype=float)
    for at, kind in enumerate(KINDS):
        rectifies = kind[0] == "rectifier"
        color = figures.shade(at + 1.0, 3.0) if rectifies else figures.COLORS[kind[0]]
        figures.band(ax, x, values[at], color=color, label=named(kind))
    ax.set(xlabel="epochs (1)", xlim=(0, x[-1]))
    ax.legend(frameon=False, fontsize=9.5, labelcolor="linecolor", handlelength=1,
              loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip


def _plain_numbers(ax: Axes) -> None:
    """Numbers on a logarithmic axis as they are spoken."""
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    ax.yaxis.set_minor_formatter(lambda value, _: f"{value:g}" * (f"{value:.0e}"[0] in "25"))
