"""A live cell: Table 2 with small networks, its words and its picture."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from relubook import datasets, experiments, figures
from relubook.experiments import table_2_quick, text_live
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import CELLS, errors
from relubook.experiments.text_live import Live

TANH = ("tanh, 3 layers",)


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(text_live, "SCALE", "smoke")


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("table-2-quick", scale="smoke")


def live_of(without, with_it, labels=200, **changed):
    cells = tuple(cell for cell in CELLS if cell[0] in TANH)
    error = np.array([without, with_it], dtype=float)
    fields = {"shuffled": False, "cells": cells, "finished": True} | changed
    return Live(labels=labels, error=error, **fields)


def test_live_networks_are_those_of_the_experiment(small):
    """Trained one cell at a time, so that it can be stopped, but as the record's."""
    config = replace(table_2_quick.configure("smoke"), seeds=(7, 8), labeled=60)
    data = datasets.load(config.data, terms=table_2_quick.TERMS)
    expected = trained(config, opened(config, data).dense()).arrays()
    calls = []
    live = text_live.live(
        60, (7, 8), progress=lambda done, total, text: calls.append((done, total))
    )
    assert live.finished
    assert live.cells == CELLS
    for cell in CELLS:
        np.testing.assert_array_equal(live.of(*cell), errors(expected, *cell))
    assert calls[-1][0] == calls[-1][1]
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)


def test_some_networks_alone_are_what_they_are_among_all_and_twice(small):
    every, some, again = (
        text_live.live(60, (7, 8), **chosen)
        for chosen in ({}, {"networks": TANH}, {"networks": TANH})
    )
    assert some.cells == CELLS[-2:]
    np.testing.assert_array_equal(some.error, every.error[-2:])
    np.testing.assert_array_equal(some.error, again.error)


def test_a_seed_alone_is_what_it_is_among_others(small):
    both, alone = (text_live.live(60, seeds, networks=TANH) for seeds in ((7, 8), (7,)))
    np.testing.assert_allclose(alone.error[:, 0], both.error[:, 0], rtol=0.02)


@pytest.mark.parametrize("passes", [0, 5, 20])
def test_stopped_networks_keep_what_was_done(small, passes):
    whole, asked = text_live.live(60, (7, 8)), []

    def stop():
        asked.append(None)
        return len(asked) > passes

    live = text_live.live(60, (7, 8), stop=stop)
    assert not live.finished
    assert len(asked) == passes + 1
    kept = np.isfinite(live.error)
    assert kept.any() == (passes > 0)
    np.testing.assert_array_equal(live.error[kept], whole.error[kept])
    assert "stopped" in text_live.draw(live).get_suptitle()
    assert "not finished" in repr(live)


def test_shuffled_words_are_as_frequent_and_go_with_others(small):
    config = table_2_quick.configure("smoke")
    pool = opened(config, datasets.load("reviews", terms=table_2_quick.TERMS)).dense().pool
    mixed = text_live.words_shuffled(pool)
    for name in ("train", "validation"):
        before, after = (getattr(each, name).x for each in (pool, mixed))
        assert torch.equal(before.sum(0), after.sum(0))
        assert not torch.equal(before, after)
    lengths = [each.train.x.sum(1).var().item() for each in (pool, mixed)]
    assert lengths[0] != lengths[1]
    again = text_live.words_shuffled(pool)
    assert torch.equal(again.train.x, mixed.train.x)


def test_shuffling_leaves_networks_without_pretraining_as_they_are(small):
    plain, mixed = (
        text_live.live(60, (7, 8), networks=TANH, shuffled=shuffled) for shuffled in (False, True)
    )
    np.testing.assert_array_equal(plain.error[0], mixed.error[0])
    assert (plain.error[1] != mixed.error[1]).all()


def test_it_says_the_numbers_and_judges_nothing():
    live = live_of((1.1, 1.2, 1.15), (1.0, 1.05, 1.1))
    assert repr(live) == (
        "200 labels: error of the expected stars, mean of 3 seeds\n"
        "  tanh, 3 layers: 1.15 stars, pretrained 1.05 stars, saved 0.10 (95 % t interval -0.02 to "
        "0.22)\n"
        "So few seeds show a tendency at most."
    )
    lost = live_of((1.1, np.nan), (1.0, 1.3))
    assert lost.saved(TANH[0]) == pytest.approx(0.1)
    assert "interval" not in repr(lost)
    shuffled = live_of((1.1, 1.2), (np.nan, np.nan), shuffled=True, finished=False)
    assert "words shuffled, stopped early" in repr(shuffled)
    assert "pretrained not finished" in repr(shuffled)


def test_a_network_that_was_not_trained_has_no_errors():
    live = live_of((1.1, 1.2), (1.0, 1.1))
    assert live.of("no hidden layer", "none").size == 0
    assert live.saved("rectifier, 1 layer").size == 0


def test_seeds_are_those_of_no_trial_and_of_no_record():
    recorded = {seed for s in ("laptop", "paper") for seed in table_2_quick.configure(s).seeds}
    assert len(text_live.SEEDS) == 5
    assert not ({*range(100, 120)} | recorded) & set(text_live.SEEDS)


def test_the_words_of_the_picture_do_not_depend_on_what_was_just_trained(record):
    lives = [live_of((1.1, 1.2), (1.0, 1.1)), live_of((1.4, np.nan), (1.2, 1.5))]
    for one in (None, record):
        texts = {text_live.describe(live, one) for live in lives}
        assert len(texts) == 1
    assert "Recorded means, in stars: tanh, 3 layers " in texts.pop()


def test_the_picture_shows_live_networks_over_recorded_ones(record):
    live = live_of((1.1, 1.2), (1.0, np.nan))
    figure = text_live.draw(live, record)
    (ax,) = figure.axes
    diamonds = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "D"]
    assert diamonds == [[1.1, 1.2], [1.0]]
    bars = [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "|"]
    assert bars == [errors(record.arrays, *cell).tolist() for cell in live.cells]
    assert len(ax.patches) == 2
    assert not text_live.draw(live).axes[0].patches
    assert "tanh 1.15 stars, pretrained 1.00" in figure.get_suptitle()
    assert figures.png(figure).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("labels", "seeds", "networks", "message"),
    [
        (49, (1,), TANH, r"The `labels` must be between 50 and 12,000.*Got 49\."),
        (12_001, (1,), TANH, r"Got 12001\."),
        (60, (), TANH, r"The `seeds` must be at least one and at most 2.*Got 0\."),
        (60, (1, 2, 3), TANH, r"Got 3\."),
        (60, (1,), (), r"The `networks` must be some of .*Got \[\]\."),
        (60, (1,), ("tanh",), r"Got \['tanh'\]\."),
    ],
)
def test_what_cannot_be_trained_is_a_sentence(small, labels, seeds, networks, message):
    with pytest.raises(ValueError, match=message):
        text_live.live(labels, seeds, networks=networks)
