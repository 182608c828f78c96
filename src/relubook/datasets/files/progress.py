"""The bar shown while a file is fetched."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


class DownloadBar:
    """A progress bar on standard error.

    Args:
        name: What is fetched.
        shown: Whether to show it.
    """

    def __init__(self, name: str, *, shown: bool) -> None:
        self._name = name
        self._progress = self._task = None
        if shown:
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

            columns = ("{task.description}", BarColumn(), DownloadColumn(), TimeRemainingColumn())
            self._progress = Progress(*columns, console=Console(stderr=True))
            self._task = self._progress.add_task(name, total=None)

    def show(self, done: int, total: int, *, note: str = "") -> None:
        """Show how far it is.

        Args:
            done: What is there [bytes].
            total: What there will be [bytes], 0 if that is not known.
            note: Words to put behind the name.
        """
        if self._progress is None or self._task is None:
            return
        title = f"{self._name} ({note})" if note else self._name
        self._progress.update(self._task, description=title, completed=done, total=total or None)

    def __enter__(self) -> "DownloadBar":
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


@contextmanager
def making(title: str, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar while a data set is made, on a terminal or below a notebook's cell; then it goes.

    Args:
        title: What is made.
        shown: Whether to show it, where somebody can see it.

    Yields:
        A callable taking (done, total), or None.
    """
    console = _console() if shown else None
    if console is None:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(f"Making {title}", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _console() -> "Console | None":
    """Where somebody sees a bar; None for files and pipes, and without the package rich."""
    try:
        from rich.console import Console
    except ImportError:
        return None
    console = Console(stderr=True)
    return console if console.is_terminal or console.is_jupyter else None
