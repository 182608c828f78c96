"""Between the record of "review-reader" and its widget: the network that runs in a page."""

import base64
from typing import Any

import numpy as np

from relubook import datasets, records
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.review_reader_examples import examples_for
from relubook.experiments.review_reader_values import DEPTH, QUANTILES, Result


def reader_data(record: records.Record) -> dict[str, Any]:
    """What `ReviewReader` needs: the first seed's network, and what all seeds measured.

    Args:
        record: Of the experiment `review-reader`.

    Raises:
        ValueError: If it is a record of something else.
    """
    if record.experiment != "review-reader":
        raise ValueError(f"The `record` must be of review-reader. Got {record.experiment}.")
    found = Result(**record.arrays, data=record.passport["data"])
    config, passport = record.config, record.passport
    title = datasets.describe(record.data).title
    return {
        "data": f"{title}, {passport['data']['train_examples']:,} training reviews",
        "network": (
            f"2 layers of {config['width']} rectifiers, L1 {config['l1']:g}, batches of "
            f"{config['batch_size']}; weights rounded to 8 bits"
        ),
        "width": config["width"],
        "words": "\n".join(found.words),
        "stars": found.stars.tolist(),
        "shares": _short(100 * found.shares, 2),
        "mean_stars": round(found.mean_stars, 3),
        "measured": _measured(found),
        "examples": [example._asdict() for example in examples_for(record.data)],
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
        **_network(found),
    }


def _measured(found: Result) -> dict[str, Any]:
    """What was measured over all test reviews, in the page's units."""
    middle = len(QUANTILES) // 2
    return {
        "error": round(float(found.rounded_error.mean()), 3),
        "half": round(float(np.nan_to_num(half_interval(found.rounded_error))), 3),
        "exact_error": round(float(found.test_error.mean()), 3),
        "constant_error": round(float(found.constant_error), 3),
        "within": round(100 * float(found.rounded_within.mean()), 1),
        "zeros": _short(100 * found.zeros.mean(axis=0), 1),
        "active": _short(found.active.mean(axis=0), 1),
        "known": _short(100 * found.known[[1, middle, -2]], 0),
        "unflipped": round(100 * float(found.unflipped.mean()), 1),
        "account_size": round(float(found.account_size.mean()), 4),
        "account_error": round(float(found.account_error.mean()), 4),
    }


def _network(found: Result) -> dict[str, Any]:
    """8 bits of weights as base64, scales and biases as decimals."""
    network: dict[str, Any] = {}
    for layer in range(1, DEPTH + 2):
        codes = np.ascontiguousarray(getattr(found, f"codes_{layer}"))
        network[f"codes_{layer}"] = base64.b64encode(codes.tobytes()).decode()
        for name in (f"scales_{layer}", f"bias_{layer}"):
            network[name] = [round(float(value), 12) for value in getattr(found, name)]
    return network


def _short(values: np.ndarray, digits: int) -> list[float]:
    return [round(value, digits) for value in values.tolist()]
