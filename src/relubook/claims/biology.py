"""What the paper says about neurons, and what this book adds: is a rectifier like one of them?"""

from relubook import paper
from relubook.claims import biology_measures, biology_twins, trained_measures, trained_twins
from relubook.claims.values import Claim
from relubook.experiments import at_rest

CLAIMS = (
    Claim(
        id="lif-figure-1",
        chapter="biology",
        number=19,
        statement="The paper's formula for the firing rate gives the curve that its Figure 1 "
        "shows, and a neuron that is followed in time fires at that rate.",
        page="316",
        paper=(),
        experiment="figure-1",
        data="lif",
        test=biology_measures.figure_1,
        interval="counts; for information, t intervals over points and over seeds",
        threshold="all nine points digitized from the curve within 1 Hz of the formula with "
        "recovered parameters, and every random neuron's spikes within 2 % of the formula at every "
        "current; the paper gives no number, neither parameters nor points",
        flips=(
            "Other parameters: only two times and two ratios of voltage to resistance can be "
            "recovered from the curve; four numbers are fitted to nine points.",
            "Noise: then the neuron fires below the threshold current as well, and another formula "
            "holds.",
            "Steps in time without the moment of the spike inside them: each interval is then "
            "rounded up to whole steps.",
            "A current that changes while the neuron charges.",
        ),
        twin=biology_twins.figure_1,
    ),
    Claim(
        id="rectifier-in-the-working-range",
        chapter="biology",
        number=29,
        statement="Where cortical neurons work, far from saturation, a rectifier stands for a "
        "leaky integrate-and-fire neuron: more closely than over the whole curve, and more closely "
        "than a tanh or a logistic curve does.",
        page="316-318",
        paper=(),
        experiment="working-range",
        data="lif",
        test=biology_measures.working_range,
        interval="t interval over random neurons, of differences within a neuron",
        threshold="over random neurons, in the working range: the rectifier's residual at most "
        "10 % of the largest rate, smaller than over the whole range, smaller than that of a "
        "tanh and smaller than that of a logistic curve, each fitted by least squares; the paper "
        "gives no number",
        flips=(
            "The range: the nearer its upper end lies to the ceiling, the more the curve bends, "
            "and a curve with a ceiling of its own fits better.",
            "The lower end: the rectifier's lead over a tanh comes from the silent part of the "
            "range. From 0 nA up, a tanh fits best of all.",
            "Tanh and logistic curve have three numbers to fit, the rectifier two. Softplus has "
            "three, and the rectifier is one of its limits: it cannot do worse.",
            "Noise rounds the corner at the threshold.",
            "Neurons that adapt, or that fire in bursts, have other curves.",
        ),
        twin=biology_twins.working_range,
    ),
    Claim(
        id="logistic-rests-at-half",
        chapter="biology",
        number=30,
        statement="Before training, all units of a logistic network put out about half of what "
        "they can at most; in a rectifier network half of the outputs are at rest, exactly zero.",
        page="316-317",
        paper=(at_rest.STEADY_STATE, paper.STATED["zeros_at_initialization"]),
        experiment="at-rest",
        data="mnist",
        test=trained_measures.logistic_rests_at_half,
        interval="t interval over networks, for each hidden layer",
        threshold="in each of three layers of 1,000 units: mean output of logistic units within "
        "0.45 to 0.55; every logistic unit's mean output further than 0.05 from 0; zeros of "
        "rectifiers within 48 to 52 % of the outputs",
        flips=(
            "Larger weights: logistic units then saturate, at 0 as often as at 1, and the mean "
            "stays at half while single units leave it.",
            "Negative biases: a logistic unit with a bias of -5 rests near 0.",
            "Rest as a matter of units instead of outputs: few rectifiers are silent for every "
            "digit, so most of them have a mean output above 0 as well.",
            "Another line between them: logistic and tanh units are equal up to a linear map, so "
            "whether a network rests depends on what the next layer takes for zero.",
        ),
        twin=trained_twins.logistic_rests_at_half,
    ),
    Claim(
        id="footnote-3",
        chapter="biology",
        number=31,
        statement="A neuron's response itself, rescaled, makes worse networks than the rectifier, "
        "and so does a tanh without its negative half.",
        page="320",
        paper=(),
        experiment="responses",
        data="mnist",
        test=trained_measures.footnote_3,
        interval="t interval over seeds, of differences within a seed",
        threshold="test error of rescaled LIF and of max(tanh, 0), each with its own learning "
        "rate, above that of the rectifier; the paper gives no number",
        flips=(
            "The learning rate: with that of the rectifier, the LIF response, whose slope is "
            "infinite at its threshold, errs about twice as much as with its own.",
            "The number of epochs: all are compared after the same few.",
            "Wider layers, more examples, or the paper's other data sets: it does not say on which "
            "the two were tried.",
            "A penalty on the outputs, which only the paper's rectifiers had.",
        ),
        twin=trained_twins.footnote_3,
    ),
)
