"""The directives `{data-sets}`, `{data-set} NAME` and `{generator-times}`: the registry, on a page.

```{data-set} nistp
```
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook import experiments, records
from relubook.datasets import registry
from relubook_book.markup import NO_BREAK_SPACE, markdown, table
from relubook_book.speed import missing, read
from relubook_book.speed import origin as made_on

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from relubook.datasets.entry import Entry

SHEETS = Path(__file__).parents[2] / "_static" / "data"
HEAD = ("name", "what", "size", "license", "stand-in")


def overview(embedded: bool) -> str:
    """Returns one line for each data set that is made here, or for each that is published."""
    entries = [e for e in registry.ENTRIES.values() if (e.recipe is not None) == embedded]
    rows = [
        [
            f"[`{entry.name}`](#data-{entry.name})",
            entry.what,
            "none" if embedded else size(entry),
            entry.license,
            f"`{entry.stand_in}`" if entry.stand_in else "–",
        ]
        for entry in entries
    ]
    head = [name for name in HEAD if not (embedded and name in ("size", "stand-in"))]
    kept = [[cell for name, cell in zip(HEAD, row, strict=True) if name in head] for row in rows]
    return table(head, kept)


def size(entry: Entry) -> str:
    """Returns the size of the published files."""
    sizes = [file.size for file in entry.editions[0].files]
    megabytes = sum(sizes) / 1e6
    return f"{megabytes:.{int(megabytes < 10)}f}{NO_BREAK_SPACE}MB" if all(sizes) else "not known"


def facts(entry: Entry) -> str:
    """Returns what is known about a data set, as MyST text."""
    lines = [f"{entry.what[0].upper()}{entry.what[1:]}."]
    lines += [entry.note] if entry.note else []
    lines += [f"**Different from the paper:** {entry.differs}"] if entry.differs else []
    lines.append(f"**License:** {entry.license}. **Cite:** {cited(entry)}. {origin(entry)}")
    lines += [hardness] if (hardness := learned(entry.name)) else []
    return "\n\n".join(lines)


def cited(entry: Entry) -> str:
    """Returns the reference, or this book for sets of our own."""
    return f"{{cite:t}}`{entry.citekey}`" if entry.citekey else "this book"


def origin(entry: Entry) -> str:
    """Returns where the numbers come from, and what to use where they cannot be had."""
    if entry.recipe is not None:
        return f'`load("{entry.name}")` needs no file.'
    hosts = {
        url.split("/")[2]
        for e in entry.editions
        if e.downloadable
        for f in e.files
        for url in f.urls
    }
    where = f"Downloaded from {' or '.join(sorted(hosts))}."
    if not hosts:
        where = f"It has no public address: {entry.by_hand}"
    instead = f" Stand-in: `{entry.stand_in}`." if entry.stand_in else ""
    return where + instead


def learned(name: str) -> str:
    """Returns how hard the set is, from the committed record; empty where there is none."""
    try:
        record = records.load("learnability", scale="laptop", data=name)
    except LookupError:
        return ""
    result = experiments.result(record)
    kinds = [spread(100 * part) for part in result.errors()]
    return (
        f"**How hard it is:** after {record.config['epochs']} epochs on "
        f"{record.passport['data']['train_examples']:,} training examples, a linear model errs on "
        f"{kinds[0]} of the test examples, two layers of {record.config['width']} rectifiers on "
        f"{kinds[1]} (median of {len(record.config['seeds'])} seeds, with the lowest and the "
        f"highest); always naming the most frequent class errs on "
        f"{100 * float(result.guessing[0]):.0f}{NO_BREAK_SPACE}%."
    )


def spread(values: np.ndarray) -> str:
    """Returns a median in percent with its range."""
    low, middle, high = np.nanmin(values), np.nanmedian(values), np.nanmax(values)
    return f"{middle:.1f}{NO_BREAK_SPACE}% ({low:.1f} to {high:.1f})"


def sheet(name: str) -> list[nodes.Node]:
    """Returns the contact sheet; a sentence where the set was never at hand."""
    words: dict[str, Any] = json.loads((SHEETS / "sheets.json").read_text("utf-8"))
    if name not in words:
        missing = "No picture: this set has not been at hand where this book is made."
        return [nodes.paragraph(missing, missing)]
    alt = f"{name}: {words[name]['alt']}"
    return [nodes.figure("", nodes.image(uri=f"_static/data/{name}.png", alt=alt))]


def times(record: records.Record | None) -> str:
    """Returns how long the generators take, as MyST text."""
    if record is None:
        return missing("the generators", "generators")
    jobs = record.config["jobs"]
    rows = [time_row(record, job, threads) for job in jobs for threads in job["threads"]]
    head = ("made", "threads", "seconds", "each", "memory", "bar on two cores")
    legend = (
        f"Medians of {record.config['rounds']} rounds and, in brackets, the lowest and the "
        f"highest; every time in a fresh process. {ratio(record)}"
    )
    return f"{table(head, rows)}\n\n{legend} {made_on(record)}"


def time_row(record: records.Record, job: dict[str, Any], threads: int) -> list[str]:
    """Returns the cells of one job with one number of threads."""
    wall, _, memory = record.arrays[f"{job['name']}.{threads}"].T
    middle, bar = float(np.median(wall)), job["bar"]
    judged = "–"
    if bar is not None and threads == 2:
        judged = f"under {bar:g}{NO_BREAK_SPACE}s: " + ("met" if middle < bar else "**missed**")
    return [
        f"{job['count']:,} {job['what']}",
        str(threads),
        f"{middle:.3g} ({wall.min():.3g} to {wall.max():.3g})",
        f"{1000 * middle / job['count']:.2g}{NO_BREAK_SPACE}ms",
        f"{memory.max() / 1e6:.0f}{NO_BREAK_SPACE}MB",
        judged,
    ]


def ratio(record: records.Record) -> str:
    """Returns how many times as fast characters are made together as one by one, on one thread."""
    each = {
        job["name"]: record.arrays[f"{job['name']}.1"][:, 0] / job["count"]
        for job in record.config["jobs"]
    }
    gain = each["peer"] / each["nistp"]
    return (
        f"On one thread, making characters together is {np.median(gain):.2g} times as fast as "
        f"making them one by one with SciPy ({gain.min():.2g} to {gain.max():.2g})."
    )


class DataSets(SphinxDirective):
    """Lists data sets: `made` on this machine, or `published`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns a table."""
        kind = self.arguments[0]
        if kind not in ("made", "published"):
            raise self.error(f"data-sets needs made or published. Got {kind!r}.")
        return markdown(self, overview(kind == "made"))


class DataSet(SphinxDirective):
    """Shows a contact sheet and what is known about one data set."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns a picture and paragraphs."""
        entry = registry.find(self.arguments[0])
        return [*sheet(entry.name), *markdown(self, facts(entry))]


class GeneratorTimes(SphinxDirective):
    """Shows how long making data takes."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, times(read("generators", "cpu")))


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("data-sets", DataSets)
    app.add_directive("data-set", DataSet)
    app.add_directive("generator-times", GeneratorTimes)
