"""With few labels: does what came after 2011 give what learning without labels gave then?

Six kinds of rectifier networks. Two are the paper's, without pretraining and with it. The others
take on, one after the other, He's range of the first weights, Adam and batch normalization, and the
last begins pretrained and goes on with Adam. The penalty is the same for all. Each seed draws its
own labels, which all kinds share, and chooses its own rates and epochs by the validation error.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from relubook import checkpoints as files
from relubook.datasets import Dataset
from relubook.experiments import since_2011_drawings as drawings
from relubook.experiments.pretrained import pretrained, recipe_of
from relubook.experiments.since_2011_networks import best_of_rates, labeled
from relubook.experiments.since_2011_values import KINDS, Config, Kind, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.negation import negated
from relubook.networks import MLP
from relubook.training import Progress

NAME = "since-2011"
TITLE = "Since 2011: pretraining beside He's range, Adam and batch normalization"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_behind, describe_behind = drawings.draw_behind, drawings.describe_behind

_RESTORING = 2  # times the work of a training step


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units and up to 5,000 examples at `laptop`; 3 x 1,000 and all at `paper`."""
    data = data or ("mnist" if scale == "paper" else "mnist-5k")
    if scale == "smoke":
        return Config(
            data=data, widths=(16, 12), labels=(20, None), seeds=(0, 1),
            restoring_rates=(0.01, 0.001), sgd_rates=(0.1, 0.03, 0.01), adam_rates=(0.01,),
            restoring_epochs=1, epochs=(3, 1), examples=(200, 100, 100),
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data, widths=(1000,) * 3, labels=(100, 1_000, 10_000, None),
            seeds=tuple(range(5)), restoring_epochs=15, epochs=(200, 200, 100, 50),
            examples=(None, None, None),
        )  # fmt: skip
    return Config(
        data=data, widths=(128,) * 3, labels=(100, 1_000, None), seeds=tuple(range(5)),
        restoring_epochs=10, epochs=(100, 30, 15), examples=(5_000, 2_000, 5_000),
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain once; then train each kind with each number of labels."""
    data, passport = _opened(config)
    counts = [len(data.train) if count is None else count for count in config.labels]
    work = _work(config, data, counts)
    total = work[0] + len(KINDS) * sum(work[1:])
    learned = pretrained(
        config.widths, data, activation="rectifier", seeds=config.seeds,
        rates=config.restoring_rates, l1=config.l1, device=device,
        recipe=recipe_of(
            "rectifier", data, epochs=config.restoring_epochs, batch_size=config.batch_size
        ),
        progress=part_of(progress, 0, work[0], total), file=_file(checkpoints, "pretraining"),
    )  # fmt: skip
    rows, done = [], work[0]
    for place, kind in enumerate(KINDS.values()):
        start = _starts(config, data, kind, learned.network, device)
        for count, epochs, share in zip(counts, config.epochs, work[1:], strict=True):
            part = part_of(progress, done, share, total)
            file = _file(checkpoints, f"{place}.{count}")
            rows.append(_place(config, data, kind, start, count, epochs, file, part))
            done += share
    axes = len(KINDS), len(counts)
    columns = {name: np.stack(_alike([row[name] for row in rows])) for name in rows[0]}
    return Result(
        labels=np.array(counts),
        **{name: values.reshape(*axes, *values.shape[1:]) for name, values in columns.items()},
        **learned.arrays(),
        data=passport,
    )


def _alike(tables: list[np.ndarray]) -> list[np.ndarray]:
    """The same tables; those with fewer rates get NaN for what was not tried."""
    most = max(len(table) for table in tables)
    return [
        np.concatenate([table, np.full((most - len(table), *table.shape[1:]), np.nan)])
        if len(table) < most
        else table
        for table in tables
    ]


def _opened(config: Config) -> tuple[Dataset, dict[str, Any]]:
    """The data, no more of each split than was asked for, and its line in the passport."""
    train, *others = config.examples
    data, passport = open_data(config.data, train)
    validation, test = (
        len(split) if most is None else min(most, len(split))
        for most, split in zip(others, (data.validation, data.test), strict=True)
    )
    data = data.subset(validation=validation, test=test).dense()
    return data, passport | {"name": data.name, "sha256": data.sha256}


def _work(config: Config, data: Dataset, counts: list[int]) -> list[int]:
    """Steps of networks while restoring, and for each number of labels of one kind."""
    seeds, size = len(config.seeds), config.batch_size
    restoring = config.restoring_epochs * len(data.train) * len(config.restoring_rates)
    return [
        seeds * _RESTORING * max(1, restoring // size),
        *(
            seeds * len(config.sgd_rates) * epochs * max(1, count // size)
            for count, epochs in zip(counts, config.epochs, strict=True)
        ),
    ]


def _starts(
    config: Config, data: Dataset, kind: Kind, restored: MLP, device: str
) -> Callable[[], MLP]:
    """What makes networks of a kind, one for each seed, before the first step with labels.

    Half of the units are negated, as in the paper, where the units are a plain function.
    """

    def drawn() -> MLP:
        return MLP(
            (data.inputs, *config.widths, data.outputs), seeds=config.seeds,
            activation=kind.activation, initialization=kind.initialization, device=device,
        )  # fmt: skip

    def start() -> MLP:
        network = restored if kind.pretrained else drawn()
        return network if network.units else negated(network)

    return start


def _place(
    config: Config,
    data: Dataset,
    kind: Kind,
    start: Callable[[], MLP],
    count: int,
    epochs: int,
    file: Path | None,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """One kind with one number of labels; from the file if that was finished."""
    weights = [parameter.numpy(force=True) for parameter in start().parameters()]
    known = files.fingerprint(asdict(config), data.sha256, kind, count, *weights)
    if file is not None and file.exists():
        found = files.load(file, fingerprint=known)
    else:
        found = best_of_rates(
            start, data, labeled(data, count, config.seeds), kind.optimizer,
            rates=config.rates(kind), l1=config.l1, epochs=epochs,
            batch_size=min(config.batch_size, count), progress=progress,
        )  # fmt: skip
        if file is not None:
            files.save(file, found, fingerprint=known)
    if progress is not None:
        progress(1, 1, f"{count:,} labels")
    return found


def _file(checkpoints: Path | None, name: str) -> Path | None:
    """The file of one part of the run."""
    return None if checkpoints is None else Path(f"{checkpoints}.{name}.npz")


def compare(result: Result) -> list[Comparison]:
    """The paper knows none of what came after it: nothing to set beside ours."""
    return []
