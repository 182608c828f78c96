"""The paper's claims about exact zeros: how many there are, and how many a network can bear."""

from relubook import paper
from relubook.claims import measures, twins
from relubook.claims.values import Claim

_FIGURE_3_FLIPS = (
    "Zeros go on growing while training goes on: another number of epochs moves every network.",
    "The penalty is summed over units: as a mean over units it is weaker by the layer's width.",
)

CLAIMS = (
    Claim(
        id="half-zeros-at-initialization",
        chapter="sparsity",
        number=1,
        statement="After uniform initialization about half of the hidden units are exact zeros.",
        page=paper.STATED["zeros_at_initialization"].page,
        paper=(paper.STATED["zeros_at_initialization"],),
        experiment="initialization",
        data="mnist",
        test=measures.half_zeros,
        interval="t interval over seeds, for each layer",
        threshold="50 ± 2 % in each layer, over at least 5 seeds",
        flips=(
            "Biases that do not start at zero, or weights that are not symmetric about zero.",
            "One narrow network alone: the share of zeros scatters with the width.",
        ),
        twin=twins.half_zeros,
    ),
    Claim(
        id="exact-sparsity-mnist",
        chapter="sparsity",
        number=11,
        statement=f"Trained on MNIST with an L1 penalty of {paper.PROTOCOL['l1']}, a rectifier "
        f"network has {paper.EXACT_ZEROS['mnist']} exact zeros.",
        page=paper.EXACT_ZEROS["mnist"].page,
        paper=(paper.EXACT_ZEROS["mnist"], paper.PROTOCOL["l1"]),
        experiment="figure-3",
        data="mnist",
        test=measures.exact_sparsity,
        interval="t interval over seeds",
        threshold="within 5 points of the paper's value, with the penalty summed over units",
        flips=(
            *_FIGURE_3_FLIPS,
            "Learning rate, number of epochs and width all move the zeros; the paper does not say "
            "how long its networks were trained.",
        ),
        twin=twins.exact_sparsity,
    ),
    Claim(
        id="plateau-to-85",
        chapter="sparsity",
        number=12,
        statement=f"Sparsity does not hurt until about {paper.STATED['harmless_zeros_up_to']} of "
        "the activations are zeros; beyond that the error rises.",
        page=paper.STATED["harmless_zeros_up_to"].page,
        paper=(paper.STATED["harmless_zeros_up_to"],),
        experiment="figure-3",
        data="mnist",
        test=measures.plateau,
        interval="t interval over networks for slopes, bootstrap over networks for the bend; the "
        "networks of one seed share their initial weights and are counted as independent",
        threshold="below 85 %: interval of the slope contains 0 (and lies within ±0.03 points per "
        "%); above: slope over 0.03; a flat line begins to rise between 82 and 90 %",
        flips=(
            *_FIGURE_3_FLIPS,
            "Few epochs: then networks without a penalty err more, and the error falls with "
            "sparsity before it rises.",
            "Many epochs: networks without a penalty go on learning and end with a lower error "
            "than those with one (record settling, narrow layers).",
            "Width: these networks may be narrower than the paper's 1,000 units a layer.",
        ),
        twin=twins.plateau,
    ),
    Claim(
        id="sparse-without-penalty",
        chapter="sparsity",
        number=13,
        statement="Networks end sparse even without an L1 penalty: the least sparse network of "
        f"Figure 3 has {paper.STATED['figure_3_least_zeros']} zeros.",
        page=paper.FIGURE_3.page,
        paper=(paper.STATED["figure_3_least_zeros"],),
        experiment="figure-3",
        data="mnist",
        test=measures.sparse_without_penalty,
        interval="t interval over seeds",
        threshold="mean zeros at L1 = 0 between 65 and 80 %",
        flips=(
            _FIGURE_3_FLIPS[0],
            "Small networks on few digits: the twin stays near one half.",
        ),
        twin=twins.sparse_without_penalty,
    ),
    Claim(
        id="too-sparse-hurts",
        chapter="sparsity",
        number=14,
        statement="Too much sparsity hurts: networks with 97 to 100 % zeros err far more than "
        "those of the plateau.",
        page=paper.FIGURE_3.page,
        paper=(paper.STATED["harmless_zeros_up_to"],),
        experiment="figure-3",
        data="mnist",
        test=measures.too_sparse,
        interval="bootstrap over networks, each group resampled",
        threshold="error at 97 % zeros or more at least 1.4 times that below 85 %; collapsed "
        "networks are left out of both",
        flips=(
            *_FIGURE_3_FLIPS,
            "Width: 3 % of 1,000 units are 30, of 64 units they are two.",
        ),
        twin=twins.too_sparse,
    ),
)
