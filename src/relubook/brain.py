"""How many neurons are active at once, and what a brain spends its energy on: numbers and pictures.

Not ours and not the 2011 paper's: each number names the article that it comes from.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures, paper


@dataclass(frozen=True, kw_only=True)
class ActiveShare:
    """An estimate of how many neurons are active at the same time.

    Attributes:
        low: Lowest share [%]; 0 where only a limit is given.
        high: Highest share [%].
        words: The estimate as its authors give it.
        source: Author and year.
        citekey: Of the article.
        reasoning: What it was concluded from.
    """

    low: float
    high: float
    words: str
    source: str
    citekey: str
    reasoning: str


_PAPER_LOW, _PAPER_HIGH = (paper.STATED[f"brain_active_{end}"] for end in ("low", "high"))

ACTIVE_SHARES = (
    ActiveShare(
        low=0.0,
        high=1.0,
        words="possibly fewer than 1 %",
        source="Lennie 2003",
        citekey="lennie2003",
        reasoning="cortex: the energy there is, and what a spike costs",
    ),
    ActiveShare(
        low=_PAPER_LOW.value,
        high=_PAPER_HIGH.value,
        words=f"{_PAPER_LOW.text} to {_PAPER_HIGH}",
        source=f"the 2011 paper, page {_PAPER_LOW.page}",
        citekey=paper.CITEKEY,
        reasoning="as the paper quotes Lennie 2003",
    ),
    ActiveShare(
        low=0.0,
        high=15.0,
        words="at most 15 %",
        source="Attwell and Laughlin 2001",
        citekey="attwell2001",
        reasoning="gray matter of rodents: a budget for signals",
    ),
)

# Shares of the energy that signals cost [%]: attwell2001, whose abstract names these four parts and
# leaves 3 % for others, and howarth2012.
ENERGY_BUDGETS: dict[str, dict[str, float | int]] = {
    "Attwell and Laughlin 2001\nrodent gray matter": {
        "action potentials": 47,
        "synapses, receiving side": 34,
        "resting potentials": 13,
        "recycling of glutamate": 3,
    },
    "Howarth et al. 2012\ncortex, revised": {
        "action potentials": 21,
        "synapses, receiving side": 50,
        "resting potentials": 20,
        "synapses, sending side": 5,
        "recycling of glutamate": 4,
    },
}
_GRAYS = ("#3b3b3b", "#6f6f6f", "#9b9b9b", "#bdbdbd", "#d9d9d9")


def describe_active(networks: Mapping[str, float]) -> str:
    """The picture of `draw_active` in words."""
    brain = "; ".join(f"{one.source}: {one.words}" for one in ACTIVE_SHARES)
    ours = "; ".join(f"{name}: {share:.0f} %" for name, share in networks.items())
    return (
        "Estimates of how many neurons are active at once have upper limits that differ by a "
        f"factor of {_spread():g}. "
        f"{brain}. Active hidden units of our networks: {ours}."
    )


def draw_active(networks: Mapping[str, float]) -> Figure:
    """The three estimates beside the share of active units in networks, on a logarithmic axis.

    Args:
        networks: Name to share of active hidden units [%], above 0.

    Raises:
        ValueError: If a share is not above 0 and at most 100.
    """
    for name, share in networks.items():
        if not 0 < share <= 100:
            raise ValueError(f"The share of {name} must be above 0 and at most 100. Got {share}.")
    fig, ax = figures.axes(
        title=f"How many are active at once? Upper limits differ by a factor of {_spread():g}",
        subtitle="Active at the same time (%): three estimates, and rectifier networks",
        height=3.6,
    )
    for row, one in enumerate(ACTIVE_SHARES):
        _bar(ax, row, one)
    for row, (name, share) in enumerate(networks.items(), start=len(ACTIVE_SHARES)):
        ax.plot(share, row, "o", color=figures.COLORS["rectifier"], markersize=8)
        ax.text(share * 1.25, row, f"{share:.0f} %", va="center", fontsize=10)
        ax.text(0.115, row, name, va="center", fontsize=10)
    rows = len(ACTIVE_SHARES) + len(networks)
    ax.set(xscale="log", xlim=(0.1, 150), ylim=(rows - 0.4, -0.6), xlabel="active (%)")
    ax.set_xticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    return fig


def _spread() -> float:
    """How far the highest of the estimates are apart."""
    highest = [one.high for one in ACTIVE_SHARES]
    return max(highest) / min(highest)


def _bar(ax: Axes, row: int, one: ActiveShare) -> None:
    """One estimate: a bar, or an arrow downward from a limit, with its source above."""
    color = figures.INK if one.citekey == paper.CITEKEY else figures.CHANCE
    style = {"color": color, "linewidth": 7, "solid_capstyle": "butt"}
    ax.plot([max(one.low, 0.1), one.high], [row + 0.16] * 2, **style)
    text = f"{one.source}: {one.words}"
    ax.text(0.115, row - 0.24, f"{text} ({one.reasoning})", va="center", fontsize=9)


def describe_energy() -> str:
    """The picture of `draw_energy` in words."""
    budgets = (
        f"{name.splitlines()[0]}: "
        + ", ".join(f"{part} {share:.0f} %" for part, share in budget.items())
        for name, budget in ENERGY_BUDGETS.items()
    )
    return (
        "Two budgets of a brain's energy for signals. In the later one, action potentials take "
        f"less than half as much as in the earlier one. {'; '.join(budgets)}."
    )


def draw_energy() -> Figure:
    """The two energy budgets as bars of their parts, each part labeled in place."""
    fig, ax = figures.axes(
        title="What signals cost: the share of spikes was revised downward",
        subtitle="Energy of neural signals by what it is spent on (%)",
        height=3.0,
    )
    parts = list(dict.fromkeys(part for b in ENERGY_BUDGETS.values() for part in b))
    for row, budget in enumerate(ENERGY_BUDGETS.values()):
        starts = np.cumsum([0.0, *budget.values()])
        for start, (part, share) in zip(starts, budget.items(), strict=False):
            _slice(ax, row, start, share, parts.index(part))
    _names(ax, parts)
    ax.set(xlim=(0, 100), ylim=(1.5, -1.05), xlabel="share of the energy (%)")
    ax.set_yticks(range(len(ENERGY_BUDGETS)), list(ENERGY_BUDGETS), fontsize=9)
    return fig


def _slice(ax: Axes, row: int, start: float, share: float | int, part: int) -> None:
    """One part of a budget with its number."""
    ink = "white" if part < 2 else figures.INK
    ax.barh(row, share, left=start, color=_GRAYS[part], edgecolor=figures.GROUND, height=0.6)
    ax.text(start + share / 2, row, f"{share:.0f}", ha="center", va="center", color=ink, fontsize=9)


def _names(ax: Axes, parts: list[str]) -> None:
    """What each gray stands for, in two rows above the bars."""
    for place, part in enumerate(parts):
        x, y = 36 * (place % 3), -0.86 + 0.26 * (place // 3)
        ax.barh(y, 2.2, left=x, height=0.16, color=_GRAYS[place])
        ax.text(x + 3, y, part, va="center", fontsize=9)
