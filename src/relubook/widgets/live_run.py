"""A progress bar for a cell that trains, and an interrupt that keeps what was done."""

import signal
import threading
import time
from collections.abc import Iterable
from types import FrameType, TracebackType
from typing import Any

import ipywidgets as widgets
import torch

from relubook import datasets, devices
from relubook.records import origins
from relubook.records.passport import Stopwatch, passport

_NO_DATA = {"name": "none, random numbers", "sha256": ""}
_NOTE = (
    '<p class="rb-live-note">While this cell runs, a bar shows its progress; the notebook\'s stop '
    "button ends it early and keeps what was done.</p>"
)


class _Bar(widgets.HBox):
    """A bar and a line of text; in a page without a kernel, a sentence."""

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        return {**bundle, "text/html": _NOTE, "text/plain": "A progress bar."}


class LiveRun:
    """A bar to hand to `train`, as `progress=run, stop=run.stopped`.

    While the `with` block runs, the notebook's stop button (an interrupt) does not raise; it asks
    the training to end after the current epoch. A second interrupt raises as usual. Torch is held
    to one thread meanwhile: on a busy machine, more make small networks many times slower.

    Args:
        what: What is being trained, in a few words.

    >>> with LiveRun("nothing") as run:
    ...     run(1, 2, "epoch 1 of 2")
    ...     run.stopped()
    False
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.interrupted = False
        self._bar = widgets.IntProgress(value=0, min=0, max=1, description="")
        self._text = widgets.Label(value=what)
        self._began = time.monotonic()
        self._stopwatch: Stopwatch | None = None
        self._seconds = 0.0
        self._before: Any = None
        self._threads = torch.get_num_threads()

    def __enter__(self) -> "LiveRun":
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is not None:
            display(_Bar([self._bar, self._text]))
        self._began, self._stopwatch = time.monotonic(), Stopwatch()
        self._threads = torch.get_num_threads()
        torch.set_num_threads(1)
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        torch.set_num_threads(self._threads)
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)
        done = "stopped early; what was done is kept" if self.interrupted else "done"
        self._seconds = time.monotonic() - self._began
        result = done if kind is None else "failed"
        self._text.value = f"{self.what}: {result} ({self._seconds:.0f} s)"

    def __call__(self, done: int, total: int, text: str) -> None:
        """Show how far it is and how long the rest will take."""
        self._bar.max, self._bar.value = total, done
        left = (time.monotonic() - self._began) * (total - done) / max(done, 1)
        self._text.value = f"{self.what}: {text}, {left:.0f} s left"

    def stopped(self) -> bool:
        """Whether the reader asked to stop."""
        return self.interrupted

    def origin(
        self,
        data: datasets.Dataset | str | None,
        seeds: Iterable[int],
        *,
        device: torch.device | str = "cpu",
    ) -> str:
        """Where the numbers of this run come from, as a fold for `figures.show(..., origins=)`.

        Args:
            data: What was trained on, or its name; None if only random numbers were used.
            seeds: Of the networks, or of the random numbers.
            device: What they were trained on; `auto` as for the networks.

        Raises:
            RuntimeError: If nothing has run.
        """
        if self._stopwatch is None:
            raise RuntimeError("A LiveRun has an origin once its `with` block has run.")
        loaded = datasets.load(data) if isinstance(data, str) else data
        where = devices.chosen() if device == "auto" else str(device)
        known = {"name": loaded.name, "sha256": loaded.sha256} if loaded else _NO_DATA
        made = passport(
            stopwatch=self._stopwatch, device=where, data=known, seeds=list(seeds), command=""
        ) | {"wall_time_s": self._seconds}
        cut = ", stopped early" if self.interrupted else ""
        return origins.live(made, what=self.what + cut)

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        """The first interrupt asks; the second one raises."""
        if self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
        self._text.value = f"{self.what}: stopping after this epoch"
