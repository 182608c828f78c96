"""One pass over the training examples, each network in its own order."""

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import graphs, seeds, sparse_batches, steps
from relubook.networks import MLP
from relubook.resident import Resident


def run_epoch(
    network: MLP,
    examples: Resident,
    *,
    learning_rate: Float[Tensor, "models"],
    l1: Float[Tensor, "models"],
    order_seeds: Sequence[int],
    batch_size: int,
    step: str,
    epoch: int,
) -> Float[Tensor, "models"]:
    """Train each model on every whole mini-batch once; nothing waits for the device meanwhile.

    Args:
        network: The models; their weights are changed.
        examples: What they learn from.
        learning_rate: Of each model [1].
        l1: Penalty of each model [1].
        order_seeds: Decides the order in which each model sees the examples.
        batch_size: Examples a step.
        step: A name in `steps.STEPS`.
        epoch: The number of the pass; each has its own order.

    Returns:
        Mean cross-entropy over the steps [nat].
    """
    weight = network.stacked_layers()[0].weight
    # A copy, since it is set to 0 for a while below.
    rate, penalty = (v.to(weight).view(-1, 1, 1) for v in (learning_rate.clone(), l1))
    total, train = weight.new_zeros(network.models), steps.STEPS[step]
    # The same buffers for every step: new memory costs more than filling it.
    targets = weight.new_empty(network.models, batch_size, network.sizes[-1])
    inputs = _inputs(network, examples, batch_size)

    def advance_by(rows: Int[Tensor, "rows"], /) -> None:
        examples.take_classes(rows, targets.flatten(0, 1))
        total.add_(train(network, inputs(rows), targets, rate, penalty))

    advance: graphs.Advance = advance_by
    batches = draw_batches(order_seeds, len(examples), batch_size, epoch).to(weight.device)
    if graphs.worthwhile(network) and not sparse_batches.is_sparse(examples.x):
        wanted = rate.clone()
        rate.zero_()
        advance = graphs.captured(advance_by, batches[0])
        rate.copy_(wanted)
        total.zero_()
    for rows in batches:
        advance(rows)
    return total / len(batches)


def _inputs(
    network: MLP, examples: Resident, batch_size: int
) -> Callable[[Int[Tensor, "rows"]], Float[Tensor, "models batch inputs"]]:
    """What gives the inputs of a mini-batch: sparse rows as they are, others in one buffer."""
    if sparse_batches.is_sparse(examples.x):
        return lambda rows: sparse_batches.take(examples.x, rows.view(-1, batch_size))
    x = examples.one_hot.new_empty(network.models, batch_size, network.sizes[0])

    def fill(rows: Int[Tensor, "rows"]) -> Float[Tensor, "models batch inputs"]:
        examples.take_inputs(rows, x.flatten(0, 1))
        return x

    return fill


def draw_batches(
    order_seeds: Sequence[int], examples: int, batch_size: int, epoch: int, purpose: str = "order"
) -> Int[Tensor, "steps rows"]:
    """The rows of each step, those of the first model first: each has its own permutation."""
    orders = torch.stack(
        [
            torch.randperm(examples, generator=seeds.stream(seed, purpose, epoch))
            for seed in order_seeds
        ]
    )
    whole = examples // batch_size
    rows = orders[:, : whole * batch_size].view(len(orders), whole, batch_size)
    return rows.transpose(0, 1).reshape(whole, -1)
