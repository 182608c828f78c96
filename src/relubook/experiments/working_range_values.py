"""What the experiment "working-range" finds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook.experiments.response_fits import FAMILIES, response

RANGES = ("working range", "whole range")
_SIMPLE = FAMILIES.index("rescaled LIF")  # those before it are not the neuron's own curve


@dataclass(frozen=True, kw_only=True)
class Result:
    """Fits over the curve of Figure 1's neuron, and how far off they are for random neurons.

    Residuals are root mean square distances in percent of the largest rate in the range.

    Attributes:
        working_current: [nA].
        working_rate: Of Figure 1's neuron [Hz].
        whole_current: [nA].
        whole_rate: Of the same [Hz].
        noise: Standard deviations of its voltage [V].
        parameters: a, b [nA] and k [1/nA] as `response_fits.response` takes them; NaN where a
            family has no k.
        residual: Of its fits [%].
        reach: Upper ends of ranges that begin where the working range does [nA].
        reach_residual: Of fits in these ranges, without noise [%].
        random_noise: Standard deviations of the voltage of the random neurons [V].
        random_residual: Of the fits over the curves of random neurons [%].
        data: Name, sha256 and source of the data.
    """

    working_current: Float[np.ndarray, "working"]
    working_rate: Float[np.ndarray, "levels working"]
    whole_current: Float[np.ndarray, "whole"]
    whole_rate: Float[np.ndarray, "levels whole"]
    noise: Float[np.ndarray, "levels"]
    parameters: Float[np.ndarray, "ranges levels families 3"]
    residual: Float[np.ndarray, "ranges levels families"]
    reach: Float[np.ndarray, "reaches"]
    reach_residual: Float[np.ndarray, "reaches families"]
    random_noise: Float[np.ndarray, "random_levels"]
    random_residual: Float[np.ndarray, "neurons ranges random_levels families"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in self.__annotations__ if name != "data"}

    def fitted(
        self, place: int, level: int, family: str, current_nA: Float[np.ndarray, "*currents"]
    ) -> Float[np.ndarray, "*currents"]:
        """A fitted curve of Figure 1's neuron [Hz].

        Args:
            place: Of the range in `RANGES`.
            level: Of the noise.
            family: One of `FAMILIES`.
            current_nA: [nA].
        """
        a, b, k = self.parameters[place, level, FAMILIES.index(family)].tolist()
        given = {"a": a, "b": b} | ({} if np.isnan(k) else {"k": k})
        return response(family, given, current_nA)

    def best(self, place: int, level: int = 0) -> str:
        """The family with the smallest residual; of equals, the one with fewer parameters.

        The rescaled LIF curve, which is the neuron's own, is left out.
        """
        return FAMILIES[int(self.residual[place, level, :_SIMPLE].round(2).argmin())]

    def overtaken(self) -> float:
        """The upper end from which on another curve always fits better than a rectifier [nA]."""
        (best,) = np.nonzero(self.reach_residual[:, :_SIMPLE].round(2).argmin(1) == 0)
        after = best[-1] + 1 if len(best) else 0
        return float(self.reach[after]) if after < len(self.reach) else np.inf
