"""Few labels, live: small networks with and without pretraining, in seconds, beside the record.

Rates and passes were found by trials on other seeds. Five networks say little: their numbers are
shown, and nothing is judged by them.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.figure_4_networks import labeled
from relubook.experiments.figure_4_values import gain
from relubook.experiments.pretrained import STARTS, begin, fine_tuned, pretrained, recipe_of
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.sweep import part_of
from relubook.training import Progress, Schedule

DATA, HIDDEN = "mnist-5k", (100, 100, 100)
SEEDS = (300, 301, 302, 303, 304)  # none of those recorded, none on which settings were tried

RESTORE_RATE = 0.02  # one for all layers: a choice would take twice as long
_RESTORE_EPOCHS = 6
_RATES, _STEPS = (0.1, 0.03), 300  # with labels
_EPOCHS = (10, 60)  # but not fewer, and not more
_VALIDATION = 500  # examples
_BATCH, _L1 = 10, 1e-3


class _Stopped(Exception):
    """The reader wants no more."""


@dataclass(frozen=True, kw_only=True)
class Live:
    """What was trained just now.

    Attributes:
        labels: How many digits had one, others for each seed.
        error: Test errors without and with pretraining [1]; NaN for networks that were not
            finished, or that diverged.
        dead: Units that no validation digit activates after pretraining [1]; NaN as above.
        restored: The lowest cost of restoring a validation digit, or a layer's outputs [1]; NaN as
            above, or where it was never finite.
    """

    labels: int
    error: Float[np.ndarray, "starts seeds"]
    dead: Float[np.ndarray, "layers seeds"]
    restored: Float[np.ndarray, "layers seeds"]

    @property
    def saved(self) -> Float[np.ndarray, "_"]:
        """Error without pretraining minus error with it, of the finished seeds [points]."""
        difference = 100 * (self.error[0] - self.error[1])
        return difference[np.isfinite(difference)]

    @property
    def finished(self) -> bool:
        """Whether all networks were trained to the end."""
        return bool(np.isfinite(self.error).all())

    def __repr__(self) -> str:
        if not len(self.saved):
            return f"{self.labels:,} labels: stopped before two networks could be compared."
        done = np.isfinite(self.error).all(axis=0)
        without, with_it = 100 * self.error[:, done].mean(axis=1)
        half = half_interval(self.saved)
        reach = "" if math.isnan(half) else f", 95 % t interval {_between(self.saved, half)}"
        each = ", ".join(f"{points:.1f}" for points in self.saved)
        count = f"{len(self.saved)} seed" + "s" * (len(self.saved) != 1)
        return (
            f"{self.labels:,} labels: test error {without:.1f} % without pretraining, "
            f"{with_it:.1f} % with it.\nSaved, seed by seed: {each} points; mean "
            f"{self.saved.mean():.1f}{reach}. So few seeds ({count}) show a tendency at most."
        )


def live(
    labels: int = 100,
    seeds: Sequence[int] = SEEDS,
    *,
    restore_rate: float = RESTORE_RATE,
    device: str = "cpu",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Live:
    """Let rectifier networks restore embedded digits, then learn with few labels; others only that.

    Args:
        labels: How many of the digits have one, as many of each class as can be.
        seeds: One network of either kind each, with labeled digits of its own.
        restore_rate: Learning rate of pretraining, in all layers [1].
        device: `cpu` or `cuda`; restoring on a GPU waits for noise that is drawn on the CPU.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each pass; True ends it and keeps the networks that were finished.

    Raises:
        ValueError: If there are no seeds, or not that many digits, or not one label a class.
    """
    data = datasets.load(DATA).subset(validation=_VALIDATION)
    if not data.outputs <= labels <= len(data.train):
        raise ValueError(
            f"The `labels` must be between {data.outputs}, one for each class, and "
            f"{len(data.train):,}, the digits there are. Got {labels}."
        )
    if not len(seeds):
        raise ValueError("The `seeds` must be at least one. Got none.")
    error = np.full((len(STARTS), len(seeds)), np.nan)
    dead, cost = np.full((2, len(HIDDEN), len(seeds)), np.nan)
    report = _asking(progress, stop)
    try:
        learned = pretrained(
            HIDDEN, data, activation="rectifier", seeds=seeds, rates=(restore_rate,),
            recipe=recipe_of("rectifier", data, epochs=_RESTORE_EPOCHS, batch_size=_BATCH),
            l1=_L1, device=device, progress=part_of(report, 0, 1, 2),
        )  # fmt: skip
        dead[:], cost[:] = (learned.arrays()[f"restore_{name}"] for name in ("dead", "error"))
        plain = begin(HIDDEN, data, activation="rectifier", seeds=seeds, device=device)
        pairs = zip(plain.chunks(1), learned.network.chunks(1), strict=True)
        for place, ((_, without), (_, with_it)) in enumerate(pairs):
            own = labeled(data, labels, seeds[place])
            epochs = int(np.clip(_STEPS * _BATCH // labels, *_EPOCHS))
            schedule = Schedule(epochs=epochs, batch_size=_BATCH)
            for start, network in enumerate((without, with_it)):
                done = 2 * len(seeds) + 2 * place + start
                part = part_of(report, done, 1, 4 * len(seeds))
                found = fine_tuned(
                    network, own, rates=_RATES, l1=_L1, schedule=schedule, progress=part
                )
                if found["diverged"][0] < 0:
                    error[start, place] = found["test_error"][0]
    except _Stopped:
        pass
    return Live(labels=labels, error=error, dead=dead, restored=cost)


def describe(lives: Sequence[Live]) -> str:
    """What pretraining has saved, in one sentence."""
    words = (
        f"{live.saved.mean():.1f} points with {live.labels:,} labels ({_count(live)} networks)"
        for live in lives
        if len(live.saved)
    )
    return f"Saved by pretraining: {'; '.join(words) or 'not known yet'}."


def draw(lives: Sequence[Live], record: records.Record | None = None) -> Figure:
    """What pretraining saves by the number of labels: every live network, over recorded ones.

    Args:
        lives: What was trained.
        record: Of the experiment `figure-4`, on other digits and with larger networks, or None.
    """
    fig, ax = figures.axes(title=_title(lives), subtitle=_subtitle(record))
    color = figures.COLORS["rectifier"]
    if record is not None:
        labels = record.arrays["labels"].astype(float)
        figures.band(ax, labels, gain(record.arrays, "rectifier"), color=color, label="recorded")
    for live in lives:
        spread = live.labels * np.geomspace(0.95, 1.05, max(1, len(live.saved)))
        ax.plot(spread[: len(live.saved)], live.saved, "D", color=color, alpha=0.7, markersize=6,
                markeredgecolor=figures.INK)  # fmt: skip
    ax.axhline(0, color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.set(
        xscale="log", xlabel="labels (diamonds: live networks)",
        ylabel="test error saved by pretraining (% of digits)",
    )  # fmt: skip
    ax.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    return fig


def _asking(progress: Progress | None, stop: Callable[[], bool] | None) -> Progress:
    """A progress callback that ends the training when it is asked to."""

    def report(done: int, total: int, text: str) -> None:
        if progress is not None:
            progress(done, total, text)
        if stop is not None and stop():
            raise _Stopped

    return report


def _title(lives: Sequence[Live]) -> str:
    """What was saved in the mean, with each number of labels."""
    told = [live for live in lives if len(live.saved)]
    if not told:
        return "Live: stopped before two networks could be compared"
    texts = (f"{live.saved.mean():.1f} points with {live.labels:,} labels" for live in told)
    early = "" if told[-1].finished else ", stopped early"
    words = ",\n".join(texts).replace("-", "−")
    return f"Live{early}: pretraining saves {words}"


def _subtitle(record: records.Record | None) -> str:
    """What is trained on what, and what the band is."""
    live = f"{datasets.describe(DATA).title} · {len(HIDDEN)} x {HIDDEN[0]} rectifiers"
    if record is None:
        return live
    widths = "-".join(str(width) for width in record.config["widths"])
    title, count = datasets.describe(record.data).title, len(record.config["seeds"])
    return f"{live}\nband: {title}, {widths} rectifiers, 10 to 90 % of {count} seeds"


def _count(live: Live) -> str:
    """In how many networks pretraining lowers the error."""
    return f"{int((live.saved > 0).sum())} of {len(live.saved)}"


def _between(values: Float[np.ndarray, "_"], half: float) -> str:
    """The ends of an interval."""
    return f"{values.mean() - half:.1f} to {values.mean() + half:.1f}"
