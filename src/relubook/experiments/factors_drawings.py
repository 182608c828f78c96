"""Drawings of "factors": disentanglement by layer, what codes tell, and what units are about."""

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.factors_values import FACTORS, Result
from relubook.experiments.quartet import UNITS

_APART = 0.24  # between the columns of one activation
_SHOWN = ("rectifier", "tanh")  # whose units are drawn one by one


def describe(result: Result) -> str:
    """The finding in one sentence."""
    trained = result.disentanglement.mean((1, 2))
    shares = ", ".join(f"{n} {d:.2f}" for n, d in zip(_names(result), trained, strict=True))
    turned, before = (values[0].mean() for values in (result.rotated, result.untrained))
    return (
        f"Disentanglement D, mean over hidden layers: {shares}. Of the rectifiers' code turned at "
        f"random {turned:.2f}, before training {before:.2f}; 1 if every unit is about one factor, "
        f"{result.shuffled.mean():.2f} if the factors are dealt out at random."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """D by activation and hidden layer, a point a seed, beside two controls."""
    means = result.disentanglement.mean((1, 2))
    low, high = means[1 : len(UNITS)].min(), means[1 : len(UNITS)].max()
    fig, ax = figures.axes(
        title=f"Disentanglement of rectifier codes {means[0]:.2f}, of dense ones {low:.2f} to "
        f"{high:.2f};\n1 would be a unit for each factor",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    layers = result.disentanglement.shape[1]
    for place, name in enumerate(_names(result)):
        color = figures.COLORS.get(name, figures.INK)
        for layer in range(layers):
            center = place + _APART * (layer - (layers - 1) / 2)
            column = result.disentanglement[place, layer]
            ax.plot(np.full(len(column), center), column, "o", color=color, alpha=0.5, markersize=4)
            ax.hlines(np.median(column), center - 0.09, center + 0.09, color=color, linewidth=2)
            if place < len(UNITS):
                for control, marker in ((result.rotated, "D"), (result.untrained, "x")):
                    ax.plot(center, np.median(control[place, layer]), marker, markersize=5,
                            color=figures.CHANCE, markerfacecolor="none")  # fmt: skip
    for words, marker in (("turned at random, median", "D"), ("before training, median", "x")):
        ax.plot([], [], marker, color=figures.CHANCE, markerfacecolor="none", label=words)
    ax.legend(frameon=False, fontsize=9.5, loc="upper right", labelcolor="linecolor")
    ax.set_xticks(range(len(means)), [name.replace(", ", "\n") for name in _names(result)])
    top = max(result.disentanglement.max(), result.untrained.max())
    ax.set(
        ylim=(0, 1.3 * top), ylabel="disentanglement D (1)",
        xlabel=f"activation (columns: hidden layers 1 to {layers}, a point a seed)",
    )  # fmt: skip
    return fig


def describe_accuracy(result: Result) -> str:
    """The finding of `draw_accuracy` in one sentence."""
    first, last = (100 * result.accuracy[0, :, layer].mean(-1) for layer in (0, -1))
    texts = ", ".join(
        f"{name} {a:.0f} and {b:.0f} %" for name, a, b in zip(FACTORS, first, last, strict=True)
    )
    return f"Right answers about each factor from the rectifiers' first and last layer: {texts}."


def draw_accuracy(result: Result, subtitle: str = "") -> Figure:
    """How often a forest names the right class of each factor, by activation."""
    accuracy = 100 * result.accuracy[: len(UNITS)]  # [units factors layers seeds]
    gained = (accuracy[:, :, -1] - accuracy[:, :, 0]).mean((0, 2))
    least = int(gained.argmin())
    fig, ax = figures.axes(
        title=f"From the first to the last layer right answers about the category change\n"
        f"by {gained[0]:+.0f} points, about the {FACTORS[least]} by {gained[least]:+.0f}",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    for group, name in enumerate(UNITS):
        color, center = figures.COLORS[name], 0.18 * (group - 1.5)
        for factor in range(len(FACTORS)):
            layers = accuracy[group, factor]
            x = factor + center + np.linspace(-0.06, 0.06, len(layers))
            ax.plot(x, layers, "o", color=color, alpha=0.4, markersize=3)
            ax.plot(x, np.median(layers, axis=1), color=color, linewidth=1.5)
        ax.text(4.5, [70, 63, 56, 49][group], name, color=color, fontsize=9.5)
    for factor, share in enumerate(100 * result.guessing):
        ax.hlines(share, factor - 0.4, factor + 0.4, color=figures.CHANCE, linestyle="--")
    ax.text(4.5, 100 * result.guessing[-1], "guessing", color=figures.CHANCE, fontsize=9.5)
    ax.set_xticks(range(len(FACTORS)), FACTORS)
    ax.set(
        xlim=(-0.6, 5.1), ylim=(0, 103), ylabel="right answers about the factor (%)",
        xlabel="factor (from left to right: first to last layer, a point a seed)",
    )  # fmt: skip
    return fig


def describe_units(result: Result) -> str:
    """The finding of `draw_units` in one sentence."""
    texts = (
        f"{100 * share:.0f} % of {name}" for name, share in zip(_SHOWN, _ruled(result), strict=True)
    )
    return (
        "Units of one network's last layer with more than half of their importance for one factor: "
        f"{', '.join(texts)} units that are important at all."
    )


def draw_units(result: Result, subtitle: str = "") -> Figure:
    """What each unit of the last layer is about, in one network of rectifiers and one of tanh."""
    mine, other = (100 * share for share in _ruled(result))
    fig, left = figures.axes(
        title=f"{mine:.0f} % of rectifiers and {other:.0f} % of tanh units\n"
        "of one network's last layer are mostly about one factor",
        subtitle=subtitle,
        width=8.0,
        height=4.2,
        panels=2,
    )
    for ax, name in zip(fig.axes, _SHOWN, strict=True):
        shares = 100 * _shares(result.importance[UNITS.index(name), -1])
        order = np.lexsort((-shares.max(1), shares.argmax(1)))
        ax.imshow(
            shares[order].T, aspect="auto", cmap="Greys", vmin=0, vmax=100, interpolation="nearest"
        )
        ax.set_xlabel(f"{name} units, by their factor (n = {len(shares)})")
    left.set_yticks(range(len(FACTORS)), FACTORS)
    left.set_ylabel("share of a unit's importance (%)")
    fig.colorbar(left.images[0], ax=fig.axes, fraction=0.05, pad=0.02)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and that it stands in for something else."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title}, a stand-in for small NORB, "
        f"{config['train_examples']:,} training pictures\n{config['depth']} x {config['width']} "
        f"units, all stopped at {100 * config['target']:g} % validation error · forests on "
        f"{config['fit_examples']:,} other pictures · {len(config['seeds'])} seeds"
    )


def _names(result: Result) -> list[str]:
    """A name for each group."""
    return [*UNITS, *(f"rectifier, L1 {l1:g}" for l1 in result.l1[len(UNITS) :])]


def _shares(importance: Float[np.ndarray, "width factors"]) -> Float[np.ndarray, "_ factors"]:
    """Each factor's share of a unit's importance [1], of the units that are important at all."""
    used = importance[importance.sum(1) > 0]
    return used / used.sum(1, keepdims=True)


def _ruled(result: Result) -> list[float]:
    """The share of units with more than half of their importance for one factor, last layer [1]."""
    last = (result.importance[UNITS.index(name), -1] for name in _SHOWN)
    return [float((_shares(each).max(1) > 0.5).mean()) for each in last]
