"""The data of the widget that shows regions: frames recorded earlier, and some trained just now."""

import base64
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float16

from relubook import datasets, records
from relubook.experiments.folding_networks import (
    SIDE,
    errors_and_activity,
    flat,
    numbers_of,
    open_plane,
    train_kept,
)
from relubook.experiments.folding_values import Config, Result
from relubook.training import Progress, grid

_BYTE = 127  # the largest step of an example's coordinate


def viewer_data(record: records.Record) -> dict[str, Any]:
    """The widget's data from a record: the first seed's networks, the counts of all seeds.

    Args:
        record: Of the experiment `folding`.
    """
    found = Result(**record.arrays, data=record.passport["data"])
    config, passport = record.config, record.passport
    classes = datasets.load(record.data).classes
    return {
        "data": f"{datasets.describe(record.data).title}, {_size(passport):,} training examples",
        "network": (
            f"batches of {config['batch_size']}, learning rate {config['learning_rate']:g}, "
            f"{found.steps[-1]:,} steps; weights rounded to 16 bits"
        ),
        "window": [-SIDE, SIDE, -SIDE, SIDE],
        "examples": _examples(found),
        "classes": list(classes),
        "depths": found.depths.tolist(),
        "widths": found.widths.tolist(),
        "l1": found.l1.tolist(),
        "steps": found.steps.tolist(),
        "networks": list(_networks(found, len(classes))),
        "counts": _counts(found),
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def train_frames(
    config: Config,
    depth: int,
    width: int,
    l1: float,
    seed: int,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train one network and return its frames as `viewer_data` has them.

    Args:
        config: When its weights are kept, and how it is trained.
        depth: Hidden layers.
        width: Units in each.
        l1: Penalty [1]; the nearest of the configuration is used.
        seed: Of weights and order.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each epoch; True stops.

    Returns:
        The network's place and frames, its seed and the time it took; None if it was stopped.
    """
    began = time.perf_counter()
    data, _ = open_plane(config.data)
    strength = int(np.abs(np.array(config.l1) - l1).argmin())
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1[strength], seed=seed)
    networks = train_kept(config, data, (depth, width), hyper, progress=progress, stop=stop)
    if len(networks) < len(config.kept):
        return None
    measured = [errors_and_activity(network, data) for network in networks]
    return {
        "depth": depth,
        "width": width,
        "l1_index": strength,
        "frames": [
            _frame(flat(network, 0), float(error[0]), float(active[0]))
            for network, (error, active) in zip(networks, measured, strict=True)
        ],
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _networks(found: Result, classes: int) -> Iterator[dict[str, Any]]:
    """Each depth, width and penalty with its frames."""
    start = 0
    for place in np.ndindex(found.regions.shape[:3]):
        depth, width = int(found.depths[place[0]]), int(found.widths[place[1]])
        end = start + numbers_of(depth, width, classes)
        measured = zip(
            found.weights[:, start:end],
            found.test_error[place][:, 0],
            found.active[place][:, 0],
            strict=True,
        )
        yield {
            "depth": depth,
            "width": width,
            "l1_index": place[2],
            "frames": [_frame(w, float(error), float(active)) for w, error, active in measured],
        }
        start = end


def _frame(weights: Float16[np.ndarray, "numbers"], error: float, active: float) -> dict[str, Any]:
    """One network at one time."""
    return {
        "weights": _text(weights.astype("<f2").tobytes()),
        "error": round(100 * error, 1),
        "active": round(100 * active, 1),
    }


def _examples(found: Result) -> dict[str, Any]:
    """Places as pairs of bytes, and classes."""
    scale = float(np.abs(found.examples).max())
    places = np.round(found.examples / scale * _BYTE).astype(np.int8)
    return {
        "x": _text(places.tobytes()),
        "scale": round(scale, 4),
        "y": found.labels.tolist(),
    }


def _counts(found: Result) -> dict[str, Any]:
    """Regions over all seeds: the median, and the 10th and 90th percentile."""
    cuts = {"low": 0.1, "median": 0.5, "high": 0.9}
    return {
        name: np.quantile(found.regions, share, axis=-1).round().astype(int).tolist()
        for name, share in cuts.items()
    }


def _size(passport: dict[str, Any]) -> int:
    return int(passport["data"]["train_examples"])


def _text(content: bytes) -> str:
    """Bytes as base64."""
    return base64.b64encode(content).decode()
