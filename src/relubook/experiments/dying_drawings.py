"""Drawings of the experiment "dying", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.dying_values import WATCHED, Result

_BLUE = figures.COLORS["rectifier"]
_TONES = LinearSegmentedColormap.from_list("tones", [figures.GROUND, "#7FB2DB", "#003050"])


def describe(result: Result) -> str:
    """The finding in one sentence."""
    gentle, violent = result.plain()[0], result.largest_rate()
    died, back = deaths(result), survivors(result)
    return (
        f"Of 100 units {np.nanmean(died[gentle]):.2g} die at learning rate "
        f"{result.learning_rate[gentle]:g} and {np.nanmean(died[violent]):.2g} at "
        f"{result.learning_rate[violent]:g}, the largest at which none of the networks diverges; "
        f"of these {np.nanmean(back[violent]):.2g} % are alive at the end."
    )


def deaths(result: Result) -> Float[np.ndarray, "settings seeds"]:
    """Units that were alive and later dead, of 100, up to the last look."""
    return 100 * result.died[:, -1].mean(1)


def survivors(result: Result) -> Float[np.ndarray, "settings seeds"]:
    """Of the units that died, those alive at the last look [%]; NaN where none died."""
    died, alive = result.died[:, -1].mean(1), result.died_alive[:, -1].mean(1)
    return 100 * np.divide(alive, died, out=np.full_like(died, np.nan), where=died > 0)


def draw(result: Result, subtitle: str = "") -> Figure:
    """Units that died, and those of them that live at the end, over the learning rate."""
    rows, violent = result.plain(), result.largest_rate()
    died, alive = deaths(result), 100 * result.died_alive[:, -1].mean(1)
    back = np.nanmean(survivors(result)[violent])
    fig, ax = figures.axes(
        title=f"At the largest rate at which none diverges {np.nanmean(died[violent]):.0f} of 100 "
        f"units die;\n{back:.0f} % of those are alive at the end",
        subtitle=subtitle,
        width=7.4,
        height=4.6,
    )
    _over_rate(ax, result, rows, died, face=_BLUE, label="died at some time")
    _over_rate(ax, result, rows, alive, face="none", label="died, and alive at the end")
    top = max(float(np.nanmax(died[rows])), 5.0)
    for row in rows:
        gone = int((result.diverged[row] >= 0).sum())
        if gone:
            ax.text(float(result.learning_rate[row]), top * 1.1, f"×\n{gone}", color=figures.INK,
                    ha="center", va="center", fontsize=9.5)  # fmt: skip
    if (result.diverged[rows] >= 0).any():
        words = f"networks of {result.diverged.shape[1]}\nthat diverged"
        ax.text(0.01, top * 1.1, words, color=figures.INK, fontsize=9.5, va="center",
                transform=ax.get_yaxis_transform())  # fmt: skip
    rates = result.learning_rate[rows]
    ax.set(
        xscale="log", xlabel="learning rate (1)", ylabel="units (%)", ylim=(-0.03 * top, 1.2 * top)
    )
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize=9.5, loc="center left", handlelength=1)
    return fig


def describe_lives(result: Result) -> str:
    """The finding of `draw_lives` in one sentence."""
    row = result.largest_rate()
    back = 100 * (result.died_alive[row] + result.born_alive[row])[-1].mean(-1)
    layers = ", ".join(f"layer {at} {share:.2g}" for at, share in enumerate(back, start=1))
    return (
        f"Of 100 units of each layer, those dead at one look and alive at the last, at learning "
        f"rate {result.learning_rate[row]:g}: {layers}."
    )


def draw_lives(result: Result, subtitle: str = "") -> Figure:
    """The share of dead units over training steps, by layer, at the largest rate that holds."""
    row = result.largest_rate()
    share = 100 * result.dead[row]
    back = 100 * (result.died_alive[row] + result.born_alive[row])[-1].mean(-1)
    fig, ax = figures.axes(
        title=f"Of 100 units {back[0]:.2g} of the first layer come back from the dead,\n"
        f"{back[-1]:.2g} of the last (learning rate {result.learning_rate[row]:g})",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    for layer in range(share.shape[1]):
        color = figures.shade(float(layer + 1), float(share.shape[1]))
        figures.band(
            ax,
            result.moments.astype(float),
            share[:, layer],
            color=color,
            label=f"layer {layer + 1}",
        )
    _steps(ax, result)
    ax.set(ylabel="dead units (% of a layer)", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9.5, labelcolor="linecolor", loc="upper left")
    return fig


def describe_starts(result: Result) -> str:
    """The finding of `draw_starts` in one sentence."""
    words = []
    for row, name in _starts(result):
        before, after = 100 * result.dead[row, [0, -1]].mean(1)
        kept = after[np.isfinite(after)]
        end = f"{kept.mean():.2g} % after" if len(kept) else "all diverged"
        error = 100 * result.test_error[row][np.isfinite(result.test_error[row])]
        ending = f", test error {error.mean():.1f} %" if len(error) else ""
        words.append(f"{name} {before.mean():.2g} % before, {end}{ending}")
    return f"Dead units before training and after, by how the networks start: {'; '.join(words)}."


def draw_starts(result: Result, subtitle: str = "") -> Figure:
    """Dead units before training and at the end for each start, one learning rate."""
    rows = _starts(result)
    worst, name = max(rows, key=lambda pair: float(result.dead[pair[0], 0].mean()))
    fig, ax = figures.axes(
        title=f"With {name} {100 * result.dead[worst, 0].mean():.0f} % of the units are born dead, "
        f"and {_percent(result.dead[worst, -1])} of all\nare dead after training (learning rate "
        f"{result.learning_rate[worst]:g})",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    for place, (row, _) in enumerate(rows, start=1):
        for look, shift, face in ((0, -0.15, "none"), (-1, 0.15, _BLUE)):
            values = 100 * result.dead[row, look].mean(0)
            values = values[np.isfinite(values)]
            label = ("before training" if look == 0 else "at the end") if place == 1 else ""
            x = place + shift + np.linspace(-0.08, 0.08, len(values))
            ax.plot(x, values, "o", color=_BLUE, markerfacecolor=face, alpha=0.7, label=label)
            if len(values):
                ax.hlines(np.median(values), place + shift - 0.12, place + shift + 0.12,
                          color=figures.INK, linewidth=1.5)  # fmt: skip
        gone = int((result.diverged[row] >= 0).sum())
        if gone:
            ax.text(place + 0.17, 4, f"× {gone}\ndiverged", ha="center", fontsize=9.5)
    ax.set_xticks(range(1, len(rows) + 1), [name.replace(" ", "\n", 1) for _, name in rows])
    ax.set(ylabel="dead units (%)", xlabel="start (a point a seed)", ylim=(-3, 103))
    ax.legend(frameon=False, fontsize=9.5, loc="upper left", handlelength=1)
    return fig


def _percent(shares: np.ndarray) -> str:
    """The mean of what is finite, in percent."""
    finite = shares[np.isfinite(shares)]
    return f"{100 * finite.mean():.0f} %" if len(finite) else "none"


def describe_unit(result: Result) -> str:
    """What becomes of the two units, in one sentence."""
    words = []
    for at, kind in enumerate(WATCHED):
        if result.watched_setting[at] < 0:
            words.append(f"no unit {kind}")
            continue
        gate = 100 * _gates(result, at)
        words.append(
            f"unit {result.watched_unit[at]} of layer {result.watched_layer[at] + 1} {kind} at "
            f"learning rate {result.learning_rate[result.watched_setting[at]]:g}: it answers "
            f"{gate[0]:.0f} % of the digits before training, {gate.max():.0f} % at most, "
            f"{gate[-1]:.2g} % at the end, and its largest pre-activation is then "
            f"{result.largest[at, -1]:.2g}"
        )
    return f"In the network of the first seed {'; '.join(words)}."


def draw_unit(result: Result, subtitle: str = "") -> Figure:
    """Pre-activations of two units over all training digits, look by look."""
    fig, _ = figures.axes(
        title="One unit slides below zero for every digit and stays;\nanother one is carried back",
        subtitle=subtitle,
        width=8.4,
        height=4.8,
        panels=len(WATCHED),
    )
    for at, ax in enumerate(fig.axes):
        _magnified(ax, result, at)
    fig.axes[0].set_ylabel("pre-activation (1)")
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples, "
        f"all shown at each of {len(config['moments'])} looks\n{config['depth']} x "
        f"{config['width']} rectifiers, batch {config['batch_size']}, "
        f"{config['moments'][-1]:,} steps · {len(config['seeds'])} seeds"
    )


def _over_rate(
    ax: Axes, result: Result, rows: np.ndarray, values: np.ndarray, *, face: str, label: str
) -> None:
    """A point a seed at each learning rate, and a line through the medians."""
    shown = [row for row in rows if np.isfinite(values[row]).any()]
    x = result.learning_rate[shown]
    spread = np.linspace(0.96, 1.04, values.shape[1])
    ax.plot((x[:, None] * spread).ravel(), values[shown].ravel(), "o", color=_BLUE,
            markerfacecolor=face, alpha=0.6, markersize=5, label=label)  # fmt: skip
    ax.plot(x, np.nanmedian(values[shown], axis=1), "-" if face != "none" else ":", color=_BLUE)


def _steps(ax: Axes, result: Result) -> None:
    """Training steps on an axis that is logarithmic but for its start."""
    ax.set_xscale("symlog", linthresh=1)
    last = int(result.moments[-1])
    ticks = [step for step in (0, 1, 10, 100) if step < last] + [last]
    ax.set_xticks(ticks, [f"{step:,}" for step in ticks])
    ax.set_xlim(0, last)
    ax.set_xlabel("training steps (1)")
    ax.minorticks_off()


def _starts(result: Result) -> list[tuple[int, str]]:
    """The settings of one learning rate with what each is called."""
    others = [row for row in range(len(result.gain)) if row not in result.plain()]
    base = [row for row in result.plain() if result.learning_rate[row] == result.learning_rate[-1]]
    names = [
        f"weights x{result.gain[row]:g}"
        if result.gain[row] != 1
        else f"biases {-result.shift[row]:g}"
        for row in others
    ]
    return [(int(row), "biases 0") for row in base] + list(zip(others, names, strict=True))


def _gates(result: Result, at: int) -> Float[np.ndarray, "moments"]:
    """The share of the training examples that activate a watched unit [1], look by look."""
    place = result.watched_setting[at], result.watched_layer[at], result.watched_unit[at]
    return result.gate[place[0], :, place[1], place[2]]


def _magnified(ax: Axes, result: Result, at: int) -> None:
    """One unit: darker where more digits lie, a line at its largest pre-activation."""
    looks = np.arange(len(result.moments))
    ax.axhline(0, color=figures.INK, linewidth=0.8)
    ax.set(xlabel="training steps at each look (1)")
    ax.set_yscale("asinh", linear_width=1.0)
    ax.set_yticks(
        [-100, -10, -3, -1, 0, 1, 3, 10, 100],
        ["-100", "-10", "-3", "-1", "0", "1", "3", "10", "100"],
    )
    ax.minorticks_off()
    if result.watched_setting[at] < 0:
        ax.text(0.03, 0.03, f"no unit {WATCHED[at]}", transform=ax.transAxes, fontsize=9.5)
        return
    shares = result.histogram[at] / result.histogram[at].sum(1, keepdims=True)
    edges = np.append(looks - 0.5, looks[-1] + 0.5)
    ax.pcolormesh(edges, result.edges, np.sqrt(shares).T, cmap=_TONES, rasterized=True)
    ax.plot(looks, result.largest[at], color=figures.INK, linewidth=1.8, label="largest")
    ax.plot(looks, result.bias[at], color=figures.INK, linewidth=1.2, linestyle="--", label="bias")
    _fit(ax, result)
    shown = looks[:: max(1, len(looks) // 5)]
    ax.set_xticks(shown, [f"{result.moments[look]:,}" for look in shown])
    unit = f"layer {result.watched_layer[at] + 1}: {WATCHED[at]}"
    ax.text(0.97, 0.97, unit, transform=ax.transAxes, fontsize=9.5, ha="right", va="top")
    if at == 0:
        ax.legend(frameon=False, fontsize=9.5, loc="lower left", handlelength=1.5)


def _fit(ax: Axes, result: Result) -> None:
    """Limits that hold both units."""
    used = np.flatnonzero(result.histogram.sum((0, 1)))
    lowest, highest = float(result.edges[used[0]]), float(result.edges[used[-1] + 1])
    ax.set_ylim(2 * min(lowest, -1.0), 2 * max(highest, 2.0))
