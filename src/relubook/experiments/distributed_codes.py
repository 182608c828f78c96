"""What "which units are active" tells, without their values, beside codes in which one unit is.

Stated before the run: a rectifier's pattern is the set of units above zero; a dense unit is split
at its median over training digits. Labels are drawn from the validation split, as many of each
class; centers and medians come from training digits, without labels. All is judged on test digits.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import datasets, patterns
from relubook.experiments import few_labels, local_codes
from relubook.experiments.distributed_drawings import (
    describe,
    describe_bits,
    describe_counts,
    draw,
    draw_bits,
    draw_counts,
    subtitle,
)
from relubook.experiments.distributed_values import METRIC, Config, Result, metric
from relubook.experiments.quartet import Group, settings, train_quartet, untrained
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.networks import MLP
from relubook.training import Progress

__all__ = [
    "METRIC", "Config", "Result", "compare", "configure", "describe", "describe_bits",
    "describe_counts", "draw", "draw_bits", "draw_counts", "metric", "run", "subtitle",
]  # fmt: skip

NAME = "distributed-codes"
TITLE = "Distributed but sparse: what the set of active units tells (page 317)"
REVISION = 1

_EXAMPLES_AT_ONCE = 1000
_MEASURING = 4  # epochs of a network that measuring its code takes as long as, about

Codes = Float[Tensor, "models examples units"]


def configure(scale: str, data: str | None = None) -> Config:
    """The networks of `quartet`; up to 1,000 labels, fewer at `smoke`."""
    labels, counts = (30, 100, 300, 1000), (100, 300, 1000, 3000, 10_000)
    smoke = scale == "smoke"
    return Config(
        **settings(scale, data),
        labels=labels[:3] if smoke else labels,
        counts=counts,
        unlabeled=10_000,
    )


@dataclass(frozen=True, kw_only=True)
class _Digits:
    """What every code is asked: the same for all networks, but for the labels.

    Attributes:
        unlabeled: Training inputs, for medians and centers.
        labeled: For each seed the inputs that have a label, the most that are ever used.
        y: Their classes.
        tested: Test inputs.
        test_y: Their classes.
        classes: How many classes there are.
        labels: How many of the labeled are used.
        counts: How many of the tested are counted.
    """

    unlabeled: Float[Tensor, "examples inputs"]
    labeled: Float[Tensor, "seeds labels inputs"]
    y: Int[Tensor, "seeds labels"]
    tested: Float[Tensor, "tested inputs"]
    test_y: Int[Tensor, "tested"]
    classes: int
    labels: tuple[int, ...]
    counts: tuple[int, ...]

    @classmethod
    def of(cls, config: Config, data: datasets.Dataset) -> "_Digits":
        """Draw the labels of every seed."""
        pool = data.validation
        labels = tuple(count for count in config.labels if count <= len(pool))
        chosen = torch.stack(
            [
                few_labels.draw(pool.y, labels[-1], classes=data.outputs, seed=seed)
                for seed in config.seeds
            ]
        )
        return cls(
            unlabeled=data.train.x[: config.unlabeled], labeled=pool.x[chosen], y=pool.y[chosen],
            tested=data.test.x, test_y=data.test.y, classes=data.outputs, labels=labels,
            counts=tuple(count for count in config.counts if count <= len(data.test)),
        )  # fmt: skip

    def wrong(self, answers: Int[Tensor, "tested"]) -> float:
        """The share of wrong answers [1]."""
        return float((answers != self.test_y).double().mean())

    def linear(
        self, labeled: Float[Tensor, "labels units"], tested: Float[Tensor, "_ units"], seed: int
    ) -> list[float]:
        """Errors of a linear classifier, one for each number of labels [1]."""
        return [
            self.wrong(
                few_labels.linear(
                    labeled[:n], self.y[seed, :n], tested, classes=self.classes
                )
            )
            for n in self.labels
        ]  # fmt: skip

    def neighbor(
        self, labeled: Bool[Tensor, "labels units"], tested: Bool[Tensor, "_ units"], seed: int
    ) -> list[float]:
        """Errors of the nearest labeled pattern, one for each number of labels [1]."""
        answers = few_labels.nearest(labeled, self.y[seed], tested, self.labels)
        return [self.wrong(row) for row in answers]


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train all networks to one validation error, then look at their patterns alone."""
    data, passport = open_data(config.data, config.train_examples)
    kinds, each = len(config.rectifiers) + 3, len(config.seeds)
    training, measuring = kinds * config.epochs * each, (kinds + 2) * _MEASURING * each
    groups = train_quartet(
        config, data, device=device,
        progress=part_of(progress, 0, training, training + measuring),
    )  # fmt: skip
    groups.append(untrained(groups[0], data))
    digits = _Digits.of(config, data)
    rows: list[dict[str, np.ndarray]] = []
    for place, group in enumerate(groups, start=1):
        rows.append(_measured(group, digits))
        if progress is not None:
            done = training + place * _MEASURING * each
            progress(done, training + measuring, f"patterns of {group.name}")
    local = _local_codes(config, groups[0], digits)
    if progress is not None:
        progress(training + measuring, training + measuring, "local codes")
    return Result(
        l1=np.array([group.l1 for group in groups]),
        labels=np.array(digits.labels),
        counts=np.array(digits.counts),
        units=np.array([config.width] * config.depth + [config.width * config.depth]),
        epoch=np.stack([group.epoch for group in groups]),
        test_error=np.stack([group.test_error for group in groups]),
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
        **local,
        data=passport,
    )


