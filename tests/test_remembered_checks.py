"""What the tests check while they run is not less for being checked once only."""

import importlib
import inspect
import pkgutil
from typing import Literal

import numpy as np
import pytest
import torch
from beartype import beartype
from beartype.roar import BeartypeException
from jaxtyping import Float, TypeCheckError
from remembered_checks import Remembering, jaxtyped
from torch import Tensor

import relubook
from relubook.activations import rectifier_derivative


def judged_by(looked_at):
    """A type checker that notes what it looks at."""

    def typechecker(function, *rest, **options):
        checked = beartype(function, *rest, **options)

        def noting(*args, **kwargs):
            looked_at.append((args, kwargs))
            return checked(*args, **kwargs)

        return noting

    return typechecker


def add(x: Float[Tensor, "rows columns"], y: Float[Tensor, "rows"]) -> Float[Tensor, "rows"]:
    return x.sum(1) + y


def test_a_call_is_judged_again_only_if_a_type_a_number_type_or_a_shape_is_new():
    looked_at = []
    checked = jaxtyped(add, typechecker=judged_by(looked_at))
    counts = []
    for x, y in (
        (torch.ones(2, 3), torch.ones(2)),
        (torch.zeros(2, 3), torch.zeros(2)),
        (torch.ones(2, 4), torch.ones(2)),
        (torch.ones(2, 4), torch.ones(2)),
        (torch.ones(2, 4).double(), torch.ones(2)),
    ):
        checked(x, y)
        counts.append(len(looked_at))
    once = counts[0]
    assert once > 0
    assert counts == [once, once, 2 * once, 2 * once, 3 * once]


def test_the_package_itself_is_checked_so_and_refuses_wrong_shapes_after_many_right_ones():
    for _ in range(1000):
        rectifier_derivative(torch.ones(2, 3), torch.ones(2, 3))
    for wrong in (torch.ones(2, 4), torch.ones(2, 3, dtype=torch.int64), [1.0], None):
        for _ in range(3):  # what was refused once is refused again
            with pytest.raises(TypeCheckError):
                rectifier_derivative(torch.ones(2, 3), wrong)


def test_a_result_of_another_shape_is_refused_though_its_arguments_have_passed():
    @jaxtyped(typechecker=beartype)
    def first(x: Float[Tensor, "rows"], values: bool) -> Float[Tensor, ""]:
        return x[0] if values else x

    assert first(torch.ones(3), True) == 1
    for _ in range(3):
        with pytest.raises(TypeCheckError, match="return value"):
            first(torch.ones(3), False)
    assert first(torch.ones(3), True) == 1


def test_results_of_several_kinds_are_judged_once_each():
    looked_at = []

    def head(x: Float[Tensor, "rows"], n: int) -> Float[Tensor, "_"] | None:
        return x[:n] if n else None

    checked = jaxtyped(head, typechecker=judged_by(looked_at))
    x, counts = torch.ones(3), []
    for n in (1, 2, 0, 2, 0, 1):
        assert (checked(x, n) is None) == (n == 0)
        counts.append(len(looked_at))
    once = counts[0]
    assert counts == [once, 2 * once, 3 * once, 3 * once, 3 * once, 3 * once]


def test_long_results_are_judged_every_time():
    @jaxtyped(typechecker=beartype)
    def repeated(n: int, word: bool) -> list[int]:
        return ["1" if word else 1] * n

    assert len(repeated(100, False)) == 100
    for _ in range(3):
        with pytest.raises(TypeCheckError, match="return value"):
            repeated(100, True)
    assert repeated(100, False) == [1] * 100


def test_a_result_is_judged_by_an_annotation_that_is_a_string():
    @jaxtyped(typechecker=beartype)
    def shown(numbers: "Tensor", as_text: bool) -> "Tensor":
        return str(numbers) if as_text else numbers

    assert shown(torch.ones(1), False) == 1
    with pytest.raises(TypeCheckError, match="return value"):
        shown(torch.ones(1), True)


def test_arrays_and_tensors_in_lists_tuples_and_dicts_are_told_apart():
    @jaxtyped(typechecker=beartype)
    def total(
        parts: list[Float[Tensor, "n"]], named: dict[str, tuple[Float[np.ndarray, "n"], int]]
    ) -> float:
        return float(sum(parts).sum()) + sum(len(array) for array, _ in named.values())

    good, array = [torch.ones(2)], np.ones(2)
    for _ in range(2):
        assert total(good, {"a": (array, 1)}) == 4
    for parts, named in (
        ([torch.ones(3)], {"a": (array, 1)}),
        ([torch.ones(2, 2)], {"a": (array, 1)}),
        (good, {"a": (np.ones((2, 1)), 1)}),
        (good, {"a": (array, "1")}),
        (good, {1: (array, 1)}),
        (tuple(good), {"a": (array, 1)}),
    ):
        with pytest.raises(TypeCheckError):
            total(parts, named)


def test_a_word_that_is_not_among_those_allowed_is_refused():
    @jaxtyped(typechecker=beartype)
    def judge(verdict: Literal["holds", "partly"]) -> str:
        return verdict

    assert [judge(word) for word in ("holds", "partly", "holds")] == ["holds", "partly", "holds"]
    with pytest.raises(TypeCheckError):
        judge("perhaps")


def test_long_containers_are_looked_at_every_time():
    looked_at = []

    def count(numbers: list[int]) -> int:
        return len(numbers)

    checked = jaxtyped(count, typechecker=judged_by(looked_at))
    counts = []
    for _ in range(3):
        checked(list(range(100)))
        counts.append(len(looked_at))
    assert counts == [counts[0], 2 * counts[0], 3 * counts[0]]


def test_two_functions_made_by_one_line_are_told_apart_by_their_annotations():
    def made(cls):
        @jaxtyped(typechecker=beartype)
        def same(value: cls) -> cls:
            return value

        return same

    whole, word = made(int), made(str)
    assert (whole(1), word("a")) == (1, "a")
    with pytest.raises(TypeCheckError):
        word(1)
    with pytest.raises(TypeCheckError):
        whole("a")


def remembered(holder):
    """Every function that is checked and belongs to a module or class."""
    for thing in vars(holder).values():
        for function in (thing, *(getattr(thing, name, None) for name in ("fget", "__func__"))):
            if isinstance(found := getattr(function, "remembered", None), Remembering):
                yield found
        if inspect.isclass(thing) and thing.__module__ == getattr(holder, "__name__", None):
            yield from remembered(thing)


def test_every_annotation_of_the_package_can_be_checked():
    """A function is prepared for its checks when it is first called; here all are."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(relubook.__path__, "relubook.")
        if not found.name.endswith("__main__")
    ]
    functions = {one for module in modules for one in remembered(module)}
    assert len(functions) > 5 * len(modules)
    unusable = []
    for one in functions:
        try:
            _ = one.checked
        except BeartypeException as error:
            unusable.append(f"{one.function.__module__}.{one.function.__qualname__}: {error}")
    assert unusable == []
