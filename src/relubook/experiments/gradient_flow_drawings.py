"""Drawings of "gradient-flow": sizes by layer, weights' gradients, and paths that are open."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments.gradient_flow_values import NAMES, STARTS, Result, back, forward, place
from relubook.experiments.quartet import UNITS

_STYLES = {"he": "-", "glorot": "--", "torch": ":"}
_STEPS = 30  # over which texts say how sizes change, where there are as many layers


def describe(result: Result) -> str:
    """The finding in one sentence."""
    steps = _steps(result)
    texts = (
        f"from {NAMES[start]} {_factor(_outputs(result, start))} and "
        f"{_factor(_gradients(result, start))}"
        for start in STARTS
    )
    return (
        f"Over {steps} layers of rectifiers before training, the mean square of the outputs and "
        f"that of the gradient on its way back change by these factors: {', '.join(texts)}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Outputs on their way forward and gradients on their way back through rectifiers."""
    kept = {start: _a_layer(result, start, "rectifier") for start in STARTS}
    fig, left = figures.axes(
        title=f"Each layer of rectifiers passes back {kept['he']:.2f} of the gradient's mean\n"
        f"square from He's range, {kept['glorot']:.2f} from Glorot's, {kept['torch']:.2f} from "
        "torch's",
        subtitle=subtitle, width=8.4, height=4.6, panels=2,
    )  # fmt: skip
    right = fig.axes[1]
    layers = np.arange(1.0, result.activity.shape[-1] + 1)
    for start in STARTS:
        i = place(start, "rectifier")
        outputs, errors = result.activity[i].T, result.by_output[i].T
        _lines(left, layers, outputs - outputs[:1], "rectifier", _STYLES[start])
        _lines(right, layers, errors - errors[-1:], "rectifier", _STYLES[start])
        _name(right, layers, errors - errors[-1:], NAMES[start])
    left.text(0.04, 0.04, "outputs h, on their\nway forward: first\nlayer = 1", fontsize=10,
              transform=left.transAxes)  # fmt: skip
    right.text(0.97, 0.04, "gradient dL/dh, on\nits way back: last\nlayer = 1", fontsize=10,
               transform=right.transAxes, ha="right")  # fmt: skip
    for ax in fig.axes:
        ax.set(yscale="log", xlabel="hidden layer")
    left.set_ylabel("mean square (1)")
    return fig


def _outputs(result: Result, start: str) -> Float[np.ndarray, "seeds"]:
    """How the outputs of rectifiers change over some layers [powers of 2]."""
    return forward(result.activity[place(start, "rectifier")], _steps(result))


def _gradients(result: Result, start: str, activation: str = "rectifier") -> np.ndarray:
    """How the gradient changes on its way back over some layers [powers of 2]."""
    return back(result.by_output[place(start, activation)], _steps(result))


def describe_activations(result: Result) -> str:
    """The finding of `draw_activations` in one sentence."""
    texts = []
    for start in ("glorot", "he"):
        kinds = (f"{name} {_factor(_gradients(result, start, name))}" for name in UNITS)
        texts.append(f"from {NAMES[start]} {', '.join(kinds)}")
    return (
        f"Over {_steps(result)} layers before training the mean square of the gradient on its way "
        f"back changes by these factors: {'; '.join(texts)}."
    )


def draw_activations(result: Result, subtitle: str = "") -> Figure:
    """The gradient by layer for every activation, from two ranges of weights."""
    best = {name: _a_layer(result, "he", name) for name in ("rectifier", "logistic")}
    fig, left = figures.axes(
        title=f"From He's range a layer of rectifiers passes back {best['rectifier']:.2f} of\n"
        f"the gradient's mean square, one of logistic units {best['logistic']:.2f}",
        subtitle=subtitle, width=8.4, height=4.6, panels=2,
    )  # fmt: skip
    layers = np.arange(1.0, result.by_output.shape[-1] + 1)
    for ax, start in zip(fig.axes, ("glorot", "he"), strict=True):
        for name in UNITS:
            errors = result.by_output[place(start, name)].T
            _lines(ax, layers, errors - errors[-1:], name, "-")
        words = [(f"{NAMES[start]}, a layer:", figures.INK)] + [
            (f"{name} {_a_layer(result, start, name):.2f}", figures.COLORS[name]) for name in UNITS
        ]
        _listed(ax, words)
        ax.set(yscale="log", xlabel="hidden layer")
    left.set_ylabel("mean square of dL/dh, last layer = 1 (1)")
    return fig


def describe_weights(result: Result) -> str:
    """The finding of `draw_weights` in one sentence."""
    texts = ", ".join(
        f"from {NAMES[start]} {_factor(_between_weights(result, start))}" for start in STARTS
    )
    return (
        "In the deepest rectifier networks before training the mean square of the derivative by "
        f"the weights of the second hidden layer is, times that of the last: {texts}."
    )


def _between_weights(result: Result, start: str) -> Float[np.ndarray, "seeds"]:
    """Gradient of the second layer's weights over that of the last layer's [powers of 2]."""
    sizes = result.by_weights[place(start, "rectifier")]
    return sizes[:, 1] - sizes[:, -1]


