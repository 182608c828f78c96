"""Where the parts of a longer work run: in this process, or wherever an engine puts them.

Without an engine everything runs in this process. `ray_engine` runs parts on a Ray cluster.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

Progress = Callable[[int, int, str], None]
NAMES = ("local", "ray")


class EngineError(OSError):
    """What kept an engine from doing its work, in a sentence for whoever asked for it."""


@runtime_checkable
class Worker(Protocol):
    """What a part knows of the rest while it runs."""

    def progress(self, done: int, total: int, text: str) -> None:
        """Say how far this part is."""
        ...

    def stopping(self) -> bool:
        """Whether the part should save what it has, and end."""
        ...


@dataclass(frozen=True, kw_only=True)
class Work:
    """Parts that can be done anywhere, in any order, and again.

    Attributes:
        function: `module:name`, called as `function(shared, part, worker)` for each part.
        shared: What all parts need, sent to each machine once.
        parts: One value each.
        sizes: How much there is to do in each part, in the same units for all.
        device: `cpu` or `cuda`.
    """

    function: str
    shared: Any
    parts: Sequence[Any]
    sizes: Sequence[int]
    device: str = "cpu"


@runtime_checkable
class Engine(Protocol):
    """Something that does work on one machine or on many."""

    def device(self, asked: str) -> str:
        """What `auto`, `cpu` or `cuda` stands for on these machines."""
        ...

    def slots(self, device: str) -> int:
        """How many parts can run at a time now; at least 1."""
        ...

    def where(self) -> str:
        """The machines, in words."""
        ...

    def run(
        self, work: Work, *, progress: Progress | None = None, until: float | None = None
    ) -> list[Any]:
        """Do all parts and return what they returned, in their order.

        Args:
            work: What there is to do.
            progress: Called as `progress(done, total, text)` in the units of `work.sizes`.
            until: When to stop on the clock of `time.monotonic` [s]; parts are told so, and end.

        Raises:
            EngineError: If a part could not be done anywhere.
            KeyboardInterrupt: After Ctrl-C, when the parts have saved what they had.
        """
        ...
