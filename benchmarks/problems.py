"""What the contestants learn: the same examples, in the same order, from the same weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from torch import Tensor

from relubook import datasets, seeds
from relubook.datasets import Dataset, Split
from relubook.networks import MLP, sizes
from relubook.training import Hyperparameters, Schedule


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One training job, in plain values.

    Attributes:
        data: `mnist-5k` or `digits-8x8`, both embedded.
        width: Units per hidden layer.
        depth: Hidden layers.
        batch_size: Examples a step.
        models: How many networks; their seeds are 0, 1, 2, ...
        epochs: Passes over the examples.
        examples: How many training examples, the first ones; None takes all. Where there are
            fewer, they come again: a GPU needs long epochs to show its rate.
        held_out: How many examples to measure on after each epoch; None takes all. The peers
            measure nothing, so the fewer the fairer.
        l1: The strongest penalty; the models' penalties rise from 0 to it in equal steps.
        learning_rate: Step size [1].
        dtype: `float32` or `float64`.
        device: `cpu` or `cuda`.
    """

    data: str = "mnist-5k"
    width: int
    depth: int = 3
    batch_size: int = 10
    models: int
    epochs: int = 1
    examples: int | None = None
    held_out: int | None = 1
    l1: float = 1e-3
    learning_rate: float = 0.05
    dtype: str = "float32"
    device: str = "cpu"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A setting with its data, for some of its models.

    Attributes:
        setting: The whole job.
        data: Training examples, and what is measured on.
        hyper: What each of the chosen models has for itself.
    """

    setting: Setting
    data: Dataset
    hyper: Hyperparameters

    @property
    def schedule(self) -> Schedule:
        """Epochs and batch size."""
        epochs, batch_size = self.setting.epochs, self.setting.batch_size
        return Schedule(epochs=epochs, batch_size=batch_size, keep="last")

    def start(self) -> MLP:
        """The networks before the first step, on their device.

        In double precision they start from the same numbers: those that single precision holds.
        """
        dtype, numbers = getattr(torch, self.setting.dtype), self.hyper.seed.tolist()
        network = MLP(self.sizes, seeds=numbers, dtype=dtype, device=self.setting.device)
        for parameter in network.parameters() if dtype == torch.float64 else ():
            parameter.data = parameter.data.float().double()
        return network

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, units of each hidden layer, classes."""
        return sizes(
            inputs=self.data.inputs,
            width=self.setting.width,
            depth=self.setting.depth,
            outputs=self.data.outputs,
        )

    def first(self, models: int) -> Problem:
        """The same problem for the first of its models only."""
        hyper = Hyperparameters(
            learning_rate=self.hyper.learning_rate[:models],
            l1=self.hyper.l1[:models],
            seed=self.hyper.seed[:models],
        )
        return replace(self, hyper=hyper)

    def order(self, seed: int, epoch: int) -> Tensor:
        """The rows [steps batch] of one epoch, in the order in which `train` draws them."""
        generator = seeds.stream(seed, "order", epoch)
        whole = len(self.data.train) // self.setting.batch_size
        rows = torch.randperm(len(self.data.train), generator=generator)
        return rows[: whole * self.setting.batch_size].view(whole, -1)


def problem(setting: Setting, *, part: int = 0, parts: int = 1) -> Problem:
    """The problem of one process among several: an equal share of the models."""
    models = torch.arange(setting.models).chunk(parts)[part]
    dtype = getattr(torch, setting.dtype)
    rates = torch.full((len(models),), setting.learning_rate)
    penalties = torch.linspace(0, setting.l1, setting.models)[models]
    hyper = Hyperparameters(learning_rate=rates.to(dtype), l1=penalties.to(dtype), seed=models)
    return Problem(setting=setting, data=cut(setting), hyper=hyper)


@cache
def cut(setting: Setting) -> Dataset:
    """The data set with as many examples as the setting asks for."""
    data = digits_8x8() if setting.data == "digits-8x8" else datasets.load(setting.data)
    splits = (data.train, data.validation, data.test)
    limits = (setting.examples, setting.held_out, setting.held_out)
    train, validation, test = (
        split if limit is None else _first(split, limit)
        for split, limit in zip(splits, limits, strict=True)
    )
    return replace(data, train=train, validation=validation, test=test, sha256="")


def _first(split: Split, limit: int) -> Split:
    """That many examples, from the beginning."""
    rows = torch.arange(limit) % len(split)
    return Split(x=split.x[rows], y=split.y[rows])


def digits_8x8() -> Dataset:
    """The 1,797 digits of 8 x 8 pixels that come with scikit-learn, shuffled once."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(labels))
    x = torch.tensor(pixels[order] / 16, dtype=torch.float32)
    y = torch.tensor(labels[order], dtype=torch.int64)
    train, validation, test = (
        Split(x=x[rows], y=y[rows])
        for rows in (slice(0, 1197), slice(1197, 1497), slice(1497, None))
    )
    return Dataset(
        name="digits-8x8",
        train=train,
        validation=validation,
        test=test,
        source="embedded",
        license="CC BY 4.0",
        citekey="",
        classes=tuple("0123456789"),
        image_shape=(8, 8),
    )
