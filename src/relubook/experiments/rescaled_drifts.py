"""Drawings of the long run of "rescaled": does descent find back to balanced layers?"""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments.rescaled_drawings import written
from relubook.experiments.rescaled_values import PENALTIES, Result

_LOOKS = (
    (figures.COLORS["rectifier"], "-"),
    (figures.COLORS["other"], "--"),
    (figures.INK, ":"),
)
_NONE, _DECAY = (PENALTIES.index(name) for name in ("none", "weight decay"))


def describe_drift(result: Result) -> str:
    """The finding of `draw_drift` in one sentence."""
    far = int(result.drift_start.argmax())
    ends = ", ".join(
        f"{words} {np.nanmedian(places):.2f}"
        for words, places in zip(PENALTIES, result.drift[:, far, :, -1], strict=True)
    )
    return (
        f"Begun at log2 s = {result.drift_start[far]:g}, the norms of the first two layers are "
        f"after {result.drift_moments[-1]:,.0f} steps where log2 s would be: {ends}."
    )


def draw_drift(result: Result, subtitle: str = "") -> Figure:
    """Where the layers' norms go over a long descent, without a penalty and with two."""
    far = int(result.drift_start.argmax())
    ends = np.nanmedian(result.drift[:, far, :, -1], axis=1)
    fig, ax = figures.axes(
        title=f"Begun at s = {written(result.drift_start[far])}: descent alone leaves the norms "
        f"at {2 ** ends[_NONE]:.1f},\nweight decay brings them to {2 ** ends[_DECAY]:.1f}",
        subtitle=_without_length(subtitle), height=4.8,
    )  # fmt: skip
    _courses(ax, result, result.drift)
    ax.set_ylabel("s of the norms, log2 (1)")
    figures.label_in_place(ax)
    return fig


def describe_balance(result: Result) -> str:
    """The finding of `draw_balance` in one sentence."""
    far = int(result.drift_start.argmax())
    begun = np.nanmedian(result.drift_balance[:, far, :, 0])
    ends = ", ".join(
        f"{words} {np.nanmedian(places):.1f}"
        for words, places in zip(PENALTIES, result.drift_balance[:, far, :, -1], strict=True)
    )
    return (
        "Squares of the first layer minus those of the second, begun at log2 s = "
        f"{result.drift_start[far]:g}: {begun:.1f} before the first step, and after "
        f"{result.drift_moments[-1]:,.0f} steps: {ends}."
    )


def draw_balance(result: Result, subtitle: str = "") -> Figure:
    """What descent conserves, without a penalty and with two."""
    far = int(result.drift_start.argmax())
    begun, alone, decayed = (
        abs(np.nanmedian(result.drift_balance[penalty, far, :, at]))
        for penalty, at in ((_NONE, 0), (_NONE, -1), (_DECAY, -1))
    )
    fig, ax = figures.axes(
        title=f"Descent alone keeps {100 * alone / begun:.0f} % of the imbalance it begins with,\n"
        f"weight decay leaves {100 * decayed / begun:.0f} %",
        subtitle=_without_length(subtitle), height=4.8,
    )  # fmt: skip
    _courses(ax, result, result.drift_balance)
    ax.set_ylabel("squares of layer 1 minus those of layer 2 (1)")
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9.5, handlelength=2,
              loc="center right", bbox_to_anchor=(1.0, 0.68))  # fmt: skip
    return fig


def _without_length(subtitle: str) -> str:
    """The line without the race's number of steps: this run is longer, as its axis says."""
    parts = subtitle.split(" · ")
    return " · ".join(p.rpartition(", ")[0] if p.endswith(" steps") else p for p in parts)


def _courses(
    ax: Axes, result: Result, values: Float[np.ndarray, "penalties starts seeds moments"]
) -> None:
    """Something over the steps of the long run, for each penalty and start."""
    for name, of_penalty, (color, style) in zip(PENALTIES, values, _LOOKS, strict=True):
        for start, lines in enumerate(of_penalty):
            ax.plot(result.drift_moments, lines.T, color=color, alpha=0.15, linewidth=0.7)
            ax.plot(result.drift_moments, np.nanmedian(lines, axis=0), style, color=color,
                    linewidth=2, label=name if start == 0 else "")  # fmt: skip
    ax.set_xlabel("steps (thin lines: seeds; thick: medians)")
