"""Drawings of "softplus-alpha": error by alpha, zeros and near zeros by alpha, and the choice."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.softplus_alpha_values import Result, name_of, on_toys, rank_correlation

_LAST = 1.2  # octaves from the largest finite alpha to the place of infinity
_SPREAD = 0.09  # of one alpha's points to either side, in octaves
_NEAR = {
    "zeros": ("exact zeros", "-", "o"),
    "near_absolute": ("below 0.001", "--", "s"),
    "near_relative": ("below 0.01 of the layer's rms", ":", "^"),
}


def describe(result: Result) -> str:
    """The finding in one sentence."""
    means = 100 * np.nanmean(result.test_error, axis=1)
    texts = ", ".join(
        f"{name_of(alpha)}: {mean:.2f} %" for alpha, mean in zip(result.alpha, means, strict=True)
    )
    order = rank_correlation(result.alpha, result.test_error)
    return (
        f"Mean test error by alpha, each with its own learning rate, {texts} (∞ is the rectifier); "
        f"Spearman's correlation of alpha and error is {order:.2f}.{_diverged(result)}"
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by alpha, a point a seed; on toys in stereo the paper's numbers, hollow."""
    errors = 100 * result.test_error
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, width=8.0, height=4.8)
    places = _places(result.alpha)
    means = np.nanmean(errors, axis=1)
    ax.plot(places[:-1], means[:-1], color=figures.CHANCE, linewidth=1, zorder=1)
    for alpha, place, networks in zip(result.alpha, places, errors, strict=True):
        offsets = np.linspace(-_SPREAD, _SPREAD, networks.size)
        color = _color(alpha)
        ax.plot(place + offsets, networks, "o", color=color, alpha=0.6, markersize=5)
        ax.plot(place, np.nanmean(networks), "_", color=color, markersize=22, markeredgewidth=2.5)
    _paper(ax, result)
    _label_alphas(ax, result, rates=True)
    ax.set(
        xlabel="alpha and its learning rate (a point a seed, a bar at the mean)",
        ylabel="test error (%)",
    )
    return fig


def describe_zeros(result: Result) -> str:
    """The finding of `draw_zeros` in one sentence."""
    shares = {name: 100 * np.nanmean(getattr(result, name), axis=(1, 2)) for name in _NEAR}
    finite = shares["zeros"][:-1].max()
    near = ", ".join(
        f"{name_of(alpha)}: {share:.1f} %"
        for alpha, share in zip(result.alpha, shares["near_relative"], strict=True)
    )
    return (
        f"Exact zeros, mean over layers: rectifier {shares['zeros'][-1]:.1f} %, at most "
        f"{finite:.1f} % with any finite alpha. Activations within a hundredth of their layer's "
        f"root mean square by alpha, {near}."
    )


def draw_zeros(result: Result, subtitle: str = "") -> Figure:
    """Exact zeros and two kinds of near zeros by alpha, mean over hidden layers."""
    places = _places(result.alpha)
    zeros = 100 * np.nanmean(result.zeros, axis=(1, 2))
    near = 100 * np.nanmean(result.near_relative, axis=(1, 2))
    fig, ax = figures.axes(
        title=f"alpha {name_of(result.alpha[-2])}: {zeros[-2]:.1f} % exact zeros, "
        f"{near[-2]:.0f} % near zeros;\nrectifier: {zeros[-1]:.0f} % exact zeros",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    for name, (label, line, marker) in _NEAR.items():
        networks = 100 * np.nanmean(getattr(result, name), axis=2)
        means = np.nanmean(networks, axis=1)
        ax.plot(places[:-1], means[:-1], line, color=figures.INK, linewidth=1.2,
                marker=marker, markersize=5, label=label)  # fmt: skip
        ax.plot(places[-1], means[-1], marker, color=figures.INK, markersize=5)
        for alpha, place, values in zip(result.alpha, places, networks, strict=True):
            offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
            ax.plot(place + offsets, values, marker, color=_color(alpha), alpha=0.45, markersize=4)
    _label_alphas(ax, result)
    ax.set(
        ylim=(-2, 103), xlabel="alpha (a point a seed, lines through means over layers and seeds)",
        ylabel="share of the activations (%)",
    )  # fmt: skip
    figures.label_in_place(ax)
    return fig


def describe_rates(result: Result) -> str:
    """The finding of `draw_rates` in one sentence."""
    chosen = ", ".join(
        f"{name_of(alpha)}: {rate:g}"
        for alpha, rate in zip(result.alpha, result.chosen, strict=True)
    )
    ends = result.at_an_end()
    where = f"at an end of the grid for alpha {', '.join(ends)}" if ends else "none at a grid's end"
    return f"Chosen learning rate by alpha, {chosen}; {where}."


def draw_rates(result: Result, subtitle: str = "") -> Figure:
    """Median validation error over the learning rate, a line for each alpha, its choice ringed."""
    error = 100 * np.median(result.rate_validation, axis=2)
    fig, ax = figures.axes(
        title=f"The best rate is {result.chosen[0]:g} for alpha {name_of(result.alpha[0])}, "
        f"{result.chosen[-1]:g} for the rectifier",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    styles = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), "-")
    order = np.argsort(result.rate)
    for place, (alpha, medians) in enumerate(zip(result.alpha, error, strict=True)):
        color, line = _color(alpha), styles[place % len(styles)]
        networks = 100 * result.rate_validation[place]
        ax.plot(np.repeat(result.rate, networks.shape[1]), networks.ravel(), ".", color=color,
                alpha=0.4, markersize=5)  # fmt: skip
        ax.plot(
            result.rate[order], medians[order], linestyle=line, color=color,
            linewidth=2.4 if np.isinf(alpha) else 1.5, label=f"alpha {name_of(alpha)}",
        )  # fmt: skip
        best = medians[result.rate == result.chosen[place]]
        ax.plot(result.chosen[place], best, "o", markersize=9, markerfacecolor="none",
                markeredgecolor=color, markeredgewidth=1.6)  # fmt: skip
    ax.set(
        xscale="log", yscale="log",
        xlabel="learning rate (a point a network, lines through medians, rings: chosen)",
        ylabel="validation error (%)",
    )  # fmt: skip
    ticks = [tick for tick in (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100)
             if 0.9 * error.min() <= tick <= 1.1 * _worst(result)]  # fmt: skip
    ax.set_yticks(ticks, [f"{tick}" for tick in ticks])
    ax.set_xticks(result.rate, [f"{rate:g}" for rate in result.rate])
    ax.minorticks_off()
    # As `figures.label_in_place`, with longer samples: here lines differ in their dashes.
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9.5, handlelength=3.5)
    return fig


