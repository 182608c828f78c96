"""Networks that the assignment on sparse training compares with: the right ones, and wrong ones."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets
from relubook.checks.sparse_training_answers import fresh
from relubook.datasets import Dataset, Split
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Hyperparameters, Schedule, grid, train

Models = Float[np.ndarray, "models"]

WIDTH, RATE = 16, 0.3  # units of each of two hidden layers, and the learning rate of all
SCHEDULE = Schedule(epochs=10, batch_size=15)
_MAY_DIFFER = 0.25  # of the networks: whoever trains them one by one rounds in other places
_MUST_DIFFER = 0.4  # of the networks, by each slip that must be told apart
_DRAWS = 20
LEAK = (
    "The epoch is chosen by the test error, which comes out too low: nobody who uses the network "
    "has these labels."
)


class Trained(NamedTuple):
    """What the student's function is given, and what this package makes of it."""

    data: Dataset
    strengths: Sequence[float]
    seeds: Sequence[int]
    history: History

    @property
    def shape(self) -> tuple[int, int]:
        """Strengths and seeds."""
        return len(self.strengths), len(self.seeds)


def few_digits() -> Dataset:
    """So few real digits that a network learns them in a moment."""
    return datasets.load("mnist-5k").subset(train=300, validation=100, test=400)


def clouds(inputs: int, classes: int) -> Dataset:
    """Points that lie around one place for each class, too far to tell them all apart.

    Args:
        inputs: Numbers that describe a point.
        classes: How many.
    """
    random = fresh()
    places = random.normal(0, 0.5, (classes, inputs))
    splits = {}
    for name, examples in (("train", 150), ("validation", 80), ("test", 200)):
        y = random.integers(classes, size=examples)
        x = torch.from_numpy(places[y] + random.normal(0, 1, (examples, inputs))).float()
        splits[name] = Split(x=x, y=torch.from_numpy(y))
    names = tuple(f"cloud {number}" for number in range(classes))
    return Dataset(
        name="clouds", source="yours", license="none", citekey="none", classes=names, **splits
    )


def train_sweep(data: Dataset, hyper: Hyperparameters, *, schedule: Schedule = SCHEDULE) -> History:
    """All networks of a sweep side by side.

    Args:
        data: To learn from.
        hyper: One entry for each network.
        schedule: What they share.
    """
    sizes = (data.inputs, WIDTH, WIDTH, data.outputs)
    return train(MLP(sizes, seeds=hyper.seed.tolist()), data, hyper, schedule)


def trained(data: Dataset, strengths: Sequence[float], seeds: int) -> Trained:
    """A sweep with fresh seeds for which each slip gives other numbers than the right answer.

    Args:
        data: To learn from.
        strengths: Of the penalty.
        seeds: How many.
    """
    one = _drawn(data, strengths, seeds)
    for _ in range(_DRAWS):
        error, others = right(one)[0], [value for _, value in wrong_epochs(one)]
        if all(apart(error, other, 1e-6) >= _MUST_DIFFER for other in others):
            break
        one = _drawn(data, strengths, seeds)
    return one


def _drawn(data: Dataset, strengths: Sequence[float], seeds: int) -> Trained:
    """A sweep with fresh seeds."""
    drawn = fresh().choice(np.arange(100, 10_000), seeds, replace=False).tolist()
    history = train_sweep(data, grid(l1=strengths, seed=drawn, learning_rate=RATE))
    return Trained(data, strengths, drawn, history)


def right(one: Trained) -> tuple[Models, Models]:
    """Test error and zeros of each network at its first epoch of lowest validation error.

    Args:
        one: Trained networks.
    """
    history, errors, zeros = one.history, [], []
    for model in range(len(history.best_epoch)):
        curve = history.validation_error[:, model].tolist()
        best = curve.index(min(curve))
        errors.append(history.test_error[best, model])
        zeros.append(float(np.mean(history.zero_fraction[best, :, model])))
    return np.array(errors), np.array(zeros)


