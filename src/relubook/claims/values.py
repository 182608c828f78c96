"""What a claim is, what a measurement says about it, and the rule that makes the verdict."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from relubook.claims.statistics import Estimate
from relubook.paper import Printed

Verdict = Literal["holds", "partly", "not here", "undecided"]
Arrays = Mapping[str, np.ndarray]

_ROUNDING = 1e-9  # of an interval: a mean nearer to 0 is 0 but for rounding


@dataclass(frozen=True, kw_only=True)
class Part:
    """One measurement and the region it must lie in, fixed before the run.

    Attributes:
        what: What is measured.
        estimate: The measurement.
        unit: Of the measurement and the region.
        region: Lowest and highest value allowed, infinity for no limit; None for a number that
            informs and decides nothing.
        contains: A value that the interval must contain besides, or None.
        at_least: The fewest measurements that may decide.
    """

    what: str
    estimate: Estimate
    unit: str
    region: tuple[float, float] | None = None
    contains: float | None = None
    at_least: int = 5

    @property
    def decisive(self) -> bool:
        """Whether anything is required of this number."""
        return self.region is not None

    @property
    def verdict(self) -> Verdict | None:
        """The rule; None for a number that only informs.

        - not here: the whole interval lies outside the region, or leaves out the value that it
          must contain.
        - holds: the estimate lies in the region and is precise enough: its interval is no wider
          than the region. Where the region has one end only, or a value must be contained, the
          whole interval must lie in the region.
        - undecided: anything else, and whenever there are too few measurements.
        """
        if self.region is None:
            return None
        found, (lowest, highest) = self.estimate, self.region
        if found.n < self.at_least or not found.low <= found.high:
            return "undecided"
        if found.high < lowest or found.low > highest or self._leaves_out():
            return "not here"
        whole = lowest <= found.low and found.high <= highest
        return "holds" if whole or self._lies_precisely(lowest, highest) else "undecided"

    def _leaves_out(self) -> bool:
        """Whether the interval misses the value that it must contain."""
        found = self.estimate
        return self.contains is not None and not found.low <= self.contains <= found.high

    def _lies_precisely(self, lowest: float, highest: float) -> bool:
        """Whether the estimate lies between two ends with an interval no wider than they are."""
        if self.contains is not None or math.isinf(highest - lowest):
            return False
        found = self.estimate
        return lowest <= found.value <= highest and found.high - found.low <= highest - lowest

    def __str__(self) -> str:
        found = self.estimate
        rounding = abs(found.value) < _ROUNDING * (found.high - found.low)
        text = f"{self.what}: {_short(0.0 if rounding else found.value)}{self._unit}"
        if found.low != found.high:
            text += f", 95 % {found.method} {_short(found.low)} to {_short(found.high)}"
        return f"{text}, n = {found.n}; {self.required}"

    @property
    def _unit(self) -> str:
        """The unit as it follows a number."""
        return "" if self.unit == "1" else f" {self.unit}"

    @property
    def required(self) -> str:
        """What is required, in words, and whether it holds."""
        if self.region is None:
            return "for information"
        return f"required: {self._region()}; {self.verdict}"

    def _region(self) -> str:
        """The region in words."""
        low, high = (_short(end) for end in self.region or ())
        unit = self._unit
        if self.contains is not None:
            return f"contains {_short(self.contains)} and stays within {low} to {high}{unit}"
        if high == "inf":
            return f"at least {low}{unit}"
        if low == "-inf":
            return f"at most {high}{unit}"
        return f"within {low} to {high}{unit}"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One sentence of the paper, or of this book, that can be measured.

    Attributes:
        id: Its name in the book.
        chapter: The chapter that is about it, as in the name of its notebook.
        number: Its place in the book's list of claims.
        statement: What is said, in our words.
        page: Where in the paper; empty for a sentence of this book.
        paper: The paper's numbers behind it; none where it says so in words only.
        experiment: The experiment whose record tests it.
        data: The data set of that record.
        scales: Scales of records that may judge it; the first that exists does.
        test: From a record's arrays to the measurements.
        interval: Which interval, over what.
        threshold: What was required, in words, before the run.
        flips: Conditions under which the verdict changes.
        twin: The same mechanism on embedded data, in seconds, with its own expectation.
        threshold_changes: One line per change of the threshold: from what, to what, why.
    """

    id: str
    chapter: str
    number: int
    statement: str
    page: str
    paper: tuple[Printed, ...]
    experiment: str
    data: str
    scales: tuple[str, ...] = ("paper", "laptop")
    test: Callable[[Arrays], tuple[Part, ...]]
    interval: str
    threshold: str
    flips: tuple[str, ...]
    twin: Callable[[], tuple[Part, ...]]
    threshold_changes: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Who says so, and where."""
        return f"paper, page {self.page}" if self.page else "this book"


@dataclass(frozen=True, kw_only=True)
class Judgment:
    """A claim beside what was measured.

    Attributes:
        claim: The claim.
        parts: The measurements, decisive ones and others.
        scale: The scale of the record that judged it.
        passport: The provenance of that record.
    """

    claim: Claim
    parts: tuple[Part, ...]
    scale: str
    passport: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """What the decisive parts add up to."""
        return combine([part.verdict for part in self.parts if part.verdict is not None])

    @property
    def n(self) -> int:
        """The fewest measurements behind a decisive part."""
        return min(part.estimate.n for part in self.parts if part.decisive)

    @property
    def power(self) -> tuple[str, ...]:
        """For each decisive part, the smallest difference this n could see."""
        return tuple(
            f"{part.what}: {_short(part.estimate.visible)}{part._unit}"
            for part in self.parts
            if part.decisive
        )


def combine(verdicts: list[Verdict]) -> Verdict:
    """One verdict from those of the parts.

    Args:
        verdicts: Of the decisive parts, at least one.

    Returns:
        "holds" if all hold, "not here" if some do not and none does, "partly" if some hold and
        some do not; otherwise "undecided". A claim asks for all of its parts: one that is not here
        is enough to refute it.

    >>> combine(["holds", "not here", "undecided"])
    'partly'
    """
    found = set(verdicts)
    if "not here" in found:
        return "partly" if "holds" in found else "not here"
    return "undecided" if "undecided" in found else "holds"


def _short(number: float) -> str:
    """A number with three digits."""
    return f"{number:.3g}" if abs(number) < 1000 else f"{number:.0f}"
