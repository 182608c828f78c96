"""The directives `{speed-contests}` and `{speed-kernels}`: the benchmarks as they were recorded.

    ```{speed-kernels} cuda
    ```

Where a record is missing, the page says so and names the command that makes it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook import records
from relubook_book import speed_picture
from relubook_book.markup import NO_BREAK_SPACE, duration, markdown, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER = Path(__file__).parents[3] / "benchmarks" / "records"
COMMAND = "python -m benchmarks"
CONTEST_HEAD = ("networks", "ours against", "times as fast", "bar", "verdict")
BUSY = 0.5  # cores that others may take before the page points it out
MIB = 1 << 20
ALONE = ", one after the other"


def read(experiment: str, data: str) -> records.Record | None:
    """Returns the committed record, None where there is none."""
    try:
        return records.load(experiment, scale="laptop", data=data, folder=FOLDER)
    except LookupError:
        return None


def missing(what: str, part: str) -> str:
    """Returns the sentence that stands in for a record."""
    return f"**Not measured**: {what}. `{COMMAND} {part}` makes the record that belongs here."


def networks(setting: dict[str, Any]) -> str:
    """Returns a job in words, such as 32 networks of 3 x 64, batch 10."""
    models = setting["models"]
    many = "1 network" if models == 1 else f"{models} networks"
    shape = f"{setting['depth']} x {setting['width']}, batch {setting['batch_size']}"
    return f"{many} of {shape}".replace("batch ", f"batch{NO_BREAK_SPACE}")


def origin(record: records.Record) -> str:
    """Returns when, where and how a record was made, and how busy the machine was."""
    passport, machines = record.passport, record.passport["machine"]
    commit = (passport["commit"] or "not known")[:7] + ("+" if passport["dirty"] else "")
    load = machines[0]["load_average_1_min"]
    warning = " Others were at work meanwhile: mind the ranges." * (load > BUSY)
    return (
        f"Recorded on {passport['started'][:10]} in {duration(passport['wall_time_s'])} on "
        f"{passport['device']}, torch {passport['versions']['torch']}, commit `{commit}`, with "
        f"`{passport['command']}`. The load average before it began was "
        f"{load:g}: what other programs took, in cores.{warning}"
    )


def contest_rows(record: records.Record) -> list[list[str]]:
    """Returns one line for each peer of each contest, and one for each bar in seconds."""
    rows = []
    for contest in record.config["contests"]:
        wall, name = record.arrays[f"{contest['name']}.wall"], networks(contest["setting"])
        if contest["setting"]["data"] != "mnist-5k":
            name += f", {contest['setting']['data']}"
        if contest["seconds"] is not None:
            bar, seconds = contest["seconds"], wall[:, 0]
            met = bool(np.median(seconds) < bar)
            under = f"under {bar:g}{NO_BREAK_SPACE}s"
            rows.append([name, "the clock", _span(seconds, " s"), under, _word(met)])
        for place, entrant in enumerate(contest["entrants"][1:], start=1):
            ratios = wall[:, place] / wall[:, 0]
            bar = contest["ratio"] if place == 1 else None
            verdict = ["none", "–"]
            if bar is not None:
                verdict = [
                    f"at least{NO_BREAK_SPACE}{bar:g}",
                    _word(bool(np.median(ratios) >= bar)),
                ]
            rows.append([name, _entrant(entrant), _span(ratios), *verdict])
    return rows


def contests_text(record: records.Record | None) -> str:
    """Returns the contests as MyST text."""
    if record is None:
        return missing("the contests", "contests")
    rounds = len(next(iter(record.arrays.values())))
    legend = f"Medians of {rounds} rounds and, in brackets, the lowest and the highest."
    return f"{table(CONTEST_HEAD, contest_rows(record))}\n\n{legend} {origin(record)}"


def kernels_text(record: records.Record) -> str:
    """Returns the tables of the kernels as MyST text."""
    schemes: list[str] = record.config["rows"][0]["schemes"]
    head = ("networks", schemes[0] + ALONE, *schemes[1:])
    speeds, shares = (
        [[networks(row), *cells(record, row)] for row in record.config["rows"]]
        for cells in (_speeds, _shares)
    )
    parts = [
        "Thousands of networks × examples a second and, in brackets, how many times as fast as "
        f"the first column. {_extrapolated(record)}",
        table(head, speeds),
        "Bytes counted, and the share of the ceiling that applies: of copies within as many MiB "
        "as the scheme works on at a time, or of matrix products.",
        table(head, shares),
        _ceilings(record),
        _agreement(record),
        origin(record),
    ]
    return "\n\n".join(parts)


def _speeds(record: records.Record, row: dict[str, Any]) -> list[str]:
    """Rates of each scheme."""
    rate = np.median(record.arrays[f"{row['name']}.rate"], axis=0)
    return [f"{r / 1000:.3g} ({r / rate[0]:.2g})" for r in rate]


def _shares(record: records.Record, row: dict[str, Any]) -> list[str]:
    """Traffic of each scheme and its share of the ceiling."""
    rate, share = (
        np.median(record.arrays[f"{row['name']}.{name}"], axis=0) for name in ("rate", "share")
    )
    moved = record.arrays[f"{row['name']}.traffic"] * rate / row["batch_size"] / 1e9
    tops = [
        f"copies in {size / MIB:g} MiB" if size else "products"
        for size in record.arrays[f"{row['name']}.copy"]
    ]
    return [
        f"{gigabytes:.3g} GB/s<br>{100 * part:.0f} % of {top}"
        for gigabytes, part, top in zip(moved, share, tops, strict=True)
    ]


def _extrapolated(record: records.Record) -> str:
    """What was timed of the loops over networks."""
    timed = [record.arrays[f"{row['name']}.models"][0] for row in record.config["rows"]]
    steps = [
        int(models * record.arrays[f"{row['name']}.steps"][0] * record.config["rounds"])
        for models, row in zip(timed, record.config["rows"], strict=True)
    ]
    return (
        f"Of the networks that are trained one after the other, only some were timed, {max(steps)} "
        "steps at most in all; the others would go on at the same rate."
    )


def _ceilings(record: records.Record) -> str:
    """What the machine can do, best samples."""
    sizes = record.config["ceilings"]
    copy, product, update = (
        record.arrays[f"ceilings.{name}"].max(axis=0) for name in ("copy", "product", "update")
    )
    copies = zip(sizes["copies"], copy, strict=True)
    products = zip(sizes["products"], product, strict=True)
    models, inputs, batch, outputs = sizes["update"]
    copied = ", ".join(f"{r / 1e9:.3g} GB/s in {s / MIB:g} MiB" for s, r in copies)
    multiplied = ", ".join(f"{r / 1e9:.3g} GFLOP/s ({side} a side)" for side, r in products)
    return (
        f"The ceilings, measured before and after the rows, best samples. Copies: {copied}. Matrix "
        f"products in float32: {multiplied}. The update of the weights alone, `baddbmm_` of "
        f"[{models} × {inputs} × {batch}] by [{models} × {batch} × {outputs}]: "
        f"{update / 1e9:.3g} GB/s, {100 * update / copy[-1]:.0f} % of the largest copy."
    )


def _agreement(record: records.Record) -> str:
    """How far float32 went from float64, over all rows and schemes."""
    off = [record.arrays[f"{row['name']}.difference"] for row in record.config["rows"]]
    usual = max(float(np.median(part, axis=0).max()) for part in off)
    worst = max(float(part.max()) for part in off)
    return (
        f"After {record.config['checked_steps']} steps in float32, the weights of a network are "
        f"off from those of float64 by {usual:.0e} of the largest weight of their layer, or less, "
        "in the median of the networks that were checked, whatever the scheme and the row; at "
        f"worst by {worst:.0e}. Where rounding carries a pre-activation across zero, a unit "
        "switches for one example, and then the difference is no longer one of rounding."
    )


def _span(values: np.ndarray, unit: str = "") -> str:
    """The median with its range."""
    return f"{np.median(values):.3g}{unit} ({values.min():.3g} to {values.max():.3g})"


def _word(met: bool) -> str:
    """Met or missed."""
    return "met" if met else "**missed**"


def _entrant(entrant: dict[str, Any]) -> str:
    """Who, and on what."""
    each = "1 thread" if entrant["threads"] == 1 else f"{entrant['threads']} threads"
    many = "1 process" if entrant["processes"] == 1 else f"{entrant['processes']} processes"
    return f"{entrant['who']}, {many} × {each}"


class Contests(SphinxDirective):
    """Shows the contests."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, contests_text(read("benchmark", "digits")))


class Kernels(SphinxDirective):
    """Shows the kernels on one device."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns a picture and tables, or one sentence."""
        device = self.arguments[0]
        record = read("kernels", device)
        if record is None:
            where = {"cpu": "the rows on a processor", "cuda": "the rows on a GPU"}[device]
            return markdown(self, missing(where, f"kernels --device {device}"))
        return [speed_picture.figure(record), *markdown(self, kernels_text(record))]


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("speed-contests", Contests)
    app.add_directive("speed-kernels", Kernels)
