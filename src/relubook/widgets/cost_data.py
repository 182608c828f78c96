"""The data of CostExplorer: what they must hold, and from which zeros skipping them pays."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

METHODS = ("dense", "gathered", "csr")  # as in relubook.skipping
NEEDED = ("zeros", "batch", "methods", "width", "device", "data", "layer", "low", "high",
          "networks", "paper_zeros", "passport")  # fmt: skip
OF_A_NETWORK = ("l1", "zeros", "zeros_by_layer", "error", "time", "union")


def crossovers(data: dict[str, Any]) -> dict[str, list[float | None]]:
    """Return the share of zeros [1] from which each method is faster than dense, by batch size.

    The first share if it always is, None if it is not at the last: the experiment's own crossover.
    """
    from relubook.experiments.skipping_race import crossover

    zeros = np.array(data["zeros"], dtype=float)
    times = np.array([data["layer"][method] for method in METHODS], dtype=float)[..., np.newaxis]
    found = {method: crossover(zeros, times, method).zeros for method in METHODS[1:]}
    return {
        method: [None if np.isnan(share) else float(share) for share in shares]
        for method, shares in found.items()
    }


def check_costs(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot draw."""
    _check_keys(data, NEEDED, "data")
    _check_grid(data["zeros"], "zeros", least=2, low=0.0, high=1.0)
    _check_grid(data["batch"], "batch", least=1, low=1.0, high=math.inf)
    _check_methods(data["methods"])
    _check_number(data["paper_zeros"], "`paper_zeros`", low=0.0, high=100.0)
    shape = len(data["zeros"]), len(data["batch"])
    for name in ("layer", "low", "high"):
        _check_keys(data[name], data["methods"], name)
        for method in data["methods"]:
            _check_times(data[name][method], f"`{name}` of {method}", shape)
    if not data["networks"]:
        raise ValueError("The `networks` of CostExplorer's data must hold at least one. Got none.")
    for place, network in enumerate(data["networks"]):
        _check_network(network, f"network {place}", data["methods"], len(data["batch"]))


def _check_keys(found: dict[str, Any], needed: Sequence[str], name: str) -> None:
    if missing := [key for key in needed if key not in found]:
        where = "`data` of CostExplorer" if name == "data" else f"`{name}` of CostExplorer's data"
        raise ValueError(f"The {where} must hold {', '.join(missing)}. Got none.")


def _check_grid(values: Sequence[Any], name: str, *, least: int, low: float, high: float) -> None:
    for place, value in enumerate(values):
        _check_number(value, f"`{name}`", low=low, high=high, place=f" at place {place}")
    rising = all(a < b for a, b in pairwise(values))
    if len(values) < least or not rising:
        raise ValueError(
            f"The `{name}` of CostExplorer's data must be at least {least} rising numbers. "
            f"Got {list(values)}."
        )


def _check_methods(methods: Sequence[str]) -> None:
    if sorted(methods) != sorted(METHODS):
        raise ValueError(
            f"The `methods` of CostExplorer's data must be {', '.join(METHODS)}. "
            f"Got {', '.join(methods) or 'none'}."
        )


def _check_times(rows: Sequence[Sequence[Any]], what: str, shape: tuple[int, int]) -> None:
    zeros, batches = shape
    lengths = [len(row) for row in rows]
    if lengths != [batches] * zeros:
        raise ValueError(
            f"The {what} must be {zeros} shares of zeros x {batches} batch sizes. "
            f"Got rows of {lengths}."
        )
    for i, row in enumerate(rows):
        for j, time in enumerate(row):
            _check_time(time, what, f" at share {i}, batch size {j}")


def _check_network(
    network: dict[str, Any], what: str, methods: Sequence[str], batches: int
) -> None:
    _check_keys(network, OF_A_NETWORK, what)
    _check_keys(network["time"], methods, f"time of {what}")
    _check_number(network["zeros"], f"`zeros` of {what}", low=0.0, high=1.0)
    _check_number(network["l1"], f"`l1` of {what}", low=0.0, high=math.inf)
    _check_number(network["error"], f"`error` of {what}", low=0.0, high=100.0)
    for name, values in {"union": network["union"], **network["time"]}.items():
        if len(values) != batches:
            raise ValueError(
                f"The `{name}` of {what} must be one number for each of {batches} batch sizes. "
                f"Got {len(values)}."
            )
    for j, used in enumerate(network["union"]):
        _check_number(used, f"`union` of {what}", low=0.0, high=1.0, place=f" at batch size {j}")
    for method in methods:
        for j, time in enumerate(network["time"][method]):
            _check_time(time, f"`time` of {what}, {method},", f" at batch size {j}")


def _check_number(value: object, what: str, *, low: float, high: float, place: str = "") -> None:
    if not isinstance(value, int | float) or not low <= value <= high or math.isinf(value):
        limits = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
        raise ValueError(
            f"The {what} in CostExplorer's data must be finite and {limits}. Got {value}{place}."
        )


def _check_time(value: object, what: str, place: str) -> None:
    if not isinstance(value, int | float) or not 0 < value < math.inf:
        raise ValueError(f"The {what} must be finite seconds above 0. Got {value}{place}.")
