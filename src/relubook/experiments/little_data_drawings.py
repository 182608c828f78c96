"""Drawings of "little-data": errors over the number of training examples."""

from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.little_data_values import KINDS, NAMES, Result

_FEW = 300  # examples that the claim is about; the nearest that a record has
_BESIDE = (NAMES.index("rectifier"), NAMES.index("tanh"))


def describe(result: Result) -> str:
    """The finding in one sentence."""
    parts = (
        f"{size:,} examples {_row(100 * result.test_error[:, place])}"
        for place, size in enumerate(result.train_size.tolist())
    )
    return f"Mean test error by training examples: {'; '.join(parts)}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error over training examples, every seed a thin line."""
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, height=5.0)
    _lines(ax, result, 100 * result.test_error)
    ax.set(yscale="log", ylabel="test error (%)")
    low, high = 100 * np.nanmin(result.test_error), 100 * np.nanmax(result.test_error)
    ticks = [t for t in (1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70) if 0.8 * low < t < 1.2 * high]
    ax.set_yticks(ticks, [str(tick) for tick in ticks])
    ax.minorticks_off()
    return fig


def describe_gap(result: Result) -> str:
    """The finding of `draw_gap` in one sentence."""
    parts = (
        f"{size:,} examples {_row(100 * result.gap[:, place])}"
        for place, size in enumerate(result.train_size.tolist())
    )
    return f"Mean test error minus training error, in points: {'; '.join(parts)}."


def draw_gap(result: Result, subtitle: str = "") -> Figure:
    """Test error minus training error over training examples."""
    place = _nearest(result)
    gaps = 100 * np.nanmean(result.gap[:, place], axis=-1)
    first, second = (f"{gaps[kind]:.1f} points ({NAMES[kind]})" for kind in _BESIDE)
    title = (
        f"With {result.train_size[place]:,} examples the test error lies {first}\n"
        f"and {second} above the training error"
    )
    fig, ax = figures.axes(title=title, subtitle=subtitle, height=5.0)
    _lines(ax, result, 100 * result.gap)
    ax.set(ylim=(0, None), ylabel="test error minus training error (% of examples)")
    return fig


def describe_difference(result: Result) -> str:
    """The finding of `draw_difference` in one sentence."""
    parts = (
        f"{size:,} examples "
        + ", ".join(f"{name} {np.nanmean(row[place]):+.1f}" for name, row in _against_tanh(result))
        for place, size in enumerate(result.train_size.tolist())
    )
    return f"Mean test error minus that of tanh networks, in points: {'; '.join(parts)}."


def draw_difference(result: Result, subtitle: str = "") -> Figure:
    """Test error minus that of the tanh network with the same seed and examples."""
    words = [
        f"{int((row[place] < 0).sum())} of {row.shape[1]} with {result.train_size[place]:,}"
        for name, row in _against_tanh(result)
        if name == "rectifier"
        for place in dict.fromkeys((0, _nearest(result), -1))
    ]
    fig, ax = figures.axes(
        title=f"Seeds in which rectifier networks err less than tanh networks:\n"
        f"{', '.join(words)} examples",
        subtitle=subtitle, height=4.8,
    )  # fmt: skip
    x = result.train_size.astype(float)
    for name, rows in _against_tanh(result):
        color = figures.COLORS.get(name, figures.COLORS["other"])
        figures.band(ax, x, rows, color=color, label=f"{name} minus tanh")
    ax.axhline(0, color=figures.COLORS["tanh"], linestyle="--", linewidth=1)
    _sizes(ax, result)
    ax.set_ylabel("difference of test errors (% of examples)")
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title} · {config['depth']} x {config['width']} units or "
        f"none (linear), {config['steps']:,} steps of {config['batch_size']}\n"
        f"{len(config['seeds'])} seeds with examples of their own, learning rates chosen on "
        f"validation with {len(config['rate_seeds'])} others"
    )


def _finding(result: Result) -> str:
    """Rectifier and tanh where data are few."""
    place = _nearest(result)
    errors = 100 * result.test_error[:, place]
    first, second = (errors[kind] for kind in _BESIDE)
    names = [NAMES[kind] for kind in _BESIDE]
    difference = first - second
    worse, better = names if np.nanmean(difference) > 0 else names[::-1]
    more = int((difference > 0).sum()) if worse == names[0] else int((difference < 0).sum())
    return (
        f"With {result.train_size[place]:,} examples {worse} networks err "
        f"{abs(np.nanmean(difference)):.1f} points more than\n{better} networks, "
        f"in {more} of {len(difference)} seeds"
    )


def _notes(result: Result) -> str:
    """Kinds and sizes whose learning rate is the smallest or largest of the grid, if any."""
    ends = [
        f"{name} with {', '.join(f'{size:,}' for size in sizes)}"
        for name, chosen in zip(NAMES, result.chosen, strict=True)
        if len(sizes := result.train_size[np.isin(chosen, result.rate[[0, -1]])])
    ]
    return f" Rates at an end of the grid: {'; '.join(ends)} examples." if ends else ""


def _nearest(result: Result) -> int:
    """The place of the size that is nearest to the claim's."""
    return int(np.abs(result.train_size - _FEW).argmin())


def _row(values: Float[np.ndarray, "kinds seeds"]) -> str:
    """Means of all kinds."""
    means = np.nanmean(values, axis=-1)
    return ", ".join(f"{name} {mean:.1f}" for name, mean in zip(NAMES, means, strict=True))


def _lines(ax: Axes, result: Result, values: Float[np.ndarray, "kinds sizes seeds"]) -> None:
    """A band for each kind without a penalty, a dotted median for each with one."""
    x = result.train_size.astype(float)
    for kind, rows, bad in zip(KINDS, values, result.diverged, strict=True):
        color = figures.COLORS.get(kind.activation, figures.COLORS["other"])
        label = kind.name + (f" {kind.l1:g}" if kind.l1 else "")
        label += f" ({bad.sum()} diverged)" if bad.any() else ""
        if kind.l1:
            style: dict[str, Any] = {"color": color, "linestyle": ":", "linewidth": 2}
            ax.plot(x, np.nanmedian(rows, axis=1), label=label, **style)
        else:
            figures.band(ax, x, rows, color=color, label=label)
    _sizes(ax, result)


def _against_tanh(result: Result) -> list[tuple[str, Float[np.ndarray, "sizes seeds"]]]:
    """Test errors of the others without a penalty minus those of tanh, in points."""
    tanh = result.test_error[NAMES.index("tanh")]
    others = ("rectifier", "linear")
    return [(name, 100 * (result.test_error[NAMES.index(name)] - tanh)) for name in others]


def _sizes(ax: Axes, result: Result) -> None:
    """The numbers of training examples below, the series' names inside."""
    ax.set_xscale("log")
    ax.set_xticks(result.train_size, [f"{size:,}" for size in result.train_size])
    ax.minorticks_off()
    ax.set_xlabel("training examples")
    figures.label_in_place(ax)
