"""From softplus to the rectifier: what is counted, what is chosen, and what the claim judges."""

import functools
import math

import numpy as np
import pytest
import torch

from relubook import experiments, paper
from relubook.claims import Judgment, alpha
from relubook.experiments import softplus_alpha
from relubook.experiments.softplus_alpha import codes, largest_gap
from relubook.experiments.softplus_alpha_live import nearest_rate
from relubook.networks import MLP

ALPHAS = np.array([1.0, 1.3, 2.0, 3.0, 6.0, math.inf])
DRAWINGS = ("draw", "draw_zeros", "draw_rates")


@functools.cache
def smoke():
    return experiments.reproduce("softplus-alpha", scale="smoke")


@pytest.mark.parametrize("sharp", [1.0, 1.3, 3.0, 20.0])
def test_the_largest_gap_is_log_2_over_alpha(sharp):
    assert largest_gap(sharp) == pytest.approx(math.log(2) / sharp, abs=1e-12)
    assert largest_gap(math.inf) == 0


@pytest.mark.parametrize("activation", ["rectifier", "softplus(3)"])
def test_codes_are_what_counting_gives(activation):
    network = MLP((5, 9, 7, 3), models=2, activation=activation)
    x = torch.randn(40, 5, generator=torch.Generator().manual_seed(0))
    found = codes(network, x, np.array([0, 0]))
    for layer, h in enumerate(network.hidden(x.expand(2, -1, -1))):
        for model, values in enumerate(h.detach().double().numpy()):
            small = 0.01 * np.sqrt((values**2).mean())
            assert found["zeros"][model, layer] == pytest.approx((values == 0).mean())
            assert found["near_relative"][model, layer] == pytest.approx((values < small).mean())
            assert found["near_absolute"][model, layer] == pytest.approx((values < 1e-3).mean())
            assert found["dead"][model, layer] == pytest.approx((values == 0).all(0).mean())


def test_a_network_that_diverged_at_once_has_no_code_and_a_silent_layer_is_all_zeros():
    network = MLP((4, 6, 3), models=2)
    for layer in network.stacked_layers():
        layer.weight.data.zero_()
    found = codes(network, torch.ones(8, 4), np.array([3, -1]))
    for name, table in found.items():
        assert table[0].tolist() == [1.0], name
        assert np.isnan(table[1]).all(), name


def test_each_alpha_gets_the_rate_that_is_best_on_validation():
    result = experiments.result(smoke())
    best = np.median(result.rate_validation, axis=2).argmin(axis=1)
    assert result.chosen.tolist() == result.rate[best].tolist()
    assert result.alpha.tolist() == [1.0, 3.0, math.inf]
    assert set(result.at_an_end()) == {"1", "3", "∞"}  # of two rates, each is an end


@pytest.mark.parametrize(
    ("data", "lines"), [("norb", 3), ("small-norb (1 / 2 / 3)", 3), ("mnist", 0)]
)
def test_only_toys_in_stereo_are_compared_with_the_paper(data, lines):
    result = experiments.result(smoke())
    found = softplus_alpha.compare(type(result)(**vars(result) | {"data": {"name": data}}))
    assert len(found) == lines
    for line in found:
        assert line.paper in {number.value for number in paper.ALPHA_SWEEP.values()}


@pytest.mark.parametrize(("sharp", "rate"), [(1.0, 0.4), (1.6, 0.4), (5.0, 0.2), (20.0, 0.2)])
def test_an_alpha_between_takes_the_rate_of_its_neighbor(sharp, rate):
    assert nearest_rate(np.array([1.0, 6.0, math.inf]), np.array([0.4, 0.2, 0.1]), sharp) == rate


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_each_drawing_has_a_finding_units_and_words(drawing):
    result = experiments.result(smoke())
    fig = getattr(softplus_alpha, drawing)(result, experiments.subtitle(smoke()))
    (ax,) = fig.axes
    assert fig.get_suptitle()
    assert "MNIST-5k" in ax.get_title(loc="left")
    assert ax.get_ylabel().endswith("(%)")
    words = getattr(softplus_alpha, drawing.replace("draw", "describe"))(result)
    assert words.endswith(".")
    assert "nan" not in words
    fig.draw_without_rendering()
    for text in fig.texts + ax.texts:
        box = text.get_window_extent()
        assert fig.bbox.x0 - 2 <= box.x0 <= box.x1 <= fig.bbox.x1 + 2, text.get_text()


# Claim 15


def sweep(means, *, scatter=0.05, seeds=10, lost=0):
    """A record with these mean errors [%], and some networks of alpha 1 that diverged at once."""
    generator = np.random.default_rng(0)
    shared = generator.normal(size=seeds)  # a seed is good or bad with every alpha
    own = generator.normal(size=(6, seeds))
    error = (np.array(means)[:, None] + shared + scatter * (own - own.mean(1, keepdims=True))) / 100
    error[0, :lost] = math.nan
    codes_ = np.zeros((6, seeds, 2))
    return {
        "alpha": ALPHAS, "largest_gap": math.log(2) / ALPHAS, "test_error": error,
        "rate": np.array([0.2, 0.1]), "chosen": np.full(6, 0.1),
        "rate_test": np.stack([error[:, :3], error[:, :3]], axis=1),
        "zeros": codes_, "near_relative": codes_, "diverged": np.full((6, seeds), -1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"means": [18, 17.5, 17, 16.5, 16.5, 16.5]}, "undecided"),
        ({"means": [18, 17.5, 17, 16.57, 16.54, 16.5], "scatter": 0.13}, "holds"),
        ({"means": [18, 17.5, 17, 16.57, 16.54, 16.5], "scatter": 0.13, "lost": 2}, "holds"),
        ({"means": [18, 17.5, 17, 16.5, 16.5, 16.5], "seeds": 4}, "undecided"),
        ({"means": [18, 17.5, 17, 16.8, 16.5, 16.5]}, "partly"),  # alpha 3 errs more for sure
        ({"means": [15, 15.5, 16, 16.5, 16.5, 16.5]}, "partly"),  # the wrong way round
        ({"means": [15, 15.5, 16, 18.5, 18.6, 16.5]}, "not here"),
    ],
)
def test_sharper_is_better_is_judged_by_order_ends_and_last_steps(record, expected):
    (claim,) = alpha.CLAIMS
    parts = claim.test(sweep(**record))
    found = Judgment(claim=claim, parts=parts, scale="laptop").verdict
    assert found == expected, [str(part) for part in parts]


def test_the_papers_own_errors_are_perfectly_ordered():
    errors = np.array([[number.value] * 5 for number in paper.ALPHA_SWEEP.values()])
    found = alpha.correlation(ALPHAS, errors)
    assert (found.value, found.low, found.high, found.n) == (-1.0, -1.0, -1.0, 5)
