"""Denoiser: a digit, what noise leaves of it, and what four kinds of autoencoders give back."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float
from traitlets import Int, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.denoiser_data import (
    check_denoiser,
    check_frame,
    check_setting,
    digit_of,
    restored_by,
)
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape
from relubook.widgets.on_demand import OnDemand

Train = Callable[..., dict[str, Any] | None]
SETTING = ("digit", "noise", "mask", "strategy")
_STILL = 20240229  # seed of the noise on paper


class Denoiser(OnDemand):
    """A digit to choose or to draw, its pixels masked, and what four networks give back of it.

    The weights travel in the page, which runs the networks by itself. With a kernel, all four are
    trained on demand from a seed that was not recorded.

    Args:
        data: What `experiments.denoiser_live.denoiser_data` builds from a record: `digits` of
            `side` x `side` pixels (bytes in base64) with `labels`; and `strategies`, each with a
            network of `width` hidden units (8 bits a weight in base64, a scale and a bias a unit)
            and the squared errors over all test digits for each of some shares of `noise` [%].
        train: `train(seed, *, progress, stop)` returning networks as those of the data, and in
            words the data learned, or None if it was stopped. None gives a widget that trains
            nothing.
        **traits: Where the reader begins: `digit`, `noise` (masked pixels [%]), `mask` (which
            noise) and `strategy`, the place of the one that is looked into.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold numbers that are not
            finite, or are too large for a page.
    """

    _esm = module("denoiser.mjs")
    _css = style("style.css", "explorer.css", "choices.css", "denoiser.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *SETTING)
    largest_data: ClassVar[int] = 310_000
    done: ClassVar[str] = "Trained here"

    digit = Int(0).tag(sync=True)
    noise = Int(25).tag(sync=True)
    mask = Int(1).tag(sync=True)
    strategy = Int(0).tag(sync=True)

    def __init__(self, data: dict[str, Any], *, train: Train | None = None, **traits: Any) -> None:
        check_denoiser(data)
        start = {"digit": min(2, len(data["labels"]) - 1)}
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate(*SETTING)
    def _check_setting(self, proposal: dict[str, Any]) -> int:
        return check_setting(self.data, proposal["trait"].name, proposal["value"])

    def __repr__(self) -> str:
        return f"Denoiser({len(self.data['strategies'])} strategies, {self.data['data']})"

    @classmethod
    def from_record(cls, record: Any, *, train: Train | None = None, **traits: Any) -> "Denoiser":
        """Return the widget of a `denoiser` record.

        Args:
            record: Whose networks are shown.
            train: See the class; by default `experiments.denoiser_live.train_frame`, on embedded
                digits, which need no download.
            **traits: See the class.
        """
        from relubook.experiments import denoiser_live as alive

        own = functools.partial(alive.train_frame, record)
        return cls(alive.denoiser_data(record), train=train or own, **traits)

    def fallback(self) -> str:
        """Return a sentence, pictures and a table, for paper and for pages without scripts."""
        clean = digit_of(self.data, self.digit)
        lots = np.random.default_rng([_STILL, self.mask]).random(len(clean))
        received = np.where(lots < self.noise / 100, 0.0, clean)
        label = escape(self.data["labels"][self.digit])
        return (
            "<p>This figure moves where scripts may run: it shows what four kinds of autoencoders "
            f"give back of a digit with missing pixels. {escape(self.data['data'])}; "
            f"{escape(self.data['network'])}. Here a “{label}” with {self.noise}&nbsp;% of its "
            f"pixels masked:</p>{self._pictures(clean, received)}{self._table()}"
        )

    def _pictures(
        self, clean: Float[np.ndarray, "pixels"], received: Float[np.ndarray, "pixels"]
    ) -> str:
        shown = [("the digit", clean), ("received", received)]
        for each in self.data["strategies"]:
            shown.append((each["name"], restored_by(each, each["output"], received)))
        return "".join(
            f'<figure style="display:inline-block;margin:4px 8px 4px 0">{_still(pixels, name)}'
            f"<figcaption>{escape(name)}</figcaption></figure>"
            for name, pixels in shown
        )

    def _table(self) -> str:
        head = "".join(f'<th scope="col">{share:g}\u00a0%</th>' for share in self.data["noise"])
        rows = [("doing nothing", [f"{error:.2f}" for error in self.data["nothing"]])]
        for each in self.data["strategies"]:
            pairs = zip(each["error"], each["half"], strict=True)
            rows.append((each["name"], [f"{mean:.2f} ± {half:.2f}" for mean, half in pairs]))
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
            for name, cells in rows
        )
        seeds = len(self.data["passport"].get("seeds", []))
        return (
            "<table><caption>Squared error per test digit by masked pixels, mean of "
            f"{seeds} seeds and 95&nbsp;% interval</caption><thead><tr>"
            f'<th scope="col">masked</th>{head}</tr></thead><tbody>{body}</tbody></table>'
        )

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        seed, train = int(wish["seed"]), self._train

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = train(seed, progress=progress, stop=stop)
            if frame is not None:
                check_frame(frame, self.data)
            return frame

        return work


def _still(pixels: Float[np.ndarray, "pixels"], name: str) -> str:
    """A picture in the page's ink, of squares in ten shades."""
    side = round(len(pixels) ** 0.5)
    shades = (10 * pixels.clip(0, 1)).round().astype(int)
    paths = "".join(
        f'<path fill-opacity="{shade / 10:g}" d="'
        + "".join(f"M{i % side} {i // side}h1v1h-1z" for i in np.flatnonzero(shades == shade))
        + '"/>'
        for shade in range(1, 11)
        if (shades == shade).any()
    )
    return (
        f'<svg viewBox="0 0 {side} {side}" width="98" role="img" aria-label="{escape(name)}" '
        f'fill="currentColor" shape-rendering="crispEdges" style="outline:1px solid">{paths}</svg>'
    )
