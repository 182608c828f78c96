from dataclasses import replace

import numpy as np
import pytest

from relubook import paper
from relubook.experiments import figure_3, figure_3_quick, settling
from relubook.experiments.pilot import Pilot, choose_rate, run_pilot
from relubook.experiments.sweep import Resources
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


def test_larger_batches_get_a_larger_rate_from_the_same_pilot():
    exact, pilot = choose_rate(replace(CONFIG, batch_size=10), blobs(), Resources())
    quick, again = choose_rate(replace(CONFIG, batch_size=50), blobs(), Resources())
    assert pilot is not None
    assert again is not None
    np.testing.assert_array_equal(again.validation_error, pilot.validation_error)
    assert exact == pilot.chosen
    assert exact in [rate.value for rate in paper.LEARNING_RATES]
    assert quick == pytest.approx(5 * exact)


def test_a_pilot_trains_every_rate_with_every_strength_and_marks_what_diverged():
    data = blobs()
    found = run_pilot(CONFIG, replace_x(data, 1e30), Resources())
    assert found.validation_error.shape == (4, len(CONFIG.l1))
    assert (found.validation_error[0] == 1).all()
    found = run_pilot(CONFIG, data, Resources())
    assert np.isfinite(found.validation_error).all()
    assert (found.validation_error < 1).all()


def replace_x(data, factor):
    """The same data set with inputs so large that the first step goes astray."""
    return replace(data, train=replace(data.train, x=data.train.x * factor), sha256="large")


def test_a_pilot_is_made_whole_on_every_machine():
    resources = Resources(limits=Limits(only=range(1)))
    assert run_pilot(CONFIG, blobs(), resources).validation_error.shape == (4, len(CONFIG.l1))


def test_a_given_rate_needs_no_pilot():
    assert choose_rate(replace(CONFIG, learning_rate=0.3), blobs(), Resources()) == (0.3, None)


@pytest.mark.parametrize("scale", ["laptop", "paper"])
def test_the_long_runs_are_of_figure_3s_strengths_and_its_seeds(scale):
    figure, long = figure_3.configure(scale), settling.configure(scale)
    assert set(long.l1) <= set(figure.l1)
    assert len(set(long.l1) & set(figure.l1)) == 4
    assert len(set(long.seeds) & set(figure.seeds)) >= 4
    assert replace(long, l1=figure.l1, seeds=figure.seeds, epochs=figure.epochs) == figure


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


def test_a_figure_without_a_network_that_works_says_so():
    result = figure_3.Result(
        l1=np.zeros(2), seed=np.arange(2), zeros=np.ones(2), zeros_by_layer=np.ones((2, 3)),
        dead_by_layer=np.ones((2, 3)), test_error=np.full(2, 0.9),
        test_error_by_epoch=np.full((4, 2), 0.9), zeros_by_epoch=np.ones((4, 2)),
        best_epoch=np.zeros(2, int), diverged=np.full(2, -1), data={},
    )  # fmt: skip
    assert figure_3.describe(result).startswith("None of the 2 networks works")
    assert figure_3.compare(result) == []
    assert figure_3.draw(result).axes[0].get_xlabel()
