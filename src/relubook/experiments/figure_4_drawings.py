"""Drawings of "figure-4": errors, what pretraining saves, and costs, by the share of labels."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.figure_4_values import (
    ACTIVATIONS,
    FEW,
    Result,
    costs_at_one_rate,
    gain,
    of,
    place_of,
    printed,
    printed_gain,
)
from relubook.experiments.pretrained import STARTS
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.softplus_alpha_values import on_toys

_LINES = {"none": "--", "with": "-"}
_WORDS = {"none": "from weights as drawn", "with": "pretrained"}
_ASIDE = 1.06  # factor on the share, so that the two kinds of units do not cover each other
_APART = (0.94, 0.98, 1.02, 1.06)  # the same for the four kinds of network
_ROOM = (40.0, 300.0)  # percent to either side of 0 on an axis of changes, at least and at most
_CHANGED = (  # the two quantities whose changes `draw_loss` compares
    "test error: change by pretraining (%),\neach network at the rate it chose",
    "final training cost: change by pretraining (%),\nboth at the rate chosen without pretraining",
)


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = (
        f"{share:g} % ({labels:,}) {_row(result, place)}"
        for place, (share, labels) in enumerate(_shares(result))
    )
    return f"Mean test error by share of labels: {'; '.join(texts)}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by share of labels, a point a seed; for toys the paper's on its NORB beside it."""
    beside = on_toys(result.data["name"])
    fig, ax = figures.axes(
        title=_finding(result), subtitle=subtitle, width=9.0 if beside else 8.0, height=5.2,
        panels=2 if beside else 1,
    )  # fmt: skip
    kinds = [(activation, start) for activation in ACTIVATIONS for start in STARTS]
    for (activation, start), factor in zip(kinds, _APART, strict=True):
        errors = 100 * of(result.arrays(), "test_error", activation, start)
        _curve(ax, factor * result.share, errors, activation, start)
    _below(ax, result, counts=not beside)
    ax.set_ylabel("test error (%)")
    figures.label_in_place(ax)
    if beside:
        _paper(fig.axes[1], result)
    return fig


def describe_gain(result: Result) -> str:
    """The finding of `draw_gain` in one sentence."""
    texts = (
        f"{share:g} % "
        + ", ".join(f"{unit} {_between(gain(result.arrays(), unit)[i])}" for unit in ACTIVATIONS)
        for i, (share, _) in enumerate(_shares(result))
    )
    return (
        "Test error without pretraining minus with it by share of labels, in points, with its 95 % "
        f"t interval: {'; '.join(texts)}."
    )


def draw_gain(result: Result, subtitle: str = "") -> Figure:
    """What pretraining saves by share of labels, with its interval, and what the paper's did."""
    fig, ax = figures.axes(title=_gain_finding(result), subtitle=subtitle, width=8.0, height=5.0)
    ax.axhline(0, color=figures.CHANCE, linewidth=0.8)
    for activation, factor in zip(ACTIVATIONS, (1 / _ASIDE, _ASIDE), strict=True):
        gains, color = gain(result.arrays(), activation), figures.COLORS[activation]
        x, told = result.share * factor, [row[np.isfinite(row)] for row in gains]
        means = [row.mean() if row.size else np.nan for row in told]
        ax.errorbar(
            x, means, yerr=np.nan_to_num([half_interval(row) for row in told]), color=color,
            marker="o", markersize=6, capsize=4, linewidth=1.6, label=activation,
        )  # fmt: skip
        ax.plot(x, gains, ".", color=color, alpha=0.45, markersize=5)
        theirs = [printed_gain(share, activation) for share in paper.LABEL_SHARES]
        points = figures.PAPER_POINTS | {"markeredgecolor": color, "markersize": 8, "alpha": 1}
        ax.plot(np.array(paper.LABEL_SHARES) * factor, theirs, **points)
    ax.plot([], [], label="hollow: the paper, its NORB", **figures.PAPER_POINTS)
    _below(ax, result)
    ax.set_ylabel("saved by pretraining (% of examples)")
    figures.label_in_place(ax)
    return fig


def describe_loss(result: Result) -> str:
    """The finding of `draw_loss` in one sentence."""
    texts = (
        f"{unit} at {share:g} %: error {_change(error)}, cost {_change(cost)}"
        for unit in ACTIVATIONS
        for (share, _), error, cost in zip(_shares(result), *_changes(result, unit), strict=True)
    )
    return (
        "Median change by pretraining, of the test error of networks at the rate that each chose, "
        "and of the training cost in the last pass, both at the rate chosen without pretraining: "
        f"{'; '.join(texts)}."
    )


