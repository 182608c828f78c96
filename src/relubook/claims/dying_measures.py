"""What the claims about dead units and growing activations measure: from a record's arrays."""

import math

import numpy as np
from jaxtyping import Float, Int

from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Part
from relubook.experiments.born_dead_drawings import KINDS as STARTS
from relubook.experiments.born_dead_drawings import SYMMETRIC
from relubook.experiments.dying_values import largest_rate, plain
from relubook.experiments.growth_drawings import KINDS, growth, named

NARROW, WIDE, DEEP = 2, 16, 20  # units, units, hidden layers
BORN_DEAD, BORN_ALIVE = 80.0, 1.0  # percent of networks
GROWS, STOPS = 1.2, 1.0  # times the mean after the first epoch
MORE, FEW = 5.0, 50.0  # of 100 units; percent of those that died

_DRAWN = (STARTS.index("one input"), STARTS.index("ten inputs"))  # biases of 0


def born_dead(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 38, from "born-dead": the bound, narrow deep networks, wide ones."""
    n, widths, depths = int(arrays["networks"]), arrays["widths"], arrays["depths"]
    counts = np.rint(arrays["dead"].mean(-1) * n).astype(int)
    narrow = counts[_DRAWN, :, :][:, widths == NARROW][..., depths == DEEP]
    wide = counts[_DRAWN, :, :][:, widths >= WIDE][..., depths <= DEEP]
    return (
        _beyond_the_bound(counts[list(SYMMETRIC)], arrays["bound"], n),
        Part(
            what=f"dead networks of {NARROW} units and {DEEP} layers, at least",
            estimate=_percent(int(narrow.min()), n=n),
            unit="%",
            region=(BORN_DEAD, math.inf),
        ),
        Part(
            what=f"dead networks of {WIDE} units or more and up to {DEEP} layers, at most",
            estimate=_percent(int(wide.max()), n=n),
            unit="%",
            region=(-math.inf, BORN_ALIVE),
        ),
        *_of_the_starts(counts, arrays, n),
    )


def _beyond_the_bound(
    counts: Int[np.ndarray, "kinds widths depths"],
    bound: Float[np.ndarray, "widths depths"],
    n: int,
) -> Part:
    """By how much the cell that comes closest to the bound, or goes farthest beyond, exceeds it."""
    ends = np.vectorize(lambda number: statistics.share(int(number), n=n).low)(counts)
    excess = 100 * float((ends - bound).max())
    return Part(
        what=f"low end of a share of dead networks minus the bound, largest of {counts.size} cells",
        estimate=Estimate(
            value=excess, low=excess, high=excess, visible=100 * 2.8 * math.sqrt(0.25 / n), n=n,
            method="low end of the Wilson interval",
        ),
        unit="points",
        region=(-math.inf, 0.0),
    )  # fmt: skip


def _of_the_starts(
    counts: Int[np.ndarray, "kinds widths depths"], arrays: Arrays, n: int
) -> tuple[Part, ...]:
    """Narrow deep networks by their start, and one input's chance, for information."""
    row, column = (int(np.flatnonzero(arrays[name] == value)[0])
                   for name, value in (("widths", NARROW), ("depths", DEEP)))  # fmt: skip
    off = arrays["silent"][list(SYMMETRIC)] - arrays["bound"][..., None]
    return (
        *(
            Part(
                what=f"dead networks of {NARROW} units and {DEEP} layers, {kind}",
                estimate=_percent(int(counts[at, row, column]), n=n),
                unit="%",
            )
            for at, kind in enumerate(STARTS)
        ),
        Part(
            what="share that loses one given input minus the formula, mean over cells, by group",
            estimate=statistics.mean(100 * off.mean((0, 1, 2))),
            unit="points",
        ),
    )


def _percent(number: int, *, n: int) -> Estimate:
    """A share with its interval, in percent."""
    found = statistics.share(number, n=n)
    return Estimate(
        value=100 * found.value, low=100 * found.low, high=100 * found.high,
        visible=100 * found.visible, n=n, method=found.method,
    )  # fmt: skip


def grows(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 40, from "growth": the mean |h| after the last epoch over that after the first."""
    regions = {0: (GROWS, math.inf), 2: (-math.inf, STOPS)}
    factors, largest = growth(arrays["mean_abs"]), growth(arrays["largest"])
    error = 100 * (arrays["test_error"][2, -1] - arrays["test_error"][0, -1])
    return (
        *(
            Part(
                what=f"mean |h| after the last epoch over that after the first, {named(kind)}",
                estimate=_told(factors[at]),
                unit="1",
                region=regions.get(at),
            )
            for at, kind in enumerate(KINDS)
        ),
        *(
            Part(
                what=f"largest |h| after the last epoch over that after the first, {named(kind)}",
                estimate=_told(largest[at]),
                unit="1",
            )
            for at, kind in enumerate(KINDS)
        ),
        Part(
            what="test error with L1 0.001 minus without, after the last epoch",
            estimate=_told(error),
            unit="points",
        ),
    )


def dies(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 42, from "dying": deaths by learning rate, and who is alive at the end."""
    settings = plain(arrays["gain"], arrays["shift"])
    gentle, violent = int(settings[0]), largest_rate(settings, arrays["diverged"])
    died = 100 * arrays["died"][:, -1].mean(1)
    rates = (f"{arrays['learning_rate'][at]:g}" for at in (violent, gentle))
    return (
        Part(
            what="deaths of 100 units at the learning rates {} minus {}".format(*rates),
            estimate=_told(died[violent] - died[gentle]),
            unit="units",
            region=(MORE, math.inf),
        ),
        Part(
            what="units that died there and are alive at the end",
            estimate=_told(_alive_again(arrays, violent, slice(None))),
            unit="%",
            region=(-math.inf, FEW),
        ),
        *(
            Part(
                what=f"the same in hidden layer {layer + 1}",
                estimate=_told(_alive_again(arrays, violent, slice(layer, layer + 1))),
                unit="%",
            )
            for layer in range(arrays["died"].shape[2])
        ),
        Part(
            what="test error there minus the lowest of all learning rates",
            estimate=_told(100 * (arrays["test_error"][violent] - _best(arrays, settings))),
            unit="points",
        ),
        Part(
            what="test error without the units dead at the end minus with them",
            estimate=_told(
                100 * (arrays["test_error_without"][violent] - arrays["test_error"][violent])
            ),
            unit="points",
        ),
    )


def _alive_again(arrays: Arrays, setting: int, layers: slice) -> Float[np.ndarray, "seeds"]:
    """Of the units of these layers that died, those alive at the last look [%]; NaN if none did."""
    died, alive = (arrays[name][setting, -1, layers].sum(0) for name in ("died", "died_alive"))
    return 100 * np.divide(alive, died, out=np.full_like(died, np.nan), where=died > 0)


def _best(arrays: Arrays, settings: Int[np.ndarray, "plain"]) -> Float[np.ndarray, "seeds"]:
    """Test errors [1] at the learning rate with the lowest mean among those without divergence."""
    errors = arrays["test_error"][settings]
    means = np.where(np.isfinite(errors).all(1), errors.sum(1), np.inf)
    return errors[int(means.argmin())]


def _told(values: Float[np.ndarray, "seeds"]) -> Estimate:
    """The mean over the seeds of which there is anything to tell."""
    return statistics.mean(values[np.isfinite(values)])
