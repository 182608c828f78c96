"""Inference that skips zeros: a unit that says nothing need not be multiplied by its weights.

A layer computes h W + b: each active unit adds its row of W, times its activation. A row whose unit
is zero adds nothing, so it need not be read. All methods here give the same numbers; what differs
is how many rows they touch, and how fast.

The one exception: a zero times infinity, or times NaN, is NaN. Where a weight is not finite and its
unit is zero, `dense` says NaN, and the methods that skip the row do not.
"""

from collections.abc import Callable
from difflib import get_close_matches

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from relubook.networks import MLP
from relubook.sparse_batches import hear_that_csr_is_in_beta

Method = Callable[[Tensor, Tensor, Tensor], Tensor]


def dense(
    h: Float[Tensor, "batch inputs"],
    weight: Float[Tensor, "inputs outputs"],
    bias: Float[Tensor, "outputs"],
) -> Float[Tensor, "batch outputs"]:
    """The product h W + b with every weight, as every library does it.

    Args:
        h: Activations [1], or a network's inputs.
        weight: One row per input.
        bias: Added to each example.

    Returns:
        Pre-activations of the next layer [1].

    Raises:
        ValueError: If there are no activations.
    """
    _refuse_empty(h)
    return torch.addmm(bias, h, weight)


def gathered(
    h: Float[Tensor, "batch inputs"],
    weight: Float[Tensor, "inputs outputs"],
    bias: Float[Tensor, "outputs"],
) -> Float[Tensor, "batch outputs"]:
    """The same from the rows of active units only; arguments and result are those of `dense`.

    `embedding_bag` was made for sentences, which are bags of words: it adds up some rows of a
    table, each with a weight. Here an example is a bag of active units.
    """
    _refuse_empty(h)
    example, unit = h.nonzero(as_tuple=True)  # sorted by example
    examples = torch.arange(len(h), device=h.device)
    rows = functional.embedding_bag(
        unit,
        weight,
        offsets=torch.searchsorted(example, examples),
        per_sample_weights=h[example, unit],
        mode="sum",
    )
    return bias + rows


def csr(
    h: Float[Tensor, "batch inputs"],
    weight: Float[Tensor, "inputs outputs"],
    bias: Float[Tensor, "outputs"],
) -> Float[Tensor, "batch outputs"]:
    """The same with h as a sparse matrix (compressed rows)."""
    _refuse_empty(h)
    hear_that_csr_is_in_beta()
    return torch.addmm(bias, h.to_sparse_csr(), weight)


METHODS: dict[str, Method] = {"dense": dense, "gathered": gathered, "csr": csr}


@torch.no_grad()
def logits(
    network: MLP, x: Float[Tensor, "batch inputs"], method: str = "gathered"
) -> Float[Tensor, "batch classes"]:
    """The logits of one network, layer by layer; the zeros of the input are skipped as well.

    Args:
        network: With `models = 1`. Any activation will do, but only exact zeros are skipped.
        x: Examples [1].
        method: A name from `METHODS`.

    Raises:
        ValueError: If there are several models, no examples, or no such method.
    """
    _refuse_several(network)
    multiply, layers = _method(method), network.stacked_layers()
    for position, layer in enumerate(layers):
        x = multiply(x, layer.weight[0], layer.bias[0, 0])
        if layer is not layers[-1]:
            x = network.activation(x)
            x = x if network.signs is None else x * network.signs[position][0]
    return x


def multiplications(h: Float[Tensor, "batch inputs"], outputs: int) -> dict[str, int]:
    """How many multiplications a layer needs for these activations.

    Args:
        h: Activations [1].
        outputs: Units of the next layer.

    Returns:
        Of `dense` (every weight, for every example) and of `gathered` (those of active units).

    >>> multiplications(torch.tensor([[0.0, 2.0, 0.0], [1.0, 0.0, 3.0]]), outputs=10)
    {'dense': 60, 'gathered': 30}
    """
    return {"dense": h.numel() * outputs, "gathered": int(torch.count_nonzero(h)) * outputs}


@torch.no_grad()
def network_multiplications(network: MLP, x: Float[Tensor, "batch inputs"]) -> dict[str, int]:
    """How many multiplications one network needs for these examples, all layers together.

    Args:
        network: With `models = 1`.
        x: Examples [1], whose own zeros are skipped as well.

    Returns:
        As `multiplications` does for one layer.

    Raises:
        ValueError: If there are several models.
    """
    _refuse_several(network)
    inputs = [x, *(h[0] for h in network.hidden(x[None]))]
    counts = [multiplications(h, n) for h, n in zip(inputs, network.sizes[1:], strict=True)]
    return {way: sum(count[way] for count in counts) for way in counts[0]}


def union(h: Float[Tensor, "examples units"], batch: int) -> float:
    """The share of units that are active for at least one example of a batch.

    It is the share of a layer's weights that a batch needs, however few each example needs.

    Args:
        h: Activations [1]; examples beyond the last whole batch are left out.
        batch: Examples in a batch.

    Returns:
        A share in 0..1, averaged over the batches [1].

    Raises:
        ValueError: If there are fewer examples than make a batch.

    >>> union(torch.tensor([[0.0, 2.0], [1.0, 0.0]]), 1)
    0.5
    >>> union(torch.tensor([[0.0, 2.0], [1.0, 0.0]]), 2)
    1.0
    """
    if not 1 <= batch <= len(h):
        raise ValueError(f"The `batch` must be 1 to the {len(h)} examples. Got {batch}.")
    _refuse_empty(h)
    whole = len(h) // batch
    active = (h[: whole * batch] != 0).view(whole, batch, -1).any(1)
    return float(active.double().mean())


def _method(name: str) -> Method:
    """The method of that name, or a sentence with the nearest one."""
    if name in METHODS:
        return METHODS[name]
    near = get_close_matches(name, METHODS, n=1, cutoff=0.0)[0]
    known = ", ".join(METHODS)
    raise ValueError(f"There is no method {name!r}. Did you mean {near!r}? Known: {known}.")


def _refuse_several(network: MLP) -> None:
    """Raise unless there is one network."""
    if network.models != 1:
        raise ValueError(f"The `network` must be one model. Got {network.models}.")


def _refuse_empty(h: Tensor) -> None:
    """Raise if there is nothing to multiply."""
    if h.numel() == 0:
        raise ValueError(f"There is nothing to multiply: the activations are {tuple(h.shape)}.")
