"""Drawings of the experiment "dying", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.dying_values import Result

_BLUE = figures.COLORS["rectifier"]


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
    _note_diverged(ax, result, rows, top=top)
    ax.set(ylabel="units (%)")
    ax.legend(frameon=False, fontsize=9.5, loc="center left", handlelength=1)
    return fig


def describe_error(result: Result) -> str:
    """The finding of `draw_error` in one sentence."""
    rows = [row for row in result.plain() if np.isfinite(result.test_error[row]).any()]
    words = ", ".join(
        f"{result.learning_rate[row]:g} {100 * np.nanmean(result.test_error[row]):.1f} %"
        for row in rows
    )
    change = 100 * np.nanmax(np.abs(result.test_error_without - result.test_error))
    return (
        f"Mean test error at the learning rates: {words}. Cutting out the units that are dead on "
        f"all training digits changes it by at most {change:.2f} points."
    )


def draw_error(result: Result, subtitle: str = "") -> Figure:
    """Test error over the learning rate, with the dead units and without them."""
    rows = result.plain()
    errors, cut = 100 * result.test_error, 100 * result.test_error_without
    violent = result.largest_rate()
    best = min(float(np.nanmean(errors[row])) for row in rows if np.isfinite(errors[row]).all())
    fig, ax = figures.axes(
        title=f"{np.nanmean(deaths(result)[violent]):.0f} deaths of 100 units go with "
        f"{np.nanmean(errors[violent]):.1f} % test error instead of {best:.1f} %;\ncutting the "
        f"dead out changes at most {np.nanmax(np.abs(cut - errors)):.2f} points",
        subtitle=subtitle,
        width=7.4,
        height=4.6,
    )
    _over_rate(ax, result, rows, errors, face=_BLUE, label="as trained")
    _over_rate(ax, result, rows, cut, face="none", label="without the dead units")
    _note_diverged(ax, result, rows, top=100.0)
    ax.set(ylabel="test error (%)")
    ax.set_yticks(range(0, 101, 20))
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
    before, after = (
        {name: 100 * result.dead[row, look].mean(0) for row, name in rows} for look in (0, -1)
    )
    worst = max(before, key=lambda name: float(before[name].mean()))
    back = max(before, key=lambda name: float(np.nan_to_num(before[name] - after[name]).mean()))
    fig, ax = figures.axes(
        title=f"Born dead and dead after training: {_percent(before[back])} and "
        f"{_percent(after[back])} of the units\nwith {back}, {_percent(before[worst])} and "
        f"{_percent(after[worst])} with {worst}",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    for place, (row, name) in enumerate(rows, start=1):
        for look, shift, face in ((0, -0.15, "none"), (-1, 0.15, _BLUE)):
            values = (before if look == 0 else after)[name]
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


def _percent(values: np.ndarray) -> str:
    """The mean of those that are finite."""
    finite = values[np.isfinite(values)]
    return f"{finite.mean():.0f} %" if len(finite) else "none"


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


def _note_diverged(ax: Axes, result: Result, rows: np.ndarray, *, top: float) -> None:
    """Learning rates on a logarithmic axis, and how many networks diverged above each."""
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
    ax.set(xscale="log", xlabel="learning rate (1)", ylim=(-0.03 * top, 1.2 * top))
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.minorticks_off()


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
