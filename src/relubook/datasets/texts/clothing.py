"""Reviews of women's clothing with one to five stars."""

import csv
import io
from collections.abc import Iterator, Mapping

import numpy as np

from relubook.datasets.entry import Arrays, Edition, Entry, File, Parts, Progress
from relubook.datasets.files.archives import zip_members
from relubook.datasets.files.json_lines import unicode
from relubook.datasets.texts import bags
from relubook.datasets.texts.bags import Texts
from relubook.datasets.texts.review_order import canonical, divided
from relubook.datasets.values import SPLITS

STARS = ("1", "2", "3", "4", "5")
REVISION = 1  # raised by hand when the numbers may change
VALIDATION, TEST = 0.1, 0.2  # shares

_FILE = "womens_ecommerce_reviews_csv.zip"
_TABLE = "Womens Clothing E-Commerce Reviews.csv"
_TITLE, _TEXT, _RATING = "Title", "Review Text", "Rating"
_LIMIT = 1 << 27  # bytes that the table may have; it has 8 MB


def reviews(contents: Mapping[str, bytes]) -> Texts:
    """All reviews that have a text, in canonical order, the title before the text.

    Args:
        contents: The file by its name.

    Returns:
        Texts, and stars as classes.

    Raises:
        ValueError: If the file is damaged, is no such table, or a rating is not from 1 to 5.
    """
    table = zip_members(contents[_FILE], [_TABLE], name=_FILE, limit=_LIMIT)[_TABLE]
    found = [
        (f"{title}\n{text}", _stars(rating, where))
        for where, title, text, rating in _rows(unicode(table, _TABLE))
        if text.strip()
    ]
    if not found:
        raise ValueError(f"There must be reviews with a text in {_TABLE}. Got none.")
    texts = tuple(text for text, _ in found)
    y = np.array([stars for _, stars in found])
    return Texts(texts=texts, y=y).take(canonical([text.encode() for text in texts], y))


def arrays(found: Texts, *, progress: Progress | None = None) -> Arrays:
    """Counts of the most frequent terms, the reviews of each rating divided 70 : 10 : 20.

    Args:
        found: All reviews, in canonical order.
        progress: Called as progress(texts done, texts in all).

    Returns:
        The arrays that `bags.parts` reads.

    Raises:
        ValueError: If the training reviews have no words.
    """
    chosen = divided(found.y, validation=VALIDATION, test=TEST)
    splits: dict[str, Texts] = dict(zip(SPLITS, map(found.take, chosen), strict=True))
    return bags.vectorize(splits, progress=progress)


def read(contents: Mapping[str, bytes]) -> Parts:
    """The splits; see `reviews` for what is refused."""
    return bags.remembered(
        "clothing",
        contents,
        lambda progress: arrays(reviews(contents), progress=progress),
        revision=REVISION,
    )


def _rows(table: str) -> Iterator[tuple[str, str, str, str]]:
    """Where each row ends, its title, text and rating."""
    lines = csv.reader(io.StringIO(table, newline=""), strict=True)
    try:
        header = next(lines, [])
        places = _places(header)
        for row in lines:
            where = f"the row that ends in line {lines.line_num} of {_TABLE}"
            if len(row) != len(header):
                raise ValueError(f"There must be {len(header)} columns in {where}. Got {len(row)}.")
            title, text, rating = (row[place] for place in places)
            yield where, title, text, rating
    except csv.Error as problem:
        raise ValueError(
            f"There must be a table with commas in {_TABLE}. In line {lines.line_num}: {problem}."
        ) from problem


def _places(header: list[str]) -> list[int]:
    """The number of each column that is read."""
    missing = [name for name in (_TITLE, _TEXT, _RATING) if name not in header]
    if missing:
        raise ValueError(
            f"The first line of {_TABLE} must name the column {missing[0]!r}. Got "
            f"{', '.join(header)[:200] or 'nothing'}."
        )
    return [header.index(name) for name in (_TITLE, _TEXT, _RATING)]


def _stars(rating: str, where: str) -> int:
    """The number of the class."""
    if rating not in STARS:
        raise ValueError(f"The rating in {where} must be from 1 to 5. Got {rating[:40]!r}.")
    return STARS.index(rating)


CLOTHING = Entry(
    name="clothing",
    title="Clothing",
    what="22,641 reviews of women's clothing with 1-5 stars: a bag of 5,000 words",
    origin=(
        Edition(
            what="as a zipped table",
            files=(
                File(
                    name=_FILE,
                    size=2924080,
                    sha256="8dc01bbdf3e620dfc6dd416136bda0e2003636d308ee72ade879079038cd04d2",
                ),
            ),
            read=read,
        ),
    ),
    license="said to be CC0 by its publisher, not confirmed",
    citekey="brooks2018",
    classes=STARS,
    note=(
        "Title and text together; reviews without a text are left out. Of each rating 70 % to "
        "train on, 10 % to validate, 20 % to test, chosen by the SHA-256 of the review. 55 % of "
        "the reviews give 5 stars."
    ),
    differs=(
        "Clothes instead of restaurants, 15,853 labelled reviews to train on instead of 10,000, "
        "and none without a label."
    ),
    stand_in="reviews",
    by_hand=(
        "it was published as Women's E-Commerce Clothing Reviews on Kaggle, by Nick Brooks, which "
        "needs an account there. Only a zip file with this very SHA-256 is read."
    ),
)
