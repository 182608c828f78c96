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
            "Depth: any width dies if it is deep enough; each unit more halves a layer's chance.",
            "One weight or bias of each unit drawn positive (lu2020): fewer narrow networks are "
            "dead.",
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
            "The moments that are compared: in the first epoch activations grow under every "
            "penalty, and under a tenth of this one for about ten epochs before they fall.",
            "Few steps: with the twin's 1,000 digits and 12 epochs the same penalty leaves mean "
            "|h| about where it was after the first epoch.",
            "The unit: tanh grows as well, toward its bound of 1.",
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
            "The layer: in the first one death is final, for its inputs do not move; in later ones "
            "the units before carry nearly all of them back.",
            "The learning rate: at the one that reaches the lowest error few units die at all, and "
            "at larger ones than the largest without divergence most that die stay dead.",
            "The start: with biases of -0.25 most units of the last layer are born dead, and most "
            "of those come back; with -0.5 all of them are, and nothing is learned.",
        ),
        twin=dying_twins.dying_by_large_steps,
    ),
)
