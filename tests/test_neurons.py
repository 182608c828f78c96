"""Neurons: the formula against the paper, against spikes in time, and at its limits."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import integrate, optimize, special

from relubook import membranes, paper
from relubook.neurons import FIGURE_1, Neuron, firing_rate, simulate

GAP = FIGURE_1.threshold - FIGURE_1.reset
NEAR = np.array([-0.8, 0.0, 0.1, 0.1499, 0.1501, 0.2, 0.5, 1.0, 9.9]) * 1e-9
FIRING = NEAR[4:]


def changed(**parts):
    return dataclasses.replace(FIGURE_1, **parts)


@st.composite
def any_neurons(draw):
    """Far beyond physiology: rests above the threshold, resets above the rest, no silence."""
    threshold = draw(st.floats(-0.06, 0.03))
    return Neuron(
        membrane_time=draw(st.floats(1e-3, 0.2)),
        refractory_time=draw(st.sampled_from([0.0, 1e-4, 2e-3, 0.02])),
        resistance=10 ** draw(st.floats(5.0, 9.0)),
        rest=draw(st.floats(-0.09, 0.02)),
        reset=threshold - draw(st.floats(1e-3, 0.05)),
        threshold=threshold,
    )


# The paper


def test_the_formula_passes_within_a_hertz_of_the_nine_points_of_the_paper():
    current, rate = paper.FIGURE_1.array().T
    assert len(rate) == 9
    assert np.abs(firing_rate(FIGURE_1, current * 1e-9) - rate).max() < 1


def test_nine_points_fix_the_refractory_time_and_leave_the_membrane_time_open():
    """The free fit that the docstring of FIGURE_1 tells of."""

    def free(current, tau, gap, refractory, threshold):
        over = np.maximum(current - threshold, 1e-12)
        return 1e3 / (refractory + tau * np.log1p(gap / over))

    found, covariance = optimize.curve_fit(free, *paper.FIGURE_1.array().T, [30, 0.28, 4, 0.15])
    spread = np.sqrt(np.diag(covariance))
    assert [f"{one:.0f}" for one in (found[0], spread[0])] == ["28", "7"]
    assert [f"{one:.2f}" for one in (found[1], spread[1])] == ["0.30", "0.07"]
    assert [f"{one:.2f}" for one in (found[2], spread[2])] == ["3.99", "0.02"]
    assert [f"{one:.2f}" for one in (found[3], spread[3])] == ["0.15", "0.02"]
    assert covariance[0, 1] / (spread[0] * spread[1]) < -0.99


def test_the_neuron_of_figure_1_has_the_times_and_ratios_that_its_docstring_says():
    assert (FIGURE_1.membrane_time, FIGURE_1.refractory_time) == (30e-3, 4e-3)
    assert FIGURE_1.threshold_current == pytest.approx(0.150e-9)
    assert GAP / FIGURE_1.resistance == pytest.approx(0.276e-9, rel=2e-3)
    assert FIGURE_1.ceiling == 250


def test_only_the_two_times_and_two_ratios_matter():
    """Twice the voltages from another zero, twice the resistance: the same curve."""
    other = changed(
        resistance=2 * FIGURE_1.resistance,
        rest=0.1 + 2 * FIGURE_1.rest,
        reset=0.1 + 2 * FIGURE_1.reset,
        threshold=0.1 + 2 * FIGURE_1.threshold,
    )
    np.testing.assert_allclose(firing_rate(other, FIRING), firing_rate(FIGURE_1, FIRING))
    noisy = firing_rate(other, NEAR, 6e-3)
    np.testing.assert_allclose(noisy, firing_rate(FIGURE_1, NEAR, 3e-3))


# The formula at its limits


def test_a_neuron_is_silent_up_to_its_threshold_current():
    below = FIGURE_1.threshold_current * np.array([-1e12, -5.0, 0.0, 0.5, 1 - 1e-9])
    assert (firing_rate(FIGURE_1, below) == 0).all()
    assert firing_rate(FIGURE_1, FIGURE_1.threshold_current * (1 + 1e-9)) > 0


def test_no_current_exceeds_the_ceiling_and_huge_currents_reach_it():
    rate = firing_rate(FIGURE_1, 10.0 ** np.arange(-10, 280, 10))
    assert (np.diff(rate) >= 0).all()
    assert rate[-1] == 250


def test_without_a_refractory_time_large_currents_give_a_line():
    """Its slope is R / (tau (threshold - reset)): a rectifier far from its threshold."""
    current = np.array([1.0, 2.0])
    rate = firing_rate(changed(refractory_time=0.0), current)
    slope = FIGURE_1.resistance / (FIGURE_1.membrane_time * GAP)
    assert np.diff(rate)[0] == pytest.approx(slope, rel=1e-6)
    assert changed(refractory_time=0.0).ceiling == math.inf


def test_a_threshold_below_the_rest_fires_without_input():
    neuron = changed(threshold=FIGURE_1.rest - 2e-3)
    assert neuron.threshold_current < 0
    assert firing_rate(neuron, 0.0) > 0
    assert simulate(neuron, 0.0, 0.5).rate() == pytest.approx(float(firing_rate(neuron, 0.0)))


def test_rates_have_the_shape_of_the_currents():
    for shape in ((), (0,), (3,), (2, 3), (2, 0, 4)):
        current = np.full(shape, 1e-9)
        for noise in (0.0, 1e-3):
            assert firing_rate(FIGURE_1, current, noise).shape == shape
            assert simulate(FIGURE_1, current, 0.01, noise=noise).rate().shape == shape


# Noise


def plain_integral(neuron, current, noise):
    """Siegert's formula as it stands, by an adaptive rule; where nothing overflows."""
    settled = neuron.rest + neuron.resistance * current
    low, high = (
        (voltage - settled) / (math.sqrt(2) * noise) for voltage in (neuron.reset, neuron.threshold)
    )
    time, _ = integrate.quad(lambda u: special.erfcx(-u), low, high, epsabs=0, epsrel=1e-11)
    period = neuron.refractory_time + neuron.membrane_time * math.sqrt(math.pi) * time
    return 1 / period


