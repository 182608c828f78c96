"""Those who learn: each prepares in its own time, trains against the clock, then shows weights.

Every contestant takes plain gradient steps on the same cost: mean cross-entropy plus a penalty on
the sum of |h|. What differs is who computes the gradient, and how many networks at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
    """

    train: Callable[[], object]
    weights: Callable[[], list[Tensor]]


def relubook(problem: Problem) -> Prepared:
    """Our `train`, with all that it does beside the steps: history, best epoch, measuring."""
    network = problem.start()
    return Prepared(
        train=lambda: train(network, problem.data, problem.hyper, problem.schedule),
        weights=lambda: [p.detach() for p in network.parameters()],
    )


class Plain(nn.Module):
    """One network as anyone would write it."""

    def __init__(self, weights: list[Tensor]) -> None:
        super().__init__()
        self.linears = nn.ModuleList()
        for weight, bias in zip(weights[::2], weights[1::2], strict=True):
            linear = nn.utils.skip_init(nn.Linear, *weight.shape, dtype=weight.dtype)
            linear.weight.data, linear.bias.data = weight.T.clone(), bias[0].clone()
            self.linears.append(linear)

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch classes] and the penalty [1]."""
        penalty = h.new_zeros(())
        for linear in self.linears[:-1]:
            h = torch.relu(linear(h))
            penalty = penalty + h.abs().sum(1).mean()
        return self.linears[-1](h), penalty


def modules(problem: Problem) -> Prepared:
    """nn.Module and torch.optim.SGD, one network after the other."""
    start = [p.detach() for p in problem.start().parameters()]
    networks = [Plain([p[model] for p in start]) for model in range(len(problem.hyper))]
    x, y = problem.data.train.x.to(start[0]), problem.data.train.y

    def run() -> None:
        for network, seed, l1, rate in zip(networks, *_columns(problem), strict=True):
            optimizer = torch.optim.SGD(network.parameters(), lr=rate)
            for epoch in range(problem.setting.epochs):
                for rows in problem.order(seed, epoch):
                    optimizer.zero_grad()
                    logits, penalty = network(x[rows])
                    (nn.functional.cross_entropy(logits, y[rows]) + l1 * penalty).backward()
                    optimizer.step()

    def weights() -> list[Tensor]:
        each = [[t.data for m in n.linears for t in (m.weight.T, m.bias[None])] for n in networks]
        return [torch.stack(same) for same in zip(*each, strict=True)]

    return Prepared(train=run, weights=weights)


def torch_vmap(problem: Problem) -> Prepared:
    """torch.func: the gradient of one network, mapped over all of them."""
    parameters = [p.detach() for p in problem.start().parameters()]
    x, y = problem.data.train.x.to(parameters[0]), problem.data.train.y
    numbers, _, _ = _columns(problem)
    rate = problem.hyper.learning_rate.view(-1, 1, 1)
    gradient = vmap(grad(_cost))

    def run() -> None:
        for epoch in range(problem.setting.epochs):
            orders = torch.stack([problem.order(seed, epoch) for seed in numbers], dim=1)
            for rows in orders:
                slopes = gradient(parameters, x[rows], y[rows], problem.hyper.l1)
                for parameter, slope in zip(parameters, slopes, strict=True):
                    parameter -= rate * slope

    return Prepared(train=run, weights=lambda: parameters)


def scikit_learn(problem: Problem) -> Prepared:
    """MLPClassifier with plain gradient steps; it knows no penalty on activations."""
    from sklearn.neural_network import MLPClassifier

    start = [p.detach()[0].numpy() for p in problem.start().parameters()]
    x, y = problem.data.train.x.numpy().astype(start[0].dtype), problem.data.train.y.numpy()
    setting = problem.setting
    (seed,), _, (rate,) = _columns(problem)
    network = MLPClassifier(
        hidden_layer_sizes=(setting.width,) * setting.depth,
        solver="sgd",
        alpha=0,
        batch_size=setting.batch_size,
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


def _cost(parameters: list[Tensor], h: Tensor, y: Tensor, l1: Tensor) -> Tensor:
    """The cost of one network on one mini-batch."""
    penalty = h.new_zeros(())
    for weight, bias in zip(parameters[:-2:2], parameters[1:-2:2], strict=True):
        h = torch.relu(h @ weight + bias)
        penalty = penalty + h.abs().sum(1).mean()
    logits = h @ parameters[-2] + parameters[-1]
    return nn.functional.cross_entropy(logits, y) + l1 * penalty


def _columns(problem: Problem) -> tuple[list[int], list[float], list[float]]:
    """Seeds, penalties and learning rates of the models."""
    hyper = problem.hyper
    return hyper.seed.tolist(), hyper.l1.tolist(), hyper.learning_rate.tolist()


CONTESTANTS: dict[str, Callable[[Problem], Prepared]] = {
    "relubook": relubook,
    "nn.Module + SGD": modules,
    "torch.func vmap": torch_vmap,
    "scikit-learn": scikit_learn,
}
