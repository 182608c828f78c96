"""Drawings of "since-2011": errors of each kind, and how far each is behind the pretrained."""

from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from relubook import datasets, figures, records
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.since_2011_values import FEW, KINDS, Result, behind, errors, place_of

PRETRAINED = "2011, pretrained"
_JUDGED = "He, Adam"
_SPREAD = 0.2  # of one kind's points, in rows
_TICKS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70)
_STYLES: dict[str, dict[str, Any]] = {
    "2011, without": {"color": figures.CHANCE, "linestyle": "--", "marker": "o"},
    "2011, pretrained": {"color": figures.INK, "linestyle": "-", "marker": "o"},
    "He's range": {"color": figures.shade(1.0, 3.0), "linestyle": "--", "marker": "s"},
    "He, Adam": {"color": figures.shade(2.0, 3.0), "linestyle": "-", "marker": "s"},
    "He, Adam, batch normalization": {
        "color": figures.shade(3.0, 3.0), "linestyle": ":", "marker": "^",
    },
    "2011, pretrained, Adam": {"color": figures.INK, "linestyle": ":", "marker": "D"},
}  # fmt: skip


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = (
        f"{count:,} labels "
        + ", ".join(f"{kind} {_mean(_errors(result, kind, place)):.1f}" for kind in KINDS)
        for place, count in enumerate(result.labels.tolist())
    )
    return f"Mean test error in %: {'; '.join(texts)}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by the number of labels, a point a seed and a line through the means."""
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, width=8.4, height=5.4)
    for row, (kind, style) in enumerate(_STYLES.items()):
        x = result.labels * 1.035 ** (2 * row - len(KINDS) + 1)
        values = [_errors(result, kind, place) for place in range(len(x))]
        for at, points in zip(x, values, strict=True):
            look = {"color": style["color"], "marker": style["marker"], "markersize": 4}
            ax.plot(np.full(points.size, at), points, linestyle="none", alpha=0.4, **look)
        means = [_mean(points) for points in values]
        ax.plot(x, means, linewidth=1.6, markersize=7, label=kind, **style)
    _axis(ax, result)
    ax.set_ylabel("test error (%)")
    figures.label_in_place(ax)
    return fig


def describe_behind(result: Result) -> str:
    """The finding of `draw_behind` in one sentence."""
    texts = (
        f"{count:,} labels "
        + ", ".join(f"{kind} {_between(_behind(result, kind, place))}" for kind in _others())
        for place, count in enumerate(result.labels.tolist())
    )
    return (
        f"Test error minus that of “{PRETRAINED}”, in points, by seed, with its 95 % interval: "
        f"{'; '.join(texts)}."
    )


def draw_behind(result: Result, subtitle: str = "") -> Figure:
    """How much more each kind errs than the pretrained networks of 2011, with few labels and all.

    A point a seed, and the mean with its interval.
    """
    places = dict.fromkeys((place_of(result.arrays(), FEW), len(result.labels) - 1))
    fig, left = figures.axes(
        title=_behind_finding(result), subtitle=subtitle, width=9.0, height=4.6,
        panels=len(places),
    )  # fmt: skip
    for ax, place in zip(fig.axes, places, strict=True):
        ax.axvline(0, color=figures.CHANCE, linestyle="--", linewidth=1)
        for row, kind in enumerate(_others()):
            _points(ax, row, _behind(result, kind, place), _STYLES[kind])
        ax.set_xlabel(f"{result.labels[place]:,} labels: more errors (% of digits)")
    left.set_yticks(
        range(len(_others())), [kind.replace(", batch", ",\nbatch") for kind in _others()]
    )
    left.set_ylim(len(_others()) - 0.5, -0.5)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    widths = "-".join(str(units) for units in config["widths"])
    passes = ", ".join(str(epochs) for epochs in config["epochs"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{widths} rectifiers, batch {config['batch_size']}, L1 {config['l1']:g}\n"
        f"{config['restoring_epochs']} epochs a layer without labels, then {passes} with · "
        f"{len(config['seeds'])} seeds, each with its own labels and rates"
    )


def _others() -> list[str]:
    """All kinds but the one that they are measured against."""
    return [kind for kind in KINDS if kind != PRETRAINED]


def _errors(result: Result, kind: str, place: int) -> Float[np.ndarray, "seeds"]:
    """Of the networks that did not diverge [%]."""
    values = errors(result.arrays(), kind)[place]
    return values[np.isfinite(values)]


def _behind(result: Result, kind: str, place: int) -> Float[np.ndarray, "seeds"]:
    """Of the seeds of which neither network diverged [points]."""
    values = behind(result.arrays(), kind, PRETRAINED)[place]
    return values[np.isfinite(values)]


def _mean(values: Float[np.ndarray, "seeds"]) -> float:
    """NaN, without a warning, of none."""
    return float(values.mean()) if values.size else np.nan


def _between(values: Float[np.ndarray, "seeds"]) -> str:
    """A mean and its interval."""
    return f"{_mean(values):+.2f} ± {half_interval(values):.2f}"


def _points(ax: Axes, row: int, values: Float[np.ndarray, "seeds"], style: dict[str, Any]) -> None:
    """A point a seed, and the mean with its interval."""
    look = {"color": style["color"], "marker": style["marker"], "markersize": 5}
    offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
    ax.plot(values, row + offsets, linestyle="none", alpha=0.5, **look)
    ax.errorbar(
        _mean(values), row, xerr=half_interval(values), color=style["color"], marker="|",
        markersize=20, markeredgewidth=2.5, capsize=4, linewidth=1.5,
    )  # fmt: skip


def _axis(ax: Axes, result: Result) -> None:
    """Numbers of labels below, errors on the left, both logarithmic."""
    ax.set(xscale="log", yscale="log", xlabel="labels")
    ax.set_xticks(result.labels, [f"{count:,}" for count in result.labels])
    low, high = ax.get_ylim()
    ticks = [tick for tick in _TICKS if low <= tick <= high]
    ax.set_yticks(ticks, [str(tick) for tick in ticks])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_minor_locator(NullLocator())


def _finding(result: Result) -> str:
    """The judged kind beside the paper's two, with few labels."""
    place = place_of(result.arrays(), FEW)
    first, second, third = (
        _mean(_errors(result, kind, place)) for kind in ("2011, without", PRETRAINED, _JUDGED)
    )
    return (
        f"With {result.labels[place]:,} labels: {first:.1f} % errors as in 2011 without "
        f"pretraining,\n{second:.1f} % with it, {third:.1f} % with He’s range and Adam instead"
    )


def _behind_finding(result: Result) -> str:
    """Which kinds surely err more than the pretrained networks, with few labels."""
    place = place_of(result.arrays(), FEW)
    signs = {kind: _sign(_behind(result, kind, place)) for kind in _others()}
    more, less = ([kind for kind, sign in signs.items() if sign == wanted] for wanted in (1, -1))
    return (
        f"With {result.labels[place]:,} labels {len(more)} of {len(signs)} other kinds surely err "
        f"more than the\npretrained networks of 2011, {len(less)} surely less"
    )


def _sign(values: Float[np.ndarray, "seeds"]) -> int:
    """1 or -1 if the whole interval lies on that side of 0, else 0."""
    if values.size < 2 or abs(_mean(values)) <= half_interval(values):
        return 0
    return 1 if _mean(values) > 0 else -1


def _notes(result: Result) -> str:
    """How many networks diverged, if any."""
    lost = int((result.diverged >= 0).sum())
    return f" {lost} of {result.diverged.size} networks diverged." if lost else ""
