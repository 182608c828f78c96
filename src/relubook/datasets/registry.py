"""The data sets the book knows. A new one is an `Entry` in a file of its own, listed here."""

from difflib import get_close_matches

from relubook.datasets.entry import Entry
from relubook.datasets.mnist import MNIST
from relubook.datasets.mnist_5k import MNIST_5K

ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (MNIST, MNIST_5K)}


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
