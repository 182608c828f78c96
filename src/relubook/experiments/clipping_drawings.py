"""Drawings of "clipping": usable learning rates, errors by rate, and norms by step."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.clipping_values import (
    ACTIVATIONS,
    NONE,
    USABLE,
    USUAL,
    Result,
    largest_for_all,
    largest_usable,
)

_LIMIT = f"{100 * USABLE:.0f} %"


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = (
        f"{name} from gain {gain:g}: {_ends(result, place, row)}"
        for place, name in enumerate(ACTIVATIONS)
        for row, gain in enumerate(result.gain.tolist())
    )
    return (
        f"Largest learning rate at which no network diverges and the median validation error is "
        f"below {_LIMIT}, without a limit and with one at the mean norm: {'; '.join(texts)}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The largest usable learning rate of each seed, without a limit and with each."""
    ends = [largest_for_all(result.rate, result.error[0, 0, at]) for at in (NONE, USUAL)]
    fig, left = figures.axes(
        title=f"Rectifiers learn up to a rate of {_rate(ends[0])} without clipping,\n"
        f"up to {_rate(ends[1])} with gradients clipped at their mean norm",
        subtitle=subtitle, width=9.0, height=4.8, panels=2,
    )  # fmt: skip
    for place, (ax, name) in enumerate(zip(fig.axes, ACTIVATIONS, strict=True)):
        _usable(ax, result, place, figures.COLORS[name])
        ax.set_xlabel(f"largest norm, in mean norms: {name}\n(k of n: these learn at no rate)")
    left.set(yscale="log", ylim=(result.rate[0] / 1.5, result.rate[-1] * 3),
             ylabel="largest usable learning rate (1)")  # fmt: skip
    ticks = result.rate[::2]
    left.set_yticks(ticks, [f"{rate:g}" for rate in ticks])
    left.minorticks_off()
    return fig


def describe_rates(result: Result) -> str:
    """The finding of `draw_rates` in one sentence."""
    texts = []
    for place, name in enumerate(ACTIVATIONS):
        for at, words in ((NONE, "no limit"), (USUAL, "the mean norm")):
            medians = _medians(result, place, at)
            best = int(medians.argmin())
            texts.append(f"{name}, {words}, {medians[best]:.1f} % at rate {result.rate[best]:g}")
    return f"Lowest median validation error: {'; '.join(texts)}."


def draw_rates(result: Result, subtitle: str = "") -> Figure:
    """Validation error over the learning rate, with and without clipping."""
    best = [_medians(result, 0, at).min() for at in (NONE, USUAL)]
    fig, left = figures.axes(
        title=f"At its best rate a rectifier network errs {best[0]:.1f} % without clipping,\n"
        f"{best[1]:.1f} % with gradients clipped at their mean norm",
        subtitle=subtitle, width=9.0, height=4.8, panels=2,
    )  # fmt: skip
    for place, (ax, name) in enumerate(zip(fig.axes, ACTIVATIONS, strict=True)):
        for at, style, words in ((NONE, "--", "no limit"), (USUAL, "-", "clipped")):
            errors = 100 * np.nan_to_num(result.error[place, 0, at], nan=1.0)
            color = figures.COLORS[name]
            ax.plot(np.repeat(result.rate, errors.shape[1]), errors.ravel(),
                    "o" if at else "x", color=color, alpha=0.3, markersize=4)  # fmt: skip
            ax.plot(result.rate, np.median(errors, 1), style, color=color, lw=2, label=words)
        ax.axhline(100 * USABLE, color=figures.CHANCE, linestyle=":", linewidth=1)
        ax.set_xscale("log")
        ax.set_xticks(result.rate[::3], [f"{rate:g}" for rate in result.rate[::3]])
        ax.minorticks_off()
        ax.set_xlabel(
            f"learning rate (1): {name}\n(points: seeds, lines: medians; 100 %: diverged)"
        )
        figures.label_in_place(ax)
    left.set(ylim=(0, 102), ylabel="validation error (%)")
    return fig


def describe_norm(result: Result) -> str:
    """The finding of `draw_norm` in one sentence."""
    texts = (
        f"{name} from gain {gain:g} {np.median(result.norm[place, row, NONE, :, 0]):,.1f}"
        for place, name in enumerate(ACTIVATIONS)
        for row, gain in enumerate(result.gain.tolist())
    )
    return f"Median norm of the first gradient: {', '.join(texts)}."


