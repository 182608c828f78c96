"""Checks every kind of call to `relubook` once: what has passed is not looked at again.

jaxtyping and beartype look at the types of arguments and results and, of tensors and arrays, at the
kind of number and the shape. A call that is like an earlier one in all of these would be judged
alike; judging it again makes a small training step three times as slow. A call of a new kind, one
that cannot be described in a few words, and a result of a new kind are judged as ever.

Loaded by the root conftest, before anything imports `relubook`.
"""

from __future__ import annotations

import functools
import inspect
import threading
import types
from collections.abc import Callable, Collection, Hashable
from importlib.machinery import SourceFileLoader
from typing import Any
from unittest.mock import patch

import jaxtyping
from jaxtyping import _import_hook

Function = Callable[..., Any]

MOST_ITEMS = 16  # of a container whose items are looked at one by one
LONGEST_WORD = 40  # a shorter one may be among the values of a `Literal`


class Indescribable(Exception):
    """This value has too many parts, or hides them."""


def kind(value: object) -> Hashable:
    """Returns all that a check of the value can depend on."""
    return _describer(type(value))(value)


@functools.cache
def _describer(cls: type) -> Callable[[Any], Hashable]:
    if hasattr(cls, "dtype") and hasattr(cls, "shape"):
        return lambda array: (cls, array.dtype, array.shape)
    if issubclass(cls, str):
        return lambda text: text if len(text) < LONGEST_WORD else cls
    if issubclass(cls, type):
        return lambda value: value
    if issubclass(cls, list | tuple):
        return lambda items: (cls, *_kinds(items))
    if issubclass(cls, dict):
        return lambda items: (cls, *_kinds(items), *_kinds(items.values()))
    if issubclass(cls, Collection) and not issubclass(cls, bytes | range):
        return _refuse
    return lambda _: cls


def _kinds(items: Collection[object]) -> list[Hashable]:
    if len(items) > MOST_ITEMS:
        raise Indescribable
    return [kind(item) for item in items]


def _refuse(value: object) -> Hashable:
    raise Indescribable


# Of each function: the kinds of arguments that have passed, and for each the kinds of results.
PASSED: dict[Hashable, dict[Hashable, set[Hashable]]] = {}


class Remembering:
    """A function, what checks its calls, and what has passed."""

    def __init__(self, function: Function, typechecker: Function) -> None:
        self.function, self.typechecker = function, typechecker
        # A function inside a function is made anew at each call of the outer one.
        same = (function.__code__, repr(function.__annotations__))
        self.passed = PASSED.setdefault(same, {})
        self.waiting = threading.local()

    @functools.cached_property
    def checked(self) -> Function:
        """The function as jaxtyping checks it; made when it is first called."""
        return _jaxtyped(self.function, typechecker=self.typechecker)

    @functools.cached_property
    def again(self) -> Function:
        """Checks arguments and the result that waits for them; made when it is first needed."""
        waiting = self.waiting

        def answer(*_: object, **__: object) -> object:
            return waiting.__dict__.pop("result")

        # Annotations that are strings are looked up among the globals of the function.
        names = self.function.__globals__
        stand_in = types.FunctionType(answer.__code__, names, closure=answer.__closure__)
        functools.update_wrapper(stand_in, self.function)
        return _jaxtyped(stand_in, typechecker=self.typechecker)

    def call(self, *args: object, **kwargs: object) -> object:
        """What the function returns, unless a check fails."""
        __tracebackhide__ = True
        try:
            asked = kind(args), kind(kwargs)
        except Indescribable:
            return self.checked(*args, **kwargs)
        if asked in self.passed:
            result = self.function(*args, **kwargs)
            found = _kind_or_none(result)
            if found is None or found not in self.passed[asked]:
                self.waiting.result = result
                self.again(*args, **kwargs)
        else:
            result = self.checked(*args, **kwargs)
            found = _kind_or_none(result)
            self.passed[asked] = set()
        self.passed[asked].add(found)
        return result


def _kind_or_none(result: object) -> Hashable:
    """The kind of a result, None if it cannot be described."""
    try:
        return kind(result)
    except Indescribable:
        return None


_jaxtyped = jaxtyping.jaxtyped


def remembering(typechecker: Function) -> Callable[[Any], Any]:
    """A decorator for whatever jaxtyping decorates; functions remember what has passed."""

    def decorate(decorated: Any) -> Any:
        if not inspect.isfunction(decorated):
            return _jaxtyped(decorated, typechecker=typechecker)
        remembered = Remembering(decorated, typechecker)

        @functools.wraps(decorated)
        def call(*args: object, **kwargs: object) -> object:
            __tracebackhide__ = True
            return remembered.call(*args, **kwargs)

        call.remembered = remembered
        return call

    return decorate


def jaxtyped(*decorated: Any, typechecker: Function) -> Any:
    """Stands in for `jaxtyping.jaxtyped`, with and without something to decorate."""
    decorate = remembering(typechecker)
    return decorate(*decorated) if decorated else decorate


def compiled(loader: SourceFileLoader, name: str) -> types.CodeType | None:
    """The code of a module of `relubook`, from the cache if it is there.

    jaxtyping gives its compiled files another name for as long as a module is executed: all that
    `relubook` imports, torch and scipy and matplotlib, would then be compiled once more.
    """
    renamed = functools.partial(
        _import_hook._optimized_cache_from_source, loader._typechecker.get_hash()
    )
    with patch("importlib._bootstrap_external.cache_from_source", renamed):
        return SourceFileLoader.get_code(loader, name)


jaxtyping.jaxtyped = jaxtyped
_import_hook._JaxtypingLoader.get_code = compiled  # pyright: ignore[reportAttributeAccessIssue]
_import_hook._JaxtypingLoader.exec_module = SourceFileLoader.exec_module
