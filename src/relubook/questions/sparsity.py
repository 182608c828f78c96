"""Chapter 3 asks: how many zeros will there be, and what would it take to believe more?"""

import numpy as np

from relubook import experiments
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz

_DEPTH = 3  # the paper's number of hidden layers


def prediction(record: Record) -> Prediction:
    """The reader draws zeros over the strength of the penalty before seeing the record.

    Args:
        record: A record of the experiment `depth-and-l1`.
    """
    (row,) = np.flatnonzero(record.arrays["depth"] == _DEPTH)
    zeros = 100 * record.arrays["zeros"][row]
    low, median, high = np.quantile(zeros, [0.1, 0.5, 0.9], axis=-1).round(1)
    return Prediction.curve(
        name="sparsity",
        question=(
            "A network with three hidden layers is trained under an L1 penalty on its activations. "
            "Draw the share of exact zeros for each strength of the penalty, from none to strong."
        ),
        x=[float(l1) for l1 in record.arrays["l1"]],
        x_label="L1 strength",
        y_label="exact zeros",
        low=0.0,
        high=100.0,
        step=1.0,
        recorded=median.tolist(),
        band=(low.tolist(), high.tolist()),
        unit="%",
        source=f"Record {record.stem}: {experiments.subtitle(record)}; band: 10 to 90 % of seeds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="sparsity", questions=(_AT_THE_START, _OTHER_UNITS, _EVIDENCE))


_AT_THE_START = Question(
    text="Why are about half of a rectifier network's activations exact zeros before training?",
    choices=(
        Choice(
            text="Symmetric weights make negative pre-activations as likely as positive ones.",
            feedback="And the rectifier turns every negative one into an exact zero.",
            right=True,
        ),
        Choice(
            text="The L1 penalty has already switched them off.",
            feedback="It acts through training. Before the first step it has done nothing.",
        ),
        Choice(
            text="Half of the pixels of a digit are black.",
            feedback="Black pixels add nothing, but a unit sums over many pixels. Its sign is "
            "decided by its weights; deeper layers, which see no pixels, have as many zeros.",
        ),
        Choice(
            text="Half of the units are dead.",
            feedback="A dead unit is silent for every digit. These units are silent for some "
            "digits and speak for others.",
        ),
    ),
)

_OTHER_UNITS = Question(
    text="You train the same network with tanh units, under the same L1 penalty on activations. "
    "How many exact zeros do you expect?",
    choices=(
        Choice(
            text="None or almost none: activations get small, but tanh is zero at one point only.",
            feedback="The penalty pushes as hard as before, but there is no interval of inputs "
            "where the unit could rest at zero. Step by step it overshoots.",
            right=True,
        ),
        Choice(
            text="As many as with rectifiers: the penalty is the same.",
            feedback="The push is the same. But what does a tanh put out when its input is a "
            "little below zero?",
        ),
        Choice(
            text="More, because tanh has a gradient on both sides.",
            feedback="That gradient is why it does not stay: the next digit moves it away.",
        ),
    ),
)

_EVIDENCE = Question(
    text="Figure 3 is about zeros that do no harm. Which result would show that zeros help?",
    choices=(
        Choice(
            text="A network with very many zeros and a low error.",
            feedback="That shows that zeros do no harm. One with fewer zeros may err as little.",
        ),
        Choice(
            text="Many seeds in which error falls as zeros rise, with all else equal.",
            feedback="Compared over seeds, with an interval that leaves out zero, and with an eye "
            "on what else the penalty changes: that is what help would mean.",
            right=True,
        ),
        Choice(
            text="Brains keep most of their neurons silent.",
            feedback="A reason to try it. It says nothing about the error of these networks.",
        ),
        Choice(
            text="One seed in which the sparsest network wins.",
            feedback="One seed wins by chance. How far do seeds scatter at one setting?",
        ),
    ),
)
