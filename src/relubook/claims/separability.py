"""What the paper says about linear separability, and how it is tested with few labels."""

import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets, probes, seeds
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.quartet import LEARNING_RATES, UNITS
from relubook.experiments.separability_values import DENSE, LABELS, place, probed
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_MANY = 1_000  # labels, for information
_SEEDS = range(5)  # of the twin
_LEAD = "error of the best dense code minus the rectifier's"
_STATES = ((True, "trained"), (False, "untrained"))

PerSeed = Float[np.ndarray, "seeds"]


def separates(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 35, from "separability": what the best dense code errs more than the rectifier's."""
    required = (
        Part(
            what=f"{_LEAD}, {words}, {LABELS} labels",
            estimate=statistics.mean(_lead(arrays, trained)),
            unit="points",
            region=(0.0, math.inf),
        )
        for trained, words in _STATES
    )
    return (*required, *_each(arrays), *_otherwise(arrays), *_as_busy(arrays))


def _lead(
    arrays: Arrays, trained: bool, labels: int = LABELS, matched: float | None = None
) -> PerSeed:
    """Error of the dense code that does best in a seed, minus that of the rectifier [points]."""
    own = place(arrays, "rectifier", l1=matched or 0.0, trained=trained)
    rows = [place(arrays, name, trained=trained, matched=matched) for name in DENSE]
    others = np.stack([probed(arrays, row, labels) for row in rows])
    return 100 * (others.min(axis=0) - probed(arrays, own, labels))


def _each(arrays: Arrays) -> tuple[Part, ...]:
    """One by one, what each dense code errs more than the rectifier's; for information."""
    return tuple(
        Part(
            what=f"error of {name} minus the rectifier's, {words}, {LABELS} labels",
            estimate=statistics.mean(
                100 * (probed(arrays, place(arrays, name, trained=trained), LABELS)
                - probed(arrays, place(arrays, "rectifier", trained=trained), LABELS))
            ),
            unit="points",
        )
        for trained, words in _STATES
        for name in DENSE
    )  # fmt: skip


def _otherwise(arrays: Arrays) -> tuple[Part, ...]:
    """More labels, one scale for all units, margins; for information."""
    many = int(arrays["labels"][np.abs(arrays["labels"] - _MANY).argmin()])
    parts = []
    for trained, words in _STATES:
        rows = [place(arrays, name, trained=trained) for name in UNITS]
        alike = 100 * arrays["error_alike"][rows].mean(-1)  # [units seeds]
        margin = np.stack([probed(arrays, row, LABELS, "margin") for row in rows])
        for what, values, unit in (
            (f"{_LEAD}, {many:,} labels", _lead(arrays, trained, many), "points"),
            (f"{_LEAD}, units not scaled one by one", alike[1:].min(0) - alike[0], "points"),
            ("margin of the rectifier minus the widest dense one", margin[0] - margin[1:].max(0),
             "1"),
        ):  # fmt: skip
            parts.append(Part(what=f"{what}, {words}", estimate=statistics.mean(values), unit=unit))
    return tuple(parts)


def _as_busy(arrays: Arrays) -> tuple[Part, ...]:
    """Beside dense networks of as many units as rectifiers have active ones; for information."""
    parts = []
    for trained, words in _STATES:
        narrow = np.isfinite(arrays["matched"]) & (arrays["trained"] == trained)
        for l1 in np.unique(arrays["matched"][narrow]).tolist():
            rows = narrow & (arrays["matched"] == l1)
            units = int(arrays["width"][rows][0])
            parts.append(
                Part(
                    what=f"{_LEAD}, dense codes of {units} units, as many as are active under "
                    f"L1 {l1:g}, {words}",
                    estimate=statistics.mean(_lead(arrays, trained, matched=l1)),
                    unit="points",
                )
            )
            missed = int((arrays["epoch"][rows] == 0).sum())
            if trained and missed:
                parts.append(
                    Part(
                        what=f"dense networks of {units} units that never were as accurate as the "
                        "others",
                        estimate=statistics.count(missed, n=arrays["epoch"][rows].size),
                        unit="networks",
                    )
                )
    return tuple(parts)


def twin() -> tuple[Part, ...]:
    """On few digits: untrained rectifiers are the hardest to separate, and width is what helps."""
    data = datasets.load("mnist-5k")
    before = {name: _errors(data, _drawn(data, name, 64)) for name in UNITS}
    wide = _errors(data, _drawn(data, "rectifier", 256))
    after = {name: _errors(data, _learned(data, name)) for name in ("rectifier", "logistic")}
    return (
        Part(
            what=f"{_LEAD}, untrained",
            estimate=statistics.mean(
                np.stack([before[name] for name in DENSE]).min(0) - before["rectifier"]
            ),
            unit="points",
            region=(-14.0, -4.0),
        ),
        Part(
            what="error that four times as many untrained rectifiers save",
            estimate=statistics.mean(before["rectifier"] - wide),
            unit="points",
            region=(5.0, math.inf),
        ),
        Part(
            what="error that six epochs save, rectifier",
            estimate=statistics.mean(before["rectifier"] - after["rectifier"]),
            unit="points",
            region=(20.0, math.inf),
        ),
        Part(
            what="error of logistic minus the rectifier's after six epochs",
            estimate=statistics.mean(after["logistic"] - after["rectifier"]),
            unit="points",
            region=(-4.0, -0.3),
        ),
    )


def _drawn(data: datasets.Dataset, activation: str, width: int) -> MLP:
    """Five untrained networks of two layers."""
    shape = sizes(inputs=data.inputs, width=width, depth=2, outputs=data.outputs)
    return MLP(shape, seeds=_SEEDS, activation=activation)


def _learned(data: datasets.Dataset, activation: str) -> MLP:
    """Five networks after six epochs."""
    network = _drawn(data, activation, 64)
    hyper = grid(seed=_SEEDS, learning_rate=LEARNING_RATES[activation])
    train(network, data, hyper, Schedule(epochs=6, batch_size=32, keep="last"))
    return network


@torch.no_grad()
def _errors(data: datasets.Dataset, network: MLP) -> PerSeed:
    """Error of probes of both layers, fitted to 100 validation digits that each seed draws [%]."""
    pool, tested = data.validation, data.test
    drawn = [
        probes.draw_balanced(pool.y, LABELS // data.outputs, seeds.stream(seed, "labels"))
        for seed in _SEEDS
    ]
    few, rest = (torch.stack([part[at].flatten() for part in drawn]) for at in (0, 1))
    models = torch.arange(len(_SEEDS))[:, None]
    errors = []
    for h, held in zip(
        *(network.hidden(split.x.expand(len(_SEEDS), -1, -1)) for split in (pool, tested)),
        strict=True,
    ):
        probe = probes.fit(
            (h[models, few], pool.y[few]), (h[models, rest], pool.y[rest]), classes=data.outputs
        )
        errors.append(probes.error(probe, held, tested.y.expand(len(_SEEDS), -1)))
    return 100 * torch.stack(errors).mean(0).numpy()


CLAIMS = (
    Claim(
        id="sparse-codes-separate",
        chapter="benefits",
        number=35,
        statement="A sparse rectifier code is easier to separate by a linear classifier than a "
        "dense code of the same width.",
        page="317",
        paper=(),
        experiment="separability",
        data="mnist",
        test=separates,
        interval="t interval over seeds, each with weights and labels of its own",
        threshold="with 100 labels, averaged over the hidden layers and paired by seed: the test "
        "error of the probe of tanh, softplus and logistic codes, the smallest of the three, minus "
        "that of the rectifier code is above 0 with its whole interval, for networks trained to "
        "equal accuracy and for untrained ones; the paper gives no number",
        flips=(
            "The dense code it is compared with: after training, a logistic code is easier to "
            "separate than a rectifier code; those of tanh and softplus units are not.",
            "Training: what is separable was learned. Before it, half of the units of a rectifier "
            "layer are silent and its code is the hardest of all to separate, the more so the "
            "deeper the layer.",
            "The number of units: many more random rectifiers make up for it. It is the width of "
            "the space that helps, of which exact zeros use a part.",
            "What is held equal: the paper does not say of the same width. Beside dense layers of "
            "as many units as are active, the lag after training is smaller or gone.",
            "Many labels: with thousands, trained codes of equal accuracy differ by little.",
        ),
        twin=twin,
    ),
)
