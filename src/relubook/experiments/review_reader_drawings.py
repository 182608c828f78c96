"""The drawing of "review-reader": what single words add to the expected stars."""

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.review_reader_values import Result

_SHOWN = 12  # words on each side


def describe(result: Result) -> str:
    """The finding in one sentence or two."""
    mean = result.effect.mean(axis=0)
    up, down = (
        ", ".join(f"{result.words[word]} {_signed(mean[word])}" for word in words[:5])
        for words in strongest(result)
    )
    return (
        f"What a word adds to the expected stars of a test review that has it, mean over these "
        f"reviews and {len(result.test_error)} seeds: most is added by {up}; most is taken by "
        f"{down}. The root mean squared error is {_interval(result.test_error)} stars, "
        f"{_interval(result.rounded_error)} with weights of 8 bits; always guessing the mean costs "
        f"{float(result.constant_error):.2f}. Taking one word away turns no unit on or off in "
        f"{_percent(result.unflipped.mean())} of the cases, and is then foretold exactly."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The words that add and take most, as bars with a point a seed."""
    up, down = strongest(result)
    words = np.concatenate([up, down[::-1]])
    fig, ax = figures.axes(
        title=_finding(result), subtitle=subtitle, width=8.0, height=1.6 + 0.24 * len(words)
    )
    y, color = -np.arange(len(words)), figures.COLORS["rectifier"]
    ax.barh(y, result.effect[:, words].mean(axis=0), height=0.62, color=color, alpha=0.35)
    for one in result.effect[:, words]:
        ax.plot(one, y, "o", color=color, markersize=3, alpha=0.8)
    ax.axvline(0, color=figures.INK, linewidth=0.8)
    for place, word in zip(y, words, strict=True):
        ends = result.effect[:, word]
        ends, side = (ends.max(), 1) if ends.mean() > 0 else (ends.min(), -1)
        ax.annotate(
            result.words[word], (ends, place), xytext=(6 * side, 0), textcoords="offset points",
            ha="left" if side > 0 else "right", va="center", fontsize=9.5,
        )  # fmt: skip
    ax.margins(x=0.16, y=0.02)
    ax.set(yticks=[], xlabel="what the word adds to the expected stars (stars)")
    ax.spines["left"].set_visible(False)
    return fig


def strongest(result: Result) -> tuple[Int[np.ndarray, "up"], Int[np.ndarray, "down"]]:
    """The words that add most and those that take most, the strongest first."""
    mean = result.effect.mean(axis=0)
    order = np.argsort(np.nan_to_num(mean), kind="stable")
    up, down = order[::-1][:_SHOWN], order[:_SHOWN]
    return up[np.nan_to_num(mean[up]) > 0], down[np.nan_to_num(mean[down]) < 0]


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    looked = config["removals"] or data["test_examples"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training reviews, "
        f"{data['words']:,} words present or not · 2 x {config['width']} rectifiers, "
        f"L1 {config['l1']:g}\n"
        f"batch {config['batch_size']}, {config['epochs']} epochs at most · "
        f"{len(config['seeds'])} seeds (points) · each word taken from {looked:,} test reviews"
    )


def _finding(result: Result) -> str:
    """The two strongest words, and how often the linear account is exact."""
    mean = result.effect.mean(axis=0)
    up, down = strongest(result)
    strongest_words = ", ".join(
        f"“{result.words[words[0]]}” {verb} {abs(mean[words[0]]):.2f}"
        for words, verb in ((up, "adds"), (down, "takes"))
        if len(words)
    )
    return (
        f"One word can move the stars: {strongest_words};\nfor "
        f"{_percent(result.unflipped.mean())} of single words no unit turns on or off without it"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _signed(number: float) -> str:
    """Two decimals, with a minus sign and not a hyphen."""
    return f"{number:+.2f}".replace("-", "−")


def _interval(values: Float[np.ndarray, "seeds"]) -> str:
    return f"{values.mean():.2f} ± {half_interval(values):.2f}"
