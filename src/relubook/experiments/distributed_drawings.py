"""Drawings of the experiment "distributed-codes", and a sentence for each."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import gammaln

from relubook import datasets, figures, records
from relubook.experiments import local_codes
from relubook.experiments.distributed_values import L1, LABELS, Result, code, with_labels
from relubook.experiments.quartet import UNITS

_GREEN, _GRAY = figures.COLORS["other"], figures.CHANCE
_LOCAL_STYLES = ((_GREEN, "-"), (_GREEN, "--"), (_GRAY, "--"))
_LINE = 0.052  # height of a name, of the axis
_PERCENT = (5, 10, 20, 50, 100)
_LAST, _ALL = -2, -1  # parts: the last layer, all layers together

Drawn = Float[np.ndarray, "points seeds"]


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A series with its name.

    Attributes:
        name: Written at its end.
        values: [points seeds].
        color: Of the line and its name.
        style: Of the line.
    """

    name: str
    values: Drawn
    color: str
    style: str = "-"


def describe(result: Result) -> str:
    """The finding in one sentence."""
    arrays = result.arrays()
    place = with_labels(arrays)
    errors = 100 * result.linear_error[:, :, -1, place].mean(1)
    local = 100 * result.local_linear_error[:, :, place].mean(1)
    texts = [f"{name} {errors[code(arrays, name)]:.1f} %" for name in UNITS]
    texts += [f"{name} {error:.1f} %" for name, error in zip(local_codes.KINDS, local, strict=True)]
    return (
        f"Mean test error of a linear classifier with {LABELS} labels, from which units of the "
        f"last layer are active alone: {', '.join(texts)}; rectifiers before training "
        f"{errors[-1]:.1f} %. {100 * result.active[0, :, _LAST].mean():.0f} % of the rectifiers of "
        f"that layer are active."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error over the number of labels: patterns at the left, local codes at the right."""
    place = with_labels(result.arrays())
    rectifier = 100 * result.linear_error[0, :, -1, place].mean()
    pixels = 100 * result.local_linear_error[0, :, place].mean()
    fig, left = figures.axes(
        title=f"With {LABELS} labels, which rectifiers are active leaves {rectifier:.0f} % errors, "
        f"\nwhich k-means center is nearest {pixels:.0f} %",
        subtitle=subtitle, width=8.4, height=5.0, panels=2,
    )  # fmt: skip
    right = fig.axes[1]
    errors = 100 * result.linear_error[:, :, -1].swapaxes(1, 2)  # [codes labels seeds]
    local = _local(100 * result.local_linear_error.swapaxes(1, 2))
    untrained = _Line(
        name="rectifier before training", values=errors[-1], color=figures.COLORS["rectifier"],
        style=":",
    )  # fmt: skip
    lowest = min(errors.min(), *(line.values.min() for line in local))
    left.set(
        ylabel="test error of a linear classifier (%)", yscale="log", ylim=(0.85 * lowest, 100)
    )
    for ax, lines, words in (
        (left, [*_patterns(result, errors, every=False), untrained], "which units are active"),
        (right, [*local, _patterns(result, errors)[0]], "which one of as many"),
    ):
        _over(ax, result.labels, lines, room=0.9)
        ax.set_xlabel(f"labels; {words} (number)")
    left.set_yticks(_PERCENT, [f"{number}" for number in _PERCENT])
    return fig


def describe_counts(result: Result) -> str:
    """The finding of `draw_counts` in one sentence."""
    seen = result.distinct[: len(UNITS), :, _LAST, -1].mean(1)
    local = result.local_distinct[:, :, -1].mean(1)
    names, numbers = (*UNITS, *local_codes.KINDS), (*seen, *local)
    texts = [f"{name} {number:,.0f}" for name, number in zip(names, numbers, strict=True)]
    return (
        f"Different patterns among {result.counts[-1]:,} test digits, last layer, mean over seeds: "
        f"{', '.join(texts)}. All hidden layers together, "
        f"{100 * result.own[0, :, _ALL, -1].mean():.1f} % of the digits have a pattern of "
        f"rectifiers of their own."
    )


def draw_counts(result: Result, subtitle: str = "") -> Figure:
    """Different patterns over the number of digits, in the last layer, on logarithmic axes."""
    seen = result.distinct[0, :, _LAST, -1].mean()
    fig, ax = figures.axes(
        title=f"{result.counts[-1]:,} digits make {seen:,.0f} different sets of active rectifiers "
        f"in the last layer;\na local code has {result.local_distinct[0, :, -1].max():.0f} "
        "patterns",
        subtitle=subtitle, width=8.0, height=5.0,
    )  # fmt: skip
    lines = _patterns(result, result.distinct[:, :, _LAST].swapaxes(1, 2), every=False)
    ax.set(yscale="log", ylim=(0.8 * result.local_distinct.min(), 1.5 * result.counts[-1]))
    ax.plot(result.counts, result.counts, ":", color=figures.INK, linewidth=1, zorder=3)
    ax.text(result.counts[-2], 1.3 * result.counts[-2], "all different ", fontsize=9.5, ha="right",
            color=figures.INK)  # fmt: skip
    _over(ax, result.counts, [*lines, *_local(result.local_distinct.swapaxes(1, 2))], room=0.45)
    ax.set(xlabel="test digits (number)", ylabel="different patterns (1)")
    return fig


def describe_bits(result: Result) -> str:
    """The finding of `draw_bits` in one sentence."""
    entropies, units = result.unit_entropies[..., _LAST].mean(1), _units(result)
    dense = ", ".join(f"{name} {entropies[place]:.0f}" for place, name in enumerate(UNITS) if place)
    return (
        f"In the last layer {units * result.active[0, :, _LAST].mean():.0f} of {units:.0f} "
        f"rectifiers are active on average: there are 2 to the power of "
        f"{result.choices[0, :, _LAST].mean():.0f} sets of an example's size. The units' entropies "
        f"add up to {entropies[0]:.0f} bits, which no pattern can exceed; for units split at their "
        f"median to {dense} bits. One of as many units has at most {np.log2(units):.0f} bits. "
        f"Patterns of {result.counts[-1]:,} digits can show at most "
        f"{np.log2(result.counts[-1]):.1f} bits."
    )


def draw_bits(result: Result, subtitle: str = "") -> Figure:
    """How much a pattern may carry, over the number of active units in the last layer."""
    units, arrays = _units(result), result.arrays()
    active, exponent = units * result.active[0, :, _LAST].mean(), result.choices[0, :, _LAST].mean()
    fig, ax = figures.axes(
        title=f"With {active:.0f} of {units:.0f} rectifiers active, there are 2 to the power of "
        f"{exponent:.0f} such sets;\na local code has 2 to the power of {np.log2(units):.0f}",
        subtitle=subtitle, width=8.0, height=5.0,
    )  # fmt: skip
    k = np.linspace(0, units, 400)
    sets = (gammaln(units + 1) - gammaln(k + 1) - gammaln(units - k + 1)) / np.log(2)
    ax.plot(k, sets, color=_GRAY, linewidth=1)
    ax.text(0.8 * units, np.interp(0.8 * units, k, sets), "  sets of so many units", fontsize=9.5,
            color=_GRAY, va="bottom")  # fmt: skip
    seen = np.log2(result.counts[-1])
    ax.axhline(seen, color=_GRAY, linestyle="--", linewidth=1)
    ax.text(units, seen, f"what {result.counts[-1]:,} digits can show at most", fontsize=9.5,
            color=_GRAY, va="bottom", ha="right")  # fmt: skip
    bounds, height = result.unit_entropies[..., _LAST], np.inf
    lines = _patterns(result, np.stack([units * result.active[..., _LAST], bounds], axis=1))
    for line in lines:
        ax.plot(*line.values, "o", color=line.color, alpha=0.6, markersize=5)
        if line.name not in UNITS[1:]:
            x, y = line.values[0].max(), line.values[1].mean()
            height = min(y, height - _LINE * units)
            ax.text(x + 0.015 * units, height, line.name, color=line.color, fontsize=9.5, va="top")
    x, y = (float(part[1 : len(UNITS)].mean()) for part in (result.active[..., _LAST], bounds))
    ax.text(units * x, y * 1.02, "tanh, softplus, logistic above their medians", fontsize=9.5,
            color=figures.INK, ha="center", va="bottom")  # fmt: skip
    for kind, (color, _) in enumerate(_LOCAL_STYLES):
        ax.plot(np.ones(arrays["local_entropy"].shape[1]), result.local_entropy[kind, :, -1], "s",
                color=color, alpha=0.6, markersize=5)  # fmt: skip
    ax.text(0.025 * units, np.log2(units), "local codes", color=_GREEN, fontsize=9.5, va="top")
    ax.set(xlabel="active units in the last layer, mean (number)", xlim=(0, units), ylim=(0, None),
           ylabel="bits of a pattern at most (bit)")  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and how far."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units · {len(config['seeds'])} seeds\n"
        f"each network stopped at {100 * config['target']:g} % validation error"
    )


def _units(result: Result) -> float:
    """How many units the last layer has."""
    return float(result.units[_LAST])


def _patterns(
    result: Result, values: Float[np.ndarray, "codes points seeds"], *, every: bool = True
) -> list[_Line]:
    """A series for each trained code, with every penalty or with the claim's alone."""
    penalties = result.l1[len(UNITS) : -1]
    names = [*UNITS, *(f"rectifier, L1 {l1:g}" for l1 in penalties)]
    colors = [figures.COLORS[name] for name in UNITS] + [
        figures.shade(float(place), float(len(penalties) + 1))
        for place in range(2, len(penalties) + 2)
    ]
    shown = every | (result.l1[:-1] == 0) | np.isclose(result.l1[:-1], L1)
    return [
        _Line(name=name, values=row, color=color)
        for name, row, color, show in zip(names, values[:-1], colors, shown, strict=True)
        if show
    ]


def _local(values: Float[np.ndarray, "local points seeds"]) -> list[_Line]:
    """A series for each local code."""
    return [
        _Line(name=name, values=row, color=color, style=style)
        for name, row, (color, style) in zip(local_codes.KINDS, values, _LOCAL_STYLES, strict=True)
    ]


def _over(ax: Axes, x: np.ndarray, lines: list[_Line], *, room: float) -> None:
    """Medians over seeds with every seed as a thin line, each named at its right end.

    Args:
        ax: Where to draw, with the limits of its y axis set.
        x: Of the points.
        lines: What to draw.
        room: For the names, as a share of the length of the lines.
    """
    ax.set_xscale("log")
    for line in lines:
        ax.plot(x, line.values, color=line.color, alpha=0.25, linewidth=0.7)
        ax.plot(x, np.median(line.values, axis=1), line.style, color=line.color, linewidth=2)
    ax.set_xlim(x[0], x[-1] * (x[-1] / x[0]) ** room)
    ax.set_xticks(x, [f"{number:,}" for number in x])
    ax.minorticks_off()
    to_axes = ax.transData + ax.transAxes.inverted()
    ends = np.array([np.median(line.values[-1]) for line in lines])
    heights = _spread(np.array([to_axes.transform((x[-1], end))[1] for end in ends]))
    for line, end, height in zip(lines, ends, heights, strict=True):
        ax.annotate(
            line.name, (x[-1], end), (1.08 * x[-1], height),
            textcoords=("data", "axes fraction"), fontsize=9, color=line.color, va="center",
        )  # fmt: skip


def _spread(heights: Float[np.ndarray, "lines"]) -> Float[np.ndarray, "lines"]:
    """Heights in the same order, a line apart, inside of the axis as far as there is room."""
    order, found = np.argsort(heights, kind="stable"), heights.copy()
    for below, above in pairwise(order):
        found[above] = max(found[above], found[below] + _LINE)
    found[order[-1]] = min(found[order[-1]], 1.0)
    for above, below in pairwise(order[::-1]):
        found[below] = min(found[below], found[above] - _LINE)
    return found
