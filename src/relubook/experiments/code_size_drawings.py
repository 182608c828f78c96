"""Drawings of "code-size": how many units are active, by what there is to say about the input."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from relubook import datasets, figures, records
from relubook.experiments import strokes
from relubook.experiments.code_size_values import MEASURES, Result, row_of

_KINDS = (
    ("all digits", "spearman"),
    ("ink held", "given_ink"),
    ("within a class", "within_class"),
)
_SIZE, _INK, _DOUBT = (MEASURES.index(name) for name in ("compressed size", "ink", "doubt"))
_WEAK = 0.1  # a correlation that is called none
_UNITS = ("byte", "pixel", "pixel", "bit")


def describe(result: Result) -> str:
    """The finding in one sentence."""
    least = 100 * result.dense_least.min()
    used = "all of" if least == 100 else f"at least {least:.0f} % of"
    return (
        f"Correlation of the number of active rectifiers with the compressed size of a digit: "
        f"{_in_words(result, result.spearman[:, :, _SIZE, -1])}. Mean share of units active: "
        f"{_shares(result)}. Networks of tanh, softplus and logistic units use "
        f"{used} their units for every digit."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Active units by compressed size and by doubt, in tenths of the test digits."""
    plain = result.spearman[row_of(result.trained, result.l1, 0.0), :, :, -1].mean(axis=0)
    fig, left = figures.axes(
        title=f"Digits of larger files have {_more(plain[_SIZE])} active units "
        f"(correlation {plain[_SIZE]:.2f}),\ndoubtful ones {_more(plain[_DOUBT])} "
        f"({plain[_DOUBT]:.2f})",
        subtitle=subtitle,
        width=8.4,
        height=4.8,
        panels=2,
    )
    groups = _two_and_untrained(result)
    names, colors = _names(result), _colors(result)
    share = 100 * result.tenths_size / result.size[:, :, None, -1:]
    for ax, place in zip(fig.axes, (_SIZE, _DOUBT), strict=True):
        shown = [names[group] for group in groups] if place == _DOUBT else []
        tenths = np.arange(1.0, 1 + share.shape[-1])
        _lines(ax, tenths, share[groups, :, place], shown, [colors[group] for group in groups])
        ax.set_xticks(tenths)
        ax.set_xlabel(_ends(result, place))
        if result.dense_least.min() == 1:
            ax.axhline(100, color=figures.CHANCE, linestyle="--", linewidth=1)
    left.set_ylabel("active units (% of their mean)")
    if result.dense_least.min() == 1:
        left.annotate("dashed: tanh, softplus, logistic,\nalways all units", (0.02, 0.02),
                      xycoords="axes fraction", va="bottom", fontsize=9.5)  # fmt: skip
    return fig


def _two_and_untrained(result: Result) -> list[int]:
    """The untrained, those without a penalty, and those with the penalty nearest to 0.001."""
    penalized = np.flatnonzero(result.trained & (result.l1 > 0))
    nearest = sorted(penalized.tolist(), key=lambda group: abs(result.l1[group] - 1e-3))
    return [0, row_of(result.trained, result.l1, 0.0), *nearest[:1]]


def _more(correlation: float) -> str:
    """In which direction, in a word."""
    if abs(correlation) < _WEAK:
        return "as many"
    return "more" if correlation > 0 else "fewer"


def _ends(result: Result, place: int) -> str:
    """What is put in order, and the means of its lowest and highest tenth."""
    row = row_of(result.trained, result.l1, 0.0)
    means = result.tenths_measure[row, :, place].mean(axis=0)
    low, high = (f"{mean:.3g}" if mean >= 0.001 else "under 0.001" for mean in means[[0, -1]])
    return f"tenths of test digits, by {MEASURES[place]}\n({low} to {high} {_UNITS[place]})"


def describe_correlations(result: Result) -> str:
    """The finding of `draw_correlations` in one sentence."""
    row = row_of(result.trained, result.l1, 0.0)
    texts = [
        f"{kind}: "
        + ", ".join(
            f"{measure} {value:.2f}"
            for measure, value in zip(MEASURES, getattr(result, name)[row].mean(0)[:, -1],
                                      strict=True)
            if np.isfinite(value)
        )
        for kind, name in _KINDS
    ]  # fmt: skip
    return (
        "Correlation of the number of active units, without a penalty, with what a digit holds. "
        f"{_sentence('; '.join(texts))}."
    )


