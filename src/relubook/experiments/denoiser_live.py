"""Between the record of "denoiser" and its widget: networks recorded, and trained now."""

import base64
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import datasets, records
from relubook.autoencoders import Autoencoder
from relubook.experiments.denoiser_networks import (
    Small,
    begin,
    learn,
    masked,
    measure,
    open_small,
)
from relubook.experiments.denoiser_rounding import packed, unpacked
from relubook.experiments.denoiser_values import STRATEGIES, Config, Result, Strategy
from relubook.experiments.relatives_values import half_interval
from relubook.training import Progress

LIVE = "mnist-5k"  # embedded digits, on which a kernel trains in seconds
FIRST_SEED = 200  # none of those recorded


def denoiser_data(record: records.Record) -> dict[str, Any]:
    """What `Denoiser` draws: the first seed's networks, and what all seeds measured.

    Args:
        record: Of the experiment `denoiser`.

    Raises:
        ValueError: If it is a record of something else.
    """
    if record.experiment != "denoiser":
        raise ValueError(f"The `record` must be of denoiser. Got {record.experiment}.")
    found = Result(**record.arrays, data=record.passport["data"])
    config, passport = record.config, record.passport
    return {
        "data": _data_words(record.data, int(passport["data"]["train_examples"]), config["side"]),
        "network": (
            f"{config['width']} rectifiers, batches of {config['batch_size']}, "
            f"{config['epochs']} epochs; weights rounded to 8 bits"
        ),
        "side": config["side"],
        "width": config["width"],
        "masked": 100 * config["masked"],
        "noise": [round(100 * share, 6) for share in config["noise"]],
        "nothing": _short(found.nothing_error),
        "digits": _text(found.digits),
        "labels": found.labels.tolist(),
        "strategies": [_strategy(found, place) for place in range(len(STRATEGIES))],
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def train_frame(
    record: records.Record,
    seed: int,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Train the four networks on embedded digits, at the record's middle rates.

    Args:
        record: Whose settings are used.
        seed: Of weights, order and noise.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each epoch; True gives up.

    Returns:
        The networks as `denoiser_data` has them, each with its `errors` by noise, their data and
        seed, and the time it took; or None if it was stopped.
    """
    began = time.perf_counter()
    config = _live_config(record)
    data = open_small(config)
    networks = []
    for place, (strategy, rates) in enumerate(
        zip(STRATEGIES, record.arrays["chosen"], strict=True)
    ):
        coder = begin(config, data, strategy.reconstruction, [seed], "cpu")
        steps = learn(coder, config, data, float(np.median(rates)), [seed])
        for done, _ in enumerate(steps, start=1):
            if progress is not None:
                ends = place * config.epochs + done, len(STRATEGIES) * config.epochs
                progress(*ends, f"{strategy.name}, epoch {done} of {config.epochs}")
            if stop is not None and stop():
                return None
        numbers = packed(coder)
        rounded = unpacked(numbers, strategy.reconstruction)
        errors = _errors(rounded, config, data)
        networks.append({**_network(numbers.arrays(0)), "errors": _short(errors)})
    return {
        "networks": networks,
        "data": _data_words(LIVE, len(data.train), config.side),
        "seed": seed,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _live_config(record: records.Record) -> Config:
    """The record's settings on the embedded digits, with no look at the validation split."""
    names = ("side", "width", "masked", "penalty", "batch_size", "epochs")
    same = {name: record.config[name] for name in names}
    return replace(
        Config(data=LIVE, validation_examples=1), noise=tuple(record.config["noise"]), **same
    )


def _errors(coder: Autoencoder, config: Config, data: Small) -> Float[np.ndarray, "noises"]:
    """Squared error of restoring a test digit by noise, of a single network."""
    x = data.test.x
    return np.array(
        [measure(coder, x, masked(x, share, at)).error[0] for at, share in enumerate(config.noise)]
    )


def _strategy(found: Result, place: int) -> dict[str, Any]:
    strategy: Strategy = STRATEGIES[place]
    errors = found.restored_error[place]
    half = np.array([half_interval(row) for row in errors])
    return {
        "name": strategy.name,
        "output": strategy.output,
        "cost": strategy.cost,
        "rate": found.chosen[place].tolist(),
        "error": _short(errors.mean(axis=1)),
        "half": _short(np.nan_to_num(half)),
        "stuck": _short(100 * found.stuck[place].mean(axis=1)),
        "errors": _short(found.rounded_error[place, :, 0]),
        **_network(
            {
                name: getattr(found, name)[place]
                for name in vars(found)
                if name.startswith(("encoder", "decoder"))
            }
        ),
    }


def _network(numbers: dict[str, np.ndarray]) -> dict[str, Any]:
    """One network: 8 bits of weights as base64, scales and biases as decimals."""
    return {
        name: _text(values) if name.endswith("codes") else [round(float(v), 12) for v in values]
        for name, values in numbers.items()
    }


def _data_words(name: str, examples: int, side: int) -> str:
    title = datasets.describe(name).title
    return f"{title}, {examples:,} training digits averaged to {side} × {side} pixels"


def _short(values: np.ndarray) -> list[float]:
    """Three decimals are enough for a page."""
    return [round(value, 3) for value in values.tolist()]


def _text(numbers: np.ndarray) -> str:
    """The bytes of 8-bit numbers as base64."""
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()
