"""Drawings of "shared-signs": training loss, signs of gradients, and what a mean costs."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.shared_signs_values import KINDS, NAMES, PAIRS, Result

_LABELS = [name.replace(", ", ",\n") for name in NAMES]
_BEHIND = slice(1, None)  # matrices behind hidden layers


def describe(result: Result) -> str:
    """The finding in one sentence."""
    ends = np.nanmean(result.loss[:, -1], axis=1)
    texts = ", ".join(
        f"{name} {loss:.3f} (rate {rate:g})"
        for name, loss, rate in zip(NAMES, ends, result.chosen, strict=True)
    )
    return f"Mean training loss after {result.moment[-1]:,} steps, in nats: {texts}."


def draw(result: Result, subtitle: str = "") -> Figure:
    """Training loss after the last step by kind, one point a seed."""
    ends = result.loss[:, -1]
    fig, ax = figures.axes(title=_finding(result), subtitle=subtitle, width=9.0, height=4.9)
    _strips(ax, ends)
    ax.set_xticks(
        range(1, len(NAMES) + 1),
        [f"{label}\n{rate:g}" for label, rate in zip(_LABELS, result.chosen, strict=True)],
        fontsize=9,
    )
    ax.set(yscale="log", ylabel="training loss (1)",
           xlabel="units and their learning rate (a point a seed, a bar at the mean)")  # fmt: skip
    low, high = np.nanmin(ends), np.nanmax(ends)
    ticks = [t for t in _TICKS if 0.85 * low <= t <= 1.2 * high]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()
    return fig


def describe_signs(result: Result) -> str:
    """The finding of `draw_signs` in one sentence."""
    shares = 100 * _behind(result.one_sign)[:, 0].mean(axis=-1)
    angles = _behind(result.angle_way[:, None])[:, 0].mean(axis=-1)
    texts = ", ".join(
        f"{name} {share:.0f} % and {angle:.0f} degrees"
        for name, share, angle in zip(NAMES, shares, angles, strict=True)
    )
    return (
        "Pairs of an example and a unit whose weight gradients have one sign before training, and "
        f"the angle between the way a unit's weights went and a way of one sign: {texts}."
    )


def draw_signs(result: Result, subtitle: str = "") -> Figure:
    """Of one example and of a mini-batch: how far weight gradients have one sign."""
    shares = 100 * np.stack([_behind(result.one_sign), _behind(result.majority)])
    ends = shares[:, [NAMES.index(name) for name in ("rectifier", "tanh")], 1].mean(axis=-1)
    (one, other), (often, half) = ends.tolist()
    fig, left = figures.axes(
        title=f"Of one example {one:.0f} % of gradients behind rectifiers have one sign, behind "
        f"tanh {other:.0f} %;\nof a mini-batch {often:.0f} and {half:.0f} % of a unit's gradients "
        "have the commoner one",
        subtitle=subtitle, width=9.6, height=5.0, panels=2,
    )  # fmt: skip
    words = ("pairs whose gradients have one sign", "commoner sign in a mini-batch")
    for ax, values, label in zip(fig.axes, shares, words, strict=True):
        _pairs(ax, values)
        ax.set_xlabel(f"{label}\n(hollow: before training)")
    left.set(ylim=(-2, 104), ylabel="share behind hidden layers (%)")
    return fig


def describe_mean(result: Result) -> str:
    """The finding of `draw_mean` in one sentence."""
    shares = 100 * _behind(result.steepest)[:, 0].mean(axis=-1)
    ends = np.nanmean(result.loss[:, -1], axis=1)
    texts = ", ".join(
        f"{name} {share:.0f} %, loss {loss:.3f}"
        for name, share, loss in zip(NAMES, shares, ends, strict=True)
    )
    return (
        "Share of the mean square of what weights receive along its strongest direction, before "
        f"training, and the training loss at the end: {texts}. With signs and without, training is "
        f"the same: the largest difference of logits is {result.mirrored.max():.1g}."
    )


def draw_mean(result: Result, subtitle: str = "") -> Figure:
    """The share along the strongest direction: signs leave it alone, centering does not."""
    shares = 100 * _behind(result.steepest)
    plain, signed, less = (
        shares[NAMES.index(name), 0].mean()
        for name in ("rectifier", "rectifier, signs", "rectifier, less mean")
    )
    fig, ax = figures.axes(
        title=f"Before training one direction has {plain:.0f} % of what weights behind rectifiers\n"
        f"receive, {signed:.0f} % with signs, {less:.0f} % where the mean is subtracted",
        subtitle=subtitle, width=9.0, height=4.9,
    )  # fmt: skip
    _pairs(ax, shares)
    ax.set(ylim=(0, 104), ylabel="mean square along the strongest direction (%)",
           xlabel="units (hollow: before training)")  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, {config['moments'][-1]:,} steps of "
        f"{config['batch_size']}\n{len(config['seeds'])} seeds, learning rates chosen on the "
        f"training loss with {len(config['rate_seeds'])} others"
    )


_TICKS = (0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)


def _finding(result: Result) -> str:
    """The two pairs of the claim; what signs change is zero on average, so all seeds tell of it."""
    ends = dict(zip(NAMES, result.loss[:, -1], strict=True))
    less, mean = PAIRS[0], ("rectifier", "rectifier, less mean")
    texts = [
        f"{first} {np.nanmean(ends[first]):.3f}, {second.split(', ')[1]} "
        f"{np.nanmean(ends[second]):.3f}"
        for first, second in (less, mean)
    ]
    plain, signed = (ends[name] for name in PAIRS[1])
    changes = (signed - plain, result.loss_more[1] - result.loss_more[0])
    told, further = (f"{np.nanmean(each):+.3f} in {len(each)}" for each in changes)
    return f"Training loss: {'; '.join(texts)};\nwith signs {told} seeds, {further} others"


def _behind(
    values: Float[np.ndarray, "kinds times matrices seeds"],
) -> Float[np.ndarray, "kinds times seeds"]:
    """The mean over the matrices behind hidden layers."""
    return values[:, :, _BEHIND].mean(axis=2)


def _strips(ax: Axes, values: Float[np.ndarray, "kinds seeds"], *, hollow: bool = False) -> None:
    """A column of points for each kind in its activation's color."""
    spread = np.linspace(-0.14, 0.14, values.shape[1])
    top = ax.get_xaxis_transform()
    for place, (kind, points) in enumerate(zip(KINDS, values, strict=True), start=1):
        color = figures.COLORS[kind.activation]
        face = "none" if hollow else color
        ax.plot(place + spread, points, "o", color=color, markerfacecolor=face, markersize=5,
                alpha=0.7)  # fmt: skip
        if not hollow and np.isfinite(points).any():
            ax.hlines(np.nanmean(points), place - 0.25, place + 0.25, color=color, linewidth=2)
        if not hollow and (lost := int(np.isnan(points).sum())):
            ax.text(place, 0.99, f"{lost} x diverged", ha="center", va="top", fontsize=9,
                    color=color, transform=top)  # fmt: skip


def _pairs(ax: Axes, values: Float[np.ndarray, "kinds times seeds"]) -> None:
    """Hollow points before training, filled ones after it."""
    _strips(ax, values[:, 0], hollow=True)
    _strips(ax, values[:, 1])
    places = range(1, len(NAMES) + 1)
    if len(ax.figure.axes) > 1:
        ax.set_xticks(places, NAMES, fontsize=9, rotation=40, ha="right", rotation_mode="anchor")
    else:
        ax.set_xticks(places, _LABELS, fontsize=9)
