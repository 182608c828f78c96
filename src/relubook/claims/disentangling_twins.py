"""Twins of the claims about disentangling: small networks on embedded digits.

Their regions were fixed by earlier trials.
"""

import math

from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import small_changes as experiment
from relubook.experiments.quartet import UNITS

_SEEDS = tuple(range(5))
_RECTIFIER = UNITS.index("rectifier")


def small_changes() -> tuple[Part, ...]:
    """Fewer entries move than with tanh or softplus; about as many as with logistic units."""
    config = experiment.Config(
        data="mnist-5k", width=48, depth=2, l1=(), seeds=_SEEDS, target=0.12, batch_size=32,
        epochs=15, train_examples=3_000, examples=300,
    )  # fmt: skip
    result = experiment.run(config)
    moved = experiment.metric(result.arrays())
    regions = {"tanh": (8.0, math.inf), "softplus": (8.0, math.inf), "logistic": (-6.0, 4.0)}
    noise = experiment.CHANGES.index("noise")
    return (
        *(
            Part(
                what=f"entries that move, {name} minus rectifier",
                estimate=statistics.mean(moved[name] - moved["rectifier"]),
                unit="points",
                region=region,
            )
            for name, region in regions.items()
        ),
        Part(
            what="active rectifiers shared before and after noise",
            estimate=statistics.mean(result.overlap[_RECTIFIER, noise].mean(0)),
            unit="1",
            region=(0.88, 0.97),
        ),
    )
