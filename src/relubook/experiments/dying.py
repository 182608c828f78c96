"""Which units die while a network learns, which come back, and what large steps have to do with it.

A unit is dead if it is 0 for every training example. In the first hidden layer that is for good: it
has no gradient, and what it sees does not change. In later layers the units before it may change.
"""

from pathlib import Path

import numpy as np

from relubook.datasets import Dataset
from relubook.experiments import dying_drawings as drawings
from relubook.experiments import dying_microscope as microscope
from relubook.experiments import dying_unit_drawings as unit_drawings
from relubook.experiments.dying_networks import Looks, begin, summary, train_watched
from relubook.experiments.dying_values import WATCHED, Config, Result, plain
from relubook.experiments.sweep import Comparison, open_data
from relubook.networks import MLP
from relubook.training import Progress

NAME = "dying"
TITLE = "Units that die while a network learns, and units that come back"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_lives, describe_lives = drawings.draw_lives, drawings.describe_lives
draw_starts, describe_starts = drawings.draw_starts, drawings.describe_starts
draw_error, describe_error = drawings.draw_error, drawings.describe_error
draw_unit, describe_unit = unit_drawings.draw_unit, unit_drawings.describe_unit

_MOMENTS = (0, 1, 2, 4, 8, 16, 32, 64, 96, 125, 188, 250, 375, 500, 625, 750, 875, 1000, 1125, 1250)


def configure(scale: str, data: str | None = None) -> Config:
    """Eight learning rates, two gains, three shifts; 4,000 digits, each seen ten times."""
    rates = (0.02, 0.1, 0.3, 0.5, 0.7, 1.0, 1.4, 2.0)
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=24, depth=2, learning_rates=(0.1, 1.0), gains=(4.0,),
            shifts=(1.0,), base_rate=0.1, seeds=(0, 1), batch_size=32, moments=(0, 1, 8, 30),
            train_examples=500,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        learning_rates=rates, gains=(2.0, 4.0), shifts=(0.1, 0.25, 0.5), base_rate=0.1,
        seeds=tuple(range(10)), batch_size=32, moments=_MOMENTS, train_examples=4_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of each setting side by side; then look closely at two units."""
    data, passport = open_data(config.data, config.train_examples)
    networks, looks, rows = [], [], []
    for place, (rate, gain, shift) in enumerate(config.settings):
        watch = _Reporting(data, config, place, progress)
        network = begin(config, data, gain=gain, shift=shift, device=device)
        diverged = train_watched(network, data, config, rate, watch.look)
        rows.append(summary(watch.looks, network, diverged, config.moments))
        networks.append(network)
        looks.append(watch.looks)
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    rates, gains, shifts = (np.array(values) for values in zip(*config.settings, strict=True))
    return Result(
        learning_rate=rates, gain=gains, shift=shifts, moments=np.array(config.moments),
        edges=microscope.EDGES, data=passport, **columns,
        **_watched(columns, plain(gains, shifts), looks, networks, data),
    )  # fmt: skip


class _Reporting:
    """Looks that also report progress."""

    def __init__(
        self, data: Dataset, config: Config, place: int, progress: Progress | None
    ) -> None:
        self.looks, self.config, self.place, self.progress = Looks(data), config, place, progress

    def look(self, network: MLP) -> None:
        """Look, and say how far this is."""
        self.looks.look(network)
        if self.progress is not None:
            each = len(self.config.moments)
            done = self.place * each + len(self.looks.alive)
            self.progress(done, each * len(self.config.settings), f"setting {self.place + 1}")


def _watched(
    columns: dict[str, np.ndarray],
    settings: np.ndarray,
    looks: list[Looks],
    networks: list[MLP],
    data: Dataset,
) -> dict[str, np.ndarray]:
    """The two units under the microscope; places of -1 and NaN where there is none."""
    calm = [int(at) for at in settings[::-1] if (columns["diverged"][at] < 0).all()]
    places = microscope.choose(columns["gate"], calm)
    moments = columns["gate"].shape[1]
    nothing = {
        "histogram": np.zeros((moments, microscope.BINS), dtype=np.int64),
        **{name: np.full(moments, np.nan) for name in ("gradient", "bias", "largest")},
    }
    rows = [
        nothing
        if place is None
        else microscope.magnify(looks[place[0]].weights, networks[place[0]], data.train, *place[1:])
        for place in places
    ]
    found = np.array([place or (-1, -1, -1) for place in places])
    return {
        **{f"watched_{what}": found[:, i] for i, what in enumerate(("setting", "layer", "unit"))},
        **{name: np.stack([row[name] for row in rows]) for name in nothing},
    }


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []


__all__ = [
    "WATCHED", "Config", "Result", "compare", "configure", "describe", "describe_error",
    "describe_lives", "describe_starts", "describe_unit", "draw", "draw_error", "draw_lives",
    "draw_starts", "draw_unit", "run", "subtitle",
]  # fmt: skip
