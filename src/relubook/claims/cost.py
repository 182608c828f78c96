"""What the paper says about cost: no exponential to compute, and zeros that can be exploited."""

from relubook import paper
from relubook.claims import cost_measures, cost_twins
from relubook.claims.values import Claim

_PAGE = "318"
_MACHINE = (
    "Another machine, another number of threads, another library: all of these are times of one "
    "processor core. The passport names it."
)
_LIBRARY = (
    "Code of one's own: the ways that skip are stock PyTorch (`embedding_bag`, compressed rows). A "
    "loop in C over the rows of active units skips more cheaply."
)
_BATCH = "The batch: examples that are answered together share the work of reading the weights."

CLAIMS = (
    Claim(
        id="no-exponential",
        chapter="cost",
        number=21,
        statement="A rectifier needs no exponential: as a function it takes less time than a tanh "
        "or a softplus.",
        page=_PAGE,
        paper=(),
        experiment="unit-cost",
        data="mnist-5k",
        test=cost_measures.unit_functions,
        interval="t interval over rounds of the ratio within a round",
        threshold="tanh and softplus each at least 1.5 times as long per number, at 100,000 "
        "numbers that stay in cache; the paper gives no number",
        flips=(
            "Numbers that come from memory: then all wait for the memory, and a tanh costs little "
            "more than a copy.",
            "Very few numbers at once: then all wait for the call.",
            _MACHINE,
        ),
        twin=cost_twins.unit_functions,
    ),
    Claim(
        id="cheaper-training",
        chapter="cost",
        number=22,
        statement="Cheaper units make cheaper training: in layers of the paper's width, a step "
        "with rectifiers is visibly shorter than one with tanh or softplus units.",
        page=_PAGE,
        paper=(paper.PROTOCOL["width"], paper.PROTOCOL["batch_size"]),
        experiment="unit-cost",
        data="mnist-5k",
        test=cost_measures.training_step,
        interval="t interval over rounds of the ratio within a round",
        threshold="rectifiers would save at least 5 % of a step with tanh units and of one with "
        "softplus units, at width 1,000 and each batch size; less is not visible",
        flips=(
            "Width: the products grow with its square, the activations with the width itself. In "
            "narrow layers units are a larger share.",
            "A slow way to compute the same unit, such as a softplus by the safest formula.",
            _MACHINE,
        ),
        twin=cost_twins.training_step,
    ),
    Claim(
        id="zeros-skipped-one-by-one",
        chapter="cost",
        number=23,
        statement="Sparsity can be exploited: a trained network that skips its exact zeros answers "
        "one example faster than one that multiplies by them.",
        page=_PAGE,
        paper=(paper.EXACT_ZEROS["mnist"], paper.PROTOCOL["l1"], paper.PROTOCOL["width"]),
        experiment="skipping-zeros",
        data="mnist",
        test=cost_measures.single_examples,
        interval="t interval over seeds, each the median of its rounds",
        threshold=f"gathering faster than the dense way for networks trained with L1 "
        f"{paper.PROTOCOL['l1']}, one example at a time",
        flips=(
            "Fewer zeros, by a weaker penalty or a shorter training.",
            "Narrow layers: then finding the active units costs more than it saves.",
            _BATCH,
            _MACHINE,
        ),
        twin=cost_twins.single_examples,
    ),
    Claim(
        id="zeros-skipped-in-batches",
        chapter="cost",
        number=24,
        statement="The same for 64 examples at a time: skipping exact zeros is faster than "
        "multiplying by them.",
        page=_PAGE,
        paper=(paper.EXACT_ZEROS["mnist"], paper.PROTOCOL["l1"], paper.PROTOCOL["width"]),
        experiment="skipping-zeros",
        data="mnist",
        test=cost_measures.many_examples,
        interval="t interval over seeds, each the median of its rounds",
        threshold=f"the faster of gathering and compressed rows faster than the dense way for "
        f"networks trained with L1 {paper.PROTOCOL['l1']}, 64 examples at a time",
        flips=(
            _BATCH,
            "Far more zeros than the paper's networks have.",
            _LIBRARY,
            _MACHINE,
        ),
        twin=cost_twins.many_examples,
    ),
)
