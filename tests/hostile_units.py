"""Answers of students that no check should be stopped by, whatever it asks for."""

from __future__ import annotations

import math


class Doubled:
    def __call__(self, x, *more):
        return 2 * x + 1


HOSTILE = {
    "a list": lambda x, *more: [0.0],
    "a number": lambda x, *more: 1.0,
    "a generator": lambda x, *more: (v for v in range(3)),
    "a class": object,
    "a callable object": Doubled(),
    "another shape": lambda x, *more: x[..., :0] if x.ndim else x[None],
    "complex numbers": lambda x, *more: x * 1j,
    "nan": lambda x, *more: x * math.nan,
    "huge": lambda x, *more: x * 1e300,
    "an error": lambda x, *more: x.no_such_method(),
    "another signature": lambda: 1,
    "damage": lambda x, *more: x.zero_(),
    "endless": lambda x, *more: HOSTILE["endless"](x),
}
UNSOLVED = [None, ..., lambda x, *more: None, lambda x, *more: ...]
