"""The data of the widget that shows paths: networks recorded earlier, and some trained just now."""

import base64
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from relubook import datasets, records
from relubook.datasets.values import Split
from relubook.experiments.active_paths_networks import (
    Coarse,
    measure,
    open_coarse,
    packed,
    places,
    train_kept,
)
from relubook.experiments.active_paths_values import Config, Kind, Result
from relubook.experiments.sweep import part_of
from relubook.networks import MLP
from relubook.training import Progress

_CUTS = {"low": 0.1, "median": 0.5, "high": 0.9}


def viewer_data(record: records.Record) -> dict[str, Any]:
    """The widget's data from a record: the first seed's networks, and what all seeds measured.

    Args:
        record: Of the experiment `active-paths`.
    """
    found = Result(**record.arrays, data=record.passport["data"])
    config, passport = record.config, record.passport
    side, title = config["side"], datasets.describe(record.data).title
    examples = int(passport["data"]["train_examples"])
    return {
        "data": f"{title}, {examples:,} training examples averaged to {side} x {side} pixels",
        "network": (
            f"{config['width']} units a layer, batches of {config['batch_size']}, "
            f"{found.steps[-1]:,} steps; weights rounded to 8 bits"
        ),
        "side": side,
        "width": config["width"],
        "pictures": _text(found.pictures),
        "labels": found.labels.tolist(),
        "classes": list(passport["data"]["classes"]),
        "kinds": [{"activation": k["activation"], "l1": k["l1"]} for k in config["kinds"]],
        "depths": found.depths.tolist(),
        "steps": found.steps.tolist(),
        "networks": list(_networks(found)),
        "bands": _bands(found),
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
    kinds: Sequence[int],
    seed: int,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train one network of each of some kinds and return them as `viewer_data` has them.

    Args:
        config: When weights are kept, and how the kinds are trained.
        depth: Hidden layers.
        kinds: Places in the configuration's kinds.
        seed: Of weights and order.
        progress: Called as `progress(done, total, text)`.
        stop: Asked before each step; True stops.

    Returns:
        The networks, their data and seed, and the time it took; None if it was stopped.
    """
    began, data = time.perf_counter(), open_coarse(config)
    networks = []
    for place, number in enumerate(kinds):
        part = part_of(progress, 100 * place, 100, 100 * len(kinds))
        network = _train_one(config, data, config.kinds[number], depth, seed, part, stop)
        if network is None:
            return None
        networks.append({"kind": number, "depth": depth, "frames": network})
    title = datasets.describe(config.data).title
    return {
        "networks": networks,
        "data": f"{title}, {len(data.train):,} training examples",
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _train_one(
    config: Config,
    data: Coarse,
    kind: Kind,
    depth: int,
    seed: int,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> list[dict[str, Any]] | None:
    """The frames of one network; None if it was stopped."""
    kept = train_kept(config, data, kind, depth, [seed], progress=progress, stop=stop)
    if len(kept) < len(config.kept):
        return None
    return [_measured_frame(network, data.test) for network in kept]


def _measured_frame(network: MLP, test: Split) -> dict[str, Any]:
    return _frame(*packed(network, 0), float(measure(network, test).test_error[0]))


def _frame(codes: np.ndarray, scales: np.ndarray, error: float) -> dict[str, Any]:
    """One network at one time."""
    return {
        "weights": _text(codes),
        "scales": scales.tolist(),
        "error": round(100 * error, 1),
    }


def _networks(found: Result) -> Iterator[dict[str, Any]]:
    """The first seed's networks, kind by kind and depth by depth."""
    for place in places(found):
        rows = zip(
            found.codes[:, place.numbers],
            found.scales[:, place.matrices],
            found.test_error[place.kind, place.at, :, 0],
            strict=True,
        )
        frames = [_frame(codes, scales, float(error)) for codes, scales, error in rows]
        yield {"kind": place.kind, "depth": int(found.depths[place.at]), "frames": frames}


def _bands(found: Result) -> dict[str, Any]:
    """Of each quantity over the seeds: kinds, depths, steps; means over layers, shares in %."""
    quantities = {
        "active": 100 * np.nanmean(found.active, axis=-1),
        "paths": 100 * found.paths,
        "carrying": 100 * np.nanmean(found.carrying, axis=-1),
        "effective": np.nanmean(found.effective, axis=-1),
        "error": 100 * found.test_error,
    }
    return {
        name: {cut: _short(np.quantile(values, share, axis=-1)) for cut, share in _CUTS.items()}
        for name, values in quantities.items()
    }


def _short(values: np.ndarray) -> list[Any]:
    """Three significant digits are enough for a page."""
    return np.vectorize(lambda value: float(f"{value:.3g}"))(values).tolist()


def _text(numbers: np.ndarray) -> str:
    """The bytes of 8-bit numbers as base64."""
    return base64.b64encode(numbers.tobytes()).decode()
