"""The data of ReviewReader: what they must hold, and the network's account of a text in numpy."""

import base64
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float

from relubook.datasets.texts.bags import WORD
from relubook.widgets.data_checks import check_bytes, check_keys, check_numbers

NEEDED = (
    "data", "network", "width", "words", "stars", "shares", "mean_stars", "measured", "examples",
    "passport",
)  # fmt: skip
NETWORK = tuple(f"{part}_{layer}" for layer in (1, 2, 3) for part in ("codes", "scales", "bias"))
MEASURED = (
    "error", "half", "exact_error", "constant_error", "within", "zeros", "active", "known",
    "unflipped", "account_size", "account_error",
)  # fmt: skip
_NAME = re.compile(r"[a-z]+")


def check_reader(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    check_keys(data, (*NEEDED, *NETWORK), "`data` of ReviewReader")
    check_keys(data["measured"], MEASURED, "`measured` of ReviewReader")
    words, width, stars = _words(data["words"]), data["width"], data["stars"]
    if type(width) is not int or width < 1:
        raise ValueError(f"The `width` of ReviewReader must be a whole number from 1. Got {width}.")
    if not isinstance(stars, list) or len(stars) < 2:
        raise ValueError(f"The `stars` of ReviewReader must be 2 at least. Got {stars}.")
    check_numbers(stars, len(stars), "`stars` of ReviewReader")
    if stars != sorted(set(stars)):
        raise ValueError(f"The `stars` of ReviewReader must rise. Got {stars}.")
    check_numbers(data["shares"], len(stars), "`shares` of ReviewReader", least=0.0)
    check_numbers([data["mean_stars"]], 1, "`mean_stars` of ReviewReader")
    for layer, (inputs, units) in enumerate(
        ((len(words), width), (width, width), (width, len(stars))), start=1
    ):
        check_bytes(data[f"codes_{layer}"], inputs * units, f"`codes_{layer}` of ReviewReader")
        check_numbers(
            data[f"scales_{layer}"], units, f"`scales_{layer}` of ReviewReader", least=0.0
        )
        check_numbers(data[f"bias_{layer}"], units, f"`bias_{layer}` of ReviewReader")
    for name in MEASURED:
        values = data["measured"][name]
        values = values if isinstance(values, list) else [values]
        check_numbers(values, len(values), f"`{name}` of ReviewReader", least=0.0)
    _check_examples(data["examples"])


def check_example(data: dict[str, Any], name: str) -> str:
    """Return the name of an example, or "" for the reader's own text, or raise a ValueError."""
    names = [each["name"] for each in data["examples"]]
    if name and name not in names:
        raise ValueError(
            f"The `example` of ReviewReader must be one of {', '.join(names)}. Got {name!r}."
        )
    return name


def _words(text: Any) -> list[str]:
    """The vocabulary, if a page can find each of its words in a text."""
    words = text.split("\n") if isinstance(text, str) else []
    if not words or len(set(words)) < len(words):
        raise ValueError("The `words` of ReviewReader must be different words, a line each.")
    for word in words:
        if tokens(word) != [word]:
            raise ValueError(
                f"The `words` of ReviewReader must be single words in lower case. Got {word!r}."
            )
    return words


def _check_examples(examples: Any) -> None:
    if not examples:
        raise ValueError("The `examples` of ReviewReader must be 1 at least. Got none.")
    for each in examples:
        check_keys(each, ("name", "title", "text"), "example of ReviewReader")
        if not _NAME.fullmatch(each["name"]):
            raise ValueError(
                f"The `name` of an example must be lowercase letters. Got {each['name']!r}."
            )
    names = [each["name"] for each in examples]
    if len(set(names)) < len(names):
        raise ValueError(f"The `examples` must have names of their own. Got {names}.")


def tokens(text: str) -> list[str]:
    """The words of a text as bags of words have them: in lower case, in their order."""
    return re.findall(WORD, text.lower())


class Account(NamedTuple):
    """What the network says of some words, and what carries it.

    Attributes:
        known: The different words that are inputs, in their order.
        first: Outputs of the first layer.
        second: Outputs of the second layer.
        logits: Of each class [nat].
        probability: Of each class [1].
        expected: Stars [star].
        slope: L, the least squares slope of the logits over the stars [nat/star].
        carried: What each known word adds to L [nat/star].
        biases: What all biases add to L [nat/star].
        by_first: What each unit of the first layer adds to L [nat/star].
        by_second: The same of the second layer.
    """

    known: list[str]
    first: Float[np.ndarray, "units"]
    second: Float[np.ndarray, "units"]
    logits: Float[np.ndarray, "classes"]
    probability: Float[np.ndarray, "classes"]
    expected: float
    slope: float
    carried: Float[np.ndarray, "known"]
    biases: float
    by_first: Float[np.ndarray, "units"]
    by_second: Float[np.ndarray, "units"]


def account_of(data: dict[str, Any], words: Iterable[str]) -> Account:
    """The network's answer to these words, present or not, and the linear account of it."""
    vocabulary = {word: place for place, word in enumerate(data["words"].split("\n"))}
    known = [word for word in dict.fromkeys(words) if word in vocabulary]
    rows = _weights(data, 1, len(vocabulary))[[vocabulary[word] for word in known]]
    middle, last = _weights(data, 2, data["width"]), _weights(data, 3, data["width"])
    bias = [np.array(data[f"bias_{layer}"]) for layer in (1, 2, 3)]
    first = np.maximum(rows.sum(axis=0) + bias[0], 0)
    second = np.maximum(first @ middle + bias[1], 0)
    logits = second @ last + bias[2]
    odds = np.exp(logits - logits.max())
    stars = np.array(data["stars"])
    slope = (stars - stars.mean()) / ((stars - stars.mean()) ** 2).sum()
    to_second = (last @ slope) * (second > 0)
    to_first = (middle @ to_second) * (first > 0)
    return Account(
        known=known, first=first, second=second, logits=logits, probability=odds / odds.sum(),
        expected=float(odds @ stars / odds.sum()), slope=float(logits @ slope),
        carried=rows @ to_first,
        biases=float(bias[0] @ to_first + bias[1] @ to_second + bias[2] @ slope),
        by_first=first * to_first, by_second=second * to_second,
    )  # fmt: skip


def _weights(data: dict[str, Any], layer: int, inputs: int) -> Float[np.ndarray, "inputs units"]:
    codes = np.frombuffer(base64.b64decode(data[f"codes_{layer}"]), dtype=np.int8)
    return codes.reshape(inputs, -1) * np.array(data[f"scales_{layer}"])
