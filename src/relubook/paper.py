"""Every number of the 2011 paper that the book uses, as data: value, unit, page, how it was read.

Glorot, Bordes & Bengio, *Deep Sparse Rectifier Neural Networks*, AISTATS 2011. Look a number up by
what it is about: `TABLE_1["rectifier", "mnist", "none"].value` is 1.43. "none" and "with" stand for
training without and with unsupervised pre-training. Numbers read off a figure say "digitized".
"""

import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import Literal

import numpy as np
from jaxtyping import Float

CITEKEY = "glorot2011"
REFERENCE = (
    "Xavier Glorot, Antoine Bordes and Yoshua Bengio (2011). Deep Sparse Rectifier Neural "
    "Networks. Proceedings of the Fourteenth International Conference on Artificial Intelligence "
    "and Statistics (AISTATS), JMLR Workshop and Conference Proceedings 15, pages 315-323."
)

UNITS = ("rectifier", "tanh", "softplus")
DATA = ("mnist", "cifar10", "nistp", "norb")

Read = Literal["printed", "digitized"]


@dataclass(frozen=True, kw_only=True)
class Printed:
    """One number of the paper.

    Attributes:
        value: The number in `unit`.
        unit: "%" for percent, "1" for a number without unit, otherwise what is counted.
        page: The printed page of the proceedings; two when the text runs over.
        read: "printed", or "digitized" when it was measured in a figure.
        text: The number as the paper writes it, with all its digits.
    """

    value: float
    unit: str
    page: str
    read: Read
    text: str

    def __str__(self) -> str:
        return self.text if self.unit == "1" else f"{self.text} {self.unit}"


@dataclass(frozen=True, kw_only=True)
class Points:
    """Points measured in a figure.

    Attributes:
        x: Horizontal coordinates.
        y: Vertical coordinates, as many.
        x_unit: What `x` is and its unit.
        y_unit: What `y` is and its unit.
        page: The printed page of the figure.
        read: How they were read.
        note: How well they were read.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    x_unit: str
    y_unit: str
    page: str
    read: Read = "digitized"
    note: str = ""

    def __len__(self) -> int:
        return len(self.x)

    def array(self) -> Float[np.ndarray, "points 2"]:
        """The points as an array, x first."""
        return np.column_stack([self.x, self.y])


def _number(text: str, unit: str, page: int | str, read: Read = "printed") -> Printed:
    """A number from its text; "k" stands for thousands, as in the paper's "81,920k"."""
    thousands = text.endswith("k")
    value = float(text.removesuffix("k").replace(",", "")) * (1000 if thousands else 1)
    return Printed(value=value, unit=unit, page=str(page), read=read, text=text)


def _row(texts: str, unit: str, page: int | str, read: Read = "printed") -> list[Printed]:
    """Numbers from a row of texts."""
    return [_number(text, unit, page, read) for text in texts.split()]


def _points(figure: str) -> Points:
    """The points of one figure, from the file beside this one."""
    text = resources.files("relubook").joinpath("paper_figures.json").read_text("utf-8")
    found = json.loads(text)[figure]
    x, y = (tuple(float(number) for number in found.pop(axis)) for axis in "xy")
    return Points(x=x, y=y, **found)


# Table 1: test error [%] of three hidden layers (NORB: two); columns as in DATA.
_TABLE_1 = {
    ("rectifier", "with"): "1.20 49.96 32.86 16.46",
    ("tanh", "with"): "1.16 50.79 35.89 17.66",
    ("softplus", "with"): "1.17 49.52 33.27 19.19",
    ("rectifier", "none"): "1.43 50.86 32.64 16.40",
    ("tanh", "none"): "1.57 52.62 36.46 19.29",
    ("softplus", "none"): "1.77 53.20 35.48 17.68",
}
TABLE_1: dict[tuple[str, str, str], Printed] = {
    (unit, data, pretraining): number
    for (unit, pretraining), texts in _TABLE_1.items()
    for data, number in zip(DATA, _row(texts, "%", 320), strict=True)
}
# The caption: bold cells are statistically equivalent under a pairwise test at p = 0.05.
TABLE_1_BOLD: frozenset[tuple[str, str, str]] = frozenset(
    (unit, data, pretraining)
    for data, cells in {
        "mnist": "rectifier/with tanh/with softplus/with rectifier/none",
        "cifar10": "rectifier/with tanh/with softplus/with rectifier/none",
        "nistp": "rectifier/with softplus/with rectifier/none",
        "norb": "rectifier/with rectifier/none",
    }.items()
    for unit, pretraining in (cell.split("/") for cell in cells.split())
)

# Exact zeros [%] after training, averaged over the hidden layers.
EXACT_ZEROS = dict(zip(DATA, _row("83.4 72.0 68.0 73.8", "%", 321), strict=True))

# Test error [%] on NORB of log(1 + exp(alpha x)) / alpha; infinity is the rectifier.
ALPHA_SWEEP = dict(
    zip(
        (1.0, 1.3, 2.0, 3.0, 6.0, math.inf),
        _row("17.68 17.53 16.9 16.66 16.54 16.40", "%", 320),
        strict=True,
    )
)

SIZES: dict[tuple[str, str], Printed] = {
    (data, split): number
    for data, texts in {
        "mnist": "50k 10k 10k",
        "cifar10": "50k 5k 5k",
        "nistp": "81,920k 80k 20k",
        "norb": "233,172 58,428 58,320",
    }.items()
    for split, number in zip(
        ("train", "validation", "test"), _row(texts, "images", 319), strict=True
    )
}
CLASSES = dict(zip(DATA, _row("10 10 62 6", "classes", 319), strict=True))
_SHAPES = ((28, 28), (32, 32, 3), (32, 32), (2, 32, 32))
IMAGE_SHAPES = dict(zip(DATA, _SHAPES, strict=True))  # p. 319

