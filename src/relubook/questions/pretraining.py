"""Chapter 6 asks: what does a layer learn without labels, and when is that worth anything?"""

import numpy as np

from relubook import experiments
from relubook.experiments.figure_4_values import FEW, gain, place_of
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz


def prediction(record: Record) -> Prediction:
    """The reader guesses what pretraining saves where few examples have labels.

    Args:
        record: A record of the experiment `figure-4`.
    """
    place = place_of(record.arrays, FEW)
    saved = gain(record.arrays, "rectifier")[place]
    low, median, high = np.nanquantile(saved, [0.1, 0.5, 0.9]).round(2)
    labels, examples = record.arrays["labels"][place], record.arrays["labels"].max()
    return Prediction.number(
        name="pretraining",
        question=(
            f"Networks of rectifiers first learn to restore {examples:,} training images of which "
            f"a part was masked. Then they learn to tell the classes, from {labels:,} of these "
            "images that have a label. Others learn from the same labels alone. How many points of "
            "test error does pretraining save? Below 0: it costs."
        ),
        low=-20.0,
        high=20.0,
        step=0.1,
        recorded=float(median),
        band=(float(low), float(high)),
        unit="points",
        source=f"Record {record.stem}: {experiments.subtitle(record)}; band: 10 to 90 % of seeds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="pretraining", questions=(_STUCK, _COPY, _EVIDENCE))


_STUCK = Question(
    text="The outputs of an autoencoder are rectifiers, and its cost is the squared difference. "
    "For one pixel the target is 0.8, and the output's pre-activation is -0.2. What does this "
    "pixel teach in this step?",
    choices=(
        Choice(
            text="Nothing at all. What the hidden units learn in this step comes from others.",
            feedback="The output is 0, and so is its slope: the error of 0.8 is known, and no "
            "weight hears of it. Outputs above 0 still pass theirs on, so the hidden units learn, "
            "and that may lift this output later.",
            right=True,
        ),
        Choice(
            text="The output's bias should rise, in proportion to the error of 0.8.",
            feedback="The derivative by the output says so. By how much does the output change, "
            "though, when the bias rises from -0.2 to -0.1?",
        ),
        Choice(
            text="A little: the bias should rise about half as fast as a linear output's.",
            feedback="That is a softplus, whose slope at -0.2 is 0.45. What is that of a "
            "rectifier there?",
        ),
        Choice(
            text="Nothing, and with one output blocked the whole example is lost.",
            feedback="What a hidden unit is told is a sum over all outputs. How many of 784 are "
            "blocked here?",
        ),
    ),
)

_COPY = Question(
    text="A layer of 1,000 rectifiers learns to restore the 784 pixels of images, numbers from 0 "
    "to 1, through linear outputs. Somebody leaves out the noise and the penalty, trains for very "
    "long, and is pleased: the squared error is 0. What has the layer learned?",
    choices=(
        Choice(
            text="The classes of the images, as nothing is lost.",
            feedback="Nothing is lost of the images as they are given, either. Are the classes "
            "easy to read from those?",
        ),
        Choice(
            text="Perhaps nothing: passing every pixel on would do.",
            feedback="There are more units than pixels, none of which is below 0: one unit each, "
            "with a weight of 1, restores everything. A masked pixel cannot be passed on. It must "
            "be inferred from others, and for that a layer has to know what goes together.",
            right=True,
        ),
        Choice(
            text="Its training images by heart: with so many weights it overfits.",
            feedback="Then it would fail on new images. What is the error on them of a layer that "
            "passes every pixel on?",
        ),
        Choice(
            text="What goes together, for a lower error is a better code.",
            feedback="Look for the simplest weights with no error at all. What do they know about "
            "two neighboring pixels?",
        ),
    ),
)

_EVIDENCE = Question(
    text="With 100 labels, pretrained networks err 6 points less than others, with an interval of "
    "4 to 8. With all 10,000 labels they err 0.1 points less, with an interval of -0.2 to 0.4, "
    "where the others err on 4 % of the digits. A report says: with enough labels pretraining is "
    "worth nothing. What do these numbers support?",
    choices=(
        Choice(
            text="The report: the interval contains 0, so there is no difference.",
            feedback="It contains 0.3, too. What would somebody say who looked at that number "
            "alone?",
        ),
        Choice(
            text="The opposite: 0.1 is above 0, so pretraining still helps a little.",
            feedback="How often would that many networks give 0.1 or more by luck? The interval "
            "knows.",
        ),
        Choice(
            text="The opposite: 6 points with 100 labels show that pretraining helps.",
            feedback="With 100 labels, yes. What has that comparison seen of networks with 10,000?",
        ),
        Choice(
            text="Less than it says: it is worth at most about 0.4 points, and perhaps nothing.",
            feedback="The interval is what can be said, with both of its ends. 0.4 of 4 points "
            "would be every tenth error, which may be much or little; no measurement finds exactly "
            "nothing.",
            right=True,
        ),
    ),
)
