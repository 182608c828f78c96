"""What is taken from an example before an autoencoder has to give it back.

Masking noise forces some inputs to 0; salt-and-pepper noise forces some to 0 and others to 1. Each
network draws from a generator of its own, so that trained among others it sees what it would see
alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from relubook import sparse_batches, sparse_noise


@dataclass(frozen=True, kw_only=True)
class Corruption:
    """Which share of the inputs is forced to which value.

    Attributes:
        masked: Probability of an input to be forced to 0 [1]; glorot2011 (p. 320) take 0.25 for
            images.
        salted: Probability of an input to be forced to 1 [1]; above 0 for the paper's
            salt-and-pepper noise on text (p. 321).

    Raises:
        ValueError: If one of them is below 0, or nothing would be left as it is.
    """

    masked: float = 0.25
    salted: float = 0.0

    def __post_init__(self) -> None:
        for name, share in (("masked", self.masked), ("salted", self.salted)):
            if not 0 <= share < 1:
                raise ValueError(f"The `{name}` share must be at least 0 and below 1. Got {share}.")
        if self.masked + self.salted >= 1:
            raise ValueError(
                "The `masked` and the `salted` share together must be below 1. "
                f"Got {self.masked} and {self.salted}."
            )

    def __call__(
        self, x: Float[Tensor, "models batch inputs"], generators: Sequence[torch.Generator]
    ) -> Float[Tensor, "models batch inputs"]:
        """The examples with some of their inputs forced to 0 or 1.

        Sparse rows stay sparse. Their chances are those of dense rows, but not their draws.

        Args:
            x: A mini-batch for each model [1], dense or sparse rows; it stays as it is.
            generators: One for each model, which each call moves on.

        Raises:
            ValueError: If there is not one generator for each model.
        """
        if len(generators) != len(x):
            raise ValueError(
                f"There must be one generator per model. Got {len(generators)} for {len(x)} models."
            )
        if self.masked == self.salted == 0:
            return x.clone()
        if sparse_batches.is_sparse(x):
            return sparse_noise.corrupted(x, self.masked, self.salted, generators)
        drawn = torch.empty(x.shape)
        for own, generator in zip(drawn, generators, strict=True):
            torch.rand(own.shape, generator=generator, out=own)
        drawn = drawn.to(x)
        salt = drawn >= 1 - self.salted if self.salted else None
        left = drawn.ge_(self.masked).mul_(x)  # where they stand: new memory costs more
        return left if salt is None else left.masked_fill_(salt, 1.0)
