"""Is each unit of a code about one known factor of the input? The DCI scores, by random trees.

A forest learns each factor from the code; how much it uses each unit is the unit's importance for
that factor. The factors are classes, so that an angle or a name will do. The trees try every unit
at every split, with a threshold at random: then a code of the factors themselves gives a unit no
importance for any factor but its own, which forests that see few units at a split do not do.

References:
    eastwood2018 defines disentanglement, completeness and informativeness of importances;
    geurts2006 the trees.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

Code = Float[np.ndarray, "_ _"]  # [examples units]
Factors = Int[np.ndarray, "_ _"]  # [examples factors]
Importance = Float[np.ndarray, "units factors"]


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What forests make of a code.

    Attributes:
        importance: Of each unit for each factor [1]; the units' shares add up to 1.
        accuracy: Informativeness: how many of other examples a forest gives the right class of
            each factor [1].
    """

    importance: Importance
    accuracy: Float[np.ndarray, "factors"]

    @property
    def disentanglement(self) -> float:
        """See the function of that name [1]."""
        return disentanglement(self.importance)

    @property
    def completeness(self) -> float:
        """See the function of that name [1]."""
        return completeness(self.importance)


def disentanglement(importance: Importance) -> float:
    """How far each unit is about one factor: 1 for one only, 0 for all alike [1].

    1 minus the entropy of a unit's importances, in units of that of all factors alike; mean over
    the units, weighted by how important they are for anything at all.

    Args:
        importance: Of each unit for each factor, at least 0 [1].

    Returns:
        NaN where no unit is important.

    Raises:
        ValueError: If there are fewer than two factors, or an importance is negative or NaN.

    >>> disentanglement(np.array([[1.0, 0.0], [0.0, 1.0]]))
    1.0
    """
    _check(importance, axis=1, what="factors")
    return _one_sided(importance)


def completeness(importance: Importance) -> float:
    """How far each factor is in one unit: 1 for one only, 0 for all units alike [1].

    Args:
        importance: Of each unit for each factor, at least 0 [1].

    Returns:
        NaN where no unit is important.

    Raises:
        ValueError: If there are fewer than two units, or an importance is negative or NaN.
    """
    _check(importance, axis=0, what="units")
    return _one_sided(importance.T)


def score(
    fitting: tuple[Code, Factors],
    testing: tuple[Code, Factors],
    *,
    trees: int = 10,
    leaf: int = 5,
    seed: int = 0,
) -> Scores:
    """The importances and accuracies of one forest a factor.

    Args:
        fitting: Code [1] as [examples units] and factors as [examples factors] of what the forests
            learn from.
        testing: Those of other examples, which measure their accuracy.
        trees: In a forest.
        leaf: The fewest examples in a leaf of a tree.
        seed: Of the forests.

    Raises:
        ValueError: If codes and factors do not have the same examples, units and factors, or a
            code is not finite.
    """
    from sklearn.ensemble import ExtraTreesClassifier

    _check_codes(fitting, testing)
    columns, accuracy = [], []
    for factor, other in zip(fitting[1].T, testing[1].T, strict=True):
        forest = ExtraTreesClassifier(trees, random_state=seed)
        forest.set_params(max_features=None, min_samples_leaf=leaf)
        forest.fit(fitting[0], factor)
        columns.append(forest.feature_importances_)
        accuracy.append(np.mean(forest.predict(testing[0]) == other))
    return Scores(importance=np.stack(columns, axis=1), accuracy=np.array(accuracy))


def _one_sided(importance: Float[np.ndarray, "rows columns"]) -> float:
    """1 minus the entropy of each row over that of a uniform one; rows weighted by their sums."""
    totals = importance.sum(1)
    if totals.sum() == 0:
        return float("nan")
    used = importance[totals > 0]
    shares = used / used.sum(1, keepdims=True)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    one_sided = 1 + (shares * logs).sum(1) / np.log(importance.shape[1])
    return float(one_sided @ used.sum(1) / totals.sum())


def _check(importance: Importance, *, axis: int, what: str) -> None:
    """Raise about importances of which no entropy can be taken."""
    if importance.shape[axis] < 2:
        raise ValueError(
            f"The `importance` must be for two {what} or more. Got {importance.shape[axis]}."
        )
    if not (importance >= 0).all() or not np.isfinite(importance).all():
        raise ValueError("The `importance` must be finite and at least 0. Got other numbers.")


def _check_codes(fitting: tuple[Code, Factors], testing: tuple[Code, Factors]) -> None:
    """Raise about codes and factors that do not fit each other."""
    for name, (code, factors) in (("fitting", fitting), ("testing", testing)):
        if len(code) != len(factors) or not len(code):
            raise ValueError(
                f"The `{name}` must have a code and factors of the same examples. "
                f"Got {len(code)} codes and factors of {len(factors)}."
            )
        if not np.isfinite(code).all():
            raise ValueError(f"The `{name}` code must be finite. Got NaN or infinity.")
    shapes = [(code.shape[1], factors.shape[1]) for code, factors in (fitting, testing)]
    if shapes[0] != shapes[1]:
        raise ValueError(
            "The `fitting` and the `testing` examples must have the same units and factors. "
            f"Got {shapes[0]} and {shapes[1]}."
        )
