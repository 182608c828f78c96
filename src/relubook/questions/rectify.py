"""Chapter 1 asks: what is lost when half of the input is cut off, and what does the cut buy?"""

import numpy as np

from relubook import experiments
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz

_L1 = 3e-4  # a mild penalty, at which networks read digits as well as without one
_WHOLE, _LAST = 0, -1  # of the parts that are read back, and of the layers


def prediction(record: Record) -> Prediction:
    """The reader guesses how much of a picture can be read back from a silent layer.

    Args:
        record: A record of the experiment `read-back`.
    """
    found, config = experiments.result(record), record.config
    (row,) = np.flatnonzero(np.isclose(found.l1, _L1))
    read = 100 * found.read[row, :, _LAST, _WHOLE]
    low, median, high = np.quantile(read, [0.1, 0.5, 0.9]).round(1)
    zeros = 100 * found.zeros[row].mean()
    return Prediction.number(
        name="rectify",
        question=(
            f"A network with {config['depth']} layers of {config['width']} rectifiers has learned "
            f"to read digits under a mild penalty; {zeros:.0f} % of its hidden activations are "
            "exact zeros. How much of the picture that went in can the best linear reader still "
            "get back from its last hidden layer? 100 % would be every pixel, 0 % no more than the "
            "average picture."
        ),
        low=0.0,
        high=100.0,
        step=1.0,
        recorded=float(median),
        band=(float(low), float(high)),
        unit="%",
        source=f"Record {record.stem}, L1 {_L1:g}: {experiments.subtitle(record)}; "
        "band: 10 to 90 % of seeds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="rectify", questions=(_DEPTH, _PAIR, _EVIDENCE))


_DEPTH = Question(
    text="A network has ten layers of linear units and nothing between them. Which functions "
    "can it compute that one linear layer cannot?",
    choices=(
        Choice(
            text="None: ten matrices multiplied are one matrix.",
            feedback="Products of matrices are matrices, and the biases add up to one bias. A "
            "layer narrower than its neighbors can only take functions away.",
            right=True,
        ),
        Choice(
            text="Functions with up to ten bends, one a layer.",
            feedback="Where would a bend come from? Each layer is straight, and so is the next "
            "layer's answer to something straight.",
        ),
        Choice(
            text="Functions of more inputs.",
            feedback="The first layer reads all the inputs already; the others see what it "
            "passes on.",
        ),
        Choice(
            text="Every function, if the layers are wide enough.",
            feedback="Width adds rows to the matrices. Their product stays one matrix.",
        ),
    ),
)

_PAIR = Question(
    text="You give every rectifier of an untrained layer a twin with the opposite weights, so "
    "that one of the two answers whatever the sign. What do you gain, and what do you pay?",
    choices=(
        Choice(
            text="Nothing is cut off any more, and the layer has twice as many units.",
            feedback="max(0, x) - max(0, -x) is x again. It is still not a linear layer: the "
            "next one may weigh the twins differently, and then there is a bend.",
            right=True,
        ),
        Choice(
            text="Nothing is cut off, and the layer has become linear.",
            feedback="Only if the next layer weighs both twins alike, with opposite signs. It "
            "need not: |x| is a sum of the same two.",
        ),
        Choice(
            text="The share of exact zeros is halved.",
            feedback="Count them. Of each pair exactly one is silent, unless x is 0: the share "
            "stays one half, as in a layer of single rectifiers.",
        ),
        Choice(
            text="Twice the information, for free.",
            feedback="Twice the units are not free. And what was the information that one unit "
            "lost: the sign, or the size of the negative part?",
        ),
    ),
)

_EVIDENCE = Question(
    text="Somebody says: the silent units throw away what does not matter. Which measurement "
    "would speak for that?",
    choices=(
        Choice(
            text="As more units fall silent, less of the image can be read back from the layer.",
            feedback="That something is lost was to be expected. The sentence is about what is "
            "lost, and what is kept.",
        ),
        Choice(
            text="The network reads test digits well although most of its units are silent.",
            feedback="So enough was kept. Whether something else was thrown away, this does not "
            "say.",
        ),
        Choice(
            text="As more units fall silent, differences within a class can no longer be read "
            "back, while the class still can.",
            feedback="This separates what the task needs from the rest, and it could come out "
            "the other way.",
            right=True,
        ),
        Choice(
            text="A picture of a layer's code for one digit, mostly black.",
            feedback="It shows that units are silent. What they would have said, it does not show.",
        ),
    ),
)
