"""Sentences about Table 1: three kinds of units, with and without unsupervised pretraining."""

from relubook import paper
from relubook.claims import pretraining_measures as measures
from relubook.claims import pretraining_twins as twins
from relubook.claims.values import Claim
from relubook.experiments.table_1_values import CELLS

_PAIRED = "t interval over seeds, paired: networks of one seed begin with the same weights"
_FRESH = (
    f"{_PAIRED}; ten new seeds: five before them had left claims undecided, and are not counted"
)


def _printed(data: str) -> tuple[paper.Printed, ...]:
    """The paper's six cells of a data set."""
    return tuple(paper.TABLE_1[unit, data, start] for unit, start in CELLS)


CLAIMS = (
    Claim(
        id="rectifier-leads-unpretrained",
        chapter="pretraining",
        number=7,
        statement="Without pretraining, rectifier networks err less than tanh and softplus ones.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=measures.unpretrained_order,
        interval=_FRESH,
        threshold="the test error of tanh minus that of rectifier networks, and that of softplus "
        "minus that of rectifier networks, is above 0 points, each with its whole interval; the "
        "paper has 1.57 and 1.77 against 1.43 %, one network each",
        flips=(
            "Labels: with one in a hundred of them, rectifier and tanh networks err alike as far "
            "as the seeds can tell (the record of figure-4 on these digits).",
            "Pretraining: with it softplus networks have the lowest mean error of the six (the "
            "same record).",
        ),
        twin=twins.unpretrained_order,
    ),
    Claim(
        id="pretrained-alike",
        chapter="pretraining",
        number=8,
        statement="With pretraining, the three kinds of units err alike, and less than without.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=measures.pretrained_alike,
        interval=_FRESH,
        threshold="the difference of every two kinds stays within 12.5 % of their mean error (in "
        "the paper 0.15 points of 1.2 %), and the error of each without pretraining minus with it "
        "is above 0 points, with its whole interval",
        flips=(
            "Few labels: with 4.3 % of them pretrained rectifiers err less than pretrained tanh "
            "networks, and less than without pretraining (the record of figure-4 on these "
            "digits).",
            "The pictures: on photographs pretrained softplus networks err less than pretrained "
            "rectifiers (the record of table-1 on cifar10); on the toys rectifiers have a higher "
            "mean with pretraining than without (that on norb).",
        ),
        twin=twins.pretrained_alike,
    ),
    Claim(
        id="rectifier-gains-least",
        chapter="pretraining",
        number=9,
        statement="Rectifier networks gain least from pretraining.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=measures.least_gain,
        interval=_FRESH,
        threshold="the gain (test error without pretraining minus with it) of tanh, and that of "
        "softplus networks, minus that of rectifier networks is above 0 points, each with its "
        "whole interval; the paper's gains are 0.23, 0.41 and 0.60 points",
        flips=(
            "Few labels: with 4.3 % of them rectifiers gain more than tanh networks (the record "
            "of figure-4 on these digits).",
            "The paper's own NORB: there its softplus networks gain less than its rectifiers, "
            "-1.51 against -0.06 points (page 320).",
            "How long networks learn with labels: after two passes five networks of 3 x 100 units "
            "on 3,000 digits had gained 2.5 (rectifier), 1.6 (tanh) and 6.1 points (softplus), "
            "after 30 passes -0.5, -0.3 and 1.1 (a trial, not recorded).",
        ),
        twin=twins.least_gain,
    ),
    Claim(
        id="photographs-same-order",
        chapter="pretraining",
        number=10,
        statement="On CIFAR-10, too, rectifier networks without pretraining err less than tanh and "
        "softplus ones.",
        page="320",
        paper=_printed("cifar10"),
        experiment="table-1",
        data="cifar10",
        test=measures.on_photographs,
        interval=_PAIRED,
        threshold="the test error of tanh minus that of rectifier networks, and that of softplus "
        "minus that of rectifier networks, is above 0 points, each with its whole interval; the "
        "paper has 52.62 and 53.20 against 50.86 %",
        flips=(
            "The pictures: on digits rectifiers are clearly ahead of both others (the record of "
            "table-1 on mnist).",
            "Pretraining: with it softplus networks err less than rectifiers, of whose first "
            "layer nearly half dies while it restores (the same record).",
        ),
        twin=twins.unpretrained_order,
    ),
    Claim(
        id="photographs-72-zeros",
        chapter="pretraining",
        number=54,
        statement="On CIFAR-10 rectifier networks end with 72.0 % exact zeros.",
        page="321",
        paper=(paper.EXACT_ZEROS["cifar10"],),
        experiment="table-1",
        data="cifar10",
        test=measures.zeros_on_photographs,
        interval="t interval over seeds",
        threshold="rectifiers without pretraining end within 5 points of the paper's 72.0 % exact "
        "zeros on average over layers and seeds, tanh and softplus units below 0.1 %",
        flips=(
            "Pretraining: with it rectifiers end above the paper's share, without it below; the "
            "paper does not say which it counted (the same record).",
            "How long networks train: zeros go on growing, and here they are counted at the epoch "
            "of lowest validation error, of 30 at most (see the claims of chapter 3).",
        ),
        twin=twins.zeros,
    ),
    Claim(
        id="softplus-worse-in-stereo",
        chapter="pretraining",
        number=52,
        statement="On NORB, pretraining makes softplus networks worse; the paper's summary passes "
        "over it.",
        page="320",
        paper=(
            paper.TABLE_1["softplus", "norb", "none"],
            paper.TABLE_1["softplus", "norb", "with"],
        ),
        experiment="table-1",
        data="norb",
        test=measures.softplus_in_stereo,
        interval=_PAIRED,
        threshold="the test error of softplus networks without pretraining minus with it is below "
        "0 points, with its whole interval; the paper's is -1.51 points (17.68 and 19.19 %). How a "
        "softplus gives back inputs below 0 the paper does not say; here linear outputs do",
        flips=(
            "The rate of restoring: at 0.01 in both layers three of four softplus networks on "
            "2,000 toys lost 4 to 5 points by pretraining, at 0.03 all lost 25 to 55 (a trial, "
            "not recorded). Here each layer has the rate that restores best.",
            "The unit: on the same toys it is the rectifiers whose mean error is higher with "
            "pretraining (the same record).",
        ),
        twin=twins.softplus_gain,
    ),
)
