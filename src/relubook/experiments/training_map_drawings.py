"""Drawings of the experiment "training-map", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from relubook import datasets, figures, records
from relubook.experiments.quartet import UNITS
from relubook.experiments.training_map_values import (
    STARTS,
    SUCCESS,
    Cell,
    Result,
    best_cell,
    cells_that_learn,
    grid_of,
    learned,
    share_that_learns,
    steps_to_learn,
)

_SLOGAN, _DEEP = 5, 10  # hidden layers of the two claims; the nearest that a record has
_BESIDE = ("rectifier", "logistic")
_LIMIT = f"{100 * SUCCESS:.0f} %"


def describe(result: Result) -> str:
    """The finding in one sentence."""
    cells = len(result.start) * len(result.learning_rate)
    texts = (f"{depth} hidden layers {_counts(result, depth)}" for depth in result.depth.tolist())
    return (
        f"Of {cells} starts and learning rates, those whose median validation error is below "
        f"{_LIMIT} after {result.step[-1]:,} steps: {'; '.join(texts)}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The share of starts and learning rates from which networks learn, over the depth."""
    depths = result.depth.astype(float)
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, height=4.6)
    for name in UNITS:
        shares = [share_that_learns(_grid(result, name, depth)) for depth in result.depth.tolist()]
        figures.band(ax, depths, 100 * np.stack(shares), color=figures.COLORS[name], label=name)
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(result.depth.tolist()))
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set(ylim=(0, 100), xlabel="hidden layers", ylabel="starts and rates that learn (%)")
    figures.label_in_place(ax)
    return fig


def describe_map(result: Result) -> str:
    """The finding of `draw_map` in one sentence."""
    return _words_of_maps(result, _BESIDE, _nearest(result, _SLOGAN))


def draw_map(result: Result, subtitle: str = "") -> Figure:
    """Errors over start and learning rate: rectifiers and logistic units, a few layers deep."""
    depth = _nearest(result, _SLOGAN)
    best = best_cell(result.arrays(), "logistic", depth)
    title = (
        f"{depth} logistic layers err {100 * best.median:.0f} % from {best.start} at rate "
        f"{best.learning_rate:g};\nfrom torch's default {_ends(result, 'logistic', depth)} at "
        "every rate"
    )
    return _maps(result, _BESIDE, depth, title, subtitle)


def describe_deep(result: Result) -> str:
    """The finding of `draw_deep` in one sentence."""
    return _words_of_maps(result, ("rectifier", "tanh"), _nearest(result, _DEEP))


def draw_deep(result: Result, subtitle: str = "") -> Figure:
    """Errors over start and learning rate: rectifiers and tanh, many layers deep."""
    depth = _nearest(result, _DEEP)
    cells = len(result.start) * len(result.learning_rate)
    counts = [cells_that_learn(_grid(result, name, depth)) for name in ("rectifier", "tanh")]
    title = (
        f"{depth} layers of rectifiers learn from {counts[0]} of {cells} starts and rates,\n"
        f"{depth} layers of tanh from {counts[1]}"
    )
    return _maps(result, ("rectifier", "tanh"), depth, title, subtitle)


def describe_steps(result: Result) -> str:
    """The finding of `draw_steps` in one sentence."""
    depth = _nearest(result, _SLOGAN)
    texts = (
        f"{name} {', '.join(_named(cell) for cell in _best_cells(result, name, depth))}"
        for name in _BESIDE
    )
    return (
        f"Lowest median validation error of {depth} hidden layers after {result.step[-1]:,} steps, "
        f"by start: {'; '.join(texts)}."
    )


def draw_steps(result: Result, subtitle: str = "") -> Figure:
    """Error over training steps from every start, each with its best rate."""
    depth = _nearest(result, _SLOGAN)
    fig, left = figures.axes(
        title=_finding_of_steps(result, depth), subtitle=subtitle, width=9.0, height=4.8, panels=2
    )
    for ax, name in zip(fig.axes, _BESIDE, strict=True):
        _courses(ax, result, name, depth)
        ax.set_xlabel(f"training steps, {name}, best rate of each start")
    left.set(ylim=(0, 100), ylabel="validation error (%)")
    return fig


