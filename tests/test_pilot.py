from dataclasses import replace

import numpy as np
import pytest

from relubook import paper
from relubook.experiments import figure_3, figure_3_quick, settling
from relubook.experiments.pilot import Pilot, choose_rate, run_pilot, tried_rates
from relubook.experiments.sweep import Means
from relubook.fleets import Limits
from support import blobs

CONFIG = replace(figure_3.configure("smoke"), width=5, epochs=2)


def pilot(*errors: list[float]) -> Pilot:
    return Pilot(
        rates=np.array([0.1, 0.01, 0.001][: len(errors)]),
        l1=np.arange(float(len(errors[0]))),
        validation_error=np.array(errors),
    )


def test_the_rate_with_the_lowest_median_error_is_chosen():
    assert pilot([0.1, 0.2, 0.9], [0.3, 0.1, 0.1], [0.5, 0.5, 0.0]).chosen == 0.01


def test_one_network_that_stopped_working_does_not_decide():
    assert pilot([0.1, 0.1, 1.0], [0.2, 0.2, 0.2]).chosen == 0.1


def test_of_equal_rates_the_smaller_one_is_chosen():
    assert pilot([0.2, 0.2], [0.2, 0.2], [0.3, 0.3]).chosen == 0.01


def test_a_pilot_tries_the_papers_rates_at_the_papers_batch_size():
    assert tried_rates(10) == tuple(rate.value for rate in paper.LEARNING_RATES)
    assert tried_rates(50) == pytest.approx([0.5, 0.05, 0.005, 0.0005])


def test_a_pilot_trains_every_rate_with_every_strength_and_marks_what_diverged():
    wild = replace(CONFIG, batch_size=120)  # rates up to 1.2
    data = blobs()
    found = run_pilot(wild, replace_x(data, 1e30), Means())
    assert found.validation_error.shape == (4, len(CONFIG.l1))
    assert (found.validation_error[0] == 1).all()
    found = run_pilot(wild, data, Means())
    assert np.isfinite(found.validation_error).all()
    assert found.chosen in tried_rates(120)


def replace_x(data, factor):
    """The same data set with inputs so large that the first step goes astray."""
    return replace(data, train=replace(data.train, x=data.train.x * factor), sha256="large")


def test_a_pilot_is_made_whole_on_every_machine():
    means = Means(limits=Limits(only=range(1)))
    assert run_pilot(CONFIG, blobs(), means).validation_error.shape == (4, len(CONFIG.l1))


def test_a_given_rate_needs_no_pilot():
    assert choose_rate(replace(CONFIG, learning_rate=0.3), blobs(), Means()) == (0.3, None)


@pytest.mark.parametrize("scale", ["laptop", "paper"])
def test_the_quick_variant_differs_in_batch_and_rate_only(scale):
    exact, quick = figure_3.configure(scale), figure_3_quick.configure(scale)
    assert quick.batch_size == 5 * exact.batch_size
    if exact.learning_rate is not None:
        assert quick.learning_rate == pytest.approx(5 * exact.learning_rate)
    same = replace(quick, batch_size=exact.batch_size, learning_rate=exact.learning_rate)
    assert same == exact


def test_the_papers_figure_has_two_hundred_networks_up_to_the_papers_strength():
    config = figure_3.configure("paper")
    assert len(config.l1) * len(config.seeds) == paper.PROTOCOL["figure_3_networks"].value
    assert (config.l1[0], config.l1[-1]) == (0, paper.PROTOCOL["figure_3_l1_high"].value)
    assert config.learning_rate is None


def test_drift_is_the_change_in_the_last_tenth_of_the_epochs():
    zeros = np.linspace(0.5, 0.7, 21)[:, None, None] + np.zeros((21, 2, 3))
    result = settling.Result(
        l1=np.zeros(3), seed=np.arange(3), zeros=zeros, test_error=zeros[:, 0],
        validation_error=zeros[:, 0], learning_rate=np.array(0.1), diverged=np.full(3, -1), data={},
    )  # fmt: skip
    np.testing.assert_allclose(settling.drift(result), 2.0)
