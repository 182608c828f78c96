"""The Large Movie Review Dataset: 50,000 reviews with stars, and 50,000 without."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from relubook.datasets.entry import Arrays, Edition, Entry, File, Parts, Progress
from relubook.datasets.files.archives import tar_members, unxz
from relubook.datasets.files.json_lines import field, records, text, unicode
from relubook.datasets.texts import bags
from relubook.datasets.texts.bags import Texts
from relubook.datasets.texts.review_order import canonical

STARS = (1, 2, 3, 4, 7, 8, 9, 10)
REVISION = 1  # raised by hand when the numbers may change
VALIDATION = 5_000

_ARCHIVE = "aclImdb_v1.tar.gz"
_LABELLED = re.compile(r"aclImdb/(train|test)/(?:neg|pos)/[0-9]+_([0-9]+)\.txt")
_UNLABELLED = re.compile(r"aclImdb/train/unsup/[0-9]+_0\.txt")
_WANTED = re.compile(f"{_LABELLED.pattern}|{_UNLABELLED.pattern}")
_LIMIT = 1 << 30  # bytes that an archive may unpack to; the published one holds 0.3 GB
_LINES = {  # part: name, size [bytes], SHA-256
    "train": (
        "train.jsonl.xz",
        9305536,
        "dec318e909f9e164510c38cb4bca79b849fb26828de43d39e7cec2dd9998f98c",
    ),
    "test": (
        "test.jsonl.xz",
        9061620,
        "e86a4f557f1dd25b89f2b5f136e77af12c2794e9abbcefaafa17d587567c899a",
    ),
    "unsup": (
        "unsup.jsonl.xz",
        18445584,
        "9b0aec795583d5a11bb208baee696070332e57ebce95ba56775988d7c0bda386",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """All reviews, in canonical order.

    Attributes:
        train: Those to train and validate on.
        test: Those to test on.
        unlabelled: Those without stars.
    """

    train: Texts
    test: Texts
    unlabelled: tuple[str, ...]


def published(contents: Mapping[str, bytes]) -> Reviews:
    """The reviews of the published archive, whose file names hold the stars.

    Args:
        contents: The archive by its name.

    Returns:
        All of them.

    Raises:
        ValueError: If the archive is damaged, a part is missing, a review is not UTF-8, or its
            stars are not among `STARS`.
    """
    found = tar_members(contents[_ARCHIVE], _WANTED, name=_ARCHIVE, limit=_LIMIT)
    parts: dict[str, list[tuple[str, int]]] = {"train": [], "test": [], "unsup": []}
    for path, content in found.items():
        named = _LABELLED.fullmatch(path)
        stars = _starred(int(named[2]), path) if named else 0
        parts[named[1] if named else "unsup"].append((unicode(content, path), stars))
    return _ordered(parts)


def lines(contents: Mapping[str, bytes]) -> Reviews:
    """The reviews of three compressed files, one JSON object a line.

    Args:
        contents: The files by their names.

    Returns:
        All of them.

    Raises:
        ValueError: If a file is damaged or empty, or a line is not what it should be.
    """
    parts = {}
    for part, (name, _, _) in _LINES.items():
        content = unxz(contents[name], name=name, limit=_LIMIT)
        parts[part] = [
            (text(record, "text", where), 0 if part == "unsup" else _stars(record, where))
            for where, record in records(content, name=name)
        ]
    return _ordered(parts)


def arrays(
    reviews: Reviews, *, validation: int = VALIDATION, progress: Progress | None = None
) -> Arrays:
    """Counts of the 25,000 most frequent terms of all reviews.

    Args:
        reviews: All of them, in canonical order.
        validation: How many of the last training reviews to validate on.
        progress: Called as progress(texts done, texts in all).

    Returns:
        The arrays that `bags.parts` reads.

    Raises:
        ValueError: If there are not more training reviews than are kept for validation.

    References:
        maas2011.
    """
    count = len(reviews.train.texts)
    if count <= validation:
        raise ValueError(
            f"There must be more than {validation:,} training reviews of imdb. Got {count:,}."
        )
    numbers = np.arange(count)
    splits = {
        "train": reviews.train.take(numbers[:-validation]),
        "validation": reviews.train.take(numbers[-validation:]),
        "test": reviews.test,
    }
    return bags.vectorize(splits, reviews.unlabelled, progress=progress)


def read_published(contents: Mapping[str, bytes]) -> Parts:
    """The splits from the published archive; see `published` for what is refused."""
    return _read(contents, published)


def read_lines(contents: Mapping[str, bytes]) -> Parts:
    """The splits from the lines of JSON; see `lines` for what is refused."""
    return _read(contents, lines)


def _read(
    contents: Mapping[str, bytes], reviews: Callable[[Mapping[str, bytes]], Reviews]
) -> Parts:
    """The splits of an edition, counted unless they were before."""

    def make(progress: Progress | None) -> Arrays:
        return arrays(reviews(contents), validation=VALIDATION, progress=progress)

    return bags.remembered("imdb", contents, make, revision=REVISION)


def _stars(record: Mapping[str, object], where: str) -> int:
    """The stars of a record."""
    return field(
        record,
        "stars",
        where,
        expected=f"one of {STARS}",
        valid=lambda value: type(value) is int and value in STARS,
    )


def _starred(stars: int, path: str) -> int:
    """The stars in a path, if they can be."""
    if stars not in STARS:
        raise ValueError(f"The stars in the name {path} must be one of {STARS}. Got {stars}.")
    return stars


def _ordered(parts: Mapping[str, Sequence[tuple[str, int]]]) -> Reviews:
    """The three parts in canonical order."""
    for name, reviews in parts.items():
        if not reviews:
            raise ValueError(f"There must be reviews in the part {name} of imdb. Got none.")
    train, test, unlabelled = (_texts(parts[name]) for name in ("train", "test", "unsup"))
    return Reviews(train=train, test=test, unlabelled=unlabelled.texts)


def _texts(reviews: Iterable[tuple[str, int]]) -> Texts:
    """Reviews in canonical order, without line breaks in HTML, any white space as one space."""
    written = [
        (" ".join(review.replace("<br />", " ").split()), stars) for review, stars in reviews
    ]
    stars = np.array([stars for _, stars in written], dtype=np.int64)
    order = canonical([review.encode() for review, _ in written], stars)
    classes = np.searchsorted(STARS, stars)
    return Texts(texts=tuple(written[number][0] for number in order), y=classes[order])


IMDB = Entry(
    name="imdb",
    title="IMDB",
    what="50,000 film reviews with 1-4 or 7-10 stars, 50,000 without: a bag of 5,000 words",
    origin=(
        Edition(
            files=(
                File(
                    name=_ARCHIVE,
                    size=84125825,
                    sha256="c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
                    urls=(f"https://ai.stanford.edu/~amaas/data/sentiment/{_ARCHIVE}",),
                ),
            ),
            read=read_published,
        ),
        Edition(
            what="as lines of JSON",
            files=tuple(
                File(name=name, size=size, sha256=sha256) for name, size, sha256 in _LINES.values()
            ),
            read=read_lines,
        ),
    ),
    license="research use; cite Maas et al. (2011)",
    citekey="maas2011",
    classes=tuple(map(str, STARS)),
    note=(
        "Reviews in the order of the SHA-256 of their text; the last 5,000 of the 25,000 published "
        "training reviews are kept for validation. No review has 5 or 6 stars. 123 texts are "
        "in the training and in the test files alike, as published."
    ),
    differs=(
        "Films instead of restaurants, 20,000 labelled reviews to train on instead of 10,000 and "
        "50,000 unlabelled ones instead of 300,000, no review with 5 or 6 of 10 stars, and four "
        "times as many terms a review (2.4 % of the inputs are not 0, instead of 0.6 %): errors in "
        "stars cannot be compared."
    ),
    stand_in="reviews",
)
