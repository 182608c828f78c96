"""Between the records of "relatives" and its widget: networks recorded, and trained now."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import datasets, records
from relubook.experiments.relatives_networks import begin, codes, learn
from relubook.experiments.relatives_shapes import REACH, shapes
from relubook.experiments.relatives_values import KINDS, by_seed, half_interval, relative_time
from relubook.experiments.sweep import open_data
from relubook.training import Progress, Schedule, grid

LIVE = "mnist-5k"  # embedded digits, on which a kernel trains in seconds
LIVE_SEEDS = (200, 201, 202)  # none of those recorded


def explorer_data(*recorded: records.Record) -> dict[str, Any]:
    """What `RelativesExplorer` draws: every kind of unit, and a set of networks for each record.

    A set holds, for each quantity and kind, `values` by seed (`time`: by round) with None for a
    network that diverged, and their `mean` with the ends `low` and `high` of its 95 %
    t interval, None where there are too few.

    Args:
        recorded: Records of "relatives", each of another data set.

    Raises:
        ValueError: If one is a record of something else.
    """
    for record in recorded:
        if record.experiment != "relatives":
            raise ValueError(f"The `recorded` must be of relatives. Got {record.experiment}.")
    return {"reach": REACH, "kinds": shapes(), "sets": [_set(record) for record in recorded]}


def train_frame(
    record: records.Record,
    kind: str,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train a few networks of one kind as the record's, at the rate that was chosen for it.

    Args:
        record: Whose settings and data are used.
        kind: A name of `KINDS`.
        progress: Called as `progress(done, total, text)`.
        stop: True gives up.

    Returns:
        One frame of the widget: by seed `error`, `zeros` and `dead` [%] and `shift` [1]; or None if
        it was stopped.
    """
    began, config = time.perf_counter(), record.config
    data, _ = open_data(record.data, config["train_examples"])
    data, rate = data.dense(), float(record.arrays["chosen"][list(KINDS).index(kind)])
    network = begin(
        KINDS[kind], data, width=config["width"], depth=config["depth"], seeds=LIVE_SEEDS
    )
    history = learn(
        network, data, grid(learning_rate=rate, seed=LIVE_SEEDS),
        Schedule(epochs=config["epochs"], batch_size=config["batch_size"]),
        progress=progress, stop=stop,
    )  # fmt: skip
    if len(history.loss) < config["epochs"]:
        return None
    found = codes(network, data.test.x, np.where(history.diverged < 0, history.best_epoch, -1))
    return {
        "rate": rate,
        "error": _listed(
            np.where(history.diverged < 0, 100 * history.at_best("test_error"), np.nan), 2
        ),
        "zeros": _listed(100 * found["zeros"].mean(axis=1), 2),
        "dead": _listed(100 * found["dead"].mean(axis=1), 2),
        "shift": _listed(found["mean_over_abs"].mean(axis=1), 4),
        "seconds": round(time.perf_counter() - began, 1),
    }


def _set(record: records.Record) -> dict[str, Any]:
    """The networks of one record."""
    arrays, config, passport = record.arrays, record.config, record.passport
    return {
        "name": record.data,
        "title": datasets.describe(record.data).title,
        "network": (
            f"{passport['data']['train_examples']:,} training examples, {config['depth']} × "
            f"{config['width']} units, batches of {config['batch_size']}, {config['epochs']} epochs"
        ),
        "seeds": len(config["seeds"]),
        "tried": list(config["learning_rates"]),
        "rate": arrays["chosen"].tolist(),
        "slopes": _slopes(arrays["slope"]),
        "quantities": {
            name: [_estimate(row, digits) for row in rows]
            for name, (rows, digits) in _quantities(arrays).items()
        },
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def _slopes(slope: Float[np.ndarray, "seeds layers"]) -> list[float | None]:
    """Mean of each layer's learned slopes over the networks that did not diverge [1]."""
    told = slope[np.isfinite(slope).all(axis=1)]
    return _listed(told.mean(axis=0), 3) if len(told) else []


def _quantities(
    arrays: dict[str, np.ndarray],
) -> dict[str, tuple[list[Float[np.ndarray, "_"]], int]]:
    """Each quantity as a row for each kind, and the digits that are kept."""
    error = [100 * by_seed(arrays, "test_error", kind) for kind in KINDS]
    return {
        "error": (error, 2),
        "saved": ([error[0] - row for row in error], 2),
        "zeros": ([100 * by_seed(arrays, "zeros", kind) for kind in KINDS], 2),
        "dead": ([100 * by_seed(arrays, "dead", kind) for kind in KINDS], 2),
        "shift": ([by_seed(arrays, "mean_over_abs", kind) for kind in KINDS], 4),
        "time": ([relative_time(arrays, kind) for kind in KINDS], 3),
    }


def _estimate(values: Float[np.ndarray, "values"], digits: int) -> dict[str, Any]:
    """Numbers, their mean, and its interval; of the networks that did not diverge."""
    told = values[np.isfinite(values)]
    mean = float(told.mean()) if told.size else math.nan
    half = half_interval(told)
    return {
        "values": _listed(values, digits),
        **{
            name: None if math.isnan(number) else round(number, 8)
            for name, number in (("mean", mean), ("low", mean - half), ("high", mean + half))
        },
    }


def _listed(values: Float[np.ndarray, "values"], digits: int) -> list[float | None]:
    """Rounded, with None for what is not finite."""
    return [round(float(v), digits) + 0.0 if math.isfinite(v) else None for v in values]
