"""Between the records and the widget: frames recorded earlier, and frames trained just now."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook import datasets, paper, records
from relubook.experiments import depth_and_l1 as grid_of
from relubook.experiments.sweep import open_data
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train


def train_frame(
    config: "grid_of.Config",
    l1: float,
    depth: int,
    *,
    progress: Progress | None,
    stop: Callable[[], bool] | None,
) -> dict[str, Any] | None:
    """Train a few seeds at one place of the grid; None if it was stopped before the end."""
    began = time.perf_counter()
    data, _ = open_data(config.data, config.train_examples)
    hyper = grid(learning_rate=config.learning_rate, l1=l1, seed=grid_of.LIVE_SEEDS)
    shape = sizes(inputs=data.inputs, width=config.width, depth=depth, outputs=data.outputs)
    network = MLP(shape, seeds=grid_of.LIVE_SEEDS)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    history = train(network, data, hyper, schedule, progress=progress, stop=stop)
    if len(history.loss) < config.epochs:
        return None
    rows, _ = grid_of.raster_examples(data)
    zeros = history.at_best("zero_fraction")
    return {
        "l1_index": int(np.argmin(np.abs(np.array(config.l1) - l1))),
        "depth": depth,
        "error": _percent(history.at_best("test_error")),
        "zeros": _percent(zeros.mean(0)),
        "zeros_by_layer": _percent(np.median(zeros, axis=1)),
        "dead_by_layer": _percent(np.median(history.at_best("dead"), axis=1)),
        "raster": grid_of.encode(grid_of.raster(network.view(slice(0, 1)), data.test.x[rows])[0]),
        "seconds": round(time.perf_counter() - began, 1),
        "data": describe_data(config.data, len(data.train)),
    }


def explorer_data(record: records.Record, band: records.Record | None) -> dict[str, Any]:
    """The widget's frames from a record, and the band with which live frames are compared."""
    arrays, config, passport = record.arrays, record.config, record.passport
    points = paper.FIGURE_3.array()
    depths = [int(d) for d in arrays["depth"]]
    return {
        "l1": config["l1"],
        "depths": depths,
        "seeds": len(config["seeds"]),
        "data": describe_data(record.data, passport["data"]["train_examples"]),
        "network": (
            f"{config['width']} units a layer, batches of {config['batch_size']}, "
            f"{config['epochs']} epochs, learning rate {config['learning_rate']:g}"
        ),
        "error": _percent(arrays["test_error"]),
        "zeros": _percent(arrays["zeros"]),
        "zeros_by_layer": _layers(arrays["zeros_by_layer"], depths),
        "dead_by_layer": _layers(arrays["dead_by_layer"], depths),
        "collapsed": (np.median(arrays["test_error"], -1) > grid_of.COLLAPSED).tolist(),
        "raster": [
            [grid_of.encode(frame[:depth]) for frame in row]
            for depth, row in zip(depths, arrays["raster"], strict=True)
        ],
        "raster_units": arrays["raster"].shape[-2],
        "raster_digits": arrays["raster_labels"].tolist(),
        "paper": {"zeros": points[:, 0].tolist(), "error": points[:, 1].tolist()},
        "live_band": None if band is None else _band(band),
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def describe_data(name: str, train_examples: int) -> str:
    """A data set in words, with its number of training examples."""
    return f"{datasets.describe(name).title}, {train_examples:,} training digits"


def _band(record: records.Record) -> dict[str, Any]:
    """Errors and zeros of the record that live networks are compared with."""
    return {
        "data": describe_data(record.data, record.passport["data"]["train_examples"]),
        "error": _percent(record.arrays["test_error"]),
        "zeros": _percent(record.arrays["zeros"]),
    }


def _layers(
    values: Float[np.ndarray, "depths strengths seeds layers"], depths: list[int]
) -> list[list[list[float]]]:
    """The median over seeds in percent, each depth with its own number of layers."""
    return [
        _percent(np.median(row, axis=1)[:, :depth])
        for row, depth in zip(values, depths, strict=True)
    ]


def _percent(values: Float[np.ndarray, "*shape"]) -> list[Any]:
    """Percent, to two digits, as plain lists."""
    return (100 * values).round(2).tolist()
