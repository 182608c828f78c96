"""PathViewer: the units and paths that one picture selects, and where the gradient comes back."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from traitlets import Bool, Int, List, Unicode, validate

from relubook.widgets import path_fallback
from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.path_data import check_network, check_paths, check_setting

Train = Callable[..., dict[str, Any] | None]
SETTING = ("picture", "depth", "step_index", "beside", "penalized", "direction", "off")


class PathViewer(OnDemand):
    """Two small networks side by side with one picture: rectifiers, and another kind of units.

    The weights travel in the page, which runs both networks forward and back by itself; a reader
    may switch single units off. With a kernel, both are trained on demand from a seed that was not
    recorded.

    Args:
        data: What `experiments.active_paths.viewer_data` builds from a record: `pictures` of
            `side` x `side` pixels (bytes in base64) with `labels`; for each of `kinds` and `depths`
            a network with a frame for each of `steps`: `weights` (8 bits in base64), `scales` and
            test `error` [%]; and `bands` of what all seeds measured.
        train: `train(depth, kinds, seed, *, progress, stop)` returning networks as those of the
            data, the seed and in words the data learned, or None if it was stopped. None gives a
            widget that trains nothing.
        **traits: Where the reader begins: `picture`, `depth`, `step_index`, `beside` (activation of
            the network on the right), `penalized` (L1 on the left), `direction` (both, forward or
            back), and `off`, units that are switched off, such as `left.0.3`.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold numbers that are not
            finite, or are too large for a page.
    """

    _esm = module("path_viewer.mjs")
    _css = style("style.css", "explorer.css", "path_viewer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *SETTING)
    done: ClassVar[str] = "Trained here"

    picture = Int(0).tag(sync=True)
    depth = Int(1).tag(sync=True)
    step_index = Int(0).tag(sync=True)
    beside = Unicode("tanh").tag(sync=True)
    penalized = Bool(True).tag(sync=True)
    direction = Unicode("both").tag(sync=True)
    off = List(Unicode()).tag(sync=True)

    def __init__(self, data: dict[str, Any], *, train: Train | None = None, **traits: Any) -> None:
        check_paths(data)
        start = {
            "depth": data["depths"][len(data["depths"]) // 2],
            "step_index": len(data["steps"]) - 1,
        }
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate(*SETTING)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        check_setting(self.data, proposal["trait"].name, proposal["value"])
        return proposal["value"]

    def __repr__(self) -> str:
        sizes = f"{len(self.data['kinds'])} kinds x {len(self.data['depths'])} depths"
        return f"PathViewer({sizes}, {len(self.data['labels'])} pictures, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, *, train: Train | None = None, **traits: Any) -> "PathViewer":
        """Return the widget of an `active-paths` record.

        Args:
            record: Whose networks are shown.
            train: See the class; by default `experiments.active_paths.train_frames` at the
                record's scale on its embedded data, which need no download.
            **traits: See the class.
        """
        from relubook.experiments import active_paths

        config = active_paths.configure(record.scale)
        embedded = functools.partial(active_paths.train_frames, config)
        return cls(active_paths.viewer_data(record), train=train or embedded, **traits)

    def fallback(self) -> str:
        """Return a sentence, a drawing and a table, for paper and pages without scripts."""
        return path_fallback.words(
            self.data, picture=self.picture, depth=self.depth, step_index=self.step_index
        )

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        depth, seed = int(wish["depth"]), int(wish["seed"])
        kinds, train = [int(kind) for kind in wish["kinds"]], self._train

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            trained = train(depth, kinds, seed, progress=progress, stop=stop)
            if trained is None:
                return None
            for kind, network in zip(kinds, trained["networks"], strict=True):
                check_network({**network, "kind": kind, "depth": depth}, self.data)
            return trained

        return work
