"""Do zeros settle? Some of Figure 3's networks, trained several times as long."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments import figure_3
from relubook.experiments.pilot import choose_rate, pilot_work
from relubook.experiments.sweep import Comparison, FleetConfig, Means, open_data, train_sweep
from relubook.fleets import Limits
from relubook.training import Progress, Schedule, grid

NAME = "settling"
TITLE = "Zeros and error of some of Figure 3's networks, trained several times as long"
REVISION = 1

LATE = 0.1  # the last share of the epochs, in which a settled number stands still
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
    """Four strengths, five seeds; 300 epochs of the paper's networks, or of narrower ones.

    With the narrow networks and all digits, 50 epochs are what one core does in an hour.
    """
    like = figure_3.configure(scale, data)
    if scale == "smoke":
        return replace(like, epochs=6, learning_rate=0.1)
    epochs = 50 if scale == "laptop" and like.data == "mnist" else 300
    return replace(like, l1=(0.0, 1e-4, 1e-3, 3e-3), seeds=tuple(range(5)), epochs=epochs)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
    limits: Limits | None = None,
) -> Result:
    """Train all networks side by side, with the learning rate of Figure 3's.

    Raises:
        TimeoutError: If it stopped before all networks were trained; `checkpoints` holds the rest.
    """
    means = Means(device=device, limits=limits or Limits(), folder=checkpoints, progress=progress)
    data, passport = open_data(config.data, config.train_examples)
    trial = replace(config, l1=figure_3.configure("paper").l1)
    first, then = pilot_work(trial), config.epochs * len(config.l1) * len(config.seeds)
    rate, _ = choose_rate(trial, data, means.part("pilot", 0, first, first + then))
    hyper = grid(learning_rate=rate, l1=config.l1, seed=config.seeds)
    history = train_sweep(
        data,
        hyper,
        Schedule(epochs=config.epochs, batch_size=config.batch_size),
        width=config.width,
        depth=config.depth,
        means=means.part("networks", first, then, first + then),
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
    zeros, change = 100 * result.zeros.mean(axis=1), drift(result)
    parts = []
    for l1 in np.unique(result.l1):
        at = result.l1 == l1
        parts.append(
            f"with L1 {l1:g} from {np.median(zeros[0, at]):.0f} to {np.median(zeros[-1, at]):.0f} %"
        )
    return (
        f"Over {len(zeros)} epochs zeros rise {'; '.join(parts)}. In the last "
        f"{100 * LATE:.0f} % of the epochs they still change by {np.nanmin(change):+.2f} to "
        f"{np.nanmax(change):+.2f} points."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Zeros over the epochs, on a logarithmic axis, every seed a thin line."""
    still = np.nanmedian(drift(result)) >= 0.1
    fig, ax = figures.axes(
        title="Zeros have not settled yet" if still else "Zeros settle, but late",
        subtitle=subtitle,
    )
    epochs = np.arange(1, len(result.zeros) + 1, dtype=float)
    strengths = np.unique(result.l1)
    for place, l1 in enumerate(strengths, start=1):
        zeros = 100 * result.zeros.mean(axis=1)[:, result.l1 == l1]
        color = figures.shade(float(place), float(len(strengths)))
        figures.band(ax, epochs, zeros, color=color)
        ax.text(epochs[-1], np.nanmedian(zeros[-1]), f"  L1 {l1:g}", va="center", fontsize=9.5)
    ax.set(
        xscale="log", xlim=(1, epochs[-1] ** 1.22), ylim=(40, 100),
        xlabel="epoch (logarithmic)", ylabel="exact zeros (% of hidden activations)",
    )  # fmt: skip
    return fig
