"""What hard zeros and unbounded activations may cost: dead networks, dying units, growth."""

from relubook.claims import dying_measures, dying_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="deep-networks-are-born-dead",
        chapter="saturation",
        number=38,
        statement="Deep narrow rectifier networks are born dead, wide ones are not.",
        page="",
        paper=(),
        experiment="born-dead",
        data="random-weights",
        test=dying_measures.born_dead,
        interval="Wilson interval of a share of networks; of the bound the low end that exceeds it "
        "most, over all widths, depths and symmetric starts",
        threshold="no share of dead networks lies above 1 - (1 - 2^-N)^d (the largest low end "
        "minus this bound is at most 0); of networks 2 units wide with 20 layers at least 80 % are "
        "dead, of those 16 units or wider with up to 20 layers at most 1 %; the paper gives no "
        "number",
        flips=(
            "Width: 16 units keep 20 layers alive, and the chance falls by half for each unit "
            "more.",
            "One weight of each unit drawn positive (lu2020): far fewer narrow networks are dead.",
            "What dead means: one given input is lost as often as the bound says, exactly; all "
            "inputs together are lost more rarely.",
        ),
        twin=dying_twins.dead_before_training,
    ),
    Claim(
        id="activations-grow-unless-penalized",
        chapter="saturation",
        number=40,
        statement="Nothing bounds a rectifier: without a penalty its activations grow as training "
        "goes on; an L1 penalty stops that.",
        page="318",
        paper=(),
        experiment="growth",
        data="mnist",
        test=dying_measures.grows,
        interval="t interval over seeds",
        threshold="mean |h|, mean over layers, after the last epoch over that after the first is "
        "at least 1.2 without a penalty and at most 1 with L1 0.001, whole intervals; the paper "
        "gives no number",
        flips=(
            "The penalty: a tenth of it slows the growth and does not stop it.",
            "The measure: the largest activation is another number than the mean, and the penalty "
            "is on the sum.",
            "The number of epochs: what is compared is two moments of one training.",
        ),
        twin=dying_twins.growing,
    ),
    Claim(
        id="units-die-at-large-steps",
        chapter="saturation",
        number=42,
        statement="Large steps kill rectifiers, and most that die stay dead.",
        page="",
        paper=(),
        experiment="dying",
        data="mnist",
        test=dying_measures.dies,
        interval="t interval over seeds",
        threshold="deaths of 100 units up to the last look at the largest learning rate at which "
        "no network diverges, minus those at the gentlest, are above 5; of the units that die at "
        "that rate fewer than half are alive at the end, whole intervals; the paper gives no "
        "number",
        flips=(
            "The layer: in the first one death is final, for the inputs do not move; in later ones "
            "the units before may carry a unit back.",
            "The learning rate: at rates that reach the lowest error few units die at all.",
            "The start: biases of -0.5 leave whole layers dead before the first step, and such a "
            "network learns nothing at any rate.",
        ),
        twin=dying_twins.dying_by_large_steps,
    ),
)
