"""Between the records of "softplus-alpha" and its widget: networks recorded, and trained now."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import datasets, paper, records
from relubook.experiments.softplus_alpha import activation_of, codes, on_toys
from relubook.experiments.sweep import open_data
from relubook.networks import MLP
from relubook.training import Progress, Schedule, grid, train

LIVE = "mnist-5k"  # embedded digits, on which a kernel trains in seconds
LIVE_SEEDS = (200, 201, 202)  # none of those recorded
_SHARES = ("zeros", "near_relative", "near_absolute")
_BETWEEN = (1.15, 1.5, 1.75, 2.5, 4.0, 5.0, 8.0, 10.0, 14.0, 20.0)


def explorer_data(*recorded: records.Record) -> dict[str, Any]:
    """What `SoftplusExplorer` draws: a set of networks for each record.

    Infinity, which JSON does not have, is None; a network that diverged at once is left out of the
    lists and counted.

    Args:
        recorded: Records of "softplus-alpha", each of another data set.
    """
    sets = [_set(record) for record in recorded]
    known = {alpha for each in sets for alpha in each["alphas"] if alpha is not None}
    return {"stops": [*sorted(known | set(_BETWEEN)), None], "sets": sets}


def train_frame(
    record: records.Record,
    alpha: float,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train a few networks with any alpha, as the record's, and at its nearest alpha's rate.

    Args:
        record: Whose settings and data are used.
        alpha: Sharpness [1]; infinity gives the rectifier.
        progress: Called as `progress(done, total, text)`.
        stop: True gives up.

    Returns:
        One frame of the widget, or None if it was stopped.
    """
    began, config = time.perf_counter(), record.config
    data, _ = open_data(record.data, config["train_examples"])
    rate = nearest_rate(record.arrays["alpha"], record.arrays["chosen"], alpha)
    hyper = grid(learning_rate=rate, seed=LIVE_SEEDS)
    shape = (data.inputs, *config["hidden"], data.outputs)
    network = MLP(shape, seeds=LIVE_SEEDS, activation=activation_of(alpha))
    schedule = Schedule(epochs=config["epochs"], batch_size=config["batch_size"])
    history = train(network, data, hyper, schedule, progress=progress, stop=stop)
    if len(history.loss) < config["epochs"]:
        return None
    found = codes(network, data.test.x, history.best_epoch)
    return {
        "rate": rate,
        "error": _percent(history.at_best("test_error")),
        "diverged": int((history.best_epoch < 0).sum()),
        **{name: _percent(found[name].mean(axis=1)) for name in _SHARES},
        "seconds": round(time.perf_counter() - began, 1),
    }


def nearest_rate(
    alphas: Float[np.ndarray, "alphas"], rates: Float[np.ndarray, "alphas"], alpha: float
) -> float:
    """The rate that was chosen for the recorded alpha nearest on an axis of octaves [1].

    Beyond the largest finite alpha that one is nearest, and infinity has its own.

    >>> nearest_rate(np.array([1.0, 6.0, math.inf]), np.array([0.4, 0.2, 0.1]), 20.0)
    0.2
    """
    if math.isinf(alpha):
        return float(rates[np.isinf(alphas)][0])
    finite = np.isfinite(alphas)
    far = np.abs(np.log2(alphas[finite]) - math.log2(alpha))
    return float(rates[finite][far.argmin()])


def _set(record: records.Record) -> dict[str, Any]:
    """The networks of one record."""
    arrays, config, passport = record.arrays, record.config, record.passport
    widths = " - ".join(str(width) for width in config["hidden"])
    alphas = [float(alpha) if math.isfinite(alpha) else None for alpha in arrays["alpha"]]
    return {
        "name": record.data,
        "title": datasets.describe(record.data).title,
        "network": (
            f"{passport['data']['train_examples']:,} training examples, {widths} units, batches of "
            f"{config['batch_size']}, {config['epochs']} epochs"
        ),
        "seeds": len(config["seeds"]),
        "alphas": alphas,
        "rate": arrays["chosen"].tolist(),
        "error": [_percent(row) for row in arrays["test_error"]],
        "diverged": (~np.isfinite(arrays["test_error"])).sum(axis=1).tolist(),
        **{name: [_percent(row) for row in arrays[name].mean(axis=2)] for name in _SHARES},
        "paper": [_printed(alpha) for alpha in arrays["alpha"]] if on_toys(record.data) else [],
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def _printed(alpha: float) -> float | None:
    """The paper's error for an alpha [%], None if it has none."""
    return paper.ALPHA_SWEEP[alpha].value if alpha in paper.ALPHA_SWEEP else None


def _percent(values: Float[np.ndarray, "networks"]) -> list[float]:
    """Percent, to two digits, of the networks that did not diverge at once."""
    return (100 * values[np.isfinite(values)]).round(2).tolist()