def draw_weights(result: Result, subtitle: str = "") -> Figure:
    """Derivatives by the weights, layer by layer, in networks of rectifiers."""
    spread = {start: float(_between_weights(result, start).mean()) for start in STARTS}
    fig, ax = figures.axes(
        title=f"Layer 2's weights get {_factor(spread['he'])} of the last layer's gradient "
        f"from He's\nrange, {_factor(spread['glorot'])} from Glorot's, "
        f"{_factor(spread['torch'], raised=True)} from torch's (mean square)",
        subtitle=subtitle, height=4.6,
    )  # fmt: skip
    layers = np.arange(1.0, result.by_weights.shape[-1] + 1)
    for start in STARTS:
        sizes = result.by_weights[place(start, "rectifier")].T
        _lines(ax, layers, sizes, "rectifier", _STYLES[start])
        _name(ax, layers, sizes, NAMES[start])
    ax.set(yscale="log", xlabel="hidden layer", ylabel="mean square of dL/dW (1)")
    return fig


def describe_paths(result: Result) -> str:
    """The finding of `draw_paths` in one sentence."""
    i = place("he", "rectifier")
    open_paths = 10.0 ** result.paths[i].mean(1)
    texts = ", ".join(
        f"{depth} {share:.2g}" for depth, share in zip(result.depths, open_paths, strict=True)
    )
    return (
        f"Share of all paths that lead through active rectifiers only, by hidden layers: {texts}. "
        f"{100 * result.blocked[i].max():.0f} % of the digits at most meet a layer that no "
        "gradient passes."
    )


def draw_paths(result: Result, subtitle: str = "") -> Figure:
    """The share of paths that are open, by depth."""
    i = place("he", "rectifier")
    blocked = 100 * float(result.blocked[i].max())
    digits = f"{blocked:.0f} % of the digits meet" if blocked else "no digit meets"
    fig, ax = figures.axes(
        title=f"Of the paths through {result.depths[-1]} layers of rectifiers a share of "
        f"{_power_of_ten(float(result.paths[i][-1].mean()))} is open,\n"
        f"yet {digits} a layer that blocks its gradient",
        subtitle=subtitle, width=7.6, height=4.6,
    )  # fmt: skip
    depths = result.depths.astype(float)
    for name in UNITS:
        shares = 10.0 ** result.paths[place("he", name)].astype(float)
        ax.plot(depths, shares, "o", color=figures.COLORS[name], markersize=4, alpha=0.5)
        figures.band(ax, depths, shares, color=figures.COLORS[name])
    ax.text(depths[-1], 3.0, "tanh, softplus, logistic: all open", ha="right", fontsize=9.5)
    ax.text(depths[-1] / 2, 1e-5, "rectifier", fontsize=9.5, color=figures.COLORS["rectifier"])
    ax.set(
        yscale="log", ylim=(None, 100.0), xlabel="hidden layers (He's range, a point a seed)",
        ylabel="paths through active units only, of all (1)",
    )  # fmt: skip
    return fig


def _steps(result: Result) -> int:
    """Over how many layers texts say how sizes change."""
    return min(_STEPS, result.activity.shape[-1] - 1)


def _a_layer(result: Result, start: str, activation: str) -> float:
    """The factor on the gradient's mean square for each layer on the way back [1]."""
    return 2 ** (float(_gradients(result, start, activation).mean()) / _steps(result))


def _factor(powers: Float[np.ndarray, "seeds"] | float, *, raised: bool = False) -> str:
    """The geometric mean of some factors, from their log2: 0.61, or 2^-29.8."""
    power = float(np.mean(powers))
    if abs(power) < 6:
        return f"{2**power:.2f}"
    return f"$2^{{{power:.0f}}}$" if raised else f"2^{power:.1f}"


def _power_of_ten(power: float) -> str:
    """A power of ten as matplotlib sets it."""
    return f"$10^{{{power:.0f}}}$"


def _lines(
    ax: Axes, layers: np.ndarray, powers: Float[np.ndarray, "layers seeds"], name: str, style: str
) -> None:
    """Every seed as a thin line and the median, from log2."""
    values = 2.0 ** powers.astype(float)
    ax.plot(layers, values, color=figures.COLORS[name], alpha=0.25, linewidth=0.7)
    ax.plot(layers, np.median(values, axis=1), style, color=figures.COLORS[name], linewidth=2)


def _name(
    ax: Axes, layers: np.ndarray, powers: Float[np.ndarray, "layers seeds"], words: str
) -> None:
    """A series' name below its median, a third of the way through the layers."""
    at = len(layers) // 3
    height = 2.0 ** float(np.median(powers[at]))
    ax.annotate(words, (layers[at], height), xytext=(7, -13), textcoords="offset points",
                fontsize=9.5, color=figures.COLORS["rectifier"])  # fmt: skip


def _listed(ax: Axes, lines: list[tuple[str, str]]) -> None:
    """Words with a color each, one below the other at the lower right."""
    for row, (words, color) in enumerate(reversed(lines)):
        ax.text(0.97, 0.03 + 0.065 * row, words, transform=ax.transAxes, fontsize=9.5, ha="right",
                color=color)  # fmt: skip
