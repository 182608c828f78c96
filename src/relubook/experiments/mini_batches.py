"""Mini-batches without an end, each network's in its own order and, if wanted, of its own examples.

For experiments that count steps instead of epochs. The order is that of `training.train`.
"""

import itertools
from collections.abc import Iterator, Sequence

from jaxtyping import Bool, Float, Int
from torch import Tensor, stack

from relubook.datasets import Dataset
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.resident import Resident


def mini_batches(
    network: MLP,
    data: Dataset,
    batch_size: int,
    *,
    order_seeds: Sequence[int] | None = None,
    rows_of: Int[Tensor, "models examples"] | None = None,
) -> Iterator[tuple[Float[Tensor, "models batch inputs"], Float[Tensor, "models batch classes"]]]:
    """Inputs and one-hot classes, step by step; the same two tensors, filled anew each time.

    Args:
        network: Says how many models there are, their precision and their device.
        data: Its training split is what they learn.
        batch_size: Examples a step; the last incomplete batch of an epoch is left out.
        order_seeds: Of the orders; those of the network if not given.
        rows_of: The training examples that each model has for itself; all of them if not given.
    """
    weight = network.stacked_layers()[0].weight
    examples = Resident.of(data.train, data.outputs, dtype=weight.dtype, device=weight.device)
    x, targets = (
        weight.new_empty(network.models, batch_size, network.sizes[end]) for end in (0, -1)
    )
    order_seeds = network.seeds if order_seeds is None else order_seeds
    available = len(examples) if rows_of is None else rows_of.shape[1]
    for epoch in itertools.count():
        for rows in draw_batches(order_seeds, available, batch_size, epoch):
            own = rows if rows_of is None else rows_of.gather(1, rows.view(len(rows_of), -1))
            examples.take(own.flatten().to(weight.device), x.flatten(0, 1), targets.flatten(0, 1))
            yield x, targets


def finite(network: MLP) -> Bool[Tensor, "models"]:
    """Which models have no weight that is infinite or not a number."""
    return stack([p.detach().flatten(1).isfinite().all(1) for p in network.parameters()]).all(0)