def apart(first: np.ndarray, second: np.ndarray, tolerance: float) -> float:
    """The share of networks in which two arrays differ."""
    return float((~(np.abs(first.ravel() - second.ravel()) <= tolerance)).mean())


def same(first: np.ndarray, second: np.ndarray, tolerance: float) -> bool:
    """Whether they are the same networks at the same epochs, but for rounding."""
    return apart(first, second, tolerance) <= _MAY_DIFFER


def wrong_epochs(one: Trained) -> Iterator[tuple[str, Models]]:
    """Errors of the same networks that are not asked for."""
    history = one.history
    yield "It takes the error of the last epoch.", history.test_error[-1]
    yield LEAK, history.test_error.min(axis=0)
    yield "It returns the validation error.", history.validation_error.min(axis=0)


def wrong_zeros(one: Trained) -> Iterator[tuple[str, Models]]:
    """Zeros of the same networks that are not asked for."""
    zeros, best = right(one)[1], one.history.at_best("zero_fraction")
    models = np.arange(best.shape[-1])
    over_layers = one.history.zero_fraction.mean(axis=1)
    yield "It takes the zeros of the last epoch. At which one is the error?", over_layers[-1]
    yield "It takes the zeros of the first epoch. At which one is the error?", over_layers[0]
    by_test = over_layers[one.history.test_error.argmin(axis=0), models]
    yield f"{LEAK} The zeros belong to the same epoch.", by_test
    yield "It takes the zeros of the first hidden layer only.", best[0]
    yield "It takes the zeros of the last hidden layer only.", best[-1]
    yield "It adds the zeros of the layers. Asked for is their mean.", best.sum(axis=0)
    yield "It is in percent. Asked for is a share of 1.", 100 * zeros
    yield "It is the share of what is not zero.", 1 - zeros
    yield "It is the share of dead units.", one.history.at_best("dead").mean(axis=0)
    yield "It is the error once more.", right(one)[0]


def other_networks(one: Trained) -> Iterator[tuple[str, Trained]]:
    """Networks that were not asked for; they are trained only to name a slip."""
    strengths, seeds = list(one.strengths), list(one.seeds)
    rates = {"learning_rate": RATE}

    def swept(*, schedule: Schedule = SCHEDULE, **changed: Any) -> Trained:
        settings = {"l1": strengths, "seed": seeds, **rates, **changed}
        history = train_sweep(one.data, grid(**settings), schedule=schedule)
        return one._replace(history=history)

    yield (
        "It trains with seeds of its own: which ones were given?",
        swept(seed=list(range(len(seeds)))),
    )
    yield "All networks have the first seed.", swept(seed=seeds[:1] * len(seeds))
    yield "The penalty is not used: all strengths are 0.", swept(l1=[0.0] * len(strengths))
    yield "The learning rate is not the one that is given.", swept(learning_rate=0.05)
    yield (
        "The size of the mini-batches is not the one that is given.",
        swept(schedule=Schedule(epochs=SCHEDULE.epochs, batch_size=10)),
    )
    yield (
        "It goes on training the same networks: each strength should begin with fresh ones.",
        one._replace(history=_trained_on(one)),
    )


def _trained_on(one: Trained) -> History:
    """The networks of the first strength, trained with the second, then the third, ..."""
    sizes = (one.data.inputs, WIDTH, WIDTH, one.data.outputs)
    network, parts_ = MLP(sizes, seeds=list(one.seeds)), []
    for strength in one.strengths:
        hyper = grid(l1=strength, seed=list(one.seeds), learning_rate=RATE)
        parts_.append(train(network, one.data, hyper, SCHEDULE))
    names = one.history.__dataclass_fields__
    return History(
        **{name: np.concatenate([getattr(p, name) for p in parts_], axis=-1) for name in names}
    )


def misplaced(values: Models, shape: tuple[int, int]) -> Models:
    """Networks whose row was folded the other way round."""
    return values.reshape(shape[::-1]).T.ravel()
