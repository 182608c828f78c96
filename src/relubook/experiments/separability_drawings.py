"""Drawings of the experiment "separability", and a sentence for each."""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator, StrMethodFormatter

from relubook import datasets, figures, records
from relubook.experiments.quartet import UNITS
from relubook.experiments.separability_values import DENSE, LABELS, Result, place, probed

_TICKS = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 40, 50, 60, 80)  # of an error [%]
_PANELS = ((True, "trained"), (False, "untrained"))


def describe(result: Result) -> str:
    """The finding in one sentence."""
    texts = [
        f"{words} networks {_listed(_means(result, 'error', trained))}"
        for trained, words in _PANELS
    ]
    return (
        f"Mean test error of a linear classifier of a hidden layer with {_judged(result)} labels: "
        f"{'; '.join(texts)}; of the pixels {_pixels(result):.1f} %."
    )


def describe_layers(result: Result) -> str:
    """The finding of `draw_layers` in one sentence."""
    error = 100 * result.error[..., _column(result)].mean(1)  # [kinds layers]
    texts = []
    for trained, words in _PANELS:
        rows = [error[place(result.arrays(), name, trained=trained)] for name in UNITS]
        listed = (
            f"{name} {' '.join(f'{e:.1f}' for e in row)}"
            for name, row in zip(UNITS, rows, strict=True)
        )
        texts.append(f"{words} {', '.join(listed)}")
    return f"Mean test error with {_judged(result)} labels, layer by layer [%]: {'; '.join(texts)}."


def describe_active(result: Result) -> str:
    """The finding of `draw_active` in one sentence."""
    arrays = result.arrays()
    texts = []
    for trained, words in _PANELS:
        rows = [row for name in UNITS for row in _family(result, name, trained)]
        listed = (
            f"{UNITS[arrays['activation'][row]]} {arrays['active'][row].mean():.0f} active "
            f"{100 * probed(arrays, row, LABELS).mean():.1f} %"
            for row in rows
        )
        texts.append(f"{words}: {', '.join(listed)}")
    return f"Mean test error with {_judged(result)} labels, {'; '.join(texts)}."


