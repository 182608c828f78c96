"""Do two numbers rise together? Correlations of ranks: plain, given a third, and within classes.

What cannot be told (a number that never changes, or follows from the third) is NaN.
"""

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray

_SAME = 1e-9  # what is left of a number that another determines, but for rounding


def spearman(
    x: Float[np.ndarray, "*rows examples"], y: Float[np.ndarray, "... _"]
) -> NDArray[np.float64]:
    """Spearman's correlation of each row of x with each row of y; equals share their mean rank.

    Args:
        x: Rows of numbers.
        y: Rows of numbers, as many or broadcast; of the same examples.

    Returns:
        [*rows] in -1..1 [1].

    Raises:
        ValueError: If the numbers of examples differ.

    >>> spearman(np.array([[1.0, 2.0, 3.0]]), np.array([90.0, 40.0, 10.0])).round(3)
    array([-1.])
    """
    _check(x, y)
    return _products(_scores(x), _scores(y))


def partial(
    x: Float[np.ndarray, "*rows examples"],
    y: Float[np.ndarray, "... _"],
    given: Float[np.ndarray, "... _"],
) -> NDArray[np.float64]:
    """What is left of Spearman's correlation where a third number is held: of ranks, linearly.

    Args:
        x: Rows of numbers.
        y: Rows of numbers, as many or broadcast.
        given: The number that is held.

    Returns:
        [*rows] in -1..1 [1].

    Raises:
        ValueError: If the numbers of examples differ.
    """
    _check(x, y, given)
    first, second, third = (_scores(values) for values in (x, y, given))
    along, across = _products(first, third), _products(second, third)
    left = (1 - along**2) * (1 - across**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (_products(first, second) - along * across) / np.sqrt(left)
    return np.where(left > _SAME, found, np.nan)


def within(
    x: Float[np.ndarray, "*rows examples"],
    y: Float[np.ndarray, "... _"],
    classes: Int[np.ndarray, "examples"],
) -> NDArray[np.float64]:
    """The mean over classes of Spearman's correlation among examples of one class.

    Args:
        x: Rows of numbers.
        y: Rows of numbers, as many or broadcast.
        classes: Of each example.

    Returns:
        [*rows] in -1..1 [1]; classes in which nothing can be told are left out.

    Raises:
        ValueError: If the numbers of examples differ.
    """
    _check(x, y, classes)
    names, counts = np.unique(classes, return_counts=True)
    each = [spearman(x[..., classes == c], y[..., classes == c]) for c in names[counts > 1]]
    if not each:
        return np.full(np.broadcast_shapes(x.shape[:-1], y.shape[:-1]), np.nan)
    found = np.stack(each)
    told = np.isfinite(found).sum(axis=0)
    return np.where(told > 0, np.nansum(found, axis=0) / np.maximum(told, 1), np.nan)


def _scores(values: np.ndarray) -> NDArray[np.float64]:
    """Ranks around 0 with a sum of squares of 1; NaN where all are equal."""
    from scipy.stats import rankdata  # half a second to import, which every notebook would wait for

    ranks = rankdata(values, axis=-1)
    ranks = ranks - ranks.mean(axis=-1, keepdims=True)
    size = np.sqrt(np.square(ranks).sum(axis=-1, keepdims=True))
    return np.where(size > 0, ranks / np.where(size > 0, size, 1.0), np.nan)


def _products(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scalar product of each row of one with the row of the other."""
    return np.asarray((x * y).sum(axis=-1))


def _check(*values: np.ndarray) -> None:
    """Raise if the rows are of different examples, or of too few."""
    counts = [array.shape[-1] if array.ndim else 0 for array in values]
    if len(set(counts)) > 1 or counts[0] < 2:
        words = " and ".join(str(count) for count in counts)
        raise ValueError(f"Ranks need the same examples in every row, at least 2. Got {words}.")
