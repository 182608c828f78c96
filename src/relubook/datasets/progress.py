"""The bar shown while a file is fetched."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType


class DownloadBar:
    """A progress bar on standard error, with the four names that pooch expects of one.

    Attributes:
        total: The size of the file [bytes], set by pooch when it is known.
    """

    def __init__(self, name: str, *, shown: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

        self.total = 0
        self._progress = Progress(
            "{task.description}",
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not shown,
        )
        self._task = self._progress.add_task(name, total=None)

    def update(self, done: int) -> None:
        """Add `done` bytes."""
        self._progress.update(self._task, advance=done, total=self.total or None)

    def reset(self) -> None:
        """Begin again at zero."""
        self._progress.reset(self._task)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._progress.refresh()

    def __enter__(self) -> "DownloadBar":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


@contextmanager
def making(title: str, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error while a data set is made; it disappears when all is done.

    Args:
        title: What is made.
        shown: Whether to show it, if standard error is a terminal.

    Yields:
        A callable taking (done, total), or None.
    """
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"Making {title}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
