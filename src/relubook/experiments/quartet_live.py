"""The four activations for a live cell: five networks each, on the embedded digits, in seconds."""

from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import datasets
from relubook.experiments import code_changes
from relubook.experiments.quartet import Group, QuartetConfig, settings
from relubook.experiments.sweep import open_data

CONFIG = replace(QuartetConfig(**settings("laptop")), seeds=(0, 1, 2, 3, 4))

_REACH = 0.1  # standard deviations of a unit, as in the experiment "small-changes"


def digits() -> datasets.Dataset:
    """The examples that `CONFIG` names."""
    return open_data(CONFIG.data, CONFIG.train_examples)[0]


@torch.no_grad()
def moved(
    group: Group, before: Float[Tensor, "examples inputs"], after: Float[Tensor, "examples inputs"]
) -> Float[np.ndarray, "seeds"]:
    """The share of a group's hidden code that moves when its inputs do, mean over layers [1].

    Args:
        group: Networks, one a seed.
        before: Inputs as they are.
        after: The same inputs, changed.

    Returns:
        One number a network; an entry moves if it changes by more than a tenth of its unit's
        standard deviation over the unchanged inputs.
    """
    models = group.network.models
    first, _ = code_changes.answers(group.network, before.expand(models, -1, -1))
    second, _ = code_changes.answers(group.network, after.expand(models, -1, -1))
    pairs = zip(first, second, strict=True)
    return np.mean([code_changes.measure(*pair, reach=_REACH)["moved"] for pair in pairs], axis=0)
