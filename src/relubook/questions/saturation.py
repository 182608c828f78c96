"""Chapter 5 asks: what does a hard zero cost, and when is a unit, or a whole network, dead?"""

import numpy as np

from relubook import experiments
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz


def prediction(record: Record) -> Prediction:
    """The reader guesses what it costs, or gains, to make the zero hard.

    Args:
        record: A record of the experiment `softplus-alpha`.
    """
    found = experiments.result(record)
    smooth, hard = 100 * found.test_error[found.alpha == 1][0], 100 * found.test_error[-1]
    low, median, high = np.quantile(hard - smooth, [0.1, 0.5, 0.9]).round(2)
    return Prediction.number(
        name="saturation",
        question=(
            "A softplus network learns to read digits. Now sharpen the bend of its units until "
            "they are rectifiers: below zero they pass on exactly nothing, and no gradient either. "
            "Each kind of unit gets the learning rate that suits it. By how many points does the "
            "test error change? Below 0 is better."
        ),
        low=-5.0,
        high=5.0,
        step=0.05,
        recorded=float(median),
        band=(float(low), float(high)),
        unit="points",
        source=f"Record {record.stem}: {experiments.subtitle(record)}; band: 10 to 90 % of seeds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="saturation", questions=(_SILENT, _LAYERS, _EVIDENCE))


_SILENT = Question(
    text="For the digit shown now, a rectifier stands at -0.3. What does this digit teach the "
    "weights into this unit?",
    choices=(
        Choice(
            text="Nothing. Other digits, for which the unit is on, do.",
            feedback="For this digit its slope is zero, so no gradient passes it. A unit is dead "
            "only if that is so for every example.",
            right=True,
        ),
        Choice(
            text="Nothing, now or ever: a unit at zero is dead.",
            feedback="It is silent for this digit. Has anything been said about the others?",
        ),
        Choice(
            text="To become larger, if the unit should have been on.",
            feedback="That would be so if some gradient came through. What is the slope of "
            "max(0, x) at -0.3?",
        ),
        Choice(
            text="A little, as far as its softplus would.",
            feedback="A softplus has a slope of 0.43 there. A rectifier has none, and that is the "
            "worry of this chapter.",
        ),
    ),
)

_LAYERS = Question(
    text="torch's `nn.Linear` draws weights of variance 1 / (3 n) for n inputs. Thirty layers of "
    "rectifiers, all n units wide, are stacked on it, and the biases are forgotten for a moment. "
    "What is left of the mean square of the input?",
    choices=(
        Choice(
            text="About one part in 6 to the power of 30.",
            feedback="n inputs of variance 1/(3n) give a third of the mean square, and the "
            "rectifier lets half of that through: a sixth in every layer. He's range has six times "
            "the variance, and keeps it.",
            right=True,
        ),
        Choice(
            text="About one part in 2 to the power of 30.",
            feedback="That is Glorot's range, whose variance is 1/n: only the rectifier's half is "
            "lost. What is lost on top with a third of the variance?",
        ),
        Choice(
            text="About half: rectifiers cut off half of it, and what is positive stays positive.",
            feedback="Behind each layer of weights there are positive and negative numbers again. "
            "The cut is made thirty times.",
        ),
        Choice(
            text="All of it: the slope of an active rectifier is 1.",
            feedback="The slope is 1, but the weights in front of it are not. What do they do to "
            "a sum of n squares?",
        ),
    ),
)

_EVIDENCE = Question(
    text="A tutorial trains a deep logistic network once, gets 10 % accuracy, and concludes that "
    "logistic units cannot train deep networks. Which further runs would tell most?",
    choices=(
        Choice(
            text="The same network, for more seeds.",
            feedback="Good, but each of them begins the same way. It would tell whether this "
            "recipe always fails, not whether the units do.",
        ),
        Choice(
            text="The same units from other starts, with other learning rates, for longer, and "
            "some seeds of each.",
            feedback="The sentence is about the units, so everything else that could have failed "
            "has to be changed. One start that learns is enough to refute *cannot*.",
            right=True,
        ),
        Choice(
            text="A rectifier network with the same settings, which reaches 90 %.",
            feedback="It shows that these settings suit rectifiers. Perhaps others suit logistic "
            "units.",
        ),
        Choice(
            text="A picture of the gradients, which vanish toward the first layer.",
            feedback="It explains why this network does not learn, from this start. Would the "
            "gradients vanish from another one, too?",
        ),
    ),
)
