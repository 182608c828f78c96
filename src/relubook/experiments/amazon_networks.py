"""Reviews of several domains with polarities: what of them has labels, and what is restored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets, seeds
from relubook.datasets import Dataset, Split, rows
from relubook.datasets.repeats import Removed, without_repeats
from relubook.datasets.texts.amazon import POLARITIES
from relubook.experiments.amazon_values import Config
from relubook.experiments.text_networks import pool

DEALT = 4  # domains that reviews without groups are dealt out to
_STARS = {"1": 0, "2": 0, "3": None, "4": 1, "5": 1}  # the polarity of a review with so many


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """Reviews of several domains, positive or negative.

    Attributes:
        data: Without repeats, no more of each kind than were asked for.
        pool: All of them, the test reviews too, without labels.
        removed: Repeats.
    """

    data: Dataset
    pool: Dataset
    removed: Removed

    def tests(self) -> list[Split]:
        """The test reviews of each domain."""
        return [of_domain(self.data.test, place) for place in range(len(self.data.groups))]


def opened(config: Config) -> Reviews:
    """The reviews that a configuration asks for; see `prepared`."""
    return prepared(datasets.load(config.data), config)


def prepared(loaded: Dataset, config: Config) -> Reviews:
    """Reviews of several domains, positive or negative, no more of each kind than are asked for.

    Without groups, reviews are dealt out to pseudo-domains by their number, which says nothing of
    what they are about; and those with stars are negative up to 2, positive from 4 on, and left out
    between. The note of the data says so.

    Args:
        loaded: Bags of words with polarities or with 1 to 5 stars.
        config: How many to take, and how many judge what was restored.

    Raises:
        ValueError: If they are no bags of words, have neither polarities nor stars, or a domain
            lacks reviews of a polarity.
    """
    data, removed = without_repeats(_polar(_in_domains(loaded)))
    splits = {
        name: _few(getattr(data, name), len(data.groups), most)
        for name, most in (
            ("train", config.labeled), ("validation", config.labeled), ("test", config.tested)
        )
    }  # fmt: skip
    data = replace(data, **splits, unlabelled=None, sha256="")
    _check(data)
    labeled = rows.join(data.train.x, data.validation.x)
    restored = pool(labeled, data.test.x, data, judged=config.restoring.judged)
    return Reviews(data=data, pool=restored, removed=removed)


def of_domain(split: Split, place: int) -> Split:
    """The reviews of one domain, in their order."""
    return split.take(_own(split, place))


def labeled(data: Dataset, source: int, budget: int | None, seed: int) -> Dataset:
    """What one network learns with labels: reviews of one domain.

    Args:
        data: Of several domains.
        source: The place of the domain.
        budget: Labels to train on, the same number of each polarity, drawn by the seed; at most as
            many, drawn likewise from the validation split, validate. None for all of both splits.
        seed: Of the network.

    Returns:
        The data with these splits; the test split is as it was.

    Raises:
        ValueError: If the domain has too few training reviews of a polarity.
    """
    train, validation = (of_domain(split, source) for split in (data.train, data.validation))
    if budget is not None:
        half = budget // 2
        fewest = int(_polarity_counts(train).min())
        if fewest < half:
            raise ValueError(
                f"A budget of {budget} labels takes {half} training reviews of each polarity. "
                f"{data.groups[source]} of {data.name} has {fewest} of one."
            )
        stream = seeds.stream(seed, "labels of reviews", source)
        train, validation = (_balanced(split, half, stream) for split in (train, validation))
    return replace(
        data, train=train, validation=validation,
        sha256=f"{data.sha256}, {data.groups[source]}, {budget} labels, seed {seed}",
    )  # fmt: skip


def regression_errors(data: Dataset) -> Float[np.ndarray, "domains"]:
    """Errors of logistic regression within each domain, as scikit-learn fits it by default [1].

    It is trained on all labels, those of the validation split too.
    """
    from sklearn.linear_model import LogisticRegression

    errors = []
    for place in range(len(data.groups)):
        parts = [of_domain(split, place) for split in (data.train, data.validation)]
        y = np.concatenate([part.y.numpy() for part in parts])
        test = of_domain(data.test, place)
        model = LogisticRegression(max_iter=1000)  # the default of 100 passes may not be enough
        model.fit(_matrix(rows.join(*(part.x for part in parts))), y)
        errors.append(1 - float(model.score(_matrix(test.x), test.y.numpy())))
    return np.array(errors)


def _in_domains(data: Dataset) -> Dataset:
    """Itself if it has groups; otherwise dealt out to domains by the number of each review."""
    if data.groups:
        return data
    splits = {
        name: replace(split, group=torch.arange(len(split)) % DEALT)
        for name, split in _splits(data).items()
    }
    return replace(
        data, **splits, groups=tuple(f"part {place + 1}" for place in range(DEALT)), sha256="",
        recipe=data.recipe and f"{data.recipe}, dealt out to {DEALT} parts",
        note=f"{data.note} Dealt out to {DEALT} parts by the number of each review.".strip(),
    )  # fmt: skip


def _polar(data: Dataset) -> Dataset:
    """Itself if it has polarities; otherwise reviews with few and with many stars."""
    if data.classes == POLARITIES:
        return data
    if not set(data.classes) <= set(_STARS):
        raise ValueError(
            f"The reviews of {data.name} must be positive or negative, or have 1 to 5 stars. Got "
            f"the classes {', '.join(data.classes)}."
        )
    return replace(
        data, **{name: _signed(split, data.classes) for name, split in _splits(data).items()},
        classes=POLARITIES, sha256="",
        recipe=data.recipe and f"{data.recipe}, polarities",
        note=f"{data.note} Negative: up to 2 stars, positive: from 4 on, 3 left out.".strip(),
    )  # fmt: skip


def _signed(split: Split, classes: tuple[str, ...]) -> Split:
    """Reviews with a polarity as their label, without those that have none."""
    polarity = torch.tensor([-1 if (sign := _STARS[name]) is None else sign for name in classes])
    signs = polarity[split.y]
    kept = (signs >= 0).nonzero()[:, 0]
    return replace(split.take(kept), y=signs[kept])


def _splits(data: Dataset) -> Mapping[str, Split]:
    """By name."""
    return {"train": data.train, "validation": data.validation, "test": data.test}


def _few(split: Split, domains: int, most: int | None) -> Split:
    """The first reviews of each domain, in their order."""
    if most is None:
        return split
    chosen = torch.cat([_own(split, place)[:most] for place in range(domains)])
    return split.take(chosen.sort().values)


def _check(data: Dataset) -> None:
    """Raise if a domain has no review of a polarity in one of the splits."""
    for name, split in _splits(data).items():
        for place, domain in enumerate(data.groups):
            if int(_polarity_counts(of_domain(split, place)).min()) == 0:
                raise ValueError(
                    f"The {name} split of {data.name} must have reviews of both polarities in "
                    f"every domain. {domain} has not."
                )


def _own(split: Split, place: int) -> Int[Tensor, "own"]:
    """Which reviews are of a domain."""
    if split.group is None:
        raise ValueError("The reviews must say which domain they are of.")
    return (split.group == place).nonzero()[:, 0]


def _polarity_counts(split: Split) -> Int[Tensor, "polarities"]:
    """How many reviews of each polarity."""
    return torch.bincount(split.y, minlength=len(POLARITIES))


def _balanced(split: Split, half: int, stream: torch.Generator) -> Split:
    """As many of each polarity, at most `half`, drawn without repeats."""
    few = min(half, int(_polarity_counts(split).min()))
    chosen = []
    for polarity in range(len(POLARITIES)):
        own = (split.y == polarity).nonzero()[:, 0]
        chosen.append(own[torch.randperm(len(own), generator=stream)[:few]])
    return split.take(torch.cat(chosen).sort().values)


def _matrix(x: Float[Tensor, "examples terms"]) -> object:
    """Compressed rows, for scikit-learn."""
    from scipy.sparse import csr_matrix

    starts, columns, values = (part.numpy() for part in rows.stored(x))
    return csr_matrix((values, columns, starts), shape=tuple(x.shape))
