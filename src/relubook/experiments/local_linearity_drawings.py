"""Drawings of the experiment "local-linearity", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.local_linearity_values import KINDS, RECTIFIER, Result
from relubook.experiments.quartet import UNITS


def describe(result: Result) -> str:
    """The finding in one sentence."""
    exact, far = _ends(result)
    smallest = ", ".join(
        f"{name} {np.median(result.error[at, 0]):.1g}"
        for at, name in enumerate(UNITS)
        if at != RECTIFIER
    )
    return (
        f"Where no unit flips, the linear model of a rectifier network is wrong by {exact:.1g} of "
        f"the change of its outputs at most; after a step of length {result.steps[-1]:g} by "
        f"{far:.2f} (median). After a step of {result.steps[0]:g} others are wrong by: {smallest}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Relative error of the linear model over the length of the step, for each activation."""
    exact, far = _ends(result)
    fig, ax = figures.axes(
        title=f"While no unit flips, the linear model is exact (error {exact:.0e});\nafter a step "
        f"of length {result.steps[-1]:g} it is wrong by {100 * far:.0f} %",
        subtitle=subtitle,
        width=8.5,
        height=4.8,
    )
    for at, name in enumerate(UNITS):
        figures.band(ax, result.steps, result.error[at], color=figures.COLORS[name], label=name)
    kept = result.kept_error[RECTIFIER]
    x = np.repeat(result.steps[:, None], kept.shape[1], axis=1)
    ax.plot(
        x.ravel(), kept.ravel(), "s", color=figures.COLORS["rectifier"], markerfacecolor="none",
        markersize=5, alpha=0.7, label="rectifier, largest\nwhere no unit flips",
    )  # fmt: skip
    ax.set(
        xscale="log", yscale="log", xlabel="length of the step (1)",
        ylabel="error over the change of the outputs (1)",
    )  # fmt: skip
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9.5, handlelength=1,
              loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    return fig


def describe_ways(result: Result) -> str:
    """How many pieces lie between two digits, in one sentence."""
    counts = result.pieces.mean((2, 3))
    words = "; ".join(
        f"{name}: {same:.0f} and {other:.0f}"
        for name, (same, other) in zip(_names(result), counts, strict=True)
    )
    return (
        "Linear pieces on the straight way between two digits of one class, and of two classes "
        f"(mean): {words}."
    )


def draw_ways(result: Result, subtitle: str = "") -> Figure:
    """Pieces between two digits, before training and after, without a penalty and with."""
    counts = result.pieces.mean(2)
    same, other = counts[[-1, 0]].mean(-1).T  # before training and after
    fig = _columns(
        result,
        counts,
        title=f"Training takes the way to another class from {other[0]:.0f} to {other[1]:.0f} "
        f"linear pieces,\nthe way within a class from {same[0]:.0f} to {same[1]:.0f}",
        subtitle=subtitle,
    )
    fig.axes[0].set(ylabel="linear pieces on the way (1)", ylim=(0, None))
    return fig


def describe_reach(result: Result) -> str:
    """How far one linear model reaches, in one sentence."""
    reach, share = np.median(result.reach, axis=-1), 100 * np.median(result.reach_share, axis=-1)
    words = "; ".join(
        f"{name}: {far:.2g} and {part:.2g} %"
        for name, far, part in zip(_names(result), reach[:, 0], share[:, 1], strict=True)
    )
    return (
        "Length of a step in a random direction until the first unit flips, and the share of the "
        f"way to a digit of another class (medians): {words}."
    )


def draw_reach(result: Result, subtitle: str = "") -> Figure:
    """How much of the way to another digit one linear model holds."""
    share = 100 * result.reach_share
    fig = _columns(
        result,
        share,
        title=f"The linear model at a digit holds for {np.median(share[0, 1]):.1g} % of the way "
        "to another class",
        subtitle=subtitle,
    )
    fig.axes[0].set(ylabel="way until the first unit flips (%)", ylim=(0, None))
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and where steps begin."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training "
        f"examples · {config['depth']} x {config['width']} units, all stopped at "
        f"{100 * config['target']:g} % validation error\n{config['examples']} test digits, "
        f"{config['pairs']} pairs of each kind · {len(config['seeds'])} seeds"
    )


def _columns(
    result: Result,
    values: Float[np.ndarray, "rectifiers kinds seeds"],
    *,
    title: str,
    subtitle: str,
) -> Figure:
    """A column of points for each kind of rectifier network and of pair, untrained ones first."""
    fig, ax = figures.axes(title=title, subtitle=subtitle, width=8.0)
    names = _names(result)
    order = [len(names) - 1, *range(len(names) - 1)]
    for place, row in enumerate(order, start=1):
        for kind, shift in enumerate((-0.17, 0.17)):
            column = values[row, kind]
            x = place + shift + np.linspace(-0.08, 0.08, len(column))
            face = "none" if kind == 0 else figures.COLORS["rectifier"]
            ax.plot(x, column, "o", color=figures.COLORS["rectifier"], markerfacecolor=face,
                    markersize=5, alpha=0.7, label=KINDS[kind] if place == 1 else "")  # fmt: skip
            ax.hlines(np.median(column), place + shift - 0.13, place + shift + 0.13,
                      color=figures.INK, linewidth=1.5)  # fmt: skip
    ax.set_xticks(range(1, len(order) + 1), [names[row] for row in order], fontsize=9.5)
    ax.set_xlabel("networks (a point a seed)")
    ax.legend(frameon=False, fontsize=9.5, handlelength=1, title="to a digit of",
              title_fontsize=9.5, loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    return fig


def _names(result: Result) -> list[str]:
    """What each kind of rectifier network is called."""
    penalties = result.l1[result.rectifiers()[1:-1]]
    return ["no penalty", *(f"L1 {l1:g}" for l1 in penalties), "untrained"]


def _ends(result: Result) -> tuple[float, float]:
    """The largest error where no unit flips, and the median one after the longest step."""
    largest = float(np.nanmax(result.kept_error[RECTIFIER]))
    return largest, float(np.median(result.error[RECTIFIER, -1]))
