"""The data of the widget that shows the map: cells recorded earlier, and some trained just now."""

import base64
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import records
from relubook.experiments.live import describe_data
from relubook.experiments.quartet import UNITS
from relubook.experiments.sweep import open_data
from relubook.experiments.training_map_courses import begin, follow
from relubook.experiments.training_map_values import STARTS, SUCCESS, Config
from relubook.training import Progress, grid

DIVERGED = 0xFFFF  # stands for no error at all
_PARTS = 10_000  # of an error; a record has at most as many validation examples


def map_data(record: records.Record) -> dict[str, Any]:
    """The widget's data from a record.

    Args:
        record: Of the experiment `training-map`.

    Returns:
        Axes of the map, and in base64 two bytes for each network and recorded step: its validation
        error in 10,000ths, and two for the share of dead units in its deadest layer at the end;
        65535 stands for a network that diverged.
    """
    arrays, config, passport = record.arrays, record.config, record.passport
    return {
        "data": describe_data(record.data, passport["data"]["train_examples"]),
        "network": (
            f"{config['width']} units a layer, batches of {config['batch_size']}, plain gradient "
            "descent without a penalty"
        ),
        "activations": list(UNITS),
        "depths": arrays["depth"].tolist(),
        "starts": [list(STARTS)[place] for place in arrays["start"]],
        "rates": arrays["learning_rate"].tolist(),
        "steps": arrays["step"].tolist(),
        "seeds": list(config["seeds"]),
        "success": 100 * SUCCESS,
        "error": packed(arrays["error"]),
        "dead": packed(arrays["dead_layer"]),
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def train_cell(
    config: Config,
    activation: str,
    depth: int,
    start: str,
    learning_rate: float,
    seeds: Sequence[int],
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train the networks of one cell, as the record's were.

    Args:
        config: How they are trained, and when they are measured.
        activation: Of the hidden units.
        depth: Hidden layers.
        start: A name of `STARTS`.
        learning_rate: Step size [1].
        seeds: Of weights and order, one per network.
        progress: Called as `progress(done, total, text)`.
        stop: Asked whenever they are measured; True stops.

    Returns:
        For each seed its validation errors and the dead units of its deadest layer [%], None where
        it had diverged, and the time it took [s]; None if it was stopped.
    """
    began = time.perf_counter()
    data, _ = open_data(config.data, config.train_examples)
    network = begin(
        data, activation=activation, width=config.width, depth=depth, start=start, seeds=seeds
    )
    hyper = grid(learning_rate=learning_rate, seed=seeds)
    course = follow(
        network, data, hyper, config.steps, batch_size=config.batch_size, progress=progress,
        stop=stop,
    )  # fmt: skip
    if len(course.error) < len(config.steps):
        return None
    return {
        "seeds": list(seeds),
        "error": [[_percent(e) for e in row] for row in course.error.T.tolist()],
        "dead": [_percent(share) for share in course.dead.max(0).tolist()],
        "seconds": round(time.perf_counter() - began, 1),
    }


def packed(shares: Float[np.ndarray, "*shape"]) -> str:
    """Shares in 10,000ths, two bytes each, the last axis first to move; `DIVERGED` for NaN."""
    parts = np.where(np.isnan(shares), DIVERGED, np.rint(_PARTS * np.nan_to_num(shares)))
    return base64.b64encode(parts.astype("<u2").tobytes()).decode()


def _percent(share: float) -> float | None:
    """A share in percent; None for NaN, which JSON cannot hold."""
    return None if np.isnan(share) else round(100 * share, 2)
