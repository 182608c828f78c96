"""The scaling symmetry of page 319: equal functions, unequal curvature, unequal descent.

Stated before the run: the claim's condition number is that of the Gauss-Newton matrix, its largest
eigenvalue over the mean of those above 1e-8 of it, before training, where the race begins. Learning
rates are chosen on networks of other seeds.
"""

from pathlib import Path

import numpy as np

from relubook.experiments import rescaled_drawings as drawings
from relubook.experiments import rescaled_drifts as drifts
from relubook.experiments.rescaled_networks import Digits
from relubook.experiments.rescaled_parts import curvatures, drift, law, race
from relubook.experiments.rescaled_values import Config, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.training import Progress

NAME = "rescaled"
TITLE = "One function, many parametrizations: the scaling symmetry (page 319)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_spectrum, describe_spectrum = drawings.draw_spectrum, drawings.describe_spectrum
draw_race, describe_race = drawings.draw_race, drawings.describe_race
draw_rates, describe_rates = drawings.draw_rates, drawings.describe_rates
draw_law, describe_law = drawings.draw_law, drawings.describe_law
draw_drift, describe_drift = drifts.draw_drift, drifts.describe_drift
draw_balance, describe_balance = drifts.draw_balance, drifts.describe_balance

_PARTS = {law: 4, curvatures: 36, race: 40, drift: 20}  # with shares of the time


def configure(scale: str, data: str | None = None) -> Config:
    """Networks 49-12-10-10 on digits of 7 x 7; a little larger on all of MNIST at `paper`."""
    steps = (0, 1, 2, 5, 10, 20, 50, 100, 200, 350, 500, 700, 1000)
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", side=4, hidden=(5, 4), log2_s=(-3.0, 0.0, 3.0), seeds=(0, 1),
            draws=3, learning_rates=(0.02, 0.2), rate_seeds=(100,), batch_size=32,
            moments=(0, 10, 30), rate=0.1, curvature_examples=50, loss_examples=100,
            drift_rate=0.02, drift_l1=1e-3, drift_decay=0.01, drift_log2_s=(0.0, 2.0),
            drift_moments=(0, 20), train_examples=400,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), side=7,
        hidden=(16, 16) if wide else (12, 10),
        log2_s=tuple(float(at) for at in np.arange(-4, 4.5, 0.5)), seeds=tuple(range(10)),
        draws=20, learning_rates=tuple(2.0**at for at in range(-11, 2)),
        rate_seeds=(100, 101, 102), batch_size=32, moments=(*steps, 5000) if wide else steps,
        rate=0.1, curvature_examples=500, loss_examples=2_000, drift_rate=0.05, drift_l1=1e-3,
        drift_decay=0.01, drift_log2_s=(-2.0, 0.0, 2.0),
        drift_moments=(0, 100, 200, 500, 1000, 2000, 3000, 5000, 7500, 10_000),
        train_examples=None if wide else 10_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Test the law, measure the curvature, race from every s, and let three of them drift."""
    data, passport = open_data(config.data, config.train_examples)
    digits = Digits.of(data, config.side, device)
    total, done, numbers = sum(_PARTS.values()), 0, {}
    for part, share in _PARTS.items():
        numbers |= part(config, digits, part_of(progress, done, share, total))
        done += share
    return Result(log2_s=np.array(config.log2_s), **numbers, data=passport)


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
