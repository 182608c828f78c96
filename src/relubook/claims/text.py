"""Sentences about Table 2: stars of reviews from bags of words."""

from relubook import paper
from relubook.claims import text_measures as measures
from relubook.claims import text_twins as twins
from relubook.claims.values import Claim
from relubook.experiments.table_2_values import NETWORKS

_FOLDS = (
    "t interval over folds, paired: the networks of a fold train on the same reviews, and begin "
    "with the same weights where they can. Folds share most of their training reviews and all test "
    "reviews, so the interval says how much training varies, and not what other reviews would give"
)
_ERRORS = tuple(paper.TABLE_2[name, "rmse"] for name in NETWORKS)

CLAIMS = (
    Claim(
        id="text-layers-help",
        chapter="text",
        number=18,
        statement="A pretrained layer of rectifiers guesses the stars of reviews better than none, "
        "and three better than one.",
        page="322",
        paper=_ERRORS[:3],
        experiment="table-2",
        data="imdb",
        test=measures.layers_help,
        interval=_FOLDS,
        threshold="the error in stars without a hidden layer minus that of one pretrained layer, "
        "and that of one minus that of three, is above 0, each with its whole interval; the paper "
        "has 0.885, 0.807 and 0.746 of 5 stars on reviews that nobody else has",
        flips=(
            "The reviews: of clothes and of restaurants, three pretrained layers err more than "
            "one; of restaurants, with ten terms each and none without a label, one cannot be told "
            "from none (the records of table-2).",
            "Pretraining: without it three layers err more than one on all three sets of reviews "
            "(the same records).",
        ),
        twin=twins.layers_help,
    ),
    Claim(
        id="text-pretraining-helps",
        chapter="text",
        number=57,
        statement="Pretraining lowers the error of three layers of rectifiers in stars.",
        page="322",
        paper=(
            paper.SENTIMENT["rmse_3_layers_without_pretraining"],
            paper.TABLE_2["rectifier, 3 layers", "rmse"],
        ),
        experiment="table-2",
        data="imdb",
        test=measures.pretraining_helps,
        interval=_FOLDS,
        threshold="the error in stars of three layers without pretraining minus with it is above "
        "0 with its whole interval; the paper's never went below 0.833 without, and has 0.746 with",
        flips=(
            "The reviews: of restaurants, with none without a label, no gain can be seen (the "
            "record of table-2 on restaurants).",
            "What goes together: with the words of the unlabeled reviews shuffled among them, "
            "pretraining saved nothing in ten small tanh networks on invented reviews (a trial, "
            "not recorded).",
        ),
        twin=twins.pretraining_helps,
    ),
    Claim(
        id="text-tanh-behind",
        chapter="text",
        number=58,
        statement="With pretraining, three layers of rectifiers guess stars better than three "
        "layers of tanh units.",
        page="322",
        paper=(paper.TABLE_2["tanh, 3 layers", "rmse"], _ERRORS[2]),
        experiment="table-2",
        data="imdb",
        test=measures.tanh_behind,
        interval=_FOLDS,
        threshold="the error in stars of three pretrained layers of tanh units minus that of "
        "rectifiers is above 0 with its whole interval; the paper has 0.774 and 0.746",
        flips=(
            "The task: of Amazon's reviews with 100 labels a domain, pretrained tanh networks "
            "tell more of the good from the bad (the record of amazon).",
            "The reviews: of restaurants the two cannot be told apart (the record of table-2 on "
            "restaurants).",
        ),
        twin=twins.tanh_behind,
    ),
    Claim(
        id="text-zeros-grow",
        chapter="text",
        number=59,
        statement="On words, one pretrained layer of rectifiers is less than half silent, and "
        "three are more silent than one.",
        page="322",
        paper=tuple(paper.TABLE_2[name, "zeros"] for name in NETWORKS),
        experiment="table-2",
        data="imdb",
        test=measures.zeros_grow,
        interval=_FOLDS,
        threshold="one pretrained layer has less than 50 % exact zeros, three have more, in the "
        "mean of their layers, with the whole interval, and tanh units have at most 0.1 %; the "
        "paper has 28.9, 53.9 and 0.0 %",
        flips=(
            "The reviews: of restaurants three layers are far more silent than one, the third "
            "partly because nearly half of its units are dead; of clothes they are less silent, "
            "and of films no difference can be seen (the records of table-2).",
            "Labels: with 200 invented reviews the two cannot be told apart (the record of "
            "table-2-quick).",
        ),
        twin=twins.zeros_grow,
    ),
)
