"""L1Explorer: two sliders, L1 strength and depth, against zeros, dead units and test error."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from traitlets import Int

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape, written
from relubook.widgets.on_demand import OnDemand

Train = Callable[..., dict[str, Any] | None]
PAPER_L1, PAPER_DEPTH = 0.001, 3
GRIDS = ("error", "zeros", "zeros_by_layer", "dead_by_layer", "collapsed", "raster")


class L1Explorer(OnDemand):
    """Recorded networks over L1 strength and depth; with a kernel, one more trained on demand.

    Args:
        data: Frames of the record, as `experiments.depth_and_l1.explorer_data` builds them:
            `l1`, `depths`, and for each depth and strength the seeds' `error` and `zeros` [%],
            `zeros_by_layer` and `dead_by_layer` [%], `collapsed`, and a `raster` in base64.
        train: `train(l1, depth, *, progress, stop)` returning one live frame, or None if it was
            stopped. None gives a widget without a *Train this one* button.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a number that is not
            finite, or are too large for a page.
    """

    _esm = module("l1_explorer.mjs")
    _css = style("style.css", "explorer.css", "l1_explorer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "l1_index", "depth")
    done: ClassVar[str] = "Trained here"

    l1_index = Int(0).tag(sync=True)
    depth = Int(1).tag(sync=True)

    def __init__(self, data: dict[str, Any], *, train: Train | None = None, **traits: Any) -> None:
        check_frames(data)
        start = {"l1_index": _nearest(data["l1"], PAPER_L1), "depth": _middle(data["depths"])}
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    def __repr__(self) -> str:
        strengths, depths = len(self.data["l1"]), len(self.data["depths"])
        return f"L1Explorer({strengths} L1 strengths x {depths} depths, {self.data['data']})"

    @classmethod
    def from_records(
        cls, record: Any, band: Any = None, *, train: Train | None = None
    ) -> "L1Explorer":
        """Return the widget of a `depth-and-l1` record.

        Args:
            record: What the sliders show.
            band: The record of the same grid on the embedded digits, which live runs are laid over.
            train: See the class; by default `experiments.depth_and_l1.train_frame`.
        """
        from relubook.experiments import depth_and_l1

        data = depth_and_l1.explorer_data(record, band)
        return cls(data, train=train or depth_and_l1.train_frame)

    def fallback(self) -> str:
        """Return a sentence and the table of medians, for paper and for pages without scripts."""
        head = "".join(f'<th scope="col">depth {depth}</th>' for depth in self.data["depths"])
        rows = "".join(self._row(i) for i in range(len(self.data["l1"])))
        return (
            "<p>This figure moves where scripts may run. Exact zeros and test error, median of "
            f"{self.data['seeds']} seeds; {escape(self.data['data'])}; "
            f"{escape(self.data['network'])}:</p><table><thead><tr>"
            f'<th scope="col">L1</th>{head}</tr></thead><tbody>{rows}</tbody></table>'
        )

    def _row(self, i: int) -> str:
        medians = [
            (np.median(self.data["zeros"][d][i]), np.median(self.data["error"][d][i]))
            for d in range(len(self.data["depths"]))
        ]
        cells = "".join(f"<td>{z:.0f} % zeros, {e:.1f} % error</td>" for z, e in medians)
        return f'<tr><th scope="row">{written(self.data["l1"][i])}</th>{cells}</tr>'

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        i, depth, train = int(wish["l1_index"]), int(wish["depth"]), self._train
        l1 = float(self.data["l1"][i])

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = train(l1, depth, progress=progress, stop=stop)
            return None if frame is None else {**frame, "l1_index": i, "depth": depth}

        return work


def check_frames(data: dict[str, Any]) -> None:
    """Raise a ValueError unless every grid has one entry for each depth and strength."""
    needed = ("l1", "depths", "seeds", "data", "network", *GRIDS, "raster_units", "raster_digits",
              "paper", "passport")  # fmt: skip
    missing = [name for name in needed if name not in data]
    if missing:
        raise ValueError(f"The `data` of L1Explorer must hold {', '.join(missing)}. Got none.")
    depths, strengths = data["depths"], len(data["l1"])
    for name in GRIDS:
        lengths = [len(row) for row in data[name]]
        if lengths != [strengths] * len(depths):
            raise ValueError(
                f"The `{name}` of L1Explorer's data must be {len(depths)} depths x {strengths} "
                f"strengths. Got rows of {lengths}."
            )
    for depth, row in zip(depths, data["raster"], strict=True):
        _check_rasters(row, depth, data["raster_units"] * len(data["raster_digits"]))


def _check_rasters(rasters: Sequence[str], depth: int, cells: int) -> None:
    for i, text in enumerate(rasters):
        try:
            size = len(base64.b64decode(text, validate=True))
        except binascii.Error as error:
            raise ValueError(
                f"The `raster` of depth {depth}, strength {i} must be base64. {error}."
            ) from error
        if size != depth * cells:
            raise ValueError(
                f"The `raster` of depth {depth}, strength {i} must be {depth * cells} bytes "
                f"(layers x units x digits). Got {size}."
            )


def _nearest(strengths: Sequence[float | int], value: float) -> int:
    return int(np.argmin([abs(np.log(max(v, 1e-9) / value)) for v in strengths]))


def _middle(depths: Sequence[int]) -> int:
    return PAPER_DEPTH if PAPER_DEPTH in depths else depths[len(depths) // 2]
