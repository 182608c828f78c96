"""What the paper says about neurons, and what this book adds: is a rectifier like one of them?"""

from relubook.claims import biology_measures, biology_twins
from relubook.claims.values import Claim

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
            "The lower end: a longer silent part makes every curve that can be silent look better.",
            "Tanh and logistic curve have three numbers to fit, the rectifier two. Softplus has "
            "three, and the rectifier is one of its limits: it cannot do worse.",
            "Noise rounds the corner at the threshold.",
            "Neurons that adapt, or that fire in bursts, have other curves.",
        ),
        twin=biology_twins.working_range,
    ),
)