def draw_correlations(result: Result, subtitle: str = "") -> Figure:
    """Every correlation as a row, a point a seed."""
    rows = [
        (kind, place, getattr(result, name)[:, :, place, -1])
        for kind, name in _KINDS
        for place in range(len(MEASURES))
        if np.isfinite(getattr(result, name)[1:, :, place, -1]).any()
    ]
    plain = result.spearman[row_of(result.trained, result.l1, 0.0), :, :, -1].mean(axis=0)
    fig, ax = figures.axes(
        title=f"Correlation with active units: ink {plain[_INK]:.2f}, doubt {plain[_DOUBT]:.2f}",
        subtitle=subtitle,
        width=7.4,
        height=5.6,
    )
    ax.axvline(0, color=figures.CHANCE, linestyle="--", linewidth=1)
    kinds = [kind for kind, _, _ in rows]
    first = np.array([kind not in kinds[:place] for place, kind in enumerate(kinds)])
    heights = -np.arange(len(rows)) - 0.8 * np.cumsum(first)
    for height, (_, _, values) in zip(heights, rows, strict=True):
        _row(ax, height, values, _colors(result))
    ax.set_yticks(heights, [MEASURES[place] for _, place, _ in rows])
    for kind in dict.fromkeys(kinds):
        ax.text(-0.02, heights[kinds.index(kind)] + 0.75, kind, ha="right", va="center",
                transform=ax.get_yaxis_transform(), fontweight="bold", fontsize=10)  # fmt: skip
    marks = [Line2D([], [], color=color, marker="o", linestyle="none") for color in _colors(result)]
    ax.legend(marks, _names(result), labelcolor="linecolor", frameon=False, fontsize=9.5,
              loc="upper right", handlelength=0.6)  # fmt: skip
    ax.set(xlabel="Spearman correlation with the number of active units (1)",
           ylim=(heights[-1] - 0.7, heights[0] + 1.2))  # fmt: skip
    return fig


def describe_strokes(result: Result) -> str:
    """The finding of `draw_strokes` in one sentence."""
    texts = [
        f"{way}: {_in_words(result, result.stroke_spearman[..., place])}"
        for place, way in enumerate(strokes.WAYS)
    ]
    return (
        "Correlation of the number of active units with the number of strokes in a picture. "
        f"{_sentence('; '.join(texts))}."
    )


def draw_strokes(result: Result, subtitle: str = "") -> Figure:
    """Active units by the number of strokes, for strokes of one length and for as much ink."""
    row = row_of(result.trained, result.l1, 0.0)
    long, inked = result.stroke_spearman[row].mean(axis=0)
    fig, _ = figures.axes(
        title="More strokes and active units of digit networks:\n"
        f"correlation {long:.2f} if ink grows with them, {inked:.2f} if it does not",
        subtitle=f"{subtitle}\npictures of straight strokes, shown to networks trained on digits",
        width=8.0,
        height=4.9,
        panels=2,
    )
    share = 100 * result.stroke_size / result.units[-1]
    for place, (ax, way) in enumerate(zip(fig.axes, strokes.WAYS, strict=True)):
        counts = np.array(strokes.COUNTS, dtype=float)
        _lines(ax, counts, share[:, :, place], _names(result) if place else [], _colors(result))
        ax.set_xlabel(f"number of strokes, {way}")
        ax.set_xticks(strokes.COUNTS)
    fig.axes[0].set_ylabel("active units (% of hidden units)")
    return fig


def describe_words(result: Result) -> str:
    """The finding of `draw_words` in one sentence."""
    means = result.words_spearman.mean(axis=1)
    names = _names(result, words=True)
    texts = ", ".join(f"{name} {mean:.2f}" for name, mean in zip(names, means, strict=True))
    wrong = 100 * result.words_test_error[result.words_trained].mean()
    return (
        "Correlation of the number of active units with the number of different words in a "
        f"review: {texts}. Test error of these networks, stars from 1 to 5: {wrong:.0f} %."
    )


