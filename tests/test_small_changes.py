"""What a small change does to a code: each number is what its name says, each verdict follows."""

import functools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import claims, experiments
from relubook.claims import disentangling
from relubook.experiments import code_changes, small_changes
from relubook.experiments.quartet import UNITS
from relubook.experiments.small_changes import CHANGES, JUDGED
from relubook.networks import MLP

REACH = 0.1
DRAWINGS = ("draw", "draw_overlap", "draw_absorbed")
HALVES = ("changed", "moved_active", "moved_before", "absorbed_energy")


@functools.cache
def smoke():
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce("small-changes", scale="smoke")


def shown(activation, *, seed=0, models=2, units=7):
    """The layers of random networks before and after a change of random inputs."""
    generator = torch.Generator().manual_seed(seed)
    network = MLP((5, units, units, 3), models=models, activation=activation)
    for layer in network.stacked_layers():
        layer.bias.data = 0.3 * torch.randn(layer.bias.shape, generator=generator)
    x = torch.randn(models, 30, 5, generator=generator)
    step = 0.2 * torch.randn(x.shape, generator=generator)
    return network, x, step


def measured(activation, seed=0):
    """Layers before and after, and the numbers, of the second hidden layer."""
    network, x, step = shown(activation, seed=seed)
    first, second = (code_changes.answers(network, inputs)[0][-1] for inputs in (x, x + step))
    return first, second, code_changes.measure(first, second, reach=REACH)


# The numbers


def test_answers_are_the_networks_own():
    network, x, _ = shown("softplus")
    layers, classes = code_changes.answers(network, x)
    for layer, h in zip(layers, network.hidden(x), strict=True):
        assert torch.equal(layer.code, h)
        assert torch.equal(network.activation(layer.before), layer.code)
    assert torch.equal(classes, network(x).argmax(-1))


@pytest.mark.parametrize("activation", UNITS)
@pytest.mark.parametrize("seed", [0, 1])
def test_every_number_is_what_counting_one_entry_at_a_time_gives(activation, seed):
    first, second, numbers = measured(activation, seed)
    for model in range(2):
        h, then, z, z_then = (
            part[model].double().numpy()
            for part in (first.code, second.code, first.before, second.before)
        )
        counts = dict.fromkeys(("changed", "moved", "of_active", "active", "silent", "pushed"), 0)
        ended = whole = 0.0
        for example, unit in np.ndindex(h.shape):
            step, push = then[example, unit] - h[example, unit], z_then - z
            moves = abs(step) > REACH * h[:, unit].std()
            off = h[example, unit] == 0 and then[example, unit] == 0
            counts["changed"] += step != 0
            counts["moved"] += moves
            counts["active"] += not off
            counts["of_active"] += moves and not off
            counts["pushed"] += push[example, unit] != 0
            counts["silent"] += off and push[example, unit] != 0
            whole += push[example, unit] ** 2
            ended += push[example, unit] ** 2 * off
        found = {name: values[model] for name, values in numbers.items()}
        assert found["changed"] == pytest.approx(counts["changed"] / h.size)
        assert found["moved"] == pytest.approx(counts["moved"] / h.size)
        assert found["moved_active"] == pytest.approx(counts["of_active"] / counts["active"])
        assert found["absorbed"] == pytest.approx(counts["silent"] / counts["pushed"])
        assert found["absorbed_energy"] == pytest.approx(ended / whole)
        away = np.linalg.norm(h - h.mean(0), axis=1)
        assert found["relative"] == pytest.approx((np.linalg.norm(then - h, axis=1) / away).mean())
        pairs = zip(h, then, strict=True)
        sets = [(set(np.flatnonzero(a)), set(np.flatnonzero(b))) for a, b in pairs]
        shares = [len(a & b) / len(a | b) for a, b in sets if a | b]
        assert found["overlap"] == pytest.approx(np.mean(shares))


