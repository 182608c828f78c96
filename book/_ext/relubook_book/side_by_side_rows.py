"""Lines of the paper's tables beside ours: each cell from `relubook.paper` or from a record."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float

from relubook import experiments, paper, records
from relubook.experiments import (
    figure_1,
    figure_3,
    figure_4_values,
    softplus_alpha_values,
    table_1_values,
    table_2_values,
)
from relubook.experiments.relatives_values import half_interval
from relubook_book.markup import NO_BREAK_SPACE

Place = Literal["mnist", "cifar10", "nistp", "norb"]
SCALES = ("paper", "laptop")  # what is shown first if it is there
NOT_RUN, NONE = "not run", "–"
START = {"none": "without pretraining", "with": "pretrained"}
MINUS = "\u2212"


def found(
    experiment: str, names: Sequence[str], folder: Path = records.SHIPPED
) -> records.Record | None:
    """Returns the record of the largest scale on the first data set that has one, None without.

    Args:
        experiment: Its name.
        names: Data sets, the one nearest to the paper's first.
        folder: Where records are.
    """
    kept = set(records.stems(folder))
    for scale in SCALES:
        for name in names:
            if f"{experiment}.{scale}.{name}" in kept:
                return records.load(experiment, scale=scale, data=name, folder=folder)
    return None


def head(unit: str, spread: str = "95 % interval", n: str = "seeds") -> tuple[str, ...]:
    """Returns the names of the columns."""
    named = ("quantity", f"the paper ({unit})", f"here ({unit})", spread, n, "difference")
    return tuple(text.replace(" %", f"{NO_BREAK_SPACE}%") for text in named)


def line(
    what: str,
    printed: paper.Printed | float,
    values: Float[np.ndarray, "seeds"] | None,
    *,
    digits: int,
    spread: str = "",
) -> list[str]:
    """Returns the cells of one number: the paper's, our mean over seeds, how sure, and how many.

    Args:
        what: Is compared.
        printed: The paper's number, or one computed from what was read off a figure.
        values: Ours, one a seed, NaN where it diverged; None if it was not run.
        digits: After the point, of ours.
        spread: What follows the mean, if not its interval.
    """
    value = printed.value if isinstance(printed, paper.Printed) else printed
    text = printed.text if isinstance(printed, paper.Printed) else _fixed(value, digits)
    told = np.empty(0) if values is None else values[np.isfinite(values)]
    if values is None or not told.size:
        return [what, text, NOT_RUN if values is None else "all diverged", NONE, "0", NONE]
    mean, half = float(told.mean()), half_interval(told)
    if np.isfinite(half):
        spread = spread or f"{_fixed(mean - half, digits)} to {_fixed(mean + half, digits)}"
    off = f"{mean - value:+.{digits}f}".replace("-", MINUS)
    lost = values.size - told.size
    n = f"{told.size} ({lost} diverged)" if lost else str(told.size)
    return [what, text, _fixed(mean, digits), spread or NONE, n, off]


def table_1(place: Place, record: records.Record | None) -> list[list[str]]:
    """Returns a column of Table 1, and the rectifiers' exact zeros [%]."""
    arrays = None if record is None else record.arrays
    rows = [
        line(
            f"{unit}, {START[start]}", paper.TABLE_1[unit, place, start],
            None if arrays is None else table_1_values.errors(arrays, unit, start), digits=2,
        )
        for unit, start in table_1_values.CELLS
    ]  # fmt: skip
    zeros = None
    if arrays is not None:
        zeros = 100 * table_1_values.cell(arrays, "zeros", "rectifier", "none")
    what = "exact zeros, rectifier, without pretraining"
    return [*rows, line(what, paper.EXACT_ZEROS[place], zeros, digits=1)]


def table_2(record: records.Record | None) -> list[list[str]]:
    """Returns the errors of Table 2 [stars], and the one in its text."""
    rows = []
    for name, start in table_2_values.CELLS:
        values = None if record is None else table_2_values.errors(record.arrays, name, start)
        if not table_2_values.NETWORKS[name][1]:
            what, printed, beside = name, paper.TABLE_2[name, "rmse"], "rmse ±"
        elif start == "with":
            what, printed, beside = f"{name}, pretrained", paper.TABLE_2[name, "rmse"], "rmse ±"
        elif name == "rectifier, 3 layers":
            printed = paper.SENTIMENT["rmse_3_layers_without_pretraining"]
            what, beside = f"{name}, without pretraining (the paper: at best)", ""
        else:
            continue  # the paper has no such number
        cells = line(what, printed, values, digits=3)
        if beside:
            cells[1] += f" ± {paper.TABLE_2[name, beside].text}"
        rows.append(cells)
    return rows


