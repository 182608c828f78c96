"""Tensors that say they are elsewhere and are computed here: whoever mixes devices is told.

A GPU is imitated in two things only: an operation refuses tensors of two devices, and NumPy reads
none that is elsewhere. The device is called `meta`, since PyTorch without CUDA makes no tensor that
says `cuda`. What only a real GPU can show is in `test_on_a_gpu.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

ELSEWHERE = torch.device("meta")
# As PyTorch has it: what is read or written across devices by design.
ACROSS = {"aten::copy_", "aten::_to_copy", "aten::index.Tensor", "aten::index_put_"}


class Elsewhere(Tensor):
    """A tensor of this machine that says it is elsewhere."""

    here: Tensor

    @staticmethod
    def __new__(cls, here: Tensor) -> Elsewhere:
        made = torch.Tensor._make_wrapper_subclass(
            cls, here.size(), strides=here.stride(), storage_offset=here.storage_offset(),
            dtype=here.dtype, device=ELSEWHERE, requires_grad=here.requires_grad,
        )  # fmt: skip
        made.here = here
        return made

    def numpy(self, *, force: bool = False) -> np.ndarray:
        """As on a GPU: the numbers come only to those who ask for a copy."""
        if not force:
            raise TypeError("can't convert a tensor on a GPU to numpy")
        return self.here.detach().numpy(force=True)

    def tolist(self) -> Any:
        """The numbers, as a list; on a GPU this waits for them."""
        return self.here.tolist()

    @classmethod
    def __torch_dispatch__(
        cls, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        return _run(func, args, kwargs or {})


class _Mode(TorchDispatchMode):
    """Also sees what is made on a device, or sent there."""

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        return _run(func, args, kwargs or {})


def _run(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    given = [one for one in tree_flatten((args, kwargs))[0] if isinstance(one, Tensor)]
    there = [isinstance(one, Elsewhere) for one in given]
    asked = kwargs.get("device")
    name = func.name()
    # A number of no dimensions may come from anywhere.
    mixed = any(there) and any(not far and one.dim() for one, far in zip(given, there, strict=True))
    if mixed and not any(name.startswith(one) for one in ACROSS):
        raise RuntimeError(f"{name}: expected all tensors to be on the same device.")
    outer = {id(one.here): one for one in given if isinstance(one, Elsewhere)}
    if asked is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    bare = tree_map(lambda one: one.here if isinstance(one, Elsewhere) else one, (args, kwargs))
    found = func(*bare[0], **bare[1])
    first = isinstance(args[0], Elsewhere) if args and isinstance(args[0], Tensor) else any(there)
    away = torch.device(asked) == ELSEWHERE if asked is not None else first

    def placed(one: object) -> object:
        if not isinstance(one, Tensor) or isinstance(one, Elsewhere):
            return one
        if id(one) in outer:
            return outer[id(one)]
        if any(one is near for near in given):
            return one
        if name == "aten::_to_copy" and asked is not None and one is bare[0][0]:
            one = one.clone()
        return Elsewhere(one) if away else one

    return tree_map(placed, found)


@contextmanager
def pretend_gpu() -> Iterator[None]:
    """Meanwhile `meta` is a device that tensors can be sent to."""
    with _Mode():
        yield
