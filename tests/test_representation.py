"""Representation: the same reviews in every form, and what is read from the result."""

import dataclasses

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from relubook import datasets, experiments
from relubook.datasets import Split, rows
from relubook.datasets.texts.review_order import row_keys
from relubook.experiments import representation
from relubook.experiments.representation import prepared
from relubook.experiments.representation_values import NETWORKS, REPRESENTATIONS, errors

SEEDS = 2


class Cut(Exception):
    """The moment at which a run is cut off."""


@pytest.fixture(scope="module")
def config():
    return experiments.configure("representation", "smoke")


@pytest.fixture(scope="module")
def loaded(config):
    return datasets.load(config.data, terms=config.terms[-1], counts=True)


@pytest.fixture(scope="module")
def reviews(config, loaded):
    return prepared(loaded, config)


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("representation", scale="smoke")


@pytest.fixture(scope="module")
def whole(record):
    return experiments.result(record)


def test_no_test_review_is_among_those_with_labels(reviews):
    data = reviews.counts
    keys = [set(row_keys(split.x)) for split in (data.train, data.validation, data.test)]
    assert not keys[0] & keys[1]
    assert not (keys[0] | keys[1]) & keys[2]


def test_every_form_holds_the_same_reviews(reviews, config):
    wide = reviews.given("counts", config.terms[-1]).train.x.to_dense()
    for terms in config.terms:
        forms = {name: reviews.given(name, terms) for name in REPRESENTATIONS}
        for data in forms.values():
            assert data.inputs == len(data.vocabulary) == terms
            assert torch.equal(data.train.y, reviews.counts.train.y)
            assert torch.equal(data.test.y, reviews.counts.test.y)
        binary, counts, logs = (forms[name].train.x.to_dense() for name in REPRESENTATIONS)
        assert torch.equal(counts, wide[:, :terms])
        assert torch.equal(binary, (counts > 0).float())
        assert_close(logs, counts.log1p())
        assert len({data.sha256 for data in forms.values()}) == len(forms)


def test_counts_say_more_than_that_a_term_occurs(reviews, config):
    assert rows.stored(reviews.given("counts", config.terms[-1]).train.x)[-1].max() > 1


