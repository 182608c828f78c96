"""The paper's Figure 2 with trained networks: what one digit lights, and what comes back."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from relubook import figures, gradients
from relubook.experiments.active_paths_networks import network_at, places
from relubook.experiments.active_paths_values import KINDS, Result
from relubook.networks import MLP

_BESIDE = (len(KINDS) - 1, 1)  # the penalized rectifiers, and tanh
_WIDEST = 3.2  # points of a line


class Case(NamedTuple):
    """One network and one picture.

    Attributes:
        color: Of the activation.
        name: Of the kind of network.
        outputs: Of each hidden layer [1].
        gradient: Derivative of the error by each pre-activation [nat].
        flows: Between two hidden layers what each weight carries: forward the output it
            multiplies [1], back the derivative above it [nat].
    """

    color: str
    name: str
    outputs: list[Float[np.ndarray, "units"]]
    gradient: list[Float[np.ndarray, "units"]]
    flows: dict[str, list[Float[np.ndarray, "below above"]]]


def shown_picture(result: Result) -> int:
    """The first picture that the deepest of both networks answer rightly; else the first of all."""
    right = np.logical_and.reduce([_right(result, kind) for kind in _BESIDE])
    return int(np.argmax(right))


def _right(result: Result, kind: int) -> np.ndarray:
    network = _network(result, kind)
    x = torch.from_numpy(result.pictures / 255.0)[None]
    with torch.no_grad():
        return network(x)[0].argmax(-1).numpy() == result.labels


def _network(result: Result, kind: int) -> MLP:
    """The first seed's deepest network of a kind, trained."""
    last = [place for place in places(result) if place.kind == kind][-1]
    return network_at(result, last, -1, KINDS[kind].activation)


def case(result: Result, kind: int, picture: int) -> Case:
    """What one network does with one picture."""
    network = _network(result, kind)
    x = torch.from_numpy(result.pictures[picture : picture + 1] / 255.0)
    layers = gradients.per_unit(network, x, torch.from_numpy(result.labels[picture : picture + 1]))
    outputs = [layer.h[0, 0].numpy() for layer in layers]
    gradient = [layer.by_input[0, 0].numpy() for layer in layers]
    weights = [layer.weight[0].numpy(force=True) for layer in network.stacked_layers()[1:-1]]
    pairs = zip(outputs, weights, outputs[1:], strict=False)
    forward = [h[:, None] * w * (above != 0) for h, w, above in pairs]
    below = [(g != 0)[:, None] for g in gradient[:-1]]
    back = [on * w * g for on, w, g in zip(below, weights, gradient[1:], strict=True)]
    return Case(
        color=figures.COLORS[KINDS[kind].activation],
        name=KINDS[kind].name,
        outputs=outputs,
        gradient=gradient,
        flows={"forward": forward, "back": back},
    )


def describe_case(result: Result) -> str:
    """What `draw_case` shows, in one sentence."""
    picture = shown_picture(result)
    both = [case(result, kind, picture) for kind in _BESIDE]
    words = "; ".join(
        f"{one.name}: {_count(one.outputs)} of {_all(one)} units active, gradient in "
        f"{_count(one.gradient)} of them"
        for one in both
    )
    return f"One test picture of a {result.labels[picture]} in two trained networks. {words}."


def draw_case(result: Result, subtitle: str = "") -> Figure:
    """One digit in a rectifier and in a tanh network, lit forward and back."""
    picture = shown_picture(result)
    both = [case(result, kind, picture) for kind in _BESIDE]
    few, many = both
    fig, _ = figures.axes(
        title=f"One “{result.labels[picture]}” lights {_count(few.outputs)} of {_all(few)} "
        f"rectifiers, {_count(many.outputs)} of {_all(many)} tanh units;\nthe gradient comes back "
        f"through {_count(few.gradient)} and {_count(many.gradient)} of them",
        subtitle=subtitle,
        width=8.0,
        height=6.4,
        panels=2,
    )
    for ax, one in zip(fig.axes, both, strict=True):
        _draw_way(ax, one, one.outputs, one.flows["forward"], bottom=0.0)
        _draw_way(ax, one, one.gradient, one.flows["back"], bottom=-1.25)
        ax.set_xticks(range(len(one.outputs)), [str(n + 1) for n in range(len(one.outputs))])
        ax.set_xlabel(f"hidden layer ({one.name}; one seed)")
        ax.spines[["left", "bottom"]].set_visible(False)
        ax.tick_params(length=0)
    fig.axes[0].set_yticks([0.5, -0.75], ["forward:\noutputs", "back:\ngradient"])
    fig.axes[1].tick_params(labelleft=False)
    return fig


def _draw_way(
    ax: Axes,
    one: Case,
    values: list[Float[np.ndarray, "units"]],
    flows: list[Float[np.ndarray, "below above"]],
    *,
    bottom: float,
) -> None:
    """Units as circles, hollow where the value is exactly 0, and the flows between them."""
    for layer, flow in enumerate(flows):
        _draw_flow(ax, one.color, flow, layer, bottom)
    for layer, some in enumerate(values):
        places, lit = bottom + _heights(len(some)), some != 0
        ax.plot(np.full((~lit).sum(), layer), places[~lit], "o", color=figures.GROUND,
                markeredgecolor=figures.CHANCE, markeredgewidth=0.8, markersize=8)  # fmt: skip
        ax.plot(np.full(lit.sum(), layer), places[lit], "o", color=one.color, markersize=9)


def _draw_flow(
    ax: Axes, color: str, flow: Float[np.ndarray, "below above"], layer: int, bottom: float
) -> None:
    """A line for each weight that carries something, as wide as what it carries."""
    below, above = (bottom + _heights(units) for units in flow.shape)
    carrying = np.argwhere(flow != 0)
    ends = [[(layer, below[i]), (layer + 1, above[j])] for i, j in carrying]
    lines = list(np.array(ends).reshape(-1, 2, 2))
    size = np.abs(flow[flow != 0]) / max(np.abs(flow).max(), np.finfo(float).tiny)
    ax.add_collection(LineCollection(lines, colors=color, linewidths=0.25 + _WIDEST * size,
                                     alpha=0.55, zorder=1))  # fmt: skip


def _heights(units: int) -> Float[np.ndarray, "units"]:
    return np.linspace(1, 0, units)


def _count(values: list[Float[np.ndarray, "units"]]) -> int:
    return sum(int((some != 0).sum()) for some in values)


def _all(one: Case) -> int:
    return sum(len(some) for some in one.outputs)
