"""Codes read with few labels, against brute force, scikit-learn and planted cases."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier

from relubook import datasets, experiments, patterns
from relubook.claims import Judgment, distributed
from relubook.experiments import distributed_codes, few_labels, local_codes
from relubook.experiments.distributed_values import code, with_labels
from relubook.experiments.quartet import UNITS
from relubook.networks import MLP, sizes

RANDOM = settings(deadline=None, max_examples=25)
SEEDS = st.integers(0, 2**32 - 1)


def codes(seed, *, labels=20, tested=15, units=6, classes=3):
    """Random patterns whose classes lean on the first units."""
    generator = np.random.default_rng(seed)
    x = generator.random((labels + tested, units)) < generator.random(units)
    y = (x[:, :2].sum(1) + (generator.random(len(x)) < 0.2)) % classes
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    return x[:labels], y[:labels], x[labels:], y[labels:]


# Labels


@RANDOM
@given(SEEDS, st.integers(1, 60), st.integers(2, 5))
def test_labels_are_balanced_and_the_first_of_more(seed, count, classes):
    y = torch.from_numpy(np.random.default_rng(seed).integers(0, classes, 60))
    drawn = few_labels.draw(y, count, classes=classes, seed=seed % 1000)
    assert len(set(drawn.tolist())) == count
    assert torch.equal(drawn, few_labels.draw(y, 60, classes=classes, seed=seed % 1000)[:count])
    there, taken = (torch.bincount(part, minlength=classes) for part in (y, y[drawn]))
    for mine in range(classes):
        assert taken[mine] == there[mine] or taken[mine] >= taken.max() - 1


def test_seeds_draw_different_labels():
    y = torch.arange(100) % 10
    first, second = (few_labels.draw(y, 30, classes=10, seed=seed) for seed in (0, 1))
    assert set(first.tolist()) != set(second.tolist())
    assert y[first].bincount().tolist() == [3] * 10


@pytest.mark.parametrize("count", [0, 11])
def test_labels_that_are_not_there_are_refused(count):
    with pytest.raises(ValueError, match=f"between 1 and 10, .*Got {count}"):
        few_labels.draw(torch.zeros(10, dtype=torch.int64), count, classes=1, seed=0)


# The linear classifier


def ridge(x, y, strength, classes):
    """Scikit-learn's ridge regression with the same penalty."""
    x = x.double().numpy()
    penalty = strength * ((x - x.mean(0)) ** 2).sum() / x.shape[1]
    return Ridge(alpha=penalty).fit(x, np.eye(classes)[y.numpy()])


@RANDOM
@given(SEEDS, st.sampled_from(few_labels.STRENGTHS))
def test_the_linear_classifier_is_ridge_regression(seed, strength):
    x, y, tested, _ = codes(seed)
    if x.float().var(0).sum() == 0:
        return
    answers = few_labels.linear(x.float(), y, tested.float(), classes=3, strengths=(strength,))
    scores = ridge(x, y, strength, 3).predict(tested.double().numpy())
    sure = np.ptp(np.sort(scores, axis=1)[:, -2:], axis=1) > 1e-7
    assert (answers.numpy() == scores.argmax(1))[sure].all()


@settings(deadline=None, max_examples=5)
@given(SEEDS)
def test_the_penalty_is_the_one_that_leaving_one_out_chooses(seed):
    x, y, tested, _ = codes(seed, labels=10)
    x = x.float() + 0.1 * torch.from_numpy(np.random.default_rng(seed).random(x.shape)).float()
    center = x.double().mean(0)
    trace = float((x.double() - center).square().sum()) / x.shape[1]

    def left_out(strength):
        total = 0.0
        for out in range(len(x)):
            rest = np.arange(len(x)) != out
            fit = Ridge(alpha=strength * trace).fit(x.double().numpy()[rest], np.eye(3)[y[rest]])
            total += ((fit.predict(x.double().numpy()[[out]]) - np.eye(3)[y[out]]) ** 2).sum()
        return total

    best = min(few_labels.STRENGTHS, key=left_out)
    chosen, only = (
        few_labels.linear(x, y, tested.float(), classes=3, strengths=strengths)
        for strengths in (few_labels.STRENGTHS, (best,))
    )
    assert torch.equal(chosen, only)


