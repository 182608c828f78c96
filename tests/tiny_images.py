"""Real files of image sets, but tiny, and the ways in which a file may be damaged."""

import gzip
import io
import re
import zipfile

import numpy as np
import torch
from hypothesis import strategies as st
from tiny_digits import idx_bytes

from relubook.datasets.files import norb_matrix
from relubook.datasets.images import emnist, small_norb
from relubook.datasets.values import digest

HTML = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"
EMNIST_COUNTS = {"train": 9, "test": 4}
NORB_VIEWS = (1, 2, 5)


@st.composite
def damages(draw, content):
    """The content of a file after something went wrong with it."""
    kind = draw(st.sampled_from(["flipped", "truncated", "replaced start", "grown", "other"]))
    place = draw(st.integers(0, len(content) - 1))
    if kind == "flipped":
        changed = bytes([content[place] ^ draw(st.integers(1, 255))])
        return content[:place] + changed + content[place + 1 :]
    if kind == "truncated":
        return content[:place]
    if kind == "replaced start":
        return draw(st.binary(min_size=4, max_size=4)) + content[4:]
    if kind == "grown":
        return content + draw(st.binary(min_size=1, max_size=9))
    return draw(st.sampled_from([b"", HTML, b"\0" * 100, gzip.compress(HTML)]))


def outcome(read, *, named):
    """What was read, or None after a ValueError that names the file."""
    try:
        return read()
    except ValueError as problem:
        if not re.search(named, str(problem)):
            raise
        return None


def check_damage(read, contents, name, damaged, *, named):
    """Assert that damage to one file is refused by name, or else changes no number."""
    found = outcome(lambda: read({**contents, name: damaged}), named=named)
    assert found is None or same(found, read(contents))


def same(one, other):
    """Whether two readings give equal numbers in the same order."""
    return all(digest(getattr(one, part)) == digest(getattr(other, part)) for part in _SPLITS)


_SPLITS = ("train", "validation", "test")


def total(parts):
    """How many examples the splits have."""
    return [len(getattr(parts, name)) for name in _SPLITS]


def emnist_arrays(seed=3):
    """Upright images and labels by part, the first image being an L."""
    generator = np.random.default_rng(seed)
    arrays = {}
    for part, count in EMNIST_COUNTS.items():
        images = generator.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        images[0] = 0
        images[0, 4:24, 6] = images[0, 23, 6:16] = 255
        labels = generator.integers(0, 62, count, dtype=np.uint8)
        labels[0] = emnist.CLASSES.index("L")
        arrays[part] = (images, labels)
    return arrays


def emnist_zip(arrays, *, leave_out=()):
    """The published archive: images lie on their side, every member is gzipped in a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gzip/emnist-byclass-mapping.txt", "0 48\n")
        for part, (images, labels) in arrays.items():
            for kind, array in (("images", images.transpose(0, 2, 1)), ("labels", labels)):
                path = emnist.path(part, kind)
                if path not in leave_out:
                    archive.writestr(path, gzip.compress(idx_bytes(array), 1, mtime=0))
    return {emnist.ARCHIVE: buffer.getvalue()}


def norb_arrays(views=NORB_VIEWS, seed=5):
    """Stereo pairs, classes and info by part: every view of every toy once, in random order."""
    generator = np.random.default_rng(seed)
    arrays = {}
    for part, toys in small_norb.TOYS.items():
        elevations, azimuths, lights = views
        axes = (range(5), toys, range(elevations), range(0, 2 * azimuths, 2), range(lights))
        table = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 5)
        table = generator.permutation(table).astype(np.int32)
        pairs = generator.integers(0, 256, (len(table), 2, 1, 1), dtype=np.uint8)
        pairs = np.broadcast_to(pairs, (len(table), 2, 96, 96))
        arrays[part] = {"dat": pairs, "cat": table[:, 0], "info": table[:, 1:]}
    return arrays


def matrix_bytes(array):
    """The matrix file of an array."""
    dtype = {"u1": "uint8", "i4": "int32"}[array.dtype.str[1:]]
    return norb_matrix.header(dtype, array.shape) + array.tobytes()


def norb_files(arrays):
    """The six published files, gzipped."""
    return {
        small_norb.file_name(part, kind): gzip.compress(matrix_bytes(array), 1, mtime=0)
        for part, kinds in arrays.items()
        for kind, array in kinds.items()
    }


def pixels(split):
    """The inputs as the bytes they were."""
    return split.x.mul(255).round_().to(torch.uint8).numpy()
