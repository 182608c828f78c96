"""What this book says about rectifying: what cutting off half of the input loses and keeps."""

from relubook.claims import rectify_measures, rectify_twins, trained_measures, trained_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="linear-layers-collapse",
        chapter="rectify",
        number=25,
        statement="Stacked linear layers are one linear layer: without something that bends "
        "between them, depth computes nothing new.",
        page="",
        paper=(),
        experiment="collapse",
        data="mnist-5k",
        test=rectify_measures.linear_layers,
        interval="t interval over seeds; that a stack and its one layer agree is an identity, "
        "which only wrong code could fail",
        threshold="a linear stack and its one layer differ by at most 1e-10 of the largest output "
        "in float64, and answer at most 1 test digit differently after training; three hidden "
        "layers change the test error by at most 1.5 points if they are linear and lower it by at "
        "least 2 if they rectify; an untrained stack of rectifiers is at least 10 % of its "
        "output's spread from every affine map; the paper gives no number",
        flips=(
            "Training: the functions are the same, the way to them is not. At one learning rate a "
            "deeper linear stack moves at another speed, and may diverge.",
            "Narrow layers: a linear stack whose layers have fewer units than it has outputs can "
            "compute less than one layer, not more.",
            "A learning rate chosen for one depth and used for all.",
        ),
        twin=rectify_twins.linear_layers,
    ),
    Claim(
        id="pair-keeps-everything",
        chapter="rectify",
        number=26,
        statement="What a rectifier cuts off is not lost to a network: two rectifiers of shared "
        "weights rebuild an antisymmetric or a symmetric response, for twice as many units.",
        page="318",
        paper=(),
        experiment="pairs",
        data="mnist-5k",
        test=rectify_measures.pairs,
        interval="t interval over seeds, where there is anything to be unsure of: the first two "
        "lines are an identity, which only wrong code could fail",
        threshold="max(0, x) - max(0, -x) is x and max(0, x) + max(0, -x) is |x| bit for bit in "
        "100 % of the pre-activations of untrained layers; one rectifier passes on 40 to 60 % of "
        "them; the paper gives no number",
        flips=(
            "Weights of their own: as many other rectifiers do not rebuild all of it in a linear "
            "way.",
            "A threshold above 0: then what lies under it is gone from both of a pair.",
            "Shared weights that are no longer equal after training.",
        ),
        twin=rectify_twins.pairs,
    ),
    Claim(
        id="hinges-approximate",
        chapter="rectify",
        number=27,
        statement="n hinges come as close to a smooth curve as one likes, with an error that falls "
        "as 1/n²; at a jump the largest error stays.",
        page="",
        paper=(),
        experiment="hinges",
        data="curves",
        test=rectify_measures.hinges,
        interval="t interval over curves or seeds; bootstrap interval of the ratio of errors",
        threshold="on logarithmic axes the error of evenly spaced hinges on random smooth curves "
        "falls with slope -2 ± 0.2, from 12 hinges on; trained networks with 32 hinges have at "
        "most a quarter of the error of those with 4, on a sine; the paper gives no number",
        flips=(
            "Few hinges: as long as a piece is as long as the shortest wave, more of them need not "
            "help.",
            "A jump: root mean square falls slowly, the largest error never under half of it.",
            "Hinges that all begin at one place: training has to spread them first, and some stay.",
            "Training: good places exist, but training rarely finds them all. On random curves "
            "trained networks fall far behind evenly spaced hinges as hinges grow many.",
        ),
        twin=rectify_twins.hinges,
        threshold_changes=(
            "At the step: first the largest error had to be at least half the step, now it only "
            "informs. No line without a jump can be below that, so it could not fail; and an "
            "interval around numbers at their limit always reaches past it (0.798 to 0.837 in the "
            "record).",
        ),
    ),
    Claim(
        id="smart-compression",
        chapter="rectify",
        number=28,
        statement="As zeros rise under the penalty, a hidden code loses what differs within a "
        "class, not the class, and keeps more of the class than principal components that read "
        "back as much of the whole.",
        page="",
        paper=(),
        experiment="read-back",
        data="mnist",
        test=trained_measures.smart_compression,
        interval="t interval over networks or seeds; bootstrap interval of the ratio of errors",
        threshold="R² of the class means minus R² of the rest rises with zeros; with the strongest "
        "penalty below 85 % zeros at most 5 points of the class are lost, its R² is above that of "
        "principal components with the same R² of all, and the test error is at most 1.1 times "
        "that without a penalty; the paper gives no number",
        flips=(
            "What is read: a linear decoder sees what lies open in a code. A deeper one would find "
            "more of what differs within a class.",
            "Training: before it, random rectifiers keep of the class what principal components "
            "keep, no more.",
            "The measure of size: as many principal components as units are active keep more of "
            "what differs within a class than the code does, until nearly all units are silent.",
            "A stronger penalty: beyond 85 % zeros the test error rises, while the class can still "
            "be read back.",
        ),
        twin=trained_twins.smart_compression,
    ),
)
