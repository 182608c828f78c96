"""How one hidden layer is pretrained: what all networks share, and their passes over examples."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import (
    autoencoders,
    output_sampling,
    pretraining_inputs,
    reconstructions,
    seeds,
    sparse_batches,
    sparsity,
)
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.pretraining_inputs import Held, Pair, Streamed
from relubook.rescaling import scale_to_unit

RULES = ("global", "unit")
TARGETS = ("after", "before")
IMAGES = Corruption()  # the noise that glorot2011 (p. 320) took for images
_AT_ONCE = 1000  # examples


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What all networks of a run share.

    Attributes:
        epochs: Passes over the examples for each layer.
        batch_size: Examples a step; the last incomplete batch of a pass is left out.
        corruption: What is done to a layer's inputs.
        above: Another one for the layers above the first, or None: salt belongs to inputs that
            may be 1 (glorot2011, p. 321).
        reconstruction: A key of `reconstructions.RECONSTRUCTIONS`.
        first: Another one for the first layer, whose inputs are the examples, or None: inputs below
            0, for instance, are no numbers that a softplus puts out.
        target: What layers above the first restore: what the units below them put out (`after`) or
            their pre-activations (`before`), for linear outputs only (glorot2011, p. 319, strategy
            3). What they receive is the same.
        tied: Whether decoders use the encoders' weights.
        rule: How outputs are brought into 0 to 1 for cross-entropy: divided by the largest of the
            layer (`global`) or of each unit (`unit`).
        choose: Whether, after each layer, all networks of one seed go on with the layer that
            restored best. So each layer gets the learning rate that suits it (glorot2011, p. 320):
            the upper ones receive larger numbers, and need smaller steps.
        zeros: Probability with which the first layer restores an output that is zero before and
            after noise [1]; below 1 for sparse rows only, see `output_sampling`.

    Raises:
        ValueError: If one of them is out of its range, or they do not fit each other.
    """

    epochs: int
    batch_size: int = 10
    corruption: Corruption = IMAGES
    reconstruction: str = "softplus"
    first: str | None = None
    target: str = "after"
    tied: bool = False
    rule: str = "global"
    choose: bool = False
    above: Corruption | None = None
    zeros: float = 1.0

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"The `{name}` of Recipe must be at least 1. Got {getattr(self, name)}."
                )
        if not 0 < self.zeros <= 1:
            raise ValueError(f"The `zeros` of Recipe must be above 0, up to 1. Got {self.zeros}.")
        for position in (0, 1):
            reconstructions.get(self.restores(position))
        for name, known in (("rule", RULES), ("target", TARGETS)):
            if (given := getattr(self, name)) not in known:
                raise ValueError(f"The `{name}` must be one of {', '.join(known)}. Got {given!r}.")
        if self.target == "before" and self.reconstruction != "linear":
            raise ValueError(
                "Pre-activations are restored by linear outputs: the `target` before goes with the "
                f"`reconstruction` linear. Got {self.reconstruction!r}."
            )

    def restores(self, position: int) -> str:
        """The name of the reconstruction of a hidden layer, from 0 on."""
        return self.first if self.first is not None and position == 0 else self.reconstruction

    def noise(self, position: int) -> Corruption:
        """What is done to the inputs of a hidden layer, from 0 on."""
        return self.above if self.above is not None and position > 0 else self.corruption

    def samples(self, position: int) -> bool:
        """Whether a hidden layer restores only some of its outputs at each step."""
        return self.zeros < 1 and position == 0


