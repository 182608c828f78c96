"""What the page on the paper and this book shows, part by part: tables, pictures and sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from relubook import experiments, paper, records
from relubook.datasets import registry
from relubook_book import side_by_side_rows as rows
from relubook_book import side_by_side_words as signs
from relubook_book.markup import NO_BREAK_SPACE
from relubook_book.recorded import anchor, stale_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from relubook.records import Record

FOLDER = records.SHIPPED
TITLES = {"mnist": "MNIST", "cifar10": "CIFAR-10", "nistp": "NISTP", "norb": "NORB"}
# Data sets by what they stand for, the nearest to the paper's first.
IMAGES: dict[rows.Place, tuple[str, ...]] = {
    "mnist": ("mnist",),
    "cifar10": ("cifar10",),
    "nistp": ("nistp",),
    "norb": ("small-norb", "norb"),
}
THE_PAPERS_OWN = frozenset({"mnist", "cifar10", "lif"})
REVIEWS = ("restaurants", "clothing")  # others' stars cannot be compared


@dataclass(frozen=True, kw_only=True)
class Lines:
    """A table.

    Attributes:
        caption: Whose numbers, at which scale, and what stands in; MyST text.
        head: Names of the columns.
        rows: Their cells.
    """

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A record's own figure.

    Attributes:
        caption: As of a table.
        record: What is drawn.
    """

    caption: str
    record: Record


Part = str | Lines | Picture


def find(experiment: str, names: Sequence[str]) -> Record | None:
    """Returns the record that is shown, None where there is none.

    Args:
        experiment: Its name.
        names: Data sets, the one nearest to the paper's first.
    """
    return rows.found(experiment, names, FOLDER)


def size(record: Record | None) -> str:
    """Returns at which scale was run, in words."""
    if record is None:
        return "Not run here"
    if record.scale == "paper":
        return "At the paper’s scale"
    return f"At `{record.scale}` scale, not the paper’s size"


def instead(record: Record | None, name: str) -> str:
    """Returns what stands in for the paper's data, empty if nothing does.

    Args:
        record: Which was run.
        name: Of the paper's data.
    """
    if record is None or record.data in THE_PAPERS_OWN:
        return ""
    return f"`{record.data}` ({registry.find(record.data).title}) stands in for {name}"


def caption(name: str, record: Record | None, theirs: str, page: str) -> str:
    """Returns whose numbers, at which scale, and what stands in.

    Args:
        name: Of what is compared.
        record: Ours.
        theirs: The paper's data; empty for no data.
        page: Of the paper.
    """
    parts = [f"{name}, page {page}", size(record), instead(record, theirs)]
    return ". ".join(part for part in parts if part) + "."


def plain(text: str) -> str:
    """Returns MyST text in which no line ends before a percent sign."""
    return text.replace(" %", f"{NO_BREAK_SPACE}%")


def origin(record: Record | None, command: str) -> str:
    """Returns what ours was measured on, and the record or the command that makes it.

    Args:
        record: Ours.
        command: What to type where there is no record.
    """
    if record is None:
        return f"**Not run.** `relubook reproduce {command}` makes the record that belongs here."
    below = ", ".join(experiments.subtitle(record).splitlines())
    differs = ""
    if record.data not in THE_PAPERS_OWN:
        differs = f" {registry.find(record.data).differs}"
    return plain(f"Here: {below}. [Its record](#{anchor(record)}){stale_mark(record)}.{differs}")


def verdict(found: Sequence[signs.Sign]) -> str:
    """Returns what agrees and what does not, as MyST text."""
    return plain(signs.sentence(found))


def table_1() -> list[Part]:
    """Returns Table 1, a block for each of the paper's data sets."""
    parts: list[Part] = []
    for place, names in IMAGES.items():
        record, title = find("table-1", names), TITLES[place]
        layers = paper.PROTOCOL["hidden_layers"], paper.PROTOCOL["width"]
        theirs = f"{layers[0]} of {layers[1]}"
        if place == "norb":
            first, second = (paper.PROTOCOL[f"norb_width_{number}"] for number in (1, 2))
            theirs = f"{first} and {second}"
        text = caption(f"Table 1, {title}: test error", record, title, "320")
        parts += [
            f"### {title}",
            Lines(caption=text, head=rows.head("%"), rows=rows.table_1(place, record)),
            f"The paper: {paper.SIZES[place, 'train']} to train on, {theirs}. "
            + origin(record, f"table-1 --data {names[-1]}"),
        ]
        parts += [] if record is None else [verdict(signs.table_1(place, record))]
    return parts


