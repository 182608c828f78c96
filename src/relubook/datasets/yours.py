"""Your own data: arrays become a data set that every function of the package takes."""

import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.dataset import Dataset
from relubook.datasets.values import Split

_SHUFFLE = 2011  # a seed


def of_arrays(
    name: str,
    *,
    train: Any,
    test: Any,
    validation: Any = 0.2,
    classes: Sequence[str] = (),
    image_shape: tuple[int, ...] | None = None,
    license: str = "yours",
    note: str = "",
) -> Dataset:
    """A data set from arrays.

    Inputs may be a NumPy array, a tensor, lists, or a SciPy sparse matrix, one example in a row;
    more axes are flattened. Unsigned bytes are taken for pixels and divided by 255; other numbers
    are used as they are. Labels may be whole numbers from 0, or the classes' names.

    Args:
        name: What figures and records call it.
        train: Inputs and labels to fit weights to.
        test: Inputs and labels to report errors on; never used for any choice.
        validation: Inputs and labels to choose on, or the share of the training examples to set
            aside for that, drawn at random with a fixed seed.
        classes: The name of each label; by default the names or numbers found in the training
            labels.
        image_shape: (rows, columns) or (rows, columns, 3) if examples are images; known already
            where the training inputs have more than two axes.
        license: The terms of use.
        note: What a reader of a figure must know.

    Returns:
        The data in float32, with `source` "yours" and a digest.

    Raises:
        ValueError: If inputs or labels are not numbers, are not finite, disagree in number, or a
            label names no class.

    >>> x, y = [[0], [1], [2], [3]], ["cat", "dog", "cat", "dog"]
    >>> of_arrays("mine", train=(x, y), test=(x, y), validation=0.5).classes
    ('cat', 'dog')
    """
    labels = _pair(train, f"the training data of {name}")[1]
    names = tuple(map(str, classes)) or _found(labels, f"the training labels of {name}")
    fitted = _split(train, names, f"the training data of {name}")
    if isinstance(validation, numbers.Real):
        fitted, held_out = _apart(fitted, float(validation), name)
    else:
        held_out = _split(validation, names, f"the validation data of {name}")
    return Dataset(
        name=name,
        train=fitted,
        validation=held_out,
        test=_split(test, names, f"the test data of {name}"),
        source="yours",
        license=license,
        citekey="",
        classes=names,
        image_shape=image_shape or _image_shape(train[0]),
        note=note,
    )


def _pair(pair: Any, where: str) -> Sequence[Any]:
    """Inputs and labels, if these are two things."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        got = f"{len(pair)} things" if isinstance(pair, tuple | list) else type(pair).__name__
        raise ValueError(f"There must be a pair of inputs and labels in {where}. Got {got}.")
    return pair


def _split(pair: Any, classes: tuple[str, ...], where: str) -> Split:
    """Inputs and labels as tensors."""
    pair = _pair(pair, where)
    x, y = _inputs(pair[0], where), _labels(pair[1], classes, where)
    if len(x) != len(y):
        raise ValueError(
            f"There must be one label for each example in {where}. Got {len(x)} examples and "
            f"{len(y)} labels."
        )
    return Split(x=x, y=y)


def _image_shape(values: Any) -> tuple[int, ...] | None:
    """The shape of each example, if that is more than a row of numbers."""
    shape = () if hasattr(values, "tocsr") else np.shape(values)[1:]
    return tuple(shape) if len(shape) > 1 else None


def _inputs(values: Any, where: str) -> Float[Tensor, "examples inputs"]:
    """Inputs in float32, one row per example."""
    if hasattr(values, "tocsr"):
        matrix = values.tocsr().copy()
        matrix.sum_duplicates()
        scale = 255 if matrix.dtype == np.uint8 else 1
        return rows.compressed(
            matrix.data / scale, matrix.indices, matrix.indptr, width=matrix.shape[1]
        )
    array = _array(values, f"The inputs of {where}")
    if array.dtype.kind not in "buif":
        raise ValueError(f"The inputs of {where} must be numbers. Got {array.dtype}.")
    if array.ndim < 2 or 0 in array.shape:
        raise ValueError(
            f"The inputs of {where} must have examples in rows and at least one input in each. "
            f"Got the shape {array.shape}."
        )
    x = torch.tensor(array.reshape(len(array), -1), dtype=torch.float32)
    return x / 255 if array.dtype == np.uint8 else x


def _labels(values: Any, classes: tuple[str, ...], where: str) -> Int[Tensor, "examples"]:
    """Labels as numbers from 0."""
    array = _array(values, f"The labels of {where}").reshape(-1)
    if array.dtype.kind in "US":
        return torch.tensor([_number(str(label), classes, where) for label in array])
    if array.dtype.kind == "f":
        broken = array[~np.isfinite(array) | (array != np.floor(array))]
        if len(broken):
            raise ValueError(
                f"The labels of {where} must be whole numbers or names. Got {broken[0]}."
            )
    if array.dtype.kind not in "buif":
        raise ValueError(f"The labels of {where} must be numbers or names. Got {array.dtype}.")
    return torch.tensor(array.astype(np.int64))


def _number(label: str, classes: tuple[str, ...], where: str) -> int:
    """The place of a name among the classes."""
    if label not in classes:
        raise ValueError(
            f"The labels of {where} must be among {', '.join(classes)}. Got {label!r}."
        )
    return classes.index(label)


def _found(values: Any, where: str) -> tuple[str, ...]:
    """The names among the labels in order, or "0", "1" and so on up to the largest number."""
    array = _array(values, where.capitalize()).reshape(-1)
    if array.dtype.kind in "US":
        return tuple(map(str, np.unique(array)))
    if array.dtype.kind not in "buif" or not array.size or not np.isfinite(array).all():
        raise ValueError(f"There must be finite numbers or names in {where}. Got {array!r:.60}.")
    if array.max() >= len(array):
        raise ValueError(
            f"There must be fewer classes than labels in {where}, which count from 0. Got "
            f"{len(array)} labels up to {array.max()}; give their names instead, as texts."
        )
    return tuple(map(str, range(int(array.max()) + 1)))


def _array(values: Any, what: str) -> np.ndarray:
    """The values as a NumPy array of one type, never of objects."""
    if isinstance(values, Tensor):
        if values.layout != torch.strided:
            raise ValueError(f"{what} must be dense, or a sparse matrix of SciPy. Got a tensor.")
        whole = values.detach().cpu()
        return (whole.float() if whole.is_floating_point() else whole).numpy()
    try:
        array = np.asarray(values)
    except ValueError as problem:
        raise ValueError(f"{what} must be rows of equal length. Got {problem}.") from problem
    if array.dtype == object and all(isinstance(value, str) for value in array.flat):
        return array.astype(str)
    if array.dtype == object:
        raise ValueError(f"{what} must be numbers or names of one type. Got mixed objects.")
    return array


def _apart(split: Split, share: float, name: str) -> tuple[Split, Split]:
    """The split without a random share of it, and that share."""
    count = round(share * len(split)) if np.isfinite(share) else 0
    if not 1 <= count < len(split):
        raise ValueError(
            f"The `validation` of {name} must be a share of the {len(split)} training examples "
            f"that leaves some on both sides. Got {share:g}."
        )
    generator = np.random.Generator(np.random.PCG64(_SHUFFLE))
    order = torch.tensor(generator.permutation(len(split)))
    return split.take(order[count:]), split.take(order[:count])
