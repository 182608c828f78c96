"""A widget with a button: the kernel works on a wish, and the latest wish wins."""

from typing import Any, ClassVar

from traitlets import Bool, Dict, List

from relubook.widgets.latest import LatestWins, Work
from relubook.widgets.lives import Explorable


class OnDemand(Explorable):
    """An explorable widget to which a kernel adds live frames, one for each wish.

    A subclass turns a wish into work in `_work`, and names in `done` what has then been done.
    The page writes `request`; the kernel answers in `progress` and, with a frame more, in `live`.
    """

    done: ClassVar[str] = "Done here"

    request = Dict().tag(sync=True)
    progress = Dict().tag(sync=True)
    live = List(Dict()).tag(sync=True)
    has_kernel = Bool(False).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        self.jobs = LatestWins(
            on_progress=self._on_progress, on_result=self._on_result, on_error=self._on_error
        )
        self.observe(self._on_request, names="request")

    def _work(self, wish: dict[str, Any]) -> Work | None:
        """Return what gives one live frame, or None where nobody can do the work."""
        raise NotImplementedError(f"{type(self).__name__} must say how a wish is met.")

    def _on_request(self, change: dict[str, Any]) -> None:
        wish = change["new"]
        if wish.get("cancel"):
            self.jobs.cancel()
        elif wish and (work := self._work(wish)) is not None:
            self._on_progress(int(wish["id"]), 0, 1, "Starting.")
            self.jobs.submit(int(wish["id"]), work)

    def _on_progress(self, job: int, done: int, total: int, text: str) -> None:
        self.progress = {"id": job, "done": done, "total": total, "text": text}

    def _on_result(self, job: int, frame: object) -> None:
        if isinstance(frame, dict):
            self.live = [*self.live, frame]
            took = _in_words(frame["seconds"]) if "seconds" in frame else ""
            self._on_progress(job, 1, 1, f"{self.done}{took}.")

    def _on_error(self, job: int, sentence: str) -> None:
        self.progress = {"id": job, "done": 0, "total": 0, "text": "", "error": sentence}


def _in_words(seconds: float) -> str:
    return f" in {seconds:.{1 if seconds < 9.95 else 0}f} s"