@pytest.mark.parametrize("noise", [0.5e-3, 1e-3, 2e-3, 5e-3, 20e-3, 1.0])
@pytest.mark.parametrize("current", [-0.3e-9, 0.0, 0.1e-9, 0.15e-9, 0.2e-9, 0.5e-9, 3e-9, 0.1e-6])
def test_noise_is_integrated_as_siegert_says(current, noise):
    expected = plain_integral(FIGURE_1, current, noise)
    assert firing_rate(FIGURE_1, current, noise) == pytest.approx(expected, rel=1e-9, abs=1e-290)


def test_vanishing_noise_gives_the_formula_without():
    for noise in (1e-9, 1e-30, 1e-300, 5e-324):
        rate = firing_rate(FIGURE_1, NEAR, noise)
        np.testing.assert_allclose(rate, firing_rate(FIGURE_1, NEAR), rtol=1e-6)


def test_noise_lets_a_neuron_fire_below_its_threshold_current_the_more_the_stronger():
    rates = [float(firing_rate(FIGURE_1, 0.1e-9, noise)) for noise in (1e-3, 2e-3, 4e-3, 8e-3)]
    assert 0 < rates[0] < rates[1] < rates[2] < rates[3]


@pytest.mark.parametrize(("noise", "current"), [(2e-3, 0.2e-9), (5e-3, 0.1e-9), (5e-3, 1e-9)])
def test_long_simulations_with_noise_fire_at_the_rate_that_is_integrated(noise, current):
    """100 neurons of 4 s: the mean is known to a percent or less, over some 3,000 spikes."""
    found = simulate(FIGURE_1, np.full(100, current), 4.0, 2e-4, noise, seed=1).rate()
    expected = float(firing_rate(FIGURE_1, current, noise))
    error = found.std(ddof=1) / math.sqrt(len(found))
    assert error < 0.012 * expected
    assert abs(found.mean() - expected) < 3 * error + 0.005 * expected  # half a percent for steps


@settings(deadline=None)
@given(
    neuron=any_neurons(),
    current=st.floats(-1e280, 1e280) | st.floats(-1e-8, 1e-8),
    noise=st.just(0.0) | st.floats(0, 1e300) | st.floats(1e-6, 1.0),
)
@example(neuron=FIGURE_1, current=-1e-9, noise=1e-3)
@example(neuron=FIGURE_1, current=0.15e-9, noise=5e-324)
@example(neuron=FIGURE_1, current=-1e280, noise=1e-3)
@example(neuron=FIGURE_1, current=1e280, noise=1e300)
def test_absurd_numbers_give_a_rate_or_a_sentence(neuron, current, noise):
    try:
        rate = float(firing_rate(neuron, current, noise))
    except ValueError as error:
        assert "too large" in str(error)  # noqa: PT017
    else:
        assert 0 <= rate <= neuron.ceiling * (1 + 1e-12)


@settings(deadline=None)
@given(neuron=any_neurons(), noise=st.floats(1e-5, 0.05), seed=st.integers(0, 99))
def test_more_current_never_lowers_the_rate(neuron, noise, seed):
    scale = (neuron.threshold - neuron.reset) / neuron.resistance
    current = neuron.threshold_current + scale * np.sort(
        np.random.default_rng(seed).normal(0, 5, 50)
    )
    for rate in (firing_rate(neuron, current), firing_rate(neuron, current, noise)):
        assert (np.diff(rate) >= -1e-12 * rate[1:]).all()


# Spikes in time


