"""Examples with their labels, and the digest that names them."""

import hashlib
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import rows

SPLITS = ("train", "validation", "test")


class DatasetUnavailable(OSError):
    """A data set that could not be found, fetched or trusted; the text says what to do by hand."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Examples with their labels.

    Attributes:
        x: Inputs [1] as [examples inputs]; images have one number in 0..1 per pixel (or in -1..1
            where the paper's have). Bags of words are sparse, in compressed rows.
        y: Labels [examples], from 0 to the number of classes minus 1.
        group: Which of `Dataset.groups` each example is of, such as a domain; None without groups.
    """

    x: Float[Tensor, "examples inputs"]
    y: Int[Tensor, "examples"]
    group: Int[Tensor, "examples"] | None = None

    def __len__(self) -> int:
        return len(self.x)

    def take(self, chosen: Int[Tensor, "chosen"]) -> "Split":
        """The examples of those row numbers, in that order."""
        group = None if self.group is None else self.group[chosen]
        return Split(x=rows.take(self.x, chosen), y=self.y[chosen], group=group)


def digest(*splits: Split, unlabelled: Float[Tensor, "more inputs"] | None = None) -> str:
    """The SHA-256 of what is served: the shape, type and bytes of every tensor.

    Args:
        *splits: In the order of `SPLITS`.
        unlabelled: More inputs, if there are any.

    Returns:
        64 hexadecimal digits, equal for equal data stored alike, on any machine and from any
        source. Sparse and dense rows of the same numbers differ; `Dataset.dense` keeps the digest.
    """
    tensors = [tensor for split in splits for tensor in (*rows.stored(split.x), split.y)]
    tensors += [split.group for split in splits if split.group is not None]
    tensors += [] if unlabelled is None else rows.stored(unlabelled)
    sha = hashlib.sha256()
    if splits and splits[0].x.layout == torch.sparse_csr:
        sha.update(f"sparse rows of {splits[0].x.shape[1]};".encode())
    for tensor in tensors:
        array = tensor.detach().cpu().contiguous().numpy()
        sha.update(f"{array.dtype.newbyteorder('<').str} {array.shape};".encode())
        sha.update(array.astype(array.dtype.newbyteorder("<"), copy=False).data)
    return sha.hexdigest()


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