def describe_dead(result: Result) -> str:
    """The finding of `draw_dead` in one sentence."""
    depth = _nearest(result, _DEEP)
    texts = (
        f"{name} {100 * np.median(shares):.0f} %"
        for name, shares in _dead_by_start(result, depth).items()
        if len(shares)
    )
    return (
        f"Dead units of {depth} layers of rectifiers after {result.step[-1]:,} steps at the "
        f"learning rate {result.learning_rate[0]:g}, median: {', '.join(texts)}."
    )


def draw_dead(result: Result, subtitle: str = "") -> Figure:
    """Dead units of deep rectifier networks, over the start."""
    depth = _nearest(result, _DEEP)
    shares = _dead_by_start(result, depth)
    medians = {name: 100 * float(np.median(part)) for name, part in shares.items() if len(part)}
    least, most = min(medians, key=medians.__getitem__), max(medians, key=medians.__getitem__)
    fig, ax = figures.axes(
        title=f"{depth} layers of rectifiers: {medians[most]:.0f} % dead units from {most},\n"
        f"{medians[least]:.0f} % from {least}",
        subtitle=subtitle, height=4.6,
    )  # fmt: skip
    points = [100 * part if len(part) else np.full(1, np.nan) for part in shares.values()]
    figures.strips(ax, points, color=figures.COLORS["rectifier"])
    for place, part in enumerate(shares.values(), start=1):
        if not len(part):
            ax.text(place, 2, "all\ndiverged", ha="center", color=figures.INK, fontsize=9)
    ax.set_xticks(range(1, len(shares) + 1), [name.replace("'s ", "'s\n") for name in shares])
    ax.set(ylim=(0, 100), xlabel=f"start, learning rate {result.learning_rate[0]:g}",
           ylabel="dead units, mean of the layers (%)")  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['width']} units a layer, batch {config['batch_size']}, "
        f"{config['steps'][-1]:,} steps\n{len(config['starts'])} starts x "
        f"{len(config['learning_rates'])} learning rates · {len(config['seeds'])} seeds"
    )


def _grid(result: Result, activation: str, depth: int) -> Float[np.ndarray, "starts rates seeds"]:
    """Errors after the last step [1]."""
    return grid_of(result.arrays(), activation, depth)


def _nearest(result: Result, depth: int) -> int:
    """The recorded depth that is nearest to one."""
    return int(result.depth[np.abs(result.depth - depth).argmin()])


def _counts(result: Result, depth: int) -> str:
    """The number of cells that learn, activation by activation."""
    return ", ".join(f"{name} {cells_that_learn(_grid(result, name, depth))}" for name in UNITS)


def _finding(result: Result) -> str:
    """Who learns from most and from fewest cells, many layers deep."""
    depth = _nearest(result, _DEEP)
    counts = {name: cells_that_learn(_grid(result, name, depth)) for name in UNITS}
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    cells = len(result.start) * len(result.learning_rate)
    rest = ", ".join(f"{name} {n}" for name, n in counts.items() if name not in (most, least))
    return (
        f"{depth} layers deep, {most} networks learn from {counts[most]} of {cells} starts and\n"
        f"rates, {least} networks from {counts[least]}; {rest}"
    )


def _ends(result: Result, activation: str, depth: int) -> str:
    """The lowest and highest median error from the smallest start [%]."""
    medians = 100 * np.median(_grid(result, activation, depth)[0], axis=-1)
    low, high = f"{medians.min():.0f}", f"{medians.max():.0f}"
    return f"{low} %" if low == high else f"{low} to {high} %"


def _words_of_maps(result: Result, names: tuple[str, str], depth: int) -> str:
    """The best cell of each activation, and how many learn."""
    cells = len(result.start) * len(result.learning_rate)
    texts = (
        f"{name} {cells_that_learn(_grid(result, name, depth))} of {cells} cells learn, the best "
        f"is {_named(best_cell(result.arrays(), name, depth))}"
        for name in names
    )
    return f"{depth} hidden layers, {result.step[-1]:,} steps: {'; '.join(texts)}."


def _named(cell: Cell) -> str:
    """A cell in words."""
    return f"{cell.start} at rate {cell.learning_rate:g} with {100 * cell.median:.0f} % error"


