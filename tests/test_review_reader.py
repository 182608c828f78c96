"""Small networks for bags of words: trained, rounded, and every word taken away."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import datasets, experiments, records
from relubook.datasets import rows
from relubook.experiments import review_reader
from relubook.experiments.review_reader import open_words, within_one
from relubook.experiments.review_reader_account import Weights, carried, read, removals, slopes
from relubook.experiments.review_reader_drawings import strongest
from relubook.experiments.review_reader_examples import FILMS, MEALS, examples_for
from relubook.experiments.review_reader_page import reader_data
from relubook.experiments.review_reader_rounding import packed, unpacked
from relubook.experiments.review_reader_words import words_only
from relubook.networks import MLP
from relubook.ratings import expected

CONFIG = review_reader.configure("smoke")


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("review-reader", scale="smoke")


@pytest.fixture(scope="module")
def opened():
    return open_words(CONFIG)


def networks(models=3, words=12, width=6, classes=5):
    """Untrained ones with biases, so that nothing is 0 by chance."""
    network = MLP((words, width, width, classes), seeds=range(models), dtype=torch.float64)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for layer in network.stacked_layers():
            layer.bias.copy_(0.3 * torch.rand(layer.bias.shape, generator=generator) - 0.1)
    return network


def bags(reviews=40, words=12):
    generator = torch.Generator().manual_seed(3)
    return (torch.rand(reviews, words, generator=generator) < 0.4).float()


def compressed(x):
    row, column = x.nonzero(as_tuple=True)
    starts = np.concatenate([[0], row.bincount(minlength=len(x)).cumsum(0).numpy()])
    return rows.compressed(np.ones(len(row)), column.numpy(), starts, width=x.shape[1])


def test_only_single_words_are_inputs_and_their_columns_stay(opened):
    data, passport = opened
    whole = datasets.load("reviews", terms=CONFIG.terms)
    assert any("_" in term for term in whole.vocabulary)
    single = [place for place, term in enumerate(whole.vocabulary) if "_" not in term]
    assert data.vocabulary == tuple(whole.vocabulary[place] for place in single)
    np.testing.assert_array_equal(data.test.x.to_dense(), whole.test.x.to_dense()[:, single])
    assert data.sha256 != whole.sha256
    assert passport["words"] == len(single)
    assert passport["removed"].startswith("repeated reviews removed:")
    assert words_only(data).vocabulary == data.vocabulary


def test_no_training_review_is_a_test_review(opened):
    data, _ = opened
    train, test = ({tuple(row.nonzero().flatten().tolist()) for row in part.x.to_dense()}
                   for part in (data.train, data.test))  # fmt: skip
    assert train.isdisjoint(test)
    assert len(train) == len(data.train) == CONFIG.train_examples


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("mnist-5k", "Only bags of words have `terms`"), ("spirals", "Only bags of words")],
)
def test_data_that_are_no_reviews_are_refused(name, sentence):
    with pytest.raises(ValueError, match=sentence):
        open_words(dataclasses.replace(CONFIG, data=name))


def test_dense_data_without_words_are_refused():
    bare = dataclasses.replace(datasets.load("reviews"), vocabulary=(), sha256="")
    with pytest.raises(ValueError, match=r"needs bags of words, such as imdb or reviews"):
        words_only(bare)


def test_removals_are_those_of_taking_each_word_out_by_hand():
    network, x = networks(), bags()
    stars = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0], dtype=torch.float64)
    for model in range(network.models):
        found = removals(Weights.of(network, model), compressed(x), stars)
        effect, same = [[] for _ in range(12)], []
        for bag in x:
            whole, on = answer(network, model, bag)
            for word in bag.nonzero().flatten().tolist():
                left = bag.clone()
                left[word] = 0
                without, on_without = answer(network, model, left)
                told = expected(whole, stars) - expected(without, stars)
                effect[word].append(float(told))
                same.append(torch.equal(on, on_without))
        np.testing.assert_allclose(found.effect, [np.mean(each) for each in effect], atol=1e-12)
        assert found.having.tolist() == x.sum(0).int().tolist()
        assert found.unflipped == pytest.approx(np.mean(same))
        assert 0 < found.unflipped < 1
        assert found.error > 0
        assert found.size > 0


def answer(network, model, bag):
    """The logits of one model, as one example, and which units are active."""
    x = bag.double().expand(network.models, 1, -1)
    hidden = network.hidden(x)
    on = torch.cat([(h[model, 0] > 0) for h in hidden])
    return network(x)[model].detach(), on


def test_with_the_units_that_are_active_words_and_biases_add_up_to_the_slope():
    network, x = networks(), bags().double()
    stars = torch.tensor([1.0, 2.0, 3.0, 4.0, 7.0], dtype=torch.float64)
    slope = slopes(stars)
    for model in range(network.models):
        weights = Weights.of(network, model)
        seen = read(weights, x @ weights.weight[0] + weights.bias[0])
        logits = network(x.expand(network.models, -1, -1))[model]
        torch.testing.assert_close(seen.logits, logits, rtol=0, atol=1e-12)
        to_first = carried(weights, seen, slope)
        to_second = (weights.weight[2] @ slope) * (seen.second > 0)
        words = (x @ weights.weight[0] * to_first).sum(1)
        biases = to_first @ weights.bias[0] + to_second @ weights.bias[1] + weights.bias[2] @ slope
        torch.testing.assert_close(words + biases, seen.logits @ slope, rtol=0, atol=1e-12)


def test_the_slope_of_a_line_is_its_slope():
    stars = torch.tensor([1.0, 2.0, 3.0, 4.0, 7.0, 8.0, 9.0, 10.0], dtype=torch.float64)
    assert float((0.3 * stars - 2) @ slopes(stars)) == pytest.approx(0.3)
    assert float(torch.ones(8, dtype=torch.float64) @ slopes(stars)) == pytest.approx(0)


def test_rounding_keeps_weights_within_half_a_step_and_once_is_enough():
    network = networks()
    rounded = unpacked(packed(network))
    again = packed(rounded)
    for one, other in zip(packed(network).codes, again.codes, strict=True):
        assert torch.equal(one, other)
    for exact, back in zip(network.stacked_layers(), rounded.stacked_layers(), strict=True):
        step = exact.weight.abs().amax(1, keepdim=True) / 127
        assert ((back.weight - exact.weight).abs() <= 0.51 * step).all()
        torch.testing.assert_close(back.bias, exact.bias, rtol=0, atol=5.1e-5)
    assert rounded.seeds == network.seeds


def test_weights_that_are_not_finite_are_refused():
    network = networks()
    with torch.no_grad():
        network.stacked_layers()[1].weight[0, 0, 0] = torch.inf
    with pytest.raises(ValueError, match=r"must stay finite.*lower the learning rate"):
        packed(network)


def test_rounded_networks_err_as_much_as_exact_ones(smoke):
    arrays = smoke.arrays
    np.testing.assert_allclose(arrays["rounded_error"], arrays["test_error"], rtol=0.01)
    np.testing.assert_allclose(arrays["rounded_within"], arrays["within_one"], atol=0.01)


def test_the_record_knows_the_words_and_the_classes(smoke, tmp_path):
    records.save(smoke, tmp_path)
    back = records.load("review-reader", scale="smoke", data="reviews", folder=tmp_path)
    result = experiments.result(back)
    data, _ = open_words(CONFIG)
    assert result.words == data.vocabulary
    assert result.codes_1.shape == (len(result.words), CONFIG.width)
    assert result.codes_2.shape == (CONFIG.width, CONFIG.width)
    assert result.codes_3.shape == (CONFIG.width, len(result.stars))
    assert result.stars.tolist() == [1, 2, 3, 4, 5]
    assert result.shares.sum() == pytest.approx(1)
    assert result.mean_stars == pytest.approx(float(data.train.y.double().mean()) + 1)
    assert (np.diff(result.known) >= 0).all()
    assert ((result.known > 0) & (result.known <= 1)).all()
    few = result.having < CONFIG.fewest
    assert (np.isnan(result.effect) == few).all()
    assert not few.all()
    assert np.abs(result.codes_1).max() == 127
    assert result.zeros * CONFIG.width + result.active == pytest.approx(CONFIG.width)


def test_guessing_the_mean_and_being_near_are_plain_counts(smoke, opened):
    data, _ = opened
    result = experiments.result(smoke)
    given = data.test.y.numpy() + 1
    far = given - result.mean_stars
    assert float(result.constant_error) == pytest.approx(float(np.sqrt((far**2).mean())))
    network = networks(words=data.inputs)
    stars = torch.arange(1.0, 6.0, dtype=torch.float64)
    dense = data.test.x.to_dense().double().expand(network.models, -1, -1)
    told = expected(network(dense), stars).detach().numpy()
    np.testing.assert_allclose(
        within_one(network, data.test, stars), (np.abs(told - given) <= 1).mean(1)
    )


def test_the_drawing_shows_the_strongest_words_on_their_sides(smoke):
    result = experiments.result(smoke)
    up, down = strongest(result)
    mean = result.effect.mean(axis=0)
    assert (mean[up] > 0).all()
    assert (mean[down] < 0).all()
    assert mean[up[0]] == np.nanmax(mean)
    assert mean[down[0]] == np.nanmin(mean)
    fig = review_reader.draw(result, experiments.subtitle(smoke))
    (ax,) = fig.axes
    written = [text.get_text() for text in ax.texts]
    assert written == [result.words[word] for word in (*up, *down[::-1])]
    assert result.words[up[0]] in fig.get_suptitle()
    assert review_reader.describe(result).endswith(".")


def test_examples_are_about_what_the_data_are_about_and_fit_the_address():
    assert examples_for("reviews") is MEALS
    assert examples_for("imdb") is FILMS
    for each in (FILMS, MEALS):
        assert [example.name for example in each] == [
            "rave", "pan", "mixed", "denied", "strange", "empty",
        ]  # fmt: skip
        assert each[-1].text == ""


def test_the_page_takes_the_first_network_and_no_other_record(smoke):
    data = reader_data(smoke)
    assert data["words"].split("\n") == list(experiments.result(smoke).words)
    assert len(data["scales_1"]) == CONFIG.width
    with pytest.raises(ValueError, match=r"must be of review-reader\. Got growth"):
        reader_data(dataclasses.replace(smoke, experiment="growth"))