def test_a_code_that_never_changes_gives_the_commonest_class():
    x, y = torch.ones(10, 4), torch.tensor([2] * 6 + [0] * 4)
    assert few_labels.linear(x, y, torch.ones(5, 4), classes=3).tolist() == [2] * 5


def test_one_label_names_its_class_for_all():
    answers = few_labels.linear(torch.ones(1, 4), torch.tensor([1]), torch.eye(4), classes=3)
    assert answers.tolist() == [1] * 4


# The neighbor


@RANDOM
@given(SEEDS)
def test_the_neighbor_differs_in_the_fewest_units(seed):
    x, y, tested, _ = codes(seed, units=40)
    distances = (tested[:, None] != x[None]).sum(-1)
    answers = few_labels.nearest(x, y, tested, (5, 20))
    for row, count in zip(answers, (5, 20), strict=True):
        assert torch.equal(row, y[distances[:, :count].argmin(1)])
    peer = KNeighborsClassifier(1, metric="hamming", algorithm="brute").fit(x.numpy(), y.numpy())
    alone = (distances == distances.amin(1, keepdim=True)).sum(1) == 1
    assert (peer.predict(tested.numpy()) == answers[1].numpy())[alone.numpy()].all()


def test_a_pattern_of_a_subset_needs_no_values():
    """A class that is a pair of units: read without error from the pattern, not from one unit."""
    generator = np.random.default_rng(0)
    bits = torch.from_numpy(generator.random((600, 12)) < 0.5)
    y = 2 * bits[:, 0].long() + bits[:, 1].long()
    assert (few_labels.linear(bits[:300].float(), y[:300], bits[300:].float(), classes=4)
            == y[300:]).double().mean() > 0.95  # fmt: skip


# Local codes


def test_a_cluster_code_has_exactly_one_active_unit():
    x = torch.rand(60, 4, generator=torch.Generator().manual_seed(0))
    first, second = local_codes.clusters(x, [x, x[:7]], units=8, seed=0)
    assert first.shape == (60, 8)
    assert (first.sum(1) == 1).all()
    assert torch.equal(first[:7], second)
    assert patterns.distinct(first[None]).tolist() == [8]


def test_clusters_that_are_far_apart_are_found():
    corners = 100 * torch.eye(5)
    x = corners.repeat(20, 1) + torch.rand(100, 5, generator=torch.Generator().manual_seed(1))
    (found,) = local_codes.clusters(x, [x], units=5, seed=3)
    assert patterns.distinct(found[None]).tolist() == [5]
    assert all(torch.equal(found[place], found[place + 5]) for place in range(95))


def test_fewer_different_inputs_than_units_make_fewer_clusters():
    x = torch.tensor([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [-0.0, 1.0]])
    (found,) = local_codes.clusters(x, [x], units=6, seed=0)
    assert found.shape == (4, 6)
    assert patterns.distinct(found[None]).tolist() == [2]


# The experiment


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("distributed-codes", scale="smoke")


def test_sizes_follow_the_configuration(record):
    arrays, config = record.arrays, record.config
    kinds, seeds = len(UNITS) + len(config["l1"]) + 1, len(config["seeds"])
    assert arrays["own"].shape == (kinds, seeds, config["depth"] + 1, len(arrays["counts"]))
    assert arrays["linear_error"].shape == (kinds, seeds, config["depth"], len(arrays["labels"]))
    assert arrays["local_linear_error"].shape == (3, seeds, len(arrays["labels"]))
    assert arrays["counts"].tolist() == [100, 300, 1000]  # no more test digits than there are


def test_dense_units_split_at_their_median_are_active_for_half_of_the_digits(record):
    dense = record.arrays["active"][1 : len(UNITS)]
    assert (abs(dense - 0.5) < 0.1).all()
    np.testing.assert_array_less(0.95 * 24, record.arrays["unit_entropies"][1:4, :, :2])


def test_no_count_or_entropy_exceeds_its_ceiling(record):
    arrays = record.arrays
    counts = arrays["counts"]
    assert (arrays["distinct"] <= counts).all()
    assert (arrays["own"] <= arrays["distinct"] / counts + 1e-12).all()
    assert (arrays["entropy"] <= np.log2(arrays["distinct"]) + 1e-9).all()
    assert (arrays["entropy"] <= arrays["unit_entropies"][..., None] + 1).all()
    assert (arrays["local_distinct"] <= record.config["width"]).all()
    assert (arrays["local_entropy"] <= np.log2(record.config["width"]) + 1e-9).all()
    assert (np.diff(arrays["distinct"], axis=-1) >= 0).all()


