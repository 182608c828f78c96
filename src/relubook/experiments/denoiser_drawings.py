"""Drawings of "denoiser": errors by noise, restored digits, and filters while they form."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.denoiser_values import STRATEGIES, Result
from relubook.experiments.relatives_values import half_interval

_CLOSEST = 0.055  # of the height, between two names at the ends of lines
_STYLES = {4: "--"}  # the strategy whose line lies over others


def describe(result: Result) -> str:
    """The finding in one sentence."""
    at = _trained(result)
    words = ", ".join(
        f"{strategy.name} {_interval(errors[at])}"
        for strategy, errors in zip(STRATEGIES, result.restored_error, strict=True)
    )
    return (
        f"With {_percent(result.noise[at])} of the pixels masked the received digit is "
        f"{result.nothing_error[at]:.2f} from the digit, squared differences summed over its "
        f"pixels; what is given back is, mean and 95 % interval over the seeds: {words}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Squared error of the restored digit by the share of masked pixels, a thin line a seed."""
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, width=8.0, height=4.8)
    x = 100 * result.noise
    ax.plot(x, result.nothing_error, ":", color=figures.CHANCE, linewidth=2)
    for strategy, errors in zip(STRATEGIES, result.restored_error, strict=True):
        color = figures.COLORS[strategy.like]
        ax.plot(x, errors, color=color, alpha=0.3, linewidth=0.7)
        ax.plot(x, errors.mean(axis=1), _STYLES.get(strategy.number, "-"), color=color,
                marker="o", markersize=4, linewidth=2)  # fmt: skip
    ax.set(xlabel="pixels masked (%)", ylabel="squared error per digit (1)", ylim=(0, None))
    ax.set_xlim(-2, x[-1] + 0.3 * (x[-1] - x[0]))
    ax.set_xticks(x)
    _name_ends(ax, result)
    return fig


def describe_digits(result: Result) -> str:
    """What `draw_digits` shows, in one sentence."""
    digits = ", ".join(str(result.labels[place]) for place in result.pictured)
    return (
        f"Test digits {digits}: as they are, as they are received, and as each of the four "
        "strategies gives them back after the last epoch (one seed)."
    )


def draw_digits(result: Result, subtitle: str = "") -> Figure:
    """Some digits: clean, masked, and as each strategy gives them back."""
    columns = [result.digits[result.pictured], result.received, *result.restored[:, -1]]
    names = ["the digit", "received", *(strategy.name for strategy in STRATEGIES)]
    ordered, at = _ordered(result), _trained(result)
    errors = sorted(result.restored_error[:, at].mean(axis=1))
    fig, panels = _grid(
        len(result.pictured), len(columns), height=1.1 + 1.2 * len(result.pictured),
        title=f"Over all test digits {ordered[0]} outputs come closest to the digit,\n"
        f"error {errors[0]:.2f}, {ordered[-1]} outputs least close, {errors[-1]:.2f}",
        subtitle=subtitle,
    )  # fmt: skip
    for row, frames in enumerate(panels):
        for ax, pictures in zip(frames, columns, strict=True):
            _picture(ax, pictures[row].reshape(result.side, -1), 0, 255)
    for ax, name in zip(panels[-1], names, strict=True):
        ax.set_xlabel(name, fontsize=9.5)
    return fig


def describe_filters(result: Result) -> str:
    """What `draw_filters` shows, in one sentence."""
    epochs = ", ".join(str(epoch) for epoch in result.kept)
    dead = ", ".join(
        f"{strategy.name} {_percent(round(share, 3))}"
        for strategy, share in zip(STRATEGIES, result.dead_units.mean(axis=1), strict=True)
    )
    return (
        f"Weights into the first {result.filters.shape[2]} hidden units of each strategy after "
        f"{epochs} epochs (one seed): white excites, black inhibits. A unit that died keeps the "
        f"weights that it had then. Dead units, mean over the seeds: {dead}."
    )


