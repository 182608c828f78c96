"""ScaleSlider: one function, many parametrizations, and how differently they train."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from traitlets import Int, Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape, written
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.scale_data import check_race, check_scales, check_setting

Race = Callable[..., dict[str, Any] | None]
SETTING = ("place", "stage", "case", "digit")


class ScaleSlider(OnDemand):
    """One network under a slider s that divides its first weights and multiplies its second.

    The page computes the outputs of both parametrizations, and shows what was recorded of them:
    the curvature's eigenvalues and the training loss from there. With a kernel, another network
    descends from a rescaled start on demand.

    Args:
        data: What `experiments.rescaled_frames.viewer_data` builds from a record: the logarithms
            `log2_s`, one network of each kind in `weights` (float32 in base64), one picture of
            each class in `digits`, and for each s the `spectrum` and the `races`.
        race: `race(log2_s, seed, *, progress, stop)` returning the `own` and the `common` loss at
            each of the data's `moments` [nat], or None if it was stopped. None gives a widget that
            trains nothing.
        **traits: Where the reader begins: `place` on the slider, `stage` (untrained or trained),
            `case` (positive, negative or tanh) and `digit`.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, or hold what is no number;
            or if there is no such place to begin.
    """

    _esm = module("scale_slider.mjs")
    _css = style("style.css", "explorer.css", "scale_slider.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *SETTING)
    done: ClassVar[str] = "Trained here"

    place = Int(0).tag(sync=True)
    stage = Unicode("untrained").tag(sync=True)
    case = Unicode("positive").tag(sync=True)
    digit = Int(0).tag(sync=True)

    def __init__(self, data: dict[str, Any], *, race: Race | None = None, **traits: Any) -> None:
        check_scales(data)
        begin = {"place": data["log2_s"].index(0)}
        super().__init__(data=data, has_kernel=race is not None, **{**begin, **traits})
        self._race = race

    @validate(*SETTING)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        check_setting(self.data, proposal["trait"].name, proposal["value"])
        return proposal["value"]

    def __repr__(self) -> str:
        ends = (2 ** self.data["log2_s"][end] for end in (0, -1))
        low, high = (f"{end:g}" for end in ends)
        return f"ScaleSlider(s from {low} to {high}, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, *, race: Race | None = None) -> "ScaleSlider":
        """Return the widget of a `rescaled` record.

        Args:
            record: What is shown.
            race: See the class; by default `experiments.rescaled_frames.race_once` with the
                record's rates, on the embedded digits.
        """
        from relubook.experiments import rescaled, rescaled_frames

        config = rescaled.configure(record.scale)

        def embedded(log2_s: float, seed: int, **listeners: Any) -> dict[str, Any] | None:
            rates = rescaled_frames.rates_at(record, log2_s)
            return rescaled_frames.race_once(config, rates, log2_s, seed, **listeners)

        return cls(rescaled_frames.viewer_data(record), race=race or embedded)

    def fallback(self) -> str:
        """Return a sentence and a table over s, for paper and pages without scripts."""
        rows = "".join(
            self._row(at) for at, log2_s in enumerate(self.data["log2_s"]) if log2_s == int(log2_s)
        )
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in (
                "s", "largest eigenvalue", "over the mean", "best rate", "loss at the best rate",
                "loss at the rate for s = 1",
            )
        )  # fmt: skip
        return (
            "<p>This figure moves where scripts may run: its slider divides a network’s first "
            "weights by s and multiplies the second, which leaves the function as it is. "
            f"{escape(self.data['data'])}; {escape(self.data['network'])}. Curvature before "
            f"training, and training loss after {self.data['moments'][-1]:,} steps (medians, "
            f"nat):</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _row(self, at: int) -> str:
        cells = (
            f"{self.data['largest']['untrained'][at]:.3g}",
            f"{self.data['condition']['untrained'][at]:.0f}",
            written(self.data["rates"][at]),
            *(self._median(name, at) for name in ("own", "common")),
        )
        texts = "".join(f"<td>{text}</td>" for text in cells)
        return f'<tr><th scope="row">{2 ** self.data["log2_s"][at]:g}</th>{texts}</tr>'

    def _median(self, race: str, at: int) -> str:
        """The median loss at the end; a network that diverged counts as one that says nothing."""
        silent = self.data["silent"]
        ends = [curve[-1] for curve in self.data["races"][race][at]]
        return f"{np.median([silent if end is None else min(end, silent) for end in ends]):.2f}"

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._race is None:
            return None
        at, seed, race = int(wish["place"]), int(wish["seed"]), self._race

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            check_setting(self.data, "place", at)
            found = race(float(self.data["log2_s"][at]), seed, progress=progress, stop=stop)
            if found is None:
                return None
            check_race(found, self.data)
            return {**found, "place": at}

        return work
