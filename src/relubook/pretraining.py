"""Greedy pretraining: one hidden layer after the other learns to restore what was taken from it.

Labels are not used. A layer learns on what the layers below it put out, which by then have learned
and stay as they are. Every network keeps, layer by layer, the weights with which it restored the
validation examples best.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import autoencoders, reconstructions, seeds, sparsity
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.rescaling import scale_to_unit
from relubook.training import Hyperparameters, Progress

RULES = ("global", "unit")
IMAGES = Corruption()  # the noise that glorot2011 (p. 320) took for images
_CACHE_BYTES = 6_000_000  # weights a core works on at a time, as in `training`
_AT_ONCE = 1000  # examples


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What all networks of a run share.

    Attributes:
        epochs: Passes over the examples for each layer.
        batch_size: Examples a step; the last incomplete batch of a pass is left out.
        corruption: What is done to a layer's inputs, the same in every layer.
        reconstruction: A key of `reconstructions.RECONSTRUCTIONS`.
        tied: Whether decoders use the encoders' weights.
        rule: How outputs are brought into 0 to 1 for a reconstruction that needs it: divided by the
            largest of the layer (`global`) or of each unit (`unit`).
        choose: Whether, after each layer, all networks of one seed go on with the layer that
            restored best. So each layer gets the learning rate that suits it (glorot2011, p. 320):
            the upper ones receive larger numbers, and need smaller steps.

    Raises:
        ValueError: If one of them is out of its range.
    """

    epochs: int
    batch_size: int = 10
    corruption: Corruption = IMAGES
    reconstruction: str = "softplus"
    tied: bool = False
    rule: str = "global"
    choose: bool = False

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"The `{name}` of Recipe must be at least 1. Got {getattr(self, name)}."
                )
        reconstructions.get(self.reconstruction)
        if self.rule not in RULES:
            raise ValueError(f"The `rule` must be one of {', '.join(RULES)}. Got {self.rule!r}.")


@dataclass(kw_only=True)
class Course:
    """What happened while layers were pretrained.

    Attributes:
        error: Cost of restoring a corrupted validation example after each pass, mean of examples;
            NaN for passes that were not reached, and where it is not finite.
        best_epoch: Of each layer, the pass with the lowest error; -1 if there is none.
        dead: Share of units that no validation example activates, with the weights kept [1].
        chosen: The place of the network whose layer each network went on with.
        finished: Layers that were trained to the end.
    """

    error: Float[np.ndarray, "layers epochs models"]
    best_epoch: Int[np.ndarray, "layers models"]
    dead: Float[np.ndarray, "layers models"]
    chosen: Int[np.ndarray, "layers models"]
    finished: int = 0

    @classmethod
    def begin(cls, layers: int, passes: int, models: int) -> "Course":
        """A course of which nothing is done yet."""
        return cls(
            error=np.full((layers, passes, models), np.nan),
            best_epoch=np.full((layers, models), -1),
            dead=np.full((layers, models), np.nan),
            chosen=np.tile(np.arange(models), (layers, 1)),
        )

    @property
    def lost(self) -> Bool[np.ndarray, "models"]:
        """Which networks went on with a finished layer that never had a finite error."""
        best = np.take_along_axis(self.best_epoch, self.chosen, axis=1)
        return np.any(best[: self.finished] < 0, axis=0)

    def choose(self, position: int, seeds: Sequence[int]) -> None:
        """Note, for each network, which one of its seed restored best in this layer."""
        rows = np.nan_to_num(self.error[position], nan=np.inf).min(axis=0)
        for seed in dict.fromkeys(seeds):
            places = np.flatnonzero(np.array(seeds) == seed)
            self.chosen[position, places] = places[rows[places].argmin()]