def test_all_layers_together_tell_at_least_as_much_apart_as_each(record):
    for name in ("distinct", "own", "entropy"):
        values = record.arrays[name]
        assert (values[:, :, -1:] >= values[:, :, :-1] - 1e-12).all()


def test_patterns_are_those_of_the_networks(record):
    """Untrained rectifiers can be made again from the configuration alone."""
    config, data = record.config, datasets.load("mnist-5k")
    shape = sizes(inputs=784, width=config["width"], depth=config["depth"], outputs=10)
    found = patterns.active(MLP(shape, seeds=config["seeds"]), data.test.x)
    for n, distinct in zip((100, 300, 1000), record.arrays["distinct"][-1, :, -1].T, strict=True):
        np.testing.assert_array_equal(distinct, patterns.distinct(found[:, :n]))
    np.testing.assert_allclose(record.arrays["active"][-1, :, -1], found.double().mean((1, 2)))


def test_labels_help_and_the_metric_is_the_error_with_300(record):
    metric = distributed_codes.metric(record.arrays)
    assert tuple(metric) == UNITS
    place = with_labels(record.arrays)
    for number, values in enumerate(metric.values()):
        np.testing.assert_allclose(
            values, 100 * record.arrays["linear_error"][number, :, -1, place]
        )
    mean = record.arrays["linear_error"].mean((1, 2))
    assert (mean[:4, 0] > mean[:4, -1]).all()


def test_codes_are_found_by_name_and_penalty(record):
    assert code(record.arrays, "tanh") == 1
    assert code(record.arrays, "rectifier", 1e-3) == 4
    for name, l1 in (("rectifier", 0.5), ("tanh", 1e-3)):
        with pytest.raises(LookupError, match=f"No {name} networks were trained"):
            code(record.arrays, name, l1)
    with pytest.raises(LookupError, match="with 7 labels"):
        with_labels(record.arrays, 7)


@pytest.mark.parametrize("drawing", ["draw", "draw_counts", "draw_bits"])
def test_each_drawing_has_words_and_units(record, drawing):
    result = experiments.result(record)
    fig = getattr(distributed_codes, drawing)(result, experiments.subtitle(record))
    words = getattr(distributed_codes, drawing.replace("draw", "describe"))(result)
    assert fig.get_suptitle()
    assert words.endswith(".")
    assert "nan" not in words + fig.get_suptitle()
    assert all("(" in ax.get_xlabel() for ax in fig.axes)


# The claim


def arrays_of(*, own=0.999, own_l1=0.995, pattern=0.06, active=0.3, seeds=10):
    """A record's arrays with k-means of pixels at 25 % errors."""
    generator = np.random.default_rng(0)
    spread = generator.normal(0, 1e-3, (8, seeds, 3, 4))
    rows = np.full((8, seeds, 4, 5), own)
    rows[5] = own_l1
    return {
        "l1": np.array([0, 0, 0, 0, 3e-4, 1e-3, 3e-3, 0]), "labels": np.array([30, 100, 300, 1000]),
        "counts": np.array([100, 300, 1000, 3000, 10_000]), "own": rows,
        "epoch": np.ones((8, seeds), dtype=int), "active": np.full((8, seeds, 4), active),
        "choices": np.full((8, seeds, 4), 90.0), "linear_error": pattern + spread,
        "values_error": 0.05 + spread, "local_linear_error": 0.25 + spread[:3, :, 0],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "holds"),
        ({"own": 0.9}, "partly"),
        ({"own_l1": 0.98}, "partly"),
        ({"pattern": 0.3}, "partly"),
        ({"active": 0.55}, "partly"),
        ({"own": 0.9, "own_l1": 0.9, "pattern": 0.3, "active": 0.6}, "not here"),
        ({"seeds": 3}, "undecided"),
    ],
)
def test_the_claim_needs_own_patterns_a_lower_error_and_few_active_units(given, expected):
    (claim,) = distributed.CLAIMS
    parts = claim.test(arrays_of(**given))
    assert Judgment(claim=claim, parts=parts, scale="laptop").verdict == expected
    assert sum(part.decisive for part in parts) == 5


def test_a_smoke_record_can_be_read_too(record):
    (claim,) = distributed.CLAIMS
    assert all(np.isfinite(part.estimate.value) for part in claim.test(record.arrays))