def describe_margins(result: Result) -> str:
    """The finding of `draw_margins` in one sentence."""
    texts = []
    for trained, words in _PANELS:
        means = _means(result, "margin", trained)
        listed = ", ".join(f"{name} {mean:.2f}" for name, mean in means.items())
        texts.append(f"{words} {listed}")
    return (
        f"Mean margin with {_judged(result)} labels, in units of the code's spread: "
        f"{'; '.join(texts)}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error over the number of labels, trained at the left, untrained at the right."""
    fig, _ = figures.axes(
        title=_finding(result), subtitle=subtitle, width=9.0, height=5.0, panels=2
    )
    _over_labels(fig, result, "error", 100.0)
    for ax, (_, words) in zip(fig.axes, _PANELS, strict=True):
        _pixels_line(ax, result.labels, 100 * result.pixels_error)
        _percent(ax)
        ax.set_xlabel(f"labeled examples, {words} networks")
    fig.axes[0].set_ylabel("test error, mean of the hidden layers (%)")
    figures.label_in_place(fig.axes[1])
    return fig


def draw_layers(result: Result, subtitle: str = "") -> Figure:
    """Test error by hidden layer with so many labels as the claim is judged at."""
    error = 100 * result.error[..., _column(result)]  # [kinds seeds layers]
    layers = np.arange(1, error.shape[-1] + 1)
    arrays, rectifier = result.arrays(), UNITS[0]
    ends = [error[place(arrays, rectifier, trained=state)].mean(0)[[0, -1]] for state, _ in _PANELS]
    fig, _ = figures.axes(
        title=f"From the first layer to the last, rectifier codes go from {ends[0][0]:.0f} to "
        f"{ends[0][1]:.0f} % error\nafter training, from {ends[1][0]:.0f} to {ends[1][1]:.0f} % "
        "before it",
        subtitle=subtitle, width=9.0, height=5.0, panels=2,
    )  # fmt: skip
    for ax, (trained, words) in zip(fig.axes, _PANELS, strict=True):
        for name in UNITS:
            values = error[place(arrays, name, trained=trained)].T
            figures.band(ax, layers.astype(float), values, color=figures.COLORS[name], label=name)
        ax.axhline(_pixels(result), color=figures.CHANCE, linestyle="--", linewidth=1.5,
                   label="pixels")  # fmt: skip
        ax.set_xticks(layers)
        _percent(ax)
        ax.set_xlabel(f"hidden layer, {words} networks")
    fig.axes[0].set_ylabel(f"test error with {_judged(result)} labels (%)")
    figures.label_in_place(fig.axes[0])
    return fig


def draw_active(result: Result, subtitle: str = "") -> Figure:
    """Test error over the number of active units: wide and narrow networks, with penalties."""
    arrays = result.arrays()
    fig, _ = figures.axes(
        title=_finding_of_active(result), subtitle=subtitle, width=9.0, height=5.0, panels=2
    )
    for ax, (trained, words) in zip(fig.axes, _PANELS, strict=True):
        for name in UNITS:
            rows = _family(result, name, trained)
            active = arrays["active"][rows].mean(-1)  # [rows seeds]
            error = 100 * np.stack([probed(arrays, row, LABELS) for row in rows])
            color = figures.COLORS[name]
            ax.plot(active.ravel(), error.ravel(), "o", color=color, alpha=0.45, markersize=4)
            ax.plot(np.median(active, axis=1), np.median(error, axis=1), "-D", color=color,
                    linewidth=1.5, markersize=5, markeredgecolor="white", label=name)  # fmt: skip
        _name_sparsest(ax, result, trained)
        ax.set(xlim=(0, 1.06 * float(result.width.max())))
        ax.set_xlabel(f"active units a layer, {words} networks")
        _percent(ax)
    fig.axes[0].set_ylabel(f"{_judged(result)} labels: test error, mean of the layers (%)")
    figures.label_in_place(fig.axes[1])
    return fig


def draw_margins(result: Result, subtitle: str = "") -> Figure:
    """The margin over the number of labels, trained at the left, untrained at the right."""
    (trained, untrained) = _of_rectifiers(result, "margin")
    dense = [_means(result, "margin", state) for state, _ in _PANELS]
    least, most = (f(dense[0][name] for name in DENSE) for f in (min, max))
    fig, left = figures.axes(
        title=f"After training, a digit lies {trained:.2f} spreads inside its class in rectifier "
        f"codes,\n{least:.2f} to {most:.2f} in dense ones; before it, {untrained:.2f} in "
        "rectifier codes",
        subtitle=subtitle, width=9.0, height=5.0, panels=2,
    )  # fmt: skip
    _over_labels(fig, result, "margin", 1.0)
    for ax, (_, words) in zip(fig.axes, _PANELS, strict=True):
        _pixels_line(ax, result.labels, result.pixels_margin)
        ax.axhline(0, color=figures.INK, linewidth=0.8)
        ax.set_xlabel(f"labeled examples, {words} networks")
    left.set_ylabel("margin in spreads of the code, all layers (1)")
    figures.label_in_place(fig.axes[1])
    return fig


def subtitle(record: records.Record) -> str:
    """Which networks, and what is probed how."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units · equal accuracy · "
        f"{len(config['seeds'])} seeds\nridge classifier of each hidden layer, labels from the "
        "validation split"
    )


def _finding(result: Result) -> str:
    """The easiest code after training beside the rectifier's, and all of them before it."""
    after, before = (_means(result, "error", trained) for trained, _ in _PANELS)
    best = min(after, key=after.__getitem__)
    beside = f"rectifier codes {100 * after['rectifier']:.1f} %"
    if best == "rectifier":
        beside = f"dense codes {_range(after, 1)}"
    return (
        f"With {_judged(result)} labels {best} codes err least after training "
        f"({100 * after[best]:.1f} %), {beside};\nbefore it dense codes err {_range(before, 0)}, "
        f"rectifier codes {100 * before['rectifier']:.0f} %"
    )


def _range(errors: dict[str, float], digits: int) -> str:
    """The smallest and the largest error of the dense codes [%], once if they read the same."""
    ends = (f(errors[name] for name in DENSE) for f in (min, max))
    low, high = (f"{100 * end:.{digits}f}" for end in ends)
    return f"{low} %" if low == high else f"{low} to {high} %"


def _finding_of_active(result: Result) -> str:
    """Rectifiers beside the dense networks that have as many units as they have active ones."""
    arrays = result.arrays()
    narrow = arrays["trained"] & np.isfinite(arrays["matched"])
    l1 = float(arrays["matched"][narrow].max())
    sparse = place(arrays, "rectifier", l1=l1)
    error = 100 * probed(arrays, sparse, LABELS).mean()
    dense = [100 * probed(arrays, place(arrays, n, matched=l1), LABELS).mean() for n in DENSE]
    return (
        f"{arrays['active'][sparse].mean():.0f} active units a layer, after training: rectifiers "
        f"under L1 {l1:g} err {error:.1f} %,\ndense networks of that width {min(dense):.1f} to "
        f"{max(dense):.1f} %"
    )


def _family(result: Result, activation: str, trained: bool) -> list[int]:
    """Rows of one activation, the narrowest or most penalized first."""
    arrays = result.arrays()
    alike = (arrays["activation"] == UNITS.index(activation)) & (arrays["trained"] == trained)
    rows = np.flatnonzero(alike)
    return rows[np.argsort(arrays["active"][rows].mean((1, 2)))].tolist()


def _name_sparsest(ax: Axes, result: Result, trained: bool) -> None:
    """The penalty of the rectifiers with the fewest active units, if they have one."""
    arrays = result.arrays()
    row = _family(result, "rectifier", trained)[0]
    if arrays["l1"][row] > 0:
        at = np.median(arrays["active"][row].mean(-1)), 100 * np.median(probed(arrays, row, LABELS))
        ax.annotate(
            f"L1 {arrays['l1'][row]:g}", at, xytext=(-9, 0), textcoords="offset points",
            ha="right", va="center", color=figures.COLORS["rectifier"], fontsize=9,
        )  # fmt: skip


def _over_labels(fig: Figure, result: Result, name: str, factor: float) -> None:
    """A band for each activation at full width, averaged over the hidden layers."""
    arrays = result.arrays()
    for ax, (trained, _) in zip(fig.axes, _PANELS, strict=True):
        for unit, values in _series(result, name, trained):
            figures.band(ax, arrays["labels"].astype(float), factor * values,
                         color=figures.COLORS[unit], label=unit)  # fmt: skip
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(FixedLocator(arrays["labels"].tolist()))
        ax.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        ax.xaxis.set_minor_locator(NullLocator())


def _series(
    result: Result, name: str, trained: bool
) -> Iterator[tuple[str, Float[np.ndarray, "labels seeds"]]]:
    """Each activation with a quantity of its probes, averaged over the hidden layers."""
    arrays = result.arrays()
    for unit in UNITS:
        yield unit, arrays[name][place(arrays, unit, trained=trained)].mean(axis=1).T


def _pixels_line(ax: Axes, labels: np.ndarray, values: Float[np.ndarray, "seeds labels"]) -> None:
    """The inputs themselves, for reference."""
    ax.plot(labels, np.median(values, axis=0), "--", color=figures.CHANCE, linewidth=1.5,
            label="pixels")  # fmt: skip


def _percent(ax: Axes) -> None:
    """A logarithmic axis of errors with plain numbers."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(FixedLocator(_TICKS))
    ax.yaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


def _column(result: Result) -> int:
    """The number of labels that is nearest to the one that is judged."""
    return int(np.abs(result.labels - LABELS).argmin())


def _judged(result: Result) -> int:
    """That number of labels."""
    return int(result.labels[_column(result)])


def _means(result: Result, name: str, trained: bool) -> dict[str, float]:
    """The mean over seeds and layers of each activation's probes, with so many labels."""
    arrays = result.arrays()
    return {
        unit: float(probed(arrays, place(arrays, unit, trained=trained), LABELS, name).mean())
        for unit in UNITS
    }


def _of_rectifiers(result: Result, name: str) -> tuple[float, float]:
    """`_means` of rectifiers, trained and untrained."""
    return _means(result, name, True)[UNITS[0]], _means(result, name, False)[UNITS[0]]


def _listed(errors: dict[str, float]) -> str:
    """Errors in words [%]."""
    return ", ".join(f"{name} {100 * error:.1f} %" for name, error in errors.items())


def _pixels(result: Result) -> float:
    """The error of a linear classifier of the inputs with so many labels [%]."""
    return 100 * float(np.median(result.pixels_error[:, _column(result)]))