def table_2_zeros(record: records.Record | None) -> list[list[str]]:
    """Returns the exact zeros of Table 2 [%]."""
    rows = []
    for name, (_, depth) in table_2_values.NETWORKS.items():
        start = "with" if depth else "none"
        values = None if record is None else table_2_values.zeros(record.arrays, name, start)
        what = f"{name}, pretrained" if depth else f"{name} (the inputs)"
        cells = line(what, paper.TABLE_2[name, "zeros"], values, digits=1)
        cells[1] += f" ± {paper.TABLE_2[name, 'zeros ±'].text}"
        rows.append(cells)
    return rows


def points(record: records.Record | None) -> list[list[str]]:
    """Returns the points of Figure 1 [Hz]; ours are a formula's, so there are no seeds."""
    if record is None:
        places = zip(paper.FIGURE_1.x, paper.FIGURE_1.y, strict=True)
        return [line(f"at {x:g} nA", y, None, digits=1) for x, y in places]
    compared = figure_1.compare(experiments.result(record))
    rows = [
        line(one.quantity, one.paper, np.array([one.here]), digits=1, spread=NONE)
        for one in compared
    ]
    return [[*row[:4], NONE, row[5]] for row in rows]


def cloud(record: records.Record | None) -> list[list[str]]:
    """Returns the numbers of Figure 3's cloud [%], with the range of the same over seeds."""
    if record is None:
        return [["the cloud", NONE, NOT_RUN, NONE, "0", NONE]]
    result = experiments.result(record)
    seeds = [figure_3.compare(of_seed(result, seed)) for seed in np.unique(result.seed)]
    rows = []
    for one in figure_3.compare(result):
        each = [c.here for compared in seeds for c in compared if c.quantity == one.quantity]
        spread = f"{min(each):.2f} to {max(each):.2f}"
        row = line(one.quantity, one.paper, np.array([one.here]), digits=2, spread=spread)
        rows.append([*row[:4], str(len(each)), row[5]])
    return rows


def of_seed(result: figure_3.Result, seed: int) -> figure_3.Result:
    """Returns the networks of one seed.

    Args:
        result: Of `figure-3`.
        seed: Of weights and order.
    """
    kept = result.seed == seed
    ahead = ("l1", "seed", "zeros", "zeros_by_layer", "dead_by_layer", "test_error", "best_epoch",
             "diverged")  # fmt: skip
    cut = {name: getattr(result, name)[kept] for name in ahead}
    by_epoch = ("test_error_by_epoch", "zeros_by_epoch")
    return replace(result, **cut, **{name: getattr(result, name)[:, kept] for name in by_epoch})


def shares(record: records.Record | None) -> list[list[str]]:
    """Returns the twenty errors of Figure 4 [%]."""
    rows = []
    for (unit, start, share), printed in paper.FIGURE_4.items():
        values = None
        if record is not None:
            values = 100 * figure_4_values.of(record.arrays, "test_error", unit, start)
            values = values[figure_4_values.place_of(record.arrays, share)]
        what = f"{share:g}{NO_BREAK_SPACE}%, {unit}, {START[start]}"
        rows.append(line(what, printed, values, digits=2))
    return rows


def savings(record: records.Record | None) -> list[list[str]]:
    """Returns what pretraining saves by Figure 4 [points]."""
    rows = []
    for unit in figure_4_values.ACTIVATIONS:
        for share in paper.LABEL_SHARES:
            values = None
            if record is not None:
                place = figure_4_values.place_of(record.arrays, share)
                values = figure_4_values.gain(record.arrays, unit)[place]
            theirs = figure_4_values.printed_gain(share, unit)
            what = f"{unit}, {share:g}{NO_BREAK_SPACE}% of the labels"
            rows.append(line(what, theirs, values, digits=2))
    return rows


def alphas(record: records.Record | None) -> list[list[str]]:
    """Returns the test error by alpha [%]."""
    rows = []
    for alpha, printed in paper.ALPHA_SWEEP.items():
        name = softplus_alpha_values.name_of(alpha)
        what = "the rectifier" if np.isinf(alpha) else f"alpha {name}"
        values = None if record is None else errors_of(record, alpha)
        rows.append(line(what, printed, values, digits=2))
    return rows


def errors_of(record: records.Record, alpha: float) -> Float[np.ndarray, "seeds"]:
    """Returns the test errors of one alpha [%].

    Args:
        record: Of `softplus-alpha`.
        alpha: Sharpness [1]; infinity for the rectifier.
    """
    place = record.arrays["alpha"].tolist().index(alpha)
    return 100 * record.arrays["test_error"][place]


def _fixed(value: float, digits: int) -> str:
    """A number with so many digits and a real minus sign."""
    return f"{value:.{digits}f}".replace("-", MINUS)
