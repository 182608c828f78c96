"""What took long to make is kept, and never served when it is not whole."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relubook.datasets.files import kept

MADE = {"numbers": np.arange(60).reshape(6, 10), "names": np.array(["one", "two"])}


def obtained(calls):
    return kept.obtain("some", "r1", lambda: calls.append(1) or MADE, dict)


def same(found):
    return all(np.array_equal(found[name], MADE[name]) for name in MADE) and set(found) == set(MADE)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_a_kept_file_with_any_bit_changed_gives_the_same_arrays(cache, place, bit):
    obtained([])
    (path,) = cache.rglob("*.npz")
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << bit
    path.write_bytes(content)
    assert same(obtained([]))
    path.unlink()


def test_another_key_is_another_file(cache):
    calls = []
    obtained(calls)
    kept.obtain("some", "r2", lambda: calls.append(2) or MADE, dict)
    obtained(calls)
    assert calls == [1, 2]
    assert {path.name for path in cache.rglob("*.npz")} == {"some-r1.npz", "some-r2.npz"}


def test_what_the_reader_refuses_is_made_again(cache):
    def refuse(found):
        raise ValueError("other numbers")

    calls = []
    obtained(calls)
    with pytest.raises(ValueError, match="other numbers"):
        kept.obtain("some", "r1", lambda: calls.append(2) or MADE, refuse)
    assert calls == [1, 2]
