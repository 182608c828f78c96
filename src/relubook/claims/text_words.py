"""Sentences about the Amazon benchmark, and about which words to read."""

from relubook import paper
from relubook.claims import text_words_measures as measures
from relubook.claims import text_words_twins as twins
from relubook.claims.values import Claim

_SEEDS = (
    "t interval over seeds, paired: the networks of a seed learn from the same labels, and begin "
    "with the same weights where they can; all are tested on the same reviews"
)
_PRINTED = (
    paper.SENTIMENT["amazon_rectifier_accuracy"],
    paper.SENTIMENT["amazon_best_earlier_accuracy"],
)

CLAIMS = (
    Claim(
        id="amazon-beats-earlier-best",
        chapter="text",
        number=60,
        statement="Three pretrained layers of rectifiers tell good from bad product reviews better "
        "than the best method before them.",
        page="322",
        paper=_PRINTED,
        experiment="amazon",
        data="amazon-5000",
        test=measures.beats_the_earlier_best,
        interval=_SEEDS,
        threshold="with 100 labels a domain the mean accuracy of the four domains is above 73.72 "
        "%, the best earlier number that the paper names, with its whole interval; the paper has "
        "78.95 %. How many labels it had it leaves to the paper whose setting it follows",
        flips=(
            "Labels: with all of them every kind of network is above the paper's own number, also "
            "without a hidden layer (the record that decides).",
            "Units: pretrained tanh networks have a mean above the earlier best (the same record).",
        ),
        twin=twins.polarity,
    ),
    Claim(
        id="amazon-beats-linear",
        chapter="text",
        number=61,
        statement="Depth and pretraining beat a linear model on product reviews.",
        page="",
        paper=(),
        experiment="amazon",
        data="amazon-5000",
        test=measures.beats_linear,
        interval=_SEEDS,
        threshold="the mean accuracy of three pretrained layers of rectifiers minus that of a "
        "network without a hidden layer is above 0 points with few labels, and with all, each with "
        "its whole interval; the paper gives no number for a linear model on these reviews",
        flips=(
            "Units: with 100 labels a domain, pretrained tanh networks are ahead of the linear "
            "model (the record that decides).",
            "The task: the stars of films are guessed better with hidden layers than without (the "
            "record of table-2 on imdb).",
        ),
        twin=twins.polarity,
    ),
    Claim(
        id="text-few-labels-gain-more",
        chapter="text",
        number=62,
        statement="On reviews, too, pretraining is worth more where labels are few.",
        page="",
        paper=(),
        experiment="amazon",
        data="amazon-5000",
        test=measures.few_labels_gain_more,
        interval=_SEEDS,
        threshold="what pretraining adds to the accuracy of three layers of rectifiers is above 0 "
        "points with 100 labels a domain, and more than with all, each with its whole interval; "
        "the paper gives no number for reviews, and says so of images",
        flips=(
            "The reviews: of 200 invented ones with stars, what pretraining saves is within the "
            "spread of five folds for rectifiers (the record of table-2-quick).",
            "The data: on toys that stand in for NORB, pretraining gains nothing at any share of "
            "the labels (the record of figure-4 on norb).",
        ),
        twin=twins.labels,
    ),
    Claim(
        id="pretraining-crosses-domains",
        chapter="text",
        number=63,
        statement="Pretraining on reviews of all products helps where only those of another "
        "product have labels.",
        page="",
        paper=(),
        experiment="amazon",
        data="amazon-5000",
        test=measures.crosses_domains,
        interval=_SEEDS,
        threshold="with all labels of one domain, what pretraining adds to the accuracy of three "
        "layers of rectifiers on the other domains is above 0 points, with its whole interval; the "
        "paper gives no number across domains",
        flips=(
            "Units: tanh networks do gain on other domains (the record that decides).",
            "The reference: a linear model, which learned nothing without labels, cannot be told "
            "from pretrained rectifiers there (the same record).",
        ),
        twin=twins.polarity,
    ),
    Claim(
        id="larger-vocabulary",
        chapter="text",
        number=64,
        statement="More than 5,000 words make no marked difference.",
        page="321-322",
        paper=(paper.SENTIMENT["vocabulary"],),
        experiment="representation",
        data="imdb",
        test=measures.more_terms,
        interval="t interval over seeds, paired: the networks of a seed see the same reviews in "
        "the same order",
        threshold="the error in stars with 25,000 terms differs from that with 5,000 by at most "
        f"{measures.MARKED:g} %, for each of the networks; the paper gives no number",
        flips=(
            "Fewer words: 1,000 instead of 5,000 cost about a twentieth of the error, in each of "
            "the networks (the record that decides).",
            "What is said of a word: with counts, three layers of rectifiers have a mean error "
            "2.5 % lower with 25,000 terms than with 5,000, in an interval that reaches beyond 5 % "
            "and contains none (the same record).",
        ),
        twin=twins.terms,
    ),
)
