"""The experiments about neurons: fits that nothing beats, random neurons, and what is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from relubook import experiments, figures, paper
from relubook.experiments import figure_1, random_neurons, response_fits, working_range
from relubook.experiments.response_fits import (
    FAMILIES,
    WHOLE_RANGE,
    WORKING_RANGE,
    fit,
    residuals,
    response,
)
from relubook.neurons import FIGURE_1, firing_rate

every_family = pytest.mark.parametrize("family", FAMILIES)
THIN = WORKING_RANGE[::5]


def residual(off, rate):
    return 100 * np.sqrt((off**2).mean()) / rate.max()


# Fits


@every_family
@pytest.mark.parametrize("k", [0.5, 3.0, 12.0])
def test_a_family_finds_its_own_curve(family, k):
    given = {"a": 80.0, "b": 0.117} | ({} if family == "rectifier" else {"k": k})
    rate = response(family, given, WORKING_RANGE)
    found, off = fit(family, WORKING_RANGE, rate)
    assert off < 2e-3
    assert response(family, found, WORKING_RANGE) == pytest.approx(rate, abs=0.01 * rate.max())


@every_family
def test_the_residual_is_that_of_the_curve_that_is_returned(family):
    rate = firing_rate(FIGURE_1, THIN * 1e-9, 3e-3)
    parameters, off = fit(family, THIN, rate)
    assert residual(response(family, parameters, THIN) - rate, rate) == pytest.approx(off)


@every_family
@pytest.mark.parametrize("noise", [0.0, 5e-3])
@pytest.mark.parametrize("current", [WORKING_RANGE, WHOLE_RANGE], ids=["working", "whole"])
def test_no_search_over_all_parameters_finds_a_better_fit(family, current, noise):
    rate = firing_rate(FIGURE_1, current * 1e-9, noise)
    _, off = fit(family, current, rate)
    span = np.ptp(current)

    def trial(point):
        a, b, log_k = point
        given = {"a": a, "b": b} | ({} if family == "rectifier" else {"k": np.exp(log_k)})
        return residual(response(family, given, current) - rate, rate)

    limits = [(0, 600), (current[0] - span, current[-1]), (np.log(0.05), np.log(300))]
    found = optimize.differential_evolution(trial, limits, seed=1, maxiter=60, popsize=12)
    assert off <= found.fun + 1e-6


@settings(deadline=None, max_examples=10)
@given(
    st.floats(1e-3, 1e3), st.floats(-1e3, 1e3), st.floats(1e-3, 1e4), st.sampled_from([0.0, 4e-3])
)
def test_units_and_origin_of_the_current_do_not_matter(scale, shift, height, noise):
    rate = firing_rate(FIGURE_1, THIN * 1e-9, noise)
    expected = residuals(THIN, rate)
    found = residuals(scale * THIN + shift, height * rate)
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=0.02)


def test_softplus_reaches_what_the_rectifier_reaches():
    rate = firing_rate(FIGURE_1, WORKING_RANGE * 1e-9)
    off = dict(zip(FAMILIES, residuals(WORKING_RANGE, rate), strict=True))
    assert off["softplus"] == pytest.approx(off["rectifier"], abs=0.01)


def test_the_rescaled_curve_of_footnote_3_is_the_neuron_of_figure_1():
    rate = firing_rate(FIGURE_1, WHOLE_RANGE * 1e-9)
    parameters, off = fit("rescaled LIF", WHOLE_RANGE, rate)
    assert off < 1e-4
    assert parameters["a"] == pytest.approx(250, rel=1e-3)
    assert parameters["b"] == pytest.approx(0.150, abs=1e-4)


@pytest.mark.parametrize(
    ("family", "current", "rate", "sentence"),
    [
        ("rectifer", THIN, THIN, "There is no family 'rectifer'. Did you mean 'rectifier'?"),
        ("tanh", THIN, THIN[:-1], "must have as many numbers as `current_nA`, at least 5. Got 18"),
        ("tanh", THIN[:4], THIN[:4], "at least 5. Got 4 for 4."),
        ("tanh", THIN[::-1], THIN, "must rise from number to number"),
        ("tanh", THIN * np.nan, THIN, "must rise from number to number, all finite"),
        ("tanh", THIN, 0 * THIN, "at least one number above 0 Hz. Got 0.0 to 0.0."),
        ("tanh", THIN, THIN * np.nan, "must be finite"),
    ],
)
def test_curves_that_cannot_be_fitted_are_refused_with_a_sentence(family, current, rate, sentence):
    with pytest.raises(ValueError, match=r"must|no family") as refused:
        fit(family, current, rate)
    assert sentence in str(refused.value)


# Random neurons


def test_random_neurons_are_the_same_for_a_seed_and_differ_between_seeds():
    assert random_neurons.draw(5, seed=3) == random_neurons.draw(5, seed=3)
    assert random_neurons.draw(5, seed=3) != random_neurons.draw(5, seed=4)
    assert random_neurons.draw(5, seed=3)[:2] == random_neurons.draw(2, seed=3)


def test_ranges_go_from_silence_to_the_papers_shares_of_the_ceiling():
    for neuron in random_neurons.draw(30, seed=0):
        for currents, share in (
            (random_neurons.working_range(neuron, 50), 57 / 250),
            (random_neurons.whole_range(neuron, 50), firing_rate(FIGURE_1, 10e-9) / 250),
        ):
            rate = firing_rate(neuron, currents)
            assert rate[0] == 0
            assert rate[-1] == pytest.approx(share * neuron.ceiling)


def test_the_ranges_of_figure_1s_neuron_are_those_of_the_figure():
    working = random_neurons.working_range(FIGURE_1, 3)
    whole = random_neurons.whole_range(FIGURE_1, 3)
    assert working[0] == pytest.approx(-0.8e-9)
    assert whole[[0, -1]] == pytest.approx([-1e-9, 10e-9])


def test_ranges_are_those_read_off_the_paper():
    low, high = (paper.STATED[f"working_range_{end}"].value for end in ("low", "high"))
    np.testing.assert_array_equal(WORKING_RANGE, np.linspace(-0.8, 1.0, 91))
    assert WORKING_RANGE[[0, -1]].tolist() == [low, high]
    assert random_neurons.working_range(FIGURE_1, 2)[0] == pytest.approx(low / 1e9)


# Records and drawings


@pytest.fixture(scope="module", params=["figure-1", "working-range"])
def smoke(request):
    return experiments.reproduce(request.param, scale="smoke")


DRAWINGS = {
    "figure-1": ("draw", "draw_noise"),
    "working-range": ("draw", "draw_noise", "draw_reach", "draw_neurons"),
}


def test_every_drawing_has_a_sentence_a_title_and_named_axes(smoke):
    module, found = experiments.get(smoke.experiment), experiments.result(smoke)
    for drawing in DRAWINGS[smoke.experiment]:
        fig = getattr(module, drawing)(found, experiments.subtitle(smoke))
        sentence = getattr(module, drawing.replace("draw", "describe"))(found)
        assert sentence.endswith(".")
        assert "nan" not in sentence + fig.get_suptitle()
        assert all(ax.get_xlabel() for ax in fig.axes)
        assert fig.axes[0].get_ylabel()
        assert "random neurons" in fig.axes[0].get_title(loc="left")
        assert figures.png(fig).startswith(b"\x89PNG")


def test_the_points_of_the_paper_are_drawn_hollow_where_they_were_read():
    found = experiments.result(experiments.reproduce("figure-1", scale="smoke"))
    (ax,) = figure_1.draw(found).axes
    (points,) = [line for line in ax.lines if line.get_label() == "paper"]
    assert points.get_markerfacecolor() == "none"
    np.testing.assert_array_equal(points.get_xydata(), paper.FIGURE_1.array())


def test_figure_1_is_compared_at_the_nine_points():
    found = experiments.result(experiments.reproduce("figure-1", scale="smoke"))
    compared = figure_1.compare(found)
    assert [line.paper for line in compared] == list(paper.FIGURE_1.y)
    assert all(line.unit == "Hz" and abs(line.difference) < 1 for line in compared)


def test_neurons_need_no_data_set(smoke):
    assert smoke.passport["data"]["source"] == "computed"
    with pytest.raises(ValueError, match="takes no data set"):
        experiments.configure(smoke.experiment, "smoke", "mnist")


def test_fits_that_were_kept_can_be_drawn_again():
    found = experiments.result(experiments.reproduce("working-range", scale="smoke"))
    for place, (current, rates) in enumerate(
        [(found.working_current, found.working_rate), (found.whole_current, found.whole_rate)]
    ):
        for level, rate in enumerate(rates):
            for at, family in enumerate(FAMILIES):
                off = found.fitted(place, level, family, current) - rate
                assert residual(off, rate) == pytest.approx(found.residual[place, level, at])


def made_up(reach_residual, best=(3.0, 3.0, 4.0, 15.0, 0.0)):
    numbers = np.array(reach_residual, dtype=float)
    levels = np.tile(np.array(best), (2, 1, 1))
    return working_range.Result(
        working_current=THIN,
        working_rate=np.ones((1, len(THIN))),
        whole_current=THIN,
        whole_rate=np.ones((1, len(THIN))),
        noise=np.zeros(1),
        parameters=np.ones((2, 1, 5, 3)),
        residual=levels,
        reach=np.arange(1.0, len(numbers) + 1),
        reach_residual=numbers,
        random_noise=np.zeros(1),
        random_residual=np.ones((2, 2, 1, 5)),
        data={},
    )


RECTIFIER, LOGISTIC = (3.0, 3.0, 4.0, 9.0, 0.0), (3.0, 3.0, 2.0, 9.0, 0.0)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([RECTIFIER, LOGISTIC, LOGISTIC], 2.0),
        ([LOGISTIC, RECTIFIER, LOGISTIC], 3.0),
        ([LOGISTIC, LOGISTIC], 1.0),
        ([LOGISTIC, RECTIFIER], np.inf),
    ],
)
def test_a_rectifier_is_overtaken_after_the_last_range_in_which_it_is_best(ends, expected):
    assert made_up(ends).overtaken() == expected


def test_of_equal_fits_the_one_with_fewer_parameters_is_best():
    assert made_up([RECTIFIER]).best(0) == "rectifier"
    assert made_up([RECTIFIER], best=(3.0, 2.0, 4.0, 15.0, 0.0)).best(0) == "softplus"


def test_shapes_are_those_of_the_contract():
    assert response_fits.FAMILIES == ("rectifier", "softplus", "logistic", "tanh", "rescaled LIF")
    at_one = {"a": 2.0, "b": 0.5, "k": 4.0}
    one = np.array([1.0])
    expected = (1.0, np.log1p(np.exp(2)) / 2, 2 / (1 + np.exp(-2)), 2 * np.tanh(2))
    for family, value in zip(FAMILIES, expected, strict=False):
        assert response(family, at_one | ({"k": 1.0} if family == "rectifier" else {}),
                        one)[0] == pytest.approx(value)  # fmt: skip
    lif = 2 / (7.5 * np.log((0.5 * 2 + 0.025) / (0.5 * 2)) + 1)
    assert response("rescaled LIF", at_one, one)[0] == pytest.approx(lif)