def _maps(result: Result, names: tuple[str, str], depth: int, title: str, subtitle: str) -> Figure:
    """Two maps side by side: start upwards, learning rate to the right, the error in each cell."""
    fig, left = figures.axes(title=title, subtitle=subtitle, width=9.0, height=4.8, panels=2)
    for ax, name in zip(fig.axes, names, strict=True):
        _map(ax, _grid(result, name, depth), figures.COLORS[name])
        ax.set_xticks(range(len(result.learning_rate)), [f"{r:g}" for r in result.learning_rate])
        ax.set_xlabel(f"learning rate (1), {depth} layers: {name}")
    left.set_yticks(range(len(result.start)), [list(STARTS)[place] for place in result.start])
    left.set_ylabel("start; in the cells: error (%)")
    return fig


def _map(ax: Axes, errors: Float[np.ndarray, "starts rates seeds"], color: str) -> None:
    """One square per cell: the median error, darker the more seeds learn; a cross: diverged."""
    shares, medians = learned(errors).mean(-1), 100 * np.median(errors, axis=-1)
    for (row, column), share in np.ndenumerate(shares):
        ax.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92,
                               facecolor=_tint(color, float(share)), linewidth=0))  # fmt: skip
        text = "×" if medians[row, column] == 100 else f"{medians[row, column]:.0f}"
        ax.text(column, row, text, ha="center", va="center", fontsize=11,
                fontweight="bold" if share > 0.5 else "normal", color=figures.INK)  # fmt: skip
    ax.set(xlim=(-0.5, shares.shape[1] - 0.5), ylim=(-0.5, shares.shape[0] - 0.5))
    ax.tick_params(length=0)


def _tint(color: str, share: float) -> tuple[float, float, float]:
    """A color on a light ground, stronger for a larger share."""
    full, ground = np.array(to_rgb(color)), np.array(to_rgb("#ECECE8"))
    red, green, blue = ground + 0.75 * share * (full - ground)
    return float(red), float(green), float(blue)


def _best_cells(result: Result, activation: str, depth: int) -> list[Cell]:
    """The best cell of each start."""
    starts = [list(STARTS)[place] for place in result.start]
    return [best_cell(result.arrays(), activation, depth, start=start) for start in starts]


def _finding_of_steps(result: Result, depth: int) -> str:
    """How soon each activation first errs on few digits."""
    steps = [steps_to_learn(result.arrays(), name, depth) for name in _BESIDE]
    words = [f"after {step} steps" if step else "never" for step in steps]
    return (
        f"{depth} layers first err below {_LIMIT}: {_BESIDE[0]} {words[0]}, {_BESIDE[1]} "
        f"{words[1]},\nand from torch's default logistic units end at "
        f"{_ends(result, 'logistic', depth)}"
    )


def _courses(ax: Axes, result: Result, activation: str, depth: int) -> None:
    """The error of the best rate of each start over the steps, with its name at the end."""
    at, color = UNITS.index(activation), figures.COLORS[activation]
    row = int(np.flatnonzero(result.depth == depth)[0])
    ends: dict[int, list[str]] = {}
    for place, cell in enumerate(_best_cells(result, activation, depth)):
        rate = int(np.flatnonzero(result.learning_rate == cell.learning_rate)[0])
        values = 100 * result.error[at, row, place, rate]
        if np.isfinite(values).any():
            figures.band(ax, result.step.astype(float), values, color=color)
        end = 101 if cell.median == 1 else int(100 * cell.median)
        ends.setdefault(end // 8, []).append(f"{cell.start} ({cell.learning_rate:g})")
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator([30, 100, 300, 1000]))
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.axhline(90, color=figures.CHANCE, linestyle="--", linewidth=1)


def _dead_by_start(result: Result, depth: int) -> dict[str, Float[np.ndarray, "_"]]:
    """Dead rectifiers at the smallest learning rate [1], of the networks that did not diverge."""
    row = int(np.flatnonzero(result.depth == depth)[0])
    shares = result.dead[UNITS.index("rectifier"), row, :, 0]
    names = [list(STARTS)[place] for place in result.start]
    return {n: part[np.isfinite(part)] for n, part in zip(names, shares, strict=True)}
