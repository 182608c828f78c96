"""Linear probes: ridge regression on the classes, chosen on other examples, with true distances."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

from relubook import probes, seeds

CLASSES = 4
SEED = st.integers(0, 1000)


def codes(examples, *, models=1, units=6, seed=0, spread=1.0):
    """Noisy codes around a mean for each class, units of unlike scales; the same classes."""
    generator = torch.Generator().manual_seed(seed)
    centers = torch.randn(models, CLASSES, units, generator=torch.Generator().manual_seed(99))
    y = (torch.arange(examples) % CLASSES).expand(models, -1)
    noise = spread * torch.randn(models, examples, units, generator=generator)
    scales = torch.logspace(-1, 1, units)
    return (centers[torch.arange(models)[:, None], y] + noise).double() * scales + 3, y


def fitted(seed, **settings):
    return probes.fit(codes(40, seed=seed), codes(60, seed=seed + 1), classes=CLASSES, **settings)


# What is fitted


@pytest.mark.parametrize("penalty", [1e-3, 0.3, 10.0])
def test_a_probe_is_ridge_regression_on_standardized_units(penalty):
    code, y = codes(40)
    probe = probes.fit((code, y), codes(20, seed=1), classes=CLASSES, penalties=[penalty])
    scaler = StandardScaler().fit(code[0])
    peer = Ridge(alpha=penalty * 40, solver="svd").fit(
        scaler.transform(code[0]), np.eye(CLASSES)[y[0]]
    )
    held, _ = codes(20, seed=2)
    expected = peer.predict(scaler.transform(held[0]))
    np.testing.assert_allclose(probe(held)[0], expected, atol=1e-9)
    assert probe.penalty.tolist() == [penalty]


def test_the_penalty_is_the_best_on_other_examples_tried_one_by_one():
    code, y = codes(12, models=3, spread=3.0)
    held, held_y = codes(400, models=3, seed=1, spread=3.0)
    together = probes.fit((code, y), (held, held_y), classes=CLASSES)
    alone = [
        probes.error(
            probes.fit((code, y), (held, held_y), classes=CLASSES, penalties=[p]), held, held_y
        )
        for p in probes.PENALTIES
    ]
    best = torch.stack(alone).argmin(0)  # the first of equals, which is the largest
    assert together.penalty.tolist() == [probes.PENALTIES[place] for place in best]
    assert len(set(together.penalty.tolist())) > 1


def test_models_probed_together_are_probed_alone():
    (code, y), (held, held_y) = codes(40, models=3), codes(60, models=3, seed=1)
    together = probes.fit((code, y), (held, held_y), classes=CLASSES)
    for model in range(3):
        one = slice(model, model + 1)
        alone = probes.fit((code[one], y[one]), (held[one], held_y[one]), classes=CLASSES)
        torch.testing.assert_close(together(held)[one], alone(held[one]))


@settings(deadline=None, max_examples=10)
@given(SEED, st.floats(1e-3, 1e3), st.floats(-1e3, 1e3))
def test_neither_scale_nor_origin_of_a_code_changes_errors_or_margins(seed, factor, shift):
    (code, y), (held, held_y) = codes(40, seed=seed), codes(60, seed=seed + 1)
    found = []
    for change in (lambda h: h, lambda h: factor * h + shift):
        for standardize in (True, False):
            probe = probes.fit(
                (change(code), y), (change(held), held_y), classes=CLASSES,
                penalties=[0.3], standardize=standardize,
            )  # fmt: skip
            margins = probes.margins(probe, change(held), held_y)
            found.append((probes.error(probe, change(held), held_y), margins))
    for before, after in zip(found[:2], found[2:], strict=True):
        assert before[0] == after[0]
        torch.testing.assert_close(after[1], before[1], rtol=1e-5, atol=1e-6)


def test_the_scales_of_single_units_matter_only_where_they_are_kept():
    (code, y), (held, held_y) = codes(40), codes(60, seed=1)
    scales = torch.logspace(2, -2, code.shape[-1]).double()
    scores, margins = {}, {}
    for standardize in (True, False):
        for scaled in (True, False):
            h, other = (scales * part if scaled else part for part in (code, held))
            probe = probes.fit(
                (h, y), (other, held_y), classes=CLASSES, penalties=[1.0], standardize=standardize
            )
            scores[standardize, scaled] = probe(other)
            margins[standardize, scaled] = probes.margins(probe, other, held_y)
    for found in (scores, margins):
        torch.testing.assert_close(found[True, True], found[True, False])
        assert not torch.allclose(found[False, True], found[False, False], rtol=1e-2)


def test_units_that_never_vary_where_it_is_fitted_have_no_say():
    (code, y), (held, held_y) = codes(40), codes(60, seed=1)
    plain = probes.fit((code, y), (held, held_y), classes=CLASSES)
    silent, loud = torch.full((1, 40, 2), 0.1).double(), 1e6 * held[..., :2]
    more = torch.cat([code, silent], -1), torch.cat([held, loud], -1)
    probe = probes.fit((more[0], y), (more[1], held_y), classes=CLASSES)
    assert (probe.weight[:, -2:] == 0).all()
    torch.testing.assert_close(probe(more[1]), plain(held))


def test_a_rectifier_layer_separates_what_no_line_does():
    x = torch.tensor(list(itertools.product([-1.0, 1.0], repeat=2))).double().repeat(5, 1)[None]
    y = (x.prod(-1) > 0).long()
    h = torch.relu(x @ torch.tensor([[1.0, -1.0, 1.0, -1.0], [1.0, -1.0, -1.0, 1.0]]).double())
    answers = [
        probes.error(probes.fit((code, y), (code, y), classes=2, penalties=[1e-6]), code, y)
        for code in (x, h)
    ]
    assert answers[0] >= 0.25
    assert answers[1] == 0


# Margins


@settings(deadline=None, max_examples=10)
@given(SEED)
def test_a_margin_is_the_distance_to_the_nearest_other_answer(seed):
    probe, (held, y) = fitted(seed, standardize=False), codes(60, seed=seed + 2)
    margins = probes.margins(probe, held, y)[0]
    spread = (held - held.mean(1, keepdim=True)).square().sum(-1).mean().sqrt()
    answer = probe(held).argmax(-1)
    assert torch.equal(margins > 0, (answer == y)[0])
    generator = torch.Generator().manual_seed(seed)
    for row in (margins > 0).nonzero().flatten()[:5].tolist():
        reach = margins[row] * spread
        steps = torch.randn(1, 300, held.shape[-1], generator=generator).double()
        steps = steps / steps.norm(dim=-1, keepdim=True)
        normals = probe.weight[0][:, y[0, row], None] - probe.weight[0]  # [units classes]
        normals = normals / normals.norm(dim=0).clamp_min(1e-300)
        inside = probe(held[:, row : row + 1] + 0.999 * reach * steps).argmax(-1)
        across = probe(held[:, row : row + 1] - 1.001 * reach * normals.T[None]).argmax(-1)
        assert (inside == y[0, row]).all()
        assert (across != y[0, row]).any()


def test_a_code_that_says_nothing_has_no_margin():
    silent, y = torch.zeros(1, 40, 5), codes(40)[1]
    probe = probes.fit((silent, y), (silent, y), classes=CLASSES)
    assert (probes.margins(probe, silent, y) == 0).all()
    assert float(probes.error(probe, silent, y)) == pytest.approx(1 - 1 / CLASSES)


# Labels


@settings(deadline=None, max_examples=10)
@given(SEED, st.integers(1, 5), st.integers(1, 5))
def test_a_draw_has_as_many_of_each_class_and_fewer_labels_are_among_the_more(seed, few, more):
    y = torch.randint(0, CLASSES, (200,), generator=torch.Generator().manual_seed(seed))
    draws = [probes.draw_balanced(y, n, seeds.stream(seed, "labels")) for n in (few, few + more)]
    for (chosen, rest), rounds in zip(draws, (few, few + more), strict=True):
        assert torch.equal(y[chosen], torch.arange(CLASSES).expand(rounds, -1))
        assert sorted([*chosen.flatten().tolist(), *rest.tolist()]) == list(range(200))
    assert torch.equal(draws[1][0][:few], draws[0][0])


def test_seeds_draw_other_labels():
    y = torch.arange(200) % CLASSES
    draws = [probes.draw_balanced(y, 3, seeds.stream(seed, "labels"))[0] for seed in (0, 1)]
    assert not torch.equal(*draws)


# Bad input


def test_a_network_of_nan_is_nan_and_leaves_the_others_alone():
    (code, y), (held, held_y) = codes(40, models=3), codes(60, models=3, seed=1)
    good = probes.fit((code, y), (held, held_y), classes=CLASSES)
    bad, worse = code.clone(), held.clone()
    bad[1, 3, 2], worse[2, 5, 1] = torch.nan, torch.inf
    probe = probes.fit((bad, y), (worse, held_y), classes=CLASSES)
    answers = probes.error(probe, held, held_y), probes.margins(probe, held, held_y).mean(-1)
    expected = probes.error(good, held, held_y), probes.margins(good, held, held_y).mean(-1)
    for found, right in zip((*answers, probe.penalty), (*expected, good.penalty), strict=True):
        assert found.isnan().tolist() == [False, True, True]
        assert found[0] == right[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": 1}, "at least 2. Got 1"),
        ({"classes": 3}, "between 0 and 2. Got 0 to 3"),
        ({"penalties": ()}, "above 0"),
        ({"penalties": (0.0,)}, "above 0"),
        ({"penalties": (float("nan"),)}, "above 0"),
    ],
)
def test_a_probe_that_cannot_be_fitted_says_why(change, message):
    with pytest.raises(ValueError, match=message):
        probes.fit(codes(40), codes(60, seed=1), **({"classes": CLASSES} | change))


def test_a_probe_needs_examples():
    code, y = codes(40)
    with pytest.raises(ValueError, match="`choosing` codes and classes of a probe"):
        probes.fit((code, y), (code[:, :0], y[:, :0]), classes=CLASSES)


@pytest.mark.parametrize("per_class", [0, 6])
def test_a_draw_that_a_class_is_too_small_for_says_how_many_there_are(per_class):
    y = torch.tensor([0] * 5 + [1] * 50)
    with pytest.raises(ValueError, match=f"between 1 and 5, .* Got {per_class}"):
        probes.draw_balanced(y, per_class, seeds.stream(0, "labels"))
