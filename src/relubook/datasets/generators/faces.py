"""The 62 characters of 22 printed faces, as pictures from which distorted characters are made.

`tools/bake_faces.py` has rendered them from the fonts that come with matplotlib 3.11. They are
stored, because older versions of matplotlib lack a face. Small pictures of the characters are kept
here, no font: nothing here can be installed or set type with. The fonts' licenses, all of which
allow this use, are printed in matplotlib's own license file:

- DejaVu Sans, Sans Mono and Serif: Bitstream Vera Fonts Copyright (c) 2003 by Bitstream, Inc., and
  Arev Fonts Copyright (c) 2006 by Tavmjong Bah; DejaVu's changes are in the public domain.
- STIXGeneral: Copyright (c) 2001-2010 by the STI Pub Companies, SIL Open Font License 1.1, which
  does not extend to documents made with the fonts.
- Computer Modern (cm*): BaKoMa Fonts, Copyright (c) 1994, 1995 Basil K. Malyshev, free to use for
  printing and embedding, without a notice.
"""

import functools
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
SIDE = 32  # rows and columns of a stored picture
PATH = Path(__file__).with_suffix(".npz")


@functools.cache
def names() -> tuple[str, ...]:
    """The names of the faces, as matplotlib calls their files, in the order of `masters`."""
    with np.load(PATH, allow_pickle=False) as stored:
        return tuple(str(name) for name in stored["names"])


def masters() -> UInt8[Tensor, "faces classes rows columns"]:
    """The pictures: 0 is background, 255 is ink; a face's largest character fills its square.

    Each character stands in the middle of its square. All of a face are drawn at one size, so that
    an x stays smaller than an X.

    Returns:
        22 faces of 62 characters of 32 x 32 pixels, a new tensor at each call.
    """
    with np.load(PATH, allow_pickle=False) as stored:
        return torch.from_numpy(stored["masters"])
