"""A data set like MNIST but tiny: four real gzipped idx files, to serve, damage and load."""

import functools
import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np

from relubook.datasets.entry import Edition, Entry, File
from relubook.datasets.images import mnist

PARTS = {"train": 12, "t10k": 4}


def idx_bytes(array):
    """The idx file of an array of unsigned bytes."""
    return (
        bytes((0, 0, 8, array.ndim))
        + struct.pack(f">{array.ndim}I", *array.shape)
        + array.tobytes()
    )


def tiny_files():
    """The contents of the four files, by name."""
    generator = np.random.default_rng(7)
    files = {}
    for part, n in PARTS.items():
        images = generator.integers(0, 256, (n, 5, 5), dtype=np.uint8)
        labels = (np.arange(n) % 10).astype(np.uint8)
        files[f"{part}-images-idx3-ubyte.gz"] = gzip.compress(idx_bytes(images), mtime=0)
        files[f"{part}-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes(labels), mtime=0)
    return files


def tiny_entry(*hosts):
    """An entry for these files; `hosts` are the addresses they are served under."""
    files = tuple(
        File(
            name=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            urls=tuple(f"{host}/{name}" for host in hosts or ("http://127.0.0.1:1",)),
        )
        for name, content in tiny_files().items()
    )
    return Entry(
        name="tiny",
        title="Tiny",
        what="sixteen random images",
        origin=(Edition(files=files, read=functools.partial(mnist.read, validation=2)),),
        license="none",
        citekey="none",
        classes=tuple("0123456789"),
        image_shape=(5, 5),
        stand_in="mnist-5k",
    )


def put(folder):
    """Write the four files into a folder, which is made."""
    Path(folder).mkdir(parents=True)
    for name, content in tiny_files().items():
        Path(folder, name).write_bytes(content)
    return Path(folder)
