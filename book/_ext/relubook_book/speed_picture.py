"""The picture of the kernels: one line for each row of networks, one mark for each scheme."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
from docutils import nodes

from relubook import figures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from relubook.records import Record

OURS, EAGER = "relubook, inplace", "nn.Module + SGD"
# All networks here are of rectifiers, so color says nothing; ours are filled, the peers hollow.
MARKS = ("o", "s", "^", "D", "v", "P")


def rates(record: Record) -> dict[str, np.ndarray]:
    """Returns thousands of networks x examples a second by scheme: [rounds rows]."""
    rows = record.config["rows"]
    return {
        scheme: np.stack([record.arrays[f"{r['name']}.rate"][:, place] for r in rows], axis=1)
        / 1000
        for place, scheme in enumerate(rows[0]["schemes"])
    }


def finding(record: Record) -> str:
    """Returns what the picture shows, as a sentence."""
    found = {name: np.median(values, axis=0) for name, values in rates(record).items()}
    gain = found[OURS] / found[EAGER]
    span = f"{gain.min():.2g} to {gain.max():.2g}"
    return f"Together, in place: {span} times as fast as one by one"


def draw(record: Record) -> Figure:
    """Returns the picture: medians as marks, the range over rounds as thin lines."""
    rows = record.config["rows"]
    fig, ax = figures.axes(
        title=finding(record), subtitle=_subtitle(record), height=1.4 + 0.38 * len(rows)
    )
    places = np.arange(len(rows))
    for mark, (scheme, values) in zip(MARKS, rates(record).items(), strict=False):
        ours = scheme.startswith("relubook")
        ink = figures.INK if ours else figures.CHANCE
        ax.hlines(places, values.min(axis=0), values.max(axis=0), color=ink, linewidth=0.8)
        fill: dict[str, Any] = {
            "markerfacecolor": ink if ours else figures.GROUND,
            "markeredgecolor": ink,
        }
        ax.plot(
            np.median(values, axis=0), places, mark, color=ink, label=scheme, markersize=6, **fill
        )
    ax.set_yticks(places, [_label(row) for row in rows])
    ax.set(xscale="log", xlabel="thousand networks × examples a second")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.invert_yaxis()
    fig.legend(loc="outside lower left", ncols=3, frameon=False, fontsize=9)
    return fig


def alternative(record: Record) -> str:
    """Returns the picture in words: the finding, then every median."""
    found = {name: np.median(values, axis=0) for name, values in rates(record).items()}
    lines = [
        f"{_label(row)}: "
        + ", ".join(f"{name} {values[place]:.3g}" for name, values in found.items())
        for place, row in enumerate(record.config["rows"])
    ]
    return f"{finding(record)}. Thousand networks × examples a second. " + "; ".join(lines) + "."


def figure(record: Record) -> nodes.figure:
    """Returns the picture as part of a page: stored in the page itself, with its words."""
    coded = base64.b64encode(figures.png(draw(record))).decode()
    image = nodes.image(uri=f"data:image/png;base64,{coded}", alt=alternative(record))
    return nodes.figure("", image)


def _label(row: dict[str, Any]) -> str:
    """A row in few words."""
    return f"{row['models']} of {row['depth']} x {row['width']}, batch {row['batch_size']}"


def _subtitle(record: Record) -> str:
    """What was measured on what."""
    passport = record.passport
    threads = "1 thread" if passport["threads"] == 1 else f"{passport['threads']} threads"
    on = "a GPU" if record.data == "cuda" else f"{threads} of a processor"
    return (
        f"{passport['data']['name']}; {on}; medians and range of {record.config['rounds']} rounds"
    )
