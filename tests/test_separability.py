"""Separability: equal widths, equal numbers of active units, labels that training never saw."""

import functools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import claims, datasets, experiments, probes
from relubook.claims import separability as about
from relubook.experiments import separability, separability_kinds
from relubook.experiments.quartet import UNITS
from relubook.experiments.separability_probing import Examiner, affordable
from relubook.experiments.separability_values import DENSE, LABELS, place, probed
from relubook.networks import MLP

(CLAIM,) = about.CLAIMS
SEEDS, LAYERS = 10, 3
SCATTER = np.linspace(-1, 1, SEEDS)


@functools.cache
def smoke():
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce("separability", scale="smoke")


@functools.cache
def examiner():
    return Examiner.of(separability.configure("smoke"), datasets.load("mnist-5k"))


# What is compared


def test_networks_are_compared_at_equal_width_and_at_equal_numbers_of_active_units():
    arrays, config = smoke().arrays, smoke().config
    wide = np.isnan(arrays["matched"])
    assert (arrays["width"][wide] == config["width"]).all()
    for row in np.flatnonzero(~wide):
        trained, l1 = bool(arrays["trained"][row]), float(arrays["matched"][row])
        busy = arrays["active"][place(arrays, "rectifier", l1=l1, trained=trained)].mean()
        assert arrays["width"][row] == round(busy)
        assert UNITS[arrays["activation"][row]] in DENSE


def test_dense_codes_use_all_units_and_rectifier_codes_do_not():
    arrays = smoke().arrays
    shares = arrays["active"].mean((1, 2)) / arrays["width"]
    dense = arrays["activation"] != UNITS.index("rectifier")
    assert (shares[dense] == 1).all()
    assert (shares[~dense] < 0.8).all()


def test_untrained_networks_are_as_good_as_guessing_and_trained_ones_are_not():
    arrays = smoke().arrays
    assert (arrays["epoch"][~arrays["trained"]] == 0).all()
    assert (arrays["test_error"][~arrays["trained"]] > 0.7).all()
    assert (arrays["test_error"][arrays["trained"]] < 0.7).all()


def test_more_labels_make_better_probes():
    error = smoke().arrays["error"].mean((1, 2))  # [kinds labels]
    assert (np.diff(error, axis=1) < 0).all()


def test_the_number_for_the_table_is_the_error_of_trained_networks_over_all_layers():
    arrays = smoke().arrays
    found = separability.metric(arrays)
    assert set(found) == set(UNITS)
    column = arrays["labels"].tolist().index(LABELS)
    for name, values in found.items():
        rows = (
            (arrays["activation"] == UNITS.index(name)) & (arrays["l1"] == 0) & arrays["trained"]
            & np.isnan(arrays["matched"])
        )  # fmt: skip
        np.testing.assert_allclose(values, 100 * arrays["error"][rows, :, :, column].mean(-1)[0])


def test_a_kind_that_was_not_compared_is_named():
    with pytest.raises(ValueError, match=r"no untrained tanh networks with l1 0\.5"):
        place(smoke().arrays, "tanh", l1=0.5, trained=False)


@pytest.mark.parametrize("activation", UNITS)
def test_busy_units_are_counted_one_by_one(activation):
    network = MLP((784, 20, 20, 10), seeds=(0, 1), activation=activation)
    split = datasets.load("mnist-5k").test.take(torch.arange(50))
    hidden = network.hidden(split.x.expand(2, -1, -1))
    counts = [int((row != 0).sum()) for layer in hidden for model in layer for row in model]
    assert separability_kinds.busy_units(network, split) == round(np.mean(counts))


# Labels


def test_labels_come_from_the_validation_split_and_are_the_same_for_all_networks_of_a_seed():
    seen = []
    pool = examiner().validation
    assert pool is datasets.load("mnist-5k").validation or torch.equal(
        pool.x, datasets.load("mnist-5k").validation.x
    )
    for chosen, rest in examiner().drawn:
        assert sorted([*chosen.flatten().tolist(), *rest.tolist()]) == list(range(len(pool)))
        seen.append(set(chosen.flatten().tolist()))
    assert len(seen) == 2
    assert seen[0] != seen[1]


def test_a_code_that_holds_the_class_is_read_with_any_labels_and_a_silent_one_with_none():
    classes = torch.eye(10).double()
    pool, tested = (classes[split.y] for split in (examiner().validation, examiner().test))
    found = examiner().probe(0, [pool, 0 * pool], [tested, 0 * tested])
    assert (found["error"][0] == 0).all()
    assert (found["margin"][0] > 0.5).all()
    assert found["error"][1] == pytest.approx([0.9] * len(examiner().labels), abs=0.02)
    assert (found["margin"][1] == 0).all()
    assert found["active"].tolist() == [1, 0]


