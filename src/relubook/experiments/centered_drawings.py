"""Drawings of "centered-inputs": who dies while restoring, and what pretraining does then."""

from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from relubook import datasets, figures, records
from relubook.experiments.centered_values import INPUTS, Result, added, dead, dead_by_seed, errors
from relubook.experiments.pretrained import STARTS
from relubook.experiments.relatives_values import half_interval

_SPREAD = 0.2  # of one row's points, in rows
_WORDS = {"none": "without", "with": "pretrained"}
_LOOKS: dict[str, dict[str, Any]] = {
    "as they are": {"color": figures.COLORS["rectifier"], "marker": "o"},
    "centered": {"color": figures.shade(2.0, 2.0), "marker": "s"},
}


def describe(result: Result) -> str:
    """The finding in one sentence, and what the networks make of it."""
    arrays = result.arrays()
    shares = " and ".join(
        f"{_mean(dead_by_seed(arrays, inputs)):.1f} % ({inputs})" for inputs in INPUTS
    )
    texts = ", ".join(
        f"{inputs} {_mean(errors(arrays, inputs, 'none')):.2f} % without pretraining and "
        f"{_mean(errors(arrays, inputs, 'with')):.2f} % with it "
        f"({_between(added(arrays, inputs))} points)"
        for inputs in INPUTS
    )
    return (
        "Dead units of the first layer after restoring, mean of the learning rates tried: "
        f"{shares}. The inputs as they are have {100 * float(result.shared):.0f} % of their mean "
        f"square in common. Test error: {texts}.{_notes(result)}"
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Dead units by the learning rate of restoring; test errors without and with pretraining."""
    fig, left = figures.axes(
        title=_finding(result), subtitle=subtitle, width=9.4, height=4.8, panels=1
    )
    places = fig.add_gridspec(1, 2, width_ratios=(1.25, 1.0))
    left.set_subplotspec(places[0])
    _deaths(left, result)
    _tests(fig.add_subplot(places[1]), result)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    widths = "-".join(str(units) for units in config["hidden"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{widths} rectifiers, batch {config['batch_size']}, L1 {config['l1']:g}\n"
        f"{config['restoring_epochs']} epochs a layer without labels, first layer by linear "
        f"outputs, {config['epochs']} with · {len(config['seeds'])} seeds"
    )


def _deaths(ax: Axes, result: Result) -> None:
    """Dead units of the first layer with every rate: a point a seed, a line through the means."""
    rates = result.restoring_rates
    for place, inputs in enumerate(INPUTS):
        look, shares = _LOOKS[inputs], dead(result.arrays(), inputs)
        x = rates * 1.05 ** (2 * place - 1)
        for at, row in zip(x, shares, strict=True):
            points = _finite(row)
            ax.plot(
                np.full(points.size, at), points, linestyle="none", alpha=0.4, markersize=5, **look
            )
        means = [_mean(row) for row in shares]
        ax.plot(x, means, linewidth=1.6, markersize=7, label=f"inputs {inputs}", **look)
    ax.set(
        xscale="log", ylim=(-4, 104), xlabel="learning rate while restoring",
        ylabel="dead units of the first layer (%)",
    )  # fmt: skip
    ax.set_xticks(rates, [f"{rate:g}" for rate in rates])
    ax.xaxis.set_minor_locator(NullLocator())
    figures.label_in_place(ax)


def _tests(ax: Axes, result: Result) -> None:
    """Test errors: a point a seed, the mean and its interval."""
    rows = [(inputs, start) for inputs in INPUTS for start in STARTS]
    for row, (inputs, start) in enumerate(rows):
        look, values = _LOOKS[inputs], _finite(errors(result.arrays(), inputs, start))
        offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
        ax.plot(values, row + offsets, linestyle="none", alpha=0.5, markersize=4.5, **look)
        ax.errorbar(
            _mean(values), row, xerr=half_interval(values), color=look["color"], marker="|",
            markersize=20, markeredgewidth=2.5, capsize=4, linewidth=1.5,
        )  # fmt: skip
    ax.set_yticks(range(len(rows)), [f"{inputs},\n{_WORDS[start]}" for inputs, start in rows])
    ax.set(ylim=(len(rows) - 0.5, -0.5), xlabel="test error, mean and 95 % interval (%)")
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_facecolor(figures.GROUND)


def _finding(result: Result) -> str:
    """How many are dead with each of the inputs."""
    own, centered = (_mean(dead_by_seed(result.arrays(), inputs)) for inputs in INPUTS)
    return (
        f"After restoring, {own:.0f} % of the first layer’s rectifiers are dead with inputs\n"
        f"as they are, {centered:.0f} % with centered ones (mean of the rates tried)"
    )


def _finite(values: Float[np.ndarray, "seeds"]) -> Float[np.ndarray, "finite"]:
    """Without the networks that diverged."""
    return values[np.isfinite(values)]


def _mean(values: Float[np.ndarray, "seeds"]) -> float:
    """Of the finite ones; NaN, without a warning, of none."""
    values = _finite(values)
    return float(values.mean()) if values.size else np.nan


def _between(values: Float[np.ndarray, "seeds"]) -> str:
    """A mean and its interval."""
    return f"{_mean(values):+.2f} ± {half_interval(_finite(values)):.2f}"


def _notes(result: Result) -> str:
    """Networks that diverged with every rate, and rates at an end of a grid, if any."""
    lost, ends = int((result.diverged >= 0).sum()), result.at_an_end()
    words = f" {lost} of {result.diverged.size} networks diverged." if lost else ""
    return words + (f" Rates at an end of the grid: {'; '.join(ends)}." if ends else "")
