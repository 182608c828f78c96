"""Real data, verified, by name: `load("mnist-5k")`.

A name means one data set. `load` looks in a mirror folder, then in the user's cache, then
downloads; it never puts another set in its place. To add a set, write an `Entry` in `registry` and
a function that makes its splits.
"""

from dataclasses import dataclass
from pathlib import Path

from relubook.datasets import registry, storage
from relubook.datasets.registry import Entry
from relubook.datasets.storage import Obtained
from relubook.datasets.values import Dataset, DatasetUnavailable, Split

__all__ = [
    "NAMES",
    "Dataset",
    "DatasetUnavailable",
    "Description",
    "Split",
    "describe",
    "fetch",
    "load",
]

NAMES: tuple[str, ...] = tuple(registry.ENTRIES)


@dataclass(frozen=True, kw_only=True)
class Description:
    """One row of a list of data sets; all texts, but for `stand_in`, which may be None.

    Attributes:
        name: What to call `load` with.
        title: Its name in figures.
        what: One line.
        size: Of the files [MB], or "embedded".
        license: The terms of use.
        where: Where the files are now.
        stand_in: Another set to use where this one cannot be had.
    """

    name: str
    title: str
    what: str
    size: str
    license: str
    where: str
    stand_in: str | None


def load(name: str, *, source: str = "auto", root: Path | str | None = None) -> Dataset:
    """The data set of that name, as train, validation and test split.

    Args:
        name: One of `NAMES`.
        source: "mirror", "cache", "download" (whatever the cache lacks) or, for a set that comes
            with a package, "embedded"; "auto" tries what the set offers in this order.
        root: A mirror folder with one folder per data set; by default the environment variable
            RELUBOOK_DATA.

    Returns:
        The data, verified and in float32.

    Raises:
        ValueError: If no data set has that name, or it has no such source.
        DatasetUnavailable: If it is nowhere to be had intact; the text names a stand-in and ends in
            numbered steps to get the set by hand.

    >>> load("mnist-5k").train.x.shape
    torch.Size([3000, 784])
    """
    entry = _entry(name, source)
    obtained = _obtain(entry, source, root, progress=True) if entry.files else None
    train, validation, test = entry.make(obtained.contents if obtained else {})
    return Dataset(
        name=entry.name,
        train=train,
        validation=validation,
        test=test,
        source=obtained.source if obtained else "embedded",
        license=entry.license,
        citekey=entry.citekey,
        classes=entry.classes,
        image_shape=entry.image_shape,
        note=entry.note,
    )


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
    if not entry.files:
        return []
    folder = _obtain(entry, "auto", None, progress=progress).folder
    return [folder / file.name for file in entry.files]


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
    megabytes = sum(file.size for file in entry.files) / 1e6
    return Description(
        name=entry.name,
        title=entry.title,
        what=entry.what,
        size=f"{megabytes:.1f} MB" if entry.files else "embedded",
        license=entry.license,
        where=storage.locate(entry.name, entry.files) if entry.files else "embedded",
        stand_in=entry.stand_in,
    )


def _entry(name: str, source: str) -> Entry:
    """The entry, if it offers that source."""
    entry = registry.find(name)
    if source not in ("auto", *entry.sources):
        offered = ", ".join(("auto", *entry.sources))
        raise ValueError(f"The `source` of {name} must be one of {offered}. Got {source!r}.")
    return entry


def _obtain(entry: Entry, source: str, root: Path | str | None, *, progress: bool) -> Obtained:
    """The entry's files, or an explanation that ends in steps to take by hand."""
    try:
        return storage.obtain(entry.name, entry.files, source=source, root=root, progress=progress)
    except DatasetUnavailable as problem:
        raise DatasetUnavailable(_explain(entry, str(problem))) from problem


def _explain(entry: Entry, tried: str) -> str:
    """What was tried, what to use instead, and how to get the files by hand."""
    addresses = "\n".join(f"   {file.urls[0]}\n   SHA-256 {file.sha256}" for file in entry.files)
    stand_in = (
        f'Its stand-in is load("{entry.stand_in}"), which is another data set: results on it '
        f"are not results on {entry.name}.\n"
        if entry.stand_in
        else ""
    )
    return (
        f"The data set {entry.name} is not available. Tried:\n{tried}\n{stand_in}"
        f"To get it by hand:\n"
        f"1. Download these files:\n{addresses}\n"
        f"2. Put them, unchanged, into a folder named {entry.name}, for example "
        f"{Path('data') / entry.name}.\n"
        f"3. Set the environment variable RELUBOOK_DATA to the folder above it, here data.\n"
        f'4. Call load("{entry.name}") again; it verifies the SHA-256 of every file.'
    )
