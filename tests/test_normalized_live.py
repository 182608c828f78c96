import itertools

import numpy as np
import pytest

from relubook import experiments, figures
from relubook.experiments import normalized_live, normalized_starts
from relubook.experiments.sweep import open_data


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("normalized-starts", scale="smoke")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(normalized_live, "CONFIG", normalized_starts.configure("smoke"))


def live_of(errors, *, kind="plain", start="He"):
    error = np.array(errors)
    return normalized_live.Live(kind=kind, start=start, learning_rate=0.1, error=error)


@pytest.mark.parametrize("kind", ["plain", "normalized"])
def test_a_live_cell_is_the_recorded_one(record, kind):
    live = normalized_live.train(kind, "He", 1.0)
    found = record.arrays["error"][["plain", "normalized"].index(kind), 1, 1]
    np.testing.assert_array_equal(live.error, found.T)


def test_stopped_networks_keep_what_was_done(record):
    live = normalized_live.train("normalized", "He", 1.0, stop=lambda: True)
    np.testing.assert_array_equal(live.error, record.arrays["error"][1, 1, 1, :, :1].T)
    assert not live.finished
    assert not live.learned
    assert title(normalized_live.draw([live], record)).startswith("Live, stopped early: from He")


def test_asking_whether_to_stop_changes_nothing():
    config = normalized_starts.configure("smoke")
    data, _ = open_data(config.data, config.train_examples)
    asked = []
    never = normalized_starts.cells(config, data, "plain", "He", stop=lambda: bool(asked.append(1)))
    plain = normalized_starts.cells(config, data, "plain", "He")
    assert len(asked) == config.epochs
    for name, values in plain.items():
        np.testing.assert_array_equal(never[name], values)


def title(figure):
    return figure.get_suptitle()


def test_the_title_counts_the_networks_that_learn(record):
    lives = [
        live_of([[0.5, 0.9], [0.1, np.nan]]),
        live_of([[0.5, 0.9], [0.1, 0.19]], kind="normalized"),
    ]
    figure = normalized_live.draw(lives, record)
    assert title(figure) == (
        "Live: from He at rate 0.1,\n1 of 2 plain and 2 of 2 normalized networks learn"
    )
    assert figures.png(figure).startswith(b"\x89PNG")
    assert normalized_live.describe(lives[:1]) == (
        "Below 20 % validation error: 1 of 2 plain networks from He at rate 0.1 after epoch 2 "
        "(median 55 %)."
    )


def test_a_start_that_was_not_recorded_has_no_band(record):
    bands = [
        len(
            normalized_live.draw([live_of([[0.9], [0.8]], start=start)], record).axes[0].collections
        )
        for start in ("He", "Glorot x 8")
    ]
    assert bands[0] == bands[1] + 1


def test_names_never_cover_one_another_and_stay_in_the_picture(record):
    lives = [live_of([[error], [error]]) for error in (1.0, 0.1, np.nan, 0.9, 0.05, 0.9)]
    figure = normalized_live.draw(lives, record)
    figure.canvas.draw()
    ax = figure.axes[0]
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert len(boxes) == 6
    assert all(low.y1 <= high.y0 for low, high in itertools.pairwise(boxes))
    assert boxes[0].y0 >= ax.bbox.y0 - 1
    assert boxes[-1].y1 <= ax.bbox.y1 + 1
    assert all(box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.parametrize(
    ("kind", "start", "rate", "message"),
    [
        ("dropout", "He", 0.1, r"The `kind` must be one of plain, normalized\. Got 'dropout'\."),
        ("plain", "Xavier", 0.1, r"The `start` must be one of torch's default"),
        ("plain", "He", -0.1, r"The `learning_rate` must be above 0 and finite\. Got -0\.1\."),
        ("plain", "He", float("nan"), r"The `learning_rate` must be above 0 and finite\. Got nan"),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(kind, start, rate, message):
    with pytest.raises(ValueError, match=message):
        normalized_live.train(kind, start, rate)
