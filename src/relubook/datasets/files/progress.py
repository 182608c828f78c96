"""The bar shown while a file is fetched."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType


class DownloadBar:
    """A progress bar on standard error.

    Args:
        name: What is fetched.
        shown: Whether to show it.
    """

    def __init__(self, name: str, *, shown: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

        self._name = name
        self._progress = Progress(
            "{task.description}",
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            disable=not shown,
        )
        self._task = self._progress.add_task(name, total=None)

    def show(self, done: int, total: int, *, note: str = "") -> None:
        """Show how far it is.

        Args:
            done: What is there [bytes].
            total: What there will be [bytes], 0 if that is not known.
            note: Words to put behind the name.
        """
        title = f"{self._name} ({note})" if note else self._name
        self._progress.update(self._task, description=title, completed=done, total=total or None)

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
