"""Between the records of "figure-4" and its widget: networks recorded, and trained now."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import datasets, paper, records
from relubook.experiments.figure_4_networks import labeled
from relubook.experiments.figure_4_values import ACTIVATIONS, gain, of, printed
from relubook.experiments.pretrained import (
    STARTS,
    begin,
    fine_tuned,
    pretrained,
    recipe_of,
)
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.softplus_alpha_values import on_toys
from relubook.experiments.sweep import part_of
from relubook.networks import MLP
from relubook.training import Progress, Schedule

LIVE = ("mnist-5k", "mnist")  # sets among which a kernel's networks can stand
LIVE_DATA = "mnist-5k"  # embedded digits, on which a kernel trains in seconds
LIVE_SEEDS = (200, 201)  # none of those recorded
_WIDTH, _PASSES, _MOST_EPOCHS = 64, 4, 30
_WORK = (3, 1, 1)  # of restoring, and of learning with labels from either start

Stop = Callable[[], bool]
_learned: dict[tuple[str, str], MLP] = {}  # by record and kind of unit, what was restored once


class _Stopped(Exception):
    """The reader has changed their mind."""


def explorer_data(*recorded: records.Record) -> dict[str, Any]:
    """What `LabelShare` draws: a set of networks for each record.

    Errors are [%], by kind of unit, start, share and seed, None for a network that diverged; a
    `gain` is what pretraining saves [points], with the ends of its 95 % t interval, None where
    there are too few.

    Args:
        recorded: Records of "figure-4", each of another data set.

    Raises:
        ValueError: If one is a record of something else.
    """
    for record in recorded:
        if record.experiment != "figure-4":
            raise ValueError(f"The `recorded` must be of figure-4. Got {record.experiment}.")
    sets = [_set(record) for record in recorded]
    stops = sorted({share for each in sets for share in each["shares"]})
    return {"stops": stops, "activations": list(ACTIVATIONS), "sets": sets}


def train_frame(
    record: records.Record,
    share: float,
    *,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> dict[str, Any] | None:
    """Train small networks on embedded digits with as many labels as a share of the record's.

    They restore all embedded digits once for each kind of unit, choosing among the rates that the
    record's layers chose, and learn at the rate that most of its seeds chose.

    Args:
        record: Whose settings are used.
        share: Of its training images that have a label [%].
        progress: Called as `progress(done, total, text)`.
        stop: True gives up.

    Returns:
        One frame of the widget, or None if it was stopped.
    """
    began = time.perf_counter()
    data = datasets.load(LIVE_DATA).subset(validation=500)
    images = record.passport["data"]["train_examples"]
    labels = min(round(images * share / 100), len(data.train))
    total = len(ACTIVATIONS) * sum(_WORK)
    error = {}
    try:
        for i, activation in enumerate(ACTIVATIONS):
            part = part_of(_watched(progress, stop), i * sum(_WORK), sum(_WORK), total)
            error[activation] = _kind(record, data, activation, share, labels, part)
    except _Stopped:
        return None
    return {"labels": labels, "error": error, "seconds": round(time.perf_counter() - began, 1)}


def _watched(progress: Progress | None, stop: Stop | None) -> Progress:
    """A progress callback that ends what it watches when the reader asks for it."""

    def report(done: int, total: int, text: str) -> None:
        if stop is not None and stop():
            raise _Stopped
        if progress is not None:
            progress(done, total, text)

    return report


def _kind(
    record: records.Record,
    data: datasets.Dataset,
    activation: str,
    share: float,
    labels: int,
    progress: Progress | None,
) -> dict[str, list[float | None]]:
    """Test errors of one kind of unit by start, of each seed [%]."""
    restoring, *learning = (
        part_of(progress, sum(_WORK[:i]), work, sum(_WORK)) for i, work in enumerate(_WORK)
    )
    hidden = [min(width, _WIDTH) for width in record.config["widths"]]
    drawn = begin(hidden, data, activation=activation, seeds=LIVE_SEEDS)
    starts = drawn, _restored(record, data, activation, hidden, restoring)
    return {
        name: _errors(record, data, network, share, labels, STARTS.index(name), part)
        for name, network, part in zip(STARTS, starts, learning, strict=True)
    }


def _restored(
    record: records.Record,
    data: datasets.Dataset,
    activation: str,
    hidden: list[int],
    progress: Progress | None,
) -> MLP:
    """Networks that have restored all embedded digits: trained once in a process."""
    known = (record.digest, activation)
    if known not in _learned:
        rates = record.arrays["restore_rate"][ACTIVATIONS.index(activation)]
        _learned[known] = pretrained(
            hidden, data, activation=activation, seeds=LIVE_SEEDS,
            rates=tuple(np.unique(rates).tolist()), l1=record.config["l1"], progress=progress,
            recipe=recipe_of(activation, data, epochs=_PASSES),
        ).network  # fmt: skip
    if progress is not None:
        progress(1, 1, f"{activation} networks have restored the digits")
    return _learned[known]


def _errors(
    record: records.Record,
    data: datasets.Dataset,
    network: MLP,
    share: float,
    labels: int,
    start: int,
    progress: Progress | None,
) -> list[float | None]:
    """Test errors after learning with labels, which each seed draws for itself [%]."""
    config, arrays = record.config, record.arrays
    place = int(np.abs(np.log(arrays["share"] / share)).argmin())
    unit = network.activation.name
    rate = float(np.median(arrays["rate"][ACTIVATIONS.index(unit), start, place]))
    times = max(1, round(config["examples_a_pass"] / labels))
    schedule = Schedule(
        epochs=min(_MOST_EPOCHS, config["epochs"]),
        batch_size=min(config["batch_size"], times * labels),
    )
    errors = []
    for seed, (_, one) in enumerate(network.chunks(1)):
        part = part_of(progress, seed, 1, network.models)
        own = labeled(data, labels, one.seeds[0], times)
        found = fine_tuned(
            one, own, rates=(rate,), l1=config["l1"], schedule=schedule, progress=part
        )
        lost = found["diverged"][0] >= 0
        errors.append(np.nan if lost else 100 * found["test_error"][0])
    return _listed(np.array(errors))


def _set(record: records.Record) -> dict[str, Any]:
    """The networks of one record."""
    arrays, config, passport = record.arrays, record.config, record.passport
    widths = " - ".join(str(width) for width in config["widths"])
    shares = arrays["share"].tolist()
    return {
        "name": record.data,
        "title": datasets.describe(record.data).title,
        "network": (
            f"{widths} units, {config['pretraining_epochs']} passes a layer without labels, then "
            f"{config['epochs']} of at least {config['examples_a_pass']} with them, batches of "
            f"{config['batch_size']}, L1 {config['l1']:g}"
        ),
        "images": passport["data"]["train_examples"],
        "seeds": len(config["seeds"]),
        "shares": shares,
        "labels": arrays["labels"].tolist(),
        "error": {
            unit: {
                start: [_listed(100 * row) for row in of(arrays, "test_error", unit, start)]
                for start in STARTS
            }
            for unit in ACTIVATIONS
        },
        "gain": {unit: [_estimate(row) for row in gain(arrays, unit)] for unit in ACTIVATIONS},
        "paper": _papers(shares) if on_toys(record.data) else {},
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def _papers(shares: list[float]) -> dict[str, dict[str, list[float | None]]]:
    """The paper's errors at these shares, read from its figure [%]; None where it shows none."""
    known = [share in paper.LABEL_SHARES for share in shares]
    return {
        unit: {
            start: [
                round(printed(share, unit, start), 2) if there else None
                for share, there in zip(shares, known, strict=True)
            ]
            for start in STARTS
        }
        for unit in ACTIVATIONS
    }


def _estimate(values: Float[np.ndarray, "seeds"]) -> dict[str, float | None]:
    """The mean and the ends of its interval, of the seeds of which no network diverged."""
    told = values[np.isfinite(values)]
    mean = told.mean() if told.size else np.nan
    half = half_interval(told)
    ends = {"mean": mean, "low": mean - half, "high": mean + half}
    return {name: round(float(n), 8) if np.isfinite(n) else None for name, n in ends.items()}


def _listed(values: Float[np.ndarray, "values"]) -> list[float | None]:
    """Rounded, with None for what is not finite."""
    return [round(float(value), 2) if np.isfinite(value) else None for value in values]
