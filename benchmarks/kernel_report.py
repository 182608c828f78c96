"""Writing the kernels down: a table for each row, and a record for each device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks import roofline
from benchmarks.ceilings import MIB, Sizes
from benchmarks.kernels import CHECKED_STEPS, ENVIRONMENT, Measured, Row
from benchmarks.schemes import EAGER, SCHEMES, Scheme
from relubook import records
from relubook.records.passport import Stopwatch, passport

REVISION = 1

Arrays = dict[str, np.ndarray]


def judged(row: Row, measured: Mapping[str, Measured], ceilings: roofline.Ceilings) -> Arrays:
    """One row as arrays over rounds and schemes.

    Returns:
        `seconds` [rounds schemes]; `models` and `steps` of a round, and how many models were
        worked on `together` [schemes]; `rate` [rounds schemes] in networks x examples a second;
        `traffic` [schemes] in bytes counted for one step of one network; `share` [rounds schemes]
        of the ceiling; `copy` [schemes]: the copy that is this ceiling, in bytes, or 0 where
        arithmetic is; `difference` from float64 [networks schemes].
    """
    each = measured.values()
    seconds = np.stack([m.seconds for m in each], axis=1)
    models, steps = (np.array([getattr(m, name) for m in each]) for name in ("models", "steps"))
    rate = models * steps * row.batch_size / seconds
    moved = [_traffic(row, SCHEMES[name]) for name in measured]
    bounds = [_bound(row, SCHEMES[name], m.together, ceilings) for name, m in measured.items()]
    least = np.array([b.seconds for b in bounds])
    return {
        "seconds": seconds,
        "models": models,
        "steps": steps,
        "together": np.array([m.together for m in each]),
        "rate": rate,
        "traffic": np.array(moved),
        "share": least * rate / row.batch_size,
        "copy": np.array([b.copy for b in bounds]),
        "difference": np.stack([m.differences for m in each], axis=1),
    }


def table(row: Row, names: Sequence[str], arrays: Arrays) -> str:
    """One row of the benchmark as text: medians over rounds."""
    lines = [_title(row), _HEAD]
    rate, share = (np.median(arrays[name], axis=0) for name in ("rate", "share"))
    eager = rate[list(names).index(EAGER)]
    for place, name in enumerate(names):
        off = arrays["difference"][:, place]
        timed = (arrays["models"][place], arrays["steps"][place])
        moved = arrays["traffic"][place] * rate[place] / row.batch_size
        lines.append(
            f"  {name:28} {rate[place] / 1000:9.2f} {rate[place] / eager:8.2f} {moved / 1e9:7.1f} "
            f"{100 * share[place]:5.0f} % {_ceiling(arrays['copy'][place]):20} "
            f"{np.median(off):8.0e} {off.max():7.0e}  {_note(row, *timed)}"
        )
    return "\n".join(lines)


def ceilings_table(sizes: Sizes, measured: Arrays) -> str:
    """The ceilings as text: the best of all samples."""
    copies = ", ".join(
        f"{rate / 1e9:.1f} ({size / MIB:g} MiB)"
        for size, rate in zip(sizes.copies, measured["copy"].max(axis=0), strict=True)
    )
    products = ", ".join(
        f"{rate / 1e9:.1f} ({side})"
        for side, rate in zip(sizes.products, measured["product"].max(axis=0), strict=True)
    )
    models, inputs, batch, outputs = sizes.update
    update = measured["update"].max() / 1e9
    share = 1e9 * update / measured["copy"].max(axis=0)[-1]
    return (
        f"\nceilings, best samples\n  copies [GB/s] (source and target): {copies}"
        f"\n  products [GFLOP/s] (side): {products}"
        f"\n  bare baddbmm_ [{models} x {inputs} x {batch}] x [{models} x {batch} x {outputs}]: "
        f"{update:.1f} GB/s, {100 * share:.0f} % of the largest copy"
    )


def record(
    done: Mapping[Row, tuple[Sequence[str], Arrays]],
    sizes: Sizes,
    ceilings: Arrays,
    *,
    device: str,
    rounds: int,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """Everything that was measured on one device, with its passport.

    Arrays: `ceilings.copy`, `ceilings.product`, `ceilings.update` as in `ceilings.measure`, first
    the samples before the rows, then those after; `ROW.NAME` as in `judged`.

    Args:
        done: Names of the schemes and arrays, by row.
        sizes: Of the ceilings.
        ceilings: What was measured of them.
        device: `cpu` or `cuda`.
        rounds: That were timed.
        stopwatch: Begun before the first row.
        machines: The machine's state before each row and at the end.
        command: What was typed.
        quick: Whether the rows were tiny.
    """
    listed = [
        {"name": row.name, **asdict(row), "schemes": list(names)}
        for row, (names, _) in done.items()
    ]
    config = {
        "rows": listed,
        "ceilings": asdict(sizes),
        "rounds": rounds,
        "checked_steps": CHECKED_STEPS,
        "environment": ENVIRONMENT,
    }
    data = next(iter(done)).problem(device, CHECKED_STEPS).data
    whole = passport(
        stopwatch=stopwatch,
        device=device,
        data={"name": data.name, "sha256": data.sha256, "source": data.source},
        seeds=range(max(row.models for row in done)),
        command=command,
    )
    arrays = {f"ceilings.{name}": values for name, values in ceilings.items()}
    for row, (_, parts) in done.items():
        arrays |= {f"{row.name}.{name}": values for name, values in parts.items()}
    return records.Record(
        experiment="kernels",
        scale="smoke" if quick else "laptop",
        data=device,
        digest=records.digest(config, data.sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


_HEAD = (
    f"  {'':28} {'k/s':>9} {'x eager':>8} {'GB/s':>7} {'share':>7} {'of the ceiling':20} "
    f"{'off by':>8} {'at most':>7}  a round"
)


def _title(row: Row) -> str:
    """The row in words."""
    networks = "1 network" if row.models == 1 else f"{row.models} networks"
    return (
        f"\n{row.name}: {networks}, {row.depth} hidden layers of {row.width}, "
        f"batch {row.batch_size}"
    )


def _ceiling(copy: int) -> str:
    """Which ceiling a share is of."""
    return f"copies in {copy / MIB:g} MiB" if copy else "matrix products"


def _note(row: Row, models: int, steps: int) -> str:
    """What a round was, and whether its rate was extrapolated to all networks."""
    of_all = f" of {row.models}" if models < row.models else ""
    return f"{models}{of_all} x {steps} steps"


def _sizes(row: Row) -> tuple[int, ...]:
    """Inputs, units of each layer, classes."""
    return row.problem("cpu", 1).sizes


def _traffic(row: Row, scheme: Scheme) -> float:
    """Bytes counted for one step of one network."""
    return roofline.traffic(_sizes(row), row.batch_size, stores_gradient=scheme.stores_gradient)


def _bound(row: Row, scheme: Scheme, together: int, ceilings: roofline.Ceilings) -> roofline.Bound:
    """The least time for one step of one network."""
    stores = scheme.stores_gradient
    return roofline.bound(
        ceilings,
        traffic=_traffic(row, scheme),
        operations=roofline.operations(_sizes(row), row.batch_size),
        working_set=roofline.working_set(_sizes(row), together, stores_gradient=stores),
    )
