"""A run of one's own among the recorded seeds: as they are, or unlike any of them?

The recorded seeds say how much such numbers differ by chance. From n of them, a mean of m new ones
is expected within t s √(1/n + 1/m) of theirs, s their standard deviation and t Student's quantile:
the prediction interval of normal numbers. Positive numbers may as well be normal on a logarithmic
scale, so the wider end of either interval counts; and since one seed that failed is no bug, the
median has to lie outside too.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import get_type_hints

import numpy as np
from jaxtyping import Float, Real
from scipy.special import stdtrit

from relubook import experiments
from relubook.records import Record

COVERED = 0.999  # of the means of right runs, if normal, over all comparisons of one quantity
LEAST = 5  # recorded seeds behind a comparison
Ends = tuple[float, float]
_LARGEST = 700.0  # whose exponential is still a number
_CHOICES = 10  # fewer different numbers are values of a grid
_ROUNDING = 1e-5  # relative; what the same numbers differ by on another processor


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the mean of some new values lies among recorded ones.

    Attributes:
        mean: Of the new values.
        median: Of the new values.
        recorded: The mean of the recorded ones.
        low: From where a right run's mean is expected.
        high: To where.
        n: Recorded values.
        where: Which condition, as positions on the other axes.
    """

    mean: float
    median: float
    recorded: float
    low: float
    high: float
    n: int
    where: str = ""

    @property
    def outside(self) -> bool:
        """Whether it looks like a bug."""
        both = (self.mean, self.median)
        return max(both) < self.low or min(both) > self.high

    @property
    def distance(self) -> float:
        """How far from the recorded mean, in lengths of that side of the interval [1]."""
        gap = self.mean - self.recorded
        reach = self.high - self.recorded if gap > 0 else self.recorded - self.low
        return abs(gap) / reach if reach > 0 else (math.inf if gap else 0.0)


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One quantity of a run, over all its conditions.

    Attributes:
        quantity: Its name in the record.
        places: Of the conditions that could be compared.
        skipped: Conditions with fewer than `LEAST` recorded numbers or none of one's own, or
            whose recorded numbers are all equal, so that nothing is known of chance.
    """

    quantity: str
    places: tuple[Place, ...]
    skipped: int

    @property
    def outside(self) -> tuple[Place, ...]:
        """Those that look like a bug, the furthest first."""
        return tuple(sorted((p for p in self.places if p.outside), key=lambda p: -p.distance))


def place(
    values: Sequence[float] | Real[np.ndarray, "seeds"],
    recorded: Sequence[float] | Real[np.ndarray, "recorded_seeds"],
    *,
    comparisons: int = 1,
) -> Place:
    """Place the mean of some seeds' values among recorded ones; NaN counts as not there.

    Args:
        values: One's own, one a seed; at least one.
        recorded: At least `LEAST`, measured in the same way.
        comparisons: How many are made together; the interval is widened so that `COVERED` is the
            chance that a right run lies within all of them, or higher (Bonferroni).

    Raises:
        ValueError: If there are too few of either.

    >>> place([0.41, 0.44], [0.40, 0.43, 0.41, 0.42, 0.44]).outside
    False
    >>> place([0.9], [0.40, 0.43, 0.41, 0.42, 0.44]).outside
    True
    """
    own, others = (_finite(numbers) for numbers in (values, recorded))
    if not len(own):
        raise ValueError("The `values` of place must hold at least one finite number. Got none.")
    if len(others) < LEAST:
        raise ValueError(
            f"The `recorded` of place must hold at least {LEAST} finite numbers. Got {len(others)}."
        )
    level = 1 - (1 - COVERED) / comparisons / 2
    low, high = _interval(others, len(own), level)
    if min(own.min(), others.min()) > 0:
        ends = _interval(np.log(others), len(own), level)
        low, high = min(low, math.exp(ends[0])), max(high, math.exp(min(ends[1], _LARGEST)))
    rounding = _ROUNDING * float(np.abs(others).mean())
    low, high = low - rounding, high + rounding
    return Place(
        mean=float(own.mean()), median=float(np.median(own)), recorded=float(others.mean()),
        low=low, high=high, n=len(others),
    )  # fmt: skip


def _interval(recorded: Float[np.ndarray, "recorded_seeds"], m: int, level: float) -> Ends:
    """Where the mean of m more such numbers is expected, if they are normal."""
    n, middle = len(recorded), float(recorded.mean())
    spread = float(recorded.std(ddof=1)) * math.sqrt(1 / n + 1 / m)
    reach = float(stdtrit(n - 1, level)) * spread
    return middle - reach, middle + reach


def compare(own: Record, recorded: Record) -> tuple[Placed, ...]:
    """Place every quantity of a run that was measured for several seeds.

    Args:
        own: A record of the same experiment, with the same settings but for the seeds.
        recorded: The one that ships with the package.

    Raises:
        ValueError: If the settings differ, or the record keeps no numbers seed by seed.
    """
    _same_settings(own, recorded)
    found = []
    for quantity, axes in _axes(recorded).items():
        if "seeds" in axes and quantity in own.arrays and _measured(recorded.arrays[quantity]):
            found.append(_placed(quantity, axes, own.arrays[quantity], recorded.arrays[quantity]))
    if not found:
        raise ValueError(
            f"The record {recorded.stem} keeps no numbers seed by seed that could be compared."
        )
    return tuple(found)


def _finite(numbers: Sequence[float] | np.ndarray) -> np.ndarray:
    """Those that are numbers, in double precision."""
    array = np.asarray(numbers, dtype=np.float64).ravel()
    return array[np.isfinite(array)]


def _measured(recorded: np.ndarray) -> bool:
    """Whether these are measurements, and not choices among a few, such as a learning rate."""
    return recorded.dtype != np.bool_ and len(np.unique(_finite(recorded))) >= _CHOICES


def _same_settings(own: Record, recorded: Record) -> None:
    if own.experiment != recorded.experiment or own.data != recorded.data:
        raise ValueError(f"{own.stem} cannot be compared with {recorded.stem}.")
    names = sorted((set(own.config) | set(recorded.config)) - {"seeds"})
    for name in names:
        mine, theirs = own.config.get(name), recorded.config.get(name)
        if _plain(mine) != _plain(theirs):
            raise ValueError(
                f"The `{name}` of the run must be that of the record, {theirs}. Got {mine}."
            )


def _plain(value: object) -> object:
    """Lists for tuples, as JSON has them."""
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _axes(record: Record) -> dict[str, list[str]]:
    """The names of every array's axes, from the experiment's own annotations."""
    hints = get_type_hints(experiments.get(record.experiment).Result)
    return {
        name: hints[name].dim_str.split()
        for name in record.arrays
        if hasattr(hints.get(name), "dim_str")
    }


def _placed(quantity: str, axes: list[str], own: np.ndarray, recorded: np.ndarray) -> Placed:
    """Every condition of one quantity."""
    seeds = axes.index("seeds")
    mine, theirs = np.moveaxis(own, seeds, -1), np.moveaxis(recorded, seeds, -1)
    if mine.shape[:-1] != theirs.shape[:-1]:
        raise ValueError(
            f"The `{quantity}` of the run must have the shape of the record's but for the seeds, "
            f"{recorded.shape}. Got {own.shape}."
        )
    others = [name for name in axes if name != "seeds"]
    able = [
        where for where in _conditions(theirs.shape[:-1])
        if len(_finite(theirs[where])) >= LEAST and len(_finite(mine[where]))
        and np.ptp(_finite(theirs[where])) > 0
    ]  # fmt: skip
    places = []
    for where in able:
        found = place(mine[where], theirs[where], comparisons=len(able))
        name = ", ".join(f"{axis} {index}" for axis, index in zip(others, where, strict=True))
        places.append(Place(**{**vars(found), "where": name}))
    skipped = math.prod(theirs.shape[:-1]) - len(able)
    return Placed(quantity=quantity, places=tuple(places), skipped=skipped)


def _conditions(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every position on the axes but that of the seeds."""
    return product(*map(range, shape))
