"""Drawings of "reconstruction": what each way to pretrain is worth, and where outputs are stuck."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.reconstruction_values import KINDS, STARTS, STRATEGIES, Result, errors
from relubook.experiments.relatives_values import half_interval

_SPREAD = 0.2  # of one start's points to either side
_FIRST, *_OTHERS = KINDS


def describe(result: Result) -> str:
    """The finding in one sentence."""
    labels, row = _labels(result, few=True), _row(result, few=True)
    return f"Mean test error with {labels}: {row}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error with few labels, a point a seed, after no pretraining and after each kind."""
    return _errors(result, subtitle, few=True)


def describe_all(result: Result) -> str:
    """The finding of `draw_all` in one sentence."""
    return f"Mean test error with {_labels(result, few=False)}: {_row(result, few=False)}."


def draw_all(result: Result, subtitle: str = "") -> Figure:
    """The same with all labels."""
    return _errors(result, subtitle, few=False)


def describe_stuck(result: Result) -> str:
    """The finding of `draw_stuck` in one sentence."""
    ends = (
        f"layer {place + 1} {first:.1f} % before the first pass and {last:.1f} % after the last "
        f"(of its outputs, {silent:.1f} % are 0 for every digit)"
        for place, (first, last, silent) in enumerate(
            zip(*(100 * part.mean(-1) for part in (*result.stuck[[0, -1]], result.silent[-1])),
                strict=True)
        )
    )  # fmt: skip
    return (
        "Strategy 4, positive targets whose rectifier output is 0: "
        f"{'; '.join(ends)}; the largest gradient there is {result.stuck_gradient.max():g}."
    )


def draw_stuck(result: Result, subtitle: str = "") -> Figure:
    """Strategy 4: the share of positive targets that meet an output of 0, pass by pass."""
    share = 100 * result.stuck[-1, 0].mean()
    largest = result.stuck_gradient.max()
    reached = "gets no gradient" if largest == 0 else f"gets gradients up to {largest:.2g}"
    fig, ax = figures.axes(
        title=f"Strategy 4: after the last pass {share:.0f} % of the positive pixels\n"
        f"meet an output of 0, which {reached}",
        subtitle=subtitle, height=4.8,
    )  # fmt: skip
    passes = np.arange(1.0, len(result.stuck))
    layers = result.stuck.shape[1]
    for place in range(layers):
        color = figures.shade(float(place + 1), float(layers))
        before = 100 * result.stuck[0, place].mean()
        name = f"layer {place + 1} (before the first pass: {before:.0f} %)"
        figures.band(ax, passes, 100 * result.stuck[1:, place], color=color, label=name)
        silent = 100 * np.nanmedian(result.silent[1:, place], axis=1)
        ax.plot(passes, silent, linestyle=":", linewidth=1.5, color=color)
    ax.set(
        ylim=(0, None), ylabel="stuck at 0, of the positive targets (%)",
        xlabel="passes over the examples (dotted: share of outputs that are 0 for every digit)",
    )  # fmt: skip
    ax.set_xticks(passes)
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} rectifiers, batch {config['batch_size']}, L1 "
        f"{config['penalty']:g}\n{config['restore_epochs']} epochs a layer without labels, then "
        f"{config['few_epochs']} with {config['few']:,} labels or {config['epochs']} with all · "
        f"{len(config['seeds'])} seeds, rates chosen by each"
    )


def _errors(result: Result, subtitle: str, *, few: bool) -> Figure:
    """One column of points per start, with the mean and its interval."""
    fig, ax = figures.axes(
        title=_finding(result, few=few), subtitle=subtitle, width=8.0, height=5.2
    )
    for place, start in enumerate(STARTS):
        values = _told(result, start, few=few)
        color = figures.COLORS["rectifier"] if start in KINDS else figures.CHANCE
        offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
        ax.plot(place + offsets, values, "o", color=color, alpha=0.5, markersize=5)
        if values.size:
            ax.errorbar(
                place, values.mean(), yerr=np.nan_to_num(half_interval(values)), color=color,
                marker="_", markersize=24, markeredgewidth=2.5, capsize=4, linewidth=1.5,
            )  # fmt: skip
            if start in (STARTS[0], _FIRST):
                ax.axhline(values.mean(), color=color, linewidth=1, linestyle=":", zorder=0)
    ax.set_ylim(bottom=max(0.0, ax.get_ylim()[0]))
    names = ["not pretrained", *KINDS]
    ax.set_xticks(range(len(names)), names, rotation=30, ha="right", rotation_mode="anchor")
    ax.set(
        xlim=(-0.6, len(names) - 0.4), ylabel="test error (%)",
        xlabel="strategy and output of the pretraining (points: seeds; bars: 95 %)",
    )  # fmt: skip
    return fig


def _told(result: Result, start: str, *, few: bool) -> Float[np.ndarray, "seeds"]:
    """Errors of the networks that did not diverge [%]."""
    values = errors(result.arrays(), start, few=few)
    return values[np.isfinite(values)]


def _row(result: Result, *, few: bool) -> str:
    """Means of all starts."""
    means = {start: _mean(_told(result, start, few=few)) for start in STARTS}
    return ", ".join(
        f"{'not pretrained' if start == 'none' else start} {mean:.2f} %"
        for start, mean in means.items()
    )


def _finding(result: Result, *, few: bool) -> str:
    """What strategy 1 saves, and how the others stand to it by their whole interval."""
    arrays, counts = result.arrays(), [0, 0, 0]
    first = errors(arrays, _FIRST, few=few)
    for kind in _OTHERS:
        counts[_side(errors(arrays, kind, few=few) - first)] += 1
    gain = _mean(_finite(errors(arrays, "none", few=few) - first))
    words = "less" if gain > 0 else "more"
    more, less, alike = (str(count) if count else "none" for count in counts)
    return (
        f"With {_labels(result, few=few)}, strategy 1 errs {abs(gain):.1f} points {words} than no "
        f"pretraining;\nof {len(_OTHERS)} other ways {more} err more than it, {less} less, "
        f"{alike} cannot be told from it"
    )


def _side(more: Float[np.ndarray, "seeds"]) -> int:
    """0 for above zero with the whole interval, 1 for below, 2 for neither."""
    more = _finite(more)
    half = half_interval(more)
    if not abs(_mean(more)) > half:
        return 2
    return 0 if more.mean() > 0 else 1


def _finite(values: Float[np.ndarray, "seeds"]) -> Float[np.ndarray, "_"]:
    """Of the seeds of which no network diverged."""
    return values[np.isfinite(values)]


def _mean(values: Float[np.ndarray, "seeds"]) -> float:
    """NaN, without a warning, of none."""
    return float(values.mean()) if values.size else math.nan


def _labels(result: Result, *, few: bool) -> str:
    """How many labels, in words."""
    return f"{result.labels[0]:,} labels" if few else f"all {result.labels[1]:,} labels"


def _notes(result: Result) -> str:
    """What the first layer restores; networks that diverged and rates at an end of the grid."""
    restored = ", ".join(
        f"{name} {error:.1f}"
        for name, error in zip(STRATEGIES, result.restored.mean(1), strict=True)
    )
    words = (
        f" Squared error of a test digit: {result.masked.mean():.1f} with a part masked, restored "
        f"by {restored}."
    )
    lost, ends = int((result.diverged >= 0).sum()), result.at_an_end()
    words += f" {lost} of {result.diverged.size} networks diverged." if lost else ""
    return words + (f" Rates at an end of the grid: {', '.join(ends)}." if ends else "")
