"""Drawings of the experiment "sign-trick", and a sentence for each."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure

from relubook import datasets, figures, records

if TYPE_CHECKING:
    from relubook.experiments.sign_trick import Result

KINDS = (("rectifier", False), ("rectifier", True), ("softplus", False), ("softplus", True))
"""Activation, and whether half of the units are negated."""

_PLAIN, _SIGNED = KINDS.index(("rectifier", False)), KINDS.index(("rectifier", True))


def named(kind: tuple[str, bool]) -> str:
    """Such as `rectifier, half negated`."""
    return f"{kind[0]}, half negated" if kind[1] else kind[0]


def describe(result: "Result") -> str:
    """The finding in one sentence."""
    with_signs, without = (result.balance_untrained[kind, -1].mean() for kind in (_SIGNED, _PLAIN))
    zeros = 100 * result.zeros_untrained[[_PLAIN, _SIGNED], -1].mean((1, 2))
    return (
        f"In untrained rectifier layers of {result.widths[-1]:,} units negating half of them takes "
        f"|mean| over mean |activation| from {without:.2f} to {with_signs:.3f}; exact zeros are "
        f"{zeros[0]:.1f} % without and {zeros[1]:.1f} % with it."
    )


def draw(result: "Result", subtitle: str = "") -> Figure:
    """The balance of untrained layers, mean over layers, over their width."""
    with_signs = result.balance_untrained[_SIGNED].mean((1, 2))
    fig, ax = figures.axes(
        title=f"Negating half of the units takes |mean| over mean |activation|\nfrom 1 to "
        f"{with_signs[-1]:.2f} in layers of {result.widths[-1]:,} units, to {with_signs[0]:.2f} in "
        f"layers of {result.widths[0]}",
        subtitle=subtitle,
        width=7.4,
        height=4.6,
    )
    for at, kind in enumerate(KINDS):
        color, every = figures.COLORS[kind[0]], result.balance_untrained[at].mean(1)
        x = result.widths[:, None] * np.linspace(0.95, 1.05, every.shape[1])
        if at >= 2:
            x = x * 1.15  # beside the rectifiers
        ax.plot(x.ravel(), every.ravel(), "o", color=color, alpha=0.35, markersize=4,
                markerfacecolor=color if kind[1] else "none")  # fmt: skip
        ax.plot(x.mean(1), every.mean(1), "-" if kind[1] else ":", color=color, linewidth=2,
                label=named(kind))  # fmt: skip
    ax.set(xscale="log", yscale="log", xlabel="units per hidden layer (1)",
           ylabel="|mean| over mean |activation| (1)", ylim=(0.002, 1.5))  # fmt: skip
    ax.set_xticks(result.widths, [f"{width:,}" for width in result.widths])
    ax.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize=9.5, labelcolor="linecolor", loc="lower left")
    return fig


def describe_trained(result: "Result") -> str:
    """The finding of `draw_trained` in one sentence."""
    words = "; ".join(
        f"{named(kind)} {np.nanmean(result.balance_before[at]):.2f} before, "
        f"{np.nanmean(result.balance_after[at]):.2f} after"
        for at, kind in enumerate(KINDS)
    )
    return f"|mean| over mean |activation| of hidden layers before and after training: {words}."


def draw_trained(result: "Result", subtitle: str = "") -> Figure:
    """The balance of each layer before training and after it, with the trick."""
    before, after = (
        np.nanmean(values[_SIGNED]) for values in (result.balance_before, result.balance_after)
    )
    fig, ax = figures.axes(
        title="With half of the rectifiers negated |mean| over mean |activation|\nis "
        f"{before:.2f} before training and {after:.2f} after it",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    layers, width = result.balance_before.shape[1], 0.18
    top = max(float(np.nanmax(v[1::2])) for v in (result.balance_before, result.balance_after))
    for at, kind in enumerate(KINDS):
        if not kind[1]:
            continue
        color = figures.COLORS[kind[0]]
        for late, values in enumerate((result.balance_before[at], result.balance_after[at])):
            shift = (at // 2 * 2 + late - 1.5) * width
            face, when = (color, "after") if late else ("none", "before")
            for layer in range(layers):
                x = layer + 1 + shift + np.linspace(-0.05, 0.05, values.shape[1])
                ax.plot(x, values[layer], "o", color=color, alpha=0.7, markersize=5,
                        markerfacecolor=face,
                        label=f"{kind[0]}, {when}" if layer == 0 else "")  # fmt: skip
                ax.hlines(np.nanmedian(values[layer]), x[0] - 0.03, x[-1] + 0.03,
                          color=figures.INK, linewidth=1.5)  # fmt: skip
    ax.set_xticks(range(1, layers + 1))
    ax.set(xlabel="hidden layer (a point a seed)", ylabel="|mean| over mean |activation| (1)",
           ylim=(0, 1.3 * top))  # fmt: skip
    ax.legend(frameon=False, fontsize=9.5, ncols=2, loc="upper left", handlelength=1)
    return fig


def describe_error(result: "Result") -> str:
    """The finding of `draw_error` in one sentence."""
    words = "; ".join(
        f"{named(kind)} {np.nanmean(100 * result.test_error[at]):.2f} % (learning rate "
        f"{result.chosen[at]:g}, {(result.diverged[at] >= 0).sum()} diverged)"
        for at, kind in enumerate(KINDS)
    )
    return f"Mean test error, each kind with its own learning rate: {words}."


def draw_error(result: "Result", subtitle: str = "") -> Figure:
    """Test error with the trick and without, one point a seed."""
    errors = 100 * result.test_error
    means = np.nanmean(errors, axis=1)
    fig, ax = figures.axes(
        title=f"Test error with half of the units negated and without: rectifier\n"
        f"{means[1]:.2f} and {means[0]:.2f} %, softplus {means[3]:.2f} and {means[2]:.2f} %",
        subtitle=subtitle,
        width=7.0,
        height=4.2,
    )
    for at, kind in enumerate(KINDS):
        color, seen = figures.COLORS[kind[0]], errors[at][np.isfinite(errors[at])]
        x = at + np.linspace(-0.12, 0.12, len(seen))
        ax.plot(x, seen, "o", color=color, markerfacecolor=color if kind[1] else "none", alpha=0.8)
        ax.hlines(np.median(seen), at - 0.2, at + 0.2, color=figures.INK, linewidth=1.5)
        gone = int((result.diverged[at] >= 0).sum())
        if gone:
            ax.text(at, seen.max(), f"× {gone} diverged", ha="center", va="bottom", fontsize=9.5)
    names = [
        f"{kind[0]}\n{'half negated' if kind[1] else 'as it is'}\nrate {rate:g}"
        for kind, rate in zip(KINDS, result.chosen, strict=True)
    ]
    ax.set_xticks(range(len(KINDS)), names)
    ax.set(ylabel="test error (%)", xlabel="activation (a point a seed)")
    return fig


def subtitle(record: records.Record) -> str:
    """What was looked at and what was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units trained, batch {config['batch_size']}, "
        f"{config['epochs']} epochs\n{config['examples']:,} test examples shown · "
        f"{len(config['seeds'])} seeds, learning rates chosen on validation with "
        f"{len(config['rate_seeds'])} others"
    )
