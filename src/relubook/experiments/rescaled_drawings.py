"""Drawings of "rescaled": conditioning, races, rates, spectra, the law, and the drift."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.rescaled_values import (
    OTHER_UNITS,
    SILENT,
    STAGES,
    Result,
    no_worse_than_silence,
)

JUDGED = 3.0  # the logarithm of s that the claim is about
_BLUES = {"untrained": figures.shade(1.0, 2.0), "trained": figures.shade(2.0, 2.0)}
_S_AXIS = "s, with the alphas (s, 1/s, 1): first weights divided by s, second multiplied"


def subtitle(record: records.Record) -> str:
    """Which networks, on what."""
    config, data = record.config, record.passport["data"]
    side, units = config["side"], " - ".join(str(n) for n in config["hidden"])
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training digits, "
        f"{side} x {side} pixels · rectifiers {side * side} - {units} - 10\n"
        f"batch {config['batch_size']}, {config['moments'][-1]:,} steps · "
        f"{len(config['seeds'])} seeds"
    )


def describe(result: Result) -> str:
    """The finding in one sentence."""
    untrained, trained = (growth(result.effective_condition[stage], result) for stage in range(2))
    largest = growth(result.largest[0], result)
    return (
        f"At s = {2**JUDGED:g} the outputs are the same; the largest eigenvalue of the curvature "
        f"is {largest:.1f} times that at s = 1 before training, and the largest over the mean "
        f"{untrained:.2f} times before and {trained:.2f} times after training."
    )


def growth(values: Float[np.ndarray, "seeds scalings"], result: Result) -> float:
    """Geometric mean over seeds of a number at the s of the claim over that at s = 1 [1]."""
    ratios = values[:, result.at(JUDGED)] / values[:, result.at(0.0)]
    return float(np.exp(np.log(ratios).mean()))


def draw(result: Result, subtitle: str = "") -> Figure:
    """The effective condition number along the family, before training and after."""
    times = growth(result.effective_condition[0], result)
    fig, ax = figures.axes(
        title=f"Same function, other curvature: at s = {2**JUDGED:g} the condition number\n"
        f"is {times:.1f} times that at s = 1",
        subtitle=subtitle, height=4.8,
    )  # fmt: skip
    for stage, name in enumerate(STAGES):
        values = result.effective_condition[stage].T
        figures.band(ax, result.log2_s, values, color=_BLUES[name], label=name)
    ax.set_yscale("log")
    _plain_logarithm(ax, result.effective_condition)
    _scale_axis(ax, result)
    ax.set_ylabel("largest eigenvalue over the mean (1)")
    figures.label_in_place(ax)
    return fig


def describe_spectrum(result: Result) -> str:
    """The finding of `draw_spectrum` in one sentence."""
    largest, smallest = (
        (np.median(end[0, :, result.at(JUDGED)] / end[0, :, result.at(0.0)]))
        for end in (result.largest, result.largest / result.median_condition)
    )
    return (
        f"From s = 1 to s = {2**JUDGED:g} the largest eigenvalue of the Gauss-Newton matrix grows "
        f"{largest:.1f} times and the median one {smallest:.2f} times (medians over seeds)."
    )


def draw_spectrum(result: Result, subtitle: str = "") -> Figure:
    """All eigenvalues, the largest first, for three s."""
    fig, ax = figures.axes(
        title="Rescaling lifts some curvatures and lowers others", subtitle=subtitle, height=4.8
    )
    for at, style in ((-JUDGED, "--"), (0.0, "-"), (JUDGED, ":")):
        spectra = result.spectrum[0, :, result.at(at)]
        color = figures.INK if at == 0 else figures.COLORS["rectifier"]
        ax.plot(result.ranks, spectra.T, color=color, alpha=0.15, linewidth=0.7)
        ax.plot(result.ranks, np.median(spectra, axis=0), style, color=color, linewidth=2,
                label=f"s = {written(at)}")  # fmt: skip
    top = result.largest[0].max()
    ax.set(
        xscale="log", yscale="log", ylim=(1e-9 * top, 3 * top),
        xlabel="rank of the eigenvalue (thin lines: seeds; thick: medians; before training)",
        ylabel="eigenvalue of the curvature (nat)",
    )  # fmt: skip
    figures.label_in_place(ax)
    return fig


def describe_race(result: Result) -> str:
    """The finding of `draw_race` in one sentence."""
    own, common, one = (
        float(np.median(no_worse_than_silence(curve[:, :, -1])[result.at(at)]))
        for curve, at in (
            (result.own_curve, JUDGED), (result.common_curve, JUDGED), (result.own_curve, 0.0),
        )
    )  # fmt: skip
    return (
        f"Training loss after {result.moments[-1]:.0f} steps: {one:.2f} nat from s = 1; from "
        f"s = {2**JUDGED:g} {own:.2f} at the best rate from there and {common:.2f} at the rate "
        f"that is best for s = 1 (a network that diverged counts as {SILENT:.2f})."
    )


def draw_race(result: Result, subtitle: str = "") -> Figure:
    """Training loss at the end over s: at each one's own best rate, and at that of s = 1."""
    own, common = (
        no_worse_than_silence(curve[:, :, -1]) for curve in (result.own_curve, result.common_curve)
    )
    at, one = result.at(JUDGED), result.at(0.0)
    fig, ax = figures.axes(
        title=f"From s = {2**JUDGED:g} the same function ends at {np.median(own[at]):.2f} nat at "
        f"best,\nfrom s = 1 at {np.median(own[one]):.2f}",
        subtitle=subtitle, height=4.8,
    )  # fmt: skip
    ax.axhline(SILENT, linestyle="--", color=figures.CHANCE, linewidth=1)
    ax.text(result.log2_s[0], SILENT, "says nothing, or diverged", va="bottom",
            color=figures.CHANCE, fontsize=9.5)  # fmt: skip
    for values, name, words in (
        (common, "untrained", "rate best for s = 1"), (own, "trained", "best rate for each s"),
    ):  # fmt: skip
        figures.band(ax, result.log2_s, values, color=_BLUES[name], label=words)
    _scale_axis(ax, result)
    ax.set_ylim(0, 1.12 * SILENT)
    ax.set_ylabel(f"training loss after {result.moments[-1]:,.0f} steps (nat)")
    figures.label_in_place(ax)
    return fig