def test_pixels_are_probed_like_any_code():
    found = examiner().pixels()
    x = examiner().validation.x.double(), examiner().test.x.double()
    chosen, rest = examiner().drawn[1]
    rows = chosen[: 100 // 10].flatten()
    y = examiner().validation.y
    probe = probes.fit(
        (x[0][None, rows], y[None, rows]), (x[0][None, rest], y[None, rest]), classes=10
    )
    error = probes.error(probe, x[1][None], examiner().test.y[None])
    assert found["error"][1, 0, 1] == pytest.approx(float(error))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=2, max_size=5), st.sets(st.integers(1, 100)))
def test_what_is_affordable_leaves_a_third_of_every_class(sizes, labels):
    y = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    expected = tuple(
        count
        for count in sorted(labels)
        if count >= len(sizes) and 3 * (count // len(sizes)) <= 2 * min(sizes)
    )
    if expected:
        assert affordable(sorted(labels), y, len(sizes)) == expected
    else:
        with pytest.raises(ValueError, match="one for each class"):
            affordable(sorted(labels), y, len(sizes))


# Claim 35


def record(*, trained=(8, 10, 10, 9), untrained=(30, 40, 40, 40), noise=0.2, busy=9.0):
    """A record of "separability", errors [%] of `UNITS` alike in all layers, at all labels."""
    kinds = [(name, 0.0, state, np.nan) for state in (True, False) for name in range(4)]
    kinds += [(0, 1e-3, True, np.nan)]
    kinds += [(name, 0.0, True, 1e-3) for name in (1, 2, 3)]
    error = np.array([*trained, *untrained, trained[0], busy, busy, busy], float)
    error = error[:, None, None, None] + noise * SCATTER[:, None, None] * np.ones((LAYERS, 2))
    error[[0, 4, 8]] -= 2 * noise * SCATTER[:, None, None]  # so that differences vary
    narrow = np.array([not np.isnan(kind[3]) for kind in kinds])
    return {
        "activation": np.array([kind[0] for kind in kinds]),
        "l1": np.array([kind[1] for kind in kinds]),
        "trained": np.array([kind[2] for kind in kinds]),
        "matched": np.array([kind[3] for kind in kinds]),
        "width": np.where(narrow, 40, 128),
        "labels": np.array([100, 1000]),
        "error": error / 100,
        "error_alike": error[..., 0] / 100,
        "margin": 1 - error / 100,
        "epoch": np.full((len(kinds), SEEDS), 3) * ~narrow[:, None],
    }


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        ({}, "holds"),
        ({"trained": (8, 10, 10, 7)}, "partly"),  # one dense code is better
        ({"untrained": (45, 40, 40, 40)}, "partly"),
        ({"trained": (8, 10, 10, 7), "untrained": (45, 40, 40, 40)}, "not here"),
        ({"trained": (8, 10, 10, 8)}, "undecided"),  # as good as the best dense code
        ({"noise": 10.0}, "undecided"),
    ],
)
def test_a_code_separates_best_if_it_beats_every_dense_one_before_and_after_training(
    errors, expected
):
    parts = CLAIM.test(record(**errors))
    assert claims.Judgment(claim=CLAIM, parts=parts, scale="laptop").verdict == expected
    assert sum(part.decisive for part in parts) == 2


def test_the_best_dense_code_is_found_seed_by_seed():
    arrays = record(noise=0.0)
    arrays["error"][1, :5] = 0.07  # tanh in half of the seeds, softplus in the others
    arrays["error"][2, 5:] = 0.06
    estimate = CLAIM.test(arrays)[0].estimate
    assert estimate.value == pytest.approx((5 * -1 + 5 * -2) / SEEDS)


def test_what_informs_says_which_networks_were_less_accurate_than_the_others():
    (part,) = (part for part in CLAIM.test(record()) if "never" in part.what)
    assert (part.estimate.value, part.estimate.n) == (3 * SEEDS, 3 * SEEDS)
    (beside,) = (part for part in CLAIM.test(record(busy=9.5)) if "of 40 units, as" in part.what)
    assert beside.estimate.value == pytest.approx(1.5)


def test_margins_and_errors_are_means_over_the_layers():
    arrays = record()
    arrays["error"][0, :, :, 0] = [0.1, 0.2, 0.6]
    np.testing.assert_allclose(probed(arrays, 0, LABELS), 0.3)


# Drawings


def test_a_title_names_the_code_that_separates_best():
    values = experiments.result(smoke())
    means = {name: values.mean() for name, values in separability.metric(smoke().arrays).items()}
    best = min(means, key=means.get)
    title = separability.draw(values).get_suptitle()
    assert f"{best} codes err least after training ({means[best]:.1f} %)" in title
    assert f"{means['rectifier']:.1f} %" in title


@pytest.mark.parametrize("name", ["layers", "active", "margins"])
def test_every_drawing_has_words_and_two_panels_with_units(name):
    values = experiments.result(smoke())
    fig = getattr(separability, f"draw_{name}")(values, "data")
    assert len(fig.axes) == 2
    assert fig.axes[0].get_ylabel().endswith(("(%)", "(1)"))
    assert all(ax.get_xlabel() for ax in fig.axes)
    text = getattr(separability, f"describe_{name}")(values)
    assert all(unit in text for unit in UNITS)
    assert text.endswith(".")
