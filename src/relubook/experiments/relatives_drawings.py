"""Drawings of "relatives": test error by kind of unit, and how far layers are from balanced."""

import math

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.relatives_values import KINDS, Result, by_seed, half_interval

_NAMES = tuple(KINDS)
_SPREAD = 0.26  # of one kind's points to either side
_REPAIRS = 2  # the last kinds, which are rectifiers with something added
_FAR = 2.0  # times the rectifier's mean error: what is beyond is a mark in a band above
_BAND = 0.27  # of the height, for those marks
_RELATIVES = tuple(name for name in _NAMES[:-_REPAIRS] if name not in ("rectifier", "tanh"))


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = ", ".join(
        f"{name} {_mean(_percent(result, name)):.2f} %"
        for name in sorted(_NAMES, key=lambda name: _mean(_percent(result, name)))
    )
    return f"Mean test error, each with its own learning rate: {texts}.{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by kind of unit, a point a seed, a bar at the mean."""
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, width=9.0, height=5.4)
    mean = min(_mean(_percent(result, "rectifier")), 50.0)  # a number if all diverged, too
    ax.axhline(mean, color=figures.COLORS["rectifier"], linewidth=1, linestyle=":", zorder=0)
    errors = {name: _percent(result, name) for name in _NAMES}
    _columns(ax, errors, top=_FAR * mean)
    _mark_far(ax, errors, result.diverged, top=_FAR * mean)
    rates = [f"{rate:g}" for rate in result.chosen]
    _label(ax, [f"{name} ({rate})" for name, rate in zip(_NAMES, rates, strict=True)])
    ax.set(
        xlabel="unit, its learning rate (a point a seed, a bar at the mean)",
        ylabel="test error (%)",
    )
    return fig


def describe_shift(result: Result) -> str:
    """The finding of `draw_shift` in one sentence."""
    texts = ", ".join(
        f"{name} {_mean(by_seed(result.arrays(), 'mean_over_abs', name)):.2f}" for name in _NAMES
    )
    return (
        f"Size of a layer's mean output over its mean size after training, mean of the layers (1: "
        f"all of one sign, 0: balanced): {texts}."
    )


def draw_shift(result: Result, subtitle: str = "") -> Figure:
    """|mean output| over mean |output| of a layer by kind of unit, mean of the layers."""
    shifts = {name: by_seed(result.arrays(), "mean_over_abs", name) for name in _NAMES}
    least = min(shifts, key=lambda name: _mean(shifts[name]))
    fig, ax = figures.axes(
        title=f"After training, a layer's mean is {_mean(shifts['ELU']):.2f} of its mean size "
        f"with ELUs,\n1 with rectifiers, and least with {least}: {_mean(shifts[least]):.2f}",
        subtitle=subtitle,
        width=9.0,
        height=5.4,
    )
    _columns(ax, shifts)
    for place, numbers in enumerate(shifts.values()):
        if lost := int(np.isnan(numbers).sum()):
            ax.text(place, 0.93, f"{lost} lost", ha="center", fontsize=9, color=figures.INK)
    _label(ax, list(_NAMES))
    ax.set(
        ylim=(-0.03, 1.05),
        xlabel="unit (a point a seed, a bar at the mean)",
        ylabel="|mean output| over mean |output| (1)",
    )
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, He's range for all\n"
        f"batch {config['batch_size']}, {config['epochs']} epochs · {len(config['seeds'])} seeds, "
        f"learning rates chosen on validation with {len(config['rate_seeds'])} others"
    )


def _percent(result: Result, kind: str) -> Float[np.ndarray, "seeds"]:
    """Test errors [%]."""
    return 100 * by_seed(result.arrays(), "test_error", kind)


def _mean(numbers: Float[np.ndarray, "seeds"]) -> float:
    """Of the networks that did not diverge; infinity, the last in every order, of none."""
    told = numbers[np.isfinite(numbers)]
    return float(told.mean()) if told.size else math.inf


def _finding(result: Result) -> str:
    """How many of the relatives err less than the rectifier, and more, by their whole interval."""
    better = worse = 0
    for name in _RELATIVES:
        saved = _percent(result, "rectifier") - _percent(result, name)
        saved = saved[np.isfinite(saved)]
        if saved.size > 1:
            half = half_interval(saved)
            better += int(saved.mean() - half > 0)
            worse += int(saved.mean() + half < 0)
    return (
        f"Of {len(_RELATIVES)} relatives {better} {'errs' if better == 1 else 'err'} less than "
        f"the rectifier, {worse} more;\n"
        f"{len(_RELATIVES) - better - worse} cannot be told from it"
    )


def _notes(result: Result) -> str:
    """Networks that diverged and rates at an end of the grid, if any."""
    lost, ends = int((result.diverged >= 0).sum()), result.at_an_end()
    words = f" {lost} of {result.diverged.size} networks diverged." if lost else ""
    return words + (f" Rates at an end of the grid: {', '.join(ends)}." if ends else "")


def _columns(
    ax: Axes, values: dict[str, Float[np.ndarray, "seeds"]], *, top: float = math.inf
) -> None:
    """One column of points a kind, with a bar at their mean; nothing above `top`."""
    for place, (name, numbers) in enumerate(values.items()):
        color = figures.COLORS[KINDS[name].like]
        offsets = np.linspace(-_SPREAD, _SPREAD, numbers.size)
        shown = np.where(numbers <= top, numbers, np.nan)
        ax.plot(place + offsets, shown, "o", color=color, alpha=0.55, markersize=4.5)
        if (mean := _mean(numbers)) <= top:
            ax.plot(place, mean, "_", color=color, markersize=22, markeredgewidth=2.5)


def _mark_far(
    ax: Axes,
    errors: dict[str, Float[np.ndarray, "seeds"]],
    diverged: Int[np.ndarray, "kinds seeds"],
    *,
    top: float,
) -> None:
    """In a band above: a triangle and how many lie beyond it, a cross for those that diverged."""
    beyond = [int((numbers > top).sum()) for numbers in errors.values()]
    lost = (diverged >= 0).sum(axis=1).tolist()
    if not any(beyond) and not any(lost):
        return
    lowest = min(np.nanmin(numbers, initial=top) for numbers in errors.values())
    ax.set_ylim(0.9 * lowest, top + _BAND * (top - 0.9 * lowest) / (1 - _BAND))
    for place, (name, numbers) in enumerate(errors.items()):
        color, height = figures.COLORS[KINDS[name].like], 0.98
        marks = [("^", color, f"{beyond[place]} up to\n{np.nanmax(numbers, initial=0):.1f} %")]
        marks = marks if beyond[place] else []
        marks += [("x", figures.INK, f"{lost[place]} diverged")] if lost[place] else []
        for mark, shade, words in marks:
            ax.plot(place, height, mark, color=shade, transform=ax.get_xaxis_transform())
            ax.text(place, height - 0.02, words, ha="center", va="top", fontsize=9, color=shade,
                    transform=ax.get_xaxis_transform())  # fmt: skip
            height -= 0.17


def _label(ax: Axes, texts: list[str]) -> None:
    """The kinds below the axis, and a line before the repairs."""
    ax.set_xticks(range(len(texts)), texts, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_xlim(-0.6, len(texts) - 0.4)
    ax.axvline(len(texts) - _REPAIRS - 0.5, color=figures.CHANCE, linewidth=0.8, linestyle=":")
