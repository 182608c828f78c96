"""The paper's figures, tables and claims, one file each: a value in, a value out.

`configure(scale)` gives a frozen configuration, `run(config)` a result of plain arrays, and
`draw(result)` a figure. `reproduce` does all of it and keeps the record.
"""

import importlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from relubook import datasets, records

if TYPE_CHECKING:
    from relubook.engines import Engine
    from relubook.fleets import Limits

_MODULES = {
    "initialization": "initialization",
    "figure-3": "figure_3",
    "figure-3-quick": "figure_3_quick",
    "settling": "settling",
    "depth-and-l1": "depth_and_l1",
    "unit-cost": "unit_cost",
    "skipping-zeros": "skipping_zeros",
    "learnability": "learnability",
    "figure-1": "figure_1",
    "working-range": "working_range",
    "responses": "responses",
    "at-rest": "at_rest",
    "read-back": "read_back",
    "hinges": "hinges",
    "collapse": "collapse",
    "pairs": "pairs",
    "noise-threshold": "noise_threshold",
    "folding": "folding",
    "region-counts": "region_counts",
    "local-linearity": "local_linearity",
    "equal-accuracy": "equal_accuracy",
    "distributed-codes": "distributed_codes",
    "small-changes": "small_changes",
    "factors": "factors",
    "separability": "separability",
    "code-size": "code_size",
    "rescaled": "rescaled",
    "gradient-flow": "gradient_flow",
    "gradient-credit": "gradient_credit",
    "active-paths": "active_paths",
    "training-map": "training_map",
    "softplus-alpha": "softplus_alpha",
    "born-dead": "born_dead",
    "dying": "dying",
    "sign-trick": "sign_trick",
    "growth": "growth",
    "relatives": "relatives",
    "normalized-starts": "normalized_starts",
    "shared-signs": "shared_signs",
    "clipping": "clipping",
    "little-data": "little_data",
    "thinned": "thinned",
    "figure-4": "figure_4",
    "table-1": "table_1",
    "denoiser": "denoiser",
    "reconstruction": "reconstruction",
    "since-2011": "since_2011",
    "centered-inputs": "centered",
    "table-2": "table_2",
    "table-2-quick": "table_2_quick",
    "review-reader": "review_reader",
    "amazon": "amazon",
    "representation": "representation",
}
NAMES = tuple(_MODULES)
SCALES = ("smoke", "laptop", "paper")


def get(name: str) -> ModuleType:
    """The module of an experiment.

    Raises:
        ValueError: If there is none of that name; the nearest is suggested.
    """
    if name not in _MODULES:
        raise ValueError(_no_such("experiment", name, NAMES))
    return importlib.import_module(f"relubook.experiments.{_MODULES[name]}")


def configure(name: str, scale: str, data: str | None = None) -> Any:
    """An experiment's configuration at a scale, on its default data set or on another.

    Raises:
        ValueError: If there is no such experiment or scale.
    """
    if scale not in SCALES:
        raise ValueError(_no_such("scale", scale, SCALES))
    return get(name).configure(scale, data=data)


def reproduce(
    name: str,
    *,
    scale: str,
    data: str | None = None,
    device: str = "cpu",
    progress: Callable[[int, int, str], None] | None = None,
    checkpoints: Path | None = None,
    limits: "Limits | None" = None,
    seeds: Sequence[int] | None = None,
    engine: "Engine | None" = None,
) -> records.Record:
    """Run an experiment and return its record (not saved yet).

    Args:
        name: A name from `NAMES`.
        scale: `smoke` (seconds), `laptop` (minutes on two cores) or `paper` (a GPU).
        data: A data set other than the scale's own.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
        checkpoints: Folder for what a cut run goes on from.
        limits: How much to do at a time, for an experiment that is cut into chunks.
        seeds: Others than the experiment's own, to see what chance does.
        engine: Where to train; this process if None. It needs `checkpoints`.

    Raises:
        TimeoutError: If the limits ended it before all was done; `checkpoints` holds what was.
        ValueError: If limits are given to an experiment that is not cut into chunks.
    """
    from relubook.checkpoints import of_run
    from relubook.chunk_files import training_of
    from relubook.records.passport import Stopwatch, passport

    module, config, stopwatch = get(name), configure(name, scale, data), Stopwatch()
    command = f"relubook reproduce {name} --scale {scale} --data {config.data}"
    if seeds is not None:
        config = replace(config, seeds=_distinct(seeds))
        command += f" --seeds {','.join(map(str, seeds))}"
    folder = None if checkpoints is None else checkpoints / f"{name}.{scale}.{config.data}"
    resumed = folder is not None and bool(of_run(folder.parent, folder.name))
    result = _run(name, config, limits, engine, device, folder, progress)
    chunks = [] if folder is None else training_of(folder)
    return records.Record(
        experiment=name,
        scale=scale,
        data=config.data,
        digest=records.digest(asdict(config), result.data["sha256"], module.REVISION),
        config=asdict(config),
        passport=passport(
            stopwatch=stopwatch,
            device=device if engine is None else engine.where(),
            data=result.data,
            seeds=config.seeds,
            command=command,
        )
        | ({"resumed": True} if resumed else {})
        | ({"training": chunks} if chunks else {}),
        arrays=result.arrays(),
    )


