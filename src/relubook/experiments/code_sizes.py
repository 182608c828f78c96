"""How many units of a network are active for each input, and what that number goes with."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.experiments import picture_information
from relubook.experiments.rank_correlations import partial, spearman, within
from relubook.networks import MLP

_AT_ONCE = 500  # examples shown to all networks at a time


@torch.no_grad()
def active(network: MLP, x: Float[Tensor, "examples inputs"]) -> Int[np.ndarray, "models _ places"]:
    """How many units are not exactly zero, for each example.

    Args:
        network: One or more networks with at least one hidden layer.
        x: What all of them are shown, at least one example.

    Returns:
        [models examples places]: a place for each hidden layer, and for all of them together.

    Raises:
        ValueError: If there is nothing to count.
    """
    _refuse_nothing(network, x)
    blocks = []
    for part in x.to(network.stacked_layers()[0].weight).split(_AT_ONCE):
        hidden = network.hidden(part.expand(network.models, -1, -1))
        layers = torch.stack([(h != 0).sum(-1) for h in hidden], dim=-1)
        blocks.append(torch.cat([layers, layers.sum(-1, keepdim=True)], dim=-1))
    return torch.cat(blocks, dim=1).numpy(force=True)


@torch.no_grad()
def doubts(network: MLP, x: Float[Tensor, "examples inputs"]) -> Float[np.ndarray, "models _"]:
    """How unsure each network is of the class of each example [bit].

    Args:
        network: One or more networks.
        x: What all of them are shown.

    Returns:
        [models examples].
    """
    parts = x.to(network.stacked_layers()[0].weight).split(_AT_ONCE)
    found = [
        picture_information.doubt(network(part.expand(network.models, -1, -1))) for part in parts
    ]
    return torch.cat(found, dim=1).numpy(force=True)


def goes_with(
    sizes: Int[np.ndarray, "seeds examples places"],
    measures: Sequence[Float[np.ndarray, "... examples"]],
    ink: Float[np.ndarray, "examples"],
    classes: Int[np.ndarray, "examples"],
) -> dict[str, Float[np.ndarray, "seeds measures places"]]:
    """Correlations of code sizes with what pictures hold.

    Args:
        sizes: Active units.
        measures: Of each example, for all networks or for each.
        ink: Of each example [pixel].
        classes: Of each example.

    Returns:
        `spearman`, `given_ink` and `within_class`, as in a result.
    """
    rows = np.moveaxis(sizes, -1, 1).astype(float)  # [seeds places examples]
    columns = [np.atleast_2d(values)[:, None] for values in measures]
    tables = {
        "spearman": [spearman(rows, values) for values in columns],
        "given_ink": [partial(rows, values, ink) for values in columns],
        "within_class": [within(rows, values, classes) for values in columns],
    }
    return {name: np.stack(table, axis=1) for name, table in tables.items()}


def tenths(
    values: Float[np.ndarray, "examples"], sizes: Float[np.ndarray, "*seeds examples"], *, many: int
) -> tuple[Float[np.ndarray, "many"], Float[np.ndarray, "*seeds many"]]:
    """The mean of a measure and of sizes in equal groups of examples, the lowest measure first.

    Args:
        values: A measure of each example.
        sizes: Active units.
        many: How many groups; at most as many as examples.
    """
    groups = np.array_split(np.argsort(values, kind="stable"), many)
    means = [sizes[..., group].mean(axis=-1) for group in groups]
    return np.array([values[group].mean() for group in groups]), np.stack(means, axis=-1)


def _refuse_nothing(network: MLP, x: Tensor) -> None:
    """Raise if there is no unit or no example."""
    if network.depth < 1:
        raise ValueError("The `network` must have a hidden layer. Got none.")
    if len(x) < 1:
        raise ValueError("The `x` must hold at least 1 example. Got none.")
