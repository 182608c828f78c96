"""Training examples where the networks are, copied there once, as bytes if that loses nothing.

Images are bytes divided by 255. A GPU keeps the bytes, a quarter of the memory, and divides after
it has picked a mini-batch; on a CPU the division would cost more than it saves.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from relubook import sparse_batches
from relubook.datasets import Split

_WHITE = 255


@dataclass(frozen=True, kw_only=True)
class Resident:
    """Examples on the device that trains.

    Attributes:
        x: Inputs [1], in compressed rows if they came so, or bytes that stand for a number of
            255ths.
        y: Classes.
        one_hot: A row of zeros and a one for each class.
        white: 255, which bytes are divided by. It is a tensor on the device: a GPU divides by a
            plain number a little less exactly.
    """

    x: Float[Tensor, "examples inputs"] | UInt8[Tensor, "examples inputs"]
    y: Int[Tensor, "examples"]
    one_hot: Float[Tensor, "classes classes"]
    white: Float[Tensor, ""]

    @classmethod
    def of(
        cls,
        split: Split,
        classes: int,
        *,
        dtype: torch.dtype,
        device: torch.device,
        as_bytes: bool | None = None,
    ) -> "Resident":
        """A split on a device.

        Args:
            split: The examples.
            classes: How many classes there are.
            dtype: Of the mini-batches.
            device: Where they are needed.
            as_bytes: Whether to keep bytes if they stand for exactly these numbers; by default on
                a GPU only.
        """
        wanted = device.type == "cuda" if as_bytes is None else as_bytes
        one_hot = torch.eye(classes, dtype=dtype, device=device)
        wanted = wanted and dtype == split.x.dtype and not sparse_batches.is_sparse(split.x)
        packed = _packed(split.x) if wanted else None
        return cls(
            x=sparse_batches.like(split.x, one_hot) if packed is None else packed.to(device),
            y=split.y.to(device),
            one_hot=one_hot,
            white=torch.tensor(_WHITE, dtype=dtype, device=device),
        )

    def __len__(self) -> int:
        return len(self.x)

    def take(
        self,
        rows: Int[Tensor, "rows"],
        x: Float[Tensor, "rows inputs"],
        targets: Float[Tensor, "rows classes"],
    ) -> None:
        """Write the inputs and one-hot classes of some dense examples into two tensors."""
        self.take_inputs(rows, x)
        self.take_classes(rows, targets)

    def take_inputs(self, rows: Int[Tensor, "rows"], x: Float[Tensor, "rows inputs"]) -> None:
        """Write the inputs of some dense examples into a tensor."""
        if self.x.dtype == torch.uint8:
            x.copy_(self.x.index_select(0, rows)).div_(self.white)
        else:
            torch.index_select(self.x, 0, rows, out=x)

    def take_classes(
        self, rows: Int[Tensor, "rows"], targets: Float[Tensor, "rows classes"]
    ) -> None:
        """Write the one-hot classes of some examples into a tensor."""
        torch.index_select(self.one_hot, 0, self.y.index_select(0, rows), out=targets)


def _packed(x: Float[Tensor, "examples inputs"]) -> UInt8[Tensor, "examples inputs"] | None:
    """The numbers as bytes, or None if bytes divided by 255 would not be exactly these numbers."""
    if bool((x < 0).any() or (x > 1).any()):
        return None
    whole = (x * _WHITE).round().to(torch.uint8)
    same: Bool[Tensor, "examples inputs"] = whole.to(x.dtype).div_(_WHITE) == x
    return whole if bool(same.all()) else None
