"""An archive that lies about its size, or unpacks to far more than it should, is refused early."""

import functools
import lzma
import tarfile
import tracemalloc
import zlib

import pytest
from tiny_archives import patched, zip_of

from relubook.datasets.files.archives import gunzip, tar_members, unxz, zip_members

LIMIT = 1 << 20


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"flags": 1}, "must not be encrypted. It is"),
        ({"method": 99}, "must be stored or deflated. Its method has the number 99"),
        ({"method": 14}, "must be stored or deflated"),
        ({"size": 10}, "is not a whole zip file"),
        ({"size": 100_001}, "is not a whole zip file"),
        ({"size": 4_000_000_000}, "must unpack to at most 1,048,576 bytes"),
    ],
)
def test_a_zip_archive_that_lies_or_hides_is_refused(fields, words):
    packed = patched(zip_of({"a": bytes(100_000)}), **fields)
    with pytest.raises(ValueError, match=words):
        zip_members(packed, ["a"], name="x.zip", limit=LIMIT)


def zeros_deflated(megabytes):
    """Raw deflate data that unpacks to so many MiB of zeros, made without packing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return piece * megabytes


GZIP_HEADER = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255))


def tar_bomb():
    """A tar archive of one member of 2 GiB."""
    member = tarfile.TarInfo("a")
    member.size = 1 << 31
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    header = packer.compress(member.tobuf()) + packer.flush(zlib.Z_FULL_FLUSH)
    return GZIP_HEADER + header + zeros_deflated(2048)


BOMBS = {
    "gzip": (gunzip, lambda: GZIP_HEADER + zeros_deflated(2048)),
    "xz": (unxz, lambda: lzma.compress(bytes(1 << 24)) * 128),
    "tar": (functools.partial(tar_members, wanted=["a"]), tar_bomb),
    "tar, unwanted": (functools.partial(tar_members, wanted=["b"]), tar_bomb),
    "tar, after its end": (
        functools.partial(tar_members, wanted=["b"]),
        lambda: GZIP_HEADER + zeros_deflated(2048),
    ),
    "zip": (
        functools.partial(zip_members, wanted=["a"]),
        lambda: patched(zip_of({"a": b"1"}), size=1 << 31),
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_of_two_gigabytes_is_refused_within_a_few_megabytes(kind):
    read, make = BOMBS[kind]
    bomb = make()
    assert len(bomb) < 1 << 22
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="must unpack to at most 1,048,576 bytes"):
            read(bomb, name="x", limit=LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 16 << 20  # xz itself needs 8
    finally:
        tracemalloc.stop()
