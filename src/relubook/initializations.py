"""Three ways to draw a layer's first weights: uniform numbers, each from its own range.

What differs is how far the size of a signal is kept from layer to layer. A rectifier lets half of
it through: Glorot's range then loses half of the mean square in every layer, He's range makes up
for it, and torch's default keeps a sixth.
"""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, kw_only=True)
class Initialization:
    """Where weights and biases come from: U(-range, range).

    Attributes:
        name: As `MLP` takes it.
        weights: The range of the weights [1] from the numbers of inputs and outputs.
        biases: The range of the biases [1] from the same two numbers; 0 sets them to zero.
    """

    name: str
    weights: Callable[[int, int], float]
    biases: Callable[[int, int], float]


def glorot(inputs: int, outputs: int) -> float:
    """sqrt(6 / (inputs + outputs)): a compromise between keeping activations and gradients.

    References:
        glorot2010, eq. 16, for units that are antisymmetric; the authors' public code of October
        2010 takes it for every unit.

    >>> glorot(3, 3)
    1.0
    """
    return (6 / (inputs + outputs)) ** 0.5


def he(inputs: int, outputs: int) -> float:
    """sqrt(6 / inputs): a variance of 2 / inputs, so that rectifiers keep the mean square.

    References:
        he2015, eq. 10, there with a normal distribution of the same variance.

    >>> he(6, 100)
    1.0
    """
    return (6 / inputs) ** 0.5


def of_torch(inputs: int, outputs: int) -> float:
    """1 / sqrt(inputs), the default of `torch.nn.Linear`: a variance of 1 / (3 inputs).

    >>> of_torch(4, 100)
    0.5
    """
    return inputs**-0.5


def zero(inputs: int, outputs: int) -> float:
    """No range at all."""
    return 0.0


INITIALIZATIONS: dict[str, Initialization] = {
    "glorot": Initialization(name="glorot", weights=glorot, biases=zero),
    "he": Initialization(name="he", weights=he, biases=zero),
    "torch": Initialization(name="torch", weights=of_torch, biases=of_torch),
}


def get(name: str) -> Initialization:
    """The initialization of that name.

    Raises:
        ValueError: If there is none; the nearest name is suggested.

    >>> get("he").name
    'he'
    """
    if name in INITIALIZATIONS:
        return INITIALIZATIONS[name]
    near = get_close_matches(name, INITIALIZATIONS, n=1, cutoff=0) or ["glorot"]
    raise ValueError(
        f"There is no initialization {name!r}. Did you mean {near[0]!r}? "
        f"Known: {', '.join(INITIALIZATIONS)}."
    )
