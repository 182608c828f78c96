"""What the claims about cost measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Bool, Float

from relubook import paper, skipping
from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.skipping_race import crossover
from relubook.experiments.unit_cost import IN_CACHE
from relubook.experiments.unit_race import UNITS

_UNIT = {name: place for place, name in enumerate(UNITS)}
_METHOD = {name: place for place, name in enumerate(skipping.METHODS)}
_CHEAPER, _VISIBLE = 1.5, 5.0  # times as long; percent of a step
_WIDTH = int(paper.PROTOCOL["width"].value)
_L1 = paper.PROTOCOL["l1"].value


def unit_functions(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 21, from "unit-cost": times as long as the rectifier, in cache."""
    at = int(np.abs(arrays["size"] - IN_CACHE).argmin())
    forward, backward = arrays["forward"], arrays["backward"]
    rectifier, where = _UNIT["rectifier"], f"at {arrays['size'][at]:,} numbers"
    required = (
        _times(
            f"time of {name} over that of the rectifier, {where}",
            forward[_UNIT[name], at] / forward[rectifier, at],
            region=(_CHEAPER, math.inf),
        )
        for name in ("tanh", "softplus")
    )
    largest = f"at {arrays['size'][-1]:,} numbers"
    informing = (
        ("the logistic", where, forward[_UNIT["logistic"], at] / forward[rectifier, at]),
        ("GELU", where, forward[_UNIT["GELU"], at] / forward[rectifier, at]),
        ("tanh", largest, forward[_UNIT["tanh"], -1] / forward[rectifier, -1]),
        ("softplus", largest, forward[_UNIT["softplus"], -1] / forward[rectifier, -1]),
    )
    return (
        *required,
        *(_times(f"time of {n} over that of the rectifier, {w}", r) for n, w, r in informing),
        _times(
            f"time of tanh's derivative over that of the rectifier, {where}",
            backward[_UNIT["tanh"], at] / backward[rectifier, at],
        ),
    )


def training_step(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 22, from "unit-cost": what rectifiers would save of a step with other units."""
    at = int(np.abs(arrays["width"] - _WIDTH).argmin())
    rectifier = _UNIT["rectifier"]

    def saved(name: str, batch: int) -> Float[np.ndarray, "rounds"]:
        unit = _UNIT[name]
        spent = arrays["activation"][unit, at, batch] - arrays["activation"][rectifier, at, batch]
        return 100 * spent / arrays["step"][unit, at, batch]

    return tuple(
        Part(
            what=f"saved of a step with {name}, width {arrays['width'][at]:,}, batch {size}",
            estimate=statistics.mean(saved(name, batch)),
            unit="%",
            region=(_VISIBLE, math.inf) if name in ("tanh", "softplus") else None,
        )
        for name in ("tanh", "softplus", "GELU")
        for batch, size in enumerate(arrays["batch"])
    )


def single_examples(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 23, from "skipping-zeros": the dense way over gathering, one example at a time."""
    chosen = _trained_as_in_the_paper(arrays)
    return (
        _faster("gathering", arrays, chosen, ("gathered",), place=0, region=(1.0, math.inf)),
        _faster("compressed rows", arrays, chosen, ("csr",), place=0),
        *_about(arrays, chosen, place=0),
    )


def many_examples(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 24, from "skipping-zeros": the same for the largest batch, by the faster way."""
    chosen, both = _trained_as_in_the_paper(arrays), ("gathered", "csr")
    return (
        _faster("the faster way", arrays, chosen, both, place=-1, region=(1.0, math.inf)),
        *_about(arrays, chosen, place=-1),
        Part(
            what=f"units that {arrays['batch'][-1]} digits need together, L1 {_L1:g}",
            estimate=statistics.mean(100 * arrays["network_union"][chosen, :, -1].mean(1)),
            unit="%",
        ),
    )


def _about(arrays: Arrays, chosen: Bool[np.ndarray, "networks"], *, place: int) -> tuple[Part, ...]:
    """For information: the sparsest networks, the zeros, and where one layer crosses."""
    strongest = arrays["network_l1"] == arrays["network_l1"].max()
    crossing = crossover(arrays["zeros"], arrays["layer_time"]).by_round[place]
    return (
        _faster("gathering", arrays, strongest, ("gathered",), place=place),
        Part(
            what=f"zeros of the hidden layers, L1 {_L1:g}",
            estimate=statistics.mean(100 * arrays["network_zeros"][chosen].mean(1)),
            unit="%",
        ),
        Part(
            what=f"zeros from which one layer gathers faster, {arrays['batch'][place]} at a time",
            estimate=statistics.mean(100 * crossing),
            unit="%",
        ),
    )


def _trained_as_in_the_paper(arrays: Arrays) -> Bool[np.ndarray, "networks"]:
    """Which networks have the paper's penalty."""
    return np.isclose(arrays["network_l1"], _L1)


def _faster(
    what: str,
    arrays: Arrays,
    chosen: Bool[np.ndarray, "networks"],
    methods: tuple[str, ...],
    *,
    place: int,
    region: tuple[float, float] | None = None,
) -> Part:
    """How many times as fast as the dense way the best of some methods is, network by network."""
    times = np.median(arrays["network_time"][chosen][:, :, place], axis=-1)  # [networks methods]
    best = times[:, [_METHOD[name] for name in methods]].min(1)
    l1 = arrays["network_l1"][chosen].max(initial=0.0)
    return _times(
        f"speed of {what} over the dense way, {arrays['batch'][place]} at a time, L1 {l1:g}",
        times[:, _METHOD["dense"]] / best,
        region=region,
    )


def _times(
    what: str,
    ratio: Float[np.ndarray, "measurements"],
    *,
    region: tuple[float, float] | None = None,
) -> Part:
    """A ratio, measured several times."""
    return Part(what=what, estimate=statistics.mean(ratio), unit="1", region=region)
