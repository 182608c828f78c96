"""How easily a linear classifier tells the classes of a hidden code apart, with few labels.

Stated before the run: networks of four activations at equal accuracy, and the same networks
untrained. A probe of each hidden layer is ridge regression on the classes of 30 to 5,000 examples
that training never saw, drawn from the validation split, as many of each class; the rest of that
split chooses its penalty, the test split judges it. Codes are compared at equal width, and at an
equal number of active units.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from jaxtyping import Float

from relubook.experiments import quartet, separability_kinds
from relubook.experiments.quartet import UNITS
from relubook.experiments.separability_drawings import (
    describe,
    describe_active,
    describe_layers,
    describe_margins,
    draw,
    draw_active,
    draw_layers,
    draw_margins,
    subtitle,
)
from relubook.experiments.separability_probing import Examiner
from relubook.experiments.separability_values import LABELS, Config, Result, place, probed
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.training import Progress

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_active", "describe_layers",
    "describe_margins", "draw", "draw_active", "draw_layers", "draw_margins", "metric", "run",
    "subtitle",
]  # fmt: skip

NAME = "separability"
TITLE = "How well a linear classifier with few labels separates hidden codes (page 317)"
REVISION = 2  # margins in the scales that a probe's penalty acts on
METRIC = f"test error of a linear classifier of the code with {LABELS} labels (%)"


def configure(scale: str, data: str | None = None) -> Config:
    """The settings of all experiments about the four benefits, and 30 to 5,000 labels."""
    smoke = scale == "smoke"
    return Config(
        **quartet.settings(scale, data),
        labels=(30, 100, 300) if smoke else (30, 100, 300, 1_000, 5_000),
        matched=(1e-3,) if smoke else (0.0, 1e-3),
    )


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train, draw labels for each seed, and probe every hidden layer of every network."""
    data, passport = open_data(config.data, config.train_examples)
    examiner = Examiner.of(config, data)
    training, probing = (part_of(progress, done, 1_000, 2_000) for done in (0, 1_000))
    kinds = separability_kinds.make(config, data, device=device, progress=training)
    found = examiner.examine([kind.network for kind in kinds], probing)
    pixels = examiner.pixels()
    return Result(
        activation=np.array([UNITS.index(kind.activation) for kind in kinds]),
        l1=np.array([kind.l1 for kind in kinds]),
        width=np.array([kind.network.sizes[1] for kind in kinds]),
        trained=np.array([kind.trained for kind in kinds]),
        matched=np.array([kind.matched for kind in kinds]),
        epoch=np.stack([kind.epoch for kind in kinds]),
        test_error=np.stack([kind.test_error for kind in kinds]),
        labels=np.array(examiner.labels),
        pixels_error=pixels["error"][:, 0],
        pixels_margin=pixels["margin"][:, 0],
        data=passport,
        **found,
    )


def metric(arrays: Mapping[str, np.ndarray]) -> dict[str, Float[np.ndarray, "seeds"]]:
    """`METRIC` of the trained networks of each activation, mean over hidden layers [%]."""
    return {name: 100 * probed(arrays, place(arrays, name), LABELS) for name in UNITS}


def compare(result: Result) -> list[Comparison]:
    """The paper says it in words only."""
    return []
