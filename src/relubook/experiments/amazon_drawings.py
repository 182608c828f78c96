"""Drawings of "amazon": accuracy within domains beside the paper's, and from domain to domain."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.amazon_values import (
    KINDS,
    NETWORKS,
    Result,
    accuracy,
    across,
    in_domain,
)
from relubook.experiments.relatives_values import half_interval

_SPREAD = 0.22  # of one kind's points, in rows
_WORDS = {"none": "", "with": ", pretrained"}
_SHOWN = "rectifier, 3 layers"  # of which `draw_across` shows all pairs
_PALE = LinearSegmentedColormap.from_list("pale", [figures.GROUND, figures.COLORS["rectifier"]])
_SIGNS = LinearSegmentedColormap.from_list(
    "signs", [figures.COLORS["tanh"], figures.GROUND, figures.COLORS["rectifier"]]
)
_DARK = 0.6  # share of the scale from which numbers are white
_PRINTED = {
    "amazon_rectifier_accuracy": "the paper's network",
    "amazon_best_earlier_accuracy": "the best before it",
}


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = []
    for budget in range(len(result.labels)):
        means = ", ".join(
            f"{kind_name(kind)} {_mean(result, kind, budget):.2f} %" for kind in KINDS
        )
        texts.append(f"{_budget(result, budget)}: {means}")
    regression = 100 * (1 - result.regression_error.mean())
    return (
        f"Mean accuracy within {len(result.tested)} domains, with {'; with '.join(texts)}; "
        f"logistic regression with all labels, {regression:.2f} %."
        f"{_theirs_in_words(result)}{_notes(result)}"
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Mean accuracy within domains by kind, a point a seed; a panel for each budget of labels."""
    panels, theirs = len(result.labels), _has_theirs(result)
    fig, left = figures.axes(
        title=_finding(result), subtitle=subtitle, width=9.4, height=5.0, panels=panels
    )
    rows = [*map(kind_name, KINDS), "logistic regression", *(["in the paper"] if theirs else [])]
    for budget, ax in enumerate(fig.axes):
        for row, kind in enumerate(KINDS):
            _points(ax, row, _finite(in_domain(result.arrays(), *kind, budget)), color(kind[0]))
        regression = 100 * (1 - result.regression_error.mean())
        ax.plot(regression, len(KINDS), "D", color=figures.COLORS["other"], markersize=6)
        ax.annotate(
            "all labels", (regression, len(KINDS)), (-8, 0), textcoords="offset points",
            ha="right", va="center", fontsize=8.5, color=figures.COLORS["other"],
        )  # fmt: skip
        if theirs:
            _theirs(ax, len(KINDS) + 1, named=budget == 0)
        ax.set_xlabel(f"accuracy, {_budget(result, budget)} each:\nmean and 95 % interval (%)")
    left.set_yticks(range(len(rows)), rows)
    left.set_ylim(len(rows) - 0.2, -0.5)
    return fig


def describe_across(result: Result) -> str:
    """The finding of `draw_across` in one sentence."""
    budget = len(result.labels) - 1
    texts = [
        f"{kind_name(kind)} {np.nanmean(across(result.arrays(), *kind, budget)):.2f} %"
        for kind in KINDS
    ]
    gains = ", ".join(
        f"{name} {_between(_gain(result, name, budget, home=False))}" for name in list(NETWORKS)[1:]
    )
    return (
        f"Mean accuracy on the {len(result.tested) - 1} domains that gave no labels, with "
        f"{_budget(result, budget)} of another: {', '.join(texts)}. Given by pretraining, in "
        f"points: {gains}."
    )


def draw_across(result: Result, subtitle: str = "") -> Figure:
    """From each domain to each, all labels: the pretrained network, and what pretraining gave."""
    budget = len(result.labels) - 1
    home, away = (_gain(result, _SHOWN, budget, home=at) for at in (True, False))
    fig, left = figures.axes(
        title=f"Pretraining three rectifier layers gives {_between(home)} points at home\n"
        f"and {_between(away)} in the domains that gave no labels",
        subtitle=subtitle, width=9.4, height=4.9, panels=2,
    )  # fmt: skip
    arrays = result.arrays()
    plain, pretrained = (accuracy(arrays, _SHOWN, start, budget) for start in ("none", "with"))
    low = float(np.nanmin(pretrained.mean(-1)))
    norm = TwoSlopeNorm(vmin=low - 8, vcenter=low, vmax=max(100.0, low + 1))
    _matrix(left, pretrained, _PALE, norm, "{:.1f}")
    gains = pretrained - plain
    reach = max(1.0, float(np.nanmax(np.abs(gains.mean(-1)))))
    signs = TwoSlopeNorm(vmin=-1.3 * reach, vcenter=0, vmax=1.3 * reach)
    _matrix(fig.axes[1], gains, _SIGNS, signs, "{:+.1f}")
    left.set_ylabel("trained on")
    left.set_yticks(range(len(result.tested)), result.data["domains"])
    words = ("accuracy of the pretrained network (%)", "given by pretraining (% of reviews)")
    for ax, text in zip(fig.axes, words, strict=True):
        ax.set_xticks(range(len(result.tested)), result.data["domains"])
        ax.set_xlabel(f"tested on; mean, half of the 95 % interval:\n{text}")
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, restoring, arrays = record.config, record.config["restoring"], record.arrays
    dealt = record.passport["data"]["domains"][0].startswith("part ")
    stars = ", dealt out to parts, 1-2 or 4-5 stars" if dealt else ""
    epochs = " or ".join(str(number) for number in config["epochs"])
    return (
        f"{datasets.describe(record.data).title}{stars} · means of {len(arrays['tested'])} domains "
        f"· {len(config['seeds'])} seeds\n"
        f"pretrained on {int(arrays['pooled']):,} reviews without labels, the test reviews among "
        f"them · 3 x {config['width']} units\n"
        f"batch {config['batch_size']}, L1 {config['l1']:g}, {restoring['epochs']} epochs a layer "
        f"without labels, {epochs} with"
    )


