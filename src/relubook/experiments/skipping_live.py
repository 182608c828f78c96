"""Between the record and the explorer of costs: recorded times, and times measured just now."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import figures, paper, records, skipping
from relubook.experiments.live import describe_data
from relubook.experiments.skipping_race import Times, race_layer
from relubook.records.passport import device_name
from relubook.training import Progress


def explorer_data(record: records.Record) -> dict[str, Any]:
    """What the explorer draws: plain lists, medians over rounds and seeds, seconds per example."""
    arrays, config, passport = record.arrays, record.config, record.passport
    times = arrays["layer_time"]
    return {
        "zeros": arrays["zeros"].tolist(),
        "batch": arrays["batch"].tolist(),
        "methods": list(config["methods"]),
        "width": config["width"],
        "device": passport["device"],
        "data": describe_data(record.data, passport["data"]["train_examples"]),
        "layer": _by_method(config["methods"], np.median(times, axis=-1)),
        "low": _by_method(config["methods"], np.quantile(times, 0.1, axis=-1)),
        "high": _by_method(config["methods"], np.quantile(times, 0.9, axis=-1)),
        "networks": [_network(record, l1) for l1 in config["l1"]],
        "paper_zeros": paper.EXACT_ZEROS["mnist"].value,
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def measure_here(
    zeros: float,
    batch: int,
    *,
    width: int,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Time one layer on this machine's processor.

    Args:
        zeros: The share of zeros [1].
        batch: Examples at once.
        width: Inputs and outputs of the layer.
        progress: Called as `progress(done, total, text)`.
        stop: True gives up.

    Returns:
        Seconds per example by method (median, 10 and 90 % of the rounds), or None if stopped.
    """
    began = time.perf_counter()
    times = race_layer(zeros, batch, width=width, progress=progress, stop=stop)
    if stop is not None and stop():
        return None
    return {
        "time": _summary(times, 0.5),
        "low": _summary(times, 0.1),
        "high": _summary(times, 0.9),
        "seconds": round(time.perf_counter() - began, 2),
        "device": device_name("cpu"),
    }


def draw_live(record: records.Record, live: Mapping[int, Times], subtitle: str = "") -> Figure:
    """A network measured just now beside the recorded ones that have the paper's penalty.

    Args:
        record: Of `skipping-zeros`; its networks are drawn pale.
        live: Seconds per example by batch size and method, as from `race_network`.
        subtitle: What was measured.
    """
    gathered, batch = list(skipping.METHODS).index("gathered"), record.arrays["batch"]
    chosen = np.isclose(record.arrays["network_l1"], paper.PROTOCOL["l1"].value)
    times = np.median(record.arrays["network_time"][chosen], axis=-1)  # [networks methods batches]
    fig, ax = figures.axes(title="Your network beside the recorded ones", subtitle=subtitle)
    color = figures.COLORS["rectifier"]
    ax.axhline(100, color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.plot(batch, (100 * times[:, gathered] / times[:, 0]).T, "o", color=color, alpha=0.3,
            markersize=5, markeredgewidth=0)  # fmt: skip
    for size, race in live.items():
        ratio = 100 * np.median(race["gathered"]) / np.median(race["dense"])
        ax.plot(size, ratio, "D", color=color, markersize=7, markeredgecolor=figures.INK)
    ax.set(
        xscale="log", yscale="log", ylim=(10, 10_000), xlabel="digits at once",
        ylabel="time of gathering (% of the dense way)",
    )  # fmt: skip
    ax.set_xticks(batch, [str(size) for size in batch])
    ax.minorticks_off()
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    return fig


def _summary(times: Times, share: float) -> dict[str, float]:
    """One quantile of each method's rounds, to four digits."""
    return {name: _short(np.quantile(rounds, share)) for name, rounds in times.items()}


def _network(record: records.Record, l1: float) -> dict[str, Any]:
    """The networks of one penalty, as their median over seeds."""
    arrays, methods = record.arrays, record.config["methods"]
    chosen = np.isclose(arrays["network_l1"], l1, rtol=1e-6, atol=0)
    zeros = np.median(arrays["network_zeros"][chosen], axis=0)
    times = np.median(np.median(arrays["network_time"][chosen], axis=-1), axis=0)
    return {
        "l1": l1,
        "zeros": _short(zeros.mean()),
        "zeros_by_layer": [_short(share) for share in zeros],
        "error": _short(100 * np.median(arrays["network_error"][chosen])),
        "time": _by_method(methods, times),
        "union": [
            _short(share) for share in np.median(arrays["network_union"][chosen].mean(1), axis=0)
        ],
    }


def _by_method(
    methods: Sequence[str], values: Float[np.ndarray, "methods *rest"]
) -> dict[str, Any]:
    """Nested lists by name, to four digits."""
    return {
        name: np.vectorize(_short, otypes=[float])(rows).tolist()
        for name, rows in zip(methods, values, strict=True)
    }


def _short(number: float | np.floating) -> float:
    """Four significant digits: a page carries every one of these numbers."""
    return float(f"{number:.4g}")
