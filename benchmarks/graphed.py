"""One network after the other, each step replayed as a CUDA graph: the best a loop can do.

A CUDA graph is a step that was recorded once; to replay it the processor gives one order instead of
some eighty. It reads and writes fixed places in memory, so all networks take turns in one seat.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks.contestants import Plain, Prepared, columns, examples
from benchmarks.problems import Problem

_WARM_UP = 3  # steps before the recording, on another stream: libraries set themselves up in them


class Seat:
    """The fixed place in which every network is trained.

    Attributes:
        x: The mini-batch [batch inputs].
        y: Its labels [batch].
        advance: Takes one step with what stands in `x` and `y`.
    """

    def __init__(self, problem: Problem, weights: list[Tensor]) -> None:
        x, y = examples(problem)
        self.x = x.new_zeros(problem.setting.batch_size, x.shape[1])
        self.y = y.new_zeros(problem.setting.batch_size)
        self._l1 = x.new_zeros(())
        self._network = Plain(weights)
        _, _, (rate, *_) = columns(problem)  # all have the same, which the recording keeps
        self._optimizer = torch.optim.SGD(self._network.parameters(), lr=rate)
        self.advance = _recorded(self._step) if x.is_cuda else self._step

    def sit(self, weights: list[Tensor], l1: float) -> None:
        """Copy one network's weights in."""
        self._l1.fill_(l1)
        for mine, theirs in zip(self._network.stacked(), weights, strict=True):
            mine.copy_(theirs)

    def leave(self, weights: list[Tensor]) -> None:
        """Copy its weights out."""
        for mine, theirs in zip(self._network.stacked(), weights, strict=True):
            theirs.copy_(mine)

    def _step(self) -> None:
        self._optimizer.zero_grad()
        logits, penalty = self._network(self.x)
        (nn.functional.cross_entropy(logits, self.y) + self._l1 * penalty).backward()
        self._optimizer.step()


def graphed(problem: Problem) -> Prepared:
    """nn.Module and torch.optim.SGD as a CUDA graph; without CUDA the same steps, not recorded."""
    weights = [p.detach() for p in problem.start().parameters()]
    x, y = examples(problem)
    seat = Seat(problem, [p[0] for p in weights])
    numbers, penalties, _ = columns(problem)

    def run() -> None:
        for model, (seed, l1) in enumerate(zip(numbers, penalties, strict=True)):
            own = [p[model] for p in weights]
            seat.sit(own, l1)
            for epoch in range(problem.setting.epochs):
                for rows in problem.order(seed, epoch).to(x.device):
                    torch.index_select(x, 0, rows, out=seat.x)
                    torch.index_select(y, 0, rows, out=seat.y)
                    seat.advance()
            seat.leave(own)

    return Prepared(train=run, weights=lambda: weights)


def _recorded(step: Callable[[], None]) -> Callable[[], None]:
    """The step as a CUDA graph."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(_WARM_UP):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay
