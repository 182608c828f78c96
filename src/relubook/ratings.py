"""Ratings from classes: the expected number of stars, and how far it is from those given."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import Split
from relubook.history import answers
from relubook.networks import MLP


def expected(
    logits: Float[Tensor, "*models examples classes"], stars: Float[Tensor, "classes"]
) -> Float[Tensor, "*models examples"]:
    """The mean of the stars under the softmax of the logits.

    Args:
        logits: Of each class [nat].
        stars: How many stars each class stands for.

    Returns:
        A number between the fewest and the most stars [star].

    References:
        glorot2011, p. 322.

    >>> expected(torch.zeros(1, 5), torch.arange(1.0, 6.0))
    tensor([3.])
    """
    return logits.softmax(-1) @ stars.to(logits)


@dataclass(frozen=True)
class StarError:
    """A judge: the root of the mean squared difference of expected stars from those given.

    Attributes:
        stars: How many stars each class stands for, in the order of the classes.
    """

    stars: tuple[float, ...]

    @classmethod
    def of(cls, classes: tuple[str, ...]) -> "StarError":
        """The judge of classes that are named by their stars.

        Raises:
            ValueError: If a class has another name.
        """
        try:
            return cls(tuple(float(name) for name in classes))
        except ValueError as problem:
            raise ValueError(
                f"The classes must be numbers of stars. Got {', '.join(classes)}."
            ) from problem

    @torch.no_grad()
    def __call__(self, network: MLP, split: Split) -> Float[Tensor, "models"]:
        """The error of each model on a split [star]."""
        stars = torch.tensor(self.stars, dtype=torch.float64)
        total = torch.zeros(network.models, dtype=torch.float64)
        for hidden, y in answers(network, split):
            logits = network.layers[-1](hidden[-1]).double().cpu()
            total += (expected(logits, stars) - stars[y.cpu()]).square().sum(-1)
        return (total / len(split)).sqrt()
