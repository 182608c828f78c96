"""The networks of "since-2011": one loop for plain descent and for Adam, and labels for each seed.

Networks of several seeds are trained side by side, each with labels of its own. What Adam does to
a number depends on that number's own slopes only, so the networks stay apart here, too.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import steps
from relubook.datasets import Dataset
from relubook.epochs import draw_batches
from relubook.experiments import few_labels
from relubook.experiments.sweep import part_of
from relubook.history import Measurement, error, evaluate
from relubook.networks import MLP
from relubook.resident import Resident
from relubook.runs import Run
from relubook.training import Progress

Advance = Callable[
    [Float[Tensor, "models batch inputs"], Float[Tensor, "models batch classes"]],
    Float[Tensor, "models"],
]


def sgd(network: MLP, rate: float, l1: float) -> Advance:
    """A function that makes one step of gradient descent and returns each cross-entropy [nat].

    Args:
        network: The models; their weights are changed.
        rate: Learning rate of all [1].
        l1: Penalty of all [1].
    """
    step = steps.autograd if network.units else steps.inplace
    shape = torch.ones(network.models, 1, 1).to(network.stacked_layers()[0].weight)
    return lambda x, targets: step(network, x, targets, rate * shape, l1 * shape)


def adam(network: MLP, rate: float, l1: float) -> Advance:
    """The same with Adam, as PyTorch has it and with its constants.

    Args:
        network: The models; their weights are changed.
        rate: Learning rate of all [1].
        l1: Penalty of all [1].

    References:
        kingma2015, algorithm 1.
    """
    optimizer = torch.optim.Adam(network.parameters(), lr=rate, fused=True)  # 5 times as fast

    def advance(
        x: Float[Tensor, "models batch inputs"], targets: Float[Tensor, "models batch classes"]
    ) -> Float[Tensor, "models"]:
        hidden = network.hidden(x, training=True)
        log_p = network.layers[-1](hidden[-1]).log_softmax(-1)
        cross_entropy = -(log_p * targets).sum(-1).mean(-1)
        penalty = torch.stack([h.abs().sum() for h in hidden]).sum() / x.shape[1]
        optimizer.zero_grad()
        (cross_entropy.sum() + l1 * penalty).backward()
        optimizer.step()
        return cross_entropy.detach()

    return advance


OPTIMIZERS: dict[str, Callable[[MLP, float, float], Advance]] = {"SGD": sgd, "Adam": adam}


def labeled(data: Dataset, count: int, seeds: Sequence[int]) -> Int[Tensor, "seeds labels"]:
    """The rows of the training examples that have a label, others for each seed."""
    y, classes = data.train.y, data.outputs
    return torch.stack([few_labels.draw(y, count, classes=classes, seed=seed) for seed in seeds])


def train(
    network: MLP,
    data: Dataset,
    rows: Int[Tensor, "models labels"],
    optimizer: str,
    *,
    rate: float,
    l1: float,
    epochs: int,
    batch_size: int,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Train each network with its own labels; it ends with the weights of its best epoch.

    Args:
        network: The models; their weights are changed.
        data: All of it; the validation split chooses the epoch.
        rows: Which training examples each model is given.
        optimizer: A name of `OPTIMIZERS`.
        rate: Learning rate of all [1].
        l1: Penalty of all [1].
        epochs: Passes.
        batch_size: Examples a step.
        progress: Called as `progress(done, total, text)`.

    Returns:
        By name `test_error`, `validation_error`, `last_loss`, `best_epoch`, `diverged` [models] and
        `zeros` [models layers]; NaN for a network that was never finite.
    """
    run, advance = Run.begin(network, epochs, keep="best"), OPTIMIZERS[optimizer](network, rate, l1)
    weight = network.stacked_layers()[0].weight
    examples = Resident.of(data.train, data.outputs, dtype=weight.dtype, device=weight.device)
    for epoch in range(epochs):
        batches = draw_batches(network.seeds, rows.shape[1], batch_size, epoch)
        loss = _pass(network, examples, rows, batches, advance)
        run.note(slice(0, network.models), _validated(network, data, loss))
        run.close_epoch()
        if progress is not None:
            progress(epoch + 1, epochs, f"{optimizer} {rate:g}, epoch {epoch + 1} of {epochs}")
    history = run.end()
    test, zeros, _ = (values.numpy(force=True) for values in evaluate(network, data.test))
    found = {"test_error": test, "zeros": zeros.T}
    for values in found.values():
        values[history.best_epoch < 0] = np.nan
    return found | {
        "validation_error": history.at_best("validation_error"),
        "last_loss": history.loss[-1],
        "best_epoch": history.best_epoch,
        "diverged": history.diverged,
    }


def _pass(
    network: MLP,
    examples: Resident,
    rows: Int[Tensor, "models labels"],
    batches: Int[Tensor, "steps places"],
    advance: Advance,
) -> Float[Tensor, "models"]:
    """One epoch; the mean cross-entropy of each network [nat]."""
    weight = network.stacked_layers()[0].weight
    size = batches.shape[1] // network.models
    x, targets = (weight.new_empty(network.models, size, network.sizes[end]) for end in (0, -1))
    total = weight.new_zeros(network.models)
    for places in batches:
        chosen = rows.gather(1, places.view(network.models, size)).flatten().to(weight.device)
        examples.take(chosen, x.flatten(0, 1), targets.flatten(0, 1))
        total += advance(x, targets)
    return total / len(batches)


def _validated(network: MLP, data: Dataset, loss: Float[Tensor, "models"]) -> Measurement:
    """An epoch's numbers without those on the test split, which are measured once at the end."""
    unknown = torch.full((network.depth, network.models), torch.nan)
    return Measurement(
        loss=loss,
        validation_error=error(network, data.validation),
        test_error=unknown[0],
        zero_fraction=unknown,
        dead=unknown,
    )


def best_of_rates(
    start: Callable[[], MLP],
    data: Dataset,
    rows: Int[Tensor, "models labels"],
    optimizer: str,
    *,
    rates: Sequence[float],
    l1: float,
    epochs: int,
    batch_size: int,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Train networks with each rate; of each seed, what `train` says of the best on validation.

    Args:
        start: Makes the untrained networks, the same ones at each call.
        data: All of it.
        rows: Which training examples each model is given.
        optimizer: A name of `OPTIMIZERS`.
        rates: To choose from [1]; a network that diverged is chosen only if all did.
        l1: Penalty of all [1].
        epochs: Passes.
        batch_size: Examples a step.
        progress: Called as `progress(done, total, text)`.

    Returns:
        What `train` returns, and `rate` [models] and `rate_validation` [rates models].
    """
    tried = [
        train(
            start(), data, rows, optimizer, rate=rate, l1=l1, epochs=epochs, batch_size=batch_size,
            progress=part_of(progress, place, 1, len(rates)),
        )
        for place, rate in enumerate(rates)
    ]  # fmt: skip
    table = {name: np.stack([one[name] for one in tried]) for name in tried[0]}
    validation, lost = table["validation_error"], table["diverged"] >= 0
    chosen = (np.nan_to_num(validation, nan=np.inf) + lost).argmin(axis=0)
    models = np.arange(len(rows))
    found = {name: values[chosen, models] for name, values in table.items()}
    return found | {"rate": np.array(rates)[chosen], "rate_validation": validation}
