"""What a data set must satisfy before anything is trained on it."""

import math

from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.values import Split


def check_split(split: Split, where: str, *, inputs: int, classes: int, groups: int) -> None:
    """Raise if one split cannot be trained or tested on.

    Args:
        split: Its examples.
        where: Its name, for the error messages.
        inputs: How many inputs an example must have.
        classes: How many classes there are.
        groups: How many groups there are; 0 where examples are in none.

    Raises:
        ValueError: If it is empty, its parts disagree, an input is not finite, or a label or a
            group is out of range.
    """
    if len(split.x) == 0:
        raise ValueError(f"There must be at least one example in {where}. Got none.")
    if len(split.x) != len(split.y):
        raise ValueError(
            f"The `x` and `y` of {where} must be equally long. Got {len(split.x)} examples and "
            f"{len(split.y)} labels."
        )
    check_inputs(split.x, where, inputs=inputs)
    _check_range(split.y, f"The labels of {where}", classes, "label")
    if split.group is not None and len(split.group) != len(split.x):
        raise ValueError(
            f"The `x` and `group` of {where} must be equally long. Got {len(split.x)} examples "
            f"and {len(split.group)} groups."
        )
    if split.group is not None:
        _check_range(split.group, f"The groups of {where}", groups, "group")


def check_inputs(x: Float[Tensor, "examples inputs"], where: str, *, inputs: int) -> None:
    """Raise if examples have the wrong number of inputs, or one that is NaN or infinite.

    Args:
        x: Inputs [1], dense or in compressed rows.
        where: Their name, for the error messages.
        inputs: How many inputs an example must have.

    Raises:
        ValueError: At the first input at fault.
    """
    if x.shape[1] != inputs:
        raise ValueError(
            f"The examples of {where} must have {inputs} inputs, as the train split has. "
            f"Got {x.shape[1]}."
        )
    values = rows.stored(x)[-1]
    if values.sum().isfinite():  # one NaN or infinity spoils the sum: most data needs no 2nd look
        return
    broken = (~values.isfinite()).flatten().nonzero().flatten()
    if len(broken):
        example, place = rows.place(x, int(broken[0]))
        raise ValueError(
            f"Every input in {where} must be a finite number. Got "
            f"{values.flatten()[broken[0]].item()} at example {example}, input {place} "
            f"({len(broken):,} such inputs)."
        )


def check_vocabulary(vocabulary: tuple[str, ...], name: str, *, inputs: int) -> None:
    """Raise if there is a vocabulary, and it does not name every input.

    Raises:
        ValueError: Saying both numbers.
    """
    if vocabulary and len(vocabulary) != inputs:
        raise ValueError(
            f"The `vocabulary` of {name} must name its {inputs} inputs. "
            f"Got {len(vocabulary)} terms."
        )


def check_image_shape(shape: tuple[int, ...] | None, name: str, *, inputs: int) -> None:
    """Raise if examples are images of another number of pixels than there are inputs.

    Raises:
        ValueError: Saying both numbers.
    """
    if shape is not None and math.prod(shape) != inputs:
        raise ValueError(
            f"The `image_shape` of {name} must have {inputs} pixels, one for each input. "
            f"Got {' x '.join(map(str, shape))}."
        )


def _check_range(numbers: Int[Tensor, "examples"], what: str, count: int, kind: str) -> None:
    """Raise at the first number that names nothing."""
    outside = ((numbers < 0) | (numbers >= count)).nonzero().flatten()
    if len(outside):
        first = int(outside[0])
        raise ValueError(
            f"{what} must be from 0 to {count - 1}. Got {int(numbers[first])} at "
            f"example {first} ({len(outside):,} such {kind}s)."
        )
