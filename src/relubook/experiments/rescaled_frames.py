"""The data of the widget with the slider s: what was recorded, and races run just now."""

import base64
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from relubook import datasets, records
from relubook.experiments.rescaled_networks import Digits, descend, loss, on_the_family, plain
from relubook.experiments.rescaled_parts import start
from relubook.experiments.rescaled_values import SHOWN, SILENT, STAGES, Config, Result, place
from relubook.experiments.sweep import open_data
from relubook.training import Progress

_WHITE = 255
_FLAT = 1e-12  # eigenvalues below it are drawn there [nat]


def viewer_data(record: records.Record) -> dict[str, Any]:
    """The widget's data from a record: one network of each kind, spectra, races from every s.

    Args:
        record: Of the experiment `rescaled`.
    """
    found = Result(**record.arrays, data=record.passport["data"])
    config, passport = record.config, record.passport
    sizes = [config["side"] ** 2, *config["hidden"], len(found.shown_digits)]
    return {
        "data": describe_data(record.data, passport["data"]["train_examples"], config["side"]),
        "network": (
            f"rectifiers {'-'.join(str(size) for size in sizes)}, batches of "
            f"{config['batch_size']}, {len(config['seeds'])} seeds"
        ),
        "sizes": sizes,
        "log2_s": found.log2_s.tolist(),
        "weights": {
            name: dict(zip(STAGES, map(_packed, rows), strict=True))
            for name, rows in zip(SHOWN, found.shown_weights, strict=True)
        },
        "digits": [np.rint(_WHITE * x).astype(int).tolist() for x in found.shown_digits],
        "activity": dict(zip(STAGES, np.round(found.activity[:, 0], 4).tolist(), strict=True)),
        "ranks": found.ranks.astype(int).tolist(),
        "spectrum": _by_stage(np.log10(np.maximum(np.median(found.spectrum, axis=1), _FLAT)), 2),
        "largest": _by_stage(np.median(found.largest, axis=1), 4),
        "condition": _by_stage(np.median(found.effective_condition, axis=1), 1),
        "moments": found.moments.astype(int).tolist(),
        "races": {"own": _losses(found.own_curve), "common": _losses(found.common_curve)},
        "rates": found.chosen.tolist(),
        "silent": round(SILENT, 4),
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def race_once(
    config: Config,
    rates: tuple[float, float],
    log2_s: float,
    seed: int,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Let one network descend twice from a rescaled start, as in the record.

    Args:
        config: How the record was made, on which data.
        rates: The best learning rate for this s, and that for s = 1 [1].
        log2_s: Where it begins [1].
        seed: Of its weights and order.
        progress: Called as `progress(done, total, text)`.
        stop: Asked at each moment; True stops.

    Returns:
        The `own` and the `common` curve [nat] with None where it diverged, the `seed`, the `data`
        and the `seconds` it took; None if it was stopped.
    """
    began = time.perf_counter()
    data, _ = open_data(config.data, config.train_examples)
    digits = Digits.of(data, config.side)
    network = on_the_family(start(config, digits, (seed, seed)), log2_s)
    course = plain(torch.tensor(rates), batch_size=config.batch_size, moments=config.moments)
    seen = []
    for moment in descend(network, digits.resident, course):
        if stop is not None and stop():
            return None
        seen.append(loss(network, digits.train, config.loss_examples))
        if progress is not None:
            progress(moment, config.moments[-1], f"step {moment:,} of {config.moments[-1]:,}")
    own, common = _losses(np.array(seen).T)
    return {
        "own": own,
        "common": common,
        "seed": seed,
        "data": describe_data(config.data, len(data.train), config.side),
        "seconds": round(time.perf_counter() - began, 1),
    }


def rates_at(record: records.Record, log2_s: float) -> tuple[float, float]:
    """The best learning rate for an s of a record, and that for s = 1 [1]."""
    own, one = (place(record.arrays["log2_s"], at) for at in (log2_s, 0.0))
    return float(record.arrays["chosen"][own]), float(record.arrays["chosen"][one])


def describe_data(name: str, train_examples: int, side: int) -> str:
    """A data set in words, with its number of training examples and of pixels."""
    title = datasets.describe(name).title
    return f"{title}, {train_examples:,} training digits of {side} x {side} pixels"


def _by_stage(values: np.ndarray, digits: int) -> dict[str, Any]:
    """Rounded numbers before training and after."""
    return dict(zip(STAGES, np.round(values, digits).tolist(), strict=True))


def _losses(curves: np.ndarray) -> list[Any]:
    """Losses to a thousandth, None where a network diverged."""
    if curves.ndim > 1:
        return [_losses(row) for row in curves]
    return [round(float(value), 3) if np.isfinite(value) else None for value in curves]


def _packed(parameters: np.ndarray) -> str:
    """Parameters as float32 in base64: exactly those of the network."""
    return base64.b64encode(parameters.astype("<f4").tobytes()).decode()
