"""Figure 3: test error against sparsity, for networks trained with L1 from none to too much."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import figures, paper
from relubook.engines import Engine
from relubook.experiments.pilot import Pilot, choose_rate, pilot_work
from relubook.experiments.sweep import Comparison, FleetConfig, Resources, open_data, train_sweep
from relubook.fleets import Limits
from relubook.training import Progress, Schedule, grid

NAME = "figure-3"
TITLE = "Figure 3: how sparse can a network be before it errs more? (pages 320-321)"
REVISION = 1

COLLAPSED = 0.5  # a test error above one half: the network has stopped telling digits apart


Config = FleetConfig


@dataclass(frozen=True, kw_only=True)
class Result:
    """One network per L1 strength and seed; numbers at its best validation epoch.

    Attributes:
        l1: Strength of the penalty [1].
        seed: Of weights and order.
        zeros: Exact zeros on the test split, averaged over the hidden layers [1].
        zeros_by_layer: The same, layer by layer [1].
        dead_by_layer: Units that no test example activates [1].
        test_error: Share of wrong classes [1].
        test_error_by_epoch: After each epoch [1].
        zeros_by_epoch: After each epoch, averaged over the layers [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
        learning_rate: What all networks were trained with [1]; older records leave it to the
            configuration.
        pilot_rates: Learning rates that the pilot tried [1]; none without a pilot.
        pilot_l1: Strengths of the penalty that it tried with each [1].
        pilot_error: The lowest validation error of each of its networks [1].
    """

    l1: Float[np.ndarray, "models"]
    seed: Int[np.ndarray, "models"]
    zeros: Float[np.ndarray, "models"]
    zeros_by_layer: Float[np.ndarray, "models layers"]
    dead_by_layer: Float[np.ndarray, "models layers"]
    test_error: Float[np.ndarray, "models"]
    test_error_by_epoch: Float[np.ndarray, "epochs models"]
    zeros_by_epoch: Float[np.ndarray, "epochs models"]
    best_epoch: Int[np.ndarray, "models"]
    diverged: Int[np.ndarray, "models"]
    data: dict[str, Any]
    learning_rate: Float[np.ndarray, ""] | None = None
    pilot_rates: Float[np.ndarray, "rates"] | None = None
    pilot_l1: Float[np.ndarray, "strengths"] | None = None
    pilot_error: Float[np.ndarray, "rates strengths"] | None = None

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name, without those that were not measured."""
        return {
            name: value
            for name, value in vars(self).items()
            if name != "data" and value is not None
        }


def configure(scale: str, data: str | None = None) -> Config:
    """200 networks of the paper's size at `paper`; 80 narrower ones at `laptop`.

    At `paper` a pilot chooses the learning rate. Narrower layers have fewer units to penalize, so
    the L1 strengths reach further up than the paper's 0.01. A small data set is seen more often.
    """
    if scale == "paper":
        l1 = tuple(round(0.01 * k / 49, 6) for k in range(50))
        return Config(
            data=data or "mnist", width=1000, depth=3, l1=l1, seeds=(0, 1, 2, 3),
            learning_rate=None, batch_size=10, epochs=50,
        )  # fmt: skip
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=32, depth=2, l1=(0.0, 1e-3, 1e-2), seeds=(0, 1),
            learning_rate=None, batch_size=20, epochs=3, train_examples=1000,
        )  # fmt: skip
    l1 = (0, 3e-5, 1e-4, 2e-4, 4e-4, 7e-4, 1e-3, 1.5e-3, 2e-3, 3e-3, 4e-3, 6e-3, 8e-3, 1e-2, 1.5e-2, 2e-2)  # fmt: skip  # noqa: E501
    data = data or "mnist-5k"
    return Config(
        data=data, width=128, depth=3, l1=tuple(float(v) for v in l1), seeds=tuple(range(5)),
        learning_rate=0.05, batch_size=10, epochs=15 if data == "mnist" else 40,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
    limits: Limits | None = None,
    engine: Engine | None = None,
) -> Result:
    """Choose a learning rate if none is given, then train all networks side by side.

    Raises:
        TimeoutError: If it stopped before all networks were trained; `checkpoints` holds the rest.
    """
    resources = Resources(
        device=device, limits=limits or Limits(), folder=checkpoints, progress=progress,
        engine=engine,
    )  # fmt: skip
    data, passport = open_data(config.data, config.train_examples)
    first, then = pilot_work(config), config.epochs * len(config.l1) * len(config.seeds)
    rate, pilot = choose_rate(config, data, resources.part("pilot", 0, first, first + then))
    hyper = grid(learning_rate=rate, l1=config.l1, seed=config.seeds)
    history = train_sweep(
        data,
        hyper,
        Schedule(epochs=config.epochs, batch_size=config.batch_size),
        width=config.width,
        depth=config.depth,
        resources=resources.part("networks", first, then, first + then),
    )
    zeros_by_layer = history.at_best("zero_fraction").T
    return Result(
        l1=hyper.l1.double().numpy().round(9),
        seed=hyper.seed.numpy(),
        zeros=zeros_by_layer.mean(1),
        zeros_by_layer=zeros_by_layer,
        dead_by_layer=history.at_best("dead").T,
        test_error=history.at_best("test_error"),
        test_error_by_epoch=history.test_error,
        zeros_by_epoch=history.zero_fraction.mean(1),
        best_epoch=history.best_epoch,
        diverged=history.diverged,
        data=passport,
        learning_rate=np.array(rate),
        **_pilot_arrays(pilot),
    )


