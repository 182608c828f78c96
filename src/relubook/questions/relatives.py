"""Chapter 8 asks: what does another unit change, and what makes a comparison of units fair?"""

import numpy as np

from relubook import experiments
from relubook.experiments.relatives_values import of
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz


def prediction(record: Record) -> Prediction:
    """The reader guesses what GELUs in place of the rectifiers change.

    Args:
        record: A record of the experiment `relatives`.
    """
    gelu, rectifier = (100 * of(record.arrays, "test_error", kind) for kind in _PAIR)
    low, median, high = np.quantile(gelu - rectifier, [0.1, 0.5, 0.9]).round(2)
    networks, examples = len(record.config["seeds"]), record.passport["data"]["train_examples"]
    return Prediction.number(
        name="relatives",
        question=(
            f"Let {networks} networks of rectifiers learn to read {examples:,} digits, and "
            f"{networks} others that have GELUs in place of the rectifiers: smooth at zero, and "
            "not flat below it. Both kinds begin with the same weights, and each kind gets the "
            "learning rate that suits it. By how many points does the test error of the GELU "
            "networks differ? Above 0: theirs is higher. Below 0: theirs is lower."
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
    return Quiz(name="relatives", questions=(_DROPOUT, _LEAKY, _EVIDENCE))


_PAIR = ("GELU", "rectifier")

_DROPOUT = Question(
    text="While it is trained, a layer with dropout silences half of its units at random in each "
    "step and doubles the outputs of the others. What does it do with a new digit after training?",
    choices=(
        Choice(
            text="It goes on as before: that is what the layer above has learned to expect.",
            feedback="Show it the same digit twice. Would it give the same answer?",
        ),
        Choice(
            text="All units speak, and none is doubled.",
            feedback="On average over the draws, a unit passed on the same while training: half of "
            "the time twice its output, otherwise nothing. Now no luck is left in the answer.",
            right=True,
        ),
        Choice(
            text="All units speak, and all are halved.",
            feedback="What does the layer above get from one unit, on average over many steps of "
            "training? Compare it with what it would get now.",
        ),
        Choice(
            text="The half that was silenced most often stays silent.",
            feedback="The draw is a new one in each step. After thousands of steps, how different "
            "can two units' counts be?",
        ),
    ),
)

_LEAKY = Question(
    text="Give every rectifier of a network a slope of 0.01 below zero and train it anew. What do "
    "you expect of the three complaints: exact zeros that pass nothing on, dead units, and a mean "
    "output that is not zero?",
    choices=(
        Choice(
            text="All three are gone.",
            feedback="Take a unit that stands at -1 as often as at 1. What is the mean of its "
            "output?",
        ),
        Choice(
            text="None is gone: 0.01 is too little to matter.",
            feedback="Too little for what? Ask of each of the three whether it needs a number that "
            "is large, or one that is not exactly zero.",
        ),
        Choice(
            text="The exact zeros and the dead units are gone, the mean is almost what it was.",
            feedback="A gradient of one part in 100 is small, but it gets through, so no unit is "
            "lost for good; with the zeros go the sparse codes. For a mean of zero, what is "
            "negative must weigh as much as what is positive.",
            right=True,
        ),
        Choice(
            text="The dead units are gone, the exact zeros are still there.",
            feedback="A unit stands at -0.3 for this digit. What is its output now?",
        ),
    ),
)

_EVIDENCE = Question(
    text="A blog has a new unit, for which a learning rate of 0.1 was found to work best. It then "
    "trains five networks of rectifiers and five of the new unit, all at 0.1 and with the same "
    "five seeds. The new unit has the lower error with every seed. What is missing most?",
    choices=(
        Choice(
            text="Nothing: the rate and the seeds are the same, so only the unit differs.",
            feedback="The number is the same. Is the step? A unit with larger outputs or steeper "
            "slopes moves farther with it.",
        ),
        Choice(
            text="More seeds, say fifty of each.",
            feedback="They would show more precisely what happens at 0.1. Five of five in one "
            "direction is hardly luck, and yet it may not be the unit.",
        ),
        Choice(
            text="Longer training, until no network improves any more.",
            feedback="Perhaps the order would turn round. But where did the setting come from in "
            "which both would go on?",
        ),
        Choice(
            text="Rectifiers at rates that were tried as carefully as those of the new unit.",
            feedback="One side was tuned and the other was not. With one grid of rates for both, "
            "each choosing on validation, what is left is due to the unit.",
            right=True,
        ),
    ),
)
