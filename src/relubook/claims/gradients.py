"""Gradients through rectifiers: how far they reach, and what hard zeros do to them."""

import functools
import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets
from relubook import gradients as credit
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments import gradient_credit
from relubook.experiments.gradient_credit_values import half_held
from relubook.experiments.gradient_flow_values import NAMES, back, forward, place
from relubook.experiments.quartet import LEARNING_RATES, UNITS
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_LAYERS = 30  # over which sizes are compared
_REGIONS = {
    "glorot": (-_LAYERS - 1.0, -_LAYERS + 1.0),  # 0.5 to 2 times 2^-30
    "he": (math.log2(0.3), 1.0),
}
_REACHED = 99.0  # % of the digits
_SEEDS = range(5)  # of the twins
_FEW, _WIDTH = 10, 300  # layers and their units in the first twin

PerSeed = Float[np.ndarray, "seeds"]


def flow(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 20, from "gradient-flow": sizes forward and back over 30 layers of rectifiers."""
    found = (("outputs", forward, "activity"), ("gradient dL/dh, back", back, "by_output"))
    decisive = (
        Part(
            what=f"mean square of the {what} over {_LAYERS} layers of rectifiers, {NAMES[start]}",
            estimate=statistics.mean(
                change(arrays[name][place(start, "rectifier")], _LAYERS).astype(float)
            ),
            unit="powers of 2",
            region=_REGIONS[start],
        )
        for start in _REGIONS
        for what, change, name in found
    )
    return (*decisive, *_other_units(arrays), *_open(arrays))


def _other_units(arrays: Arrays) -> tuple[Part, ...]:
    """For information: the gradient through other units and from torch's default."""
    kinds = [(start, name) for start in _REGIONS for name in UNITS[1:]]
    kinds += [("torch", name) for name in UNITS]
    return tuple(
        Part(
            what=f"mean square of the gradient dL/dh, back over {_LAYERS} layers of {name} units, "
            f"{NAMES[start]}",
            estimate=statistics.mean(
                back(arrays["by_output"][place(start, name)], _LAYERS).astype(float)
            ),
            unit="powers of 2",
        )
        for start, name in kinds
    )


def _open(arrays: Arrays) -> tuple[Part, ...]:
    """For information: who carries gradient in the deepest networks of rectifiers."""
    i, depth = place("he", "rectifier"), int(arrays["depths"][-1])
    weights = arrays["by_weights"][i].astype(float)
    return (
        Part(
            what=f"rectifiers that carry gradient, mean over {depth} layers",
            estimate=statistics.mean(100 * arrays["carrying"][i].astype(float).mean(1)),
            unit="%",
        ),
        Part(
            what=f"digits that meet a layer without gradient, {depth} layers",
            estimate=statistics.mean(100 * arrays["blocked"][i][-1].astype(float)),
            unit="%",
        ),
        Part(
            what=f"open paths through {depth} layers, of all",
            estimate=statistics.mean(arrays["paths"][i][-1].astype(float)),
            unit="powers of 10",
        ),
        Part(
            what="mean square of dL/dW of the second layer over that of the last, "
            f"{depth} layers of rectifiers, {NAMES['he']}",
            estimate=statistics.mean(weights[:, 1] - weights[:, -1]),
            unit="powers of 2",
        ),
    )


def blocks_nothing(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 39, from "gradient-credit": every layer carries, and few units get the gradient."""
    spread = 100 * arrays["effective"].mean(1)  # [groups seeds]
    return (
        Part(
            what="test digits for which every hidden layer has a rectifier that carries gradient",
            estimate=statistics.mean(100 * arrays["reached"][0]),
            unit="%",
            region=(_REACHED, math.inf),
        ),
        Part(
            what="effective share of a layer's units in the gradient, least of tanh, softplus and "
            "logistic minus rectifier",
            estimate=statistics.mean((spread[1 : len(UNITS)] - spread[0]).min(0)),
            unit="points",
            region=(0.0, math.inf),
        ),
        *_about_credit(arrays),
    )


def _about_credit(arrays: Arrays) -> tuple[Part, ...]:
    """For information: where the gradient falls, how evenly, and under penalties."""
    last = len(arrays["l1"]) - len(UNITS)
    others = arrays["favored"][1 : len(UNITS)].mean(1)
    even = arrays["evenness"].mean(1)
    half = np.stack([half_held(arrays["held"][row]) for row in range(len(UNITS))])
    penalized = [
        (
            f"test digits for which every layer of rectifiers carries, L1 {arrays['l1'][row]:g}",
            arrays["reached"][row],
            "%",
        )
        for row in range(len(UNITS), last)
    ]
    named = [
        ("active rectifiers", arrays["active"][0].mean(0), "%"),
        ("effective share of a layer's rectifiers", arrays["effective"][0].mean(0), "%"),
        ("the same of untrained ones", arrays["effective"][last].mean(0), "%"),
        ("units of a layer that hold half of the gradient, rectifiers", half[0], "%"),
        ("the same, least of tanh, softplus and logistic minus rectifier",
         (half[1:] - half[0]).min(0), "points"),
        ("gradient on the half of tanh, softplus or logistic units with the largest slopes, most "
         "of the three", others.max(0), "%"),
        ("effective share of the units that carry gradient, rectifier minus least of the others",
         even[0] - even[1 : len(UNITS)].min(0), "points"),
        ("paths through active rectifiers only, of all", arrays["paths"][0], "%"),
        *penalized,
    ]  # fmt: skip
    fewest = statistics.count(int(arrays["fewest"][0].min()), n=arrays["fewest"].shape[1])
    return (
        *(
            Part(what=what, estimate=statistics.mean(100 * values), unit=unit)
            for what, values, unit in named
        ),
        Part(
            what="fewest rectifiers that carry gradient, over layers, digits and networks",
            estimate=fewest,
            unit="units",
        ),
    )


def flow_twin() -> tuple[Part, ...]:
    """Ten layers of 300 rectifiers, 20 digits: half of the mean square a layer, or all of it."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=_WIDTH, depth=_FEW + 1, outputs=data.outputs)
    parts = []
    for start, region in (("glorot", (-_FEW - 1.0, -_FEW + 1.0)), ("he", _REGIONS["he"])):
        network = MLP(shape, seeds=_SEEDS, initialization=start, dtype=torch.float64)
        layers = credit.per_unit(network, data.test.x[:20], data.test.y[:20])
        first, last = layers[0], layers[-1]
        for what, above, below in (
            ("outputs", last.h, first.h),
            ("gradient dL/dh, back", first.by_output, last.by_output),
        ):
            ratio = above.square().mean((1, 2)) / below.square().mean((1, 2))
            parts.append(
                Part(
                    what=f"mean square of the {what} over {_FEW} layers, {NAMES[start]}",
                    estimate=statistics.mean(ratio.log2().numpy()),
                    unit="powers of 2",
                    region=region,
                )
            )
    return tuple(parts)


def blocks_nothing_twin() -> tuple[Part, ...]:
    """Small trained networks: every digit's gradient passes, over fewer units than elsewhere."""
    reached, spread = _small()
    return (
        Part(
            what="test digits for which every hidden layer has a rectifier that carries gradient",
            estimate=statistics.mean(100 * reached[0]),
            unit="%",
            region=(_REACHED, math.inf),
        ),
        Part(
            what="effective share of a layer's units in the gradient, least of tanh, softplus and "
            "logistic minus rectifier",
            estimate=statistics.mean(100 * (spread[1:] - spread[0]).min(0)),
            unit="points",
            region=(5.0, math.inf),
        ),
    )


@functools.cache
def _small() -> tuple[Float[np.ndarray, "units seeds"], Float[np.ndarray, "units seeds"]]:
    """Digits with gradient in every layer, and its spread over units [1], by activation."""
    data = datasets.load("mnist-5k").subset(train=2000)
    shape = sizes(inputs=data.inputs, width=40, depth=2, outputs=data.outputs)
    found = []
    for name in UNITS:
        network = MLP(shape, seeds=_SEEDS, activation=name)
        hyper = grid(learning_rate=LEARNING_RATES[name], seed=list(_SEEDS))
        train(network, data, hyper, Schedule(epochs=3, batch_size=32, keep="last"))
        found.append(
            [
                gradient_credit.measure(
                    network.view(slice(seed, seed + 1)), data.test.x[:300], data.test.y[:300]
                )
                for seed in _SEEDS
            ]
        )
    reached = np.array([[of["reached"] for of in row] for row in found])
    return reached, np.array([[np.mean(of["effective"]) for of in row] for row in found])


CLAIMS = (
    Claim(
        id="gradients-flow",
        chapter="saturation",
        number=20,
        statement="Through active rectifiers gradients flow however deep the network is: with "
        "Glorot's range they shrink by half a layer in mean square, with He's they keep their "
        "size.",
        page="318",
        paper=(),
        experiment="gradient-flow",
        data="mnist",
        test=flow,
        interval="t interval over seeds of log2, which is that of the geometric mean; both ranges "
        "scale the same draws, so that their numbers are not independent",
        threshold="over 30 layers of 500 units before training, the geometric mean over seeds of "
        "the change of the mean square is between 0.5 and 2 times 2^-30 from Glorot's range and "
        "between 0.3 and 2 from He's: for the outputs from hidden layer 1 to 31 and for the "
        "gradient dL/dh back from hidden layer 50 to 20; the paper gives no number",
        flips=(
            "The range: from torch's default a layer of rectifiers passes back a sixth of the "
            "gradient's mean square.",
            "The units: from Glorot's range tanh keeps the gradient's size better than the "
            "rectifier does, and logistic units lose it from every range.",
            "Narrow layers: from He's range, 30 layers of 16 units lose a factor of about 60 in "
            "the outputs' mean square, as a geometric mean, and single networks far more or less; "
            "with 50 layers of 8 units one network in eight is off for every digit (a trial, not "
            "recorded).",
            "What is compared: the gradient by the weights is as large in the first layers as in "
            "the last, from Glorot's range as from He's; it is then small in all of them.",
        ),
        twin=flow_twin,
    ),
    Claim(
        id="hard-zeros-block-nothing",
        chapter="saturation",
        number=39,
        statement="Hard zeros block nothing as long as some units of each layer are active: then "
        "credit and blame fall on the active ones.",
        page="318",
        paper=(),
        experiment="gradient-credit",
        data="mnist",
        test=blocks_nothing,
        interval="t interval over seeds; differences are paired by seed",
        threshold="for at least 99 % of 2,000 test digits every hidden layer of a trained "
        "rectifier network without a penalty has a unit that carries gradient; the effective "
        "share of a layer's units in the gradient (exp of the entropy of its sizes, mean over "
        "layers) is below that of tanh, softplus and logistic networks, least difference of the "
        "three, with its whole interval; the paper gives no number",
        flips=(
            "An L1 penalty that is too strong: with 0.03 some layer of 3 x 128 rectifiers trained "
            "on MNIST-5k falls silent for nearly every digit, and the network learns nothing (a "
            "trial, not recorded).",
            "Very narrow layers: with 3 layers of 4 units, some layer is off for one digit in "
            "eight, with 6 of them for more than half (a trial, not recorded).",
            "What is asked of the gradient: before it meets the units' slopes, as the derivative "
            "by their outputs, it is spread as widely over rectifiers as over other units.",
            "Which units are counted: over those that carry gradient at all it is spread more "
            "evenly than over other units, and half of it lies on nearly as few softplus or "
            "logistic units as rectifiers; what differs is the rest.",
        ),
        twin=blocks_nothing_twin,
    ),
)