def _distinct(seeds: Sequence[int]) -> tuple[int, ...]:
    """The seeds, if they can be used."""
    if not seeds or len(set(seeds)) < len(seeds) or min(seeds) < 0:
        raise ValueError(
            "The `seeds` of reproduce must be different whole numbers from 0 on. "
            f"Got {list(seeds)}."
        )
    return tuple(seeds)


def _run(
    name: str,
    config: Any,
    limits: "Limits | None",
    engine: "Engine | None",
    device: str,
    folder: Path | None,
    progress: Callable[[int, int, str], None] | None,
) -> Any:
    """The result of an experiment: of its own `run`, or of parts that an engine runs."""
    module = get(name)
    cuts_itself = "limits" in inspect.signature(module.run).parameters
    if limits is not None and not cuts_itself:
        raise ValueError(f"The experiment {name} is not cut into chunks and cannot be limited.")
    if engine is None or cuts_itself:
        more = {"limits": limits, "engine": engine} if cuts_itself else {}
        return module.run(config, device=device, progress=progress, checkpoints=folder, **more)
    from relubook.experiments import by_seeds

    if folder is None:
        raise ValueError("An engine needs a folder for `checkpoints` that its machines share.")
    return by_seeds.run(
        engine, name, config, device=device, folder=folder, progress=progress
    )  # fmt: skip


def result(record: records.Record) -> Any:
    """A record's arrays as the experiment's own `Result`."""
    return get(record.experiment).Result(**record.arrays, data=record.passport["data"])


def show(record: records.Record, drawing: str = "draw") -> None:
    """Display a record's figure with its words, and where its numbers come from.

    Args:
        record: What to draw.
        drawing: Which of the experiment's drawings.
    """
    from relubook import figures

    module, values, below = get(record.experiment), result(record), subtitle(record)
    describe = getattr(module, drawing.replace("draw", "describe"))
    fig = getattr(module, drawing)(values, below)
    alt = f"{describe(values)} {', '.join(below.splitlines())}."
    figures.show(fig, alt=alt, origins=[origin(record)])


def origin(record: records.Record, *, named: bool = False) -> str:
    """Where a record's numbers come from, as a fold for below a figure or a table.

    Args:
        record: What the numbers are of.
        named: Whether the fold says which record it is of, for several below one another.
    """
    from relubook.records import origins

    what = f"Recorded, {record.experiment} on {record.data}" if named else "Recorded"
    title = f"{what}: {origins.WHERE}"
    return origins.recorded(record.passport, stale=is_stale(record), title=title)


def subtitle(record: records.Record) -> str:
    """What was measured on what, for the line under a figure's title.

    An experiment that needs other words has a `subtitle(record)` of its own.
    """
    own = getattr(get(record.experiment), "subtitle", None)
    if own is not None:
        return own(record)
    config, data = record.config, record.passport["data"]
    shown = f"{data['train_examples']:,} training examples"
    if "examples" in config:
        shown = f"{config['examples']:,} test examples"
    parts = [f"{datasets.describe(record.data).title}, {shown}"]
    if "depth" in config:
        parts.append(f"{config['depth']} x {config['width']} units")
    else:
        parts.append(f"{config['width']} units a layer")
    if "epochs" in config:
        parts.append(f"batch {config['batch_size']}, {config['epochs']} epochs")
    parts.append(f"{len(config['seeds'])} seeds")
    return " · ".join(parts)


def is_stale(record: records.Record) -> bool:
    """Whether today's code would make this record from another configuration, data or revision."""
    config = configure(record.experiment, record.scale, record.data)
    sha256 = record.passport["data"]["sha256"]
    return record.digest != records.digest(asdict(config), sha256, get(record.experiment).REVISION)


def _no_such(kind: str, name: str, known: tuple[str, ...]) -> str:
    """A sentence about an unknown name with the nearest one."""
    near = get_close_matches(name, known, n=1, cutoff=0.3) or [known[0]]
    return f"There is no {kind} {name!r}. Did you mean {near[0]!r}? Known: {', '.join(known)}."
