"""Networks that learned without labels first, and what becomes of them when labels come.

A seed stands for one whole replication of the paper's protocol: its own weights, its own learning
rate for each layer that is pretrained, by the error of restoring, and its own rate for learning
with labels, by the validation error (glorot2011, p. 320).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Int

from relubook.datasets import Dataset, Split
from relubook.history import History, Judge, evaluate
from relubook.negation import negated
from relubook.networks import MLP
from relubook.pretraining import Course, Recipe, pretrain
from relubook.training import Progress, Schedule, grid, train

STARTS = ("none", "with")  # without and with pretraining, as `paper.TABLE_1` calls them


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """One network per seed, and how it came about.

    Attributes:
        network: Hidden layers that have learned to restore; logits as they were drawn.
        course: Of all networks, one for each rate and seed; the seed varies fastest.
        rates: Learning rates that were tried [1].
    """

    network: MLP
    course: Course
    rates: tuple[float, ...]

    def arrays(self) -> dict[str, np.ndarray]:
        """Of the layers that the networks went on with.

        Returns:
            `restore_error` and `restore_dead` [layers seeds], the lowest cost of restoring and the
            share of dead units then; `restore_rate` [layers seeds], the rate of each layer; and
            `restore_tried` [layers rates seeds], the lowest cost with every rate, NaN if none was
            finite.
        """
        seeds = self.network.models
        chosen = self.course.chosen[:, :seeds]  # networks of one seed went on with the same
        error = np.nan_to_num(self.course.error, nan=np.inf).min(axis=1)
        tried = np.where(np.isfinite(error), error, np.nan)
        return {
            "restore_error": np.take_along_axis(tried, chosen, axis=1),
            "restore_dead": np.take_along_axis(self.course.dead, chosen, axis=1),
            "restore_rate": np.array(self.rates)[chosen // seeds],
            "restore_tried": tried.reshape(len(tried), len(self.rates), seeds),
        }


def recipe_of(activation: str, data: Dataset, *, epochs: int, batch_size: int = 10) -> Recipe:
    """How the paper pretrains networks of these units, for any inputs.

    Rectifier and softplus networks restore with softplus outputs and the squared difference, tanh
    networks with the cross-entropy (glorot2011, p. 320): here that of numbers from -1 to 1, since
    tanh units put out such. A softplus gives no number below 0: inputs that have some are restored
    by linear outputs, of which the paper says nothing.

    Args:
        activation: Of the hidden units.
        data: What they will learn.
        epochs: Passes for each layer.
        batch_size: Examples a step.
    """
    signed = bool((data.train.x < 0).any())
    own = "tanh" if activation == "tanh" else "softplus"
    return Recipe(
        epochs=epochs, batch_size=batch_size, reconstruction=own,
        first="linear" if signed and own == "softplus" else None, choose=True,
    )  # fmt: skip


def pretrained(
    hidden: Sequence[int],
    data: Dataset,
    *,
    activation: str,
    seeds: Sequence[int],
    rates: Sequence[float],
    recipe: Recipe,
    l1: float,
    device: str = "cpu",
    progress: Progress | None = None,
    file: Path | None = None,
) -> Pretrained:
    """Pretrain a network for each rate and seed, and keep, layer by layer, each seed's best.

    Args:
        hidden: Units of each hidden layer.
        data: Its training examples are restored, its validation examples decide.
        activation: Of the hidden units.
        seeds: One network each.
        rates: Learning rates to choose from [1].
        recipe: With `choose`.
        l1: Penalty on hidden outputs [1].
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
        file: Checkpoint from which a cut run goes on.

    Raises:
        ValueError: If the recipe does not choose.
    """
    if not recipe.choose:
        raise ValueError("The `recipe` must `choose` a rate for each layer.")
    hyper = grid(learning_rate=rates, l1=l1, seed=seeds)
    network = begin(hidden, data, activation=activation, seeds=hyper.seed.tolist(), device=device)
    course = pretrain(
        network, data.train.x, data.validation.x, hyper, recipe, progress=progress, checkpoint=file
    )
    return Pretrained(network=network.view(slice(0, len(seeds))), course=course, rates=tuple(rates))


def begin(
    hidden: Sequence[int],
    data: Dataset,
    *,
    activation: str,
    seeds: Sequence[int],
    device: str = "cpu",
) -> MLP:
    """Untrained networks with these hidden layers."""
    shape = (data.inputs, *hidden, data.outputs)
    return MLP(shape, seeds=seeds, activation=activation, device=device)


def fine_tuned(
    starts: MLP,
    data: Dataset,
    *,
    rates: Sequence[float],
    l1: float,
    schedule: Schedule,
    negate: bool = True,
    judge: Judge | None = None,
    progress: Progress | None = None,
    file: Path | None = None,
) -> dict[str, np.ndarray]:
    """Train copies of some networks with labels, one for each rate, and test each one's best.

    Args:
        starts: One network per seed; they stay as they are.
        data: Its validation split chooses rate and epoch.
        rates: Learning rates to choose from [1].
        l1: Penalty on hidden outputs [1].
        schedule: What all share.
        negate: Multiply the outputs of half of the units by -1, as the paper does.
        judge: What errors are; the share of wrong classes if None.
        progress: Called as `progress(done, total, text)`.
        file: Checkpoint from which a cut run goes on.

    Returns:
        Of the network with the lowest validation error of each seed, by name: `test_error`,
        `zeros` and `dead` [seeds layers], and what `tuned` gives.
    """
    network, found = tuned(
        starts, data, rates=rates, l1=l1, schedule=schedule, negate=negate, judge=judge,
        progress=progress, file=file,
    )  # fmt: skip
    return found | on_test(network, data.test, lost=found["best_epoch"] < 0, judge=judge)


def tuned(
    starts: MLP,
    data: Dataset,
    *,
    rates: Sequence[float],
    l1: float,
    schedule: Schedule,
    negate: bool = True,
    judge: Judge | None = None,
    progress: Progress | None = None,
    file: Path | None = None,
) -> tuple[MLP, dict[str, np.ndarray]]:
    """The networks that `fine_tuned` tests, and how they came about; the test split is not used.

    Returns:
        The network with the lowest validation error of each seed; and of these, by name:
        `validation_error`, `train_loss` (cross-entropy while training, in its best epoch),
        `last_loss` (in the last epoch), `best_epoch`, `diverged` and `rate` [seeds]; of all,
        `rate_validation`, `rate_diverged` and `rate_loss` (the cross-entropy of the last epoch)
        [rates seeds]. A network that diverged at last is kept only if those of all rates did.
    """
    hyper = grid(learning_rate=rates, l1=l1, seed=starts.seeds)
    network = repeated(starts, len(rates))
    network = negated(network) if negate else network
    few = data.subset(test=1)  # the test split is looked at once, at the end
    history = train(
        network, few, hyper, schedule, judge=judge, progress=progress, checkpoint=file
    )  # fmt: skip
    table = (len(rates), starts.models)
    validation = history.at_best("validation_error").reshape(table)
    lasted = history.diverged.reshape(table) < 0
    worst = 1 + np.nanmax(validation, initial=0.0)
    rows = np.where(lasted, validation, np.nan_to_num(validation + worst, nan=np.inf)).argmin(
        axis=0
    )
    chosen = rows * starts.models + np.arange(starts.models)
    return picked(network, chosen), _of(history, chosen) | {
        "rate": np.array(rates)[rows],
        "rate_validation": validation,
        "rate_diverged": history.diverged.reshape(table),
        "rate_loss": history.loss[-1].reshape(table),
    }


def _of(history: History, chosen: Int[np.ndarray, "seeds"]) -> dict[str, np.ndarray]:
    """What happened to some networks while they learned."""
    return {
        "validation_error": history.at_best("validation_error")[chosen],
        "train_loss": history.at_best("loss")[chosen],
        "last_loss": history.loss[-1, chosen],
        "diverged": history.diverged[chosen],
        "best_epoch": history.best_epoch[chosen],
    }


def on_test(
    network: MLP,
    split: Split,
    *,
    lost: Bool[np.ndarray, "seeds"],
    judge: Judge | None = None,
) -> dict[str, np.ndarray]:
    """Error, zeros and dead units of some networks on a split, the seeds first.

    Args:
        network: One per seed.
        split: To be tested on.
        lost: Which of them never had a finite cost; they have NaN.
        judge: What errors are; the share of wrong classes if None.
    """
    error, zeros, dead = evaluate(network, split)
    numbers = {"test_error": error if judge is None else judge(network, split)}
    found = {}
    for name, values in (numbers | {"zeros": zeros, "dead": dead}).items():
        found[name] = values.double().numpy(force=True).T.copy()
        found[name][lost] = np.nan
    return found


@torch.no_grad()
def picked(network: MLP, chosen: Int[np.ndarray, "chosen"]) -> MLP:
    """Some of the networks, with weights of their own; negated units stay so."""
    weight, places = network.stacked_layers()[0].weight, torch.from_numpy(chosen)
    some = MLP(
        network.sizes, seeds=[network.seeds[place] for place in chosen],
        activation=network.activation.name, sign_trick=network.sign_trick,
        dtype=weight.dtype, device=weight.device,
    )  # fmt: skip
    for to, source in zip(some.parameters(), network.parameters(), strict=True):
        to.copy_(source[places.to(source.device)])
    return some


@torch.no_grad()
def repeated(network: MLP, times: int) -> MLP:
    """Each network several times, with weights of their own: all once, then all again."""
    weight = network.stacked_layers()[0].weight
    copies = MLP(
        network.sizes, seeds=network.seeds * times, activation=network.activation.name,
        dtype=weight.dtype, device=weight.device,
    )  # fmt: skip
    for to, source in zip(copies.parameters(), network.parameters(), strict=True):
        to.copy_(source.repeat(times, *[1] * (source.dim() - 1)))
    return copies
