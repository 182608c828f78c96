"""Drawing in one style: color means activation, every seed is seen, and every figure has words.

All functions draw plain arrays on matplotlib axes; what the arrays mean stands in `experiments`.
"""

import ast
import inspect
import io
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

# Okabe and Ito's palette, which all common kinds of color vision tell apart.
COLORS = {
    "rectifier": "#0072B2",
    "softplus": "#56B4E9",
    "tanh": "#D55E00",
    "logistic": "#CC79A7",
    "other": "#009E73",
}
INK, CHANCE, GROUND = "#1a1a1a", "#6E6E6E", "#FCFCFA"
PAPER_POINTS: dict[str, Any] = {
    "marker": "o",
    "color": INK,
    "linestyle": "none",
    "markerfacecolor": "none",
    "markeredgecolor": INK,
    "markeredgewidth": 0.8,
    "markersize": 4,
    "alpha": 0.55,
}
_DPI = 125  # a figure of 7 inches has 1.3 dots for each CSS pixel of the text's width
_PALETTE = 64  # colors of a stored drawing: a third of the bytes, and no difference to be seen
_STYLE: dict[Any, Any] = {
    "figure.facecolor": GROUND,
    "axes.facecolor": GROUND,
    "axes.edgecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.labelsize": 11,
    "axes.titlesize": 13,
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
    "font.size": 11,
    "font.family": "DejaVu Sans",
    "lines.solid_capstyle": "round",
}


def axes(
    *, title: str, subtitle: str = "", width: float = 7.0, height: float = 4.2, panels: int = 1
) -> tuple[Figure, Axes]:
    """A figure with the finding as its title and data, network, epochs, seeds as its subtitle.

    Args:
        title: The finding, as a sentence.
        subtitle: What was measured on what.
        width: [inch].
        height: [inch].
        panels: Axes side by side with a shared y axis.

    Returns:
        The figure and its axes; of several panels the left one (`axes` of the figure has all).
    """
    with mpl.rc_context(_STYLE):
        fig = Figure(figsize=(width, height), layout="constrained", dpi=_DPI)
        FigureCanvasAgg(fig)
        left, *_ = fig.subplots(1, panels, sharey=True, squeeze=False)[0]
        fig.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
        left.set_title(subtitle, loc="left", fontsize=9.5, color="#444444")
    return fig, left


def strips(ax: Axes, groups: Sequence[Float[np.ndarray, "_"]], *, color: str) -> None:
    """One column of points per group, numbered from 1, with a bar at the median.

    Args:
        ax: Where to draw.
        groups: Values of each group's seeds.
        color: Of all points.
    """
    for number, values in enumerate(groups, start=1):
        offsets = np.linspace(-0.12, 0.12, len(values)) if len(values) > 1 else np.zeros(1)
        ax.plot(number + offsets, values, "o", color=color, alpha=0.6, markersize=5)
        ax.hlines(np.median(values), number - 0.25, number + 0.25, color=color, linewidth=2)
    ax.set_xticks(range(1, len(groups) + 1))


def band(
    ax: Axes,
    x: Float[np.ndarray, "points"],
    values: Float[np.ndarray, "points seeds"],
    *,
    color: str,
    label: str = "",
) -> None:
    """The median over seeds, the 10 to 90 % band, and every seed as a thin line."""
    low, high = np.nanquantile(values, [0.1, 0.9], axis=1)
    ax.fill_between(x, low, high, color=color, alpha=0.18, linewidth=0)
    ax.plot(x, values, color=color, alpha=0.25, linewidth=0.7)
    ax.plot(x, np.nanmedian(values, axis=1), color=color, linewidth=2, label=label)


def shade(number: float, largest: float) -> str:
    """The rectifier's blue, darker for larger numbers: for depths and other ordered series."""
    pale, full = np.array([0.36, 0.62, 0.82]), np.array([0.0, 0.18, 0.32])
    share = 0.0 if largest <= 1 else (number - 1) / (largest - 1)
    red, green, blue = (float(part) for part in pale + share * (full - pale))
    return to_hex((red, green, blue))


def note_clipped(
    ax: Axes,
    x: Float[np.ndarray, "points"],
    y: Float[np.ndarray, "points"],
    *,
    top: float,
    lost: int = 0,
) -> None:
    """Draw what lies above the picture as triangles at its edge, and say how much that is."""
    above = y > top
    ax.plot(x[above], np.full(above.sum(), top * 0.985), "^", color=COLORS["rectifier"],
            alpha=0.7, markersize=6)  # fmt: skip
    words = []
    if above.any():
        words.append(f"{above.sum()} above {top:g} % (triangle)")
    if lost:
        words.append(f"{lost} more stopped working (error above 50 %)")
    ax.text(0.01, 0.98, "\n".join(words), transform=ax.transAxes, va="top", fontsize=9, color=INK)


def label_in_place(ax: Axes) -> None:
    """Write each series' name in its own color, without a box."""
    ax.legend(labelcolor="linecolor", frameon=False, fontsize=9.5, handlelength=1)


def show(fig: Figure, *, alt: str, origins: Sequence[str] = ()) -> None:
    """Display a figure as a PNG with its text alternative stored in the notebook.

    Args:
        fig: A figure, as from `axes`.
        alt: What a reader who cannot see it should know; the finding first.
        origins: Where its numbers come from: folds, as from `records.origins`, to stand below it.

    Raises:
        ValueError: If `alt` is empty.
    """
    from IPython.display import HTML, display

    if not alt.strip():
        raise ValueError("The `alt` of a figure must say what it shows. Got an empty text.")
    bundle = {"image/png": png(fig), "text/plain": f"Figure: {alt}"}
    display(bundle, raw=True, metadata={"image/png": {"alt": alt}})
    if origins:
        display(HTML("".join(origins)))


def source(function: Callable[..., object]) -> None:
    """Display the code of one of the package's functions, without its docstring.

    Args:
        function: What the reader should see, as it is tested and run.
    """
    from IPython.display import display

    lines = textwrap.dedent(inspect.getsource(function)).splitlines()
    (definition,) = ast.parse("\n".join(lines)).body
    if isinstance(definition, ast.FunctionDef) and ast.get_docstring(definition):
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    code = "\n".join(lines)
    display({"text/markdown": f"```python\n{code}\n```", "text/plain": code}, raw=True)


def png(fig: Figure, *, photographs: bool = False) -> bytes:
    """The figure as PNG bytes, the same at every run.

    Args:
        fig: A figure, as from `axes`.
        photographs: Whether it holds pictures that need all their colors; a drawing does not.
    """
    drawn, stored = io.BytesIO(), io.BytesIO()
    fig.savefig(drawn, format="png", metadata={"Software": None})
    if photographs:
        return drawn.getvalue()
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(_PALETTE, Image.Quantize.MEDIANCUT)
    few.save(stored, "PNG", optimize=True)
    return stored.getvalue()
