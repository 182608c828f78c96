"""Chapter 9 asks: when do zeros buy time, and what would it take to believe a speed-up?"""

import numpy as np

from relubook import experiments
from relubook.experiments.skipping_race import crossover
from relubook.records import Record
from relubook.widgets import Choice, Prediction, Question, Quiz


def prediction(record: Record) -> Prediction:
    """The reader guesses from which share of zeros skipping pays, for one example at a time.

    Args:
        record: A record of the experiment `skipping-zeros`.
    """
    found = crossover(record.arrays["zeros"], record.arrays["layer_time"])
    (one,) = np.flatnonzero(record.arrays["batch"] == 1)
    # A round in which skipping never pays counts as a crossing at 100 %.
    middle, low, high = (
        float(np.nan_to_num(100 * place[one], nan=100.0).round(1))
        for place in (found.zeros, found.low, found.high)
    )
    width = record.config["width"]
    return Prediction.number(
        name="cost",
        question=(
            f"A layer of {width:,} inputs and {width:,} outputs answers one example. From which "
            "share of zeros among its inputs is it faster to find the active ones and add up their "
            "rows of weights than to multiply by all of them?"
        ),
        low=0.0,
        high=100.0,
        step=1.0,
        recorded=middle,
        band=(low, high),
        unit="%",
        source=f"Record {record.stem}: {' '.join(experiments.subtitle(record).split())}; "
        "band: the range over rounds.",
    )


def quiz() -> Quiz:
    """One question to remember, one to carry over, one about evidence."""
    return Quiz(name="cost", questions=(_BATCHES, _ANOTHER_NETWORK, _EVIDENCE))


_BATCHES = Question(
    text="Suppose each digit needs a third of the units. Why does a batch of 64 digits gain so "
    "little from the zeros?",
    choices=(
        Choice(
            text="Each digit needs another third: together they need nearly all weights, and the "
            "dense product reads each weight once for all of them.",
            feedback="Reading weights is most of the work for one example. A batch shares it, and "
            "what is left, plain multiplication, is what a processor does best in long rows.",
            right=True,
        ),
        Choice(
            text="In a batch fewer activations are zero.",
            feedback="Each digit's activations are what they were. It is the union over the digits "
            "that grows, not the share of each.",
        ),
        Choice(
            text="Skipping needs 64 times as much memory.",
            feedback="It needs less: the places and the values of the active units. Time, not "
            "memory, is lost: row by row, a processor runs far below its best.",
        ),
        Choice(
            text="The digits of a batch must wait for the slowest one.",
            feedback="On one processor core nobody waits for anybody. Count instead how often each "
            "weight is read, with and without skipping.",
        ),
    ),
)

_ANOTHER_NETWORK = Question(
    text="Somebody trains a network of 3 x 64 units on digits and gets 85 % zeros. It answers one "
    "digit at a time. What do you expect from `gathered`?",
    choices=(
        Choice(
            text="Little or nothing: finding the active units costs a fixed time that such small "
            "products do not leave to be saved.",
            feedback="The crossing depends on the size of the layer as well as on the zeros. "
            "Measure before you build on it.",
            right=True,
        ),
        Choice(
            text="About seven times the speed: 15 % of the multiplications remain.",
            feedback="That is the share of multiplications. Does every part of the work shrink "
            "with them?",
        ),
        Choice(
            text="Other logits, since most activations are left out.",
            feedback="What is left out is multiplied by zero. The logits are the same.",
        ),
    ),
)

_EVIDENCE = Question(
    text="`max(0, x)` takes a third of the time of tanh. Which measurement would show that "
    "training gains from it?",
    choices=(
        Choice(
            text="The share of a whole training step that the activations take, in networks of the "
            "size in question.",
            feedback="What takes one percent of a step can save at most that one percent. This is "
            "the number that the claim is judged by.",
            right=True,
        ),
        Choice(
            text="The same comparison with more rounds and a narrower interval.",
            feedback="That makes the answer to the first question surer. It is not an answer to "
            "the second.",
        ),
        Choice(
            text="The same comparison for ten million numbers.",
            feedback="There all functions wait for memory and the difference nearly goes away. But "
            "it still says nothing about the rest of the step.",
        ),
        Choice(
            text="The time to reach a given error, with rectifiers and with tanh units.",
            feedback="Worth knowing, but it mixes two things: how long a step takes, and how many "
            "steps are needed. The second has other reasons than exponentials.",
        ),
    ),
)