@pytest.mark.parametrize("activation", [name for name in UNITS if name != "rectifier"])
def test_a_dense_code_absorbs_nothing_and_all_its_units_are_always_active(activation):
    _, _, numbers = measured(activation)
    assert (numbers["absorbed"] == 0).all()
    assert (numbers["absorbed_energy"] == 0).all()
    assert (numbers["overlap"] == 1).all()
    assert (numbers["changed"] == 1).all()
    np.testing.assert_array_equal(numbers["moved_active"], numbers["moved"])


def test_what_is_absorbed_reaches_no_later_layer():
    network, x, step = shown("rectifier")
    first, second = (code_changes.answers(network, inputs)[0][0] for inputs in (x, x + step))
    ends_here = (first.code == 0) & (second.code == 0)
    before = torch.where(ends_here, second.before, first.before)
    assert (before != first.before).any()
    assert torch.equal(network.activation(before), first.code)


def test_no_change_moves_nothing_and_has_no_direction():
    first, _, _ = measured("rectifier")
    numbers = code_changes.measure(first, first, reach=REACH)
    for name in ("changed", "moved", "moved_active", "moved_before", "relative"):
        assert (numbers[name] == 0).all(), name
    assert (numbers["overlap"] == 1).all()
    for name in ("effective", "absorbed", "absorbed_energy"):
        assert np.isnan(numbers[name]).all(), name


def test_a_unit_that_never_varied_moves_exactly_when_it_changes():
    silent = torch.zeros(1, 4, 2)
    awake = silent.clone()
    awake[0, 1, 0] = 1e-6
    first = code_changes.Layer(before=silent - 1, code=silent)
    second = code_changes.Layer(before=silent - 0.5, code=awake)
    assert code_changes.measure(first, second, reach=REACH)["moved"] == pytest.approx(1 / 8)


@settings(deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.floats(1e-30, 1e3))
def test_participation_is_the_share_of_entries_that_change_alike(some, others, size):
    step = torch.zeros(some + others, dtype=torch.float64)
    step[:some] = size
    step[: some // 2] *= -1
    assert float(code_changes.participation(step)) == pytest.approx(some / (some + others))


@settings(deadline=None)
@given(st.integers(0, 1000))
def test_participation_lies_between_one_entry_and_all(seed):
    step = torch.randn(3, 9, generator=torch.Generator().manual_seed(seed))
    found = code_changes.participation(step)
    assert ((found >= 1 / 9 - 1e-6) & (found <= 1 + 1e-6)).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 1000), st.integers(2, 5))
def test_partners_are_others_of_the_class_and_of_another_class(seed, classes):
    generator = np.random.default_rng(seed)
    labels = torch.from_numpy(generator.permutation(np.arange(40) % classes))
    same, other = code_changes.partners(labels, seed=seed)
    assert torch.equal(labels[same], labels)
    assert (same != torch.arange(40)).all()
    assert (labels[other] != labels).all()


@pytest.mark.parametrize("labels", [[0, 0, 1], [2, 2, 2]])
def test_examples_without_a_partner_are_refused(labels):
    with pytest.raises(ValueError, match="two examples or more of each"):
        code_changes.partners(torch.tensor(labels), seed=0)


# The experiment


def test_each_seed_sees_changes_of_its_own_and_every_network_the_same():
    arrays = smoke().arrays
    assert (arrays["input_relative"][:, 0] != arrays["input_relative"][:, 1]).all()
    assert (arrays["input_relative"][0] < arrays["input_relative"][1]).all()  # weak, plain noise


def test_rectifiers_alone_have_zeros_and_silent_units():
    arrays = smoke().arrays
    rectifiers = np.array([True, False, False, False, True])
    for name in ("zeros", "absorbed", "absorbed_energy"):
        found = arrays[name].reshape(len(rectifiers), -1)
        assert (found[rectifiers] > 0).all(), name
        assert (found[~rectifiers] == 0).all(), name
    assert (arrays["overlap"].mean((1, 2, 3)) < 1).tolist() == rectifiers.tolist()