def table_2() -> list[Part]:
    """Returns Table 2 on reviews with the paper's five stars."""
    parts: list[Part] = []
    own = "OpenTable’s reviews"
    for name in REVIEWS:
        record = find("table-2", (name,))
        text = caption("Table 2: error of expected stars", record, own, "322")
        zeros = caption("Table 2: exact zeros", record, own, "322")
        parts += [
            f"### {registry.find(name).title}",
            Lines(caption=text, head=rows.head("stars", n="folds"), rows=rows.table_2(record)),
            Lines(caption=zeros, head=rows.head("%", n="folds"), rows=rows.table_2_zeros(record)),
            f"The paper: {paper.SENTIMENT['labeled']} with stars and "
            f"{paper.SENTIMENT['unlabeled']} without, {paper.SENTIMENT['width']} a layer. "
            + origin(record, f"table-2 --data {name}"),
        ]
        parts += [] if record is None else [verdict(signs.table_2(record))]
    return parts


def figure_1() -> list[Part]:
    """Returns Figure 1, left."""
    record = find("figure-1", ("lif",))
    printed = f"{paper.FIGURE_1.page}, read off the figure"
    text = (
        f"Figure 1, left: firing rate of a neuron, page {printed}. A formula: it has no data, no "
        "seeds, and no smaller scale."
    )
    if record is None:
        text += " Not run here."
    parts: list[Part] = [
        Lines(caption=text, head=rows.head("Hz"), rows=rows.points(record)),
        origin(record, "figure-1"),
    ]
    if record is None:
        return parts
    fitted = (
        "**Agrees:** all points, within the differences of the table; that is a fit, since the "
        "neuron’s parameters, which the paper does not print, were recovered from the same points "
        "and from the authors’ code."
    )
    return [Picture(caption=text, record=record), *parts, fitted]


def figure_3() -> list[Part]:
    """Returns Figure 3: the cloud and its numbers."""
    record = find("figure-3", ("mnist",))
    text = caption("Figure 3: test error by exact zeros", record, "MNIST", paper.FIGURE_3.page)
    head = rows.head("%", spread="the same, seed by seed")
    digitized = (
        f"The paper: {paper.PROTOCOL['figure_3_networks']} of {paper.PROTOCOL['width']} a layer, "
        f"of which {len(paper.FIGURE_3)} points could be read off the figure. "
    )
    parts: list[Part] = [
        Lines(caption=text, head=head, rows=rows.cloud(record)),
        digitized + origin(record, "figure-3 --data mnist"),
    ]
    if record is None:
        return parts
    return [Picture(caption=text, record=record), *parts, verdict(signs.cloud(record))]


def figure_4() -> list[Part]:
    """Returns Figure 4: the errors, and what pretraining saves, on toys and on digits."""
    toys, digits = find("figure-4", IMAGES["norb"]), find("figure-4", IMAGES["mnist"])
    page = next(iter(paper.FIGURE_4.values())).page
    errors = caption("Figure 4: test error by share of labels", toys, "NORB", page)
    parts: list[Part] = [] if toys is None else [Picture(caption=errors, record=toys)]
    parts.append(Lines(caption=errors, head=rows.head("%"), rows=rows.shares(toys)))
    for record, name in ((toys, "norb"), (digits, "mnist")):
        text = caption("Figure 4: error saved by pretraining", record, "NORB", page)
        if name == "mnist":
            text += " Digits here, which the paper’s figure does not show; the paper’s are NORB’s."
        parts += [
            Lines(caption=text, head=rows.head("points"), rows=rows.savings(record)),
            origin(record, f"figure-4 --data {name}"),
        ]
        if record is not None:
            parts.append(
                f"Error with pretraining against without. {verdict(signs.savings(record))}"
            )
    return parts


def alphas() -> list[Part]:
    """Returns the sweep from softplus to the rectifier."""
    record = find("softplus-alpha", IMAGES["norb"])
    page = next(iter(paper.ALPHA_SWEEP.values())).page
    text = caption("Test error by alpha", record, "NORB", page)
    parts: list[Part] = [
        Lines(caption=text, head=rows.head("%"), rows=rows.alphas(record)),
        origin(record, "softplus-alpha --data norb"),
    ]
    if record is None:
        return parts
    theirs, ours = (f"{value:.2f}".replace("-", rows.MINUS) for value in signs.orders(record))
    order = f"Spearman’s correlation of alpha with the error is {theirs} in the paper, {ours} here."
    below = f"Error against the rectifier’s. {verdict(signs.alphas(record))} {order}"
    return [Picture(caption=text, record=record), *parts, below]


PARTS: dict[str, Callable[[], list[Part]]] = {
    "table-1": table_1,
    "table-2": table_2,
    "figure-1": figure_1,
    "figure-3": figure_3,
    "figure-4": figure_4,
    "softplus-alpha": alphas,
}