def draw_filters(result: Result, subtitle: str = "") -> Figure:
    """Filters by strategy (rows) and epoch (columns), each scaled to its largest weight."""
    smooth = result.smoothness
    fig, panels = _grid(
        len(STRATEGIES), len(result.kept), height=8.4,
        title="What hidden units look for: neighbors in a filter correlate\n"
        f"by {_signed(smooth[:, 0].mean())} at first and by {_signed(smooth[:, -1].min())} to "
        f"{_signed(smooth[:, -1].max())} at last",
        subtitle=subtitle,
    )  # fmt: skip
    for strategy, frames, filters in zip(STRATEGIES, panels, result.filters, strict=True):
        for ax, some in zip(frames, filters, strict=True):
            _picture(ax, _mosaic(some, result.side), -127, 127)
        frames[0].set_ylabel(strategy.name, fontsize=10)
    for ax, epoch in zip(panels[-1], result.kept, strict=True):
        ax.set_xlabel(f"{epoch} {'epoch' if epoch == 1 else 'epochs'}", fontsize=10)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training digits of "
        f"{config['side']} x {config['side']} pixels · {config['width']} rectifiers, "
        f"{_percent(config['masked'])} masked\n"
        f"batch {config['batch_size']}, {config['epochs']} epochs · {len(config['seeds'])} seeds, "
        "each with its own learning rate, chosen on validation digits"
    )


def _finding(result: Result) -> str:
    """What comes closest at the noise of training, and up to which noise nothing is better."""
    at = _trained(result)
    best = result.restored_error.mean(axis=2).min(axis=0)
    lowest = _ordered(result)[0]
    worse = result.noise[(best > result.nothing_error) & (result.noise > 0)]
    below = (
        f"with {_percent(worse.max())} masked doing nothing is better"
        if worse.size
        else f"from {_percent(result.noise[result.noise > 0].min())} on the closest is better"
    )
    return (
        f"At {_percent(result.noise[at])} masked {lowest} outputs come closest: error "
        f"{best[at]:.2f},\nthat of doing nothing {result.nothing_error[at]:.2f}; {below}"
    )


def _trained(result: Result) -> int:
    """Place of the noise at which the strategies are compared: the paper's 25 %, or the nearest."""
    return int(np.abs(result.noise - 0.25).argmin())


def _ordered(result: Result) -> list[str]:
    """Output units from the lowest to the highest mean error."""
    errors = result.restored_error[:, _trained(result)].mean(axis=1)
    return [STRATEGIES[place].output for place in errors.argsort()]


def _percent(share: float) -> str:
    return f"{100 * share:g} %"


def _signed(number: float) -> str:
    """Two decimals, with a minus sign and not a hyphen."""
    return f"{number:.2f}".replace("-", "−")


def _interval(errors: Float[np.ndarray, "seeds"]) -> str:
    return f"{errors.mean():.2f} ± {half_interval(errors):.2f}"


def _name_ends(ax: Axes, result: Result) -> None:
    """Each line's name at its right end, apart from the others."""
    ends = [*result.restored_error[:, -1].mean(axis=1).tolist(), float(result.nothing_error[-1])]
    names = [(s.name, figures.COLORS[s.like]) for s in STRATEGIES]
    names.append(("doing nothing", figures.CHANCE))
    top, height = ax.get_ylim()[1], -math.inf
    for place in np.argsort(ends):
        height = max(ends[place], height + _CLOSEST * top)
        text, color = names[place]
        ax.annotate(text, (100 * result.noise[-1], height), xytext=(9, 0), va="center",
                    textcoords="offset points", color=color, fontsize=9.5)  # fmt: skip


def _grid(
    rows: int, columns: int, *, height: float, title: str, subtitle: str
) -> tuple[Figure, list[list[Axes]]]:
    """Frames without ticks under a flat one that carries the subtitle."""
    fig, spare = figures.axes(title=title, width=8.0, height=height)
    spare.remove()
    places = fig.add_gridspec(rows + 1, columns, height_ratios=[0.01, *[1] * rows])
    head = fig.add_subplot(places[0, :])
    head.set_axis_off()
    head.set_title(subtitle, loc="left", fontsize=9.5, color="#444444")
    panels = [
        [fig.add_subplot(places[row + 1, column]) for column in range(columns)]
        for row in range(rows)
    ]
    for ax in (ax for frames in panels for ax in frames):
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
    return fig, panels


def _picture(ax: Axes, pixels: np.ndarray, low: int, high: int) -> None:
    ax.imshow(pixels, cmap="gray", vmin=low, vmax=high)


def _mosaic(filters: np.ndarray, side: int) -> np.ndarray:
    """Square pictures in rows, with a white line between."""
    across = math.ceil(math.sqrt(len(filters)))
    shown = np.full((across, across, side + 1, side + 1), 127, dtype=int)
    for place, one in enumerate(filters):
        shown[place // across, place % across, :side, :side] = one.reshape(side, side)
    return shown.transpose(0, 2, 1, 3).reshape(across * (side + 1), -1)[:-1, :-1]
