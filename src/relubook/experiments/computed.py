"""Experiments that need no data set: what they compute follows from a formula and a seed."""

import hashlib
from typing import Any


def own_data(experiment: str, own: str, asked: str | None) -> str:
    """The word that stands for the data of an experiment that has none.

    Args:
        experiment: Its name.
        own: The word, such as `lif`.
        asked: What the user asked for; None is the usual case.

    Raises:
        ValueError: If another data set was asked for.
    """
    if asked not in (None, own):
        raise ValueError(
            f"The experiment {experiment} is computed from formulas and takes no data set. "
            f"Got {asked!r}; leave it out."
        )
    return own


def passport(own: str) -> dict[str, Any]:
    """The line about data in the passport of such an experiment."""
    sha256 = hashlib.sha256(own.encode()).hexdigest()
    return {"name": own, "sha256": sha256, "source": "computed", "train_examples": 0}
