"""What a bag of words says of its terms: whether they occur or how often, of few terms or many.

The paper takes the 5,000 most frequent terms, as present or not, and found that larger vocabularies
make no marked difference (p. 321-322). Here the same reviews are given in every form to networks
without pretraining; each seed chooses its learning rate for each form, since larger inputs need
smaller steps. Repeats are found among the counts of the most terms, and removed for all forms.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import checkpoints as run_files
from relubook import datasets
from relubook.datasets import Dataset, Split, rows
from relubook.datasets.entry import Parts
from relubook.datasets.repeats import Removed, without_repeats
from relubook.datasets.texts import bags
from relubook.experiments import representation_drawings as drawings
from relubook.experiments.pretrained import begin, on_test, tuned
from relubook.experiments.representation_values import NETWORKS, Config, Result
from relubook.experiments.sweep import Comparison, part_of
from relubook.ratings import StarError
from relubook.training import Progress, Schedule

NAME = "representation"
TITLE = "Bags of words: binary or counts, few terms or many (pages 321 and 322)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle

_BY_SEED = ("test_error", "validation_error", "train_loss", "rate", "best_epoch", "diverged")
_TERMS = {"imdb": (1_000, 5_000, 25_000)}
_FEWER = (500, 2_000, 5_000)  # for sets that have no more
_RATES = (  # the deeper, the smaller
    (0.3, 0.1, 0.03, 0.01, 0.003),
    (0.1, 0.03, 0.01, 0.003),
    (0.03, 0.01, 0.003, 0.001),
)


class _Place(NamedTuple):
    """Where networks stand: row of `NETWORKS`, representation, vocabulary."""

    network: int
    representation: int
    terms: int


@dataclass(frozen=True, kw_only=True)
class Reviews:
    """The same reviews in every form.

    Attributes:
        counts: Of the most terms, without repeats, no more of each split than were asked for.
        removed: Repeats.
    """

    counts: Dataset
    removed: Removed

    def given(self, representation: str, terms: int) -> Dataset:
        """The reviews as inputs that say of so many terms whether they occur, or how often."""
        data = self.counts
        parts = Parts(train=data.train, validation=data.validation, test=data.test)
        narrow = bags.narrow(parts, terms=terms, counts=representation != "binary")
        splits = {
            name: _logarithmic(split) if representation == "log counts" else split
            for name, split in (
                ("train", narrow.train), ("validation", narrow.validation), ("test", narrow.test)
            )
        }  # fmt: skip
        return replace(
            data, **splits, vocabulary=data.vocabulary[:terms],
            sha256=f"{data.sha256}, {representation} of {terms} terms",
        )  # fmt: skip


def configure(scale: str, data: str | None = None) -> Config:
    """500 units a layer at `laptop`; the paper's 5,000, more reviews and forms at `paper`."""
    data = data or ("imdb" if scale == "paper" else "reviews")
    if scale == "smoke":
        return Config(
            data=data, terms=(100, 400), representations=("binary", "counts", "log counts"),
            width=12, seeds=(0, 1), labeled=150, validated=100, tested=200,
            learning_rates=((0.1, 0.03),) * 3, l1=1e-4, batch_size=10, epochs=2,
        )  # fmt: skip
    wide, terms = scale == "paper", _TERMS.get(data, _FEWER)
    return Config(
        data=data, terms=terms,
        representations=("binary", "counts", "log counts") if wide else ("binary", "counts"),
        width=5_000 if wide else 500, seeds=tuple(range(5)), labeled=10_000, validated=2_000,
        tested=10_000, learning_rates=_RATES, l1=1e-4, batch_size=10,
        epochs=30 if wide else 6,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train every network on every form of the reviews."""
    loaded = datasets.load(config.data, terms=config.terms[-1], counts=True)
    reviews = prepared(loaded, config)
    return learned(config, reviews, device=device, progress=progress, checkpoints=checkpoints)


def prepared(loaded: Dataset, config: Config) -> Reviews:
    """The reviews that a configuration asks for.

    Args:
        loaded: Counts of the most terms.
        config: How many reviews to take.

    Raises:
        ValueError: If there are too few terms, or too few labeled reviews to train on.
    """
    if loaded.inputs < config.terms[-1]:
        raise ValueError(
            f"The `terms` must be at most the {loaded.inputs:,} of {loaded.name}. Got "
            f"{config.terms[-1]:,}."
        )
    data, removed = without_repeats(loaded)
    everything = Split(
        x=rows.join(data.train.x, data.validation.x), y=torch.cat([data.train.y, data.validation.y])
    )
    if len(everything) <= config.validated:
        raise ValueError(
            f"The `validated` reviews must leave some of the {len(everything):,} of {data.name} to "
            f"train on. Got {config.validated:,}."
        )
    order = torch.randperm(len(everything), generator=torch.Generator().manual_seed(2011))
    order = order[: config.labeled]
    test = data.test.take(torch.arange(min(config.tested, len(data.test))))
    counts = replace(
        data, train=everything.take(order[config.validated :]),
        validation=everything.take(order[: config.validated]), test=replace(test, group=None),
        groups=(), unlabelled=None, sha256="",
    )  # fmt: skip
    return Reviews(counts=counts, removed=removed)


def learned(
    config: Config,
    reviews: Reviews,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """What `run` gives, of reviews at hand; a cut run goes on with the next form."""
    work = [_weight(config, place) for place in _places(config)]
    found = {}
    for number, place in enumerate(_places(config)):
        part = part_of(progress, sum(work[:number]), work[number], sum(work))
        train = partial(_trained, config, reviews, place, device, part)
        what = (config, reviews.counts.sha256, place)
        found[place] = run_files.remembered(_file(checkpoints, config, place), train, *what)
    return _result(config, reviews, found)


def _places(config: Config) -> Iterator[_Place]:
    """All of them, in the order in which they are trained."""
    sizes = (len(NETWORKS), len(config.representations), len(config.terms))
    return (_Place(*(int(number) for number in place)) for place in np.ndindex(*sizes))


def _weight(config: Config, place: _Place) -> int:
    """Networks times passes, times layers."""
    network = list(NETWORKS)[place.network]
    return len(config.rates(network)) * len(config.seeds) * config.epochs * (1 + NETWORKS[network])


def _file(checkpoints: Path | None, config: Config, place: _Place) -> Path | None:
    """Where the networks of one place are kept."""
    if checkpoints is None:
        return None
    words = (list(NETWORKS)[place.network], config.representations[place.representation])
    name = "-".join(words).replace(", ", "-").replace(" ", "-")
    return Path(f"{checkpoints}.{name}.{config.terms[place.terms]}.npz")


def _trained(
    config: Config, reviews: Reviews, place: _Place, device: str, progress: Progress | None
) -> dict[str, np.ndarray]:
    """What the networks of one place come to, one per seed."""
    name = list(NETWORKS)[place.network]
    data = reviews.given(config.representations[place.representation], config.terms[place.terms])
    judge, hidden = StarError.of(data.classes), (config.width,) * NETWORKS[name]
    starts = begin(hidden, data, activation="rectifier", seeds=config.seeds, device=device)
    network, numbers = tuned(
        starts, data, rates=config.rates(name), l1=config.l1, negate=False, judge=judge,
        schedule=Schedule(epochs=config.epochs, batch_size=config.batch_size), progress=progress,
    )  # fmt: skip
    numbers |= on_test(network, data.test, lost=numbers["best_epoch"] < 0, judge=judge)
    return {key: numbers[key] for key in (*_BY_SEED, "rate_validation")}


def _result(config: Config, reviews: Reviews, found: dict[_Place, dict[str, np.ndarray]]) -> Result:
    """All places in one array for each quantity."""
    grid = (len(NETWORKS), len(config.representations), len(config.terms))
    rates = max(map(len, config.learning_rates))
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(_BY_SEED, (*grid, len(config.seeds)))
    shapes["rate_validation"] = (*grid, rates, len(config.seeds))
    arrays = {
        key: np.full(shape, -1 if key in ("best_epoch", "diverged") else np.nan)
        for key, shape in shapes.items()
    }
    for place, numbers in found.items():
        for key, values in numbers.items():
            arrays[key][place][tuple(slice(size) for size in values.shape)] = values
    for key in ("best_epoch", "diverged"):
        arrays[key] = arrays[key].astype(np.int64)
    data = reviews.counts
    stars = np.array(StarError.of(data.classes).stars)
    mean = stars[data.train.y.numpy()].mean()
    splits = (data.train, data.validation, data.test)
    forms = [
        [reviews.given(form, terms).train.x for terms in config.terms]
        for form in config.representations
    ]
    return Result(
        **arrays,
        length=np.array([[_length(x) for x in row] for row in forms]),
        terms=np.array(config.terms),
        present=np.array([int((rows.stored(x)[-1] != 0).sum()) / len(x) for x in forms[0]]),
        guess_error=np.array(np.sqrt(np.square(stars[data.test.y.numpy()] - mean).mean())),
        stars=stars,
        counts=np.array([len(split) for split in splits]),
        removed=np.array(list(vars(reviews.removed).values())),
        data={
            "name": data.name, "sha256": data.sha256, "source": data.source,
            "train_examples": len(data.train), "representations": list(config.representations),
        },
    )  # fmt: skip


def _length(x: Float[Tensor, "examples terms"]) -> float:
    """Root mean square of the Euclidean length of a row [1]."""
    return float(rows.stored(x)[-1].double().square().sum() / len(x)) ** 0.5


def _logarithmic(split: Split) -> Split:
    """Reviews with log(1 + n) for each count n."""
    starts, columns, values = (part.numpy() for part in rows.stored(split.x))
    x = rows.compressed(np.log1p(values), columns, starts, width=split.x.shape[1])
    return replace(split, x=x)


def compare(result: Result) -> list[Comparison]:
    """The paper says that larger vocabularies made no marked difference, and gives no number."""
    return []