# Section 4.1: how the images' networks were trained.
LEARNING_RATES = tuple(_row("0.1 0.01 0.001 0.0001", "1", 320))
PROTOCOL: dict[str, Printed] = {
    "l1": _number("0.001", "1", 320),
    "batch_size": _number("10", "examples", 320),
    "masking": _number("0.25", "1", 320),
    "hidden_layers": _number("3", "layers", 320),
    "width": _number("1000", "units", 320),
    "norb_width_1": _number("4000", "units", 320),
    "norb_width_2": _number("2000", "units", 320),
    "figure_3_networks": _number("200", "networks", "320-321"),
    "figure_3_l1_low": _number("0", "1", "320-321"),
    "figure_3_l1_high": _number("0.01", "1", "320-321"),
}

# Sentences with a number in them; a range is two numbers.
STATED: dict[str, Printed] = {
    "zeros_at_initialization": _number("50", "%", 318),
    "harmless_zeros_up_to": _number("85", "%", "320-321"),
    "similar_error_zeros_low": _number("70", "%", "320-321"),
    "similar_error_zeros_high": _number("85", "%", "320-321"),
    "figure_3_least_zeros": _number("72.9", "%", "320-321", "digitized"),
    "best_zeros_low": _number("50", "%", 322),
    "best_zeros_high": _number("80", "%", 322),
    "brain_silent_low": _number("95", "%", 322),
    "brain_silent_high": _number("99", "%", 322),
    "brain_active_low": _number("1", "%", 316),
    "brain_active_high": _number("4", "%", 316),
    "logistic_rest": Printed(value=0.5, unit="1", page="316-317", read="printed", text="1/2"),
    "working_range_low": _number("-0.8", "nA", 316, "digitized"),  # the box in Figure 1, left
    "working_range_high": _number("1.0", "nA", 316, "digitized"),
    "working_range_rate": _number("57", "Hz", 316, "digitized"),
    "nair_hinton_error": _number("17.6", "%", 321),
    "nair_hinton_pretrained_error_below": _number("16", "%", 321),
}

# Figure 1, left: the firing rate of a leaky integrate-and-fire neuron over its input current.
FIGURE_1 = _points("figure_1")

# Figure 3: MNIST networks without pre-training under L1 penalties from 0 to 0.01.
FIGURE_3 = _points("figure_3")
# The drawn curve, a polynomial of degree 2: coefficients of zeros², zeros and 1.
FIGURE_3_CURVE = (
    _number("0.002258", "%/%²", "320-321", "digitized"),
    _number("-0.35859", "%/%", "320-321", "digitized"),
    _number("15.590", "%", "320-321", "digitized"),
)


def figure_3_curve(zeros: Float[np.ndarray, "*points"]) -> Float[np.ndarray, "*points"]:
    """The height of Figure 3's drawn curve.

    Args:
        zeros: Exact zeros [%], sensibly 72 to 100.

    Returns:
        Test error [%].

    References:
        glorot2011, p. 320-321, Figure 3 (digitized).
    """
    square, slope, constant = (number.value for number in FIGURE_3_CURVE)
    return square * zeros * zeros + slope * zeros + constant


# Figure 4: NORB test error [%] over the share of labels [%].
LABEL_SHARES = (4.3, 21.5, 43.0, 64.4, 100.0)
_FIGURE_4 = {
    ("tanh", "none"): "44.44 25.70 22.26 20.46 19.28",
    ("tanh", "with"): "41.56 24.37 21.05 19.47 17.66",
    ("rectifier", "none"): "44.81 25.21 20.89 18.54 16.38",
    ("rectifier", "with"): "38.07 23.78 20.05 17.96 16.45",
}
FIGURE_4: dict[tuple[str, str, float], Printed] = {
    (unit, pretraining, share): number
    for (unit, pretraining), texts in _FIGURE_4.items()
    for share, number in zip(LABEL_SHARES, _row(texts, "%", 321, "digitized"), strict=True)
}

# Table 2: five-star restaurant reviews; each value with what the paper writes after ±.
_TABLE_2 = {
    "no hidden layer": "0.885 0.006 99.4 0.0",
    "rectifier, 1 layer": "0.807 0.004 28.9 0.2",
    "rectifier, 3 layers": "0.746 0.004 53.9 0.7",
    "tanh, 3 layers": "0.774 0.008 00.0 0.0",
}
TABLE_2: dict[tuple[str, str], Printed] = {
    (network, quantity): _number(text, unit, 322)
    for network, texts in _TABLE_2.items()
    for (quantity, unit), text in zip(
        {"rmse": "stars", "rmse ±": "stars", "zeros": "%", "zeros ±": "%"}.items(),
        texts.split(),
        strict=True,
    )
}
SENTIMENT: dict[str, Printed] = {
    "labeled": _number("10,000", "reviews", "321-322"),
    "unlabeled": _number("300,000", "reviews", "321-322"),
    "test": _number("10,000", "reviews", "321-322"),
    "vocabulary": _number("5000", "terms", "321-322"),
    "terms_present": _number("0.6", "%", "321-322"),
    "width": _number("5000", "units", "321-322"),
    "folds": _number("10", "folds", "321-322"),
    "rmse_3_layers_without_pretraining": _number("0.833", "stars", 322),
    "amazon_rectifier_accuracy": _number("78.95", "%", 322),
    "amazon_best_earlier_accuracy": _number("73.72", "%", 322),
    "amazon_kinds_of_product": _number("4", "kinds", 322),
}
