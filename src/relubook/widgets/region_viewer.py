"""RegionViewer: the linear regions of small networks of two inputs, while they train."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from traitlets import Int, List, Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape, written
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.region_data import check_network, check_regions, check_setting

Train = Callable[..., dict[str, Any] | None]
SETTING = ("depth", "width", "l1_index", "step_index", "coloring", "place")


class RegionViewer(OnDemand):
    """Recorded networks over depth, width, L1 strength and training step, cut into their regions.

    The weights travel in the page, which finds the regions by itself, exactly. With a kernel, one
    network more is trained on demand, from a seed that was not recorded.

    Args:
        data: What `experiments.folding.viewer_data` builds from a record: a `window` of the plane
            (left, right, bottom, top), `examples`, and for each of `depths`, `widths` and `l1` a
            network with a frame for each of `steps`: `weights` (float16 in base64), test `error`
            and share of `active` units [%]; and the `counts` of regions over the seeds.
        train: `train(depth, width, l1, seed, *, progress, stop)` returning one network as those of
            the data, or None if it was stopped. None gives a widget that trains nothing.
        **traits: Where the reader begins: `depth`, `width`, `l1_index`, `step_index`, `coloring`
            (class or active) and `place`, a point of the window.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold weights that are not
            finite, have more regions than a page can draw, or are too large for a page.
    """

    _esm = module("region_viewer.mjs")
    _css = style("style.css", "explorer.css", "region_viewer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *SETTING)
    done: ClassVar[str] = "Trained here"

    depth = Int(1).tag(sync=True)
    width = Int(1).tag(sync=True)
    l1_index = Int(0).tag(sync=True)
    step_index = Int(0).tag(sync=True)
    coloring = Unicode("class").tag(sync=True)
    place = List().tag(sync=True)

    def __init__(self, data: dict[str, Any], *, train: Train | None = None, **traits: Any) -> None:
        check_regions(data)
        left, right, bottom, top = data["window"]
        start = {
            "depth": data["depths"][len(data["depths"]) // 2],
            "width": data["widths"][len(data["widths"]) // 2],
            "step_index": len(data["steps"]) - 1,
            "place": [round(0.4 * left + 0.6 * right, 3), round(0.4 * bottom + 0.6 * top, 3)],
        }
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate(*SETTING)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        check_setting(self.data, proposal["trait"].name, proposal["value"])
        return proposal["value"]

    def __repr__(self) -> str:
        sizes = f"{len(self.data['depths'])} depths x {len(self.data['widths'])} widths"
        return f"RegionViewer({sizes} x {len(self.data['l1'])} L1 strengths, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, *, train: Train | None = None) -> "RegionViewer":
        """Return the widget of a `folding` record.

        Args:
            record: Whose networks are shown.
            train: See the class; by default `experiments.folding.train_frames`, as recorded.
        """
        from relubook.experiments import folding

        config = folding.configure(record.scale, record.data)
        recorded = functools.partial(folding.train_frames, config)
        return cls(folding.viewer_data(record), train=train or recorded)

    def fallback(self) -> str:
        """Return a sentence and the counts as a table, for paper and pages without scripts."""
        head = "".join(f'<th scope="col">L1 {written(value)}</th>' for value in self.data["l1"])
        rows = "".join(
            self._row(d, w)
            for d in range(len(self.data["depths"]))
            for w in range(len(self.data["widths"]))
        )
        return (
            "<p>This figure moves where scripts may run: it shows the pieces of the plane on which "
            f"a network is linear. {escape(self.data['data'])}; {escape(self.data['network'])}. "
            f"Linear regions in the window after step {self.data['steps'][-1]:,}, median (10-90 % "
            'of the seeds):</p><table><thead><tr><th scope="col">depth x width</th>'
            f"{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _row(self, d: int, w: int) -> str:
        counts = self.data["counts"]
        cells = "".join(
            "<td>{:,g} ({:,g} to {:,g})</td>".format(
                *(counts[name][d][w][i][-1] for name in ("median", "low", "high"))
            )
            for i in range(len(self.data["l1"]))
        )
        size = f"{self.data['depths'][d]} x {self.data['widths'][w]}"
        return f'<tr><th scope="row">{size}</th>{cells}</tr>'

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        depth, width, i, seed = (int(wish[name]) for name in ("depth", "width", "l1_index", "seed"))
        l1, train = float(self.data["l1"][i]), self._train

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            network = train(depth, width, l1, seed, progress=progress, stop=stop)
            if network is None:
                return None
            trained = {**network, "depth": depth, "width": width, "l1_index": i, "seed": seed}
            check_network(trained, self.data)
            return trained

        return work
