"""Amazon reviews of four kinds of products, as counts of 5,000 words and pairs of words.

The file does not say which term each column stands for; its columns come in the order of how many
reviews have the term.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.entry import Edition, Entry, File, Parts
from relubook.datasets.files import npz
from relubook.datasets.texts.amazon import DOMAINS, POLARITIES
from relubook.datasets.texts.review_order import canonical, divided, row_keys
from relubook.datasets.values import Split

WIDTH = 5_000
VALIDATION = 0.2  # share of the labelled reviews

_FILE = "amazon4_bow5000.npz"
_LIMIT = 1 << 26  # bytes that the file may unpack to; it holds 7 MB


def read(contents: Mapping[str, bytes]) -> Parts:
    """The splits: of the 2,000 labelled reviews a domain 1,600 and 400, and the others to test on.

    Args:
        contents: The file by its name.

    Returns:
        Counts of 5,000 terms, polarities as classes, domains as groups.

    Raises:
        ValueError: If the file is damaged, lacks an array, or arrays contradict each other.

    References:
        blitzer2007; glorot2011, p. 322.
    """
    kinds = ("data", "indices", "indptr", "y")
    names = [f"{d}_{part}_{kind}" for d in DOMAINS for part in ("train", "test") for kind in kinds]
    found = npz.members(contents[_FILE], names, name=_FILE, limit=_LIMIT)
    (labelled, strata), (rest, _) = (_all_domains(found, part) for part in ("train", "test"))
    train, validation, _ = divided(strata, validation=VALIDATION)
    return Parts(
        train=labelled.take(torch.from_numpy(train)),
        validation=labelled.take(torch.from_numpy(validation)),
        test=rest,
    )


def _all_domains(found: Mapping[str, np.ndarray], part: str) -> tuple[Split, np.ndarray]:
    """One part of all domains in canonical order, and the number of domain and label of each."""
    bags = [npz.bags(found, f"{d}_{part}_", width=WIDTH, name=_FILE) for d in DOMAINS]
    sizes = [len(bag) for bag in bags]
    labels = [
        _polarities(found, f"{domain}_{part}_y", size)
        for domain, size in zip(DOMAINS, sizes, strict=True)
    ]
    domains = np.repeat(np.arange(len(DOMAINS)), sizes)
    x, y = _stacked(bags), np.concatenate(labels)
    order = canonical(row_keys(x), y)
    split = Split(x=x, y=torch.from_numpy(y), group=torch.from_numpy(domains))
    return split.take(torch.from_numpy(order)), (len(POLARITIES) * domains + y)[order]


def _stacked(bags: Sequence[Float[Tensor, "_examples terms"]]) -> Float[Tensor, "more terms"]:
    """Compressed rows one below the other."""
    starts, columns, values = zip(*map(rows.stored, bags), strict=True)
    ends = torch.cat([torch.zeros(1, dtype=torch.int64), *(part.diff() for part in starts)])
    return rows.compressed(
        torch.cat(values).numpy(), torch.cat(columns).numpy(), ends.cumsum(0).numpy(), width=WIDTH
    )


def _polarities(found: Mapping[str, np.ndarray], key: str, count: int) -> np.ndarray:
    """The numbers of the classes of reviews, which are stored as -1 and 1."""
    signs = npz.whole(found[key], f"{key} of {_FILE}", low=-1, high=1)
    if len(signs) != count or not signs.all():
        raise ValueError(
            f"The array {key} of {_FILE} must have a -1 or a 1 for each of {count} rows. Got "
            f"{len(signs)} numbers, {int((signs == 0).sum())} of them 0."
        )
    return (signs + 1) // 2


AMAZON_5000 = Entry(
    name="amazon-5000",
    title="Amazon, 5,000 terms",
    what="27,677 Amazon reviews, positive or negative, as bags of 5,000 words and pairs of words",
    origin=(
        Edition(
            what="as counts",
            files=(
                File(
                    name=_FILE,
                    size=3422380,
                    sha256="e0b6ee2094dae1dcc8bedd445edf785069d4542af3a84e60146bf92623457dae",
                ),
            ),
            read=read,
        ),
    ),
    license="research use; cite Blitzer et al. (2007)",
    citekey="blitzer2007",
    classes=POLARITIES,
    groups=DOMAINS,
    folder="amazon",
    note=(
        "In each domain 1,600 of the 2,000 labelled reviews to train on, 400 to validate, and all "
        "others to test on, chosen by the SHA-256 of their counts. The literature also uses the "
        "test reviews, without their labels, as the unlabelled ones. The file does not name its "
        "terms, so there is no vocabulary. Three reviews have none of the terms. "
        "Of the test reviews, 721 have the very counts of a labelled one, as published."
    ),
    differs=(
        "The set of the paper's Amazon experiment, in the form that later work shares: 5,000 words "
        "and pairs of words. The paper does not say how it chose its terms."
    ),
    stand_in="reviews",
    by_hand=(
        "it holds, for each domain, the counts of processed_acl.tar.gz from "
        "https://www.cs.jhu.edu/~mdredze/datasets/sentiment/ in scipy's form, and only this very "
        'file has its SHA-256. load("amazon") reads the published archive itself.'
    ),
)
