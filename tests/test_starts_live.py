import numpy as np
import pytest

from relubook import experiments, figures
from relubook.experiments import starts_live, training_map


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("training-map", scale="smoke")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(starts_live, "CONFIG", training_map.configure("smoke"))


def test_a_live_cell_is_the_recorded_one(record):
    live = starts_live.train("tanh", "He", 0.1, depth=1)
    found = record.arrays["error"][1, 0, 1, 0]  # tanh, 1 layer, He, rate 0.1
    np.testing.assert_array_equal(live.error, found)


def test_networks_that_learn_and_others_that_diverge_are_told_apart(record):
    lives = [
        starts_live.train("tanh", "He", 1.0, depth=1),
        starts_live.train("rectifier", "Glorot x 8", 1.0, depth=5),
    ]
    errors = [100 * live.ended for live in lives]
    assert lives[0].learned == (errors[0] < 20)
    assert not lives[1].learned
    assert np.isnan(lives[1].error[-1]).all() or errors[1] > 50
    assert "do not learn" in starts_live.describe(lives)
    assert figures.png(starts_live.draw(lives, record)).startswith(b"\x89PNG")


def test_a_stopped_cell_keeps_what_was_done_and_has_not_learned():
    live = starts_live.train("tanh", "He", 0.1, depth=1, stop=lambda: True)
    assert live.error.shape == (1, 2)
    assert not live.learned


def test_names_never_cover_one_another(record):
    lives = [starts_live.train("logistic", start, 0.1) for start in ("torch's default", "He")]
    ax = starts_live.draw(lives, record).axes[0]
    heights = sorted(text.xy[1] for text in ax.texts)
    assert heights[1] - heights[0] >= 13


def test_an_unknown_start_is_a_sentence():
    with pytest.raises(ValueError, match=r"The `start` must be one of torch's default"):
        starts_live.train("tanh", "Xavier", 0.1)
