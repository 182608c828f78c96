"""What is known about a data set before it is loaded: its files, or the recipe it is made by."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook.datasets.values import Split

PLACES = ("mirror", "cache", "download")
Arrays = Mapping[str, np.ndarray]
Progress = Callable[[int, int], None]  # progress(done, total)


@dataclass(frozen=True, kw_only=True)
class File:
    """One published file.

    Attributes:
        name: Its name in the data set's folder.
        sha256: Its published digest; empty if none was published, and then what the file holds is
            verified once it is read.
        size: Its length [bytes]; 0 if it is not known.
        urls: Where it can be had, in the order of trying; none for a file of local mirrors only.
    """

    name: str
    sha256: str = ""
    size: int = 0
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What a reader or a recipe makes: the numbers of a data set.

    Attributes:
        train: What the weights are fitted to.
        validation: What the best epoch and the learning rate are chosen on.
        test: What is reported.
        unlabelled: More inputs, without labels.
        vocabulary: For text, the term of each input, the most frequent first.
    """

    train: Split
    validation: Split
    test: Split
    unlabelled: Float[Tensor, "examples inputs"] | None = None
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One form in which the files of a data set exist; every edition yields the same numbers.

    Attributes:
        what: The form, such as "as published".
        files: All files of it.
        read: Turns their contents, by file name, into the splits; raises ValueError where they are
            not what they should be.
    """

    what: str = "as published"
    files: tuple[File, ...]
    read: Callable[[Mapping[str, bytes]], Parts]

    @property
    def downloadable(self) -> bool:
        """Whether every file has a public address."""
        return all(file.urls for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a data set is made on this machine.

    Attributes:
        revision: An integer raised by hand when the numbers may change.
        make: The slow part, given a progress callable or None; its arrays are kept in the cache.
        parts: Turns the arrays into the splits.
        exact: Whether the arrays are equal on every machine. Otherwise the last bit of a number
            depends on the processor, and the recipe's digest stands for the data.
        slow: Whether making takes so long that the arrays are kept and a bar is shown.
    """

    revision: int
    make: Callable[[Progress | None], Arrays]
    parts: Callable[[Arrays], Parts]
    exact: bool = False
    slow: bool = True

    def described(self, name: str) -> str:
        """A text whose digest stands for the data; empty if the data can stand for itself."""
        return "" if self.exact else f"{name}, revision {self.revision}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A row of the registry.

    Attributes:
        name: What `load` is asked for.
        title: Its name in figures.
        what: One line for a list.
        origin: The forms its files exist in, the published one first; or its recipe.
        license: The terms of use.
        citekey: The key in the book's bibliography.
        classes: The name of each label.
        groups: The name of each group, where `Split.group` says which one an example is of.
        image_shape: (rows, columns), (rows, columns, 3) or (2 eyes, rows, columns); None otherwise.
        note: What a reader of a figure must know.
        differs: A sentence on how it differs from what the paper used.
        stand_in: Another data set, under its own name, for machines that cannot have this one.
        by_hand: How to get the files where they have no public address.
        folder: The folder its files lie in, in a mirror or the cache; its name unless given.
    """

    name: str
    title: str
    what: str
    origin: tuple[Edition, ...] | Recipe
    license: str
    citekey: str
    classes: tuple[str, ...]
    groups: tuple[str, ...] = ()
    image_shape: tuple[int, ...] | None = None
    note: str = ""
    differs: str = ""
    stand_in: str | None = None
    by_hand: str = ""
    folder: str = ""

    def __post_init__(self) -> None:
        if not self.folder:
            object.__setattr__(self, "folder", self.name)

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The forms of its files; none for a set made by a recipe."""
        return () if isinstance(self.origin, Recipe) else self.origin

    @property
    def recipe(self) -> Recipe | None:
        """How it is made, if it is."""
        return self.origin if isinstance(self.origin, Recipe) else None

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the set can come from, in the order of trying."""
        if self.recipe:
            return ("embedded",)
        public = any(edition.downloadable for edition in self.editions)
        return PLACES if public else PLACES[:-1]
