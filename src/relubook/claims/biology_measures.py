"""What the claims about neurons measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.response_fits import FAMILIES

_HERTZ, _RELATIVE, _RESIDUAL = 1.0, 0.02, 10.0  # Hz; of the rate; % of the largest rate
_WORKING, _WHOLE = 0, 1  # ranges


def figure_1(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 19, from "figure-1": the paper's points and the spikes, against the formula."""
    distance = np.abs(arrays["formula_rate"] - arrays["point_rate"])
    worst = np.abs(arrays["error"]).max(1)
    noisy = arrays["noisy_rate"] - arrays["noisy_formula"][..., None]
    return (
        _all(f"points of the paper within {_HERTZ:g} Hz of the formula", distance <= _HERTZ),
        _all(
            f"random neurons whose spikes are within {100 * _RELATIVE:g} % of the formula",
            worst <= _RELATIVE,
        ),
        Part(
            what="distance of a point of the paper from the formula",
            estimate=statistics.mean(distance),
            unit="Hz",
        ),
        *(
            Part(
                what=f"spikes minus the formula, {1e3 * level:g} mV of noise",
                estimate=statistics.mean(values.mean(0)),
                unit="Hz",
            )
            for level, values in zip(arrays["noise"], noisy, strict=True)
        ),
    )


def working_range(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 29, from "working-range": the rectifier's residual, and what it is compared with."""
    off = {
        family: arrays["random_residual"][..., place] for place, family in enumerate(FAMILIES)
    }  # [neurons ranges levels] each
    rectifier = off["rectifier"][:, :, 0]
    working = rectifier[:, _WORKING]
    noise = 1e3 * arrays["random_noise"][-1]
    return (
        _percent("residual of the rectifier, working range", working, region=(0.0, _RESIDUAL)),
        _percent(
            "residual over the whole range minus that in the working range",
            rectifier[:, _WHOLE] - working,
            region=(0.0, math.inf),
        ),
        *(
            _percent(
                f"residual of {words} minus that of the rectifier, working range",
                off[family][:, _WORKING, 0] - working,
                region=(0.0, math.inf),
            )
            for family, words in (("tanh", "a tanh"), ("logistic", "a logistic curve"))
        ),
        _percent("residual of the rectifier, whole range", rectifier[:, _WHOLE]),
        _percent("residual of a tanh, whole range", off["tanh"][:, _WHOLE, 0]),
        _percent(
            "residual of the rescaled LIF curve, working range", off["rescaled LIF"][:, _WORKING, 0]
        ),
        _percent(
            f"residual of the rectifier, working range, {noise:g} mV of noise",
            off["rectifier"][:, _WORKING, -1],
        ),
        _percent(
            f"random neurons with a residual of at most {_RESIDUAL:g} %, working range",
            100.0 * (working <= _RESIDUAL),
        ),
        _percent(
            "random neurons for which a logistic curve is closer, working range",
            100.0 * (off["logistic"][:, _WORKING, 0] < working),
        ),
    )


def _all(what: str, found: np.ndarray) -> Part:
    """How many there are; required is every one."""
    number = int(found.sum())
    return Part(
        what=what,
        estimate=statistics.count(number, n=len(found)),
        unit="1",
        region=(float(len(found)), math.inf),
    )


def _percent(
    what: str, values: Float[np.ndarray, "neurons"], *, region: tuple[float, float] | None = None
) -> Part:
    """The mean over neurons."""
    return Part(what=what, estimate=statistics.mean(values), unit="%", region=region)
