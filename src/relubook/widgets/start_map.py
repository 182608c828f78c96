"""StartMap: from which starts and learning rates deep networks learn, and a claim that flips."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Int
from traitlets import Int as Whole
from traitlets import Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.start_data import check_cell, check_map, check_setting, unpacked

Train = Callable[..., dict[str, Any] | None]
SETTING = ("activation", "depth", "start_index", "rate_index", "step_index")
BEGIN = {"activation": "logistic", "depth": 5, "rate": 0.1}  # where the slogan is true


class StartMap(OnDemand):
    """Recorded networks over activation, depth, start, learning rate and training step.

    The page shows where networks learn, and says whether "so many such layers fail" is true at
    the reader's place. With a kernel, networks of other seeds are trained there on demand.

    Args:
        data: What `experiments.training_map_frames.map_data` builds from a record: the axes
            `activations`, `depths`, `starts`, `rates` and `steps`, the `seeds`, the error below
            which a network has learned in `success` [%], and packed shares: the `error` of every
            network at every step, and the `dead` units of its deadest layer at the end.
        train: `train(activation, depth, start, rate, seeds, *, progress, stop)` returning the
            `error` of each seed at each step and its `dead` units [%], or None if it was stopped.
            None gives a widget that trains nothing.
        **traits: Where the reader begins: `activation`, `depth`, `start_index`, `rate_index` and
            `step_index`.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold what is no share, or
            are too large for a page; or if there is no such place to begin.
    """

    _esm = module("start_map.mjs")
    _css = style("style.css", "explorer.css", "start_map.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *SETTING)
    done: ClassVar[str] = "Trained here"

    activation = Unicode("logistic").tag(sync=True)
    depth = Whole(1).tag(sync=True)
    start_index = Whole(0).tag(sync=True)
    rate_index = Whole(0).tag(sync=True)
    step_index = Whole(0).tag(sync=True)

    def __init__(self, data: dict[str, Any], *, train: Train | None = None, **traits: Any) -> None:
        check_map(data)
        super().__init__(data=data, has_kernel=train is not None, **{**_begin(data), **traits})
        self._train = train

    @validate(*SETTING)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        check_setting(self.data, proposal["trait"].name, proposal["value"])
        return proposal["value"]

    def __repr__(self) -> str:
        starts, rates = len(self.data["starts"]), len(self.data["rates"])
        return f"StartMap({starts} starts x {rates} learning rates, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, *, train: Train | None = None) -> "StartMap":
        """Return the widget of a `training-map` record.

        Args:
            record: What the map shows.
            train: See the class; by default `training_map_frames.train_cell`, as recorded.
        """
        from relubook.experiments import training_map, training_map_frames

        config = training_map.configure(record.scale, record.data)
        recorded = functools.partial(training_map_frames.train_cell, config)
        return cls(training_map_frames.map_data(record), train=train or recorded)

    def fallback(self) -> str:
        """Return a sentence and a table of counts, for paper and pages without scripts."""
        found, cells = self._learned(), len(self.data["starts"]) * len(self.data["rates"])
        head = "".join(f'<th scope="col">{n}</th>' for n in self.data["depths"])
        rows = "".join(
            f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{n}</td>" for n in row)}</tr>'
            for name, row in zip(self.data["activations"], found.tolist(), strict=True)
        )
        return (
            "<p>This figure moves where scripts may run: it shows from which starts and learning "
            f"rates deep networks learn. {escape(self.data['data'])}; "
            f"{escape(self.data['network'])}. From how many of {cells} starts and learning rates "
            f"the median error of {len(self.data['seeds'])} networks is below "
            f"{self.data['success']:g} % after {self.data['steps'][-1]:,} steps:</p>"
            '<table><thead><tr><th scope="col">hidden layers</th>'
            f"{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _learned(self) -> Int[np.ndarray, "activations depths"]:
        """In how many cells the median network has learned at the last step."""
        names = ("activations", "depths", "starts", "rates", "steps", "seeds")
        error = unpacked(self.data["error"], [len(self.data[name]) for name in names])[..., -1, :]
        medians = np.median(np.nan_to_num(100 * error, nan=100.0), axis=-1)
        return (medians < self.data["success"]).sum(axis=(2, 3))

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        place = {name: wish[name] for name in SETTING[:-1]}
        seeds, train = [int(seed) for seed in wish["seeds"]], self._train

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            for name, value in place.items():
                check_setting(self.data, name, value)
            start = self.data["starts"][place["start_index"]]
            rate = float(self.data["rates"][place["rate_index"]])
            cell = train(
                place["activation"], place["depth"], start, rate, seeds,
                progress=progress, stop=stop,
            )  # fmt: skip
            if cell is None:
                return None
            check_cell(cell, self.data)
            return {**cell, **place}

        return work


def _begin(data: dict[str, Any]) -> dict[str, Any]:
    """Where the slogan is true: at the nearest recorded place."""
    known, depths, rates = data["activations"], data["depths"], data["rates"]
    return {
        "activation": BEGIN["activation"] if BEGIN["activation"] in known else known[0],
        "depth": min(depths, key=lambda depth: abs(depth - BEGIN["depth"])),
        "start_index": 0,
        "rate_index": min(range(len(rates)), key=lambda i: abs(np.log(rates[i] / BEGIN["rate"]))),
        "step_index": len(data["steps"]) - 1,
    }
