"""Where a figure's numbers come from, as a fold to stand below it: recorded, live or calculated."""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

import relubook
from relubook import datasets

WHERE = "where these numbers come from"
# Also where it stands in a notebook's JSON.
_VARIES = re.compile(r'(<dd class=\\?"rb-varies\\?">).*?(</dd>)', re.DOTALL)


def recorded(
    passport: Mapping[str, Any], *, stale: bool = False, title: str = f"Recorded: {WHERE}"
) -> str:
    """The fold of a record.

    A run that went on from checkpoints says so: its wall time is that of its last part.

    Args:
        passport: The record's.
        stale: Whether the record no longer fits today's code.
        title: What is read before it is opened, as HTML.
    """
    chunks = passport.get("training") or []
    rows = _material(passport)
    rows["made"] = f"{passport['started'][:10]} in {_wall_time(passport)}"
    rows |= _machine(passport)
    if chunks:
        devices = ", ".join(sorted({chunk["device"] for chunk in chunks}))
        seconds = sum(chunk["seconds"] for chunk in chunks)
        rows["trained"] = f"{seconds:,.0f} s in all, in {len(chunks)} chunks, on {devices}"
    mark = ' <span class="rb-stale">stale</span>' if stale else ""
    command = f"<dd><code>{html.escape(passport['command'])}</code></dd>"
    return _fold(title + mark, {"made again with": command} | _written(rows))


def live(passport: Mapping[str, Any], *, what: str) -> str:
    """The fold of what a cell of a notebook has just trained or measured.

    What is another at every run stands in elements of the class `rb-varies`: see `lasting`.

    Args:
        passport: Collected by the cell.
        what: What it did, in a few words.
    """
    made = f"{passport['started'][:10]} in {passport['wall_time_s']:.0f} s, by the cell that ran it"
    rows = {"made": made} | _machine(passport)
    kept = {"what ran": what} | _material(passport)
    return _fold(f"Live: {WHERE}", _written(kept) | _written(rows, varies=True))


def calculated(function: Callable[..., object], *, source: str) -> str:
    """The fold of a figure that needed neither data nor chance.

    Args:
        function: Of the package, which calculates or draws it.
        source: What it starts from, such as a formula or an article's numbers.
    """
    rows = {
        "calculated by": f"{function.__module__}.{function.__qualname__}",
        "from": source,
        "data and seeds": "none",
        "code": f"relubook {relubook.__version__}",
    }
    return _fold(f"Calculated: {WHERE}", _written(rows))


def lasting(text: str) -> str:
    """The text without what is another at every run, which two runs can be compared by."""
    return _VARIES.sub(r"\1\2", text)


def _material(passport: Mapping[str, Any]) -> dict[str, str]:
    """The data, what to know about it, and the seeds."""
    data, seeds = passport["data"], passport["seeds"]
    digest = f", SHA-256 {data['sha256'][:16]}" if data["sha256"] else ""
    rows = {"data": f"{data['name']}{digest}"}
    if data["name"] in datasets.NAMES:
        rows["beside the paper's"] = datasets.describe(data["name"]).differs
    rows["seeds"] = f"{len(seeds)}: {', '.join(map(str, seeds))}"
    return rows


def _machine(passport: Mapping[str, Any]) -> dict[str, str]:
    """Where and with what it ran."""
    versions = ", ".join(f"{name} {text}" for name, text in passport["versions"].items() if text)
    commit = str(passport["commit"] or "not known")[:10]
    changed = ", with changes that were not committed" if passport["dirty"] else ""
    return {
        "device": passport["device"],
        "code": f"relubook {passport['version']}, commit {commit}{changed}",
        "versions": versions,
    }


def _wall_time(passport: Mapping[str, Any]) -> str:
    """Seconds, and what they leave out, if anything."""
    before = ", and what was trained before, to go on from" if passport.get("resumed") else ""
    return f"{passport['wall_time_s']:.0f} s{before}"


def _written(rows: Mapping[str, str], *, varies: bool = False) -> dict[str, str]:
    """Each text as an element, and nothing in it is taken for one."""
    kind = ' class="rb-varies"' if varies else ""
    return {name: f"<dd{kind}>{html.escape(text)}</dd>" for name, text in rows.items()}


def _fold(title: str, items: Mapping[str, str]) -> str:
    """A list that opens when its title is chosen."""
    rows = "".join(f"<dt>{name}</dt>{item}" for name, item in items.items())
    return f'<details class="rb-passport"><summary>{title}</summary><dl>{rows}</dl></details>'