def describe_rates(result: Result) -> str:
    """The finding of `draw_rates` in one sentence."""
    one, other = (result.chosen[result.at(at)] for at in (0.0, JUDGED))
    ends = result.at_an_end()
    words = f"; at the end of the grid for s = {_listed(ends)}" if ends else ""
    return (
        f"The best learning rate is {one:g} for s = 1 and {other:g} for s = {2**JUDGED:g}{words}."
    )


def draw_rates(result: Result, subtitle: str = "") -> Figure:
    """The best learning rate over s, and what the largest eigenvalue allows."""
    times = result.chosen[result.at(0.0)] / result.chosen[result.at(JUDGED)]
    fig, ax = figures.axes(
        title=f"From s = {2**JUDGED:g} the best learning rate is {times:g} times smaller",
        subtitle=subtitle, height=4.8,
    )  # fmt: skip
    for stage, name in enumerate(STAGES):
        limit = 2 / np.median(result.largest[stage], axis=0)
        ax.plot(result.log2_s, limit, "--", color=_BLUES[name], linewidth=1.4,
                label=f"2 / largest eigenvalue, {name}")  # fmt: skip
    ends = np.isin(result.log2_s, result.at_an_end())
    for places, face in ((~ends, figures.COLORS["rectifier"]), (ends, "none")):
        ax.plot(result.log2_s[places], result.chosen[places], "o", markerfacecolor=face,
                color=figures.COLORS["rectifier"], markersize=7,
                label="best rate" if face != "none" else "")  # fmt: skip
    ax.set_yscale("log")
    _scale_axis(ax, result)
    ax.set_ylabel("learning rate (1; hollow: at the end of the grid)")
    figures.label_in_place(ax)
    return fig


def describe_law(result: Result) -> str:
    """The finding of `draw_law` in one sentence."""
    double, single = (errors.max() for errors in result.law_error)
    others = ", ".join(
        f"{name} {np.median(errors):.1g}"
        for name, errors in zip(OTHER_UNITS, result.unit_error[:, 1], strict=True)
    )
    return (
        f"Largest relative error of the law for positive alphas: {double:.1g} in float64 and "
        f"{single:.1g} in float32. Median where it is not true: two negative alphas "
        f"{np.median(result.negative_error[1]):.1g}, {others}."
    )


def draw_law(result: Result, subtitle: str = "") -> Figure:
    """Relative errors of the law, one column for each case."""
    fig, ax = figures.axes(
        title=f"The law holds to {result.law_error[0].max():.0e} for rectifiers and positive "
        "alphas,\nnot for negative ones and for other units",
        subtitle=subtitle, width=8.0, height=4.8,
    )  # fmt: skip
    blue = figures.COLORS["rectifier"]
    cases = [
        ("rectifier\nfloat64", result.law_error[0, 1], blue),
        ("rectifier\nfloat32", result.law_error[1, 1], blue),
        ("two negative\nalphas", result.negative_error[1], blue),
    ] + [
        (name, errors, figures.COLORS[name])
        for name, errors in zip(OTHER_UNITS, result.unit_error[:, 1], strict=True)
    ]
    nothing = np.full(1, np.nan)
    for place, (_, errors, color) in enumerate(cases):
        groups = [errors.ravel() if at == place else nothing for at in range(len(cases))]
        figures.strips(ax, groups, color=color)
    ax.set_xticks(range(1, len(cases) + 1), [name for name, *_ in cases])
    ax.set(
        yscale="log", ylabel="relative error of the law (1)",
        xlabel="units and alphas (a point a network and draw, after training)",
    )  # fmt: skip
    return fig


def _scale_axis(ax: Axes, result: Result) -> None:
    """Powers of two along the x axis, which is s."""
    whole = [at for at in result.log2_s if at == round(at)]
    ax.set_xticks(whole, [written(at) for at in whole])
    ax.set_xlabel(_S_AXIS)
    ax.axvline(0, color=figures.CHANCE, linewidth=0.8, alpha=0.5)


def _plain_logarithm(ax: Axes, values: np.ndarray) -> None:
    """Numbers as they are on a logarithmic y axis."""
    low, high = np.nanmin(values), np.nanmax(values)
    ticks = [m * 10.0**p for p in range(-3, 6) for m in (1, 2, 5)]
    ticks = [tick for tick in ticks if 0.8 * low <= tick <= 1.3 * high]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.minorticks_off()


def written(log2_s: float) -> str:
    """The number s, whole or a fraction."""
    power = 2.0 ** abs(log2_s)
    return f"{power:g}" if log2_s >= 0 else f"1/{power:g}"


def _listed(log2_s: list[float]) -> str:
    """Several s in words."""
    return ", ".join(written(at) for at in log2_s)
