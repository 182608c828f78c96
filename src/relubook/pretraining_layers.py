"""How one hidden layer is pretrained: what all networks share, and their passes over examples."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import autoencoders, reconstructions, seeds, sparsity
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.epochs import draw_batches
from relubook.networks import MLP
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
        corruption: What is done to a layer's inputs, the same in every layer.
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

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"The `{name}` of Recipe must be at least 1. Got {getattr(self, name)}."
                )
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
            network, position, reconstruction=recipe.restores(position), tied=recipe.tied
        )
        before = recipe.target == "before"
        self.x, self.target = _inputs(network, position, x, before=before)
        self.others, self.other_target = _inputs(network, position, validation, before=before)
        for target in (self.target, *[self.other_target] * (position == 0)):
            self.coder.reconstruction.checked(target)
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
        x = self.x.new_empty(models, size, inputs)
        target = x if self.target is self.x else torch.empty_like(x)
        for rows in draw_batches(self.network.seeds, examples, size, epoch, f"{name}, order"):
            own = (rows + first).to(self.x.device)
            torch.index_select(self.x.flatten(0, 1), 0, own, out=x.flatten(0, 1))
            if target is not x:
                torch.index_select(self.target.flatten(0, 1), 0, own, out=target.flatten(0, 1))
            corrupted = self.recipe.corruption(x, noise)
            autoencoders.descend(self.coder, corrupted, target, rate, penalty)

    @torch.no_grad()
    def look(self, epoch: int) -> Float[np.ndarray, "models"]:
        """The cost on corrupted validation examples, always the same; the best weights are kept."""
        name = f"pretraining {self.position}, validation"
        noise = [seeds.stream(seed, name) for seed in self.network.seeds]
        total = self.x.new_zeros(self.network.models)
        for start in range(0, self.others.shape[1], _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            z = self.coder.before(self.recipe.corruption(self.others[:, part], noise))
            total += self.coder.reconstruction.cost(z, self.other_target[:, part]).sum((-2, -1))
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
        if self.recipe.reconstruction == "cross-entropy":  # of the layer above
            scale_to_unit(self.network, self.position, self.x, rule=self.recipe.rule)
        dead = sparsity.dead_units(self.coder.code(self.others))
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


@torch.no_grad()
def _inputs(
    network: MLP, position: int, x: Float[Tensor, "examples inputs"], *, before: bool
) -> tuple[Float[Tensor, "models examples _"], Float[Tensor, "models examples _"]]:
    """What a hidden layer of each model receives, for every example, and what it restores."""
    h = target = x.expand(network.models, -1, -1)
    for layer in network.stacked_layers()[:position]:
        z = layer(h)
        h = network.activation(z)
        target = z if before else h
    h = h.contiguous()
    return h, target if before and position else h
