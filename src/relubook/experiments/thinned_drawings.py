"""Drawings of "thinned": errors of means, exact and inexact means, and who switches units off."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.thinned_values import TRAININGS, Result

_BLUE = figures.COLORS["rectifier"]
_LEAST = 1e-17  # where an exact zero is drawn on a logarithmic axis
_WORDS = {"plain": "trained whole", "dropout": "trained with dropout"}
_IDENTITIES = (
    ("exact_last", "masks of the\nlast layer"),
    ("exact_held", "of the last two,\nsets held"),
    ("exact_free", "of the last two,\nsets free"),
)


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = (
        f"{_WORDS[name]}, one thinned network errs {_mean(result.error_one[place, -1]):.1f} %, the "
        f"mean of {result.count[-1]} {_mean(result.error_mean[place, -1]):.2f} %, the scaled "
        f"network {_mean(result.error_scaled[place]):.2f} %"
        for place, name in enumerate(TRAININGS)
    )
    return f"Test error with half of all hidden units dropped: {'; '.join(texts)}."


def draw(result: Result, subtitle: str = "") -> Figure:
    """The error of the mean of more and more thinned networks, beside the scaled network's."""
    last = TRAININGS.index("dropout")
    fig, left = figures.axes(
        title=f"Trained with dropout, the mean of {result.count[-1]} thinned networks errs "
        f"{_mean(result.error_mean[last, -1]):.1f} %,\n"
        f"the one network with scaled weights {_mean(result.error_scaled[last]):.1f} %",
        subtitle=subtitle, width=9.0, height=4.8, panels=2,
    )  # fmt: skip
    for place, (ax, name) in enumerate(zip(fig.axes, TRAININGS, strict=True)):
        x = result.count.astype(float)
        figures.band(ax, x, 100 * result.error_by_count[place], color=_BLUE)
        scaled = 100 * float(np.median(result.error_scaled[place]))
        ax.axhline(scaled, color=figures.INK, linestyle="--", linewidth=1.2)
        ax.annotate("scaled network", (x[0], scaled), xytext=(0, -4), textcoords="offset points",
                    va="top", fontsize=10, color=figures.INK)  # fmt: skip
        ax.set_xscale("log")
        ax.set_xticks(x, [str(count) for count in result.count])
        ax.minorticks_off()
        ax.set_xlabel(f"thinned networks in the mean, {_WORDS[name]}")
    left.set(ylim=(0, None), ylabel="test error (%)")
    return fig


def describe_exact(result: Result) -> str:
    """The finding of `draw_exact` in one sentence."""
    texts = (
        f"{words.replace(chr(10), ' ')} {getattr(result, name).max():.1g}"
        for name, words in _IDENTITIES
    )
    return (
        "Largest difference between the mean of the logits over all masks and the logits with "
        f"halved weights, over the largest logit: {'; '.join(texts)}."
    )


def draw_exact(result: Result, subtitle: str = "") -> Figure:
    """How far the mean over all masks is from the network with halved weights."""
    held, free = result.exact_held.max(), np.median(result.exact_free)
    fig, ax = figures.axes(
        title=f"Halved weights give the mean over all masks to {held:.0e}\n"
        f"with active sets held, and miss {100 * free:.0f} % where they may change",
        subtitle=subtitle, height=4.6,
    )  # fmt: skip
    points = [np.maximum(getattr(result, name), _LEAST) for name, _ in _IDENTITIES]
    figures.strips(ax, points, color=_BLUE)
    ax.set_xticks(range(1, len(points) + 1), [words for _, words in _IDENTITIES])
    ax.set(yscale="log", ylim=(_LEAST / 3, 3), ylabel="difference over the largest logit (1)",
           xlabel="mean logits over all masks against halved weights, small networks")  # fmt: skip
    return fig


def describe_off(result: Result) -> str:
    """The finding of `draw_off` in one sentence."""
    texts = (
        f"{_WORDS[name]} {_mean(result.off[place]):.0f} %, with masks "
        f"{_mean(result.off_thinned[place]):.0f} %"
        for place, name in enumerate(TRAININGS)
    )
    return f"Exact zeros among hidden activations, mean of the layers: {'; '.join(texts)}."


def draw_off(result: Result, subtitle: str = "") -> Figure:
    """Zeros by layer, of the rectifiers alone and with masks, beside dropout's half."""
    fig, left = figures.axes(
        title=f"Rectifiers switch off {_mean(result.off[0]):.0f} % of the units for each digit,\n"
        f"after dropout {_mean(result.off[1]):.0f} %; dropout itself half of them",
        subtitle=subtitle, width=9.0, height=4.6, panels=2,
    )  # fmt: skip
    for place, (ax, name) in enumerate(zip(fig.axes, TRAININGS, strict=True)):
        _zeros(ax, 100 * result.off[place], 100 * result.off_thinned[place])
        ax.axhline(50, color=figures.CHANCE, linestyle="--", linewidth=1)
        ax.text(0.55, 48, "dropout alone", va="top", fontsize=9.5, color=figures.CHANCE)
        ax.set_xlabel(f"hidden layer, {_WORDS[name]}")
    left.set(ylim=(0, 100), ylabel="units that are off (%)")
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    small = ", ".join(str(units) for units in config["small"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, {config['steps']:,} steps of "
        f"{config['batch_size']}\n{config['masks']} masks, {config['examples']:,} test examples · "
        f"{len(config['seeds'])} seeds · small networks: {small} units, "
        f"{config['steps'] // 5:,} steps"
    )


def _zeros(ax: Axes, alone: np.ndarray, masked: np.ndarray) -> None:
    """Filled points for the rectifiers alone, hollow ones for thinned networks."""
    layers = np.arange(1, len(alone) + 1)
    figures.strips(ax, list(alone), color=_BLUE)
    spread = np.linspace(-0.12, 0.12, alone.shape[1])
    for layer, values in zip(layers, masked, strict=True):
        ax.plot(layer + spread, values, "o", color=_BLUE, markerfacecolor="none", markersize=5)
    ends = ((alone, "alone"), (masked, "with masks"))
    for values, words in ends:
        ax.annotate(words, (layers[-1] + 0.27, np.median(values[-1])), fontsize=9.5, color=_BLUE,
                    xytext=(2, 0), textcoords="offset points", va="center", zorder=5,
                    bbox={"facecolor": figures.GROUND, "edgecolor": "none", "pad": 1})  # fmt: skip
    ax.set_xlim(0.5, layers[-1] + 0.9)


def _mean(values: np.ndarray) -> float:
    """In percent."""
    return 100 * float(np.mean(values))