def test_a_digit_shares_more_with_its_change_than_with_another_digit():
    arrays = smoke().arrays
    kept, same, other = (
        arrays[name][0].mean() for name in ("overlap", "overlap_same_class", "overlap_other_class")
    )
    assert kept > same > other


def test_the_metric_is_the_mean_over_four_kinds_and_all_layers():
    arrays = smoke().arrays
    found = small_changes.metric(arrays)
    assert tuple(found) == UNITS
    kinds = [arrays["moved"][2, CHANGES.index(name)].mean(0) for name in JUDGED]
    np.testing.assert_allclose(found["softplus"], 100 * np.mean(kinds, axis=0))
    assert small_changes.METRIC.endswith("(%)")


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_each_drawing_has_a_finding_units_and_words(drawing):
    record = smoke()
    result = experiments.result(record)
    fig = getattr(small_changes, drawing)(result, experiments.subtitle(record))
    (ax,) = fig.axes
    assert fig.get_suptitle()
    assert "2 seeds" in ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert ax.get_ylabel().endswith("(%)")
    words = getattr(small_changes, drawing.replace("draw", "describe"))(result)
    assert words.endswith(".")
    assert "nan" not in words
    fig.draw_without_rendering()
    for text in fig.texts + ax.texts:
        box = text.get_window_extent()
        assert fig.bbox.x0 - 2 <= box.x0, text.get_text()
        assert box.x1 <= fig.bbox.x1 + 2, text.get_text()


# Claim 32


def codes(*, rectifier=30.0, others=(50.0, 45.0, 40.0), overlap=0.9, seeds=10):
    """A record of "small-changes" with the same numbers for every kind of change and layer."""
    generator = np.random.default_rng(0)
    shape = (len(CHANGES), 3, seeds)
    moved = np.array([rectifier, *others, 20.0])[:, None, None, None] / 100
    groups = np.ones((5, *shape))
    scatter = 0.005 * generator.normal(size=(1, *shape))
    spread = dict.fromkeys(("overlap", "absorbed"), groups * (overlap + scatter))
    return {
        "l1": np.array([0.0, 0.0, 0.0, 0.0, 1e-3]),
        "moved": moved * groups + scatter + 0.001 * generator.normal(size=groups.shape),
        **spread,
        **dict.fromkeys(HALVES, groups * 0.5),
        "same_answer": np.ones((5, len(CHANGES), seeds)),
        "overlap_same_class": np.full((5, 3, seeds), 0.5),
        "overlap_other_class": np.full((5, 3, seeds), 0.3),
    }


def verdict(arrays):
    claim = next(claim for claim in disentangling.CLAIMS if claim.number == 32)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "holds"),
        ({"overlap": 0.7}, "partly"),
        ({"others": (50.0, 45.0, 25.0)}, "partly"),  # one dense code moves less: the least counts
        ({"others": (25.0, 45.0, 50.0)}, "partly"),
        ({"others": (50.0, 45.0, 30.0)}, "undecided"),
        ({"others": (50.0, 45.0, 25.0), "overlap": 0.5}, "not here"),
        ({"seeds": 4}, "undecided"),
    ],
)
def test_small_changes_are_judged_against_the_nearest_dense_code(record, expected):
    assert verdict(codes(**record)) == expected


def test_one_kind_of_change_that_moves_more_is_seen():
    arrays = codes()
    arrays["moved"][0, CHANGES.index("rotation")] += 0.2
    assert verdict(arrays) == "partly"


def test_weak_noise_decides_nothing():
    arrays = codes()
    arrays["moved"][0, CHANGES.index("weak noise")] += 0.5
    assert verdict(arrays) == "holds"


def test_the_least_lead_is_that_over_the_nearest_rival_seed_by_seed():
    values = np.array([[1.0, 5.0], [2.0, 3.0], [4.0, 4.0], [0.0, 9.0], [9.0, 9.0]])
    np.testing.assert_array_equal(disentangling.least_lead(values, sign=1), [-3.0, -4.0])
    np.testing.assert_array_equal(disentangling.least_lead(values, sign=-1), [-1.0, -2.0])
