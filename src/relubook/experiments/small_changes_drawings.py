"""Drawings of "small-changes": what moves, which active sets overlap, and what is absorbed."""

import itertools

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.quartet import UNITS
from relubook.experiments.small_changes_values import CHANGES, JUDGED, Result

_JUDGED = [CHANGES.index(name) for name in JUDGED]
_APART = 0.14  # between columns of one kind of change
_DIGITS = ("another digit\nof the class", "a digit of\nanother class")


def describe(result: Result) -> str:
    """The finding in one sentence."""
    moved = 100 * result.moved[:, _JUDGED].mean((1, 2, 3))
    shares = ", ".join(
        f"{name} {share:.0f} %" for name, share in zip(_names(result), moved, strict=True)
    )
    active = 100 * result.moved_active[0, _JUDGED].mean()
    return (
        f"Share of a code that moves by more than a tenth of a standard deviation under {_KINDS}, "
        f"mean over layers: {shares}. Of the rectifiers active before or after, {active:.0f} % "
        "move."
    )


_KINDS = f"{', '.join(JUDGED[:-1])} or {JUDGED[-1]}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Entries that move, by kind of change and activation, a point a seed."""
    moved = 100 * result.moved.mean(2)  # [groups changes seeds]
    means = moved[:, _JUDGED].mean((1, 2))
    low, high = sorted(float(end) for end in (means[1 : len(UNITS)].min(), means[1:4].max()))
    fig, ax = figures.axes(
        title=f"A small change moves {means[0]:.0f} % of a rectifier code,\n"
        f"{low:.0f} to {high:.0f} % of a dense one",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    shown = _shown(result)
    values = [moved[shown], 100 * result.moved_active[:1].mean(2)]
    colors = [*(figures.COLORS[name] for name in UNITS), figures.INK, figures.COLORS["rectifier"]]
    names = [*(_names(result)[group] for group in shown), "rectifiers not silent"]
    colors = [*colors[: len(shown)], colors[-1]]
    _columns(ax, np.concatenate(values), colors, names, hollow=len(shown))
    ax.set_xticks(range(len(CHANGES)), CHANGES)
    ax.set(
        ylim=(0, 103), xlabel="change of the digit (a point a seed, mean over hidden layers)",
        ylabel="entries that move by more than 0.1 sd (%)",
    )  # fmt: skip
    return fig


def describe_overlap(result: Result) -> str:
    """The finding of `draw_overlap` in one sentence."""
    kinds = 100 * result.overlap[0].mean((1, 2))
    texts = ", ".join(f"{name} {share:.0f} %" for name, share in zip(CHANGES, kinds, strict=True))
    same, other = (
        100 * values[0].mean() for values in (result.overlap_same_class, result.overlap_other_class)
    )
    return (
        f"Active rectifiers shared by a digit and its change: {texts}; with another digit of its "
        f"class {same:.0f} %, with a digit of another class {other:.0f} %."
    )


def draw_overlap(result: Result, subtitle: str = "") -> Figure:
    """Overlap of active sets after a change and with other digits, rectifiers by penalty."""
    others = [result.overlap_same_class, result.overlap_other_class]
    overlap = 100 * np.concatenate([result.overlap, np.stack(others, axis=1)], axis=1).mean(2)
    kept, different = overlap[0, _JUDGED].mean(), overlap[0, -1].mean()
    fig, ax = figures.axes(
        title=f"After a small change {kept:.0f} % of the active rectifiers are the same,\n"
        f"with a digit of another class {different:.0f} %",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    groups = _rectifiers(result)
    colors = [figures.shade(float(n + 1), float(len(groups))) for n in range(len(groups))]
    _columns(ax, overlap[groups], colors, _penalties(result))
    ax.set_xticks(range(overlap.shape[1]), [*CHANGES, *_DIGITS])
    ax.axvline(len(CHANGES) - 0.5, color=figures.CHANCE, linewidth=0.8)
    ax.set(
        ylim=(0, 103), xlabel="what the digit is compared with (a point a seed, mean over layers)",
        ylabel="active units shared (%)",
    )  # fmt: skip
    return fig


def describe_absorbed(result: Result) -> str:
    """The finding of `draw_absorbed` in one sentence."""
    share, energy = (
        100 * values[0, _JUDGED].mean((0, 2))
        for values in (result.absorbed, result.absorbed_energy)
    )
    texts = (", ".join(f"{number:.0f}" for number in part) for part in (share, energy))
    shares, energies = texts
    return (
        f"Of the pre-activations that a small change alters, {shares} % in layers 1 to "
        f"{len(share)} belong to rectifiers that are off before and after, with {energies} % of "
        "the squared change; nothing of it goes on."
    )


def draw_absorbed(result: Result, subtitle: str = "") -> Figure:
    """Changes that end at silent units, by layer: their number and their squared size."""
    groups = _rectifiers(result)
    share, energy = (
        100 * values[groups][:, _JUDGED].mean(1)
        for values in (result.absorbed, result.absorbed_energy)
    )  # [groups layers seeds]
    fig, ax = figures.axes(
        title=f"{share[0].mean():.0f} % of changed pre-activations end at a silent rectifier,\n"
        f"with {energy[0].mean():.0f} % of the squared change",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    layers = np.arange(1.0, share.shape[1] + 1)
    for number, name in enumerate(_penalties(result)):
        color = figures.shade(number + 1.0, float(len(groups)))
        for values, style, words in ((share, "-", "number"), (energy, "--", "squared size")):
            ax.plot(layers, values[number], ".", color=color, alpha=0.4, markersize=5)
            ax.plot(layers, np.median(values[number], axis=1), style, color=color, linewidth=1.6,
                    label=f"{words}, {name}")  # fmt: skip
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9, handlelength=1.8,
              loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    ax.set_xticks(layers)
    ax.set(
        ylim=(0, 103), xlabel="hidden layer (a point a seed, lines through medians)",
        ylabel="change that is absorbed (%)",
    )  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and which digits were changed how."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training and "
        f"{config['examples']:,} test digits · {config['depth']} x {config['width']} units · "
        f"{len(config['seeds'])} seeds\nall stopped at {100 * config['target']:g} % validation "
        f"error · noise sd {' and '.join(f'{sd:g}' for sd in config['noise'])}, "
        f"{config['degrees']:g}°, 1 pixel, 1 step"
    )


def _columns(
    ax: Axes,
    values: Float[np.ndarray, "groups kinds seeds"],
    colors: list[str],
    names: list[str],
    *,
    hollow: int = -1,
) -> None:
    """A column of points for each kind and group, and the groups' names behind the last kind."""
    groups, kinds, seeds = values.shape
    places = _APART * (np.arange(groups) - (groups - 1) / 2)
    for group, color in enumerate(colors):
        face = figures.GROUND if group == hollow else color
        for kind in range(kinds):
            center, column = kind + places[group], values[group, kind]
            spread = np.linspace(-0.03, 0.03, seeds)
            ax.plot(center + spread, column, "o", color=color, markerfacecolor=face, alpha=0.45,
                    markersize=4)  # fmt: skip
            ax.hlines(np.median(column), center - 0.06, center + 0.06, color=color, linewidth=2)
    heights = _apart(np.median(values[:, -1], axis=1), least=5.0)
    for height, name, color in zip(heights, names, colors, strict=True):
        ax.text(kinds - 0.45, height, name, color=color, fontsize=9.5, va="center")
    ax.set_xlim(-0.6, kinds + 0.35)


def _apart(heights: Float[np.ndarray, "labels"], *, least: float) -> Float[np.ndarray, "labels"]:
    """The heights moved up until neighbors are `least` apart, in the same order."""
    moved = heights.astype(float)
    order = np.argsort(moved, kind="stable")
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved - max(0.0, moved[order[-1]] - 100.0)


def _names(result: Result) -> list[str]:
    """A name for each group."""
    return [*UNITS, *(f"rectifier, L1 {l1:g}" for l1 in result.l1[len(UNITS) :])]


def _shown(result: Result) -> list[int]:
    """The four, and the rectifiers with the penalty nearest to the paper's 0.001."""
    others = range(len(UNITS), len(result.l1))
    nearest = sorted(others, key=lambda group: abs(float(result.l1[group]) - 1e-3))
    return [*range(len(UNITS)), *nearest[:1]]


def _rectifiers(result: Result) -> list[int]:
    """The groups of rectifiers, by penalty."""
    return [0, *range(len(UNITS), len(result.l1))]


def _penalties(result: Result) -> list[str]:
    """The penalty of each group of rectifiers, in words."""
    return ["no penalty", *(f"L1 {l1:g}" for l1 in result.l1[len(UNITS) :])]
