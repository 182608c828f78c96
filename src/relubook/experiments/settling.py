"""Do zeros settle? A few of Figure 3's networks, trained several times as long."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import figures
from relubook.engines import Engine
from relubook.experiments import figure_3
from relubook.experiments.pilot import choose_rate, pilot_work
from relubook.experiments.sweep import Comparison, FleetConfig, Resources, open_data, train_sweep
from relubook.fleets import Limits
from relubook.training import Progress, Schedule, grid

NAME = "settling"
TITLE = "Zeros and error of a few of Figure 3's networks, trained several times as long"
REVISION = 1

LATE = 0.1  # the last share of the epochs, in which a settled number stands still
SETTLED = 0.1  # points of zeros by which it may move there
Config = FleetConfig


@dataclass(frozen=True, kw_only=True)
class Result:
    """Every epoch of every network; a network that diverged has NaN from that epoch on.

    Attributes:
        l1: Strength of the penalty [1].
        seed: Of weights and order.
        zeros: Exact zeros on the test split [1].
        test_error: Share of wrong classes on the test split [1].
        validation_error: The same on the validation split [1].
        learning_rate: What all networks were trained with [1].
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "models"]
    seed: Int[np.ndarray, "models"]
    zeros: Float[np.ndarray, "epochs layers models"]
    test_error: Float[np.ndarray, "epochs models"]
    validation_error: Float[np.ndarray, "epochs models"]
    learning_rate: Float[np.ndarray, ""]
    diverged: Int[np.ndarray, "models"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Four of Figure 3's strengths, five seeds; 300 epochs, or fewer where two cores train.

    At `paper` these are 16 of Figure 3's networks, and a fifth seed for each strength. With the
    narrow networks and all digits, 50 epochs are what one core does in an hour.
    """
    like = figure_3.configure(scale, data)
    if scale == "smoke":
        return replace(like, epochs=6, learning_rate=0.1)
    epochs = 50 if scale == "laptop" and like.data == "mnist" else 300
    positive = [l1 for l1 in like.l1 if l1 > 0]
    mild, usual, strong = (min(positive, key=lambda l1: abs(l1 - n)) for n in (1e-4, 1e-3, 3e-3))
    return replace(like, l1=(0.0, mild, usual, strong), seeds=tuple(range(5)), epochs=epochs)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
) -> Result:
    """Train all networks side by side, with the learning rate of Figure 3's.

    Raises:
        TimeoutError: If it stopped before all networks were trained; `checkpoints` holds the rest.
    """
    resources = Resources(
        device=device, limits=limits or Limits(), folder=checkpoints, progress=progress,
        engine=engine,
    )  # fmt: skip
    data, passport = open_data(config.data, config.train_examples)
    trial = replace(config, l1=figure_3.configure("paper").l1)
    first, then = pilot_work(trial), config.epochs * len(config.l1) * len(config.seeds)
    rate, _ = choose_rate(trial, data, resources.part("pilot", 0, first, first + then))
    hyper = grid(learning_rate=rate, l1=config.l1, seed=config.seeds)
    history = train_sweep(
        data,
        hyper,
        Schedule(epochs=config.epochs, batch_size=config.batch_size),
        width=config.width,
        depth=config.depth,
        resources=resources.part("networks", first, then, first + then),
    )
    return Result(
        l1=hyper.l1.double().numpy().round(9),
        seed=hyper.seed.numpy(),
        zeros=history.zero_fraction,
        test_error=history.test_error,
        validation_error=history.validation_error,
        learning_rate=np.array(rate),
        diverged=history.diverged,
        data=passport,
    )


def drift(result: Result) -> Float[np.ndarray, "models"]:
    """How much the zeros of each network changed in the last tenth of its epochs [points]."""
    zeros = 100 * result.zeros.mean(axis=1)
    return zeros[-1] - zeros[-1 - max(1, round(LATE * len(zeros)))]


def compare(result: Result) -> list[Comparison]:
    """Nothing: the paper does not say for how long its networks were trained."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    zeros = 100 * result.zeros.mean(axis=1)
    parts = "; ".join(
        f"L1 {l1:g}: {first:.0f}, {most:.0f} and {last:.0f} %"
        for l1, (first, most, last) in _course(result, zeros, np.max)
    )
    change = drift(result)
    return (
        f"Zeros after the first epoch, at most, and after {len(zeros)} epochs: {parts}. In the "
        f"last {100 * LATE:.0f} % of the epochs they change by {np.nanmin(change):+.2f} to "
        f"{np.nanmax(change):+.2f} points."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Zeros over the epochs, on a logarithmic axis, every seed a thin line."""
    change = float(np.nanmedian(drift(result)[result.l1 > 0]))
    moving = "still grow" if change > 0 else "still fall"
    state = moving if abs(change) >= SETTLED else "have settled"
    title = f"Under a penalty, zeros {state} after {len(result.zeros)} epochs"
    return _over_epochs(
        result, 100 * result.zeros.mean(axis=1), title, subtitle,
        ylim=(40, 100), ylabel="exact zeros (% of hidden activations)",
    )  # fmt: skip


def describe_error(result: Result) -> str:
    """The finding of `draw_error` in one sentence."""
    error = 100 * result.test_error
    parts = "; ".join(
        f"L1 {l1:g}: {first:.2f}, {least:.2f} and {last:.2f} %"
        for l1, (first, least, last) in _course(result, error, np.min)
    )
    return f"Test error after the first epoch, at least, and after {len(error)} epochs: {parts}."


def draw_error(result: Result, subtitle: str = "") -> Figure:
    """Test error over the epochs, on a logarithmic axis, every seed a thin line."""
    error = 100 * result.test_error
    final = dict(_course(result, error, np.min))
    best = min(final, key=lambda l1: final[l1][-1])
    which = f"with L1 {best:g}" if best > 0 else "without a penalty"
    return _over_epochs(
        result, error, f"After {len(error)} epochs, networks {which} err least", subtitle,
        ylim=(0, float(np.ceil(np.nanmax(np.nanmedian(error, axis=1))))), ylabel="test error (%)",
    )  # fmt: skip


def _course(
    result: Result,
    values: Float[np.ndarray, "epochs models"],
    extreme: Callable[[np.ndarray], float],
) -> list[tuple[float, tuple[float, float, float]]]:
    """For each strength the first, the extreme and the last of the medians over seeds."""
    medians = {
        float(l1): np.nanmedian(values[:, result.l1 == l1], axis=1) for l1 in np.unique(result.l1)
    }
    return [(l1, (m[0], float(extreme(m)), m[-1])) for l1, m in medians.items()]


def _over_epochs(
    result: Result,
    values: Float[np.ndarray, "epochs models"],
    title: str,
    subtitle: str,
    **axes: Any,
) -> Figure:
    """One quantity over the epochs, a band for each strength."""
    fig, ax = figures.axes(title=title, subtitle=subtitle)
    epochs = np.arange(1, len(values) + 1, dtype=float)
    strengths = np.unique(result.l1)
    for place, l1 in enumerate(strengths, start=1):
        of_seeds, color = (
            values[:, result.l1 == l1],
            figures.shade(float(place), float(len(strengths))),
        )
        figures.band(ax, epochs, of_seeds, color=color)
        ax.text(epochs[-1], np.nanmedian(of_seeds[-1]), f"  L1 {l1:g}", va="center", fontsize=9.5)
    ax.set(xscale="log", xlim=(1, epochs[-1] ** 1.22), xlabel="epoch (logarithmic)", **axes)
    ticks = [n for n in (1, 3, 10, 30, 100, 300) if n < len(values)]
    ax.set_xticks([*ticks, len(values)], [str(n) for n in (*ticks, len(values))])
    ax.minorticks_off()
    return fig
