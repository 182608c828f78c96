"""Amazon reviews of four kinds of products, as they were written, with stars."""

from collections.abc import Mapping

import numpy as np

from relubook.datasets.entry import Arrays, Edition, Entry, File, Parts, Progress
from relubook.datasets.files.archives import unxz
from relubook.datasets.files.json_lines import field, records, text
from relubook.datasets.texts import bags
from relubook.datasets.texts.amazon import DOMAINS
from relubook.datasets.texts.bags import Texts
from relubook.datasets.texts.review_order import canonical, divided
from relubook.datasets.values import SPLITS

STARS = (1, 2, 4, 5)
REVISION = 1  # raised by hand when the numbers may change
VALIDATION, TEST = 0.1, 0.2  # shares

_FILE = "amazon4_raw_labelled.jsonl.xz"
_LIMIT = 1 << 28  # bytes that the file may unpack to; it holds 7 MB


def reviews(contents: Mapping[str, bytes]) -> Texts:
    """All reviews in canonical order, the title before the text.

    Args:
        contents: The file by its name.

    Returns:
        Texts, stars as classes, domains as groups.

    Raises:
        ValueError: If the file is damaged or empty, or a line is not what it should be.
    """
    content = unxz(contents[_FILE], name=_FILE, limit=_LIMIT)
    written, stars, domains = [], [], []
    for where, record in records(content, name=_FILE):
        written.append(f"{text(record, 'title', where)}\n{text(record, 'text', where)}")
        stars.append(_stars(record, where))
        domains.append(_domain(record, where))
    y, group = np.searchsorted(STARS, stars), np.array(domains)
    keys = [
        f"{DOMAINS[domain]}\n{told}".encode() for domain, told in zip(domains, written, strict=True)
    ]
    return Texts(texts=tuple(written), y=y, group=group).take(canonical(keys, y))


def arrays(found: Texts, *, progress: Progress | None = None) -> Arrays:
    """Counts of the 25,000 most frequent terms, the reviews divided 70 : 10 : 20.

    Every domain has the same shares of positive and of negative reviews.

    Args:
        found: All reviews, in canonical order.
        progress: Called as progress(texts done, texts in all).

    Returns:
        The arrays that `bags.parts` reads.

    Raises:
        ValueError: If the training reviews have no words.
    """
    domains = np.zeros(len(found.y), dtype=int) if found.group is None else found.group
    strata = 2 * domains + (found.y >= len(STARS) // 2)
    chosen = divided(strata, validation=VALIDATION, test=TEST)
    splits: dict[str, Texts] = dict(zip(SPLITS, map(found.take, chosen), strict=True))
    return bags.vectorize(splits, progress=progress)


def read(contents: Mapping[str, bytes]) -> Parts:
    """The splits; see `reviews` for what is refused.

    References:
        blitzer2007.
    """
    return bags.remembered(
        "amazon-stars",
        contents,
        lambda progress: arrays(reviews(contents), progress=progress),
        revision=REVISION,
    )


def _stars(record: Mapping[str, object], where: str) -> int:
    """The stars of a record, which are written as 1.0, 2.0, 4.0 or 5.0."""
    stars = field(
        record,
        "stars",
        where,
        expected=f"one of {STARS}",
        valid=lambda value: type(value) in (int, float) and value in STARS,
    )
    return int(stars)


def _domain(record: Mapping[str, object], where: str) -> int:
    """The number of the domain of a record."""
    domain = field(
        record,
        "domain",
        where,
        expected=f"one of {DOMAINS}",
        valid=lambda value: isinstance(value, str) and value in DOMAINS,
    )
    return DOMAINS.index(domain)


AMAZON_STARS = Entry(
    name="amazon-stars",
    title="Amazon, stars",
    what="8,000 reviews of books, DVDs, electronics and kitchenware with 1, 2, 4 or 5 stars",
    origin=(
        Edition(
            what="as lines of JSON",
            files=(
                File(
                    name=_FILE,
                    size=1899736,
                    sha256="15f364b2da8fdc8659c0035963152f3fd54849feb3f79f421e2ce71db9e58e57",
                ),
            ),
            read=read,
        ),
    ),
    license="research use; cite Blitzer et al. (2007)",
    citekey="blitzer2007",
    classes=tuple(map(str, STARS)),
    groups=DOMAINS,
    folder="amazon",
    note=(
        "Title and text together. In each domain 700 positive (4 or 5 stars) and 700 negative "
        "reviews to train on, 100 and 100 to validate, 200 and 200 to test, chosen by the SHA-256 "
        "of the review. No review has 3 stars."
    ),
    differs=(
        "Products instead of restaurants, 5,600 labelled reviews instead of 10,000, none with 3 "
        "stars and none unlabelled."
    ),
    stand_in="reviews",
    by_hand=(
        "it was made from unprocessed.tar.gz at "
        "https://www.cs.jhu.edu/~mdredze/datasets/sentiment/ (one JSON object a line with the keys "
        "domain, label, stars, title, text), and only this very file has its SHA-256."
    ),
)
