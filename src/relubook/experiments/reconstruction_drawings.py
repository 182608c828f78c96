"""Drawings of "reconstruction": what each way to pretrain is worth, and where outputs are stuck."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.reconstruction_values import (
    FIRST_LAYERS,
    KINDS,
    STARTS,
    Result,
    errors,
)
from relubook.experiments.relatives_values import half_interval

_SPREAD = 0.2  # of one start's points to either side
_PLAIN, _FIRST = STARTS[:2]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    labels, row = _labels(result, few=True), _row(result, few=True)
    return f"Test error with {labels}, {_means(result)}: {row}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error with few labels, a point a seed, after no pretraining and after each kind."""
    return _errors(result, subtitle, few=True)


def describe_all(result: Result) -> str:
    """The finding of `draw_all` in one sentence."""
    labels, row = _labels(result, few=False), _row(result, few=False)
    return f"Test error with {labels}, {_means(result)}: {row}."


def draw_all(result: Result, subtitle: str = "") -> Figure:
    """The same with all labels."""
    return _errors(result, subtitle, few=False)


def describe_stuck(result: Result) -> str:
    """The finding of `draw_stuck` in one sentence."""
    ends = (
        f"layer {place + 1} {first:.1f} % before the first pass and {last:.1f} % after the last "
        f"({silent:.1f} % of the summed target falls on outputs that are 0 for every digit)"
        for place, (first, last, silent) in enumerate(
            zip(*(100 * part.mean(-1) for part in (*result.stuck[[0, -1]], result.silent[-1])),
                strict=True)
        )
    )  # fmt: skip
    return (
        "Strategy 4, positive targets whose rectifier output is 0: "
        f"{'; '.join(ends)}; the largest gradient there is {result.stuck_gradient.max():g}, by "
        "construction. Positive pixels for which the linear outputs of strategy 3 are 0 or less: "
        f"{100 * result.linear_below[-1].mean():.1f} %; strategy 4 minus that, "
        f"{_told_of(100 * (result.stuck[-1, 0] - result.linear_below[-1]), 'points')}."
    )


