"""Small networks that read a review word by word, and one of them to travel in a page.

Two hidden layers of few rectifiers see which of the most frequent words a review has, and give a
probability to each number of stars (glorot2011, p. 321 to 323, with far more units). While the same
units are active such a network is linear in the words, and can say exactly what each of them
carries.

The settings were chosen on film reviews (`imdb`, 10,000 to train on), with seeds 100 to 102 and
validation reviews: of the learning rates 0.02, 0.05 and 0.1 and of six penalties from 0 to 0.01,
the errors in stars were lowest at 0.02, whatever the penalty up to 0.003 (2.16 to 2.17). The
largest of these is taken: for the first 3,000 test reviews it makes 66 % and 52 % of the two
layers' outputs exactly 0, and no unit died.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import datasets
from relubook.datasets import Dataset, Split
from relubook.datasets.repeats import without_repeats
from relubook.datasets.rows import stored
from relubook.datasets.texts import bags
from relubook.experiments import review_reader_drawings as drawings
from relubook.experiments.review_reader_account import Removed, Weights, removals
from relubook.experiments.review_reader_rounding import Packed, packed, unpacked
from relubook.experiments.review_reader_values import DEPTH, QUANTILES, Config, Result
from relubook.experiments.review_reader_words import words_only
from relubook.experiments.sweep import Comparison
from relubook.history import answers, evaluate
from relubook.networks import MLP, sizes
from relubook.ratings import StarError, expected
from relubook.training import Progress, Schedule, grid, train

NAME = "review-reader"
TITLE = "What each word of a review carries, exactly, in a network of two small layers"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle


def configure(scale: str, data: str | None = None) -> Config:
    """Two layers of 24 rectifiers, but for `smoke`; all reviews, and more words, at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "reviews", terms=300, width=8, seeds=(0, 1), epochs=3,
            train_examples=1000, removals=200, fewest=5,
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data or "imdb", terms=5000, epochs=20, train_examples=None, removals=None
        )
    return Config(data=data or "reviews")


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of all seeds, round them, and take away every word of test reviews."""
    data, passport = open_words(config)
    judge = StarError.of(data.classes)
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1, seed=config.seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=DEPTH, outputs=data.outputs)
    network = MLP(shape, seeds=config.seeds, device=device)
    file = checkpoints and Path(f"{checkpoints}.npz")
    history = train(
        network, data.subset(test=1), hyper,
        Schedule(epochs=config.epochs, batch_size=config.batch_size),
        judge=judge, progress=progress, checkpoint=file,
    )  # fmt: skip
    stars = torch.tensor(judge.stars, dtype=torch.float64)
    numbers = packed(network)
    return Result(
        best_epoch=history.best_epoch,
        validation_error=history.at_best("validation_error"),
        vocabulary=np.frombuffer("\n".join(data.vocabulary).encode(), dtype=np.uint8),
        known=_known(config, data),
        data=passport,
        **_guessing(data, stars),
        **_tested(network, numbers, data.test, judge),
        **_removed(config, numbers, data.test, stars),
        **numbers.arrays(0),
    )


def open_words(config: Config) -> tuple[Dataset, dict[str, Any]]:
    """The data of a configuration, without repeated reviews and without pairs of words.

    Returns:
        The data, and their line in the passport.

    Raises:
        ValueError: If they are no bags of words, or their classes are no numbers of stars.
    """
    data, removed = without_repeats(words_only(datasets.load(config.data, terms=config.terms)))
    if config.train_examples is not None and config.train_examples < len(data.train):
        data = data.subset(train=config.train_examples)
    return data, {
        "name": data.name,
        "sha256": data.sha256,
        "source": data.source,
        "train_examples": len(data.train),
        "test_examples": len(data.test),
        "words": data.inputs,
        "removed": str(removed),
    }


def _known(config: Config, data: Dataset) -> Float[np.ndarray, "quantiles"]:
    """Of the different words of each test review, those that are inputs [1]."""
    wide = words_only(datasets.load(config.data, terms=bags.MOST)).test
    every, own = (np.diff(stored(split.x)[0].numpy()) for split in (wide, data.test))
    return np.quantile(own[every > 0] / every[every > 0], QUANTILES)


def _guessing(data: Dataset, stars: Float[Tensor, "classes"]) -> dict[str, np.ndarray]:
    """The classes of the training reviews, and what always guessing their mean costs."""
    shares = data.train.y.bincount(minlength=data.outputs).double() / len(data.train)
    far = stars[data.test.y] - shares @ stars
    return {
        "stars": stars.numpy(),
        "shares": shares.numpy(),
        "constant_error": far.square().mean().sqrt().numpy(),
    }


@torch.no_grad()
def _tested(network: MLP, numbers: Packed, test: Split, judge: StarError) -> dict[str, np.ndarray]:
    """Errors of exact and of rounded networks; what is 0 in the rounded ones."""
    rounded, stars = unpacked(numbers), torch.tensor(judge.stars, dtype=torch.float64)
    _, zeros, dead = evaluate(rounded, test)
    width = torch.tensor(rounded.sizes[1:-1], dtype=torch.float64)
    nothing = rounded(torch.zeros(rounded.models, 1, rounded.sizes[0], dtype=torch.float64))
    return {
        "test_error": judge(network, test).numpy(),
        "within_one": within_one(network, test, stars),
        "rounded_error": judge(rounded, test).numpy(),
        "rounded_within": within_one(rounded, test, stars),
        "zeros": zeros.double().T.numpy(),
        "dead": dead.double().T.numpy(),
        "active": ((1 - zeros.double().T) * width).numpy(),
        "empty_stars": expected(nothing, stars)[:, 0].numpy(),
    }


@torch.no_grad()
def within_one(
    network: MLP, split: Split, stars: Float[Tensor, "classes"]
) -> Float[np.ndarray, "models"]:
    """Of the reviews, those with expected stars at most one from those given [1]."""
    near = torch.zeros(network.models, dtype=torch.float64)
    for hidden, y in answers(network, split):
        told = expected(network.layers[-1](hidden[-1]).double().cpu(), stars)
        near += ((told - stars[y.cpu()]).abs() <= 1).double().sum(-1)
    return (near / len(split)).numpy()


def _removed(
    config: Config, numbers: Packed, test: Split, stars: Float[Tensor, "classes"]
) -> dict[str, np.ndarray]:
    """What taking away words does, by seed."""
    count = len(test) if config.removals is None else min(config.removals, len(test))
    some = test.take(torch.arange(count)).x
    rounded = unpacked(numbers)
    found = [removals(Weights.of(rounded, model), some, stars) for model in range(rounded.models)]
    having = found[0].having
    return {
        "having": having,
        "effect": np.stack([np.where(having < config.fewest, np.nan, one.effect) for one in found]),
        **_by_seed(found),
    }


def _by_seed(found: list[Removed]) -> dict[str, np.ndarray]:
    return {
        "unflipped": np.array([one.unflipped for one in found]),
        "account_size": np.array([one.size for one in found]),
        "account_error": np.array([one.error for one in found]),
    }


def compare(result: Result) -> list[Comparison]:
    """The paper's networks are larger and learn from other reviews: nothing to set beside ours."""
    return []
