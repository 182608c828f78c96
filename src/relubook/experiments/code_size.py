"""Does the number of active units follow how much there is to say about the input?

Rectifiers of the quartet are shown test digits, and pictures of 1 to 8 random strokes that they
were not trained on. Untrained rectifiers of the same seeds are the control. Networks of their own
read reviews.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets
from relubook.experiments import code_sizes, picture_information, quartet, strokes, word_counts
from relubook.experiments.code_size_drawings import (
    describe,
    describe_correlations,
    describe_strokes,
    describe_words,
    draw,
    draw_correlations,
    draw_strokes,
    draw_words,
    subtitle,
)
from relubook.experiments.code_size_values import (
    DENSE,
    MEASURES,
    TENTHS,
    Config,
    Result,
    WordsConfig,
    row_of,
)
from relubook.experiments.rank_correlations import spearman
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Progress

__all__ = [
    "DENSE", "MEASURES", "METRIC", "Config", "Result", "WordsConfig", "compare", "configure",
    "describe", "describe_correlations", "describe_strokes", "describe_words", "draw",
    "draw_correlations", "draw_strokes", "draw_words", "metric", "row_of", "run", "subtitle",
]  # fmt: skip

NAME = "code-size"
TITLE = "Does the number of active units follow the information in the input? (page 317)"
REVISION = 1

METRIC = "correlation of the number of active units with compressed size (1)"


def configure(scale: str, data: str | None = None) -> Config:
    """Networks as in all comparisons of the four, all test digits; fewer for a quick look."""
    smoke, common = scale == "smoke", quartet.settings(scale, data)
    words = WordsConfig(
        epochs=2 if smoke else 8, train_examples=200 if smoke else 2_000,
        examples=200 if smoke else 2_000,
    )  # fmt: skip
    return Config(
        **common, dense_seeds=common["seeds"][: 1 if smoke else 3],
        examples=300 if smoke else None, pictures=20 if smoke else 300, words=words,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train each group, count its active units for every picture, then do so with reviews."""
    data, passport = open_data(config.data, config.train_examples)
    reading = word_counts.opened(config.words)
    penalties = (0.0, *(l1 for l1 in config.l1 if l1 > 0))
    training, dense = config.epochs * len(config.seeds), config.epochs * len(config.dense_seeds)
    read = config.words.epochs * len(config.seeds) * len(config.words.l1)
    total = training * len(penalties) + dense * len(DENSE) + read
    shown = _Shown(config, data)
    rows = [shown.to(_untrained(config, data, device))]
    for place, l1 in enumerate(penalties):
        part = part_of(progress, place * training, training, total)
        group = quartet.train_group(config, data, "rectifier", l1=l1, device=device, progress=part)
        rows.append(shown.to(group))
    before = training * len(penalties)
    least = _dense_least(config, data, shown, device, progress, (before, dense, total))
    words = word_counts.measured(
        config.words, reading, config.seeds, device=device,
        progress=part_of(progress, total - read, read, total),
    )  # fmt: skip
    return Result(
        trained=np.array([False] + [True] * len(penalties)),
        l1=np.array([0.0, *penalties]),
        units=config.width * np.array([1] * config.depth + [config.depth]),
        dense_least=least,
        data=passport | {"words": {"name": reading.name, "sha256": reading.sha256}},
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
        **words,
    )


def _untrained(config: Config, data: datasets.Dataset, device: str) -> quartet.Group:
    """Rectifiers with the weights they begin with."""
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=config.seeds, device=device)
    return quartet.Group(
        activation="rectifier", l1=0.0, network=network,
        epoch=np.zeros(network.models, dtype=np.int64),
        validation_error=error(network, data.validation).numpy(force=True),
        test_error=error(network, data.test).numpy(force=True),
    )  # fmt: skip