def draw_loss(result: Result, subtitle: str = "") -> Figure:
    """What pretraining changes of the test error, and of the training cost at one rate."""
    fig, left = figures.axes(
        title=_loss_finding(result), subtitle=subtitle, width=9.0, height=5.0, panels=2
    )
    changes = np.stack([_changes(result, unit) for unit in ACTIVATIONS], axis=1)
    usual = [_medians(rows) for rows in changes[:, ACTIVATIONS.index("rectifier")]]
    top = np.clip(2 * np.nan_to_num(np.abs(usual)).max(), *_ROOM)
    for ax, name, rows in zip(fig.axes, _CHANGED, changes, strict=True):
        ax.axhline(0, color=figures.CHANCE, linewidth=0.8)
        for unit, factor, row in zip(ACTIVATIONS, (1 / _ASIDE, _ASIDE), rows, strict=True):
            _changed(ax, result.share * factor, row, unit, top)
        if beyond := int((np.abs(rows) > top).sum()):
            ax.plot([], [], "^", color=figures.CHANCE, label=f"seeds beyond the axis: {beyond}")
        _below(ax, result, counts=False)
        ax.set_ylabel(name)
        figures.label_in_place(ax)
    left.set_ylim(-1.05 * top, 1.7 * top)  # with room for the names
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    widths = " - ".join(str(width) for width in config["widths"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} images without labels "
        f"· {widths} units\n{len(config['seeds'])} seeds with their own labels and rates · "
        f"L1 {config['l1']:g}, {config['pretraining_epochs']} passes a layer, then "
        f"{config['epochs']} of at least {config['examples_a_pass']} labels"
    )


def _finding(result: Result) -> str:
    """What pretraining saves with few labels and with all."""
    arrays = result.arrays()
    few, most = place_of(arrays, FEW), len(result.share) - 1
    parts = [
        ", ".join(f"{unit} {np.nanmean(gain(arrays, unit)[i]):.1f}" for unit in ACTIVATIONS)
        for i in (few, most)
    ]
    return (
        f"Saved by pretraining with {result.share[few]:g} % of the labels: {parts[0]} points;\n"
        f"with {result.share[most]:g} %: {parts[1]}"
    ).replace("-", "−")


def _gain_finding(result: Result) -> str:
    """Where the gain of each kind of unit is above 0 with its whole interval."""
    parts = []
    for unit in ACTIVATIONS:
        rows = [row[np.isfinite(row)] for row in gain(result.arrays(), unit)]
        above = [
            f"{share:g} %"
            for share, row in zip(result.share, rows, strict=True)
            if row.size > 1 and row.mean() - half_interval(row) > 0
        ]
        parts.append(f"{unit}: {', '.join(above) or 'no share'}")
    return f"Shares of labels at which the whole interval lies above 0:\n{'; '.join(parts)}"


def _loss_finding(result: Result) -> str:
    """In how many seeds pretraining lowers the rectifiers' error, and their cost, with few."""
    few = place_of(result.arrays(), FEW)
    error, cost = (_lower(row[few]) for row in _changes(result, "rectifier"))
    return (
        f"With {result.share[few]:g} % of the labels pretraining lowers the rectifiers’ test\n"
        f"error in {error} seeds, their training cost at one rate in {cost}"
    )


def _shares(result: Result) -> list[tuple[float, int]]:
    """Shares [%] and how many labels they are."""
    return list(zip(result.share.tolist(), result.labels.tolist(), strict=True))


def _changes(result: Result, activation: str) -> Float[np.ndarray, "quantities shares seeds"]:
    """What pretraining changes of test error and cost at one rate [%]; NaN where unknown."""
    arrays = result.arrays()
    errors = np.stack([of(arrays, "test_error", activation, start) for start in STARTS])
    pairs = np.stack([errors, costs_at_one_rate(arrays, activation)])
    with np.errstate(all="ignore"):
        changes = 100 * (pairs[:, 1] / pairs[:, 0] - 1)
    return np.where(np.isfinite(changes), changes, np.nan)


def _medians(rows: Float[np.ndarray, "shares seeds"]) -> Float[np.ndarray, "shares"]:
    """Of each row's known numbers, which one seed that went astray hardly moves."""
    told = [row[np.isfinite(row)] for row in rows]
    return np.array([np.median(row) if row.size else np.nan for row in told])


def _lower(changes: Float[np.ndarray, "seeds"]) -> str:
    """In how many seeds of those known something ends lower."""
    return f"{int((changes < 0).sum())} of {int(np.isfinite(changes).sum())}"


