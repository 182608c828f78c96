"""What a layer receives while it is pretrained, and what it is to restore.

Of dense examples it is worked out once, for all examples and every model. Sparse rows are never
made dense as a whole: what the layers above them receive is worked out again for each mini-batch,
which costs a step through the layers below and saves a gigabyte for 60,000 reviews.
"""

from collections.abc import Iterator

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import sparse_batches
from relubook.networks import MLP

Pair = tuple[Float[Tensor, "models batch _"], Float[Tensor, "models batch _"]]


class Held:
    """Inputs of a layer for every example, worked out once.

    Attributes:
        x: What each model's layer receives [1].
        target: What it restores [1]; the same tensor if that is the same.
    """

    def __init__(
        self, network: MLP, position: int, x: Float[Tensor, "examples inputs"], *, before: bool
    ) -> None:
        """What the layers below put out for dense examples.

        Args:
            network: The models.
            position: Of the layer, from 0 on.
            x: Examples [1].
            before: Whether it is to restore pre-activations.
        """
        self.x, self.target = _through(network, position, x.expand(network.models, -1, -1), before)
        self.x = self.x.contiguous()
        self.target = self.target if before and position else self.x
        self._buffers: Pair | None = None

    def __len__(self) -> int:
        """How many examples there are."""
        return self.x.shape[1]

    def take(self, rows: Int[Tensor, "models batch"]) -> Pair:
        """A mini-batch of each model; the same two tensors every time, filled anew."""
        models, examples, inputs = self.x.shape
        if self._buffers is None or self._buffers[0].shape[1] != rows.shape[1]:
            x = self.x.new_empty(models, rows.shape[1], inputs)
            self._buffers = x, x if self.target is self.x else torch.empty_like(x)
        x, target = self._buffers
        own = (rows + torch.arange(models).view(-1, 1) * examples).flatten().to(self.x.device)
        torch.index_select(self.x.flatten(0, 1), 0, own, out=x.flatten(0, 1))
        if target is not x:
            torch.index_select(self.target.flatten(0, 1), 0, own, out=target.flatten(0, 1))
        return x, target

    def parts(self, size: int) -> Iterator[Pair]:
        """All examples, at most `size` at a time."""
        yield from zip(self.x.split(size, 1), self.target.split(size, 1), strict=True)


class Streamed:
    """Inputs of a layer from sparse rows, worked out when they are asked for.

    Those of the first layer are the sparse rows themselves, and so is what it restores.
    """

    def __init__(
        self, network: MLP, position: int, x: Float[Tensor, "examples inputs"], *, before: bool
    ) -> None:
        """What the layers below put out for sparse rows; arguments are those of `Held`."""
        self.network, self.position, self.examples, self.before = network, position, x, before

    def __len__(self) -> int:
        """How many examples there are."""
        return len(self.examples)

    def take(self, rows: Int[Tensor, "models batch"]) -> Pair:
        """A mini-batch of each model."""
        x = sparse_batches.take(self.examples, rows)
        return _through(self.network, self.position, x, self.before)

    def parts(self, size: int) -> Iterator[Pair]:
        """All examples, at most `size` at a time."""
        for rows in torch.arange(len(self)).split(size):
            yield self.take(rows.expand(self.network.models, -1))


def of(
    network: MLP, position: int, x: Float[Tensor, "examples inputs"], *, before: bool
) -> Held | Streamed:
    """What a layer of each model receives and restores; arguments are those of `Held`."""
    kind = Streamed if sparse_batches.is_sparse(x) else Held
    return kind(network, position, x, before=before)


@torch.no_grad()
def _through(
    network: MLP, position: int, x: Float[Tensor, "models batch inputs"], before: bool
) -> Pair:
    """What the layers below one put out, and what it is to restore."""
    h = target = x
    for layer in network.stacked_layers()[:position]:
        z = layer(h)
        h = network.activation(z)
        target = z if before else h
    return h, target