def _dense_least(
    config: Config,
    data: datasets.Dataset,
    shown: "_Shown",
    device: str,
    progress: Progress | None,
    units: tuple[int, int, int],
) -> Float[np.ndarray, "dense seeds"]:
    """The smallest share of units that are not zero, of networks of `DENSE` [1].

    Units of work are those before the first of them, of each of them, and of all the run.
    """
    fewer = replace(config, seeds=config.dense_seeds)
    before, each, total = units
    rows = []
    for place, name in enumerate(DENSE):
        part = part_of(progress, before + place * each, each, total)
        network = quartet.train_group(fewer, data, name, device=device, progress=part).network
        size = code_sizes.active(network, shown.x)[..., -1]
        rows.append(size.min(axis=1) / (config.width * config.depth))
    return np.stack(rows)


class _Shown:
    """Test digits with what they hold, and pictures of strokes."""

    def __init__(self, config: Config, data: datasets.Dataset) -> None:
        side = strokes.SIDE
        if data.image_shape != (side, side):
            raise ValueError(
                f"The `data` of code-size must be pictures of {side} x {side} pixels. "
                f"Got {data.name}."
            )
        test = data.test
        self.x, self.classes = test.x[: config.examples], test.y[: config.examples].numpy()
        pictures = self.x.reshape(-1, side, side).numpy()
        self.ink = picture_information.ink(pictures)
        self.measures = (
            picture_information.compressed_bytes(pictures).astype(float),
            picture_information.stroke_length(pictures),
            self.ink,
        )
        self.planted = [_planted(config.pictures, way) for way in strokes.WAYS]

    def to(self, group: quartet.Group) -> dict[str, np.ndarray]:
        """One row of each array of a result: what these rectifiers make of the pictures."""
        network = group.network
        size = code_sizes.active(network, self.x)
        doubt = code_sizes.doubts(network, self.x)
        measures = (*self.measures, doubt)
        return {
            "size": size.mean(axis=1),
            "variation": _ratio(size.std(axis=1), size.mean(axis=1)),
            **code_sizes.goes_with(size, measures, self.ink, self.classes),
            **_in_tenths(measures, size[..., -1].astype(float)),
            **self._strokes(network),
            "test_error": group.test_error,
            "validation_error": group.validation_error,
            "epoch": group.epoch,
        }

    def _strokes(self, network: MLP) -> dict[str, np.ndarray]:
        """Mean sizes by the number of strokes, and how they go together."""
        counts = np.repeat(strokes.COUNTS, len(self.planted[0]) // len(strokes.COUNTS))
        sizes = np.stack([code_sizes.active(network, x)[..., -1] for x in self.planted], axis=1)
        by_count = sizes.reshape(*sizes.shape[:2], len(strokes.COUNTS), -1)
        return {
            "stroke_size": by_count.mean(axis=-1),
            "stroke_spearman": spearman(sizes.astype(float), counts.astype(float)),
        }


def _planted(pictures: int, way: str) -> Float[torch.Tensor, "examples inputs"]:
    """Pictures of 1, 2, ... strokes one after the other, as inputs."""
    drawn = [strokes.draw(count, way, pictures=pictures) for count in strokes.COUNTS]
    return torch.from_numpy(np.concatenate(drawn)).flatten(1)


def _in_tenths(
    measures: Sequence[Float[np.ndarray, "... examples"]],
    size: Float[np.ndarray, "seeds examples"],
) -> dict[str, Float[np.ndarray, "seeds measures tenths"]]:
    """Means of measures and sizes in tenths of the digits, seed by seed."""
    each = np.stack([np.broadcast_to(values, size.shape) for values in measures], axis=1)
    found = [
        [code_sizes.tenths(values, row, many=TENTHS) for values in rows]
        for rows, row in zip(each, size, strict=True)
    ]
    table = np.array(found)  # [seeds measures 2 tenths]
    return {"tenths_measure": table[:, :, 0], "tenths_size": table[:, :, 1]}


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """One over the other; NaN over 0."""
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for it."""
    return []


def metric(arrays: dict[str, np.ndarray]) -> dict[str, Float[np.ndarray, "seeds"]]:
    """`METRIC` of each activation without a penalty; NaN for those that always use all units.

    Args:
        arrays: A record's.
    """
    row = row_of(arrays["trained"], arrays["l1"], 0.0)
    followed = arrays["spearman"][row, :, MEASURES.index("compressed size"), -1]
    none = np.full_like(followed, np.nan)
    return {name: followed if name == "rectifier" else none for name in quartet.UNITS}
