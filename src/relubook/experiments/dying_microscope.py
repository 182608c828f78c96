"""One unit that dies and one that comes back, look by look.

They are chosen by a rule that was written before the run: among the settings that differ in their
learning rate only and in which no network diverged, in the network of the first seed, beginning
with the largest rate. The unit that dies is dead at the end, is of the lowest layer that has such
units and, of those, the one that at some look answered most of the examples; the unit that revives
was alive, dead and is alive again, and answers most of the examples at the end. Of equals the
first.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from relubook import gradients
from relubook.datasets import Split
from relubook.experiments.dying_values import WATCHED
from relubook.networks import MLP

REACH = 200.0  # of the bins; beyond lies in the outermost ones
BINS = 80
EDGES: Float[np.ndarray, "81"] = np.sinh(np.linspace(-1, 1, BINS + 1) * np.arcsinh(REACH))
"""Even near 0, logarithmic far from it."""

Gates = Float[np.ndarray, "moments layers units"]
Place = tuple[int, int, int]


def choose(
    gates: Float[np.ndarray, "settings moments layers units"], settings: Sequence[int]
) -> list[Place | None]:
    """Setting, layer and unit of each kind of `WATCHED`, by the rule above.

    Args:
        gates: Share of the examples that activate each unit of the first seed's networks [1].
        settings: The places of those that may be chosen, the first choice first.
    """
    return [
        next(
            ((at, *place) for at in settings if (place := _best(gates[at], kind)) is not None), None
        )
        for kind in WATCHED
    ]


def _best(gates: Gates, kind: str) -> tuple[int, int] | None:
    """Layer and unit of one kind in one network, or None."""
    alive = gates > 0
    if kind == "dies":
        fits, merit = ~alive[-1] & alive.any(0), gates.max(0)
        fits[int(fits.any(1).argmax()) + 1 :] = False
    else:
        fits, merit = alive[-1] & (alive[:-1] & ~alive[1:]).any(0), gates[-1]
    if not fits.any():
        return None
    layer, unit = np.unravel_index(np.where(fits, merit, -1).argmax(), fits.shape)
    return int(layer), int(unit)


def magnify(
    kept: Sequence[list[Tensor]], network: MLP, examples: Split, layer: int, unit: int
) -> dict[str, np.ndarray]:
    """What becomes of one unit: a row of `histogram`, `gradient`, `bias` and `largest`.

    Args:
        kept: Parameters of one model at each look.
        network: Of which they are.
        examples: Shown at every look.
        layer: Hidden layer of the unit, from 0.
        unit: Its place there.
    """
    rows = [_look(_with(network, weights), examples, layer, unit) for weights in kept]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def _look(network: MLP, examples: Split, layer: int, unit: int) -> dict[str, np.ndarray]:
    """One look at one unit of a single network."""
    stacked = network.stacked_layers()
    x = examples.x.to(stacked[0].weight)
    seen = gradients.per_unit(network, x, examples.y.to(x.device))[layer]
    before, gradient = seen.before[0, :, unit].double(), seen.by_input[0, :, unit].double()
    return {
        "histogram": _counts(before.numpy(force=True)),
        "gradient": gradient.abs().mean().numpy(force=True),
        "bias": stacked[layer].bias[0, 0, unit].double().numpy(force=True),
        "largest": before.max().numpy(force=True),
    }


def _counts(values: Float[np.ndarray, "examples"]) -> Int[np.ndarray, "bins"]:
    """How many values lie in each bin; those beyond the reach count in the outermost."""
    inside = np.clip(values, EDGES[0], EDGES[-1])
    return np.histogram(inside, EDGES)[0].astype(np.int64)


def _with(network: MLP, weights: list[Tensor]) -> MLP:
    """A network of one model with these parameters."""
    one = MLP(network.sizes, seeds=network.seeds[:1])
    for parameter, values in zip(one.parameters(), weights, strict=True):
        parameter.data = values.clone()
    return one
