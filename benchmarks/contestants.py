"""Those who learn: each prepares in its own time, trains against the clock, then shows weights.

Every contestant takes plain gradient steps on the same cost: mean cross-entropy plus a penalty on
the sum of |h|. What differs is who computes the gradient, and how many networks at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.func import grad, vmap

from benchmarks.problems import Problem
from relubook.training import train


@dataclass(frozen=True)
class Prepared:
    """A contestant at the start.

    Attributes:
        train: Does the whole job; this is what is timed.
        weights: The weights and biases afterwards, as those of our `MLP`.
        together: How many networks it works on before it turns to the next; known after training.
    """

    train: Callable[[], object]
    weights: Callable[[], list[Tensor]]
    together: Callable[[], int] = lambda: 1


def relubook(problem: Problem, step: str = "inplace") -> Prepared:
    """Our `train`, with all that it does beside the steps: history, chunks, measuring."""
    network, reports = problem.start(), []
    note = partial(_note, reports)
    return Prepared(
        train=lambda: train(
            network, problem.data, problem.hyper, problem.schedule, step=step, progress=note
        ),
        weights=lambda: [p.detach() for p in network.parameters()],
        together=lambda: reports[0],
    )


def _note(reports: list[int], done: int, _total: int, _text: str) -> None:
    """Keep what `train` reports after each chunk: at first, how many networks a chunk has."""
    reports.append(done)


class Plain(nn.Module):
    """One network as anyone would write it."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.linears = nn.ModuleList()
        for weight, bias in zip(weights[::2], weights[1::2], strict=True):
            like = {"dtype": weight.dtype, "device": weight.device}
            linear = nn.utils.skip_init(nn.Linear, *weight.shape, **like)
            linear.weight.data, linear.bias.data = weight.T.contiguous(), bias[0].clone()
            self.linears.append(linear)

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch classes] and the penalty [1]."""
        penalty = h.new_zeros(())
        for linear in self.linears[:-1]:
            h = torch.relu(linear(h))
            penalty = penalty + h.abs().sum(1).mean()
        return self.linears[-1](h), penalty

    def stacked(self) -> list[Tensor]:
        """Views of weights and biases, shaped as those of our `MLP` for one model."""
        layers = [layer for layer in self.linears if isinstance(layer, nn.Linear)]
        return [t for layer in layers for t in (layer.weight.data.T, layer.bias.data[None])]


def modules(problem: Problem) -> Prepared:
    """nn.Module and torch.optim.SGD, one network after the other."""
    start = [p.detach() for p in problem.start().parameters()]
    networks = [Plain([p[model] for p in start]) for model in range(len(problem.hyper))]
    x, y = examples(problem)

    def run() -> None:
        for network, seed, l1, rate in zip(networks, *columns(problem), strict=True):
            optimizer = torch.optim.SGD(network.parameters(), lr=rate)
            for epoch in range(problem.setting.epochs):
                for rows in problem.order(seed, epoch).to(x.device):
                    optimizer.zero_grad()
                    logits, penalty = network(x[rows])
                    (nn.functional.cross_entropy(logits, y[rows]) + l1 * penalty).backward()
                    optimizer.step()

    def weights() -> list[Tensor]:
        each = zip(*(network.stacked() for network in networks), strict=True)
        return [torch.stack(same) for same in each]

    return Prepared(train=run, weights=weights)


def torch_vmap(problem: Problem) -> Prepared:
    """torch.func: the gradient of one network, mapped over all of them."""
    parameters = [p.detach() for p in problem.start().parameters()]
    x, y = examples(problem)
    numbers, _, _ = columns(problem)
    rate, l1 = problem.hyper.learning_rate.to(x).view(-1, 1, 1), problem.hyper.l1.to(x)
    gradient = vmap(grad(_cost))

    def run() -> None:
        for epoch in range(problem.setting.epochs):
            orders = torch.stack([problem.order(seed, epoch) for seed in numbers], dim=1)
            for rows in orders.to(x.device):
                _descend(parameters, gradient(parameters, x[rows], y[rows], l1), rate)

    return Prepared(train=run, weights=lambda: parameters, together=lambda: len(numbers))


def scikit_learn(problem: Problem) -> Prepared:
    """MLPClassifier with plain gradient steps; it knows no penalty on activations."""
    from sklearn.neural_network import MLPClassifier

    start = [p.detach()[0].numpy() for p in problem.start().parameters()]
    x, y = problem.data.train.x.numpy().astype(start[0].dtype), problem.data.train.y.numpy()
    setting = problem.setting
    (seed,), _, (rate,) = columns(problem)
    network = MLPClassifier(
        hidden_layer_sizes=(setting.width,) * setting.depth,
        solver="sgd",
        alpha=0,
        batch_size=setting.batch_size,  # pyright: ignore[reportArgumentType]
        learning_rate_init=rate,
        momentum=0,
        nesterovs_momentum=False,
        shuffle=False,
        random_state=0,
    )
    rows = slice(0, setting.batch_size)
    network.partial_fit(x[rows], y[rows], classes=range(problem.data.outputs))
    for layer, (weight, bias) in enumerate(zip(start[::2], start[1::2], strict=True)):
        network.coefs_[layer][:], network.intercepts_[layer][:] = weight, bias[0]

    def run() -> None:
        for epoch in range(setting.epochs):
            rows = problem.order(seed, epoch).flatten().numpy()
            network.partial_fit(x[rows], y[rows])

    def weights() -> list[Tensor]:
        layers = zip(network.coefs_, network.intercepts_, strict=True)
        return [torch.from_numpy(t) for w, b in layers for t in (w[None], b[None, None])]

    return Prepared(train=run, weights=weights)


def _descend(parameters: list[Tensor], slopes: list[Tensor], rate: Tensor) -> None:
    """One step; afterwards nothing holds the gradients, which are as large as the weights."""
    for parameter, slope in zip(parameters, slopes, strict=True):
        parameter -= rate * slope


def _cost(parameters: list[Tensor], h: Tensor, y: Tensor, l1: Tensor) -> Tensor:
    """The cost of one network on one mini-batch."""
    penalty = h.new_zeros(())
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        h = torch.relu(h @ weight + bias)
        penalty = penalty + h.abs().sum(1).mean()
    logits = h @ parameters[-2] + parameters[-1]
    return nn.functional.cross_entropy(logits, y) + l1 * penalty


def examples(problem: Problem) -> tuple[Tensor, Tensor]:
    """Training examples and labels where the networks are, in their precision."""
    dtype, device = getattr(torch, problem.setting.dtype), problem.setting.device
    return problem.data.train.x.to(device, dtype), problem.data.train.y.to(device)


def columns(problem: Problem) -> tuple[list[int], list[float], list[float]]:
    """Seeds, penalties and learning rates of the models."""
    hyper = problem.hyper
    return hyper.seed.tolist(), hyper.l1.tolist(), hyper.learning_rate.tolist()


CONTESTANTS: dict[str, Callable[[Problem], Prepared]] = {
    "relubook": relubook,
    "nn.Module + SGD": modules,
    "torch.func vmap": torch_vmap,
    "scikit-learn": scikit_learn,
}
