"""Work in the background of which only the latest request counts."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Progress = Callable[[int, int, str], None]
Work = Callable[[Progress, Callable[[], bool]], object]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One request: its id, and the flag that stops it."""

    id: int
    stopped: threading.Event = field(default_factory=threading.Event)


class LatestWins:
    """Run one piece of work at a time in a thread; a new one stops the one before.

    What a stopped piece of work still says or returns is dropped, so that the reader never sees
    the result of a question they have moved on from.

    Args:
        on_progress: Called with (id, done, total, text).
        on_result: Called with (id, result) when the work ends by itself.
        on_error: Called with (id, sentence) when the work raises.
    """

    def __init__(
        self,
        *,
        on_progress: Callable[[int, int, int, str], None],
        on_result: Callable[[int, object], None],
        on_error: Callable[[int, str], None],
    ) -> None:
        self._on_progress = on_progress
        self._on_result = on_result
        self._on_error = on_error
        self._latest: Job | None = None
        self._thread: threading.Thread | None = None
        self._speaking = threading.RLock()
        self._working = threading.Lock()

    def submit(self, job_id: int, work: Work) -> None:
        """Stop what runs and start `work(progress, stop)` as soon as it has stopped."""
        job = Job(id=job_id)
        with self._speaking:
            self.cancel()
            self._latest = job
        self._thread = threading.Thread(target=self._run, args=(job, work), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop what runs; nothing more is heard of it."""
        with self._speaking:
            if self._latest is not None:
                self._latest.stopped.set()
            self._latest = None

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the latest thread has ended; return whether it has."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    def _run(self, job: Job, work: Work) -> None:
        def progress(done: int, total: int, text: str) -> None:
            self._say(job, lambda: self._on_progress(job.id, done, total, text))

        with self._working:
            if job.stopped.is_set():
                return
            try:
                result = work(progress, job.stopped.is_set)
            except Exception as error:  # whatever training raises is the reader's to read
                sentence = str(error) or type(error).__name__
                self._say(job, lambda: self._on_error(job.id, sentence))
                return
        self._say(job, lambda: self._on_result(job.id, result))

    def _say(self, job: Job, speak: Callable[[], None]) -> None:
        with self._speaking:
            if job is self._latest:
                speak()
