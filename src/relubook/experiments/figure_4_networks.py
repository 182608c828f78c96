"""The networks of "figure-4": labels drawn, networks trained with them, and what is kept of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from relubook import checkpoints
from relubook.datasets import Dataset
from relubook.experiments import few_labels
from relubook.experiments.figure_4_values import Config
from relubook.experiments.pretrained import (
    STARTS,
    Pretrained,
    fine_tuned,
    pretrained,
    recipe_of,
)
from relubook.experiments.sweep import part_of
from relubook.networks import MLP
from relubook.training import Progress, Schedule

Arrays = dict[str, np.ndarray]
_KEPT = {  # our names of what `fine_tuned` returns
    "test_error": "test_error",
    "validation_error": "validation_error",
    "train_loss_best": "train_loss",
    "train_loss_last": "last_loss",
    "rate": "rate",
    "best_epoch": "best_epoch",
    "diverged": "diverged",
    "zeros": "zeros",
    "rate_validation": "rate_validation",
    "rate_loss": "rate_loss",
}
_BY_RATE = ("rate_validation", "rate_loss")  # [rates seeds]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where networks are trained, and what a cut run goes on from.

    Attributes:
        device: `cpu` or `cuda`.
        files: Begins the names of the files; None keeps nothing.
    """

    device: str = "cpu"
    files: Path | None = None

    def file(self, *words: str) -> Path | None:
        """The file of one part of the run."""
        return None if self.files is None else Path(f"{'.'.join((str(self.files), *words))}.npz")


def count_of(share: float, data: Dataset) -> int:
    """How many images get a label.

    Args:
        share: Of the training images [%].
        data: Whose training images.

    Raises:
        ValueError: If the share is not above 0 and at most 100, or some class would go without.
    """
    images, classes = len(data.train), data.outputs
    if not 0 < share <= 100:
        raise ValueError(f"Each of the `shares` must be above 0 and at most 100 %. Got {share:g}.")
    labels = round(images * share / 100)
    if labels < classes:
        raise ValueError(
            f"Each of the `shares` must give every one of {classes} classes a labeled image: at "
            f"least {100 * classes / images:.3g} % of {images:,}. Got {share:g} %, {labels} images."
        )
    return labels


def labeled(data: Dataset, count: int, seed: int, times: int = 1) -> Dataset:
    """The data with the labeled images of one seed to learn from, as many of each class.

    Args:
        data: All of it.
        count: How many images have a label.
        seed: Of the choice.
        times: How often each of them is seen in an epoch.
    """
    rows = few_labels.draw(data.train.y, count, classes=data.outputs, seed=seed).repeat(times)
    words = f", {count} labels of seed {seed}, {times} times"
    return replace(
        data, train=data.train.take(rows), name=data.name + words,
        recipe=data.recipe and data.recipe + words, sha256="",
    )  # fmt: skip


def restored(
    config: Config, data: Dataset, activation: str, place: Place, progress: Progress | None
) -> Pretrained:
    """One network per seed that has learned to restore all training images, without labels."""
    recipe = recipe_of(
        activation, data, epochs=config.pretraining_epochs, batch_size=config.batch_size
    )
    return pretrained(
        config.widths, data, activation=activation, seeds=config.seeds,
        rates=config.unsupervised_rates, recipe=recipe, l1=config.l1, device=place.device,
        progress=progress, file=place.file(activation, "pretraining"),
    )  # fmt: skip


def taught(
    config: Config,
    data: Dataset,
    starts: Mapping[str, MLP],
    share: float,
    place: Place,
    progress: Progress | None,
) -> Arrays:
    """Networks of one kind of unit, trained with one share of the labels.

    Args:
        config: Rates, penalty and passes.
        data: All images; which of them have a label is drawn for each seed.
        starts: By `STARTS`, one network per seed.
        share: Of the training images that have a label [%].
        place: Where they are trained.
        progress: Called as `progress(done, total, text)`.

    Returns:
        By name, [starts seeds] or [starts seeds layers].
    """
    rows: list[Arrays] = []
    total = len(STARTS) * len(config.seeds)
    for start in STARTS:
        for _, network in starts[start].chunks(1):
            part = part_of(progress, len(rows), 1, total)
            words = (network.activation.name, start, f"{share:g}", f"seed-{network.seeds[0]}")
            rows.append(_replication(config, data, network, share, place.file(*words), part))
    axes = len(STARTS), len(config.seeds)
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return {name: values.reshape(*axes, *values.shape[1:]) for name, values in columns.items()}


def _replication(
    config: Config,
    data: Dataset,
    network: MLP,
    share: float,
    file: Path | None,
    progress: Progress | None,
) -> Arrays:
    """What becomes of one network with its own labels; from the file if that was finished."""
    (seed,), unit = network.seeds, network.activation.name
    weights = [parameter.numpy(force=True) for parameter in network.parameters()]
    known = checkpoints.fingerprint(asdict(config), data.sha256, unit, share, seed, *weights)
    if file is not None and file.exists():
        found = checkpoints.load(file, fingerprint=known)
    else:
        found = _trained(config, data, network, share, file, progress)
        if file is not None:
            checkpoints.save(file, found, fingerprint=known)
            _running(file).unlink(missing_ok=True)
    if progress is not None:
        progress(1, 1, f"{unit}, {share:g} % of the labels")
    return found


def _trained(
    config: Config,
    data: Dataset,
    network: MLP,
    share: float,
    file: Path | None,
    progress: Progress | None,
) -> Arrays:
    """The same, trained: numbers, and zeros by layer."""
    count = count_of(share, data)
    own = labeled(data, count, network.seeds[0], config.times(count))
    schedule = Schedule(epochs=config.epochs, batch_size=min(config.batch_size, len(own.train)))
    found = fine_tuned(
        network, own, rates=config.rates, l1=config.l1, schedule=schedule, progress=progress,
        file=None if file is None else _running(file),
    )  # fmt: skip
    return {
        name: np.asarray(found[theirs][..., 0] if name in _BY_RATE else found[theirs][0])
        for name, theirs in _KEPT.items()
    }


def _running(file: Path) -> Path:
    """Where weights are kept while networks train."""
    return file.with_suffix(".running.npz")
