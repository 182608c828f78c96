"""What the paper says about rescaling: equal functions, and how differently they train."""

from relubook.claims import rescaling_measures, rescaling_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="scaling-symmetry",
        chapter="saturation",
        number=3,
        statement="Dividing the weights of layer i by alpha_i and its bias by the product of all "
        "alphas so far divides the outputs by the product of all alphas and changes nothing else.",
        page="319",
        paper=(),
        experiment="rescaled",
        data="mnist",
        test=rescaling_measures.scaling_symmetry,
        interval="t interval over seeds, of the largest or the median of 20 draws each; that "
        "rectifiers keep the law is an identity, which only wrong code could fail",
        threshold="relative error of the outputs for random positive alphas at most 1e-12 in "
        "float64 and 1e-5 in float32, the largest of 20 draws a network, before training and "
        "after; at least 0.01 for two negative alphas and for tanh, the median of 20 draws; the "
        "paper gives no number, and does not say that the alphas must be positive",
        flips=(
            "A negative alpha: max(0, -x) is not -max(0, x).",
            "Units that are not positively homogeneous: tanh, softplus, logistic. Linear ones, "
            "max(0, x) and its leaky relatives are.",
            "Biases divided by their own alpha only, in place of the product of all so far.",
            "Alphas so large or small that numbers leave the range of their format.",
        ),
        twin=rescaling_twins.scaling_symmetry,
    ),
    Claim(
        id="same-function-worse-conditioned",
        chapter="saturation",
        number=41,
        statement="Of the many parametrizations of one function some train far worse.",
        page="319",
        paper=(),
        experiment="rescaled",
        data="mnist",
        test=rescaling_measures.worse_conditioned,
        interval="t interval over seeds, paired; of ratios, of their logarithms. A loss above "
        "log 10, or of a network that diverged, counts as log 10, which is saying nothing",
        threshold="with the alphas (s, 1/s, 1): effective condition number (largest eigenvalue of "
        "the Gauss-Newton matrix over the mean of those above 1e-8 of it, before training) at "
        "s = 8 at least 3 times that at s = 1, geometric mean over seeds; training loss after "
        "1,000 steps from s = 8 minus from s = 1 above 0, at the rate best for s = 1 and at each "
        "one's own best rate, chosen on other seeds; the paper gives no number",
        flips=(
            "What ill-conditioned means: the mean of the eigenvalues grows with the largest, and "
            "their ratio changes little. The largest alone, which limits the learning rate, grows "
            "by more than ten times.",
            "The learning rate: from s = 8, at a rate several times smaller, networks end nearly "
            "as low as from s = 1.",
            "How far: between s = 1/4 and s = 4, each at its own best rate, the losses are about "
            "the same.",
            "Which layer is small: from s = 1/8, with large first weights, the rate best for s = 1 "
            "does as well as any other.",
            "Weight decay and time: decay brings layers back to balance, while descent alone keeps "
            "most of what they differ by.",
        ),
        twin=rescaling_twins.worse_conditioned,
    ),
)
