"""CUDA graphs: the same work sent to a GPU many times over, in one call each time.

A training step is about 25 small operations. A wide fleet keeps a GPU busy longer than it takes to
send them; for a small one the sending is what takes the time, and a graph removes it.
"""

from collections.abc import Callable

import torch
from jaxtyping import Int
from torch import Tensor

from relubook.networks import MLP

Advance = Callable[[Int[Tensor, "rows"]], None]

# Weights of a fleet whose traffic takes a GPU about as long as sending a step: an estimate from
# bandwidths, not yet measured.
_SMALL = 40_000_000
_WARM_UPS = 3


def worthwhile(network: MLP) -> bool:
    """Whether these networks are on a GPU and small enough to gain.

    Networks with a memory are not: rehearsing a step would change it, at any learning rate.
    """
    if any(True for _ in network.buffers()):
        return False
    weights = list(network.parameters())
    return weights[0].is_cuda and sum(p.numel() for p in weights) < _SMALL


def captured(advance: Advance, rows: Int[Tensor, "rows"]) -> Advance:
    """The same function as a graph.

    Args:
        advance: Does one step for the examples `rows`. It is called a few times before it is
            captured, so it must not change anything yet: give it a learning rate of 0 meanwhile.
        rows: An example of its argument, on the GPU.

    Returns:
        A function of rows of the same shape.
    """
    with torch.cuda.device(rows.device):
        given, aside = rows.clone(), torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(_WARM_UPS):
                advance(given)
        torch.cuda.current_stream().wait_stream(aside)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            advance(given)

    def replay(rows: Int[Tensor, "rows"], /) -> None:
        given.copy_(rows)
        graph.replay()

    return replay
