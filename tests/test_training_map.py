"""The training map: its networks are trained as all others are, and its numbers follow."""

import math

import numpy as np
import pytest

from relubook import datasets, experiments
from relubook.experiments import training_map, training_map_frames
from relubook.experiments import training_map_values as values
from relubook.experiments.quartet import UNITS
from relubook.experiments.training_map_courses import begin, follow
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

SMALL = {"activation": "tanh", "width": 12, "depth": 2, "start": "Glorot", "seeds": (3, 4)}


@pytest.fixture(scope="module")
def data():
    return datasets.load("mnist-5k").subset(train=96)


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("training-map", scale="smoke")


def test_training_step_by_step_is_training_epoch_by_epoch(data):
    hyper = grid(learning_rate=0.1, seed=SMALL["seeds"])
    course = follow(begin(data, **SMALL), data, hyper, (3, 6), batch_size=32)
    other = MLP((data.inputs, 12, 12, 10), seeds=SMALL["seeds"], activation="tanh")
    history = train(other, data, hyper, Schedule(epochs=2, batch_size=32, keep="last"))
    np.testing.assert_array_equal(course.error, history.validation_error)


def test_a_network_that_diverges_has_no_error_from_then_on_and_disturbs_no_other(data):
    kind = SMALL | {"activation": "rectifier", "depth": 5, "start": "Glorot x 8"}
    rates = (1e-12, 1.0)
    hyper = grid(learning_rate=rates, seed=3)
    both = follow(begin(data, **kind | {"seeds": (3, 3)}), data, hyper, (1, 3, 6), batch_size=32)
    alone = follow(
        begin(data, **kind | {"seeds": (3,)}), data, grid(learning_rate=rates[0], seed=3),
        (1, 3, 6), batch_size=32,
    )  # fmt: skip
    lost = np.isnan(both.error[:, 1])
    assert lost[-1]
    assert (lost[:-1] <= lost[1:]).all()
    assert np.isnan(both.dead[:, 1]).all()
    assert np.isfinite(both.error[:, 0]).all()
    np.testing.assert_allclose(both.error[:, :1], alone.error, atol=0.005)


def test_a_cell_trained_by_itself_is_the_records_cell(smoke):
    config = training_map.configure("smoke")
    cell = training_map_frames.train_cell(config, "tanh", 5, "He", 0.1, config.seeds)
    assert cell is not None
    recorded = smoke.arrays["error"][UNITS.index("tanh"), 1, 1, 0]
    np.testing.assert_allclose(np.array(cell["error"]).T, 100 * recorded, atol=1)


def test_a_stopped_cell_is_none():
    config = training_map.configure("smoke")
    never = training_map_frames.train_cell(config, "tanh", 1, "He", 0.1, (0,), stop=lambda: True)
    assert never is None


def test_an_unknown_start_is_answered_with_the_known_ones(data):
    with pytest.raises(ValueError, match=r"must be one of torch's default, Glorot, He, .*'Xavier'"):
        begin(data, **SMALL | {"start": "Xavier"})


def made_up(cells):
    """A record's arrays: 2 depths, 2 starts, 2 rates, 2 steps, 3 seeds, all at chance but these."""
    error = np.full((len(UNITS), 2, 2, 2, 2, 3), 0.9)
    for place, errors in cells.items():
        error[place] = errors
    return {
        "depth": np.array([1, 5]), "start": np.array([0, 4]), "step": np.array([10, 100]),
        "learning_rate": np.array([0.1, 1.0]), "error": error,
    }  # fmt: skip


def test_a_cell_learns_by_its_median_and_a_seed_by_itself():
    arrays = made_up({(3, 1, 1, 0, 1): (0.1, 0.15, 0.5), (3, 1, 0, 1, 1): (0.1, 0.3, math.nan)})
    errors = values.grid_of(arrays, "logistic", 5)
    assert values.cells_that_learn(errors) == 1
    np.testing.assert_array_equal(values.share_that_learns(errors), [0.5, 0.25, 0.0])
    assert errors[0, 1].tolist() == [0.1, 0.3, 1.0]


def test_the_best_cell_is_that_of_the_lowest_median():
    arrays = made_up({(3, 1, 1, 0, 1): (0.1, 0.15, 0.5), (3, 1, 0, 1, 1): (0.1, 0.3, 0.01)})
    best = values.best_cell(arrays, "logistic", 5)
    assert (best.start, best.learning_rate, best.median) == ("torch's default", 1.0, 0.1)
    other = values.best_cell(arrays, "logistic", 5, start="Glorot x 4")
    assert (other.start, other.learning_rate, other.median) == ("Glorot x 4", 0.1, 0.15)
    assert values.steps_to_learn(arrays, "logistic", 5) == 100
    assert values.steps_to_learn(arrays, "logistic", 1) == 0


def test_a_depth_that_was_not_recorded_is_refused():
    with pytest.raises(ValueError, match=r"must be one of 1, 5\. Got 7"):
        values.grid_of(made_up({}), "tanh", 7)


@pytest.mark.parametrize("name", ["map", "deep", "steps", "dead"])
def test_every_drawing_has_a_title_from_the_numbers_and_words(smoke, name):
    result, below = experiments.result(smoke), experiments.subtitle(smoke)
    fig = getattr(training_map, f"draw_{name}")(result, below)
    assert any(digit in fig.get_suptitle() for digit in "0123456789")
    assert all(ax.get_xlabel() for ax in fig.axes)
    assert getattr(training_map, f"describe_{name}")(result).endswith(".")
