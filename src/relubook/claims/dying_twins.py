"""Twins of the claims about dead units and growing activations: small networks, few digits.

Their regions were fixed by trials; when a twin leaves them, the mechanism has changed.
"""

import math

import numpy as np

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.dying_measures import grows as growth_parts
from relubook.claims.values import Part
from relubook.experiments import born_dead, dying, growth
from relubook.experiments.dying_networks import Looks, begin, summary, train_watched


def dead_before_training() -> tuple[Part, ...]:
    """Narrow networks of 20 layers are dead, wide ones are not, one input follows the formula."""
    config = born_dead.Config(
        data="random-weights", widths=(2, 16), depths=(20,), seeds=tuple(range(5)), networks=200,
        inputs_shown=20,
    )  # fmt: skip
    found = [
        np.array([born_dead.silenced(config, 0, width, seed) for seed in config.seeds])[..., 0]
        for width in config.widths
    ]
    (narrow, one_input), (wide, _) = (100 * values.T for values in found)
    numbers = (
        ("dead networks of 2 units and 20 layers", narrow, (95.0, 100.0)),
        ("dead networks of 16 units and 20 layers", wide, (0.0, 1.0)),
        ("lose one input minus the formula", one_input - 100 * born_dead.bound(2, 20), (-1.0, 1.0)),
    )
    return tuple(
        Part(what=what, estimate=statistics.mean(values), unit="%", region=region)
        for what, values, region in numbers
    )


def growing() -> tuple[Part, ...]:
    """Activations of 2 x 48 units over 12 epochs, without a penalty and with one."""
    config = growth.Config(
        data="mnist-5k", width=48, depth=2, seeds=tuple(range(5)), batch_size=32, epochs=12,
        train_examples=1_000, examples=300,
    )  # fmt: skip
    data = datasets.load(config.data).subset(train=config.train_examples)
    rows = [growth.train_measured(config, data, *kind) for kind in growth.KINDS]
    names = ("mean_abs", "largest", "test_error")
    parts = growth_parts({name: np.stack([row[name] for row in rows]) for name in names})
    regions = {0: (1.2, 2.5), 2: (0.9, 1.5), 3: (1.0, 1.6)}
    return tuple(
        Part(what=part.what, estimate=part.estimate, unit="1", region=regions[at])
        for at, part in enumerate(parts)
        if at in regions
    )


def dying_by_large_steps() -> tuple[Part, ...]:
    """Deaths in 3 x 32 units at two learning rates, and who comes back."""
    config = dying.Config(
        data="mnist-5k", width=32, depth=3, learning_rates=(0.05, 0.6), gains=(), shifts=(),
        base_rate=0.05, seeds=tuple(range(8)), batch_size=32,
        moments=(0, 2, 4, 8, 16, 32, 64, 100, 150, 200, 250, 300), train_examples=800,
    )  # fmt: skip
    data = datasets.load(config.data).subset(train=config.train_examples)
    gentle, violent = (_lives(config, data, rate) for rate in config.learning_rates)
    deaths = 100 * (violent["died"][-1] - gentle["died"][-1])
    back = 100 * violent["died_alive"][-1]
    numbers = (
        ("deaths of 100 units, violent minus gentle", deaths.mean(0), (5.0, math.inf)),
        ("of 100 units of layer 1, died and alive at the end", back[0], (0.0, 0.0)),
        ("of 100 units of layers 2 and 3, died and alive at the end", back[1:].mean(0),
         (3.0, math.inf)),
    )  # fmt: skip
    return tuple(
        Part(what=what, estimate=statistics.mean(values), unit="units", region=region)
        for what, values, region in numbers
    )


def _lives(
    config: dying.Config, data: datasets.Dataset, learning_rate: float
) -> dict[str, np.ndarray]:
    """What "dying" says of the networks of one learning rate."""
    looks, network = Looks(data), begin(config, data, gain=1.0, shift=0.0)
    diverged = train_watched(network, data, config, learning_rate, looks.look)
    return summary(looks, network, diverged, config.moments)
