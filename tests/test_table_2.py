"""Table 2: folds, pools, cells, and what is read from the result."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sparse_examples import bags, reviews

from relubook import datasets, experiments, paper
from relubook.datasets import rows
from relubook.datasets.texts.review_order import row_keys
from relubook.experiments import table_2
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import CELLS, NETWORKS, UNITS, errors, place, zeros
from relubook.experiments.text_networks import Restoring, lowest_layers, pool, restored
from relubook.networks import MLP
from relubook.ratings import StarError


@pytest.fixture(scope="module")
def config():
    return table_2.configure("smoke")


@pytest.fixture(scope="module")
def opened_reviews(config):
    return opened(config, datasets.load("reviews"))


@pytest.fixture(scope="module")
def result(config, opened_reviews):
    return trained(config, opened_reviews)


def keys(x):
    return set(row_keys(x))


def test_folds_are_disjoint_cover_all_and_never_hold_a_test_review(config, opened_reviews):
    folds = [opened_reviews.fold(number, config.folds) for number in range(config.folds)]
    held = [keys(fold.validation.x) for fold in folds]
    assert set.union(*held) == keys(opened_reviews.labeled.x)
    assert held[0].isdisjoint(held[1])
    for fold in folds:
        assert keys(fold.train.x).isdisjoint(keys(fold.validation.x))
        assert keys(fold.train.x).isdisjoint(keys(fold.test.x))
        assert len(fold.train) + len(fold.validation) == config.labeled


def test_no_test_review_is_restored_and_the_judging_ones_are_apart(config, opened_reviews):
    seen, judging = (
        keys(part.x) for part in (opened_reviews.pool.train, opened_reviews.pool.validation)
    )
    assert keys(opened_reviews.test.x).isdisjoint(seen | judging)
    assert seen.isdisjoint(judging)
    assert len(opened_reviews.pool.validation) == config.restoring.judged
    assert (
        len(opened_reviews.pool.train)
        == config.labeled + config.unlabeled - config.restoring.judged
    )


def test_labeled_reviews_beyond_those_wanted_are_learned_without_labels(config):
    data = replace(reviews(examples=60), unlabelled=None, classes=("1", "2", "3"), sha256="")
    few = replace(config, labeled=20, unlabeled=30, restoring=replace(config.restoring, judged=5))
    found = opened(few, data)
    assert len(found.labeled) == 20
    assert found.unlabeled == len(found.pool.train) + 5 - 20 > 0


def test_every_cell_has_numbers_and_no_other_has(config, result):
    for network in NETWORKS:
        for start in ("none", "with"):
            values = result.test_error[place(network, start)]
            assert np.isfinite(values).all() == ((network, start) in CELLS), (network, start)
    depths = np.isfinite(result.zeros[..., :].mean(axis=2)).sum(axis=-1)
    assert depths.tolist() == [[0, 0], [1, 1], [3, 3], [3, 3]]
    tried = np.isfinite(result.rate_validation).all(axis=-1).sum(axis=-1)
    assert tried.tolist() == [[2, 0], [2, 2], [2, 2], [2, 2]]


def test_the_kept_rate_is_the_one_that_validates_best(config, result):
    for cell in CELLS:
        row = result.rate_validation[place(*cell)]
        rates = config.learning_rates if NETWORKS[cell[0]][1] else config.linear_rates
        np.testing.assert_array_equal(
            result.rate[place(*cell)], np.array(rates)[row.argmin(axis=0)]
        )
        np.testing.assert_array_equal(result.validation_error[place(*cell)], row.min(axis=0))


def test_a_run_cut_between_cells_goes_on_and_ends_alike(config, opened_reviews, result, tmp_path):
    whole = trained(config, opened_reviews, checkpoints=tmp_path / "run")
    files = sorted(tmp_path.glob("run.tanh*npz"))
    assert files
    for file in files:
        file.unlink()
    again = trained(config, opened_reviews, checkpoints=tmp_path / "run")
    for name, values in result.arrays().items():
        np.testing.assert_array_equal(whole.arrays()[name], values, err_msg=name)
        np.testing.assert_array_equal(again.arrays()[name], values, err_msg=name)


def test_a_finished_cell_of_another_run_is_refused(config, opened_reviews, tmp_path):
    trained(config, opened_reviews, checkpoints=tmp_path / "run")
    other = replace(config, l1=0.5)
    with pytest.raises(ValueError, match="another run"):
        trained(other, opened_reviews, checkpoints=tmp_path / "run")


def test_a_fold_alone_is_the_fold_among_others(config, opened_reviews, result):
    """Pretrained together, each with its own rate and noise; then each on its own reviews."""
    learned = restored(
        (config.width,) * 3, opened_reviews.pool, activation="rectifier", seeds=(1,),
        restoring=config.restoring, l1=config.l1,
    )  # fmt: skip
    found = learned.arrays()
    for name in ("restore_error", "restore_rate", "restore_dead"):
        together = getattr(result, name)[UNITS.index("rectifier")][:, 1:]
        np.testing.assert_allclose(found[name], together, rtol=1e-3, atol=0.1)


def test_one_layer_is_the_lowest_of_three(opened_reviews):
    three = MLP((opened_reviews.data.inputs, 6, 5, 4, 5), seeds=(7, 8))
    one = lowest_layers(three, 1, opened_reviews.data)
    x = opened_reviews.test.x.to_dense()[:10].expand(2, -1, -1)
    assert torch.equal(one.hidden(x)[0], three.hidden(x)[0])
    assert one.sizes == (opened_reviews.data.inputs, 6, 5)
    assert lowest_layers(three, 0, opened_reviews.data).depth == 0
    with pytest.raises(ValueError, match="from 0 to 3"):
        lowest_layers(three, 4, opened_reviews.data)


def test_dense_rows_give_the_numbers_of_sparse_ones(config, opened_reviews):
    every = replace(config, restoring=replace(config.restoring, zeros=1.0, masked=0.0, salted=0.0))
    sparse, dense = trained(every, opened_reviews), trained(every, opened_reviews.dense())
    np.testing.assert_allclose(dense.restore_error, sparse.restore_error, rtol=1e-3)
    for cell in CELLS[:3]:
        np.testing.assert_allclose(
            dense.test_error[place(*cell)], sparse.test_error[place(*cell)], rtol=0.02
        )
    assert dense.input_zeros == pytest.approx(float(sparse.input_zeros))


def test_zeros_without_a_hidden_layer_are_those_of_the_words(result, opened_reviews):
    share = 100 * (opened_reviews.test.x.to_dense() == 0).double().mean().item()
    np.testing.assert_allclose(zeros(result.arrays(), "no hidden layer", "none"), share)
    assert (zeros(result.arrays(), "tanh, 3 layers", "none") == 0).all()


def test_a_diverged_network_has_no_error(result):
    arrays = result.arrays() | {"diverged": result.diverged.copy()}
    arrays["diverged"][place("tanh, 3 layers", "with")] = [3, -1]
    assert np.isnan(errors(arrays, "tanh, 3 layers", "with")).tolist() == [True, False]
    assert np.isnan(zeros(arrays, "tanh, 3 layers", "with")).tolist() == [True, False]
    bad = replace(result, diverged=arrays["diverged"])
    assert "1 network diverged and is left out" in table_2.describe(bad)
    table_2.draw(bad)


def test_always_expecting_one_number_errs_at_least_by_the_spread_of_the_stars(
    result, opened_reviews
):
    stars = np.array(StarError.of(opened_reviews.data.classes).stars)
    spread = stars[opened_reviews.test.y.numpy()].std()
    assert (result.guess_error >= spread - 1e-12).all()


def test_the_comparison_names_both_sets_and_only_five_stars_are_compared(result):
    lines = table_2.compare(result)
    assert len(lines) == 2 * len(NETWORKS)
    assert all("OpenTable" in line.quantity for line in lines)
    assert [line.paper for line in lines][::2] == [paper.TABLE_2[n, "rmse"].value for n in NETWORKS]
    assert table_2.compare(replace(result, stars=np.array([1.0, 2, 3, 4, 7]))) == []


def test_the_pictures_show_every_cell_and_the_papers_values(result):
    fig = table_2.draw(result)
    left, right = fig.axes
    drawn = [line for line in left.lines if line.get_marker() == "o"]
    assert len(drawn) == len(CELLS)
    assert sum(line.get_marker() == "o" for line in right.lines) == 5
    assert len(table_2.draw_zeros(result).axes[0].get_yticks()) == len(CELLS)
    assert table_2.describe_zeros(result).count("%") > 4


def test_a_pool_needs_reviews_to_learn_on():
    data = reviews()
    with pytest.raises(ValueError, match="so that some are left"):
        pool(data.train.x, None, data, judged=len(data.train))
    found = pool(data.train.x, bags(20, data.inputs, seed=9), data, judged=10)
    assert len(found.train) == len(data.train) + 10


def test_folds_and_seeds_must_agree(config):
    with pytest.raises(ValueError, match="one of the `seeds` for each"):
        replace(config, folds=3)


def test_a_set_without_stars_is_refused(config):
    data = replace(reviews(), classes=("bad", "fair", "good"), sha256="")
    few = replace(config, labeled=20, restoring=replace(config.restoring, judged=5))
    with pytest.raises(ValueError, match="must be numbers of stars"):
        trained(few, opened(few, data))


def test_noise_and_outputs_are_the_papers():
    recipes = {unit: Restoring(rates=(0.1,), epochs=1).recipe(unit) for unit in UNITS}
    for recipe in recipes.values():
        assert recipe.restores(0) == "cross-entropy"
        assert recipe.noise(0).salted > 0
        assert recipe.noise(1).salted == 0
    assert recipes["rectifier"].restores(1) == "cross-entropy"
    assert recipes["tanh"].restores(1) == "tanh"


def test_it_is_listed():
    assert "table-2" in experiments.NAMES
    assert rows.ascending(datasets.load("reviews").train.x)