def _measured(group: Group, digits: _Digits) -> dict[str, np.ndarray]:
    """The numbers of one kind of network, [seeds ...] each."""
    labeled, tested = (_codes(group.network, x) for x in (digits.labeled, digits.tested))
    splits = _splits(group, digits)
    on, on_labeled = (
        [h != 0 if at is None else h > at for h, at in zip(codes, splits, strict=True)]
        for codes in (tested, labeled)
    )
    parts = [*on, torch.cat(on, dim=-1)]
    numbers = {
        "active": _over(parts, lambda p: p.double().mean((1, 2))),
        "choices": _over(parts, patterns.choices),
        "unit_entropies": _over(parts, patterns.unit_entropies),
    }
    for name in ("distinct", "own", "entropy"):
        measure = getattr(patterns, name)
        numbers[name] = np.stack(
            [_over([p[:, :n] for p in parts], measure) for n in digits.counts], axis=-1
        )
    models = range(group.network.models)

    def read(how: Any, fitted: list[Tensor], asked: list[Tensor]) -> np.ndarray:
        pairs = list(zip(fitted, asked, strict=True))
        return np.array([[how(a[model], b[model], model) for a, b in pairs] for model in models])

    numbers["linear_error"] = read(digits.linear, _real(on_labeled), _real(on))
    numbers["neighbor_error"] = read(digits.neighbor, on_labeled, on)
    numbers["values_error"] = read(digits.linear, labeled, tested)
    return numbers


def _splits(group: Group, digits: _Digits) -> list[Float[Tensor, "models 1 units"] | None]:
    """The median of each layer's units; None for rectifiers, which are active unless zero."""
    if group.activation == "rectifier":
        return [None] * group.network.depth
    codes = _codes(group.network, digits.unlabeled)
    return [h.median(dim=1, keepdim=True).values for h in codes]


def _local_codes(config: Config, group: Group, digits: _Digits) -> dict[str, np.ndarray]:
    """The numbers of `local_codes.KINDS`, from these networks' last layers, by kind and seed."""
    fitted, labeled, tested = (
        _codes(group.network, x)[-1] for x in (digits.unlabeled, digits.labeled, digits.tested)
    )
    rows = []
    for place, seed in enumerate(config.seeds):
        pixels = digits.unlabeled, [digits.labeled[place], digits.tested]
        code = fitted[place], [labeled[place], tested[place]]
        pairs = [
            local_codes.clusters(*made, units=config.width, seed=seed) for made in (pixels, code)
        ]
        pairs.append(
            [local_codes.one_of(h[place].argmax(1), config.width) for h in (labeled, tested)]
        )
        rows.append([_local(a, b, digits, place) for a, b in pairs])
    names = rows[0][0]
    return {name: np.array([[kind[name] for kind in row] for row in rows]).swapaxes(0, 1)
            for name in names}  # fmt: skip


def _local(
    labeled: Bool[Tensor, "labels units"],
    tested: Bool[Tensor, "tested units"],
    digits: _Digits,
    place: int,
) -> dict[str, list[float]]:
    """The numbers of one local code."""
    shown = [tested[None, :n] for n in digits.counts]
    return {
        "local_distinct": [float(patterns.distinct(p)) for p in shown],
        "local_entropy": [float(patterns.entropy(p)) for p in shown],
        "local_linear_error": digits.linear(labeled.float(), tested.float(), place),
        "local_neighbor_error": digits.neighbor(labeled, tested, place),
    }


@torch.no_grad()
def _codes(network: MLP, x: Float[Tensor, "*models examples inputs"]) -> list[Codes]:
    """The outputs of every hidden layer, on the CPU."""
    weight = network.stacked_layers()[0].weight
    every = x.expand(network.models, *x.shape[-2:])
    blocks = [
        [h.cpu() for h in network.hidden(block.to(weight))]
        for block in every.split(_EXAMPLES_AT_ONCE, dim=1)
    ]
    return [torch.cat(layer, dim=1) for layer in zip(*blocks, strict=True)]


def _over(parts: list[Tensor], measure: Any) -> np.ndarray:
    """A measure of each part, [seeds parts]."""
    return np.stack([measure(part).double().numpy() for part in parts], axis=1)


def _real(codes: list[Tensor]) -> list[Tensor]:
    """Patterns as numbers 0 and 1."""
    return [code.float() for code in codes]


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for this: nothing to set beside ours."""
    return []
