"""Sentences about when deep networks learn: from which starts, with which learning rates."""

import math

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.quartet import UNITS
from relubook.experiments.training_map_courses import begin, follow
from relubook.experiments.training_map_values import (
    Cell,
    best_cell,
    cells_that_learn,
    grid_of,
    share_that_learns,
    steps_to_learn,
)
from relubook.training import grid

SLOGAN, DEEP = 5, 10  # hidden layers that the two claims are about
FAILS = 50.0  # validation error of a network that has learned too little [%]

_OTHERS = UNITS[1:]
_SEEDS = range(5)


def logistic_units(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 37, from "training-map": the best cell of deep logistic networks."""
    best = best_cell(arrays, "logistic", SLOGAN)
    cells = grid_of(arrays, "logistic", SLOGAN)[..., 0].size
    return (
        Part(
            what=f"validation error of {SLOGAN} logistic layers in the best of {cells} cells: "
            f"{_place(best)}",
            estimate=statistics.mean(100 * best.error),
            unit="%",
            region=(FAILS, math.inf),
        ),
        *(
            Part(
                what=f"the best from {start}: {_place(cell)}",
                estimate=statistics.mean(100 * cell.error),
                unit="%",
            )
            for start in ("torch's default", "Glorot x 4")
            for cell in [best_cell(arrays, "logistic", SLOGAN, start=start)]
        ),
        *_cells(arrays, SLOGAN),
        *_first_steps(arrays),
        *(
            Part(
                what=f"the best with {depth} logistic layers: {_place(cell)}",
                estimate=statistics.mean(100 * cell.error),
                unit="%",
            )
            for depth in arrays["depth"].tolist()
            if depth > SLOGAN
            for cell in [best_cell(arrays, "logistic", depth)]
        ),
    )


def range_of_starts(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 43, from "training-map": the share of starts and rates from which networks learn."""
    shares = {name: 100 * share_that_learns(grid_of(arrays, name, DEEP)) for name in UNITS}
    more = {name: shares[UNITS[0]] - shares[name] for name in _OTHERS}
    return (
        Part(
            what=f"starts and rates from which {DEEP} layers learn, rectifiers minus the best of "
            f"{', '.join(_OTHERS)}",
            estimate=statistics.mean(np.min(list(more.values()), axis=0)),
            unit="points",
            region=(0.0, math.inf),
        ),
        *(
            Part(
                what=f"the same, rectifiers minus {name}",
                estimate=statistics.mean(values),
                unit="points",
            )
            for name, values in more.items()
        ),
        *(
            Part(
                what=f"starts and rates from which {DEEP} layers learn, {name}",
                estimate=statistics.mean(values),
                unit="%",
            )
            for name, values in shares.items()
        ),
    )


def _place(cell: Cell) -> str:
    """Where a cell lies."""
    return f"{cell.start}, rate {cell.learning_rate:g}"


def _cells(arrays: Arrays, depth: int) -> tuple[Part, ...]:
    """In how many cells each activation learns."""
    grids = {name: grid_of(arrays, name, depth) for name in UNITS}
    return tuple(
        Part(
            what=f"cells with {depth} layers that learn, {name}",
            estimate=statistics.count(cells_that_learn(errors), n=errors[..., 0].size),
            unit="cells",
        )
        for name, errors in grids.items()
    )


def _first_steps(arrays: Arrays) -> tuple[Part, ...]:
    """After how many steps the first cell of each activation has learned; 0 for never."""
    return tuple(
        Part(
            what=f"steps until a first cell with {SLOGAN} layers learns, {name}",
            estimate=statistics.count(
                steps_to_learn(arrays, name, SLOGAN), n=int(arrays["step"][-1])
            ),
            unit="steps",
        )
        for name in ("rectifier", "logistic")
    )


def logistic_units_twin() -> tuple[Part, ...]:
    """Five logistic layers on 2,000 digits: at chance from one start, learning from another."""
    return tuple(
        Part(
            what=f"validation error of {SLOGAN} logistic layers after 400 steps, {start}",
            estimate=statistics.mean(_errors("logistic", SLOGAN, start, rate=1.0, steps=400)),
            unit="%",
            region=region,
        )
        for start, region in (("torch's default", (80.0, 100.0)), ("Glorot x 4", (0.0, 30.0)))
    )


def range_of_starts_twin() -> tuple[Part, ...]:
    """Ten layers from two starts, 2,000 digits: tanh learns where rectifiers have not yet."""
    slow, fast, lost = (
        _errors(name, DEEP, start, rate=0.1, steps=200)
        for name, start in (
            ("rectifier", "Glorot"), ("tanh", "Glorot"), ("rectifier", "torch's default"),
        )
    )  # fmt: skip
    return (
        Part(
            what=f"validation error of {DEEP} layers after 200 steps, rectifiers minus tanh",
            estimate=statistics.mean(slow - fast),
            unit="points",
            region=(20.0, math.inf),
        ),
        Part(
            what=f"validation error of {DEEP} layers of rectifiers then, torch's default",
            estimate=statistics.mean(lost),
            unit="%",
            region=(80.0, 100.0),
        ),
    )


def _errors(
    activation: str, depth: int, start: str, *, rate: float, steps: int
) -> Float[np.ndarray, "seeds"]:
    """Validation errors of narrow networks after some steps on 2,000 digits [%]."""
    data = datasets.load("mnist-5k").subset(train=2000)
    network = begin(data, activation=activation, width=32, depth=depth, start=start, seeds=_SEEDS)
    hyper = grid(learning_rate=rate, seed=_SEEDS)
    course = follow(network, data, hyper, (steps,), batch_size=32)
    return 100 * np.nan_to_num(course.error[0], nan=1.0)


CLAIMS = (
    Claim(
        id="logistic-fails-deep",
        chapter="saturation",
        number=37,
        statement="Logistic units fail in deep networks, as many courses say.",
        page="",
        paper=(),
        experiment="training-map",
        data="mnist-5k",
        test=logistic_units,
        interval="t interval over seeds, in the cell of lowest median error",
        threshold="with 5 hidden layers the validation error after the last step stays above 50 % "
        "at every start and every learning rate of the grid: judged in the cell of lowest median "
        "error; the paper gives no number",
        flips=(
            "The start: from torch's default and from Glorot's range 5 logistic layers stay at "
            "chance at every rate of the record; from weights four times as large as Glorot's they "
            "end as low as rectifiers do.",
            "The learning rate: the best one of logistic units is one at which rectifiers diverge "
            "or die; a hundred times smaller, it leaves them above 50 %.",
            "The number of steps: before a few hundred of them the sentence is true at every start "
            "and rate of the record, when rectifiers have long learned from some.",
            "Depth: with 10 layers the best cell is below 50 % but not below 20 %, with 20 layers "
            "none is below 50 % in as many steps.",
        ),
        twin=logistic_units_twin,
    ),
    Claim(
        id="rectifier-range-of-starts",
        chapter="saturation",
        number=43,
        statement="A rectifier network of 10 layers learns from more starts and learning rates "
        "than a tanh, softplus or logistic one.",
        page="",
        paper=(),
        experiment="training-map",
        data="mnist-5k",
        test=range_of_starts,
        interval="t interval over seeds; a seed's networks are paired, and the best of the other "
        "three is taken for each seed",
        threshold="the share of the grid's starts and learning rates from which a network of 10 "
        "hidden layers errs below 20 % after the last step, rectifiers minus the best of tanh, "
        "softplus and logistic units, is above 0; the paper gives no number",
        flips=(
            "The rival: against softplus or against logistic units alone the claim holds, against "
            "tanh it does not, at any of the record's depths.",
            "Width and rate: with 128 units a layer and a rate of 0.3 rectifiers learn from He's "
            "start and tanh does not, though over all rates tanh still learns from more (a trial, "
            "not recorded).",
            "The grid: it is even in the logarithm of the rate and reaches from torch's small "
            "weights to 8 times Glorot's. Another grid counts other cells.",
        ),
        twin=range_of_starts_twin,
    ),
)