def draw_norm(result: Result, subtitle: str = "") -> Figure:
    """The norm of rectifiers' gradients over the steps, from the smallest and largest gain."""
    lost = [int((result.diverged[0, row, NONE, -1] >= 0).sum()) for row in (0, -1)]
    fig, left = figures.axes(
        title=f"At rate {result.rate[-1]:g} {lost[0]} of {result.diverged.shape[-1]} rectifier "
        f"networks diverge,\nfrom weights {result.gain[-1]:g} times as large {lost[1]}",
        subtitle=subtitle, width=9.0, height=4.8, panels=2,
    )  # fmt: skip
    x, shown = result.moment + 1.0, (0, len(result.rate) // 2, len(result.rate) - 1)
    for ax, row in zip(fig.axes, (0, -1), strict=True):
        for tone, at in enumerate(shown, start=1):
            norm = result.norm[0, row, NONE, at].astype(float)
            norm = np.where(np.isfinite(norm) & (norm > 0), norm, np.nan)
            color = figures.shade(float(tone), float(len(shown)))
            _courses(ax, x, norm, color, label=f"rate {result.rate[at]:g}")
        ax.set_xscale("log")
        ax.set_xlabel(
            f"step; first weights x {result.gain[row]:g}\n"
            "(x: diverges next; thick: median of the rest)"
        )
        figures.label_in_place(ax)
    left.set(yscale="log", ylabel="norm of the gradient (1)")
    return fig


def _courses(
    ax: Axes, x: np.ndarray, norm: Float[np.ndarray, "moments seeds"], color: str, *, label: str
) -> None:
    """A thin line a network, with a cross where it ends early, and the median of those left."""
    ax.plot(x, norm, color=color, alpha=0.3, linewidth=0.8)
    left = np.isfinite(norm)
    last = left.sum(axis=0) - 1
    ends = np.flatnonzero((last >= 0) & (last < len(x) - 1))
    ax.plot(x[last[ends]], norm[last[ends], ends], "x", color=color, markersize=6)
    some = left.any(axis=1)
    middle = np.nanmedian(norm[some], axis=1)
    ax.plot(x[some], middle, color=color, linewidth=2, marker="o", markersize=4, label=label)


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units\n"
        f"{config['moments'][-1]:,} steps of {config['batch_size']} · "
        f"{len(config['learning_rates'])} learning rates, each twice the last · "
        f"{len(config['seeds'])} seeds"
    )


def _rate(rate: float) -> str:
    """A learning rate in words."""
    return f"{rate:g}" if np.isfinite(rate) else "none"


def _ends(result: Result, place: int, row: int) -> str:
    """The largest usable rates without a limit and with the usual one."""
    errors = result.error[place, row]
    return " and ".join(_rate(largest_for_all(result.rate, errors[at])) for at in (NONE, USUAL))


def _medians(result: Result, place: int, at: int) -> np.ndarray:
    """Median error at each rate, from gain 1 [%]."""
    return 100 * np.median(np.nan_to_num(result.error[place, 0, at], nan=1.0), axis=1)


def _usable(ax: Axes, result: Result, place: int, color: str) -> None:
    """A column of points for each gain and limit."""
    kinds = len(result.limit)
    labels, places = [], []
    for row, gain in enumerate(result.gain.tolist()):
        for at, limit in enumerate(result.limit.tolist()):
            where = row * (kinds + 0.6) + at
            rates = largest_usable(result.rate, result.error[place, row, at])
            spread = np.linspace(-0.3, 0.3, len(rates))
            ax.plot(where + spread, rates, "o", color=color, alpha=0.6, markersize=4)
            if np.isfinite(rates).any():
                ax.hlines(np.nanmedian(rates), where - 0.38, where + 0.38, color=color, lw=2)
            if lost := int(np.isnan(rates).sum()):
                ax.text(where, 0.01, f"{lost} of {len(rates)}", ha="center", va="bottom",
                        fontsize=9, transform=ax.get_xaxis_transform())  # fmt: skip
            places.append(where)
            labels.append("none" if np.isinf(limit) else f"{limit:g}")
        ax.text(row * (kinds + 0.6) + (kinds - 1) / 2, 0.99, f"gain {gain:g}", ha="center",
                va="top", fontsize=10, transform=ax.get_xaxis_transform())  # fmt: skip
    ax.set_xticks(places, labels, fontsize=9)
