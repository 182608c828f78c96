"""Chapter 2 asks: what does a neuron do, and how far does that justify a hinge?"""

from dataclasses import replace

import numpy as np

from relubook import neurons
from relubook.widgets import Choice, Prediction, Question, Quiz

_CURRENTS = range(11)  # nA
_PAUSE = f"{1000 * neurons.FIGURE_1.refractory_time:g} ms"


def prediction() -> Prediction:
    """The reader draws the firing rate of the paper's neuron without its refractory time."""
    tireless = replace(neurons.FIGURE_1, refractory_time=0.0)
    rate = neurons.firing_rate(tireless, 1e-9 * np.array(_CURRENTS))
    return Prediction.curve(
        name="biology",
        question=(
            "The neuron of Figure 1, but with a refractory time of zero: after a spike it begins "
            "again at once. Draw its firing rate for each input current. (With the refractory "
            f"time of {_PAUSE} it fires {_fastest():.0f} times a second at {_CURRENTS[-1]} nA.)"
        ),
        x=[float(current) for current in _CURRENTS],
        x_label="input current (nA)",
        y_label="firing rate",
        low=0.0,
        high=1500.0,
        step=10.0,
        recorded=rate.round(1).tolist(),
        unit="Hz",
        source="Computed by the paper's formula (page 316), with relubook.neurons.firing_rate.",
    )


def _fastest() -> float:
    """The rate of the paper's neuron at the largest current [Hz]."""
    return float(neurons.firing_rate(neurons.FIGURE_1, 1e-9 * np.array([_CURRENTS[-1]]))[0])


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="biology", questions=(_BEND, _REST, _EVIDENCE))


_BEND = Question(
    text="Far above its threshold, the neuron's firing rate grows more and more slowly. Which "
    "number bends the curve down?",
    choices=(
        Choice(
            text=f"The refractory time: a neuron that is silent for {_PAUSE} cannot fire more than "
            f"{neurons.FIGURE_1.ceiling:.0f} times a second.",
            feedback="Without it the curve would approach a straight line. With it, a ceiling "
            "of one over the refractory time.",
            right=True,
        ),
        Choice(
            text="The membrane time constant: the membrane cannot follow fast enough.",
            feedback="It sets how steep the curve is. However slow the membrane, twice the "
            "current charges it in about half the time once the current is large.",
        ),
        Choice(
            text="The threshold: it grows with the current.",
            feedback="In this model it is a constant. Real thresholds do adapt; that is one of "
            "the things it leaves out.",
        ),
        Choice(
            text="The leak: a large current leaks away.",
            feedback="The leak decides whether a small current ever reaches the threshold. For "
            "a large one it hardly matters.",
        ),
    ),
)

_REST = Question(
    text="An untrained network of logistic units sees a digit, then a blank page. How many of "
    "its units change from about rest to activity?",
    choices=(
        Choice(
            text="None: they all answer about one half, to both.",
            feedback="A logistic unit rests at one half of its ceiling. There is nothing that "
            "could be called silence, and the next layer gets a constant added.",
            right=True,
        ),
        Choice(
            text="About half of them.",
            feedback="That is the rectifier. A logistic unit with an input near 0 answers one "
            "half.",
        ),
        Choice(
            text="All of them, from 0 to 1.",
            feedback="For that its input would have to go from far below 0 to far above. Small "
            "weights make small inputs.",
        ),
    ),
)

_EVIDENCE = Question(
    text="The rescaled firing-rate curve is a better model of a neuron than max(0, x). The "
    "paper tried it as a unit, and it did worse. What follows?",
    choices=(
        Choice(
            text="Being like a neuron does not by itself make a unit better; what the gradient "
            "does is another matter.",
            feedback="The curve rises vertically at its threshold and is flat far above it. "
            "Neither is good news for a gradient.",
            right=True,
        ),
        Choice(
            text="The neuron model is wrong.",
            feedback="It may be. But a network that is trained by gradients says nothing about "
            "that.",
        ),
        Choice(
            text="Biology has nothing to teach.",
            feedback="The hinge, the one-sidedness and the silence came from there. One "
            "experiment with one curve does not take them back.",
        ),
        Choice(
            text="With a better learning rate it would win.",
            feedback="A guess that can be tested, and was: each unit got the rate that is best "
            "for it. Look at the figure again.",
        ),
    ),
)