def networks_top(result: Result) -> float:
    """The largest validation error while choosing [%]."""
    return float(100 * result.rate_validation.max())


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    widths = " - ".join(str(width) for width in config["hidden"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{widths} units, no penalty\nbatch {config['batch_size']}, {config['epochs']} epochs · "
        f"{len(config['seeds'])} seeds, learning rates chosen on validation with "
        f"{len(config['rate_seeds'])} others, {config['rate_epochs']} epochs"
    )


def _finding(result: Result) -> str:
    """The order of the errors, and the ends of the sweep."""
    means = 100 * np.nanmean(result.test_error, axis=1)
    order, least = rank_correlation(result.alpha, result.test_error), int(means.argmin())
    kind = "falls" if order <= -0.8 else "rises" if order >= 0.8 else "does not fall steadily"
    ends = f"{means[0]:.1f} % at {name_of(result.alpha[0])}"
    if 0 < least < len(means) - 1:
        ends += f", {means[least]:.1f} % at {name_of(result.alpha[least])} (the lowest)"
    return (
        f"Test error {kind} with alpha (Spearman's correlation {order:.2f}):\n"
        f"{ends}, {means[-1]:.1f} % with the rectifier"
    )


def _worst(result: Result) -> float:
    """The largest validation error while choosing [%]."""
    return float(100 * result.rate_validation.max())


def _diverged(result: Result) -> str:
    """How many of the reported networks diverged, if any."""
    count = int((result.diverged >= 0).sum())
    return f" {count} of {result.diverged.size} networks diverged." if count else ""


def _paper(ax: Axes, result: Result) -> None:
    """The paper's numbers as hollow points, where the data are toys in stereo."""
    known = [alpha in paper.ALPHA_SWEEP for alpha in result.alpha]
    if not (on_toys(result.data["name"]) and any(known)):
        return
    printed = [paper.ALPHA_SWEEP[alpha].value for alpha in result.alpha[known]]
    places = _places(result.alpha)[known]
    ax.plot(places, printed, **figures.PAPER_POINTS | {"markersize": 6, "alpha": 0.9})
    ax.annotate(
        "the paper, its NORB", (places[0], printed[0]), xytext=(4, 7), textcoords="offset points",
        fontsize=9.5, color=figures.INK,
    )  # fmt: skip


def _places(alpha: Float[np.ndarray, "alphas"]) -> Float[np.ndarray, "alphas"]:
    """Places on an axis of octaves, infinity a step beyond the largest finite alpha."""
    octaves = np.log2(alpha)
    return np.where(np.isfinite(octaves), octaves, np.log2(alpha[:-1].max()) + _LAST)


def _label_alphas(ax: Axes, result: Result, *, rates: bool = False) -> None:
    """Every alpha below the axis, with its learning rate if asked; infinity is beyond a gap."""
    labels = [name_of(alpha) for alpha in result.alpha]
    labels[-1] += "\nrectifier"
    if rates:
        labels = [f"{text}\n{rate:g}" for text, rate in zip(labels, result.chosen, strict=True)]
    places = _places(result.alpha)
    ax.set_xticks(places, labels)
    ax.set_xlim(places[0] - 0.3, places[-1] + 0.3)
    ax.axvline(places[-2:].mean(), color=figures.CHANCE, linewidth=0.8, linestyle=":")


def _color(alpha: float) -> str:
    """Softplus' color for a finite alpha, the rectifier's for infinity."""
    return figures.COLORS["rectifier" if np.isinf(alpha) else "softplus"]
