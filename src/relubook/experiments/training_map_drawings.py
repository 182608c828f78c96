"""Drawings of the experiment "training-map", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from relubook import datasets, figures, records
from relubook.experiments.quartet import UNITS
from relubook.experiments.training_map_grids import (
    BESIDE,
    DEEP,
    LIMIT,
    SLOGAN,
    ends,
)
from relubook.experiments.training_map_values import (
    STARTS,
    SUCCESS,
    Cell,
    Result,
    best_cell,
    cells_that_learn,
    grid_of,
    nearest_depth,
    share_that_learns,
    steps_to_learn,
)

_STEP_TICKS = (10, 30, 100, 300, 1000)


def describe(result: Result) -> str:
    """The finding in one sentence."""
    cells = len(result.start) * len(result.learning_rate)
    texts = (f"{_layers(depth)} {_counts(result, depth)}" for depth in result.depth.tolist())
    return (
        f"Of {cells} starts and learning rates, those whose median validation error is below "
        f"{LIMIT} after {result.step[-1]:,} steps: {'; '.join(texts)}."
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


def describe_steps(result: Result) -> str:
    """The finding of `draw_steps` in one sentence."""
    depth = nearest_depth(result.arrays(), SLOGAN)
    texts = (
        f"{name} {', '.join(str(cell) for cell in _best_cells(result, name, depth))}"
        for name in BESIDE
    )
    return (
        f"Lowest median validation error of {depth} hidden layers after {result.step[-1]:,} steps, "
        f"by start: {'; '.join(texts)}."
    )


def draw_steps(result: Result, subtitle: str = "") -> Figure:
    """Error over training steps in the best cell of all, and in the best from torch's default."""
    depth = nearest_depth(result.arrays(), SLOGAN)
    fig, left = figures.axes(
        title=_finding_of_steps(result, depth), subtitle=subtitle, width=9.0, height=4.8, panels=2
    )
    for ax, name in zip(fig.axes, BESIDE, strict=True):
        _courses(ax, result, name, depth)
        ax.set_xlabel(f"training steps, {depth} layers: {name} (dotted: {LIMIT})")
    left.set(ylim=(0, 100), ylabel="validation error (%)")
    return fig


def describe_dead(result: Result) -> str:
    """The finding of `draw_dead` in one sentence."""
    depth = nearest_depth(result.arrays(), DEEP)
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
    depth = nearest_depth(result.arrays(), DEEP)
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
    ax.set(ylim=(0, None), xlabel=f"start, learning rate {result.learning_rate[0]:g}",
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


def _layers(depth: int) -> str:
    """Such as `1 hidden layer`."""
    return f"{depth} hidden layer{'s' * (depth > 1)}"


def _counts(result: Result, depth: int) -> str:
    """The number of cells that learn, activation by activation."""
    return ", ".join(f"{name} {cells_that_learn(_grid(result, name, depth))}" for name in UNITS)


def _finding(result: Result) -> str:
    """Who learns from most and from fewest cells, many layers deep."""
    depth = nearest_depth(result.arrays(), DEEP)
    counts = {name: cells_that_learn(_grid(result, name, depth)) for name in UNITS}
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    cells = len(result.start) * len(result.learning_rate)
    rest = ", ".join(f"{name} {n}" for name, n in counts.items() if name not in (most, least))
    return (
        f"{depth} layers deep, {most} networks learn from {counts[most]} of {cells} starts and\n"
        f"rates, {least} networks from {counts[least]}; {rest}"
    )


def _best_cells(result: Result, activation: str, depth: int) -> list[Cell]:
    """The best cell of each start."""
    starts = [list(STARTS)[place] for place in result.start]
    return [best_cell(result.arrays(), activation, depth, start=start) for start in starts]


def _finding_of_steps(result: Result, depth: int) -> str:
    """How soon each activation first errs on few digits."""
    steps = [steps_to_learn(result.arrays(), name, depth) for name in BESIDE]
    words = [f"after {step} steps" if step else "never" for step in steps]
    return (
        f"{depth} layers first err below {LIMIT}: {BESIDE[0]} {words[0]}, {BESIDE[1]} "
        f"{words[1]},\nand from torch's default logistic units end at "
        f"{ends(result, 'logistic', depth)}"
    )


def _courses(ax: Axes, result: Result, activation: str, depth: int) -> None:
    """Error over the steps in the best cell of all and in the best from torch's default."""
    row, color = int(np.flatnonzero(result.depth == depth)[0]), figures.COLORS[activation]
    arrays, errors = result.arrays(), 100 * result.error[UNITS.index(activation), row]
    best = best_cell(arrays, activation, depth)
    small = best_cell(arrays, activation, depth, start=list(STARTS)[result.start[0]])
    for cell, style in ((best, "-"), (small, "--")):
        start = int(np.flatnonzero(result.start == list(STARTS).index(cell.start))[0])
        rate = int(np.flatnonzero(result.learning_rate == cell.learning_rate)[0])
        values = errors[start, rate]
        ax.plot(result.step, values, style, color=color, alpha=0.35, linewidth=0.8)
        ax.plot(result.step, np.nanmedian(values, axis=1), style, color=color, linewidth=2.2,
                label=f"{cell.start}, rate {cell.learning_rate:g}")  # fmt: skip
    ax.set_xscale("log")
    ax.xaxis.set_major_locator(FixedLocator(_STEP_TICKS))
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.xaxis.set_minor_locator(NullLocator())
    ax.axhline(100 * SUCCESS, color=figures.CHANCE, linestyle=":", linewidth=1.2)
    figures.label_in_place(ax)


def _dead_by_start(result: Result, depth: int) -> dict[str, Float[np.ndarray, "_"]]:
    """Dead rectifiers at the smallest learning rate [1], of the networks that did not diverge."""
    row = int(np.flatnonzero(result.depth == depth)[0])
    shares = result.dead[UNITS.index("rectifier"), row, :, 0]
    names = [list(STARTS)[place] for place in result.start]
    return {n: part[np.isfinite(part)] for n, part in zip(names, shares, strict=True)}
