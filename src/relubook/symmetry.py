"""What a unit says to the opposite of the pattern that excites it: three kinds of answer.

The opposite of an input is the input times minus one. With `x` as the strength of the pattern, a
response f is one-sided if f(-x) is 0, antisymmetric if it is -f(x), and symmetric if it is f(x).
"""

from collections.abc import Callable, Mapping

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import activations, figures, neurons

Strengths = Float[np.ndarray, "strengths"]
Response = Callable[[Strengths], Strengths]

_LARGEST_CURRENT = 2e-9  # A, where the pattern is fully present


def _unit(name: str) -> Response:
    """An activation as a function of arrays; its input is 3 where the pattern is fully present."""
    return lambda x: activations.get(name)(torch.as_tensor(3 * x)).numpy()


def _neuron(x: Strengths) -> Strengths:
    """The firing rate of the paper's neuron [Hz]."""
    return neurons.firing_rate(neurons.FIGURE_1, _LARGEST_CURRENT * x)


RESPONSES: Mapping[str, tuple[Response, str]] = {
    "the paper's neuron": (_neuron, figures.INK),
    "rectifier": (_unit("rectifier"), figures.COLORS["rectifier"]),
    "tanh": (_unit("tanh"), figures.COLORS["tanh"]),
    "|tanh|": (_unit("absolute-tanh"), figures.COLORS["other"]),
}


def answer_to_opposite(response: Response) -> float:
    """The answer to a pattern's opposite as a multiple of the answer to the pattern.

    Args:
        response: A function of the strength of the pattern [1], not 0 where it is fully present.

    Returns:
        The mean of f(-x) / f(x) over x in 0.1..1: 0 if one-sided, -1 if antisymmetric, 1 if
        symmetric.

    Raises:
        ValueError: If the response to the pattern itself is zero somewhere in that range.
    """
    x = np.linspace(0.1, 1, 19)
    there, back = response(x), response(-x)
    if not there.all():
        raise ValueError(
            f"The `response` must not be 0 to its pattern. Got 0 at {x[there == 0][0]:g}."
        )
    return float(np.mean(back / there))


def kind(response: Response) -> str:
    """The paper's word for a response, or `neither`.

    References:
        glorot2011, p. 316-318.
    """
    words = {0.0: "one-sided", -1.0: "antisymmetric", 1.0: "symmetric"}
    return words.get(round(answer_to_opposite(response), 9), "neither")


def describe() -> str:
    """The picture of `draw` in words."""
    kinds = ", ".join(f"{name} {kind(response)}" for name, (response, _) in RESPONSES.items())
    return f"Responses to a pattern and to its opposite, in four panels: {kinds}."


def draw() -> Figure:
    """Each response over the strength of its pattern, as a share of its largest answer."""
    x = np.linspace(-1, 1, 401)
    fig, left = figures.axes(
        title="The neuron and the rectifier do not answer the opposite; tanh and |tanh| do",
        subtitle=" ",
        width=8.4,
        height=2.9,
        panels=len(RESPONSES),
    )
    for ax, (name, (response, color)) in zip(fig.axes, RESPONSES.items(), strict=True):
        values = response(x)
        ax.axhline(0, color=figures.CHANCE, linewidth=0.8)
        ax.axvline(0, color=figures.CHANCE, linewidth=0.8)
        ax.plot(x, values / np.abs(values).max(), color=color, linewidth=2.4)
        ax.set_title(f"{name}\n{kind(response)}", loc="left", fontsize=10, color=figures.INK)
        ax.set_xticks([-1, 0, 1], ["−1", "0", "1"])
    fig.supxlabel("strength of the pattern (−1: its opposite, fully present)", fontsize=10)
    left.set(ylim=(-1.1, 1.1), ylabel="answer (share of the largest)")
    return fig
