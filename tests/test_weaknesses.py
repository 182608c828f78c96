"""Shared signs, clipping, little data and thinned networks: each number is what its name says."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from relubook import datasets, experiments
from relubook.experiments import clipping, little_data, shared_signs
from relubook.experiments import shared_signs_values as signs
from relubook.experiments import thinned_networks as thinned
from relubook.experiments.clipping_values import largest_for_all, largest_usable
from relubook.experiments.little_data_values import KINDS as LEARNERS
from relubook.experiments.weight_gradients import Detour, Pass, backpropagate, forward
from relubook.networks import MLP
from relubook.training import grid

RANDOM = settings(deadline=None, max_examples=50)
SMALL = st.sampled_from([-2.0, -1.0, 0.0, 0.0, 1.0, 3.0])
MATRICES = arrays.arrays(float, st.tuples(st.integers(1, 5), st.integers(1, 4)), elements=SMALL)


# Signs


def outer(sent, delta):
    return [np.outer(h, d) for h, d in zip(sent, delta, strict=True)]


@RANDOM
@given(st.data())
def test_one_sign_counts_what_a_look_at_every_weight_counts(data):
    sent = data.draw(MATRICES)
    delta = data.draw(arrays.arrays(float, (len(sent), 3), elements=SMALL))
    columns = [g[:, unit] for g in outer(sent, delta) for unit in range(3)]
    shown = [c[c != 0] for c in columns if (c != 0).any()]
    tensors = [torch.from_numpy(part)[None] for part in (sent, delta)]
    found = signs.one_sign(
        Pass(sent=[tensors[0]], delta=[tensors[1]], loss=torch.zeros(1)), 0
    ).item()
    if not shown:
        assert np.isnan(found)
    else:
        same = [abs(np.sign(c).sum()) == len(c) for c in shown]
        assert found == pytest.approx(np.mean(same))


@RANDOM
@given(arrays.arrays(float, st.tuples(st.integers(1, 6), st.just(1)), elements=SMALL))
def test_the_angle_is_that_to_the_best_of_many_directions_of_one_sign(gradient):
    if not gradient.any():
        assert np.isnan(signs.angle(torch.from_numpy(gradient)).item())
        return
    g = gradient[:, 0] / np.linalg.norm(gradient)
    found = np.cos(np.radians(signs.angle(torch.from_numpy(gradient)).item()))
    corners = np.array(list(itertools.product((0.0, 0.3, 1.0), repeat=len(g)))[1:])
    lengths = np.linalg.norm(corners, axis=1)
    assert np.abs(corners @ g / lengths).max() <= found + 1e-7
    best = max((np.maximum(g, 0), np.maximum(-g, 0)), key=np.linalg.norm)
    assert abs(best @ g) / np.linalg.norm(best) == pytest.approx(found, abs=1e-7)


def test_the_commoner_sign_of_known_gradients():
    gradient = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, 3.0], [-1.0, 0.0, 1.0], [4.0, 0.0, 0.0]])
    assert signs.majority(gradient).item() == pytest.approx((3 / 4 + 2 / 3) / 2)


@pytest.mark.parametrize("kind", [kind for kind in signs.KINDS if kind.less], ids=lambda k: k.name)
def test_centering_changes_what_is_sent_and_not_what_is_computed(kind):
    of = MLP((5, 7, 6, 3), models=2, activation=kind.activation, dtype=torch.float64)
    x = torch.randn(20, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    before = of(x.expand(2, -1, -1)).detach()
    detour = signs.center(of, signs.shifts_of(of, kind, x))
    (*_, after), sent = forward(of, x.expand(2, -1, -1), detour)
    torch.testing.assert_close(after, before)
    if kind.less == "mean":
        assert max(h.mean(1).abs().max().item() for h in sent[1:]) < 1e-12
        assert signs.mean_power(sent[1]).max().item() < 1e-20
    else:
        assert all(((h > -0.5) & (h < 0.5)).all() for h in sent[1:])


def test_negated_units_train_as_their_mirror_image_does_to_the_last_bit():
    config = experiments.configure("shared-signs", "smoke")
    data = datasets.load("mnist-5k").subset(train=400)
    signed = next(kind for kind in signs.KINDS if kind.signs)
    np.testing.assert_array_equal(shared_signs.mirrored(config, data, signed, 0.2), 0.0)
    network, none = shared_signs.begin(config, data, signed, (0, 1), "cpu")
    unlike = MLP(network.sizes, seeds=(0, 1))
    x = data.test.x[:50].expand(2, -1, -1)
    assert (forward(network, x, none)[0][-1] - unlike(x)).abs().max() > 0.1  # not the same draw


# Clipping


def test_no_step_is_longer_than_the_rate_times_the_limit():
    data = datasets.load("mnist-5k").subset(train=100)
    of = MLP((data.inputs, 12, data.outputs), seeds=[0, 1, 2], gain=8.0, dtype=torch.float64)
    old = [p.detach().clone() for p in of.parameters()]
    x = data.train.x[:30].double().expand(3, -1, -1).contiguous()
    targets = torch.eye(10, dtype=torch.float64)[data.train.y[:30]].expand(3, -1, -1)
    limit = torch.tensor([0.5, 2.0, 1e9], dtype=torch.float64)
    norm, _ = clipping.clipped_step(
        of, x, targets, torch.full((3, 1, 1), 0.1, dtype=torch.float64), limit
    )
    moved = [(p.detach() - o).flatten(1) for p, o in zip(of.parameters(), old, strict=True)]
    length = torch.cat(moved, dim=1).norm(dim=1)
    torch.testing.assert_close(length, 0.1 * torch.minimum(norm, limit))
    assert (norm[:2] > limit[:2]).all()


def test_a_network_that_diverges_is_marked_and_the_others_go_on():
    data = datasets.load("mnist-5k").subset(train=200)
    hyper = grid(learning_rate=[0.1, 1e20], seed=0)
    network = MLP((data.inputs, 8, data.outputs), seeds=[0, 0], gain=4.0)
    endless = torch.full((2,), torch.inf)
    course = clipping.follow(network, data, hyper, endless, batch_size=20, moments=(0, 15))
    assert course.diverged[0] == -1
    assert 0 < course.diverged[1] <= 15
    assert torch.stack(course.norm)[:, 0].isfinite().all()


def test_the_largest_usable_rate_of_known_errors():
    rate = np.array([1.0, 2.0, 4.0])
    error = np.array([[0.1, 0.1, 0.9], [0.1, 0.3, 0.9], [np.nan, 0.1, 0.9]])
    np.testing.assert_array_equal(largest_usable(rate, error), [2.0, 4.0, np.nan])
    assert largest_for_all(rate, error[:, :2]) == 1.0
    assert np.isnan(largest_for_all(rate, error[:, 2:]))


# Little data


def test_few_examples_are_among_the_many_and_no_seed_sees_anothers():
    few, many = (little_data.examples_of((3, 8), 100, size) for size in (5, 40))
    assert torch.equal(many[:, :5], few)
    assert all(len(set(row)) == 40 for row in many.tolist())
    assert few[0].tolist() != few[1].tolist()


def test_a_network_trained_on_few_examples_among_others_is_as_if_alone():
    data, config = datasets.load("mnist-5k"), experiments.configure("little-data", "smoke")
    both, _ = little_data.train(config, data, LEARNERS[1], 30, (0.1,), (5, 6))
    alone, _ = little_data.train(config, data, LEARNERS[1], 30, (0.1,), (6,))
    for one, other in zip(both.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(one[1:], other, rtol=1e-4, atol=1e-5)


def test_errors_on_own_examples_are_counted_on_own_examples():
    data = datasets.load("mnist-5k").subset(train=60)
    of = MLP((data.inputs, 9, data.outputs), seeds=[0, 1])
    rows = little_data.examples_of((0, 1), 60, 20)
    loss, wrong = little_data.own(of, data.train, rows)
    for model, (x, y) in enumerate((data.train.x[r], data.train.y[r]) for r in rows):
        logits = of(x.expand(2, -1, -1))[model].detach()
        assert wrong[model].item() == pytest.approx((logits.argmax(-1) != y).double().mean().item())
        known = torch.nn.functional.cross_entropy(logits.double(), y)
        assert loss[model].item() == pytest.approx(known.item(), rel=1e-6)


# Thinned networks


def test_all_masks_of_a_few_units_average_to_halved_weights_where_sets_are_held():
    of = MLP((6, 9, 4, 3, 5), models=3, activation="rectifier", gain=2.0)
    x = torch.randn(30, 6, generator=torch.Generator().manual_seed(1))
    for model in range(3):
        found = thinned.exact(of, model, x)
        assert max(found[name] for name in ("exact_last", "exact_held", "exact_geometric")) < 1e-12
        assert found["exact_free"] > 1e-3


def test_thinned_networks_are_those_whose_units_were_cut_out():
    of = MLP((6, 5, 4, 3), models=2)
    x, y = torch.randn(8, 6, generator=torch.Generator().manual_seed(2)), torch.arange(8) % 3
    (mask,) = thinned.masks(of, 1)
    tally = thinned.thin(of, x, y, (0, 1), count=1)
    known = []
    for model in range(2):
        kept = [m[model, 0].nonzero()[:, 0] for m in mask]
        h, (one, two, three) = x, of.stacked_layers()
        h = (h @ one.weight[model] + one.bias[model]).relu()[:, kept[0]]
        h = (2 * h @ two.weight[model][kept[0]] + two.bias[model]).relu()[:, kept[1]]
        known.append(2 * h @ three.weight[model][kept[1]] + three.bias[model])
    torch.testing.assert_close(tally.log_p, torch.stack(known).log_softmax(-1).detach())


def test_dropout_masks_keep_half_doubled_and_are_each_networks_own():
    of = MLP((6, 50, 40, 3), seeds=[3, 4])
    alone = MLP((6, 50, 40, 3), seeds=[4])
    detours = [next(thinned.dropping(network, 64)) for network in (of, alone)]
    for both, single in zip(*(detour.factors for detour in detours), strict=True):
        assert set(both.unique().tolist()) == {0.0, 2.0}
        assert both.mean().item() == pytest.approx(1, abs=0.1)
        assert torch.equal(both[1:], single)


def test_dropout_reaches_the_gradient():
    of = MLP((6, 8, 3), models=1)
    x, targets = torch.ones(1, 4, 6), torch.eye(3)[[0, 1, 2, 0]][None]
    factors = [torch.zeros(1, 4, 8)]
    found = backpropagate(of, x, targets, Detour(factors=factors))
    assert not found.weight_gradient(0).any()
    assert not found.weight_gradient(1).any()
