"""Is a unit about one factor of the picture? DCI scores of rectified and of dense codes.

Stated before the run: the toys of the renderer that stands in for small NORB, whose factors are
known; networks that name the category, stopped at the same validation error; scores of pictures
they never saw; a unit of a rectifier code is expected to be about fewer factors.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets, seeds
from relubook.datasets.generators import norb
from relubook.disentanglement import Scores, score
from relubook.experiments import computed
from relubook.experiments.factors_drawings import (
    describe,
    describe_accuracy,
    describe_units,
    draw,
    draw_accuracy,
    draw_units,
    subtitle,
)
from relubook.experiments.factors_values import FACTORS, Config, Result
from relubook.experiments.quartet import UNITS, Group, settings, train_group
from relubook.experiments.sweep import Comparison, part_of
from relubook.networks import MLP
from relubook.training import Progress

__all__ = [
    "FACTORS", "METRIC", "Config", "Result", "compare", "configure", "describe",
    "describe_accuracy", "describe_units", "draw", "draw_accuracy", "draw_units", "metric", "run",
    "subtitle",
]  # fmt: skip

NAME = "factors"
TITLE = "How many factors of a picture a unit is about (page 317)"
REVISION = 1

METRIC = "disentanglement D of the code, mean over hidden layers (1)"

_DATA = "norb"
_VIEW_SEED = 2010  # as the registry's
_TARGET = 0.12  # validation error that all four reach in a pilot with other seeds


def configure(scale: str, data: str | None = None) -> Config:
    """The registry's 3,000 training views and 1,600 further ones; a few for a quick look."""
    name = computed.own_data(NAME, _DATA, data)
    if scale == "smoke":
        small = {"train_examples": 40, "target": 0.7}
        return Config(
            **(settings(scale, name) | small), instances=(0,), view_seed=_VIEW_SEED,
            validation_examples=10, fit_examples=40, test_examples=10, trees=2, leaf=3,
        )  # fmt: skip
    wide = scale == "paper"
    own = {"train_examples": 3_000, "target": _TARGET, "epochs": 80, "l1": (1e-3,)}
    return Config(
        **(settings(scale, name) | own), instances=norb.TRAINING_INSTANCES, view_seed=_VIEW_SEED,
        validation_examples=600, fit_examples=3_000 if wide else 1_000,
        test_examples=1_200 if wide else 600, trees=10, leaf=5,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Take the pictures, train each group of networks, and ask every layer about every factor."""
    kinds = [(name, 0.0) for name in UNITS] + [("rectifier", l1) for l1 in config.l1 if l1 > 0]
    training = config.epochs * len(config.seeds)
    each = 2 * training  # pictures and forests take about as long as training
    total = (len(kinds) + 1) * each
    shown = _Shown.of(config, part_of(progress, 0, each, total))
    rows = []
    for place, (name, l1) in enumerate(kinds, start=1):
        part = part_of(progress, place * each, training, total)
        group = train_group(config, shown.data, name, l1=l1, device=device, progress=part)
        rows.append(shown.to(group))
        if progress is not None:
            progress((place + 1) * each, total, f"{group.name} asked about its factors")
    without = rows[: len(UNITS)]
    of_units = ("rotated", "untrained", "untrained_accuracy")
    return Result(
        l1=np.array([l1 for _, l1 in kinds]),
        guessing=shown.guessing(),
        data=_passport(config),
        **{name: np.stack([row[name] for row in rows]) for name in rows[-1]},
        **{name: np.stack([row[name] for row in without]) for name in of_units},
    )


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """The pictures, and the factors of those that forests are shown.

    Attributes:
        config: What is asked.
        data: To train on; the test split holds the pictures for the forests.
        factors: Of the test split, as in `FACTORS`.
    """

    config: Config
    data: datasets.Dataset
    factors: Int[np.ndarray, "examples factors"]

    @classmethod
    def of(cls, config: Config, progress: Progress | None) -> "_Shown":
        """Draw the views in turn for training, validation and the forests."""
        training = config.train_examples or 1
        ends = np.cumsum([training, config.validation_examples, config.fit_examples])
        pairs = _pairs(int(ends[-1]) + config.test_examples, config.instances, config.view_seed)
        if progress is not None:
            progress(1, 1, "pictures taken")
        x = pairs.images.flatten(1).float() / 127.5 - 1  # glorot2011, p. 319: from -1 to 1
        begin, middle = int(ends[0]), int(ends[1])
        splits = [
            datasets.Split(x=x[part], y=pairs.labels[part])
            for part in (slice(begin), slice(begin, middle), slice(middle, None))
        ]
        train, validation, test = splits
        entry = datasets.describe(config.data)
        data = datasets.Dataset(
            name=config.data, train=train, validation=validation, test=test, source="computed",
            license=entry.license, citekey=entry.citekey, classes=norb.CLASSES,
            image_shape=tuple(pairs.images.shape[1:]), recipe=_recipe(config),
        )  # fmt: skip
        views = (pairs.labels, pairs.instance, pairs.azimuth, pairs.elevation, pairs.light)
        return cls(config=config, data=data, factors=torch.stack(views, 1)[middle:].numpy())

    def to(self, group: Group) -> dict[str, np.ndarray]:
        """One row of each array of a result: the scores of these networks' codes."""
        codes = self._codes(group.network)
        scores = [[self._score(code) for code in layer] for layer in codes]
        dealt = np.random.default_rng(self.config.view_seed).permutation(self.factors)
        row = _as_arrays(scores) | {
            "epoch": group.epoch,
            "validation_error": group.validation_error,
            "test_error": group.test_error,
            "zeros": (codes == 0).mean((2, 3)),
            "shuffled": np.array(self._score(codes[-1, 0], dealt).disentanglement),
            "importance": np.stack([layer[0].importance for layer in scores]),
        }
        return row | self._controls(group, codes) if group.l1 == 0 else row

    def _controls(
        self, group: Group, codes: Float[np.ndarray, "layers seeds examples width"]
    ) -> dict[str, np.ndarray]:
        """The codes turned at random, and those of the same networks before training."""
        turns = [_rotation(codes.shape[-1], seed) for seed in self.config.seeds]
        pairs = [zip(layer, turns, strict=True) for layer in codes]
        turned = [[self._score(code @ turn) for code, turn in layer] for layer in pairs]
        fresh = MLP(group.network.sizes, seeds=self.config.seeds, activation=group.activation)
        before = _as_arrays([[self._score(code) for code in layer] for layer in self._codes(fresh)])
        return {
            "rotated": _as_arrays(turned)["disentanglement"],
            "untrained": before["disentanglement"],
            "untrained_accuracy": before["accuracy"],
        }

    @torch.no_grad()
    def _codes(self, network: MLP) -> Float[np.ndarray, "layers seeds examples width"]:
        """Every hidden layer's answers to the pictures for the forests."""
        weight = network.stacked_layers()[0].weight
        x = self.data.test.x.to(weight).expand(network.models, -1, -1)
        return torch.stack(network.hidden(x)).numpy(force=True)

    def _score(
        self,
        code: Float[np.ndarray, "examples width"],
        factors: Int[np.ndarray, "examples factors"] | None = None,
    ) -> Scores:
        """The scores of one code."""
        factors, first = self.factors if factors is None else factors, self.config.fit_examples
        return score(
            (code[:first], factors[:first]), (code[first:], factors[first:]),
            trees=self.config.trees, leaf=self.config.leaf,
        )  # fmt: skip

    def guessing(self) -> Float[np.ndarray, "factors"]:
        """How often the class most frequent for the forests is right on the other pictures [1]."""
        first = self.config.fit_examples
        usual = [np.bincount(factor[:first]).argmax() for factor in self.factors.T]
        return (self.factors[first:] == usual).mean(0)


@functools.lru_cache(maxsize=2)
def _pairs(count: int, instances: tuple[int, ...], seed: int) -> norb.Pairs:
    """The pictures, which take a minute or so, once."""
    return norb.pairs(count, instances=instances, seed=seed)


def _as_arrays(scores: list[list[Scores]]) -> dict[str, np.ndarray]:
    """[layers seeds] of D and C, [factors layers seeds] of the accuracy."""
    accuracy = np.array([[each.accuracy for each in layer] for layer in scores])
    return {
        "disentanglement": np.array([[each.disentanglement for each in layer] for layer in scores]),
        "completeness": np.array([[each.completeness for each in layer] for layer in scores]),
        "accuracy": np.moveaxis(accuracy, -1, 0),
    }


def _rotation(units: int, seed: int) -> Float[np.ndarray, "units units"]:
    """A rotation drawn at random."""
    normal = torch.randn(units, units, generator=seeds.stream(seed, "rotation"))
    turned: Tensor = torch.linalg.qr(normal)[0]
    return turned.numpy()


def _recipe(config: Config) -> str:
    """How the pictures are made; its digest stands for them."""
    toys = ", ".join(map(str, config.instances))
    return f"{config.data}, revision {norb.REVISION}, toys {toys}, views of seed {config.view_seed}"


def _passport(config: Config) -> dict[str, Any]:
    """The line about data in the passport."""
    sha256 = hashlib.sha256(_recipe(config).encode()).hexdigest()
    own = {"sha256": sha256, "train_examples": config.train_examples}
    return computed.passport(config.data) | own


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []


def metric(arrays: Mapping[str, np.ndarray]) -> dict[str, Float[np.ndarray, "seeds"]]:
    """`METRIC` of the four activations without a penalty [1].

    Args:
        arrays: Of a record.
    """
    found = arrays["disentanglement"][: len(UNITS)].mean(1)
    return dict(zip(UNITS, found, strict=True))
