"""The data sets the book knows. A new one is an `Entry` in a file of its own, listed here."""

from difflib import get_close_matches

from relubook.datasets.entry import Entry
from relubook.datasets.generators.pictures import NISTP, NORB, NORB_CLUTTERED
from relubook.datasets.generators.planar import BLOBS, HINGES, SPIRALS
from relubook.datasets.generators.reviews import REVIEWS
from relubook.datasets.images.cifar10 import CIFAR10
from relubook.datasets.images.emnist import EMNIST
from relubook.datasets.images.fashion import FASHION
from relubook.datasets.images.mnist import MNIST
from relubook.datasets.images.mnist_5k import MNIST_5K
from relubook.datasets.images.small_norb import SMALL_NORB
from relubook.datasets.texts.amazon import AMAZON
from relubook.datasets.texts.amazon_5000 import AMAZON_5000
from relubook.datasets.texts.amazon_stars import AMAZON_STARS
from relubook.datasets.texts.clothing import CLOTHING
from relubook.datasets.texts.imdb import IMDB
from relubook.datasets.texts.restaurants import RESTAURANTS

_IMAGES = (MNIST, MNIST_5K, FASHION, CIFAR10, EMNIST, NISTP, SMALL_NORB, NORB, NORB_CLUTTERED)
_TEXTS = (IMDB, AMAZON, AMAZON_5000, AMAZON_STARS, CLOTHING, RESTAURANTS, REVIEWS)
_PLANE = (HINGES, SPIRALS, BLOBS)
ENTRIES: dict[str, Entry] = {entry.name: entry for entry in (*_IMAGES, *_TEXTS, *_PLANE)}


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
