"""What the paper says about one linear model for each set of active units, counted and measured."""

from relubook.claims import region_measures, region_twins
from relubook.claims.values import Claim

CLAIMS = (
    Claim(
        id="linear-while-no-unit-flips",
        chapter="benefits",
        number=4,
        statement="Given which units are active, the network is linear.",
        page="318",
        paper=(),
        experiment="local-linearity",
        data="mnist",
        test=region_measures.linear_while_no_unit_flips,
        interval="t interval over seeds; that the linear model is exact where no unit flips is an "
        "identity, which only wrong code could fail",
        threshold="in float64 the change of the outputs that the Jacobian predicts is wrong by at "
        "most 1e-8 of the real change from every test digit where no unit flips, for trained and "
        "untrained networks and every penalty; after the longest step (10, in random directions) "
        "the median error is at least 0.01; the paper gives no number",
        flips=(
            "A unit that flips on the way: from there on another linear model holds.",
            "Softplus, tanh and logistic units: at every step, however short, their networks are "
            "a little wrong, in proportion to its length.",
            "Single precision: rounding alone is larger than 1e-8.",
        ),
        twin=region_twins.linear_while_no_unit_flips,
    ),
    Claim(
        id="exponentially-many-linear-models",
        chapter="benefits",
        number=5,
        statement="Every input meets a linear model of its own, all of them sharing parameters, "
        "while those that a line meets grow only as the number of units.",
        page="318",
        paper=(),
        experiment="region-counts",
        data="mnist",
        test=region_measures.exponentially_many,
        interval="t interval over seeds",
        threshold="of at least 2,000 test digits at least 99 % have a pattern of active units that "
        "no other has, before training and after; on a line the linear pieces of untrained "
        "networks of 24 to 384 units grow as the units to a power of 0.9 to 1.1, averaged over 1, "
        "2, 3 and 6 hidden layers; the paper gives no number",
        flips=(
            "What is counted: 10,000 digits can show 10,000 linear models. That there are "
            "exponentially many, as the paper says, is not tested by it.",
            "Few units: networks of 2 x 24 trained on MNIST-5k give about one of ten digits a "
            "pattern that another digit has, too (a trial, not recorded).",
            "Layers of 4 to 8 units: six of them make fewer pieces than one layer of as many "
            "units, so that six layers alone grow with a higher power.",
            "Weights chosen by hand instead of drawn: then the pieces on a line can double with "
            "every layer (montufar2014).",
        ),
        twin=region_twins.exponentially_many,
    ),
    Claim(
        id="regions-do-not-grow-with-depth",
        chapter="benefits",
        number=6,
        statement="Unless its layers are very narrow, an untrained network of N rectifiers cuts a "
        "plane into about N²/2 regions, however many layers there are (Hanin and Rolnick, 2019).",
        page="",
        paper=(),
        experiment="region-counts",
        data="mnist",
        test=region_measures.depth,
        interval="bootstrap interval of the ratio of means over seeds; t interval over seeds in "
        "the plane",
        threshold="linear pieces on a line of 96 units in 1, 3 and 6 layers are within 25 % of "
        "each other, as ratios of means between 0.8 and 1.25; in the plane each has between a "
        "third of and 3 times N²/2 = 4,608 regions; the paper gives no number",
        flips=(
            "Biases of zero, as the book's other networks begin with: all boundaries pass through "
            "one point, and there are about twice as many regions as units, again at every depth.",
            "Large biases: many boundaries then pass outside the window. With a standard deviation "
            "of 3, six layers of 16 units make about 0.13 times N²/2 regions in it (a trial, not "
            "recorded).",
            "Few units: of 24, six layers of 4 make about a quarter of the regions that one layer "
            "makes.",
            "Weights chosen by hand instead of drawn: then depth multiplies regions "
            "(montufar2014).",
        ),
        twin=region_twins.depth,
    ),
)
