"""A live cell: small networks with and without pretraining, their words and their picture."""

import numpy as np
import pytest

from relubook import experiments, figures
from relubook.experiments import pretraining_live
from relubook.experiments.pretraining_live import Live


@pytest.fixture
def small(monkeypatch):
    for name, value in {
        "HIDDEN": (8, 6),
        "_RESTORE_EPOCHS": 1,
        "_STEPS": 2,
        "_EPOCHS": (1, 3),
        "_RATES": (0.1,),
    }.items():
        monkeypatch.setattr(pretraining_live, name, value)


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("figure-4", scale="smoke")


def live_of(without, with_it, labels=100):
    error = np.array([without, with_it]) / 100
    layers = np.zeros((3, error.shape[1]))
    return Live(labels=labels, error=error, dead=layers, restored=layers)


def test_networks_are_trained_with_progress_to_the_end(small):
    calls = []
    live = pretraining_live.live(
        20, (7, 8), progress=lambda done, total, text: calls.append((done, total))
    )
    assert live.finished
    assert live.error.shape == (2, 2)
    assert calls[-1][0] == calls[-1][1]
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    again = pretraining_live.live(20, (7, 8))
    np.testing.assert_array_equal(again.error, live.error)


def test_a_seed_alone_is_what_it_is_among_others(small):
    both, alone = (pretraining_live.live(20, seeds) for seeds in ((7, 8), (8,)))
    np.testing.assert_array_equal(both.error[:, 1:], alone.error)


def test_a_rate_of_restoring_that_is_too_large_kills_units(small, monkeypatch):
    monkeypatch.setattr(pretraining_live, "_RESTORE_EPOCHS", 2)
    gentle, harsh = (pretraining_live.live(20, (7, 8), restore_rate=rate) for rate in (0.01, 0.5))
    assert gentle.dead.shape == (2, 2)
    assert (harsh.dead[0] > gentle.dead[0]).all()
    assert (harsh.dead[0] > 0.5).all()
    assert (harsh.restored[0] > gentle.restored[0]).all()


@pytest.mark.parametrize("passes", [0, 5])
def test_stopped_networks_keep_what_was_done(small, passes):
    asked = []

    def stop():
        asked.append(None)
        return len(asked) > passes

    live = pretraining_live.live(20, (7, 8), stop=stop)
    assert not live.finished
    assert len(asked) == passes + 1
    assert "stopped" in pretraining_live.draw([live]).get_suptitle()
    assert repr(live)


def test_it_says_the_numbers_and_judges_nothing():
    live = live_of((25, 26, 24, 25, 26), (20, 21, 19, 20, 27))
    assert repr(live) == (
        "100 labels: test error 25.2 % without pretraining, 21.4 % with it.\n"
        "Saved, seed by seed: 5.0, 5.0, 5.0, 5.0, -1.0 points; mean 3.8, 95 % t interval 0.5 to "
        "7.1. So few seeds (5 seeds) show a tendency at most."
    )
    lost = live_of((25, np.nan), (20, 21))
    assert repr(lost).endswith(
        "5.0 points; mean 5.0. So few seeds (1 seed) show a tendency at most."
    )


def test_seeds_are_those_of_no_trial():
    tried_or_recorded = {*range(15), *range(40, 52), *range(200, 205)}
    assert len(pretraining_live.SEEDS) == 5
    assert not tried_or_recorded & set(pretraining_live.SEEDS)


def test_words_and_picture_are_those_of_the_numbers(record):
    lives = [
        live_of((25, 26, 24), (20, 21, 25)),
        live_of((8, 9, 7), (9, 9, np.nan), labels=1000),
    ]
    assert pretraining_live.describe(lives) == (
        "Saved by pretraining: 3.0 points with 100 labels (2 of 3 networks); -0.5 points with "
        "1,000 labels (0 of 2 networks)."
    )
    figure = pretraining_live.draw(lives, record)
    assert figure.get_suptitle() == (
        "Live, stopped early: pretraining saves 3.0 points with 100 labels,\n"
        "\N{MINUS SIGN}0.5 points with 1,000 labels"
    )
    assert figures.png(figure).startswith(b"\x89PNG")
    bands = [len(pretraining_live.draw(lives, one).axes[0].collections) for one in (None, record)]
    assert bands[1] > bands[0]


@pytest.mark.parametrize(
    ("labels", "seeds", "message"),
    [
        (9, (1,), r"The `labels` must be between 10, one for each class, and 3,000.*Got 9\."),
        (3001, (1,), r"Got 3001\."),
        (100, (), r"The `seeds` must be at least one\. Got none\."),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(labels, seeds, message):
    with pytest.raises(ValueError, match=message):
        pretraining_live.live(labels, seeds)