def _pilot_arrays(pilot: Pilot | None) -> dict[str, Any]:
    """A pilot's numbers as fields of the result."""
    if pilot is None:
        return {}
    return {
        "pilot_rates": pilot.rates,
        "pilot_l1": pilot.l1,
        "pilot_error": pilot.validation_error,
    }


def compare(result: Result) -> list[Comparison]:
    """Where the networks lie, beside the paper's digitized points."""
    points = paper.FIGURE_3.array()
    kept = result.test_error < COLLAPSED
    if not kept.any():
        return []
    zeros, error = 100 * result.zeros[kept], 100 * result.test_error[kept]
    rows = [
        ("zeros of the least sparse network", points[:, 0].min(), zeros.min(), "%"),
        ("zeros of the sparsest network that still works", points[:, 0].max(), zeros.max(), "%"),
        ("lowest test error", points[:, 1].min(), error.min(), "%"),
    ]
    plateau = zeros < 85
    if plateau.any():
        below = points[points[:, 0] < 85, 1].mean()
        rows.append(("mean test error below 85 % zeros", below, error[plateau].mean(), "%"))
    return [
        Comparison(quantity=name, paper=float(theirs), here=float(ours), unit=unit)
        for name, theirs, ours, unit in rows
    ]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    kept = result.test_error < COLLAPSED
    if not kept.any():
        return f"None of the {len(kept)} networks works: all err on more than half of the digits."
    zeros, error = 100 * result.zeros[kept], 100 * result.test_error[kept]
    sparse = zeros >= zeros.max() - 3
    return (
        f"{kept.sum()} networks that work lie between {zeros.min():.0f} and {zeros.max():.0f} % "
        f"zeros. Below 85 % zeros their median test error is {np.median(error[zeros < 85]):.2f} %; "
        f"within 3 points of the sparsest it is {np.median(error[sparse]):.2f} %. "
        f"{(~kept).sum()} networks stopped working."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Our networks over the paper's digitized points and the curve that the paper drew."""
    fig, ax = figures.axes(
        title="For a long way zeros hardly change the error, then it rises", subtitle=subtitle
    )
    theirs = paper.FIGURE_3.array()
    ax.plot(*theirs.T, **figures.PAPER_POINTS, label="the paper's networks (digitized)")
    kept = result.test_error < (COLLAPSED if (result.test_error < COLLAPSED).any() else np.inf)
    zeros, error = 100 * result.zeros[kept], 100 * result.test_error[kept]
    color = figures.COLORS["rectifier"]
    ax.plot(
        zeros, error, "o", color=color, alpha=0.6, markersize=5, markeredgewidth=0, label="ours"
    )
    top = max(3.0, float(np.ceil(np.quantile(error, 0.9) + 0.5)))
    grid_of_zeros = np.linspace(theirs[:, 0].min(), theirs[:, 0].max(), 200)
    ax.plot(grid_of_zeros, paper.figure_3_curve(grid_of_zeros), "--", color=figures.INK,
            linewidth=1, label="the curve fitted in the paper")  # fmt: skip
    figures.note_clipped(ax, zeros, error, top=top, lost=int((~kept).sum()))
    ax.set(
        xlim=(min(90, np.floor(zeros.min() / 10) * 10), 100), ylim=(0, top),
        xlabel="exact zeros (% of hidden activations)", ylabel="test error (%)",
    )  # fmt: skip
    figures.label_in_place(ax)
    return fig


def describe_epochs(result: Result) -> str:
    """The finding of `draw_epochs` in one sentence."""
    zeros = 100 * result.zeros_by_epoch[:, result.test_error < COLLAPSED]
    growing = (zeros[-1] > zeros[len(zeros) // 2]).mean()
    return (
        f"Zeros by epoch for each strength of the penalty. In {100 * growing:.0f} % of the "
        f"networks that work they still grew in the second half of the {len(zeros)} epochs."
    )


def draw_epochs(result: Result, subtitle: str = "") -> Figure:
    """Zeros after each epoch for a few strengths of the penalty, every seed a thin line."""
    fig, ax = figures.axes(title="Zeros go on growing while training goes on", subtitle=subtitle)
    dead = np.unique(result.l1[result.test_error >= COLLAPSED])
    strengths = np.setdiff1d(result.l1, dead)
    shown = strengths[np.linspace(0, len(strengths) - 1, 5).round().astype(int)]
    epochs = np.arange(1, len(result.zeros_by_epoch) + 1, dtype=float)
    for place, l1 in enumerate(shown, start=1):
        zeros = 100 * result.zeros_by_epoch[:, result.l1 == l1]
        color = figures.shade(float(place), float(len(shown)))
        figures.band(ax, epochs, zeros, color=color)
        ax.text(epochs[-1], np.median(zeros[-1]), f"  L1 {l1:g}", va="center", fontsize=9.5)
    ax.set(
        xlim=(1, epochs[-1] * 1.16), ylim=(40, 100),
        xlabel="epoch", ylabel="exact zeros (% of hidden activations)",
    )  # fmt: skip
    return fig


def draw_live(
    recorded: Result,
    zeros: Float[np.ndarray, "networks"],
    test_error: Float[np.ndarray, "networks"],
    subtitle: str = "",
) -> Figure:
    """Networks that were trained just now over the recorded ones of another run.

    Args:
        recorded: The networks that are drawn pale.
        zeros: Exact zeros of the live networks, averaged over layers [1].
        test_error: Their share of wrong classes [1].
        subtitle: What the recorded networks are.
    """
    fig, ax = figures.axes(title="Your networks among the recorded ones", subtitle=subtitle)
    color = figures.COLORS["rectifier"]
    kept = recorded.test_error < COLLAPSED
    ax.plot(100 * recorded.zeros[kept], 100 * recorded.test_error[kept], "o", color=color,
            alpha=0.25, markersize=5, markeredgewidth=0, label="recorded")  # fmt: skip
    ax.plot(100 * zeros, 100 * test_error, "D", color=color, markersize=6,
            markeredgecolor=figures.INK, label="live: yours")  # fmt: skip
    both = np.concatenate([100 * test_error, 100 * recorded.test_error[kept]])
    top = float(np.ceil(1.5 * np.quantile(both, 0.9)))
    figures.note_clipped(
        ax, np.concatenate([100 * zeros, 100 * recorded.zeros[kept]]), both, top=top
    )
    ax.set(
        xlim=(30, 100), ylim=(0, top),
        xlabel="exact zeros (% of hidden activations)", ylabel="test error (%)",
    )  # fmt: skip
    figures.label_in_place(ax)
    return fig
