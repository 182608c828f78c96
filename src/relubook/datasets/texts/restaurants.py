"""We8There: restaurant reviews as counts of pairs of word stems, rated on five aspects."""

from collections.abc import Mapping

import numpy as np
import torch

from relubook.datasets.entry import Edition, Entry, File, Parts
from relubook.datasets.files import npz
from relubook.datasets.texts.review_order import canonical, divided, row_keys
from relubook.datasets.values import Split

STARS = ("1", "2", "3", "4", "5")
ASPECT = "Overall"
VALIDATION, TEST = 0.1, 0.2  # shares

_FILE = "we8there.npz"
_LIMIT = 1 << 25  # bytes that the file may unpack to; it holds 1 MB
_NAMES = ("data", "indices", "indptr", "shape", "ratings", "rating_names", "terms")


def read(contents: Mapping[str, bytes]) -> Parts:
    """The reviews, those of each overall rating divided 70 : 10 : 20.

    The file is sorted by rating; the canonical order is not.

    Args:
        contents: The file by its name.

    Returns:
        Counts of pairs of stems, and the overall rating as class.

    Raises:
        ValueError: If the file is damaged, lacks an array, or arrays contradict each other.

    References:
        taddy2013; maua2009.
    """
    found = npz.members(contents[_FILE], _NAMES, name=_FILE, limit=_LIMIT)
    vocabulary = _texts(found["terms"], "terms")
    x = npz.bags(found, width=len(vocabulary), name=_FILE)
    if found["shape"].tolist() != list(x.shape):
        raise ValueError(
            f"The shape in {_FILE} must be that of its arrays, {list(x.shape)}. Got "
            f"{found['shape'].tolist()}."
        )
    y = _overall(found, len(x))
    order = canonical(row_keys(x), y)
    reviews = Split(x=x, y=torch.from_numpy(y)).take(torch.from_numpy(order))
    chosen = divided(y[order], validation=VALIDATION, test=TEST)
    train, validation, test = (reviews.take(torch.from_numpy(part)) for part in chosen)
    return Parts(train=train, validation=validation, test=test, vocabulary=vocabulary)


def _overall(found: Mapping[str, np.ndarray], count: int) -> np.ndarray:
    """The number of the class of each review: its overall rating, counted from 0."""
    names, ratings = _texts(found["rating_names"], "rating_names"), found["ratings"]
    if ASPECT not in names or ratings.shape != (count, len(names)):
        raise ValueError(
            f"The ratings of {_FILE} must have a row for each of {count:,} reviews, and a column "
            f"{ASPECT}. Got shape {ratings.shape} and {', '.join(names)[:80]}."
        )
    column = np.ascontiguousarray(ratings[:, names.index(ASPECT)])
    return npz.whole(column, f"ratings of {_FILE}", low=1, high=len(STARS)) - 1


def _texts(array: np.ndarray, key: str) -> tuple[str, ...]:
    """A list of texts."""
    if array.ndim != 1 or array.dtype.kind != "U" or not len(array):
        raise ValueError(
            f"The array {key} of {_FILE} must be a list of texts. Got shape {array.shape} of "
            f"{array.dtype}."
        )
    return tuple(array.tolist())


RESTAURANTS = Entry(
    name="restaurants",
    title="Restaurants",
    what="6,166 restaurant reviews with 1-5 stars: counts of 2,640 pairs of word stems",
    origin=(
        Edition(
            what="as counts",
            files=(
                File(
                    name=_FILE,
                    size=142166,
                    sha256="affdab8d341294797851681bbfad6c422dec547611c61e0e39a5f37a44345176",
                ),
            ),
            read=read,
        ),
    ),
    license="GPL-3, as part of the R package textir",
    citekey="taddy2013",
    classes=STARS,
    note=(
        "The label is the overall rating. Of each rating 70 % to train on, 10 % to validate, 20 % "
        "to test, chosen by the SHA-256 of the counts. Half of the reviews give 5 stars. "
        "The pairs are ordered by how often all reviews have them, those of the test among them."
    ),
    differs=(
        "Also restaurants with 1-5 stars, the closest free relative of the paper's OpenTable "
        "reviews; but 4,321 instead of 10,000 to train on, none without a label, and 2,640 pairs "
        "of word stems instead of 5,000 words."
    ),
    stand_in="reviews",
    by_hand=(
        "it holds the data we8there of the R package textir "
        "(https://cran.r-project.org/package=textir) in scipy's form, and only this very file has "
        "its SHA-256."
    ),
)