def pretrain(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    validation: Float[Tensor, "others inputs"],
    hyper: Hyperparameters,
    recipe: Recipe,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Course:
    """Train every hidden layer in place, from the first to the last; that of the logits is not.

    Args:
        network: The models, drawn from the seeds of `hyper`.
        x: What they learn to restore [1].
        validation: Other examples, which decide whose weights are kept [1].
        hyper: Learning rate, penalty and seed of each model.
        recipe: What they share.
        progress: Called as `progress(done, total, text)`, in networks times passes.
        stop: Asked after each pass; True ends it and keeps what was done.

    Returns:
        Errors and dead units, layer by layer.

    Raises:
        ValueError: If network, examples and hyperparameters do not fit each other, or a
            reconstruction is not defined for what it is to restore.
    """
    _check_fit(network, x, hyper, recipe)
    course = Course.begin(network.depth, recipe.epochs, network.models)
    done, weight = 0, network.stacked_layers()[0].weight
    for position in range(network.depth):
        for models, part in network.chunks(_chunk_size(network)):
            layer = _Layer(part, position, x.to(weight), validation.to(weight), recipe)
            for epoch in range(recipe.epochs):
                layer.learn(hyper.learning_rate[models], hyper.l1[models], epoch)
                course.error[position, epoch, models] = layer.look(epoch)
                done += part.models
                if progress is not None:
                    text = f"layer {position + 1} of {network.depth}"
                    progress(done, course.error.size, text)
                stopped = stop is not None and stop()
                if stopped or epoch + 1 == recipe.epochs:
                    course.best_epoch[position, models] = layer.best_epoch
                    course.dead[position, models] = layer.close()
                if stopped:
                    return course
        if recipe.choose:
            course.choose(position, network.seeds)
            _take_over(network, position, course.chosen[position])
        course.finished += 1
    return course


class _Layer:
    """One hidden layer of some models, with the inputs that it learns to restore."""

    def __init__(
        self, network: MLP, position: int, x: Tensor, validation: Tensor, recipe: Recipe
    ) -> None:
        self.network, self.position, self.recipe = network, position, recipe
        self.coder = Autoencoder.of(
            network, position, reconstruction=recipe.reconstruction, tied=recipe.tied
        )
        self.x, self.others = (_inputs(network, position, part) for part in (x, validation))
        self.coder.reconstruction.checked(self.x)
        self.best = [p.detach().clone() for p in self.coder.parameters()]
        self.lowest = np.full(network.models, np.inf)
        self.best_epoch = np.full(network.models, -1)

    def learn(self, learning_rate: Tensor, l1: Tensor, epoch: int) -> None:
        """One pass over the examples, each model in its own order and with its own noise."""
        models, examples, inputs = self.x.shape
        rate, penalty = (v.to(self.x).view(-1, 1, 1) for v in (learning_rate, l1))
        size, name = self.recipe.batch_size, f"pretraining {self.position}"
        noise = [seeds.stream(seed, f"{name}, noise", epoch) for seed in self.network.seeds]
        first = torch.arange(models).repeat_interleave(size) * examples  # of each model's examples
        target = self.x.new_empty(models, size, inputs)
        for rows in draw_batches(self.network.seeds, examples, size, epoch, f"{name}, order"):
            own = (rows + first).to(self.x.device)
            torch.index_select(self.x.flatten(0, 1), 0, own, out=target.flatten(0, 1))
            corrupted = self.recipe.corruption(target, noise)
            autoencoders.inplace(self.coder, corrupted, target, rate, penalty)

    @torch.no_grad()
    def look(self, epoch: int) -> Float[np.ndarray, "models"]:
        """The cost on corrupted validation examples, always the same; the best weights are kept."""
        name = f"pretraining {self.position}, validation"
        noise = [seeds.stream(seed, name) for seed in self.network.seeds]
        total = self.x.new_zeros(self.network.models)
        for start in range(0, self.others.shape[1], _AT_ONCE):
            target = self.others[:, start : start + _AT_ONCE]
            z = self.coder.before(self.recipe.corruption(target, noise))
            total += self.coder.reconstruction.cost(z, target).sum((-2, -1))
        error = (total / self.others.shape[1]).double().numpy(force=True)
        error = np.where(np.isfinite(error), error, np.nan)
        better = np.nan_to_num(error, nan=np.inf) < self.lowest
        self.lowest = np.where(better, error, self.lowest)
        self.best_epoch = np.where(better, epoch, self.best_epoch)
        places = torch.from_numpy(np.flatnonzero(better)).to(self.x.device)
        for kept, now in zip(self.best, self.coder.parameters(), strict=True):
            kept[places] = now[places]
        return error

    @torch.no_grad()
    def close(self) -> Float[np.ndarray, "models"]:
        """Give the network the best weights, bring its outputs into range; the share of dead."""
        for kept, now in zip(self.best, self.coder.parameters(), strict=True):
            now.copy_(kept)
        if self.coder.reconstruction.unit_range:
            scale_to_unit(self.network, self.position, self.x, rule=self.recipe.rule)
        dead = sparsity.dead_units(self.coder.code(self.others))
        return dead.double().mean(-1).numpy(force=True)


@torch.no_grad()
def _take_over(network: MLP, position: int, chosen: Int[np.ndarray, "models"]) -> None:
    """Give each network the layer of the network that was chosen for it."""
    layer = network.stacked_layers()[position]
    places = torch.from_numpy(chosen).to(layer.weight.device)
    for parameter in layer.parameters():
        parameter.copy_(parameter[places])


@torch.no_grad()
def _inputs(
    network: MLP, position: int, x: Float[Tensor, "examples inputs"]
) -> Float[Tensor, "models examples _"]:
    """What a hidden layer of each model receives, for every example."""
    h = x.expand(network.models, -1, -1)
    for layer in network.stacked_layers()[:position]:
        h = network.activation(layer(h))
    return h.contiguous()


def _chunk_size(network: MLP) -> int:
    """How many models to train at a time: all on a GPU, on a CPU what its caches hold."""
    weights = [layer.weight for layer in network.stacked_layers()]
    if weights[0].is_cuda:
        return network.models
    largest = max(2 * w[0].numel() * w.element_size() for w in weights)  # there and back
    most = max(1, _CACHE_BYTES // largest) * torch.get_num_threads()
    return math.ceil(network.models / math.ceil(network.models / most))


def _check_fit(network: MLP, x: Tensor, hyper: Hyperparameters, recipe: Recipe) -> None:
    """Raise if network, examples and hyperparameters do not belong together."""
    if list(network.seeds) != hyper.seed.tolist():
        raise ValueError(
            f"The network's seeds must be those of Hyperparameters. Got {network.models} models "
            f"and {len(hyper)} seeds, or other numbers."
        )
    if x.shape[-1] != network.sizes[0]:
        raise ValueError(
            f"The network takes {network.sizes[0]} inputs. Got examples of {x.shape[-1]}."
        )
    if recipe.batch_size > len(x):
        raise ValueError(
            f"The `batch_size` must be at most the {len(x)} examples. Got {recipe.batch_size}."
        )