def draw_words(result: Result, subtitle: str = "") -> Figure:
    """Active units by the number of different words, in tenths of the reviews."""
    row = row_of(result.words_trained, result.words_l1, 0.0)
    found = result.words_spearman[row].mean()
    fig, ax = figures.axes(
        title=f"Different words of a review and active units: correlation {found:.2f}",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    share = 100 * result.words_tenths_size / result.words_units[0]
    names = _names(result, words=True)
    _lines(ax, result.words_tenths, share, names, _colors(result, words=True))
    ax.set(xlabel="different words in a test review (1), means of tenths",
           ylabel="active units (% of hidden units)")  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """Which networks, and what they were shown."""
    config, data = record.config, record.passport["data"]
    words, test = config["words"], config["examples"]
    shown = f"{test:,} test digits" if test else "all test digits"
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, to {100 * config['target']:g} % validation "
        f"error\n{shown} · words: {datasets.describe(words['data']).title}, "
        f"{words['depth']} x {words['width']} units · {len(config['seeds'])} seeds"
    )


def _lines(
    ax: Axes,
    x: Float[np.ndarray, "points"],
    values: Float[np.ndarray, "groups seeds points"],
    names: list[str],
    colors: list[str],
) -> None:
    """A band for each group, with its name at its right end if there are names."""
    for group, color in zip(values, colors, strict=True):
        figures.band(ax, x, group.T, color=color)
    if not names:
        return
    ends = np.median(values[:, :, -1], axis=1)
    for height, name, color in zip(
        _apart(ends, least=0.05 * float(np.ptp(ax.get_ylim()))), names, colors, strict=True
    ):
        ax.annotate(name, (x[-1], height), xytext=(6, 0), textcoords="offset points",
                    va="center", color=color, fontsize=9.5)  # fmt: skip
    ax.set_xlim(None, x[-1] + 0.34 * (x[-1] - x[0]))


def _apart(heights: Float[np.ndarray, "labels"], *, least: float) -> Float[np.ndarray, "labels"]:
    """Heights of labels, moved until each is so far above the one below it."""
    order = np.argsort(heights)
    spread = heights[order] - least * np.arange(len(heights))
    below = np.maximum.accumulate(spread)
    above = np.minimum.accumulate(spread[::-1])[::-1]
    placed = np.empty_like(heights)
    placed[order] = (below + above) / 2 + least * np.arange(len(heights))
    return placed


def _row(
    ax: Axes, height: float, values: Float[np.ndarray, "groups seeds"], colors: list[str]
) -> None:
    """Points of every group at nearly one height, a bar at each mean."""
    offsets = np.linspace(0.3, -0.3, len(values))
    for offset, seeds, color in zip(offsets, values, colors, strict=True):
        place = height + offset
        ax.plot(seeds, np.full(len(seeds), place), "o", color=color, alpha=0.5, markersize=3.5)
        ax.vlines(np.mean(seeds), place - 0.1, place + 0.1, color=color, linewidth=2)


def _names(result: Result, *, words: bool = False) -> list[str]:
    """What each group is."""
    trained, l1 = (result.words_trained, result.words_l1) if words else (result.trained, result.l1)
    named = ["no penalty" if penalty == 0 else f"L1 {penalty:g}" for penalty in l1]
    return [name if was else "before training" for name, was in zip(named, trained, strict=True)]


def _colors(result: Result, *, words: bool = False) -> list[str]:
    """Gray before training, then the darker the stronger the penalty."""
    trained = result.words_trained if words else result.trained
    many = int(trained.sum())
    return [
        figures.shade(float(place), float(many)) if was else figures.CHANCE
        for place, was in zip(np.cumsum(trained).tolist(), trained, strict=True)
    ]


def _in_words(result: Result, values: Float[np.ndarray, "groups seeds"]) -> str:
    """The mean of each group."""
    pairs = zip(_names(result), values.mean(axis=1), strict=True)
    return ", ".join(f"{name} {mean:.2f}" for name, mean in pairs)


def _shares(result: Result) -> str:
    """The mean share of units active, of each group."""
    shares = 100 * result.size[..., -1].mean(axis=1) / result.units[-1]
    pairs = zip(_names(result), shares, strict=True)
    return ", ".join(f"{name} {share:.0f} %" for name, share in pairs)


def _sentence(text: str) -> str:
    """The text with a capital first."""
    return text[:1].upper() + text[1:]
