"""Small real data and networks that several tests use."""

import torch

from relubook.datasets import Dataset, Split


def blobs(examples: int = 120, inputs: int = 6, classes: int = 3, seed: int = 0) -> Dataset:
    """Gaussian blobs, one a class: learnable in a few epochs, no file needed."""
    generator = torch.Generator().manual_seed(seed)
    centers = 2 * torch.randn(classes, inputs, generator=generator)

    def split(n: int) -> Split:
        y = torch.arange(n) % classes
        return Split(x=centers[y] + torch.randn(n, inputs, generator=generator), y=y)

    return Dataset(
        name="blobs",
        train=split(examples),
        validation=split(60),
        test=split(60),
        source="embedded",
        sha256=f"blobs-{seed}",
        license="none",
        citekey="",
        classes=tuple("abcdefghij"[:classes]),
        image_shape=None,
        note="",
    )


def invented_passport(data: str) -> dict[str, object]:
    """What stands beside a record that a test makes up."""
    return {
        "version": "0", "commit": None, "dirty": None, "command": "a test", "seeds": [0],
        "started": "2026-01-01T00:00:00+00:00", "wall_time_s": 1.0, "device": "none",
        "versions": {}, "data": {
            "name": data, "train_examples": 5000, "sha256": "0", "source": "here",
        },
    }  # fmt: skip
