"""The matrix format of NORB: a short header, then numbers; what does not add up is refused.

Header, little-endian 32-bit integers: a magic number for the type of number, the number of axes,
then the length of each axis, and of no fewer than three: those that are lacking are 1.
"""

import math
import struct

import numpy as np

MAGIC = {"uint8": 0x1E3D4C55, "int32": 0x1E3D4C54}
_LEAST_AXES = 3


def header(dtype: str, shape: tuple[int, ...]) -> bytes:
    """The header of a file of such numbers.

    Args:
        dtype: One of `MAGIC`.
        shape: The length of each axis.

    Returns:
        20 bytes, or 4 more for each axis after the third.
    """
    lengths = (*shape, *(1,) * (_LEAST_AXES - len(shape)))
    return struct.pack(f"<{2 + len(lengths)}I", MAGIC[dtype], len(shape), *lengths)


def parse(content: bytes, *, dtype: str, shape: tuple[int, ...], name: str) -> np.ndarray:
    """The array in a matrix file.

    Args:
        content: The uncompressed file.
        dtype: What its numbers must be, one of `MAGIC`.
        shape: The length that each axis must have.
        name: Its name, for the error messages.

    Returns:
        A view of the file in that shape.

    Raises:
        ValueError: If the header is not that of such a file, or the number of bytes is another.
    """
    start = header(dtype, shape)
    if content[:4] != start[:4]:
        raise ValueError(
            f"The matrix file {name} must begin with {start[:4].hex(' ')} ({dtype}). "
            f"Got {content[:4].hex(' ') or 'nothing'}."
        )
    if content[: len(start)] != start:
        got = content[4 : len(start)]
        found = struct.unpack(f"<{len(got) // 4}I", got[: len(got) // 4 * 4])
        raise ValueError(
            f"The matrix file {name} must have {len(shape)} axes, {' x '.join(map(str, shape))}. "
            f"Its header says {', '.join(map(str, found)) or 'nothing'}."
        )
    expected = math.prod(shape) * np.dtype(dtype).itemsize
    if len(content) - len(start) != expected:
        raise ValueError(
            f"The matrix file {name} must hold {expected:,} bytes after its header. "
            f"Got {len(content) - len(start):,}."
        )
    numbers = np.frombuffer(content, np.dtype(dtype).newbyteorder("<"), offset=len(start))
    return numbers.reshape(shape)
