"""What the claims about responses, rest and sparse codes measure: from arrays to parts."""

import math

import numpy as np
from jaxtyping import Bool, Float

from relubook import paper
from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments import at_rest, responses
from relubook.experiments.decoders import PARTS
from relubook.experiments.figure_3 import COLLAPSED

_ALL, _CLASS, _REST = (PARTS.index(name) for name in ("all", "class", "rest"))
_NOT_TOO_SPARSE = paper.STATED["harmless_zeros_up_to"].value  # %
_CLASS_LOST = 5.0  # points of R²
_ERROR_RATIO = 1.1

PerLayer = Float[np.ndarray, "networks layers parts"]


def smart_compression(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 28, from "read-back": what goes first, and whether the error stays."""
    with_least, with_most = _ends(arrays)
    error, lead = arrays["test_error"], _lead(arrays)
    lost = 100 * (arrays["read"][with_least] - arrays["read"][with_most])  # [seeds layers parts]
    most = (
        f"the strongest penalty below {_NOT_TOO_SPARSE:g} % zeros, L1 {arrays['l1'][with_most]:g}"
    )
    return (
        Part(
            what="slope of R² of the class minus R² of the rest, over zeros, mean of the layers",
            estimate=_slope(arrays, slice(None)),
            unit="points per % of zeros",
            region=(0.0, math.inf),
        ),
        Part(
            what=f"R² of the class that is lost with {most}",
            estimate=statistics.mean(lost[..., _CLASS].mean(-1)),
            unit="points",
            region=(-math.inf, _CLASS_LOST),
        ),
        Part(
            what="R² of the class over that of principal components with the same R² of all, "
            "there, mean of the layers",
            estimate=statistics.mean(lead.mean(-1)),
            unit="points",
            region=(0.0, math.inf),
        ),
        Part(
            what="test error there over that without a penalty",
            estimate=statistics.ratio_of_means(error[with_most], error[with_least]),
            unit="1",
            region=(-math.inf, _ERROR_RATIO),
        ),
        Part(
            what="R² of the rest that is lost there",
            estimate=statistics.mean(lost[..., _REST].mean(-1)),
            unit="points",
        ),
        *_about_codes(arrays),
    )


def _about_codes(arrays: Arrays) -> tuple[Part, ...]:
    """For information: how sparse they are there, the last layer alone, and before training."""
    _, with_most = _ends(arrays)
    return (
        Part(
            what="zeros there",
            estimate=statistics.mean(100 * arrays["zeros"][with_most].mean(-1)),
            unit="%",
        ),
        Part(
            what="slope of the same difference, last layer alone",
            estimate=_slope(arrays, slice(-1, None)),
            unit="points per % of zeros",
        ),
        Part(
            what="R² of the class over principal components, last layer alone",
            estimate=statistics.mean(_lead(arrays)[:, -1]),
            unit="points",
        ),
        Part(
            what="R² of the rest in the last layer before training, rectifiers",
            estimate=statistics.mean(100 * arrays["untrained_read"][:, -1, _REST]),
            unit="%",
        ),
        Part(
            what="R² of the rest in the last layer before training, linear units",
            estimate=statistics.mean(100 * arrays["linear_read"][:, -1, _REST]),
            unit="%",
        ),
    )


def logistic_rests_at_half(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 30, from "at-rest": mean outputs, units away from rest, zeros of rectifiers."""
    logistic, rectifier, tanh = (at_rest.UNITS.index(n) for n in ("logistic", "rectifier", "tanh"))
    away = 100 * arrays["away"][0]
    tolerance = f"{arrays['tolerances'][0]:g}"
    layers = range(arrays["mean"].shape[-1])

    def each(what: str, values: np.ndarray, unit: str, region: tuple[float, float]) -> list[Part]:
        return [
            Part(
                what=f"{what}, hidden layer {layer + 1}",
                estimate=statistics.mean(values[:, layer]),
                unit=unit,
                region=region,
            )
            for layer in layers
        ]

    informing = (
        ("tanh units away from rest", away[tanh]),
        ("rectifier units away from rest", away[rectifier]),
        ("mean |output| of tanh, of its ceiling", 100 * arrays["mean_abs"][tanh]),
    )
    return (
        *each("mean output of logistic units", arrays["mean"][logistic], "1", (0.45, 0.55)),
        *each(f"logistic units more than {tolerance} from 0", away[logistic], "%", (100.0, 100.0)),
        *each("zeros of rectifiers", 100 * arrays["zero_fraction"][rectifier], "%", (48.0, 52.0)),
        *(
            Part(what=what, estimate=statistics.mean(values.mean(-1)), unit="%")
            for what, values in informing
        ),
    )


def footnote_3(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 31, from "responses": test error minus that of rectifiers with the same seed."""
    error: dict[str, np.ndarray] = dict(
        zip(responses.UNITS, 100 * arrays["test_error"], strict=True)
    )

    def more(name: str, *, required: bool) -> Part:
        return Part(
            what=f"test error of {name} minus that of the rectifier",
            estimate=statistics.mean(error[name] - error["rectifier"]),
            unit="points",
            region=(0.0, math.inf) if required else None,
        )

    return (
        more("rescaled-lif", required=True),
        more("rectified-tanh", required=True),
        more("tanh", required=False),
        more("absolute-tanh", required=False),
        Part(
            what="networks that diverged, of those reported",
            estimate=statistics.count(
                int((arrays["diverged"] >= 0).sum()), n=arrays["diverged"].size
            ),
            unit="1",
        ),
    )


def _working(arrays: Arrays) -> Bool[np.ndarray, "strengths seeds"]:
    """Which networks did not diverge and err on at most half of the examples."""
    return (arrays["diverged"] < 0) & (arrays["test_error"] < COLLAPSED)


def _ends(arrays: Arrays) -> tuple[int, int]:
    """The places of no penalty, and of the strongest with less than 85 % zeros on average."""
    zeros = 100 * arrays["zeros"].mean((1, 2))
    modest = np.flatnonzero((zeros < _NOT_TOO_SPARSE) & _working(arrays).all(1))
    return int(arrays["l1"].argmin()), int(modest[arrays["l1"][modest].argmax()])


def _lead(arrays: Arrays) -> Float[np.ndarray, "seeds layers"]:
    """R² of the class over that of principal components, with that penalty [points]."""
    _, with_most = _ends(arrays)
    return 100 * _over_components(arrays["read"][with_most], arrays["principal"])


def _slope(arrays: Arrays, layers: slice) -> statistics.Estimate:
    """Of class minus rest [points] on zeros [%], averaged over some layers, a point a network."""
    kept = _working(arrays)
    read = 100 * arrays["read"][kept][:, layers]
    zeros = 100 * arrays["zeros"][kept][:, layers].mean(-1)
    return statistics.slope(zeros, (read[..., _CLASS] - read[..., _REST]).mean(-1))


def _over_components(
    read: PerLayer, principal: Float[np.ndarray, "parts components_and_none"]
) -> Float[np.ndarray, "networks layers"]:
    """R² of the class minus that of as many principal components as give the same R² of all."""
    expected = np.interp(read[..., _ALL], principal[_ALL], principal[_CLASS])
    return read[..., _CLASS] - expected