class Layer:
    """One hidden layer of some models, with the inputs that it learns to restore.

    Attributes:
        lowest: The lowest cost of restoring so far, of each model [1]; infinity at first.
        best_epoch: The pass that ended with it; -1 at first.
    """

    def __init__(
        self,
        network: MLP,
        position: int,
        x: Float[Tensor, "examples inputs"],
        validation: Float[Tensor, "others inputs"],
        recipe: Recipe,
    ) -> None:
        """A layer before its first pass.

        Args:
            network: The models; layers below this one have learned.
            position: Of the hidden layer, from 0 on.
            x: What the first layer receives.
            validation: The same of other examples.
            recipe: What the models share.

        Raises:
            ValueError: If the reconstruction is not defined for what it is to restore.
        """
        self.network, self.position, self.recipe = network, position, recipe
        self.coder = Autoencoder.of(
            network, position, reconstruction=recipe.restores(position), tied=recipe.tied,
            by_output=recipe.samples(position),
        )  # fmt: skip
        before = recipe.target == "before"
        self.examples = pretraining_inputs.of(network, position, x, before=before)
        self.validation = pretraining_inputs.of(network, position, validation, before=before)
        for inputs in (self.examples, *[self.validation] * (position == 0)):
            self._check(inputs)
        self.best = [p.detach().clone() for p in self.coder.parameters()]
        self.lowest = np.full(network.models, np.inf)
        self.best_epoch = np.full(network.models, -1)

    def learn(self, learning_rate: Tensor, l1: Tensor, epoch: int) -> None:
        """One pass over the examples, each model in its own order and with its own noise."""
        rate, penalty = (v.to(self.coder.bias).view(-1, 1, 1) for v in (learning_rate, l1))
        size, name, model_seeds = self.recipe.batch_size, self._name, self.network.seeds
        corruption, samples = self.recipe.noise(self.position), self.recipe.samples(self.position)
        noise, outputs = (
            [seeds.stream(seed, f"{name}, {purpose}", epoch) for seed in model_seeds]
            for purpose in ("noise", "outputs")
        )
        for rows in draw_batches(model_seeds, len(self.examples), size, epoch, f"{name}, order"):
            x, target = self.examples.take(rows.view(-1, size))
            corrupted = corruption(x, noise)
            if samples:
                sample = output_sampling.draw(target, corrupted, self.recipe.zeros, outputs)
                output_sampling.descend(self.coder, corrupted, sample, rate, penalty)
            else:
                target = sparse_batches.dense(target)
                autoencoders.descend(self.coder, corrupted, target, rate, penalty)

    @torch.no_grad()
    def look(self, epoch: int) -> Float[np.ndarray, "models"]:
        """The cost on corrupted validation examples, always the same; the best weights are kept."""
        noise = [seeds.stream(seed, f"{self._name}, validation") for seed in self.network.seeds]
        corruption, cost = self.recipe.noise(self.position), self.coder.reconstruction.cost
        total = self.coder.bias.new_zeros(self.network.models)
        for x, target in self.validation.parts(_AT_ONCE):
            z = self.coder.before(corruption(x, noise))
            total += cost(z, sparse_batches.dense(target)).sum((-2, -1))
        error = (total / len(self.validation)).double().numpy(force=True)
        error = np.where(np.isfinite(error), error, np.nan)
        better = np.nan_to_num(error, nan=np.inf) < self.lowest
        self.lowest = np.where(better, error, self.lowest)
        self.best_epoch = np.where(better, epoch, self.best_epoch)
        places = torch.from_numpy(np.flatnonzero(better)).to(self.coder.bias.device)
        for kept, now in zip(self.best, self.coder.parameters(), strict=True):
            kept[places] = now[places]
        return error

    @torch.no_grad()
    def close(self) -> Float[np.ndarray, "models"]:
        """Give the network the best weights, bring its outputs into range; the share of dead."""
        for kept, now in zip(self.best, self.coder.parameters(), strict=True):
            now.copy_(kept)
        if self.recipe.reconstruction == "cross-entropy":  # of the layer above
            parts = (x for x, _ in self.examples.parts(_AT_ONCE))
            scale_to_unit(self.network, self.position, parts, rule=self.recipe.rule)
        at_once = _AT_ONCE if isinstance(self.validation, Streamed) else len(self.validation)
        dead = torch.ones_like(self.coder.encoder.bias[:, 0], dtype=torch.bool)
        for x, _ in self.validation.parts(at_once):
            dead &= sparsity.dead_units(self.coder.code(x))
        return dead.double().mean(-1).numpy(force=True)

    def state(self) -> dict[str, np.ndarray]:
        """What training has changed besides the network, by name."""
        own = {"lowest": self.lowest, "best_epoch": self.best_epoch}
        for name, tensors in (("now", self.coder.parameters()), ("best", self.best)):
            own |= {f"{name}_{place}": p.numpy(force=True) for place, p in enumerate(tensors)}
        return own

    @torch.no_grad()
    def go_on(self, state: dict[str, np.ndarray]) -> None:
        """Take up what `state` gave, in another process perhaps."""
        self.lowest, self.best_epoch = state["lowest"], state["best_epoch"]
        for name, tensors in (("now", self.coder.parameters()), ("best", self.best)):
            for place, tensor in enumerate(tensors):
                tensor.copy_(torch.from_numpy(state[f"{name}_{place}"]))

    def others(self) -> Pair:
        """Validation examples of every model, all at once, and what they are to be restored to."""
        return next(self.validation.parts(len(self.validation)))

    @property
    def _name(self) -> str:
        """With what the names of this layer's random streams begin."""
        return f"pretraining {self.position}"

    def _check(self, inputs: Held | Streamed) -> None:
        """Raise if the reconstruction is not defined for what is to be restored.

        What is worked out anew each time is looked at in part: it was scaled on all examples.
        """
        if self.coder.reconstruction.targets is None:
            return
        if isinstance(inputs, Held):
            self.coder.reconstruction.checked(inputs.target)
        elif self.position == 0:
            self.coder.reconstruction.checked(inputs.examples.values())
        else:
            self.coder.reconstruction.checked(next(inputs.parts(_AT_ONCE))[1])
