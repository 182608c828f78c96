"""Small changes of a digit, and how much of a rectified and of a dense code they touch.

Stated before the run: four kinds of change (noise, rotation, shift, thickness), a unit moves if it
changes by more than a tenth of its standard deviation over the unchanged test digits, and all
networks are stopped at the same validation error.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets
from relubook.experiments import code_changes, image_changes
from relubook.experiments.quartet import UNITS, Group, settings, train_group
from relubook.experiments.small_changes_drawings import (
    describe,
    describe_absorbed,
    describe_overlap,
    draw,
    draw_absorbed,
    draw_overlap,
    subtitle,
)
from relubook.experiments.small_changes_values import CHANGES, JUDGED, Config, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.training import Progress

__all__ = [
    "CHANGES", "JUDGED", "METRIC", "Config", "Result", "changed_pictures", "compare", "configure",
    "describe", "describe_absorbed", "describe_overlap", "draw", "draw_absorbed", "draw_overlap",
    "metric", "run", "subtitle",
]  # fmt: skip

NAME = "small-changes"
TITLE = "How much of a code a small change of the input touches (page 317)"
REVISION = 1

METRIC = "share of the code that moves under a small change (%)"


def configure(scale: str, data: str | None = None) -> Config:
    """2,000 test digits, networks as in all comparisons of the four; fewer for a quick look."""
    return Config(**settings(scale, data), examples=200 if scale == "smoke" else 2_000)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train each group of networks and show it every digit before and after each change."""
    data, passport = open_data(config.data, config.train_examples)
    shown = _Shown.of(config, data)
    kinds = [(name, 0.0) for name in UNITS] + [("rectifier", l1) for l1 in config.l1 if l1 > 0]
    training = config.epochs * len(config.seeds)
    each = training + len(config.seeds)  # measuring takes about as long as one epoch
    rows = []
    for place, (name, l1) in enumerate(kinds):
        part = part_of(progress, place * each, training, each * len(kinds))
        group = train_group(config, data, name, l1=l1, device=device, progress=part)
        rows.append(shown.to(group, reach=config.reach))
        if progress is not None:
            progress((place + 1) * each, each * len(kinds), f"{group.name} measured")
    return Result(
        l1=np.array([l1 for _, l1 in kinds]),
        input_relative=shown.relative(),
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def changed_pictures(
    config: Config, x: Float[Tensor, "examples inputs"], image_shape: tuple[int, ...], seed: int
) -> list[Float[Tensor, "examples inputs"]]:
    """The pictures after each change of `CHANGES`.

    Args:
        config: How strong the changes are.
        x: Pixels from 0 to 1 [1].
        image_shape: (rows, columns) of a picture.
        seed: Of what is drawn at random.
    """
    weak, plain = config.noise
    return [
        image_changes.noisy(x, sd=weak, seed=seed),
        image_changes.noisy(x, sd=plain, seed=seed),
        image_changes.turned(x, image_shape, degrees=config.degrees, seed=seed),
        image_changes.shifted(x, image_shape, seed=seed),
        image_changes.rethickened(x, image_shape, seed=seed),
    ]


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """Test digits as they are and changed, each seed with changes of its own.

    Attributes:
        x: As they are.
        changed: After each change of `CHANGES`.
        same: For each seed the positions of other digits of the same class.
        other: For each seed the positions of digits of other classes.
    """

    x: Float[Tensor, "examples inputs"]
    changed: list[Float[Tensor, "seeds examples inputs"]]
    same: Int[Tensor, "seeds examples"]
    other: Int[Tensor, "seeds examples"]

    @classmethod
    def of(cls, config: Config, data: datasets.Dataset) -> "_Shown":
        """What a configuration asks for."""
        x, y = data.test.x[: config.examples], data.test.y[: config.examples]
        shape = data.image_shape or (1, data.inputs)
        by_seed = [changed_pictures(config, x, shape, seed) for seed in config.seeds]
        pairs = [code_changes.partners(y, seed=seed) for seed in config.seeds]
        same, other = (torch.stack(part) for part in zip(*pairs, strict=True))
        changed = [torch.stack(kind) for kind in zip(*by_seed, strict=True)]
        return cls(x=x, changed=changed, same=same, other=other)

    @torch.no_grad()
    def to(self, group: Group, *, reach: float) -> dict[str, np.ndarray]:
        """One row of each array of a result: what these networks make of it."""
        network = group.network
        weight = network.stacked_layers()[0].weight
        plain, named = code_changes.answers(network, self._every(self.x).to(weight))
        rows, same_answer = [], []
        for pictures in self.changed:
            after, renamed = code_changes.answers(network, pictures.to(weight))
            pairs = zip(plain, after, strict=True)
            rows.append([code_changes.measure(*pair, reach=reach) for pair in pairs])
            same_answer.append((named == renamed).double().mean(1).numpy(force=True))
        numbers = {
            name: np.array([[layer[name] for layer in row] for row in rows])
            for name in code_changes.OF_A_CHANGE
        }
        return numbers | self._of_unchanged(plain) | {
            "same_answer": np.array(same_answer),
            "epoch": group.epoch,
            "validation_error": group.validation_error,
            "test_error": group.test_error,
        }  # fmt: skip

    def _of_unchanged(self, plain: list[code_changes.Layer]) -> dict[str, np.ndarray]:
        """Zeros, and the overlap of the active sets of different digits: [layers seeds] each."""
        on = [(layer.code != 0).cpu() for layer in plain]
        models = torch.arange(len(self.same))[:, None]

        def overlap(partners: Int[Tensor, "seeds examples"]) -> np.ndarray:
            return np.array([code_changes.jaccard(h, h[models, partners]).numpy() for h in on])

        return {
            "zeros": np.array([(~h).double().mean((1, 2)).numpy() for h in on]),
            "overlap_same_class": overlap(self.same),
            "overlap_other_class": overlap(self.other),
        }

    def _every(self, x: Float[Tensor, "examples inputs"]) -> Float[Tensor, "seeds examples inputs"]:
        """The same pictures for every seed."""
        return x.expand(len(self.same), -1, -1)

    def relative(self) -> Float[np.ndarray, "changes seeds"]:
        """Size of each change of the pixels over their distance from the mean [1]."""
        away = (self.x - self.x.mean(0)).norm(dim=-1)
        sizes = [(pictures - self.x).norm(dim=-1) / away for pictures in self.changed]
        return np.array([size.double().mean(1).numpy() for size in sizes])


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []


def metric(arrays: Mapping[str, np.ndarray]) -> dict[str, Float[np.ndarray, "seeds"]]:
    """`METRIC` of the four activations without a penalty, mean over the four kinds and layers [%].

    Args:
        arrays: Of a record.
    """
    judged = [CHANGES.index(name) for name in JUDGED]
    moved = 100 * arrays["moved"][: len(UNITS), judged].mean((1, 2))
    return dict(zip(UNITS, moved, strict=True))
