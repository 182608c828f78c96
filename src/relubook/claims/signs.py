"""What the paper says about negating half of the units."""

import math

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.sign_trick import KINDS, measure
from relubook.networks import MLP, sizes

_PLAIN, _SIGNED = KINDS.index(("rectifier", False)), KINDS.index(("rectifier", True))
_BALANCED, _ONE_SIDED, _SAME = 0.1, 0.99, 1.0  # [1], [1], [points]
_WIDTH = 1000  # the paper's

PerLayer = Float[np.ndarray, "layers seeds"]


def cancels(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 2, from "sign-trick": layers of 1,000 units before training, and what comes after."""
    at = int(np.flatnonzero(arrays["widths"] == _WIDTH)[0])
    balance, zeros = (
        arrays[f"{name}_untrained"][[_PLAIN, _SIGNED], at] for name in ("balance", "zeros")
    )
    return (*_required(balance, 100 * zeros), *_narrow(arrays), *_trained(arrays))


def _required(
    balance: Float[np.ndarray, "2 layers seeds"], zeros: Float[np.ndarray, "2 layers seeds"]
) -> tuple[Part, ...]:
    """|mean| over mean |.| and exact zeros [%] of each layer, first without and then with signs."""
    parts = []
    for layer, (plain, signed, fewer) in enumerate(
        zip(*balance, zeros[1] - zeros[0], strict=True), start=1
    ):
        where = f"before training, layer {layer}"
        numbers = (
            ("|mean| over mean |h|, half negated", signed, "1", (-math.inf, _BALANCED)),
            ("|mean| over mean |h|, as it is", plain, "1", (_ONE_SIDED, math.inf)),
            ("exact zeros with the trick minus without", fewer, "points", (-_SAME, _SAME)),
        )
        for what, values, unit, region in numbers:
            estimate = statistics.mean(values)
            parts.append(Part(what=f"{what}, {where}", estimate=estimate, unit=unit, region=region))
    return tuple(parts)


def _narrow(arrays: Arrays) -> tuple[Part, ...]:
    """Layers of other widths, for information."""
    return tuple(
        Part(
            what=f"|mean| over mean |h|, half negated, before training, {width} units a layer",
            estimate=statistics.mean(arrays["balance_untrained"][_SIGNED, at].mean(0)),
            unit="1",
        )
        for at, width in enumerate(arrays["widths"])
        if width != _WIDTH
    )


def _trained(arrays: Arrays) -> tuple[Part, ...]:
    """After training, for information: balance, zeros and error."""
    parts = []
    for name, plain in (("rectifier", _PLAIN), ("softplus", KINDS.index(("softplus", False)))):
        signed = plain + 1
        numbers = (
            ("|mean| over mean |h|, half negated, after training", arrays["balance_after"][signed],
             "1"),
            ("exact zeros with the trick minus without, after training",
             100 * (arrays["zeros_after"][signed] - arrays["zeros_after"][plain]), "points"),
            ("test error with the trick minus without",
             100 * (arrays["test_error"][signed] - arrays["test_error"][plain])[None], "points"),
        )  # fmt: skip
        for what, values, unit in numbers:
            told = values.mean(0)
            estimate = statistics.mean(told[np.isfinite(told)])
            parts.append(Part(what=f"{what}, {name}", estimate=estimate, unit=unit))
    return tuple(parts)


def twin() -> tuple[Part, ...]:
    """The same before training: two layers of 1,000 units, 200 digits, 10 seeds."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=_WIDTH, depth=2, outputs=data.outputs)
    rows = [
        [
            measure(MLP(shape, seeds=[seed], sign_trick=signs), data.test.x[:200])
            for seed in range(10)
        ]
        for signs in (False, True)
    ]
    balance, zeros = (
        np.stack([np.concatenate([found[at] for found in row], axis=1) for row in rows])
        for at in (0, 1)
    )
    return _required(balance, 100 * zeros)


CLAIMS = (
    Claim(
        id="signs-cancel-the-mean",
        chapter="saturation",
        number=2,
        statement="Negating half of the units cancels a layer's mean activation and leaves the "
        "zeros as they are.",
        page="320",
        paper=(),
        experiment="sign-trick",
        data="mnist",
        test=cancels,
        interval="t interval over seeds",
        threshold="in untrained layers of 1,000 units as the paper's, |mean| over mean |h| is at "
        "most 0.1 in every layer with the trick and at least 0.99 without, and the share of exact "
        "zeros differs by at most 1 point; the paper gives no number",
        flips=(
            "Narrow layers: what is left of the mean rises as units become fewer.",
            "Unequal parts: six of ten units negated leave about a fifth of it (a trial, not "
            "recorded).",
            "One network instead of the mean over ten: in later layers, which see other inputs "
            "with the trick, its zeros may differ by two points in either direction.",
            "Learning: a unit negated together with the weights behind it computes the same, and "
            "trains the same. As weights are as likely positive as negative, the trick changes no "
            "test error on average; what ten seeds show of it is chance.",
        ),
        twin=twin,
    ),
)
