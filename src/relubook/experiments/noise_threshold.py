"""Noise that stays under a threshold is gone: when is that worth what the signal loses?

A unit sees x = s + noise. The signal s is 1 with probability p, else 0; the noise is normal. What
is measured, decided before the run: the mean square error of a · f(x) as an estimate of s, with the
one factor a that makes it smallest, as a share of the error of always answering 0 (which is p).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from scipy.special import ndtr
from torch import Tensor

from relubook import figures, hinges, records
from relubook import seeds as random
from relubook.experiments import computed
from relubook.experiments.sweep import Comparison
from relubook.training import Progress

NAME = "noise-threshold"
TITLE = "Noise that falls under a threshold"
REVISION = 1
WORD = "signals"

UNITS: dict[str, Callable[[Tensor, float], Tensor]] = {
    "identity": lambda x, threshold: x,
    "rectifier": lambda x, threshold: torch.relu(x - threshold),
    "pair": hinges.soft_threshold,
    "tanh": lambda x, threshold: torch.tanh(x),
}
SHOWN_NOISE = 0.3


@dataclass(frozen=True, kw_only=True)
class Config:
    """The signals, the noise, and the thresholds.

    Attributes:
        data: Always `signals`: there is no data set.
        shares: Probabilities p of a signal [1].
        noises: Standard deviations of the noise; a signal has strength 1.
        thresholds: In standard deviations of the noise; identity and tanh have none.
        seeds: Of the noise and the signals.
        draws: For each share, noise and seed.
    """

    data: str = WORD
    shares: tuple[float, ...] = (0.02, 0.1, 0.5, 0.9)
    noises: tuple[float, ...] = (0.1, 0.3, 0.5)
    thresholds: tuple[float, ...] = tuple(k / 8 for k in range(25))
    seeds: tuple[int, ...] = tuple(range(10))
    draws: int = 100_000


@dataclass(frozen=True, kw_only=True)
class Result:
    """Errors and silence of each unit of `UNITS`.

    Attributes:
        shares: Probabilities of a signal [1].
        noises: Standard deviations of the noise.
        thresholds: In those standard deviations.
        error: Mean square error as a share of that of always answering 0 [1].
        silent: Exact zeros where there is no signal [1].
        data: What stands for the data.
    """

    shares: Float[np.ndarray, "shares"]
    noises: Float[np.ndarray, "noises"]
    thresholds: Float[np.ndarray, "thresholds"]
    error: Float[np.ndarray, "units noises shares thresholds seeds"]
    silent: Float[np.ndarray, "units noises shares thresholds seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    def errors(self, unit: str, noise: float) -> Float[np.ndarray, "shares thresholds seeds"]:
        """The errors of one unit at the noise nearest to the one asked for [1]."""
        return self.error[list(UNITS).index(unit), np.abs(self.noises - noise).argmin()]


def configure(scale: str, data: str | None = None) -> Config:
    """Rare and usual signals in weak and strong noise; fewer of all for a quick look."""
    word = computed.own_data(NAME, WORD, data)
    if scale == "smoke":
        thresholds, seeds = (0.0, 1.0, 2.0), (0, 1)
        return Config(data=word, noises=(0.3,), thresholds=thresholds, seeds=seeds, draws=5_000)
    return Config(data=word)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw signals and noise once a seed, and let every unit answer them."""
    measured = []
    for done, seed in enumerate(config.seeds, start=1):
        signals, noise = _draw(config, seed)
        cases = [[(signals < p, sd * noise, sd) for p in config.shares] for sd in config.noises]
        measured.append([[[_each(u, c, config) for c in row] for row in cases] for u in UNITS])
        if progress is not None:
            progress(done, len(config.seeds), f"seed {seed}")
    error, silent = np.moveaxis(np.array(measured), (0, -1), (-1, 0))
    return Result(
        shares=np.array(config.shares),
        noises=np.array(config.noises),
        thresholds=np.array(config.thresholds),
        error=error,
        silent=silent,
        data=computed.passport(WORD),
    )


def _draw(config: Config, seed: int) -> tuple[Float[Tensor, "draws"], Float[Tensor, "draws"]]:
    """Uniform numbers that decide where signals are, and standard normal noise."""
    uniform, normal = (random.stream(seed, purpose) for purpose in ("signals", "noise"))
    return (
        torch.rand(config.draws, generator=uniform, dtype=torch.float64),
        torch.randn(config.draws, generator=normal, dtype=torch.float64),
    )


def _each(
    unit: str, case: tuple[Tensor, Tensor, float], config: Config
) -> list[tuple[float, float]]:
    """Error and silence of a unit at each threshold."""
    present, noise, sd = case
    x = present + noise
    answers = (UNITS[unit](x, threshold * sd) for threshold in config.thresholds)
    return [
        (relative_error(present.double(), h), float((h[~present] == 0).double().mean()))
        for h in answers
    ]


def relative_error(signal: Float[Tensor, "draws"], answer: Float[Tensor, "draws"]) -> float:
    """Mean square error of the best multiple of the answer, over that of answering 0 [1].

    The best factor is (s · h) / (h · h); what is left is 1 - (s · h)² / ((s · s) (h · h)).
    """
    together, strength = float(signal @ answer), float(answer @ answer)
    return 1 - together**2 / (float(signal @ signal) * strength) if strength else 1.0


