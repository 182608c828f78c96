"""Chapter 7 asks: what can networks learn from words, most of which are not there?"""

import math

import numpy as np

from relubook import experiments
from relubook.experiments.table_2_values import NETWORKS, errors
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz

_LINEAR, _DEEP = "no hidden layer", "rectifier, 3 layers"


def prediction(record: Record) -> Prediction:
    """The reader guesses how well deep, pretrained networks tell the stars of reviews.

    Args:
        record: A record of the experiment `table-2`.
    """
    arrays, width = record.arrays, record.config["width"]
    deep, linear = (
        values[np.isfinite(values)]
        for values in (errors(arrays, _DEEP, "with"), errors(arrays, _LINEAR, "none"))
    )
    low, median, high = np.quantile(deep, [0.1, 0.5, 0.9]).round(3)
    guess, (labeled, unlabeled, _) = arrays["guess_error"].mean(), arrays["counts"]
    learned = labeled * (record.config["folds"] - 1) // record.config["folds"]
    few, most = arrays["stars"].min(), arrays["stars"].max()
    return Prediction.number(
        name="text",
        question=(
            f"A network is to tell from the words of a review how many stars it gives, {few:g} to "
            f"{most:g}. Always expecting the mean, the error is {guess:.2f} stars. Without a "
            f"hidden layer it is {np.median(linear):.2f}. {NETWORKS[_DEEP][1]} layers of {width:,} "
            f"rectifiers first learn to restore the words of {labeled + unlabeled:,} reviews, and "
            f"then learn from the same stars, those of {learned:,} reviews. What is their error?"
        ),
        low=0.0,
        high=math.ceil(12 * guess) / 10,
        step=0.01,
        recorded=float(median),
        band=(float(low), float(high)),
        unit="stars",
        source=f"Record {record.stem}: {experiments.subtitle(record)}; band: 10 to 90 % of folds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="text", questions=(_SAMPLED, _CARRIED, _EVIDENCE))


_SAMPLED = Question(
    text="An autoencoder restores bags of 5,000 terms, of which a review has 30. To save time, a "
    "step computes the outputs of the 30, and of the others each one with probability 0.1; an "
    "output of the latter kind counts 10 times. What does that change?",
    choices=(
        Choice(
            text="On average over the draws the step is that of all outputs. A single step is "
            "noisier.",
            feedback="Probability times weight is 1, so that each output's share in the gradient "
            "has the right mean, at about a tenth of the work. What is paid is spread.",
            right=True,
        ),
        Choice(
            text="Nothing: of terms that are not there, there is nothing to learn.",
            feedback="Leave them all out. What is then the cheapest answer, for any review?",
        ),
        Choice(
            text="Terms that are not there count a tenth, so outputs become too large.",
            feedback="That would be so without the weight. What is 0.1 times 10?",
        ),
        Choice(
            text="The cost falls to about a tenth, so the learning rate must be ten times as "
            "large.",
            feedback="Fewer outputs are added up, but each counts more often. What is the mean of "
            "that sum over the draws?",
        ),
    ),
)

_CARRIED = Question(
    text="In a network with one hidden layer of rectifiers, the word “cold” has a weight to one "
    "unit only, -0.9. For a review with this word the unit's pre-activation is -0.4. What does the "
    "word carry to the logits, and what happens if it is struck out?",
    choices=(
        Choice(
            text="It carries nothing, so nothing changes without it.",
            feedback="The first half is right. What is the unit's pre-activation without the word?",
        ),
        Choice(
            text="It carries -0.9 times the unit's weights to the logits, and they lose that.",
            feedback="How much of its input does a rectifier pass on at -0.4?",
        ),
        Choice(
            text="It carries nothing, and yet without it the logits change.",
            feedback="Without it the pre-activation is 0.5: the unit turns on. What words carry is "
            "exact for this review; the review without the word lies on another linear piece.",
            right=True,
        ),
        Choice(
            text="It carries just the change that striking it out makes, since the account is "
            "exact.",
            feedback="The account adds up to the logits of this review. Are the same units on in "
            "the review without the word?",
        ),
    ),
)

_EVIDENCE = Question(
    text="The stars of 1,000 reviews are cut into five folds; for each, a linear model and a deep "
    "one learn from the other four and are tested on the same 500 reviews. The deep ones were "
    "pretrained, on the words of the test reviews among others. They err 0.02 stars less, with an "
    "interval over the folds of 0.01 to 0.03. What do these numbers support?",
    choices=(
        Choice(
            text="On other reviews deep networks err 0.01 to 0.03 stars less, too.",
            feedback="Over what does the interval average? Which reviews are the same in all "
            "folds?",
        ),
        Choice(
            text="Nothing at all: the folds share reviews, so there is no interval.",
            feedback="Three of four training folds are shared by any two. Does nothing vary from "
            "fold to fold, then, or less than would with five fresh sets?",
        ),
        Choice(
            text="The linear model is too simple: stars depend on how words go together.",
            feedback="The two differ in depth, and in what else? Which of them had seen the words "
            "of the test reviews?",
        ),
        Choice(
            text="Trained again like this, the deep ones would err less on these 500 reviews; why, "
            "and what others give, is open.",
            feedback="The interval knows how training varies. All five share the test reviews and "
            "most of the others, and depth came together with a look at the test's words: a linear "
            "model with as much help might come as far.",
            right=True,
        ),
    ),
)
