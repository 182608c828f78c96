"""Drawing of "representation": errors by the number of terms, for each network and form."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.representation_values import NETWORKS, REPRESENTATIONS, Result, errors

_LOOKS = {"binary": ("-", "o"), "counts": ("--", "s"), "log counts": (":", "^")}
_ASIDE = 0.09  # of the points of two forms, in places of the axis


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = []
    for network in NETWORKS:
        for place, form in enumerate(result.data["representations"]):
            means = [_mean(row) for row in errors(result.arrays(), network, place)]
            texts.append(f"{network}, {form}: {', '.join(f'{mean:.3f}' for mean in means)}")
    sizes = ", ".join(f"{terms:,}" for terms in result.terms.tolist())
    return (
        f"Mean error of the expected stars with {sizes} terms: {'; '.join(texts)}; always "
        f"expecting the mean, {float(result.guess_error):.3f}. "
        f"{_differences(result)}{_notes(result)}"
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Errors over those of always guessing the mean, a point a seed; a panel for each network."""
    fig, left = figures.axes(
        title=_finding(result), subtitle=subtitle, width=9.6, height=4.8, panels=len(NETWORKS)
    )
    forms = result.data["representations"]
    for ax, network in zip(fig.axes, NETWORKS, strict=True):
        for place, form in enumerate(forms):
            shares = 100 * errors(result.arrays(), network, place) / float(result.guess_error)
            _curve(ax, shares, form, _ASIDE * (place - (len(forms) - 1) / 2), _color(network))
        ax.set_xticks(range(len(result.terms)), [f"{terms:,}" for terms in result.terms.tolist()])
        ax.set(xlim=(-0.4, len(result.terms) - 0.6), xlabel=f"{network}: terms")
    left.set_ylabel("error of expected stars (% of guessing)")
    figures.label_in_place(left)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config = record.config
    train, validation, test = record.arrays["counts"]
    return (
        f"{datasets.describe(record.data).title}: {train:,} reviews to train, {validation:,} to "
        f"validate, {test:,} to test\n"
        f"{config['width']} units a layer, not pretrained, batch {config['batch_size']}, L1 "
        f"{config['l1']:g}, {config['epochs']} epochs\n"
        f"{len(config['seeds'])} seeds, each with its own rates; means and 95 % intervals\n"
        "guessing: always the mean stars of the training reviews"
    )


def _color(network: str) -> str:
    """Of a network: that of its units, or that of none."""
    return figures.COLORS["rectifier"] if NETWORKS[network] else figures.INK


def _finite(values: Float[np.ndarray, "seeds"]) -> Float[np.ndarray, "finite"]:
    return values[np.isfinite(values)]


def _mean(values: Float[np.ndarray, "seeds"]) -> float:
    """NaN, without a warning, if all diverged."""
    values = _finite(values)
    return float(values.mean()) if values.size else math.nan


def _curve(
    ax: Axes, shares: Float[np.ndarray, "terms seeds"], form: str, aside: float, color: str
) -> None:
    """A point a seed, and the means with their intervals."""
    line, marker = _LOOKS[form]
    x = np.arange(len(shares)) + aside
    ax.plot(x, shares, linestyle="none", marker=marker, color=color, alpha=0.35, markersize=3.5)
    halves = np.nan_to_num([half_interval(_finite(row)) for row in shares])
    ax.errorbar(
        x, [_mean(row) for row in shares], yerr=halves, linestyle=line, marker=marker, color=color,
        markerfacecolor=color if form == REPRESENTATIONS[0] else "none", markersize=7, capsize=4,
        linewidth=1.6, label=form,
    )  # fmt: skip


def _change(
    result: Result, network: str, less: tuple[int, int], more: tuple[int, int]
) -> Float[np.ndarray, "finite"]:
    """Error of the second form and vocabulary minus that of the first, by seed [star]."""
    first, second = (errors(result.arrays(), network, form)[terms] for form, terms in (less, more))
    return _finite(second - first)


def _between(values: Float[np.ndarray, "finite"]) -> str:
    """A mean with half of its interval, signed."""
    if values.size < 2:
        return "unknown"
    return f"{values.mean():+.3f} ± {half_interval(values):.3f}".replace("-", "−")


def _differences(result: Result) -> str:
    """What more terms change, and what counts do, in words."""
    last, forms = len(result.terms) - 1, result.data["representations"]
    texts = []
    if last:
        changes = ", ".join(
            f"{network} {_between(_change(result, network, (0, last - 1), (0, last)))}"
            for network in NETWORKS
        )
        terms = f"{result.terms[last]:,} instead of {result.terms[last - 1]:,} terms"
        texts.append(f"Added by {terms} ({forms[0]}), in stars: {changes}.")
    for place, form in enumerate(forms[1:], start=1):
        changes = ", ".join(
            f"{network} {_between(_change(result, network, (0, last), (place, last)))}"
            for network in NETWORKS
        )
        texts.append(
            f"Added by {form} instead of {forms[0]} with {result.terms[last]:,} terms: {changes}."
        )
    return " ".join(texts)


def _finding(result: Result) -> str:
    """What form and vocabulary each network errs least with."""
    parts = []
    for network in NETWORKS:
        means = {
            (form, terms): _mean(row)
            for place, form in enumerate(result.data["representations"])
            for terms, row in zip(
                result.terms.tolist(), errors(result.arrays(), network, place), strict=True
            )
        }
        best = min(means, key=lambda cell: np.nan_to_num(means[cell], nan=math.inf))
        parts.append(f"{network} ({best[0]}, {best[1]:,})")
    return f"Lowest mean error (form, terms): {parts[0]};\n{'; '.join(parts[1:])}"


def _notes(result: Result) -> str:
    """What a reader must know besides."""
    notes = []
    lost = int((result.diverged >= 0).sum())
    if lost:
        notes.append(f"{lost} networks diverged and are left out")
    if result.at_an_end():
        notes.append(f"best at an end of the rates tried: {'; '.join(result.at_an_end())}")
    if result.removed.any():
        names = ("to train on", "to validate", "without labels")
        parts = [f"{n:,} {name}" for n, name in zip(result.removed, names, strict=True) if n]
        notes.append(f"repeated reviews removed: {', '.join(parts)}")
    return "".join(f" {note[0].upper()}{note[1:]}." for note in notes)
