"""The idx format of MNIST: a short header, then bytes; what does not add up is refused.

Header: two zero bytes, one byte for the type of number (8: unsigned bytes), one for the number of
axes, then the length of each axis as a big-endian 32-bit integer.
"""

import math
import struct

import numpy as np

from relubook.datasets.files.decompression import gunzip

_UNSIGNED_BYTES = 8
_LARGEST = 64_000_000  # MNIST's training images are 47 MB


def unzip(content: bytes, *, name: str, limit: int = _LARGEST) -> bytes:
    """The bytes inside a gzip file.

    Args:
        content: The compressed file.
        name: Its name, for the error message.
        limit: The most bytes that may come out [bytes]; enough for MNIST by default.

    Returns:
        What was compressed.

    Raises:
        ValueError: If the file is no gzip file, is damaged, ends early or holds more.
    """
    return gunzip(content, name=name, limit=limit)


def parse(content: bytes, *, axes: int, name: str) -> np.ndarray:
    """The array of unsigned bytes in an idx file.

    Args:
        content: The uncompressed file.
        axes: How many axes it must have: 3 for images, 1 for labels.
        name: Its name, for the error messages.

    Returns:
        uint8, shaped as the header says.

    Raises:
        ValueError: If the header is not that of such a file, or the number of bytes differs from
            what the header promises.
    """
    header = 4 + 4 * axes
    expected = bytes((0, 0, _UNSIGNED_BYTES, axes))
    if content[:4] != expected:
        raise ValueError(
            f"The idx file {name} must begin with {expected.hex(' ')} (unsigned bytes, "
            f"{axes} axes). Got {content[:4].hex(' ') or 'nothing'}."
        )
    if len(content) < header:
        raise ValueError(
            f"The idx file {name} ends inside its header of {header} bytes. Got {len(content)}."
        )
    shape = struct.unpack(f">{axes}I", content[4:header])
    if len(content) - header != math.prod(shape):
        raise ValueError(
            f"The idx file {name} must hold {math.prod(shape):,} bytes after its header, for "
            f"{' x '.join(map(str, shape))}. Got {len(content) - header:,}."
        )
    return np.frombuffer(content, dtype=np.uint8, offset=header).reshape(shape)


def pair(
    images: bytes, labels: bytes, *, name: str, limit: int = _LARGEST
) -> tuple[np.ndarray, np.ndarray]:
    """Images and their labels from two gzipped idx files that belong together.

    Args:
        images: The gzipped file of images.
        labels: The gzipped file of labels.
        name: What they are, for the error messages, such as "train".
        limit: The most bytes that either may hold [bytes]; enough for MNIST by default.

    Returns:
        Images [examples rows columns] and labels [examples], uint8.

    Raises:
        ValueError: If either file is damaged, or they differ in length.
    """
    pixels, answers = (
        parse(unzip(content, name=f"{name} {what}", limit=limit), axes=axes, name=f"{name} {what}")
        for content, axes, what in ((images, 3, "images"), (labels, 1, "labels"))
    )
    if len(pixels) != len(answers):
        raise ValueError(
            f"The {name} images and labels must be equally many. Got {len(pixels)} and "
            f"{len(answers)}."
        )
    return pixels, answers
