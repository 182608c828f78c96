"""EMNIST by class: 814,255 handwritten digits and letters of NIST's forms, 62 classes."""

import string
from collections.abc import Mapping

import numpy as np
from jaxtyping import UInt8

from relubook.datasets.entry import Edition, Entry, File, Parts
from relubook.datasets.files import idx
from relubook.datasets.files.archives import gunzip, zip_members
from relubook.datasets.images import mnist

CLASSES: tuple[str, ...] = tuple(string.digits + string.ascii_uppercase + string.ascii_lowercase)
ARCHIVE = "gzip.zip"
PUBLISHED = {"train": 697_932, "test": 116_323}  # images
_SIDE = 28
_HEADERS = 16  # of an idx file of images; that of labels is shorter [bytes]
_ARCHIVE_LIMIT = 600_000_000  # the whole archive has 562 million bytes, these files are a part


def read(
    contents: Mapping[str, bytes],
    *,
    validation: int = 80_000,
    published: Mapping[str, int] = PUBLISHED,
) -> Parts:
    """The characters upright, the last 80,000 of the training file kept for validation.

    Args:
        contents: The published archive by its name.
        validation: How many images at the end of the training file to keep for validation.
        published: How many images the training file and the test file must hold.

    Returns:
        Train, validation and test split: 617,932, 80,000 and 116,323 images of 784 pixels.

    Raises:
        ValueError: If the archive or a file in it is damaged, or is not what its name promises.

    References:
        cohen2017, on the sizes; glorot2011, p. 319, on the 80,000.
    """
    paths = [path(part, kind) for part in published for kind in ("images", "labels")]
    members = zip_members(contents[ARCHIVE], paths, name=ARCHIVE, limit=_ARCHIVE_LIMIT)
    train, test = (_characters(members, part, count) for part, count in published.items())
    return mnist.split_up(train, test, classes=len(CLASSES), validation=validation)


def path(part: str, kind: str) -> str:
    """Where a file is in the archive.

    Args:
        part: "train" or "test".
        kind: "images" or "labels".

    Returns:
        Its path.
    """
    axes = {"images": 3, "labels": 1}[kind]
    return f"gzip/emnist-byclass-{part}-{kind}-idx{axes}-ubyte.gz"


def upright(
    images: UInt8[np.ndarray, "examples columns rows"],
) -> UInt8[np.ndarray, "examples rows columns"]:
    """The published images, which lie column by column, as one sees them.

    Args:
        images: As published.

    Returns:
        A view with rows and columns exchanged.
    """
    return images.transpose(0, 2, 1)


def _characters(members: dict[str, bytes], part: str, count: int) -> mnist.Labeled:
    """The upright images of one part and their labels."""
    return mnist.Labeled(
        name=f"emnist-byclass-{part}",
        images=upright(_array(members, part, "images", (count, _SIDE, _SIDE))),
        labels=_array(members, part, "labels", (count,)),
    )


def _array(
    members: dict[str, bytes], part: str, kind: str, shape: tuple[int, ...]
) -> UInt8[np.ndarray, "..."]:
    """The array in one of the archive's files, which is let go."""
    name = path(part, kind)
    limit = _HEADERS + int(np.prod(shape))
    array = idx.parse(gunzip(members.pop(name), name=name, limit=limit), axes=len(shape), name=name)
    if array.shape != shape:
        raise ValueError(
            f"The idx file {name} must hold {' x '.join(map(str, shape))}. "
            f"Got {' x '.join(map(str, array.shape))}."
        )
    return array


EMNIST = Entry(
    name="emnist",
    title="EMNIST",
    what="814,255 handwritten digits and letters of 62 classes, 28 x 28: 617,932 for training, "
    "80,000 to validate, 116,323 to test",
    origin=(
        Edition(
            files=(
                File(
                    name=ARCHIVE,
                    size=561753746,
                    sha256="fb9bb67e33772a9cc0b895e4ecf36d2cf35be8b709693c3564cea2a019fcda8e",
                    urls=(
                        f"https://biometrics.nist.gov/cs_links/EMNIST/{ARCHIVE}",
                        f"https://www.itl.nist.gov/iaui/vip/cs_links/EMNIST/{ARCHIVE}",
                    ),
                ),
            ),
            read=read,
        ),
    ),
    license="none stated; its authors ask for the citation",
    citekey="cohen2017",
    classes=CLASSES,
    image_shape=(_SIDE, _SIDE),
    note="All 62 classes, as unevenly as they were written; validation is the last 80,000 of the "
    "published training images, as many as the paper's NISTP has. Loading takes 4 GB of memory.",
    differs="Characters of the same forms, undistorted, 28 x 28, and 0.6 million to train on; the "
    "paper's NISTP has 82 million, distorted, 32 x 32, some of them printed.",
    stand_in="nistp",
)
