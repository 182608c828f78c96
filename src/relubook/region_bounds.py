"""How many linear regions a rectifier network can have, and how many it has to be expected to have.

All three count in the space of the inputs. For a plane through that space, the inputs are 2.
"""

import math
from collections.abc import Sequence


def most(sizes: Sequence[int]) -> int:
    """An upper bound for the number of regions: over hidden layers the product of sum_j C(n_l, j).

    In each region of the layers before, the units of layer l are affine functions of at most
    d = min(n_0, ..., n_l) independent directions, so n_l hyperplanes in d dimensions cut it into
    at most the sum of C(n_l, j) over j = 0..d parts. Each layer can do no more than that to each of
    the regions before it, hence the product.

    Args:
        sizes: Numbers of inputs, of units per hidden layer, and of outputs.

    Returns:
        The bound; with one hidden layer it is reached by hyperplanes in general position.

    Raises:
        ValueError: If a size is below 1, or inputs and outputs are missing.

    References:
        montufar2017 (the product), zaslavsky1975 (one layer).

    >>> most((2, 3, 1))
    7
    """
    inputs, *hidden = _checked(sizes)[:-1]
    count, directions = 1, inputs
    for units in hidden:
        directions = min(directions, units)
        count *= _parts(units, directions)
    return count


def constructed(sizes: Sequence[int]) -> int:
    """A number of regions that some network of these sizes is known to have.

    All layers but the last fold the space: with n_0 inputs, n_l units fold each of them
    floor(n_l / n_0) times, so that all pieces lie on one another; the last layer cuts that one
    piece, and thereby all of them. Inputs beyond the narrowest folding layer are left unused.

    Args:
        sizes: Numbers of inputs, of units per hidden layer, and of outputs.

    Returns:
        A lower bound for the largest number of regions.

    Raises:
        ValueError: If a size is below 1, or inputs and outputs are missing.

    References:
        montufar2014, theorem 5.

    >>> constructed((2, 4, 4, 1))  # four pieces, each cut into eleven
    44
    """
    inputs, *hidden = _checked(sizes)[:-1]
    if not hidden:
        return 1
    *folding, last = hidden
    directions = min([inputs, *folding])
    folds = math.prod((units // directions) ** directions for units in folding)
    return folds * _parts(last, directions)


def expected(neurons: int, inputs: int) -> float:
    """About how many regions a network has in the whole space when its weights are drawn: N^n / n!.

    However its units are arranged in layers: the formula knows their number only.

    Args:
        neurons: Hidden units of all layers, N.
        inputs: Dimensions of the space, n.

    Returns:
        A number that is small beside what depth could do.

    Raises:
        ValueError: If there are no inputs, or fewer than 0 neurons.

    References:
        hanin2019b.

    >>> expected(96, 2)
    4608.0
    """
    if inputs < 1 or neurons < 0:
        raise ValueError(f"At least 1 input and 0 neurons are needed. Got {inputs} and {neurons}.")
    return neurons**inputs / math.factorial(inputs)


def _parts(hyperplanes: int, dimensions: int) -> int:
    """Into how many parts hyperplanes in general position cut a space."""
    return sum(math.comb(hyperplanes, j) for j in range(dimensions + 1))


def _checked(sizes: Sequence[int]) -> Sequence[int]:
    """The sizes, or a sentence about what is wrong with them."""
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(
            f"The `sizes` must be inputs, hidden layers and outputs, each at least 1. "
            f"Got {tuple(sizes)}."
        )
    return sizes
