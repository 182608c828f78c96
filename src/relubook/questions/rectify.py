"""Chapter 1 asks: what is lost when half of the input is cut off, and what does the cut buy?"""

from relubook.widgets import Choice, Question, Quiz


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
    text="You give every rectifier a twin with the opposite weights, so that one of the two "
    "answers whatever the sign. What do you gain, and what do you pay?",
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
            text="Half of the zeros disappear.",
            feedback="Count them. Of each pair exactly one is silent, unless x is 0: as many "
            "zeros as in an untrained layer of single rectifiers.",
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