def kind_name(kind: tuple[str, str]) -> str:
    """Network and start in words."""
    return f"{kind[0]}{_WORDS[kind[1]]}"


def color(network: str) -> str:
    """Of a network: that of its units, or that of none."""
    unit, depth = NETWORKS[network]
    return figures.COLORS[unit] if depth else figures.INK


def _budget(result: Result, budget: int) -> str:
    """How many labels a domain gives to train with."""
    labels = result.labels[budget]
    return f"{'' if np.ptp(labels) == 0 else 'about '}{labels.mean():,.0f} labels"


def _finite(values: Float[np.ndarray, "seeds"]) -> Float[np.ndarray, "finite"]:
    return values[np.isfinite(values)]


def _mean(result: Result, kind: tuple[str, str], budget: int) -> float:
    """Within domains [%]; NaN, without a warning, if all seeds diverged."""
    values = _finite(in_domain(result.arrays(), *kind, budget))
    return float(values.mean()) if values.size else math.nan


def _gain(
    result: Result, network: str, budget: int, *, home: bool = True
) -> Float[np.ndarray, "finite"]:
    """What pretraining gives, by seed, within domains or between them [points]."""
    read = in_domain if home else across
    arrays = result.arrays()
    return _finite(read(arrays, network, "with", budget) - read(arrays, network, "none", budget))


def _between(values: Float[np.ndarray, "finite"]) -> str:
    """A mean with half of its interval, signed."""
    if values.size < 2:
        return "unknown"
    return f"{values.mean():+.1f} ± {half_interval(values):.1f}".replace("-", "−")


def _finding(result: Result) -> str:
    """What pretraining gives the rectifiers with each budget."""
    parts = [
        f"{_between(_gain(result, _SHOWN, budget))} with {_budget(result, budget)}"
        for budget in range(len(result.labels))
    ]
    return "Given by pretraining to three rectifier layers, points of accuracy:\n" + ", ".join(
        parts
    )


def _points(ax: Axes, row: int, values: Float[np.ndarray, "finite"], color: str) -> None:
    """A point a seed, and the mean with its interval."""
    offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
    ax.plot(values, row + offsets, "o", color=color, alpha=0.5, markersize=4.5)
    mean = float(values.mean()) if values.size else math.nan
    ax.errorbar(
        mean, row, xerr=half_interval(values), color=color, marker="|", markersize=20,
        markeredgewidth=2.5, capsize=4, linewidth=1.5,
    )  # fmt: skip


def _has_theirs(result: Result) -> bool:
    """Whether the reviews are of the set that the paper's numbers are of."""
    return result.data["name"].startswith("amazon")


def _theirs(ax: Axes, row: int, *, named: bool) -> None:
    """The paper's two numbers, with what they are where it is asked."""
    for height, (key, words) in zip((12, -18), _PRINTED.items(), strict=True):
        value = paper.SENTIMENT[key].value
        ax.plot(value, row, **figures.PAPER_POINTS)
        ax.axvline(value, color=figures.CHANCE, linestyle=":", linewidth=1)
        if named:
            ax.annotate(
                f"{words}, {value} %", (value, row), (0, height), textcoords="offset points",
                ha="center", fontsize=8.5,
                bbox={"facecolor": figures.GROUND, "edgecolor": "none", "pad": 1},
            )  # fmt: skip


def _matrix(
    ax: Axes,
    values: Float[np.ndarray, "sources targets seeds"],
    colors: LinearSegmentedColormap,
    norm: TwoSlopeNorm,
    form: str,
) -> None:
    """A square for each pair, with its mean and half of the interval in it; home is framed."""
    means = values.mean(axis=-1)
    ax.imshow(means, cmap=colors, norm=norm, aspect="auto")
    for (source, target), mean in np.ndenumerate(means):
        half = half_interval(_finite(values[source, target]))
        text = form.format(mean).replace("-", "−")
        dark = colors is _PALE and float(norm(mean)) > _DARK
        ax.text(
            target, source, text + ("" if math.isnan(half) else f"\n± {half:.1f}"), ha="center",
            va="center", fontsize=9.5, color="white" if dark else "black",
            fontweight="bold" if source == target else "normal",
        )  # fmt: skip


def _theirs_in_words(result: Result) -> str:
    """The paper's numbers, if the reviews are of that set."""
    if not _has_theirs(result):
        return ""
    texts = [f"{words} {paper.SENTIMENT[key].text} %" for key, words in _PRINTED.items()]
    return f" In the paper, whose labels were others: {', '.join(texts)}."


def _notes(result: Result) -> str:
    """What a reader must know besides."""
    notes = ["the test reviews are among those that pretraining saw without labels"]
    lost = int((result.diverged >= 0).sum())
    if lost:
        notes.append(f"{lost} networks diverged and are left out")
    if result.at_an_end():
        notes.append(f"best at an end of the rates tried: {'; '.join(result.at_an_end())}")
    if result.restored_at_an_end():
        notes.append(f"the same while restoring: {'; '.join(result.restored_at_an_end())}")
    if result.removed.any():
        names = ("to train on", "to validate", "without labels")
        parts = [f"{n:,} {name}" for n, name in zip(result.removed, names, strict=True) if n]
        notes.append(f"repeated reviews removed: {', '.join(parts)}")
    return "".join(f" {note[0].upper()}{note[1:]}." for note in notes)