@settings(deadline=None, max_examples=60)
@given(
    neuron=any_neurons(),
    # Not 0: at the threshold current itself rounding decides whether the neuron ever fires.
    over=st.lists(st.floats(-3, 3).filter(bool), min_size=1, max_size=5),
    steps=st.floats(0.05, 3),  # in membrane times
)
def test_spikes_in_time_fire_at_the_rate_of_the_formula(neuron, over, steps):
    gap = (neuron.threshold - neuron.reset) / neuron.resistance
    current = neuron.threshold_current + gap * np.sign(over) * 10.0 ** np.array(over)
    expected = firing_rate(neuron, current)
    for one, rate in zip(current, expected, strict=True):
        if rate == 0:
            trace = simulate(neuron, one, 100 * steps * neuron.membrane_time,
                             steps * neuron.membrane_time)  # fmt: skip
            assert len(trace.spikes[0]) == 0
        else:
            duration = 8 / float(rate) + 5 * neuron.membrane_time
            step = max(steps * neuron.membrane_time, duration / 5000)
            found = simulate(neuron, one, duration, step).rate()
            assert found == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize(
    ("duration", "step", "samples"),
    [
        (0.1, 0.03, 5),
        (1e-3, 1.0, 2),
        (0.1, 0.1, 2),
        (0.1, 1e-4, 1001),
        (0.3, 0.1, 4),
        (1.0, 0.7, 3),
    ],
)
def test_a_trace_ends_at_its_duration_in_equal_steps_of_at_most_the_one_asked_for(
    duration, step, samples
):
    trace = simulate(FIGURE_1, 0.5e-9, duration, step)
    assert len(trace.time) == samples
    assert trace.time[-1] == pytest.approx(duration, rel=1e-9)
    assert np.diff(trace.time) == pytest.approx(duration / (samples - 1))
    assert np.diff(trace.time).max() <= step * (1 + 1e-9)
    assert all(one <= duration for one in trace.spikes[0])


def test_a_whole_number_of_steps_is_not_rounded_to_other_ones():
    for steps in (1, 7, 997, 10_000):
        assert membranes.equal_steps(steps * 1.3e-3, 1.3e-3, 1) == (steps, 1.3e-3)


def test_spikes_do_not_depend_on_the_step():
    fine, coarse = (simulate(FIGURE_1, NEAR, 1.0, step) for step in (1e-4, 5e-3))
    for first, second in zip(fine.spikes, coarse.spikes, strict=True):
        np.testing.assert_allclose(first, second, rtol=0, atol=1e-9)


def test_currents_together_do_what_they_do_alone():
    together = simulate(FIGURE_1, NEAR.reshape(3, 3), 0.3)
    assert together.voltage.shape == (3, 3, len(together.time))
    for place, current in enumerate(NEAR):
        alone = simulate(FIGURE_1, current, 0.3)
        np.testing.assert_array_equal(alone.spikes[0], together.spikes[place])
        np.testing.assert_array_equal(alone.voltage, together.voltage.reshape(9, -1)[place])


def test_a_trace_begins_at_rest_rests_after_a_spike_and_never_passes_the_threshold():
    trace = simulate(FIGURE_1, 1e-9, 0.1, 1e-4)
    assert trace.time[-1] == pytest.approx(0.1)
    assert trace.voltage[0] == FIGURE_1.rest
    assert trace.voltage.max() < FIGURE_1.threshold
    first = trace.spikes[0][0]
    silent = (trace.time > first + 1e-6) & (trace.time < first + FIGURE_1.refractory_time - 1e-6)
    assert (trace.voltage[silent] == FIGURE_1.reset).all()
    assert silent.sum() >= 38


def test_without_spikes_the_voltage_follows_the_exponential():
    trace = simulate(FIGURE_1, 0.1e-9, 0.2, 7e-3)
    settled = FIGURE_1.rest + FIGURE_1.resistance * 0.1e-9
    expected = settled + (FIGURE_1.rest - settled) * np.exp(-trace.time / 30e-3)
    np.testing.assert_allclose(trace.voltage, expected, rtol=1e-12)


def test_without_a_threshold_in_reach_noise_has_the_standard_deviation_asked_for():
    far = changed(threshold=1.0)
    voltage = simulate(far, np.zeros(200), 1.0, 1e-3, noise=3e-3, seed=2).voltage[:, 300:]
    assert voltage.std() == pytest.approx(3e-3, rel=0.03)
    assert voltage.mean() == pytest.approx(far.rest, abs=0.2e-3)


def test_a_seed_repeats_its_noise_and_leaves_the_global_random_state_alone():
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    first, again, other = (
        simulate(FIGURE_1, 0.3e-9, 0.2, noise=2e-3, seed=seed).voltage for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


def test_fewer_than_two_spikes_have_no_interval_and_no_rate():
    trace = simulate(FIGURE_1, np.array([0.0, 0.2e-9]), 0.1)
    assert [len(times) for times in trace.spikes] == [0, 1]
    assert trace.rate().tolist() == [0, 0]