def _change(changes: Float[np.ndarray, "seeds"]) -> str:
    """A median, and in how many seeds it is lower."""
    words = f"{_medians(changes[None])[0]:+,.0f} % (lower in {_lower(changes)})"
    return words.replace("-", "−") if np.isfinite(changes).any() else "unknown"


def _row(result: Result, place: int) -> str:
    """Errors of both kinds of unit with one share of labels, without and with pretraining."""
    texts = []
    for unit in ACTIVATIONS:
        rows = [of(result.arrays(), "test_error", unit, start)[place] for start in STARTS]
        texts.append(f"{unit} {' → '.join(f'{100 * np.nanmean(row):.1f}' for row in rows)} %")
    return ", ".join(texts)


def _between(values: Float[np.ndarray, "seeds"]) -> str:
    """A mean and its interval."""
    told = values[np.isfinite(values)]
    if told.size < 2:
        return "unknown"
    half = half_interval(told)
    return f"{told.mean():.1f} ({told.mean() - half:.1f} to {told.mean() + half:.1f})"


def _notes(result: Result) -> str:
    """How many networks diverged, if any."""
    lost = int((result.diverged >= 0).sum())
    return f" {lost} of {result.diverged.size} networks diverged." if lost else ""


def _curve(
    ax: Axes,
    share: Float[np.ndarray, "shares"],
    errors: Float[np.ndarray, "shares seeds"],
    activation: str,
    start: str,
) -> None:
    """Seeds as points, hollow without pretraining, and a line through their means."""
    color = figures.COLORS[activation]
    face = color if start == "with" else "none"
    ax.plot(share, errors, "o", color=color, alpha=0.4, markersize=4, markerfacecolor=face)
    ax.plot(share, np.nanmean(errors, axis=1), _LINES[start], color=color, linewidth=2,
            label=f"{activation}, {_WORDS[start]}")  # fmt: skip


def _changed(
    ax: Axes,
    share: Float[np.ndarray, "shares"],
    changes: Float[np.ndarray, "shares seeds"],
    activation: str,
    top: float,
) -> None:
    """Seeds as points and a line through medians; what lies beyond is a triangle at the edge."""
    color = figures.COLORS[activation]
    for values, style, alpha in ((changes, ".", 0.45), (_medians(changes), "o-", 1.0)):
        inside = np.where(np.abs(values) > top, np.nan, values)
        ax.plot(share, inside, style, color=color, alpha=alpha)
        for edge, sign in (("^", 1), ("v", -1)):
            beyond = np.where(sign * values > top, sign * top, np.nan)
            ax.plot(share, beyond, edge, markersize=8, color=color, alpha=alpha)
    ax.plot([], [], "o-", color=color, label=f"{activation}, median of the seeds")


def _paper(ax: Axes, result: Result) -> None:
    """The paper's digitized points."""
    for activation in ACTIVATIONS:
        for start in STARTS:
            errors = [printed(share, activation, start) for share in paper.LABEL_SHARES]
            color = figures.COLORS[activation]
            points = figures.PAPER_POINTS | {"markeredgecolor": color, "alpha": 1, "markersize": 6}
            ax.plot(paper.LABEL_SHARES, errors, _LINES[start], color=color, linewidth=1, alpha=0.6)
            ax.plot(paper.LABEL_SHARES, errors, **points)
    ax.text(0.98, 0.97, "the paper, its NORB\n(read from its figure)", ha="right", va="top",
            fontsize=9.5, transform=ax.transAxes)  # fmt: skip
    ax.set(xscale="log", xlabel="images with a label (%)", xlim=_limits(result.share))
    ax.set_xticks(paper.LABEL_SHARES, [f"{share:g}" for share in paper.LABEL_SHARES])
    ax.minorticks_off()


def _below(ax: Axes, result: Result, *, counts: bool = True) -> None:
    """The shares below, with their numbers of labels if there is room."""
    ax.set(xscale="log", xlim=_limits(result.share))
    ax.set_xlabel("images with a label (%, and how many)" if counts else "images with a label (%)")
    texts = [f"{share:g}" + (f"\n{n:,}" if counts else "") for share, n in _shares(result)]
    ax.set_xticks(result.share, texts)
    ax.minorticks_off()


def _limits(share: Float[np.ndarray, "shares"]) -> tuple[float, float]:
    """Ends of the axis of shares."""
    return 0.75 * min(share.min(), FEW), 1.35 * share.max()
