"""What is compared: each contest is one job, some entrants, and a bar that we set ourselves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.problems import Setting


@dataclass(frozen=True, kw_only=True)
class Entrant:
    """A contestant and the cores it may use.

    Attributes:
        who: A key of `CONTESTANTS`.
        processes: The models are shared out equally among them.
        threads: Of each process.
    """

    who: str
    processes: int = 1
    threads: int = 1

    @property
    def name(self) -> str:
        """Who, and on what."""
        processes = "1 process" if self.processes == 1 else f"{self.processes} processes"
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.who}, {processes} x {threads}"


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One row of the benchmark.

    Attributes:
        name: A short name, of letters, digits and hyphens.
        setting: The job.
        entrants: Ours first.
        ratio: The bar: how many times as fast as the second entrant the first must be; None
            where nothing was promised.
        seconds: The bar in seconds for the first entrant, or None.
    """

    name: str
    setting: Setting
    entrants: tuple[Entrant, ...]
    ratio: float | None = None
    seconds: float | None = None


def _both_cores(who: str) -> Entrant:
    """One process on each of two cores."""
    return Entrant(who=who, processes=2)


_SIDE_BY_SIDE = (
    _both_cores("relubook"),
    _both_cores("nn.Module + SGD"),
    _both_cores("torch.func vmap"),
    Entrant(who="relubook", threads=2),
)
_ALONE = tuple(Entrant(who=who) for who in ("relubook", "scikit-learn", "nn.Module + SGD"))
# A chapter trains on one thread: on a busy machine two would wait for each other.
_READER = (Entrant(who="relubook"), Entrant(who="relubook", threads=2))

_SWEEP = Setting(
    width=64, batch_size=32, models=16, l1=0.03, learning_rate=0.1, held_out=None, epochs=5
)

CONTESTS = (
    Contest(
        name="width-64",
        setting=Setting(width=64, models=32, examples=1000),
        entrants=_SIDE_BY_SIDE,
        ratio=10.0,
    ),
    Contest(
        name="width-256",
        setting=Setting(width=256, models=8, examples=1000),
        entrants=_SIDE_BY_SIDE,
        ratio=3.5,
    ),
    Contest(
        name="width-1000",
        setting=Setting(width=1000, models=4, examples=500),
        entrants=_SIDE_BY_SIDE,
        ratio=1.4,
    ),
    Contest(
        name="one-network",
        setting=Setting(width=64, models=1, l1=0.0),
        entrants=_ALONE,
    ),
    Contest(
        name="reader-digits",
        setting=replace(_SWEEP, data="digits-8x8", epochs=30),
        entrants=_READER,
        seconds=2.0,
    ),
    Contest(name="reader-mnist-5k", setting=_SWEEP, entrants=_READER, seconds=2.0),
)


def quick(contest: Contest) -> Contest:
    """The same contest with tiny networks, a few steps and no bar, to see that everything runs."""
    setting = contest.setting
    tiny = replace(
        setting,
        width=4,
        models=min(setting.models, 4),
        examples=2 * setting.batch_size,
        epochs=min(setting.epochs, 2),
        held_out=1,
    )
    return replace(contest, setting=tiny, ratio=None, seconds=None)
