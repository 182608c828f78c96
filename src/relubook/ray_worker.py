"""What runs on the nodes of a Ray cluster: one part of a work, and the desk where parts report."""

import importlib
import time
import warnings
from typing import Any

import ray
import torch
from ray.exceptions import RayError

_BETWEEN_REPORTS = 0.2  # s
_PATIENCE = 5.0  # s to wait for the desk, which is gone if the driver is


class Desk:
    """Knows how far each part is and whether all should stop; an actor beside the driver."""

    def __init__(self) -> None:
        self._done: dict[int, int] = {}
        self._nodes: dict[int, str] = {}
        self._stopping = False

    def tell(self, number: int, done: int, node: str) -> bool:
        """Note how far a part is; answers whether it should stop."""
        self._done[number], self._nodes[number] = done, node
        return self._stopping

    def look(self) -> tuple[dict[int, int], dict[int, str]]:
        """How far each part is that has begun, and on which node."""
        return self._done, self._nodes

    def stop(self) -> None:
        """From now on parts are told to stop."""
        self._stopping = True


class Reporter:
    """A part's `Worker`: what it says goes to the desk, at most a few times a second."""

    def __init__(self, desk: Any, number: int) -> None:
        self._desk, self._number = desk, number
        self._node = ray.get_runtime_context().get_node_id()
        self._told_at, self._stopping = -_BETWEEN_REPORTS, False
        self.progress(0, 1, "")

    def progress(self, done: int, total: int, text: str) -> None:
        """Say how far this part is; nobody minds if the desk cannot be reached."""
        now = time.monotonic()
        if done < total and now - self._told_at < _BETWEEN_REPORTS:
            return
        self._told_at = now
        try:
            told = self._desk.tell.remote(self._number, done, self._node)
            self._stopping = bool(ray.get(told, timeout=_PATIENCE))
        except RayError:
            pass

    def stopping(self) -> bool:
        """Whether the desk said that all should stop."""
        return self._stopping


def run_part(
    function: str, shared: Any, part: Any, number: int, desk: Any
) -> tuple[Any, list[str]]:
    """What a part returns, and the warnings it gave, for the driver to repeat."""
    torch.set_num_threads(1)  # numbers are the same however many cores a node has
    module, _, name = function.partition(":")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        found = getattr(importlib.import_module(module), name)(shared, part, Reporter(desk, number))
    texts = dict.fromkeys(str(w.message) for w in caught if w.category is RuntimeWarning)
    return found, list(texts)
