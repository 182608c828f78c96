"""What the paper says about codes of variable size, and whether active units follow information."""

import math
from collections.abc import Iterator

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments import code_sizes, quartet, strokes
from relubook.experiments.code_size_values import MEASURES, row_of
from relubook.experiments.rank_correlations import spearman
from relubook.networks import MLP

FOLLOWS = 0.2  # a correlation [1]
PENALTIES = (0.0, 1e-3)

_SIZE, _LENGTH, _INK, _DOUBT = range(len(MEASURES))
_TWIN = quartet.QuartetConfig(
    data="mnist-5k", width=64, depth=2, l1=(), seeds=tuple(range(10)), target=0.12,
    batch_size=20, epochs=6, train_examples=2_000,
)  # fmt: skip
_TWIN_DIGITS = 500


def follows(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 34, from "code-size": correlations of active units with what a digit holds."""
    required = (part for l1 in PENALTIES for part in _required(arrays, l1))
    informing = (part for l1 in PENALTIES for part in _informing(arrays, l1))
    return (*required, *informing, *_beside(arrays))


def _required(arrays: Arrays, l1: float) -> Iterator[Part]:
    """The correlations that decide, with one penalty."""
    tables = (
        ("compressed size", "spearman", _SIZE, FOLLOWS),
        ("stroke length", "spearman", _LENGTH, FOLLOWS),
        ("compressed size, ink held", "given_ink", _SIZE, 0.0),
    )
    for what, name, measure, lowest in tables:
        yield Part(
            what=f"correlation of active units with {what}, {_named(l1)}",
            estimate=_over_seeds(arrays, name, l1, measure),
            unit="1",
            region=(lowest, math.inf),
        )


def _informing(arrays: Arrays, l1: float) -> Iterator[Part]:
    """What else goes with the number of active units, with one penalty."""
    tables = (
        ("ink", "spearman", _INK),
        ("doubt, the entropy of the network's own softmax", "spearman", _DOUBT),
        ("compressed size, within a class", "within_class", _SIZE),
        ("doubt, within a class", "within_class", _DOUBT),
    )
    for what, name, measure in tables:
        yield Part(
            what=f"correlation of active units with {what}, {_named(l1)}",
            estimate=_over_seeds(arrays, name, l1, measure),
            unit="1",
        )
    row = row_of(arrays["trained"], arrays["l1"], l1)
    for place, way in enumerate(strokes.WAYS):
        yield Part(
            what=f"correlation of active units with the number of strokes, {way}, {_named(l1)}",
            estimate=statistics.mean(arrays["stroke_spearman"][row, :, place]),
            unit="1",
        )


def _beside(arrays: Arrays) -> Iterator[Part]:
    """Untrained networks, how much sizes vary, other units, and words."""
    yield Part(
        what="correlation of active units with compressed size, before training",
        estimate=statistics.mean(arrays["spearman"][0, :, _SIZE, -1]),
        unit="1",
    )
    for l1 in PENALTIES:
        row = row_of(arrays["trained"], arrays["l1"], l1)
        yield Part(
            what=f"standard deviation of the number of active units, {_named(l1)}",
            estimate=statistics.mean(100 * arrays["variation"][row, :, -1]),
            unit="% of its mean",
        )
    yield Part(
        what="units that tanh, softplus and logistic networks use for every digit, at least",
        estimate=statistics.mean(100 * arrays["dense_least"].ravel()),
        unit="%",
    )
    row = row_of(arrays["words_trained"], arrays["words_l1"], 0.0)
    yield Part(
        what="correlation of active units with the different words of a review, no penalty",
        estimate=statistics.mean(arrays["words_spearman"][row]),
        unit="1",
    )


def _over_seeds(arrays: Arrays, name: str, l1: float, measure: int) -> statistics.Estimate:
    """The mean of a correlation over seeds, all layers together."""
    row = row_of(arrays["trained"], arrays["l1"], l1)
    return statistics.mean(arrays[name][row, :, measure, -1])


def _named(l1: float) -> str:
    """The penalty in words."""
    return "no penalty" if l1 == 0 else f"L1 {l1:g}"


def few_digits() -> tuple[Part, ...]:
    """Small networks on few digits: active units follow doubt, and fall where ink grows."""
    data = datasets.load(_TWIN.data).subset(
        train=_TWIN.train_examples, validation=_TWIN_DIGITS, test=_TWIN_DIGITS
    )
    trained = quartet.train_group(_TWIN, data, "rectifier").network
    untrained = MLP(trained.sizes, seeds=_TWIN.seeds)
    x = data.test.x
    ink = x.sum(1).double().numpy()
    tables = (
        ("ink, before training", untrained, ink, (-0.4, 0.4)),
        ("ink", trained, ink, (-0.8, -0.1)),
        ("doubt", trained, code_sizes.doubts(trained, x), (0.2, 0.8)),
    )
    return tuple(
        Part(
            what=f"correlation of active units with {what}",
            estimate=statistics.mean(
                spearman(code_sizes.active(network, x)[..., -1].astype(float), values)
            ),
            unit="1",
            region=region,
        )
        for what, network, values, region in tables
    )


CLAIMS = (
    Claim(
        id="code-size-follows-information",
        chapter="benefits",
        number=34,
        statement="The number of active units follows the information in the input.",
        page="317",
        paper=(),
        experiment="code-size",
        data="mnist",
        test=follows,
        interval="t interval over seeds",
        threshold="without a penalty and with L1 0.001, the Spearman correlation of the number of "
        "active units, summed over layers, with the compressed size of a test digit is at least "
        "0.2 and with its stroke length at least 0.2, with the whole interval; with compressed "
        "size where ink is held it is above 0 with the whole interval; the paper gives no number",
        flips=(
            "What is called information: with the network's doubt about the class, the entropy of "
            "its own softmax, the number of active units rises, at every penalty and within "
            "classes.",
            "Ink: where more strokes are more ink, fewer units are active; where the ink stays, "
            "their number does not follow the strokes.",
            "Dark ink on a bright ground (a trial on MNIST-5k, 4 seeds, no penalty, not recorded): "
            "the negative correlation with compressed size goes away, and where ink is held it is "
            "positive, about 0.1.",
            "Training: before it, half of the units are active for every digit, more or less, and "
            "their number follows nothing much.",
        ),
        twin=few_digits,
    ),
)
