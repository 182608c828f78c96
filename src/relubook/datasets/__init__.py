"""Real data, verified, by name: `load("mnist-5k")`.

A name means one data set. `load` looks in a mirror folder, then in the user's cache, then
downloads; it never puts another set in its place. To add a set, write an `Entry` in `registry` and
a function that makes its splits.
"""

from dataclasses import dataclass
from pathlib import Path

import torch

from relubook.datasets import registry
from relubook.datasets.advice import explain
from relubook.datasets.dataset import Dataset
from relubook.datasets.entry import Arrays, Entry, Parts, Recipe
from relubook.datasets.files import kept, storage
from relubook.datasets.files.progress import making
from relubook.datasets.files.storage import Obtained
from relubook.datasets.texts import bags
from relubook.datasets.values import DatasetUnavailable, Split
from relubook.datasets.yours import of_arrays

__all__ = [
    "NAMES",
    "Dataset",
    "DatasetUnavailable",
    "Description",
    "Split",
    "describe",
    "fetch",
    "load",
    "of_arrays",
]

NAMES: tuple[str, ...] = tuple(registry.ENTRIES)


@dataclass(frozen=True, kw_only=True)
class Description:
    """What is known about a data set before it is loaded; all texts, empty where there is none.

    Attributes:
        name: What to call `load` with.
        title: Its name in figures.
        what: One line.
        size: Of the files [MB], or "embedded".
        license: The terms of use.
        citekey: The key in the book's bibliography.
        where: Where the files are now.
        stand_in: Another set to use where this one cannot be had.
        note: What a reader of a figure must know.
        differs: How it differs from what the paper used.
    """

    name: str
    title: str
    what: str
    size: str
    license: str
    citekey: str
    where: str
    stand_in: str
    note: str
    differs: str


def load(
    name: str,
    *,
    source: str = "auto",
    root: Path | str | None = None,
    terms: int | None = None,
    counts: bool = False,
) -> Dataset:
    """The data set of that name, as train, validation and test split.

    Args:
        name: One of `NAMES`.
        source: "mirror", "cache", "download" (whatever the cache lacks) or, for a set that is made
            here or comes with a package, "embedded"; "auto" tries what the set offers in this
            order.
        root: A mirror folder with one folder per data set; by default the environment variable
            RELUBOOK_DATA.
        terms: Of bags of words, how many of the most frequent terms to keep; 5,000 by default, as
            in the paper.
        counts: Of bags of words, whether inputs say how often a term occurs. Otherwise they are 1
            where it does and 0 where not, as in the paper.

    Returns:
        The data, verified and in float32; bags of words as sparse rows (`dense()` stores zeros).

    Raises:
        ValueError: If no data set has that name, or it has no such source.
        DatasetUnavailable: If it is nowhere to be had intact; the text names a stand-in and ends in
            numbered steps to get the set by hand.

    >>> load("mnist-5k").train.x.shape
    torch.Size([3000, 784])
    """
    entry = _entry(name, source)
    if entry.recipe is not None:
        parts, served = _made(entry, entry.recipe), "embedded"
    else:
        obtained = _obtain(entry, source, root, progress=True)
        parts, served = obtained.parts, obtained.source
    if parts.train.x.layout == torch.sparse_csr:
        return _bags(entry, parts, served, terms, counts)
    if terms is not None or counts:
        raise ValueError(f"Only bags of words have `terms` and `counts`. Got {name}.")
    return _dataset(entry, parts, source=served)


def _bags(entry: Entry, parts: Parts, served: str, terms: int | None, counts: bool) -> Dataset:
    """Bags of words as asked for; other terms than the paper's show in the name."""
    usual = min(bags.SERVED, parts.train.x.shape[1])
    narrowed = bags.narrow(parts, terms=usual if terms is None else terms, counts=counts)
    width = narrowed.train.x.shape[1]
    words = [f"{width:,} terms"] if width != usual else []
    words += ["counts"] if counts else []
    return _dataset(entry, narrowed, source=served, details=", ".join(words))


def fetch(name: str, *, progress: bool = True) -> list[Path]:
    """Make sure that the files of a data set are on this machine, downloading what is missing.

    Args:
        name: One of `NAMES`.
        progress: Show a bar on standard error.

    Returns:
        The verified files, in a mirror or cache folder; none for an embedded set.

    Raises:
        ValueError: If no data set has that name.
        DatasetUnavailable: As `load` does.
    """
    entry = registry.find(name)
    if entry.recipe is not None:
        return []
    obtained = _obtain(entry, "auto", None, progress=progress)
    return [obtained.folder / file.name for file in obtained.edition.files]


def describe(name: str) -> Description:
    """What a data set is and where its files are now; nothing is downloaded or verified.

    Args:
        name: One of `NAMES`.

    Returns:
        A row for a list.

    Raises:
        ValueError: If no data set has that name.
    """
    entry = registry.find(name)
    embedded = entry.recipe is not None
    return Description(
        name=entry.name,
        title=entry.title,
        what=entry.what,
        size="embedded" if embedded else _size(entry),
        license=entry.license,
        where="embedded" if embedded else storage.locate(entry.folder, entry.editions),
        stand_in=entry.stand_in or "",
        citekey=entry.citekey,
        note=entry.note,
        differs=entry.differs,
    )


def _size(entry: Entry) -> str:
    """The size of the published files, as far as it is known."""
    sizes = [file.size for file in entry.editions[0].files]
    return f"{sum(sizes) / 1e6:.1f} MB" if all(sizes) else "unknown"


def _made(entry: Entry, recipe: Recipe) -> Parts:
    """The parts of a set that is made on this machine, or was before."""

    def make() -> Arrays:
        with making(entry.title, shown=recipe.slow and not recipe.exact) as progress:
            return recipe.make(progress)

    if recipe.slow:
        return kept.obtain(entry.name, f"r{recipe.revision}", make, recipe.parts)
    return recipe.parts(make())


def _dataset(entry: Entry, parts: Parts, *, source: str, details: str = "") -> Dataset:
    """The parts with all that is known about them."""
    name = f"{entry.name} ({details})" if details else entry.name
    return Dataset(
        name=name,
        train=parts.train,
        validation=parts.validation,
        test=parts.test,
        unlabelled=parts.unlabelled,
        vocabulary=parts.vocabulary,
        source=source,
        license=entry.license,
        citekey=entry.citekey,
        classes=entry.classes,
        groups=entry.groups,
        image_shape=entry.image_shape,
        recipe=entry.recipe.described(name) if entry.recipe else "",
        note=entry.note,
    )


def _entry(name: str, source: str) -> Entry:
    """The entry, if it offers that source."""
    entry = registry.find(name)
    if source not in ("auto", *entry.sources):
        offered = ", ".join(("auto", *entry.sources))
        raise ValueError(f"The `source` of {name} must be one of {offered}. Got {source!r}.")
    return entry


def _obtain(entry: Entry, source: str, root: Path | str | None, *, progress: bool) -> Obtained:
    """The entry's numbers, or an explanation that ends in steps to take by hand."""
    places = entry.sources if source == "auto" else (source,)
    try:
        return storage.obtain(
            entry.folder, entry.editions, places=places, root=root, progress=progress
        )
    except DatasetUnavailable as problem:
        raise DatasetUnavailable(explain(entry, str(problem))) from None
