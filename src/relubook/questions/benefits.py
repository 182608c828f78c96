"""Chapter 4 asks: how often does the linear model change on a walk, and what would convince you?"""

import numpy as np

from relubook import experiments
from relubook.experiments.local_linearity_values import KINDS
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz


def prediction(record: Record) -> Prediction:
    """The reader guesses how many linear pieces lie between one digit and another.

    Args:
        record: A record of the experiment `local-linearity`.
    """
    found, config = experiments.result(record), record.config
    pieces = found.pieces[0, KINDS.index("another class")].mean(0)  # without a penalty
    low, median, high = np.quantile(pieces, [0.1, 0.5, 0.9]).round(0)
    units = config["width"] * config["depth"]
    return Prediction.number(
        name="benefits",
        question=(
            f"A network of {config['depth']} layers of {config['width']} rectifiers has learned "
            "to read digits. Walk in a straight line from the picture of one digit to that of "
            "another class. Each time a unit switches on or off, the network becomes another "
            f"linear function. With {units} units there could be 2 to the power of {units} such "
            "functions. Through how many does the walk lead?"
        ),
        low=1.0,
        high=2000.0,
        step=1.0,
        recorded=float(median),
        band=(float(low), float(high)),
        unit="functions",
        source=f"Record {record.stem}: {experiments.subtitle(record)}; band: 10 to 90 % of seeds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="benefits", questions=(_ABSORBED, _COUNTED, _EVIDENCE))


_ABSORBED = Question(
    text="Before it is rectified, a unit stands at -0.3. The input changes, and now it stands at "
    "-0.1. What changes in the layers above because of this unit?",
    choices=(
        Choice(
            text="Nothing: the unit's output was zero, and still is.",
            feedback="Exactly zero, not nearly: whatever the unit is multiplied by above, the sum "
            "is the same. Other units, which are on, may pass a change on.",
            right=True,
        ),
        Choice(
            text="A little, by the slope times 1.",
            feedback="So it would be for a unit that is on, or for a tanh. What is the slope of a "
            "rectifier at -0.3?",
        ),
        Choice(
            text="As much as if it had gone from 0.1 to 0.3.",
            feedback="The change is as large here as there. But which of the two gets past the "
            "rectifier?",
        ),
        Choice(
            text="Nothing now, but the weights into it get a gradient.",
            feedback="A unit that is off passes nothing back, either: for this input its weights "
            "get no gradient at all.",
        ),
    ),
)

_COUNTED = Question(
    text="One layer of 96 rectifiers looks at a plane: two inputs, weights and biases at random. "
    "Into about how many regions, in each of which the network is linear, can it cut the plane?",
    choices=(
        Choice(
            text="Into some thousands: 96 lines in a plane, which cross in pairs.",
            feedback="One line after the other cuts the plane, and each new one cuts at most as "
            "many regions as it crosses lines, and one more. With n lines: about n²/2.",
            right=True,
        ),
        Choice(
            text="Into 2 to the power of 96: each unit is on or off.",
            feedback="So many sets of units there are. But in a plane most of them never occur: "
            "with three lines there are already only 7 of 8.",
        ),
        Choice(
            text="Into 97.",
            feedback="That is right for one input, where 96 points cut a line into 97 pieces. In a "
            "plane the cuts are lines, and they cross.",
        ),
        Choice(
            text="Into 96: one region a unit.",
            feedback="A single unit makes two regions, the side where it is on and the other. Draw "
            "two units, then three.",
        ),
    ),
)

_EVIDENCE = Question(
    text="Somebody says: sparse codes are easier to separate linearly, so rectifiers are better. "
    "Which of these would you want to see before you believe the first half of it?",
    choices=(
        Choice(
            text="A rectifier network with 95 % of its units silent, and its low test error.",
            feedback="It shows that one sparse network works. Easier than what?",
        ),
        Choice(
            text="Linear classifiers on the codes of rectifier and tanh networks of one width and "
            "one accuracy, on new examples, for many seeds; also before any training.",
            feedback="One difference at a time, with an interval. And untrained networks tell what "
            "the sparse code does by itself, before learning has arranged it.",
            right=True,
        ),
        Choice(
            text="The same classifiers on the best rectifier network and the best tanh network "
            "that can be found.",
            feedback="The better network has learned more, so its code is easier to separate "
            "whatever its activation is. What would you have to keep equal?",
        ),
        Choice(
            text="A picture of the codes in two dimensions, in which the classes lie apart.",
            feedback="A picture of one network, by a method with settings of its own. Which number "
            "would it stand for, and how far does it go from seed to seed?",
        ),
    ),
)
