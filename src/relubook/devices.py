"""Where networks train: on a GPU where there is one, and where the reader says."""

import os

import torch

NAMES = ("auto", "cpu", "cuda")
VARIABLE = "RELUBOOK_DEVICE"  # what `auto` means, if a reader wants it otherwise


def chosen(name: str = "auto") -> str:
    """The device that a name stands for.

    Args:
        name: `cpu`, `cuda`, or `auto`: what the environment variable `RELUBOOK_DEVICE` says, else a
            GPU that PyTorch can use, else the processor.

    Returns:
        `cpu` or `cuda`.

    Raises:
        ValueError: If there is no such name, or no GPU that PyTorch can use.
    """
    asked = os.environ.get(VARIABLE, "auto") if name == "auto" else name
    if asked not in NAMES:
        where = f"environment variable {VARIABLE}" if name == "auto" else "device"
        raise ValueError(f"The {where} must be auto, cpu or cuda. Got {asked!r}.")
    available = torch.cuda.is_available()
    if asked == "cuda" and not available:
        raise ValueError("There is no CUDA device here. Ask for the device cpu, or auto.")
    return "cuda" if asked != "cpu" and available else "cpu"
