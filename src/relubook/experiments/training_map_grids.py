"""The maps of the experiment "training-map": error over start and learning rate."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from relubook import figures
from relubook.experiments.training_map_values import (
    STARTS,
    SUCCESS,
    Result,
    best_cell,
    cells_that_learn,
    grid_of,
    learned,
    nearest_depth,
)

BESIDE, RIVALS = ("rectifier", "logistic"), ("rectifier", "tanh")
SLOGAN, DEEP = 5, 10  # hidden layers of the two claims; the nearest that a record has
LIMIT = f"{100 * SUCCESS:.0f} %"


def describe_map(result: Result) -> str:
    """The finding of `draw_map` in one sentence."""
    return _words_of_maps(result, BESIDE, nearest_depth(result.arrays(), SLOGAN))


def draw_map(result: Result, subtitle: str = "") -> Figure:
    """Errors over start and learning rate: rectifiers and logistic units, a few layers deep."""
    depth = nearest_depth(result.arrays(), SLOGAN)
    best = best_cell(result.arrays(), "logistic", depth)
    title = (
        f"{depth} logistic layers err {100 * best.median:.0f} % from {best.start} at rate "
        f"{best.learning_rate:g};\nfrom torch's default {ends(result, 'logistic', depth)} at "
        "every rate"
    )
    return _maps(result, BESIDE, depth, title, subtitle)


def describe_deep(result: Result) -> str:
    """The finding of `draw_deep` in one sentence."""
    return _words_of_maps(result, RIVALS, nearest_depth(result.arrays(), DEEP))


def draw_deep(result: Result, subtitle: str = "") -> Figure:
    """Errors over start and learning rate: rectifiers and tanh, many layers deep."""
    depth = nearest_depth(result.arrays(), DEEP)
    cells = len(result.start) * len(result.learning_rate)
    counts = [cells_that_learn(grid_of(result.arrays(), name, depth)) for name in RIVALS]
    title = (
        f"{depth} layers of rectifiers learn from {counts[0]} of {cells} starts and rates,\n"
        f"{depth} layers of tanh from {counts[1]}"
    )
    return _maps(result, RIVALS, depth, title, subtitle)


def ends(result: Result, activation: str, depth: int) -> str:
    """The lowest and highest median error from the smallest start [%]."""
    medians = 100 * np.median(grid_of(result.arrays(), activation, depth)[0], axis=-1)
    low, high = f"{medians.min():.0f}", f"{medians.max():.0f}"
    return f"{low} %" if low == high else f"{low} to {high} %"


def _words_of_maps(result: Result, names: tuple[str, str], depth: int) -> str:
    """The best cell of each activation, and how many learn."""
    cells = len(result.start) * len(result.learning_rate)
    texts = (
        f"{name} {cells_that_learn(grid_of(result.arrays(), name, depth))} of {cells} cells learn, "
        f"the best is {best_cell(result.arrays(), name, depth)}"
        for name in names
    )
    return f"{depth} hidden layers, {result.step[-1]:,} steps: {'; '.join(texts)}."


def _maps(result: Result, names: tuple[str, str], depth: int, title: str, subtitle: str) -> Figure:
    """Two maps side by side: start upwards, learning rate to the right, the error in each cell."""
    key = f"numbers: median error (%), in color where seeds err below {LIMIT}; × diverged"
    fig, left = figures.axes(
        title=title, subtitle=f"{subtitle}\n{key}", width=9.0, height=5.0, panels=2
    )
    for ax, name in zip(fig.axes, names, strict=True):
        _map(ax, grid_of(result.arrays(), name, depth), figures.COLORS[name])
        ax.set_xticks(range(len(result.learning_rate)), [f"{r:g}" for r in result.learning_rate])
        ax.set_xlabel(f"learning rate (1), {depth} layers: {name}")
    left.set_yticks(range(len(result.start)), [list(STARTS)[place] for place in result.start])
    left.set_ylabel("start (of the weights)")
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
