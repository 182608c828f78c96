"""Which simple curve stands for a neuron: five fitted over its firing rate, in two ranges."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from relubook import records
from relubook.experiments import computed, random_neurons
from relubook.experiments.response_fits import (
    FAMILIES,
    WHOLE_RANGE,
    WORKING_RANGE,
    fit,
    residuals,
)
from relubook.experiments.sweep import Comparison
from relubook.experiments.working_range_drawings import (
    describe,
    describe_neurons,
    describe_noise,
    describe_reach,
    draw,
    draw_neurons,
    draw_noise,
    draw_reach,
)
from relubook.experiments.working_range_values import Result
from relubook.neurons import FIGURE_1, Neuron, firing_rate
from relubook.training import Progress

__all__ = [
    "NAME", "REVISION", "TITLE", "Config", "Result", "compare", "configure", "describe",
    "describe_neurons", "describe_noise", "describe_reach", "draw", "draw_neurons", "draw_noise",
    "draw_reach", "run", "subtitle",
]  # fmt: skip

NAME = "working-range"
TITLE = "What stands for a neuron where it works, and over its whole range (pages 316-318)"
REVISION = 1

_DATA = "lif"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which curves are fitted.

    Attributes:
        data: Always `lif`.
        seeds: Of the random neurons.
        neurons: Random neurons a seed.
        noise: Standard deviations of the voltage of Figure 1's neuron [V].
        random_noise: Those of the random neurons [V].
        reach: Upper ends of ranges that begin where the working range does [nA].
        every: Every how many of the currents are taken; 1 for all.
    """

    data: str
    seeds: tuple[int, ...]
    neurons: int
    noise: tuple[float, ...]
    random_noise: tuple[float, ...] = (0.0, 5e-3)
    reach: tuple[float, ...]
    every: int = 1


def configure(scale: str, data: str | None = None) -> Config:
    """125 random neurons; a few with fewer points for a quick look."""
    name = computed.own_data(NAME, _DATA, data)
    if scale == "smoke":
        return Config(
            data=name,
            seeds=(0, 1),
            neurons=1,
            noise=(0.0, 5e-3),
            random_noise=(0.0,),
            reach=(0.4, 2.0),
            every=9,
        )
    levels = (0.0, 0.5e-3, 1e-3, 2e-3, 3e-3, 5e-3, 7e-3, 10e-3)
    reach = (0.3, 0.4, 0.5, 0.62, 0.8, 1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.4, 8.0, 10.0)
    return Config(data=name, seeds=tuple(range(5)), neurons=25, noise=levels, reach=reach)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Fit Figure 1's neuron under all noises, then the random neurons."""
    currents = [every[:: config.every] for every in (WORKING_RANGE, WHOLE_RANGE)]
    rates = [
        np.stack([firing_rate(FIGURE_1, current * 1e-9, noise) for noise in config.noise])
        for current in currents
    ]
    fits = [
        [[_numbers(family, current, rate) for family in FAMILIES] for rate in by_noise]
        for current, by_noise in zip(currents, rates, strict=True)
    ]
    found = []
    for seed in config.seeds:
        for neuron in random_neurons.draw(config.neurons, seed):
            found.append(_random_residuals(neuron, config))
            if progress is not None:
                progress(len(found), len(config.seeds) * config.neurons, f"seed {seed}")
    return Result(
        working_current=currents[0],
        working_rate=rates[0],
        whole_current=currents[1],
        whole_rate=rates[1],
        noise=np.array(config.noise),
        parameters=np.array(fits)[..., :3],
        residual=np.array(fits)[..., 3],
        reach=np.array(config.reach),
        reach_residual=np.stack([_up_to(end, config.every) for end in config.reach]),
        random_noise=np.array(config.random_noise),
        random_residual=np.stack(found),
        data=computed.passport(_DATA),
    )


def _numbers(
    family: str, current: Float[np.ndarray, "currents"], rate: Float[np.ndarray, "currents"]
) -> tuple[float, float, float, float]:
    """a, b, k and the residual of a fit."""
    parameters, residual = fit(family, current, rate)
    return parameters["a"], parameters["b"], parameters.get("k", np.nan), residual


def _random_residuals(
    neuron: Neuron, config: Config
) -> Float[np.ndarray, "ranges random_levels families"]:
    """The residuals of one neuron [%]."""
    ranges = (
        random_neurons.working_range(neuron, len(WORKING_RANGE))[:: config.every],
        random_neurons.whole_range(neuron, len(WHOLE_RANGE))[:: config.every],
    )
    return np.stack(
        [
            [residuals(1e9 * amperes, firing_rate(neuron, amperes, s)) for s in config.random_noise]
            for amperes in ranges
        ]
    )


def _up_to(end: float, every: int) -> Float[np.ndarray, "families"]:
    """The residuals from the beginning of the working range to another end [%]."""
    current = np.linspace(WORKING_RANGE[0], end, len(WORKING_RANGE))[::every]
    return residuals(current, firing_rate(FIGURE_1, current * 1e-9))


def compare(result: Result) -> list[Comparison]:
    """The paper fits no curves: there is nothing to compare."""
    return []


def subtitle(record: records.Record) -> str:
    """What was fitted over what."""
    config = record.config
    return (
        "Least-squares fits; rescaled LIF is the curve of the paper's Figure 1 itself\n"
        f"Figure 1's neuron; where a point is a neuron, {len(config['seeds'])} seeds of "
        f"{config['neurons']} random neurons"
    )
