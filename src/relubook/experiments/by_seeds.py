"""An experiment cut by its seeds: each part alone gives what it gives among the others.

The annotations of a `Result` name its axes. Numbers with an axis of seeds are put side by side;
all others do not depend on the seeds and must be the same in every part.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import numpy as np

from relubook import checkpoints
from relubook.engines import Engine, EngineError, Progress, Work, Worker

_UNITS = 1000  # of progress in each part
# Experiments whose seeds have nothing in common: no search for a rate, no clock, no chosen example.
SEPARABLE = frozenset({
    "initialization", "learnability", "at-rest", "read-back", "collapse", "pairs",
    "noise-threshold", "region-counts", "distributed-codes", "small-changes", "gradient-flow",
    "gradient-credit", "training-map", "growth", "normalized-starts", "thinned", "figure-4",
    "table-1", "reconstruction", "centered-inputs", "amazon", "representation",
})  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of an experiment.

    Attributes:
        name: The experiment's.
        config: Of this part.
        device: `cpu` or `cuda`.
        folder: Where it keeps what it goes on from, and its result.
    """

    name: str
    config: Any
    device: str
    folder: Path


def split(name: str, config: Any) -> list[Any]:
    """A configuration for each seed, or only the whole one where seeds depend on each other."""
    if name not in SEPARABLE:
        return [config]
    return [replace(config, seeds=(seed,)) for seed in config.seeds]


def run(
    engine: Engine,
    name: str,
    config: Any,
    *,
    device: str,
    folder: Path,
    progress: Progress | None = None,
) -> Any:
    """An experiment's result, its parts run wherever the engine puts them.

    Args:
        engine: Where.
        name: Of the experiment.
        config: Of the whole.
        device: `cpu` or `cuda`.
        folder: Seen by every machine under this name.
        progress: Called as `progress(done, total, text)`.

    Raises:
        EngineError: If a part could not be run anywhere.
    """
    from relubook import experiments

    module, folder = experiments.get(name), folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    parts = [
        Part(name=name, config=one, device=device, folder=folder) for one in split(name, config)
    ]
    work = Work(
        function="relubook.experiments.by_seeds:run_part", shared=None, parts=parts,
        sizes=[_UNITS] * len(parts), device=device,
    )  # fmt: skip
    found = engine.run(work, progress=progress)
    return joined(module, [_result(module, arrays) for arrays in found])


def run_part(shared: None, part: Part, worker: Worker) -> dict[str, np.ndarray]:
    """Run a part, or read what an earlier run of it left: what runs on a worker.

    Returns:
        The arrays of its result; `data` is the passport's line about the data, as JSON.
    """
    from relubook import experiments

    module = experiments.get(part.name)
    stem = "seed-" + "-".join(map(str, part.config.seeds))
    if not part.folder.exists():
        raise EngineError(
            f"A node does not see the driver's folder {part.folder}. Give a folder that all nodes "
            "share with --checkpoints."
        )

    def report(done: int, total: int, text: str) -> None:
        worker.progress(_UNITS * done // total, _UNITS, text)
        if worker.stopping():
            raise EngineError("Stopped.")

    def make() -> dict[str, np.ndarray]:
        result = module.run(
            part.config, device=part.device, progress=report, checkpoints=part.folder / stem
        )
        return {**result.arrays(), "data": np.array(json.dumps(result.data))}

    path = part.folder / f"result-{stem}.npz"
    return checkpoints.remembered(path, make, part.name, module.REVISION, asdict(part.config))


def joined(module: ModuleType, results: Sequence[Any]) -> Any:
    """The result of all seeds, from those of some seeds each.

    Raises:
        ValueError: If something that should not depend on the seeds does.
    """
    if len(results) == 1:
        return results[0]
    values = {}
    for field in fields(module.Result):
        parts, axis = [getattr(result, field.name) for result in results], _axis(field.type)
        if field.name == "data" or parts[0] is None:
            values[field.name] = parts[0]
        elif axis is not None:
            values[field.name] = np.concatenate(parts, axis=axis)
        elif all(np.array_equal(part, parts[0], equal_nan=_numeric(part)) for part in parts):
            values[field.name] = parts[0]
        else:
            raise ValueError(f"The `{field.name}` of this experiment differs from seed to seed.")
    return module.Result(**values)


def _axis(annotation: Any) -> int | None:
    """Which axis of an array, counted from the last, is that of the seeds."""
    kinds = [annotation, *get_args(annotation)]
    names = next((kind.dim_str.split() for kind in kinds if hasattr(kind, "dim_str")), [])
    return names.index("seeds") - len(names) if "seeds" in names else None


def _numeric(array: np.ndarray) -> bool:
    """Whether an array may hold NaN."""
    return np.issubdtype(array.dtype, np.inexact)


def _result(module: ModuleType, arrays: dict[str, np.ndarray]) -> Any:
    """A part's result from what a worker returned."""
    values = {name: array for name, array in arrays.items() if name != "data"}
    return module.Result(**values, data=json.loads(str(arrays["data"])))