def draw_stuck(result: Result, subtitle: str = "") -> Figure:
    """The share of positive targets that meet an output of 0, pass by pass, and its control."""
    fig, ax = figures.axes(title=_stuck_finding(result), subtitle=subtitle, width=8.0, height=5.0)
    passes = np.arange(1.0, len(result.stuck))
    layers = result.stuck.shape[1]
    for place in range(layers):
        color = figures.shade(float(place + 1), float(layers))
        before = 100 * result.stuck[0, place].mean()
        name = f"4, layer {place + 1} (before the first pass: {before:.0f} %)"
        figures.band(ax, passes, 100 * result.stuck[1:, place], color=color, label=name)
        silent = 100 * np.nanmedian(result.silent[1:, place], axis=1)
        ax.plot(passes, silent, linestyle=":", linewidth=1.5, color=color)
    before = 100 * result.linear_below[0].mean()
    ax.plot(
        passes, 100 * np.nanmedian(result.linear_below[1:], axis=1), "--", linewidth=2,
        color=figures.CHANCE, label=f"3, layer 1 (before the first pass: {before:.0f} %)",
    )  # fmt: skip
    ax.set(
        ylim=(0, 1.5 * ax.get_ylim()[1]),  # room for the names above the lines
        ylabel="positive targets that meet z ≤ 0 (%)",
        xlabel="passes over the examples (dotted: % of the summed target on outputs that are\n"
        "0 for every digit; bands: 10 to 90 % of the seeds)",
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
        f"{len(config['seeds'])} seeds\neach chooses its rate and epoch by another "
        f"{data['validation_examples']:,} labeled digits"
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
            if start in (_PLAIN, _FIRST):
                ax.axhline(values.mean(), color=color, linewidth=1, linestyle=":", zorder=0)
    ax.set_ylim(bottom=max(0.0, ax.get_ylim()[0]))
    names = ["not pretrained", *KINDS]
    ax.set_xticks(range(len(names)), names, rotation=30, ha="right", rotation_mode="anchor")
    ax.set(
        xlim=(-0.6, len(names) - 0.4), ylabel="test error (%)",
        xlabel=f"strategy and output of the pretraining (points: {_seeds(result)}; bars: mean and "
        "95 % t interval)",
    )  # fmt: skip
    return fig


def _told(result: Result, start: str, *, few: bool) -> Float[np.ndarray, "seeds"]:
    """Errors of the networks that did not diverge [%]."""
    values = errors(result.arrays(), start, few=few)
    return values[np.isfinite(values)]


def _row(result: Result, *, few: bool) -> str:
    """Means of all starts, with half of their intervals."""
    told = {_named(start): _told(result, start, few=few) for start in STARTS}
    return ", ".join(
        f"{name} {_mean(values):.2f} ± {half_interval(values):.2f} %"
        for name, values in told.items()
    )


def _finding(result: Result, *, few: bool) -> str:
    """Which start errs least, if one does, and how the kinds stand to no pretraining.

    One start is named only if the whole interval of what the next one errs more, paired by seed, is
    above 0.
    """
    known = {start: errors(result.arrays(), start, few=few) for start in STARTS}
    ranked = sorted(
        (start for start in STARTS if _finite(known[start]).size),
        key=lambda start: _mean(_finite(known[start])),
    )
    labels = f"With {_labels(result, few=few)}"
    if len(ranked) < 2:
        return f"{labels} nearly all networks diverged"
    best, following = ranked[:2]
    if _side(known[following] - known[best]) == 0:
        first = f"{labels} {_named(best)} errs least"
    else:
        first = (
            f"{labels} {_named(best)} and {_named(following)}\nhave the lowest means and are not "
            "told apart"
        )
    sides = [_side(known[kind] - known[_PLAIN]) for kind in KINDS]
    more, less, alike = (sides.count(side) for side in range(3))
    return (
        f"{first} ({_seeds(result)}).\nWays to pretrain: {less} err less than none, {more} more, "
        f"{alike} cannot be told from it"
    )


def _stuck_finding(result: Result) -> str:
    """How strategy 4 stands to its control, by the whole interval."""
    shares = [100 * part[-1] for part in (result.stuck[:, 0], result.linear_below)]
    words = ("more in 4", "fewer in 4", "the two cannot be told apart")[
        _side(shares[0] - shares[1])
    ]
    return (
        f"After the last pass z ≤ 0 meets {shares[0].mean():.1f} % of the positive pixels\n"
        f"in strategy 4, {shares[1].mean():.1f} % in 3: {words} ({_seeds(result)})"
    )


def _told_of(values: Float[np.ndarray, "seeds"], unit: str) -> str:
    """A mean and its interval in words."""
    mean, half, n = values.mean(), half_interval(values), values.size
    return f"{mean:.1f} {unit} (95 % t interval {mean - half:.1f} to {mean + half:.1f}, {n} seeds)"


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


def _named(start: str) -> str:
    """A start in words."""
    return "no pretraining" if start == _PLAIN else f"“{start}”"


def _seeds(result: Result) -> str:
    """How many there are, in words."""
    return f"{result.test_error.shape[-1]} seeds"


def _means(result: Result) -> str:
    """What numbers of the form a ± b are."""
    return f"mean over {_seeds(result)} ± half of its 95 % t interval"


def _labels(result: Result, *, few: bool) -> str:
    """How many labels, in words."""
    return f"{result.labels[0]:,} labels" if few else f"all {result.labels[1]:,} labels"


def _notes(result: Result) -> str:
    """What the first layer restores; networks that diverged and rates at an end of the grid."""
    restored = ", ".join(
        f"{name} {error:.1f}"
        for name, error in zip(FIRST_LAYERS, result.restored.mean(1), strict=True)
    )
    words = (
        f" Squared error of a test digit: {result.masked.mean():.1f} with a part masked, restored "
        f"by {restored}."
    )
    lost, ends = int((result.diverged >= 0).sum()), result.at_an_end()
    words += f" {lost} of {result.diverged.size} networks diverged." if lost else ""
    words += f" Most seeds chose a rate at an end of the grid: {'; '.join(ends)}." if ends else ""
    ends = result.restored_at_an_end()
    return words + (f" The same while restoring: {'; '.join(ends)}." if ends else "")