def test_no_more_reviews_are_taken_than_asked_for(reviews, config, whole):
    data = reviews.counts
    asked = [config.labeled - config.validated, config.validated, config.tested]
    assert [len(split) for split in (data.train, data.validation, data.test)] == asked
    assert whole.counts.tolist() == asked


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"terms": ()}, "must rise from at least 1"),
        ({"terms": (400, 100)}, "must rise from at least 1"),
        ({"terms": (100, 100)}, "must rise from at least 1"),
        ({"terms": (0, 100)}, "must rise from at least 1"),
        ({"representations": ("binary", "tf-idf")}, "some of binary, counts, log counts. Got"),
        ({"representations": ()}, "Got none"),
        ({"learning_rates": ((0.1,), (0.1,))}, "some for each of 3 networks"),
        ({"learning_rates": ((0.1,), (), (0.1,))}, "some for each of 3 networks"),
        ({"validated": 150}, "fewer than those `labeled`. Got 150 of 150"),
        ({"validated": 0}, "at least 1 and fewer"),
    ],
)
def test_settings_that_cannot_be_are_refused(config, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        dataclasses.replace(config, **changes)


def test_more_terms_than_there_are_are_refused(config, loaded):
    with pytest.raises(ValueError, match=r"at most the 400 of reviews .* Got 900"):
        prepared(loaded, dataclasses.replace(config, terms=(100, 900)))


def test_a_set_without_reviews_to_train_on_is_refused(config, loaded):
    wanted = dataclasses.replace(config, labeled=50_000, validated=40_000)
    with pytest.raises(ValueError, match=r"must leave some of the 1\d,\d{3} of"):
        prepared(loaded, wanted)


def test_reviews_without_any_term_are_trained_and_tested_on(config, loaded):
    nothing = rows.compressed(np.zeros(0), np.zeros(0), np.zeros(3), width=loaded.inputs)
    few = loaded.subset(train=60, validation=30, test=40)
    test = Split(x=rows.join(nothing, few.test.x), y=torch.cat([torch.tensor([0, 4]), few.test.y]))
    some = dataclasses.replace(config, labeled=80, validated=20, terms=(400,))
    data = dataclasses.replace(few, test=test, unlabelled=None, sha256="")
    result = representation.learned(some, prepared(data, some))
    assert result.counts.tolist()[2] == 42
    assert np.isfinite(result.test_error).all()


def test_a_run_that_was_cut_goes_on_and_gives_the_same_numbers(config, whole, tmp_path):
    def cut(now, total, text):
        if now > 0.6 * total:
            raise Cut

    with pytest.raises(Cut):
        representation.run(config, progress=cut, checkpoints=tmp_path / "run")
    assert len(list(tmp_path.glob("run.*.npz"))) > len(config.terms)
    first: list[int] = []
    resumed = representation.run(
        config, progress=lambda now, total, text: first.append(now), checkpoints=tmp_path / "run"
    )
    assert min(first) > 0.5 * max(first)
    for name, numbers in resumed.arrays().items():
        np.testing.assert_array_equal(numbers, whole.arrays()[name], err_msg=name)


def test_every_form_has_its_numbers(whole, config):
    grid = (len(NETWORKS), len(REPRESENTATIONS), len(config.terms))
    assert whole.test_error.shape == (*grid, SEEDS)
    assert whole.rate_validation.shape == (*grid, 2, SEEDS)
    assert np.isfinite(whole.rate_validation).all()
    assert (np.diff(whole.length, axis=1) > 0).all()
    assert (whole.length[1] > whole.length[0]).all()
    np.testing.assert_allclose(whole.length[0] ** 2, whole.present)


def test_rates_are_chosen_by_the_validation_error_alone(whole, config):
    np.testing.assert_array_equal(whole.validation_error, whole.rate_validation.min(axis=3))
    rates = np.array(config.learning_rates[0])
    np.testing.assert_array_equal(whole.rate, rates[whole.rate_validation.argmin(axis=3)])


def test_other_test_stars_change_nothing_but_the_test_errors(config, reviews, whole):
    data = reviews.counts
    test = dataclasses.replace(data.test, y=4 - data.test.y)
    turned = dataclasses.replace(reviews, counts=dataclasses.replace(data, test=test))
    result = representation.learned(config, turned)
    for name in ("validation_error", "rate", "best_epoch", "rate_validation"):
        np.testing.assert_array_equal(getattr(result, name), getattr(whole, name), err_msg=name)
    assert (result.test_error != whole.test_error).all()


@pytest.mark.parametrize(
    ("lowest", "told"),
    [((1, 2, 3), True), ((3, 2, 1), True), ((2, 1, 3), False), ((1, 1, 2), False)],
)
def test_rates_at_an_end_are_told_if_none_within_is_as_good(whole, lowest, told):
    assert whole.at_an_end() == []  # of two rates both are ends
    shape = (*whole.rate.shape[:3], 3, SEEDS)
    tried = np.broadcast_to(np.array(lowest, dtype=float)[:, None], shape)
    found = dataclasses.replace(whole, rate_validation=tried).at_an_end()
    assert len(found) == told * whole.rate[..., 0].size


def test_a_network_that_diverged_is_left_out(whole):
    diverged = whole.diverged.copy()
    diverged[1, 0, 0, 1] = 1
    result = dataclasses.replace(whole, diverged=diverged)
    values = errors(result.arrays(), "rectifier, 1 layer", 0)
    assert np.isnan(values[0]).tolist() == [False, True]
    assert np.isfinite(values[1:]).all()
    assert "1 networks diverged" in representation.describe(result)


def test_each_network_has_a_panel_and_each_form_a_line(whole):
    fig = representation.draw(whole)
    assert len(fig.axes) == len(NETWORKS)
    for ax, network in zip(fig.axes, NETWORKS, strict=True):
        assert network in ax.get_xlabel()
        drawn = [bars[0] for bars in ax.containers]  # of an error bar, its line
        lines = {line.get_linestyle(): line for line in drawn}
        assert len(lines) == len(REPRESENTATIONS)
        for place, line in enumerate(lines.values()):
            expected = errors(whole.arrays(), network, place).mean(axis=1) / whole.guess_error
            np.testing.assert_allclose(np.asarray(line.get_ydata(), dtype=float), 100 * expected)


def test_the_words_name_every_network_and_form(whole):
    text = representation.describe(whole)
    assert all(f"{network}, {form}: " in text for network in NETWORKS for form in REPRESENTATIONS)
    assert "400 instead of 100 terms" in text
    assert representation.compare(whole) == []
