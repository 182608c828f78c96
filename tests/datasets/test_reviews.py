"""Invented reviews: like real ones in their statistics, and their truth is the truth."""

import itertools
import time

import numpy as np
import pytest
import scipy.sparse
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from relubook.datasets import Dataset, rows
from relubook.datasets.generators import reviews
from relubook.datasets.generators.reviews_lexicon import language


@pytest.fixture(scope="module")
def many():
    return reviews.write(10_000, seed=5)


@pytest.fixture(scope="module")
def parts():
    return reviews.REVIEWS.origin.parts(reviews.REVIEWS.origin.make(None))


def matrix(bags, *, binary=True):
    starts, columns, values = (part.numpy() for part in rows.stored(bags))
    values = np.ones_like(values) if binary else values
    return scipy.sparse.csr_matrix((values, columns, starts), shape=bags.shape)


def mean_stars(written):
    """How many reviews hold each term, and their mean stars."""
    presence = matrix(written.bags)
    holders = np.asarray(presence.sum(0)).ravel()
    return holders, presence.T @ written.stars.numpy() / np.maximum(holders, 1)


def test_five_thousand_terms_are_all_different_and_have_a_polarity():
    terms = reviews.vocabulary()
    assert len(terms) == len(set(terms)) == len(reviews.polarity()) == 5_000
    assert set(terms) >= {"not", "very", "good", "not_good", "very_good", "delicious", "bland"}


def test_a_modifier_changes_what_a_word_says():
    said = dict(zip(reviews.vocabulary(), reviews.polarity().tolist(), strict=True))
    assert said["very_good"] > said["good"] > 0 > said["not_good"]
    assert said["very_bad"] < said["bad"] < 0 < said["not_bad"]
    assert said["the"] == said["not"] == said["waiter"] == 0


def test_words_follow_the_law_of_zipf(many):
    used = np.sort(np.asarray(matrix(many.bags, binary=False).sum(0)).ravel())[::-1]
    ranks = np.arange(10, 2_000)
    slope = np.polyfit(np.log(ranks), np.log(used[ranks]), 1)[0]
    assert -1.4 < slope < -0.9


def test_a_review_holds_few_of_the_terms(many):
    share = len(many.bags.values()) / (len(many) * 5_000)
    assert 0.004 < share < 0.009


def test_most_guests_are_content(many):
    shares = np.bincount(many.stars.numpy(), minlength=5) / len(many)
    assert (np.diff(shares) > 0).all()
    assert shares[0] > 0.03
    assert 0.4 < shares[4] < 0.6


def test_the_planted_polarity_shows_in_the_stars(many):
    holders, mean = mean_stars(many)
    polarity = reviews.polarity().numpy()
    polar = (polarity != 0) & (holders >= 100)
    neutral = (polarity == 0) & (holders >= 100)
    assert polar.sum() > 100
    assert np.corrcoef(polarity[polar], mean[polar])[0, 1] > 0.85
    assert mean[polar].std() > 4 * mean[neutral].std()


def test_denial_turns_a_word_round(many):
    holders, mean = mean_stars(many)
    words = language()
    deny = [list(words.modifiers).index(words.terms.index(m)) for m in ("not", "never", "hardly")]
    denied = words.pairs[deny].ravel()
    plain = np.tile(words.polar, 3)
    known = (denied >= 0) & (holders[denied] >= 30)
    assert known.sum() > 30
    said = words.polarity[plain[known]]
    assert np.corrcoef(said, mean[denied[known]])[0, 1] < -0.9
    assert np.corrcoef(said, mean[plain[known]])[0, 1] > 0.8


@pytest.mark.parametrize("count", [1, 37, 1_000, 1_001])
def test_the_first_of_more_reviews_are_the_same(count):
    few, more = reviews.write(count, seed=3), reviews.write(1_500, seed=3)
    first = rows.take(more.bags, torch.arange(count))
    for one, other in zip(rows.stored(few.bags), rows.stored(first), strict=True):
        assert torch.equal(one, other)
    for name in ("stars", "sentiment", "best_guess", "ideal_reading"):
        assert torch.equal(getattr(few, name), getattr(more, name)[:count])
    assert few.text(count - 1) == more.text(count - 1)