def silent_rectifier(
    thresholds: Float[np.ndarray, "thresholds"],
) -> Float[np.ndarray, "thresholds"]:
    """How often noise alone stays under a threshold in its standard deviations: Phi(t) [1]."""
    return ndtr(thresholds)


def compare(result: Result) -> list[Comparison]:
    """The paper has no such numbers."""
    return []


def best_threshold(result: Result, unit: str, noise: float) -> Float[np.ndarray, "shares"]:
    """For each share of signals the threshold with the lowest mean error [standard deviations]."""
    return result.thresholds[result.errors(unit, noise).mean(-1).argmin(-1)]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    best = best_threshold(result, "rectifier", SHOWN_NOISE)
    errors = 100 * result.errors("rectifier", SHOWN_NOISE).mean(-1)
    plain = 100 * result.errors("identity", SHOWN_NOISE).mean((1, 2))
    parts = (
        f"signals in {100 * p:g} % of the cases: {_advice(t, result.thresholds, row)} and "
        f"{whole:.0f} % without a rectifier"
        for p, t, row, whole in zip(result.shares, best, errors, plain, strict=True)
    )
    return f"With noise {SHOWN_NOISE:g}: {'; '.join(parts)}."


def _advice(
    best: float, tried: Float[np.ndarray, "thresholds"], errors: Float[np.ndarray, "thresholds"]
) -> str:
    """Which threshold is best, unless the best one tried is the first or the last [%]."""
    first = f"{errors[0]:.0f} % at threshold {tried[0]:g}"
    if best == tried[0]:
        return f"no threshold tried above {best:g} helps, error {first}"
    which = "best threshold" if best < tried[-1] else "best of all thresholds tried the largest,"
    return f"{which} {best:g} standard deviations, error {errors.min():.0f} % against {first}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """The rectifier's error by threshold, for rare and for usual signals."""
    errors = 100 * result.errors("rectifier", SHOWN_NOISE)
    means, at = errors.mean(-1), int(errors[0].mean(-1).argmin())
    rare, usual = (100 * (means[place, at] / means[place, 0] - 1) for place in (0, -1))
    fig, ax = figures.axes(
        title=f"Threshold {result.thresholds[at]:g} σ: error {rare:+.0f} % where signals are "
        f"rare,\n{usual:+.0f} % where they are common",
        subtitle=subtitle,
    )
    without = 100 * result.errors("identity", SHOWN_NOISE).mean((1, 2))
    for place, (share, values) in enumerate(zip(result.shares, errors, strict=True)):
        color = figures.shade(place + 1.0, float(len(result.shares)))
        figures.band(ax, result.thresholds, values, color=color)
        ax.plot(-0.12, without[place], "o", markerfacecolor="none", color=color, markersize=6)
        ax.annotate(f"{100 * share:g} %", (-0.12, without[place]), xytext=(-8, 0), ha="right",
                    textcoords="offset points", va="center", color=color)  # fmt: skip
    ax.annotate("signals in ... of the cases; ○ without a rectifier", (0.01, 0.97), va="top",
                xycoords="axes fraction", fontsize=9.5, color=figures.INK)  # fmt: skip
    ax.set_xticks(np.arange(0, result.thresholds[-1] + 0.1, 0.5))
    ax.set(
        xlabel="threshold σ (standard deviations of the noise)",
        ylabel="mean square error (% of answering zero)",
        xlim=(-0.6, result.thresholds[-1]),
        ylim=(0, 105),
    )
    return fig


def describe_silence(result: Result) -> str:
    """How often noise alone leaves a unit silent, in one sentence."""
    at = int(np.abs(result.thresholds - 1).argmin())
    rectifier, pair = (
        100 * result.silent[list(UNITS).index(unit), ..., at, :].mean()
        for unit in ("rectifier", "pair")
    )
    return (
        f"With a threshold of {result.thresholds[at]:g} standard deviations, noise alone leaves a "
        f"rectifier silent in {rectifier:.0f} % of the cases, a pair in {pair:.0f} %; identity and "
        "tanh are exactly 0 only at input 0, which noise never makes."
    )


def draw_silence(result: Result, subtitle: str = "") -> Figure:
    """Exact zeros where there is no signal, beside the closed form."""
    title = "What stays under the threshold is exactly zero"
    fig, ax = figures.axes(title=title, subtitle=subtitle)
    fine = np.linspace(0, result.thresholds[-1], 101)
    closed = silent_rectifier(fine)
    for name, expected, color in (
        ("rectifier", closed, figures.COLORS["rectifier"]),
        ("pair", 2 * closed - 1, figures.INK),
        ("identity", 0 * fine, figures.COLORS["other"]),
    ):
        values = 100 * result.silent[list(UNITS).index(name)].mean((0, 1, 3))
        ax.plot(fine, 100 * expected, color=color, linewidth=1)
        ax.plot(result.thresholds, values, "o", color=color, markersize=4, label=name)
    ax.set(
        xlabel="threshold (standard deviations of the noise)",
        ylabel="exact zeros without a signal (%)",
        ylim=(-3, 103),
    )
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """What the units see."""
    config = record.config
    noises = ", ".join(f"{noise:g}" for noise in config["noises"])
    return (
        "One unit sees a signal of strength 1 and normal noise of standard deviation\n"
        f"{SHOWN_NOISE:g} (for errors) or {noises} (for silence) · {config['draws']:,} cases · "
        f"{len(config['seeds'])} seeds"
    )
