"""What a data set is once loaded: three splits of tensors, and where they came from."""

import hashlib
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

SPLITS = ("train", "validation", "test")


class DatasetUnavailable(OSError):
    """A data set that could not be found, fetched or trusted; the text says what to do by hand."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Examples with their labels.

    Attributes:
        x: Inputs [1] as [examples inputs]; images have one number in 0..1 per pixel.
        y: Labels [examples], from 0 to the number of classes minus 1.
    """

    x: Float[Tensor, "examples inputs"]
    y: Int[Tensor, "examples"]

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A data set ready to train on; a faulty one cannot be made.

    Attributes:
        name: What `load` was asked for. A name means one data set, wherever it came from.
        train: What the weights are fitted to.
        validation: What the best epoch and the learning rate are chosen on.
        test: What is reported.
        source: "mirror", "cache", "download" or "embedded".
        sha256: The digest of all numbers in the three splits; worked out when not given.
        license: The terms of use.
        citekey: The key in the book's bibliography.
        classes: The name of each label, in order.
        image_shape: (rows, columns) of an image, None for other data.
        note: What a reader of a figure must know about this data.

    Raises:
        ValueError: If a split is empty, its parts disagree, an input is not finite, or a label is
            out of range.
    """

    name: str
    train: Split
    validation: Split
    test: Split
    source: str
    sha256: str = ""
    license: str
    citekey: str
    classes: tuple[str, ...]
    image_shape: tuple[int, ...] | None = None
    note: str = ""

    def __post_init__(self) -> None:
        for split in SPLITS:
            _check(getattr(self, split), where=f"the {split} split of {self.name}", like=self)
        if not self.sha256:
            object.__setattr__(self, "sha256", digest(self.train, self.validation, self.test))

    @property
    def inputs(self) -> int:
        """How many numbers describe one example."""
        return self.train.x.shape[1]

    @property
    def outputs(self) -> int:
        """How many classes there are."""
        return len(self.classes)

    def subset(
        self, *, train: int | None = None, validation: int | None = None, test: int | None = None
    ) -> "Dataset":
        """The first examples of each split, under a name that says so.

        Args:
            train: How many training examples to keep; None keeps all of them.
            validation: The same for the validation split.
            test: The same for the test split.

        Returns:
            A data set of its own, with its own digest.

        Raises:
            ValueError: If a split has fewer examples than asked for, or none are asked for.
        """
        wanted = {"train": train, "validation": validation, "test": test}
        splits = {name: _first(self, name, count) for name, count in wanted.items()}
        counts = " / ".join(f"{len(split):,}" for split in splits.values())
        return replace(self, **splits, name=f"{self.name} ({counts})", sha256="")


def digest(*splits: Split) -> str:
    """The SHA-256 of what is served: the shape, type and bytes of every split's inputs and labels.

    Args:
        *splits: In the order of `SPLITS`.

    Returns:
        64 hexadecimal digits, equal for equal data on any machine and from any source.
    """
    sha = hashlib.sha256()
    for tensor in (tensor for split in splits for tensor in (split.x, split.y)):
        array = tensor.detach().cpu().contiguous().numpy()
        sha.update(f"{array.dtype.newbyteorder('<').str} {array.shape};".encode())
        sha.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    return sha.hexdigest()


def _first(dataset: Dataset, name: str, count: int | None) -> Split:
    """The first `count` examples of one split."""
    split: Split = getattr(dataset, name)
    if count is None:
        return split
    if not 1 <= count <= len(split):
        raise ValueError(
            f"The `{name}` of subset must be between 1 and {len(split):,}, the size of that split "
            f"of {dataset.name}. Got {count}."
        )
    return Split(x=split.x[:count], y=split.y[:count])


def _check(split: Split, *, where: str, like: Dataset) -> None:
    """Raise if one split cannot be trained or tested on."""
    if len(split.x) == 0:
        raise ValueError(f"There must be at least one example in {where}. Got none.")
    if len(split.x) != len(split.y):
        raise ValueError(
            f"The `x` and `y` of {where} must be equally long. Got {len(split.x)} examples and "
            f"{len(split.y)} labels."
        )
    if split.x.shape[1] != like.inputs:
        raise ValueError(
            f"The examples of {where} must have {like.inputs} inputs, as the train split has. "
            f"Got {split.x.shape[1]}."
        )
    _check_inputs(split.x, where)
    _check_labels(split.y, where, like.outputs)


def _check_inputs(x: Float[Tensor, "examples inputs"], where: str) -> None:
    """Raise at the first input that is NaN or infinite."""
    if x.sum().isfinite():  # one NaN or infinity spoils the sum: most data needs no second look
        return
    broken = (~x.isfinite()).nonzero()
    if len(broken):
        example, place = broken[0].tolist()
        raise ValueError(
            f"Every input in {where} must be a finite number. Got {x[example, place].item()} at "
            f"example {example}, input {place} ({len(broken):,} such inputs)."
        )


def _check_labels(y: Int[Tensor, "examples"], where: str, classes: int) -> None:
    """Raise at the first label that names no class."""
    outside = ((y < 0) | (y >= classes)).nonzero().flatten()
    if len(outside):
        first = int(outside[0])
        raise ValueError(
            f"The labels of {where} must be from 0 to {classes - 1}. Got {int(y[first])} at "
            f"example {first} ({len(outside):,} such labels)."
        )


def split_of(images: Tensor, labels: Tensor) -> Split:
    """A split from raw bytes: pixels 0..255 become inputs 0..1, one row per image.

    Args:
        images: Bytes [examples rows columns] or [examples inputs].
        labels: Bytes [examples].

    Returns:
        float32 inputs, int64 labels.
    """
    x = images.reshape(len(images), -1).to(torch.float32).div_(255)
    return Split(x=x, y=labels.to(torch.int64))