def test_another_seed_writes_other_reviews():
    one, same, other = (reviews.write(50, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(one.words, same.words)
    assert one.text(0) != other.text(0)
    assert not torch.equal(one.sentiment, other.sentiment)


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 2**40), st.integers(1, 60))
def test_a_bag_counts_the_words_of_the_text_and_its_known_pairs(seed, count):
    written = reviews.write(count, seed=seed)
    terms = reviews.vocabulary()
    modifiers = {terms[term] for term in language().modifiers if term >= 0}
    words = written.text(count - 1).split()
    pairs = [f"{a}_{b}" for a, b in itertools.pairwise(words) if a in modifiers]
    expected = words + [pair for pair in pairs if pair in terms]
    bag = rows.dense(written.bags)[count - 1]
    found = [terms[place] for place in bag.nonzero().flatten() for _ in range(int(bag[place]))]
    assert sorted(found) == sorted(expected)


def test_writing_leaves_the_global_random_numbers_alone():
    torch_before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    reviews.write(10, seed=0)
    assert torch.equal(torch.get_rng_state(), torch_before)
    assert (np.random.get_state()[1] == numpy_before).all()  # noqa: NPY002


def test_ten_thousand_reviews_take_less_than_two_seconds():
    reviews.write(1, seed=0)
    begin = time.process_time()
    reviews.write(10_000, seed=0)
    assert time.process_time() - begin < 2


def test_no_function_of_the_sentiment_beats_the_best_guess(many):
    levels = (many.sentiment * 10).round().to(torch.int64) + 30
    held, judged = slice(0, 5_000), slice(5_000, None)
    sums = torch.zeros(81).index_add(0, levels[held], many.stars[held].float())
    means = sums / torch.bincount(levels[held], minlength=81).clamp(min=1)
    best = (many.best_guess - many.stars)[judged].square().mean().sqrt()
    learned = (means[levels] - many.stars)[judged].square().mean().sqrt()
    assert 0.5 < best < learned < 1.1 * best


def test_the_best_guess_and_the_ideal_reading_are_right_on_average(many):
    stars = many.stars.float()
    for guess in (many.best_guess, many.ideal_reading):
        for part in guess.argsort().chunk(5):  # from those guessed lowest to the highest
            assert (guess - stars)[part].mean().abs() < 0.08


def test_a_linear_model_learns_and_stays_above_the_bounds(many):
    x, stars = matrix(many.bags), many.stars.numpy().astype(float)
    model = Ridge(alpha=60).fit(x[:8_000], stars[:8_000])
    guess = torch.tensor(model.predict(x[8_000:]).clip(0, 4))
    error = (guess - many.stars[8_000:]).square().mean().sqrt().item()
    constant, ideal, best = (
        many.error(guess)
        for guess in (torch.full((10_000,), stars.mean()), many.ideal_reading, many.best_guess)
    )
    assert 1.1 < constant < 1.4
    assert 1.1 * best < ideal < 0.9 * error
    assert error < 0.8 * constant


def test_the_entry_makes_a_data_set(parts):
    entry = reviews.REVIEWS
    dataset = Dataset(
        name=entry.name, train=parts.train, validation=parts.validation, test=parts.test,
        unlabelled=parts.unlabelled, vocabulary=parts.vocabulary, source="embedded",
        license=entry.license, citekey=entry.citekey, classes=entry.classes,
    )  # fmt: skip
    sizes = [len(split) for split in (dataset.train, dataset.validation, dataset.test)]
    assert (*sizes, len(parts.unlabelled)) == (10_000, 2_000, 4_000, 10_000)
    assert dataset.vocabulary == reviews.vocabulary()
    assert dataset.train.x.layout == torch.sparse_csr
    assert entry.origin.described(entry.name) == f"reviews, revision {reviews.REVISION}"


def test_the_training_reviews_are_the_first_of_one_long_text(parts):
    first = reviews.write(5, seed=2011)
    assert torch.equal(rows.dense(first.bags), rows.dense(parts.train.take(torch.arange(5)).x))


@pytest.mark.parametrize(("argument", "value"), [("count", 0), ("count", -3), ("seed", -1)])
def test_an_argument_out_of_range_is_refused(argument, value):
    arguments = {"count": 5, "seed": 0} | {argument: value}
    with pytest.raises(ValueError, match=rf"`{argument}` of reviews must be .* Got {value}"):
        reviews.write(**arguments)
