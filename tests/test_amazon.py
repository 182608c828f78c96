"""Amazon: which reviews have labels, what is tested on what, and what is read from the result."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import datasets, experiments, paper, records
from relubook.datasets import Split, rows
from relubook.datasets.texts.amazon import POLARITIES
from relubook.datasets.texts.review_order import row_keys
from relubook.experiments import amazon
from relubook.experiments.amazon_networks import (
    DEALT,
    labeled,
    of_domain,
    opened,
    prepared,
    regression_errors,
)
from relubook.experiments.amazon_values import KINDS, accuracy, across, in_domain

SEEDS, DOMAINS = 2, DEALT


class Cut(Exception):
    """The moment at which a run is cut off."""


@pytest.fixture(scope="module")
def config():
    return experiments.configure("amazon", "smoke")


@pytest.fixture(scope="module")
def reviews(config):
    return opened(config)


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("amazon", scale="smoke")


@pytest.fixture(scope="module")
def whole(record):
    return experiments.result(record)


def bags(present):
    """Compressed rows of a dense table."""
    starts = np.concatenate([[0], present.sum(axis=1).cumsum()])
    columns = np.nonzero(present)[1]
    return rows.compressed(np.ones(len(columns)), columns, starts, width=present.shape[1])


def small(*, examples=24, empty=0):
    """Polar reviews of two domains, all of them different, of which the first have no term."""

    def split(first):
        numbers = first + np.arange(examples)
        present = (numbers[:, None] >> np.arange(9)) % 2 == 1
        present[:empty] = False
        y = torch.arange(examples) % 2
        return Split(x=bags(present), y=y, group=torch.arange(examples) // 2 % 2)

    return datasets.Dataset(
        name="amazon-small", train=split(64), validation=split(128), test=split(256),
        source="yours", license="", citekey="", classes=POLARITIES, groups=("books", "kitchen"),
    )  # fmt: skip


def test_no_test_review_is_among_those_with_labels(reviews):
    data = reviews.data
    tested = set(row_keys(data.test.x))
    for name in ("train", "validation"):
        assert not tested & set(row_keys(getattr(data, name).x)), name
    assert not set(row_keys(data.train.x)) & set(row_keys(data.validation.x))


def test_the_pool_holds_all_reviews_once_the_test_reviews_among_them(reviews):
    data, judged = reviews.data, reviews.pool.validation
    pooled = [*row_keys(reviews.pool.train.x), *row_keys(judged.x)]
    parts = [key for split in (data.train, data.validation, data.test) for key in row_keys(split.x)]
    assert sorted(pooled) == sorted(parts)
    assert not reviews.pool.train.y.any()
    assert not judged.y.any()


def test_generated_reviews_are_dealt_out_by_number_and_have_polarities(reviews):
    served = datasets.load("reviews")
    data = reviews.data
    assert data.name == "reviews"
    assert (data.classes, len(data.groups)) == (POLARITIES, DEALT)
    assert "parts by the number" in data.note
    assert "stars" in data.note
    chosen = [n for n in range(len(served.train)) if n % DEALT == 1 and served.train.y[n] != 2][:9]
    first = of_domain(data.train, 1)
    assert row_keys(rows.take(first.x, torch.arange(9))) == row_keys(
        rows.take(served.train.x, torch.tensor(chosen))
    )
    assert first.y[:9].tolist() == [int(served.train.y[n] >= 3) for n in chosen]


def test_a_seed_draws_labels_of_its_own_as_many_of_each_polarity(reviews):
    data = reviews.data
    first, second, again = (labeled(data, 2, 20, seed) for seed in (0, 1, 0))
    own = set(row_keys(of_domain(data.train, 2).x))
    for part in (first, second):
        assert torch.bincount(part.train.y).tolist() == [10, 10]
        assert len(part.validation) <= 20
        assert set(row_keys(part.train.x)) <= own
        assert (part.train.group == 2).all()
        assert (part.validation.group == 2).all()
        assert len(set(row_keys(part.train.x))) == 20
    assert row_keys(first.train.x) == row_keys(again.train.x)
    assert row_keys(first.train.x) != row_keys(second.train.x)
    assert first.sha256 == again.sha256 != second.sha256


def test_all_labels_are_all_of_the_domain(reviews):
    everything = labeled(reviews.data, 3, None, 0)
    assert len(everything.train) == int((reviews.data.train.group == 3).sum())
    assert len(everything.validation) == int((reviews.data.validation.group == 3).sum())


def test_a_budget_that_a_domain_lacks_is_refused(reviews):
    with pytest.raises(ValueError, match=r"takes 500 training reviews of each polarity. part 1"):
        labeled(reviews.data, 0, 1000, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"budgets": (21, None)}, "even numbers from 2 on"),
        ({"budgets": (0, None)}, "even numbers from 2 on"),
        ({"budgets": (8, None)}, "at least the `batch_size`, 10. Got 8"),
        ({"budgets": (20,)}, "one number of `epochs` for each. Got 1 and 2"),
        ({"budgets": (), "epochs": ()}, "at least 1 of the `budgets`"),
    ],
)
def test_budgets_that_cannot_be_are_refused(config, changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        dataclasses.replace(config, **changes)


def test_pictures_are_refused(config):
    with pytest.raises(ValueError, match="1 to 5 stars"):
        opened(dataclasses.replace(config, data="mnist-5k"))


def test_a_domain_without_a_polarity_is_refused(config):
    data = small()
    y = torch.where(data.test.group == 1, 0, data.test.y)
    lacking = dataclasses.replace(data, test=dataclasses.replace(data.test, y=y), sha256="")
    with pytest.raises(ValueError, match=r"test split .* both polarities in every domain. kitchen"):
        prepared(lacking, config)


def test_reviews_without_any_term_are_trained_and_tested_on(config):
    few = dataclasses.replace(
        config, budgets=(None,), epochs=(2,), labeled=None, tested=None, batch_size=5,
        restoring=dataclasses.replace(config.restoring, judged=6, batch_size=5),
    )  # fmt: skip
    result = amazon.learned(few, prepared(small(empty=1), few))
    assert result.removed.tolist() == [1, 1, 0]  # the bag of nothing stays in the test split
    assert np.isfinite(result.test_error).all()
    assert result.test_error.shape == (len(KINDS), 1, 2, 2, SEEDS)


def test_a_run_that_was_cut_goes_on_and_gives_the_same_numbers(config, whole, tmp_path):
    def cut_at(done):
        def progress(now, total, text):
            if now > done * total:
                raise Cut

        return progress

    for done in (0.3, 0.7):
        with pytest.raises(Cut):
            amazon.run(config, progress=cut_at(done), checkpoints=tmp_path / "run")
    kept = len(list(tmp_path.glob("run.*.npz")))
    assert kept > 2
    first: list[int] = []
    resumed = amazon.run(
        config, progress=lambda now, total, text: first.append(now), checkpoints=tmp_path / "run"
    )
    assert min(first) > 0.6 * max(first)
    for name, numbers in resumed.arrays().items():
        np.testing.assert_array_equal(numbers, whole.arrays()[name], err_msg=name)


def test_every_kind_has_its_numbers(whole, config):
    grid = (len(KINDS), len(config.budgets), DOMAINS)
    assert whole.test_error.shape == (*grid, DOMAINS, SEEDS)
    assert whole.rate_validation.shape == (*grid, 2, SEEDS)
    assert whole.zeros.shape == (*grid, SEEDS, 3)
    assert np.isfinite(whole.test_error).all()
    assert np.isfinite(whole.rate_validation).all()
    assert np.isnan(whole.zeros[0]).all()
    tanh = [place for place, (name, _) in enumerate(KINDS) if name.startswith("tanh")]
    assert not whole.zeros[tanh].any()
    assert (whole.labels[0] == 20).all()
    assert whole.regression_error.shape == (DOMAINS,)


def test_rates_are_chosen_by_the_validation_error_alone(whole, config):
    np.testing.assert_array_equal(whole.validation_error, whole.rate_validation.min(axis=3))
    rates = np.array(config.learning_rates)
    np.testing.assert_array_equal(whole.rate, rates[whole.rate_validation.argmin(axis=3)])


def test_other_test_labels_change_nothing_but_the_test_errors(config, reviews, whole):
    test = dataclasses.replace(reviews.data.test, y=1 - reviews.data.test.y)
    turned = dataclasses.replace(reviews, data=dataclasses.replace(reviews.data, test=test))
    result = amazon.learned(config, turned)
    for name in ("validation_error", "rate", "best_epoch", "restore_tried"):
        np.testing.assert_array_equal(getattr(result, name), getattr(whole, name), err_msg=name)
    np.testing.assert_allclose(result.test_error, 1 - whole.test_error)


def test_home_and_away_are_the_diagonal_and_the_rest(whole):
    arrays = {name: values.copy() for name, values in whole.arrays().items()}
    network, start = KINDS[2]
    pairs = accuracy(arrays, network, start, 1)
    for seed in range(SEEDS):
        own = [pairs[place, place, seed] for place in range(DOMAINS)]
        assert in_domain(arrays, network, start, 1)[seed] == pytest.approx(np.mean(own))
        total = pairs[..., seed].sum() - np.sum(own)
        assert across(arrays, network, start, 1)[seed] == pytest.approx(total / 12)
    arrays["diverged"][2, 1, 0, 1] = 3
    assert np.isnan(in_domain(arrays, network, start, 1)).tolist() == [False, True]
    assert np.isnan(accuracy(arrays, network, start, 1)[0, :, 1]).all()


def test_logistic_regression_learns_a_word_that_says_it_all():
    data = small()
    present = np.tile(np.array([[True, False], [False, True]]), (12, 1))
    told = {
        name: dataclasses.replace(getattr(data, name), x=bags(present))
        for name in ("train", "validation", "test")
    }
    clear = dataclasses.replace(data, **told, sha256="")
    np.testing.assert_array_equal(regression_errors(clear), [0, 0])


@pytest.mark.parametrize(
    ("errors", "told"),
    [((1, 2, 3), True), ((3, 2, 1), True), ((2, 1, 3), False), ((1, 1, 2), False)],
)
def test_rates_at_an_end_are_told_if_none_within_is_as_good(whole, errors, told):
    assert whole.at_an_end() == []  # of two rates both are ends
    shape = (*whole.rate.shape[:3], 3, SEEDS)
    tried = np.broadcast_to(np.array(errors, dtype=float)[:, None], shape)
    found = dataclasses.replace(whole, rate_validation=tried).at_an_end()
    assert len(found) == told * 2 * len(KINDS)


def test_the_papers_numbers_stand_beside_amazon_alone(whole, record):
    assert amazon.compare(whole) == []
    result = dataclasses.replace(whole, data=whole.data | {"name": "amazon-5000"})
    lines = amazon.compare(result)
    printed = [paper.SENTIMENT[f"amazon_{key}_accuracy"] for key in ("rectifier", "best_earlier")]
    assert [line.paper for line in lines] == [number.value for number in printed] * 2
    assert lines[2].here == pytest.approx(in_domain(whole.arrays(), *KINDS[2], 1).mean())
    assert all(number.text in amazon.describe(result) for number in printed)
    assert not any(number.text in amazon.describe(whole) for number in printed)
    fig = amazon.draw(result)
    hollow = [line for ax in fig.axes for line in ax.lines if line.get_markerfacecolor() == "none"]
    found = [float(np.ravel(line.get_xdata())[0]) for line in hollow]
    assert found == [number.value for number in printed] * 2


def test_each_seed_is_a_point_in_the_panel_of_its_budget(whole):
    fig = amazon.draw(whole)
    for budget, ax in enumerate(fig.axes):
        dots = [line for line in ax.lines if line.get_marker() == "o"]
        assert len(dots) == len(KINDS)
        for line, kind in zip(dots, KINDS, strict=True):
            expected = in_domain(whole.arrays(), *kind, budget)
            np.testing.assert_allclose(np.asarray(line.get_xdata(), dtype=float), expected)


def test_the_matrix_has_a_number_for_each_pair(whole):
    fig = amazon.draw_across(whole)
    pairs = accuracy(whole.arrays(), "rectifier, 3 layers", "with", 1).mean(-1)
    texts = [text.get_text().split("\n")[0] for text in fig.axes[0].texts]
    assert texts == [f"{value:.1f}" for value in pairs.flatten()]
    assert [label.get_text() for label in fig.axes[0].get_yticklabels()] == whole.data["domains"]
    assert all(ax.get_xlabel() for ax in fig.axes)
    assert "part 1" not in amazon.describe_across(whole)


def test_the_subtitle_says_that_test_reviews_were_pretrained_on(record):
    assert isinstance(record, records.Record)
    text = experiments.subtitle(record)
    assert "the test reviews among them" in text
    assert "dealt out to parts" in text
