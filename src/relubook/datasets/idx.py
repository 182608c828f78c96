"""The idx format of MNIST: a short header, then bytes; what does not add up is refused.

Header: two zero bytes, one byte for the type of number (8: unsigned bytes), one for the number of
axes, then the length of each axis as a big-endian 32-bit integer.
"""

import gzip
import math
import struct
import zlib

import numpy as np

_UNSIGNED_BYTES = 8


def unzip(content: bytes, *, name: str) -> bytes:
    """The bytes inside a gzip file.

    Args:
        content: The compressed file.
        name: Its name, for the error message.

    Returns:
        What was compressed.

    Raises:
        ValueError: If the file is no gzip file, is damaged or ends early.
    """
    try:
        return gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as problem:
        raise ValueError(f"The file {name} is not a whole gzip file: {problem}.") from problem


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


def pair(images: bytes, labels: bytes, *, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Images and their labels from two gzipped idx files that belong together.

    Args:
        images: The gzipped file of images.
        labels: The gzipped file of labels.
        name: What they are, for the error messages, such as "train".

    Returns:
        Images [examples rows columns] and labels [examples], uint8.

    Raises:
        ValueError: If either file is damaged, or they differ in length.
    """
    pixels = parse(unzip(images, name=f"{name} images"), axes=3, name=f"{name} images")
    answers = parse(unzip(labels, name=f"{name} labels"), axes=1, name=f"{name} labels")
    if len(pixels) != len(answers):
        raise ValueError(
            f"The {name} images and labels must be equally many. Got {len(pixels)} and "
            f"{len(answers)}."
        )
    return pixels, answers
