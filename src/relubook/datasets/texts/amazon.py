"""The Amazon reviews of Blitzer et al. (2007), four kinds of products, as published: counts."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from relubook.datasets.entry import Arrays, Edition, Entry, File, Parts, Progress
from relubook.datasets.files.archives import tar_members
from relubook.datasets.files.json_lines import unicode
from relubook.datasets.texts import bags
from relubook.datasets.texts.bags import Texts
from relubook.datasets.texts.review_order import canonical, divided

DOMAINS = ("books", "dvd", "electronics", "kitchen")
POLARITIES = ("negative", "positive")
SIZES = {"books": 4465, "dvd": 3586, "electronics": 5681, "kitchen": 5945}  # not labelled
LABELLED = 1_000  # reviews of each polarity in each domain
VALIDATION = 0.2  # share of the labelled reviews
REVISION = 1  # raised by hand when the numbers may change

_ARCHIVE = "processed_acl.tar.gz"
_FOLDER = "processed_acl"
_LIMIT = 1 << 29  # bytes that the archive may unpack to
_MARK = "#label#:"


@dataclass(kw_only=True)
class _Counts:
    """Counts of one file after another; `terms` numbers all that were met so far."""

    terms: dict[str, int]
    columns: array = field(default_factory=lambda: array("q"))
    values: array = field(default_factory=lambda: array("q"))
    starts: array = field(default_factory=lambda: array("q", [0]))
    y: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)


def arrays(
    contents: Mapping[str, bytes],
    *,
    labelled: int = LABELLED,
    sizes: Mapping[str, int] = SIZES,
    progress: Progress | None = None,
) -> Arrays:
    """Counts of the 25,000 words and pairs of words that the most reviews of any kind have.

    No digest of the archive was published, so the number of reviews in each file is checked.

    Args:
        contents: The archive by its name.
        labelled: How many reviews there are of each polarity in each domain.
        sizes: How many other reviews there are, by domain.
        progress: Called as progress(files done, files in all).

    Returns:
        The arrays that `bags.parts` reads.

    Raises:
        ValueError: If the archive is damaged, lacks a file, or a file has another number of reviews
            or a line of another form.

    References:
        blitzer2007.
    """
    kinds = ("positive", "negative", "unlabeled")
    paths = [f"{_FOLDER}/{domain}/{kind}.review" for domain in DOMAINS for kind in kinds]
    found = tar_members(contents[_ARCHIVE], paths, name=_ARCHIVE, limit=_LIMIT)
    terms: dict[str, int] = {}
    known, rest = _Counts(terms=terms), _Counts(terms=terms)
    for number, path in enumerate(paths):
        domain, kind = divmod(number, len(kinds))
        unlabelled = kinds[kind] == "unlabeled"
        expected = sizes[DOMAINS[domain]] if unlabelled else labelled
        _read_file(found[path], path, domain, expected, rest if unlabelled else known)
        if progress:
            progress(number + 1, len(paths))
    return _divided(known, rest)


def read(contents: Mapping[str, bytes]) -> Parts:
    """The splits; see `arrays` for what is refused."""

    def make(progress: Progress | None) -> Arrays:
        return arrays(contents, labelled=LABELLED, sizes=SIZES, progress=progress)

    return bags.remembered("amazon", contents, make, revision=REVISION)


def _divided(known: _Counts, rest: _Counts) -> Arrays:
    """The labelled reviews to train and validate on, the others to test on."""
    (counts, labels), (others, answers) = (_in_order(part) for part in (known, rest))
    having = np.bincount(np.concatenate([counts.indices, others.indices]))
    terms = sorted(known.terms, key=lambda term: (-having[known.terms[term]], term))[: bags.MOST]
    chosen = [known.terms[term] for term in terms]
    strata = len(POLARITIES) * np.asarray(labels.group) + labels.y
    train, validation, _ = divided(strata, validation=VALIDATION)
    picked = counts[:, chosen]
    return bags.arrays(
        {"train": picked[train], "validation": picked[validation], "test": others[:, chosen]},
        {"train": labels.take(train), "validation": labels.take(validation), "test": answers},
        terms,
    )


def _in_order(found: _Counts) -> tuple[Any, Texts]:
    """Counts, and what is known besides, in canonical order."""
    from scipy.sparse import csr_matrix

    numbers = (np.array(found.values), np.array(found.columns), np.array(found.starts))
    counts = csr_matrix(numbers, shape=(len(found.y), len(found.terms)))
    counts.sum_duplicates()
    y = np.array(found.y)
    order = canonical(found.keys, y)
    labels = Texts(texts=("",) * len(y), y=y, group=np.array(found.group))
    return counts[order], labels.take(order)


def _read_file(content: bytes, path: str, domain: int, expected: int, into: _Counts) -> None:
    """Add the reviews of a file, one a line."""
    lines = content.split(b"\n")
    count = sum(1 for line in lines if line.strip())
    if count != expected:
        raise ValueError(f"The file {path} must hold {expected:,} reviews. Got {count:,}.")
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"line {number} of {path}"
            _read_line(unicode(line, where), where, into)
            into.group.append(domain)
            into.keys.append(f"{DOMAINS[domain]} ".encode() + line.strip())


def _read_line(line: str, where: str, into: _Counts) -> None:
    """Add one review: terms with their counts, and its label at the end."""
    *pairs, label = line.strip().split(" ")  # another kind of space may be part of a term
    polarity = label.removeprefix(_MARK)
    if not label.startswith(_MARK) or polarity not in POLARITIES:
        raise ValueError(
            f"There must be {_MARK}positive or {_MARK}negative at the end of {where}. Got "
            f"{label[:40]!r}."
        )
    for pair in pairs:
        term, _, count = pair.rpartition(":")
        if not (term and count.isascii() and count.isdigit() and 0 < int(count[:9]) < 1 << 24):
            raise ValueError(
                f"There must be a term, a colon and a count in {where}. Got {pair[:40]!r}."
            )
        into.columns.append(into.terms.setdefault(term, len(into.terms)))
        into.values.append(int(count))
    into.starts.append(len(into.columns))
    into.y.append(POLARITIES.index(polarity))


AMAZON = Entry(
    name="amazon",
    title="Amazon",
    what="27,677 Amazon reviews, positive or negative, as published: counts of words and pairs",
    origin=(
        Edition(
            files=(
                File(
                    name=_ARCHIVE,
                    urls=(f"https://www.cs.jhu.edu/~mdredze/datasets/sentiment/{_ARCHIVE}",),
                ),
            ),
            read=read,
        ),
    ),
    license="research use; cite Blitzer et al. (2007)",
    citekey="blitzer2007",
    classes=POLARITIES,
    groups=DOMAINS,
    note=(
        "In each domain 1,600 of the 2,000 labelled reviews to train on, 400 to validate, and all "
        "others to test on, chosen by the SHA-256 of their line. The literature also uses the test "
        "reviews, without their labels, as the unlabelled ones; the most frequent terms are those "
        "of all reviews. No digest of the archive was published: its files and the number of their "
        "lines are checked."
    ),
    differs=(
        "The set of the paper's Amazon experiment, as published. The paper does not say how it "
        "chose its terms, or which reviews it tested on."
    ),
    stand_in="reviews",
)
