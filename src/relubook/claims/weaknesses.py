"""Sentences about weaknesses of rectifiers, and about two repairs: clipping and dropout."""

from relubook.claims import weakness_measures, weakness_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="shared-signs",
        chapter="relatives",
        number=48,
        statement="Units that are never negative give all weights of a unit behind them a gradient "
        "of one sign per example, and that slows training.",
        page="",
        paper=(),
        experiment="shared-signs",
        data="mnist",
        test=weakness_measures.shared_signs,
        interval="t interval over seeds; losses are paired: the same seed, order and examples; "
        "that a sign is shared is an identity, which only wrong code could fail",
        threshold="of the pairs of an example and a unit with gradient, 100 % have weight "
        "gradients of one sign behind rectifiers and logistic units and below 5 % behind tanh; "
        "training loss after the fixed steps, each at its own best rate: logistic units minus the "
        "same less 1/2 above 0, and rectifiers minus rectifiers with half of the units negated, of "
        "all seeds, above 0; the paper gives no number",
        flips=(
            "The sign alone: a network with half of its units negated is, bit for bit in its "
            "training, the mirror image of one without, whose first weights are just as likely. "
            "Its gradients no longer share a sign, and on average it can learn neither faster nor "
            "slower: a difference between ten seeds is chance, whichever way it lies.",
            "The mean: before training, half is nearly all of what a logistic unit puts out, "
            "whatever the digit. Subtracting it, or each unit's own mean, mixes the signs and "
            "shrinks the part that all digits share, and the loss halves. Subtracting the mean of "
            "rectifiers changes the loss by less than ten seeds can tell.",
            "A mini-batch: over 32 examples with errors of both signs the gradients of a unit "
            "behind rectifiers already differ in sign.",
        ),
        twin=weakness_twins.shared_signs,
        threshold_changes=(
            "The last difference was to be judged by ten seeds. It is zero on average, by "
            "symmetry, and the interval of these ten leaves out zero by chance, as a trial showed. "
            "Now all seeds of the record judge it, five times as many; the ten are given for "
            "information.",
        ),
    ),
    Claim(
        id="clipping-widens-rates",
        chapter="relatives",
        number=49,
        statement="Clipping the gradient's norm makes far larger learning rates usable.",
        page="",
        paper=(),
        experiment="clipping",
        data="mnist-5k",
        test=weakness_measures.clipping,
        interval="t interval over seeds of the logarithm to base 2 of a ratio: of geometric means",
        threshold="the largest learning rate of a factor-2 grid at which a rectifier network from "
        "the usual start does not diverge and errs on fewer than 20 % of the validation split is "
        "at least 4 times (2 doublings) as large if gradients are clipped at the mean norm of a "
        "gentle training (near pascanu2013's advice) as if they are not; the paper gives no number",
        flips=(
            "The limit: at a tenth of the mean norm nearly every gradient is clipped, so a step is "
            "the rate times the limit whatever the gradient. Rates ten times as large are usable "
            "then, which is little more than another unit of measure. A limit of ten times the "
            "mean norm changes nothing (a trial, not recorded).",
            "The start: from weights 4 times as large no rectifier network learns unclipped, "
            "at any of the rates; with it most learn at some of the smaller ones.",
        ),
        twin=weakness_twins.clipping,
    ),
    Claim(
        id="rectifiers-overfit-little-data",
        chapter="relatives",
        number=50,
        statement="With little data rectifier networks overfit more than tanh networks, as is "
        "often said.",
        page="",
        paper=(),
        experiment="little-data",
        data="mnist",
        test=weakness_measures.little_data,
        interval="t interval over seeds, each with training examples of its own that both kinds "
        "get",
        threshold="with 300 training examples the test error of rectifier networks minus that of "
        "tanh networks, each at its own learning rate, is above 0 points; the paper gives no "
        "number",
        flips=(
            "The number of examples: with 30 of them ten seeds cannot tell the two kinds apart; "
            "from 100 on tanh networks err more.",
            "What is called overfitting: up to 1,000 examples both kinds have learned theirs by "
            "heart, and the gap between the two errors is the test error. With 10,000 the gaps "
            "cannot be told apart, and test errors can: in 1,000 steps tanh networks have learned "
            "less.",
            "The learning rate: it was chosen on a validation split far larger than the training "
            "examples. Whoever has so few examples has no such split. For tanh with 100 examples, "
            "and with the penalty up to 300, it is the smallest of the grid.",
        ),
        twin=weakness_twins.little_data,
    ),
    Claim(
        id="scaled-weights-average-masks",
        chapter="relatives",
        number=51,
        statement="Halving the weights behind dropped units stands for the average over all "
        "thinned networks: exactly if only the last hidden layer drops units, nearly in networks "
        "of 128 units a layer.",
        page="",
        paper=(),
        experiment="thinned",
        data="mnist",
        test=weakness_measures.thinned,
        interval="t interval over seeds; what is exact is an identity, which only wrong code could "
        "fail",
        threshold="the mean of the logits over all masks of the last hidden layer differs from the "
        "logits with halved weights by less than 1e-10 of the largest, in float64; in networks "
        "trained with dropout the test error of the scaled network lies within 1 point of that of "
        "the geometric mean of 200 thinned networks (srivastava2014); the paper gives no number",
        flips=(
            "Training: each thinned network of one that never dropped a unit errs far more, and "
            "it takes more of them to come near the whole network.",
            "Active sets that may change: a mask below decides which units above are on. Then the "
            "mean of the logits and the logits with halved weights differ (layers of six units).",
            "Few masks: the mean of two thinned networks is worse than the scaled network.",
        ),
        twin=weakness_twins.thinned,
    ),
)
