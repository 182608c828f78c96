"""What happened during training: a few numbers per epoch and model, measured on held-out data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import sparse_batches, sparsity
from relubook.datasets import Dataset, Split
from relubook.networks import MLP

Judge = Callable[[MLP, Split], Float[Tensor, "models"]]

_EXAMPLES_AT_ONCE = 1000
_NUMBERS_AT_ONCE = 1 << 28  # activations of one layer, all models together: 1 GB


@dataclass(frozen=True, kw_only=True)
class History:
    """A run, epoch by epoch. A network that diverged has NaN from that epoch on.

    Attributes:
        loss: Mean cross-entropy while training [nat].
        validation_error: Share of wrong classes on the validation split [1], or whatever the
            judge of the run gave.
        test_error: The same on the test split [1].
        zero_fraction: Exact zeros among a layer's activations, on the test split [1].
        dead: Share of each layer's units that no test example activates [1].
        best_epoch: The epoch of lowest validation error, the first of equals; -1 if there is none.
        diverged: The epoch in which the cost stopped being finite; -1 if it never did.
    """

    loss: Float[np.ndarray, "epochs models"]
    validation_error: Float[np.ndarray, "epochs models"]
    test_error: Float[np.ndarray, "epochs models"]
    zero_fraction: Float[np.ndarray, "epochs layers models"]
    dead: Float[np.ndarray, "epochs layers models"]
    best_epoch: Int[np.ndarray, "models"]
    diverged: Int[np.ndarray, "models"]

    def at_best(self, name: str) -> Float[np.ndarray, "*layers models"]:
        """One quantity at each model's best validation epoch (NaN where there is none).

        Args:
            name: `test_error`, `zero_fraction`, ...
        """
        values = getattr(self, name)
        models = np.arange(values.shape[-1])
        chosen = values[np.maximum(self.best_epoch, 0), ..., models]
        chosen[self.best_epoch < 0] = np.nan
        return np.moveaxis(chosen, 0, -1)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One epoch's numbers for some models; the fields are those of `History`."""

    loss: Float[Tensor, "models"]
    validation_error: Float[Tensor, "models"]
    test_error: Float[Tensor, "models"]
    zero_fraction: Float[Tensor, "layers models"]
    dead: Float[Tensor, "layers models"]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name, in float64."""
        return {f.name: getattr(self, f.name).double().numpy(force=True) for f in fields(self)}


def measure(
    network: MLP, dataset: Dataset, loss: Float[Tensor, "models"], judge: Judge | None = None
) -> Measurement:
    """Errors on both held-out splits; zeros and dead units on the test split.

    Args:
        network: The models.
        dataset: With both splits.
        loss: Of the epoch before [nat].
        judge: What is to be low on a split; `error` if None.
    """
    test_error, zeros, dead = evaluate(network, dataset.test)
    judged = judge or error
    return Measurement(
        loss=loss,
        validation_error=judged(network, dataset.validation),
        test_error=test_error if judge is None else judge(network, dataset.test),
        zero_fraction=zeros,
        dead=dead,
    )


@torch.no_grad()
def error(network: MLP, split: Split) -> Float[Tensor, "models"]:
    """The share of wrong classes of each model on a split [1]."""
    wrong = sum(_wrong(hidden, network, y) for hidden, y in answers(network, split))
    return torch.as_tensor(wrong).double() / len(split)


@torch.no_grad()
def evaluate(
    network: MLP, split: Split
) -> tuple[Float[Tensor, "models"], Float[Tensor, "layers models"], Float[Tensor, "layers models"]]:
    """Error, zeros and dead units of each model on a split.

    Returns:
        Share of wrong classes [models], of exact zeros [layers models] and of units that no
        example activates [layers models], all [1].
    """
    weight = network.stacked_layers()[0].weight
    wrong = torch.zeros(network.models, dtype=torch.int64, device=weight.device)
    zeros = torch.zeros(network.depth, network.models, dtype=torch.float64, device=weight.device)
    silent: list[Tensor] = []
    for hidden, y in answers(network, split):
        wrong += _wrong(hidden, network, y)
        for layer, h in enumerate(hidden[1:]):
            zeros[layer] += sparsity.zero_fraction(h) * (len(y) / len(split))
        dead_here = [sparsity.dead_units(h) for h in hidden[1:]]
        silent = [a & b for a, b in zip(silent, dead_here, strict=True)] if silent else dead_here
    dead = [layer.to(weight.dtype).mean(-1) for layer in silent]
    return wrong.double() / len(split), zeros, torch.stack(dead) if dead else zeros


def answers(network: MLP, split: Split) -> Iterator[tuple[list[Tensor], Tensor]]:
    """Inputs and hidden activations, layer by layer, and the classes, some examples at a time.

    Sparse rows stay sparse.

    Args:
        network: The models.
        split: Examples, the same for all models.
    """
    weight = network.stacked_layers()[0].weight
    most = _NUMBERS_AT_ONCE // (network.models * max(network.sizes[1:]))
    at_once = max(1, min(_EXAMPLES_AT_ONCE, most))
    whole = sparse_batches.like(split.x, weight) if sparse_batches.is_sparse(split.x) else split.x
    for start in range(0, len(split), at_once):
        if sparse_batches.is_sparse(whole):
            rows = torch.arange(start, min(start + at_once, len(split)))
            x = sparse_batches.take(whole, rows.expand(network.models, -1))
        else:
            x = whole[start : start + at_once].to(weight).expand(network.models, -1, -1)
        yield [x, *network.hidden(x)], split.y[start : start + at_once].to(weight.device)


def _wrong(hidden: list[Tensor], network: MLP, y: Int[Tensor, "examples"]) -> Int[Tensor, "models"]:
    """How many examples each model gives another class."""
    return (network.layers[-1](hidden[-1]).argmax(-1) != y).sum(-1)
