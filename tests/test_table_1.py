"""Table 1: what a seed's replication consists of, and what is read from the result."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from relubook import datasets, paper
from relubook.claims.statistics import difference_z
from relubook.experiments import table_1
from relubook.experiments.pretrained import (
    begin,
    fine_tuned,
    pretrained,
    recipe_of,
    repeated,
)
from relubook.experiments.table_1_values import CELLS, UNITS, cell, column, errors, gain
from relubook.negation import negated
from relubook.pretraining import Recipe
from relubook.training import Schedule, grid, train


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k").subset(train=120, validation=60, test=80)


def learn(digits, *, seeds, **changes):
    settings = {"hidden": (12, 8), "rates": (0.01, 0.001), "l1": 0.001} | changes
    recipe = recipe_of("rectifier", digits, epochs=2)
    return pretrained(
        settings["hidden"], digits, activation="rectifier", seeds=seeds, rates=settings["rates"],
        recipe=recipe, l1=settings["l1"],
    )  # fmt: skip


def test_a_seed_among_others_is_the_seed_alone(digits):
    together, alone = learn(digits, seeds=(3, 4)), learn(digits, seeds=(4,))
    for both, one in zip(together.network.parameters(), alone.network.parameters(), strict=True):
        assert_close(both[1:], one, rtol=1e-5, atol=1e-6)
    for name, numbers in alone.arrays().items():
        np.testing.assert_allclose(together.arrays()[name][..., 1:], numbers, rtol=1e-4)


def test_each_layer_keeps_the_rate_that_restored_best(digits):
    found = learn(digits, seeds=(0, 1)).arrays()
    tried = found["restore_tried"]  # [layers rates seeds]
    np.testing.assert_array_equal(found["restore_error"], tried.min(axis=1))
    rates = np.array([0.01, 0.001])
    np.testing.assert_array_equal(found["restore_rate"], rates[tried.argmin(axis=1)])


def test_a_recipe_that_does_not_choose_is_refused(digits):
    with pytest.raises(ValueError, match="must `choose`"):
        pretrained(
            (8,), digits, activation="tanh", seeds=(0,), rates=(0.01,), recipe=Recipe(epochs=1),
            l1=0.0,
        )  # fmt: skip


def test_inputs_below_zero_are_restored_by_outputs_that_reach_them(digits):
    signed = replace(digits, train=replace(digits.train, x=digits.train.x - 0.5))
    assert recipe_of("softplus", digits, epochs=1).restores(0) == "softplus"
    assert recipe_of("softplus", signed, epochs=1).restores(0) == "linear"
    assert recipe_of("softplus", signed, epochs=1).restores(1) == "softplus"
    assert recipe_of("tanh", signed, epochs=1).restores(0) == "tanh"


def test_copies_are_equal_and_apart(digits):
    network = begin((5,), digits, activation="softplus", seeds=(8, 9))
    copies = repeated(network, 3)
    assert copies.seeds == (8, 9, 8, 9, 8, 9)
    assert copies.activation.name == "softplus"
    for copied, once in zip(copies.parameters(), network.parameters(), strict=True):
        assert torch.equal(copied[4:], once)
    with torch.no_grad():
        copies.stacked_layers()[0].weight.zero_()
    assert network.stacked_layers()[0].weight.abs().sum() > 0


def test_labels_find_the_rate_with_the_lowest_validation_error(digits):
    starts = begin((12,), digits, activation="rectifier", seeds=(0, 1, 2))
    before = [p.detach().clone() for p in starts.parameters()]
    rates = (0.3, 0.1, 0.0001)
    found = fine_tuned(starts, digits, rates=rates, l1=0.0, schedule=Schedule(epochs=4))
    validation = found["rate_validation"]
    np.testing.assert_array_equal(found["validation_error"], validation.min(axis=0))
    np.testing.assert_array_equal(found["rate"], np.array(rates)[validation.argmin(axis=0)])
    assert found["zeros"].shape == (3, 1)
    assert all(torch.equal(a, b) for a, b in zip(before, starts.parameters(), strict=True))


def test_the_test_error_is_that_of_the_best_epoch(digits):
    starts = begin((12, 6), digits, activation="rectifier", seeds=(0, 1))
    found = fine_tuned(starts, digits, rates=(0.1,), l1=0.001, schedule=Schedule(epochs=4))
    network = negated(starts)
    hyper = grid(learning_rate=0.1, l1=0.001, seed=(0, 1))
    history = train(network, digits, hyper, Schedule(epochs=4))
    np.testing.assert_array_equal(found["best_epoch"], history.best_epoch)
    np.testing.assert_array_equal(found["test_error"], history.at_best("test_error"))
    np.testing.assert_array_equal(found["zeros"], history.at_best("zero_fraction").T)
    np.testing.assert_array_equal(found["dead"], history.at_best("dead").T)
    np.testing.assert_array_equal(found["rate_loss"][0], history.loss[-1])


def test_negating_half_of_the_units_changes_no_number(digits):
    starts = begin((12, 6), digits, activation="rectifier", seeds=(0, 1))
    both = [
        fine_tuned(
            starts, digits, rates=(0.1,), l1=0.001, schedule=Schedule(epochs=3), negate=negate
        )
        for negate in (True, False)
    ]
    for name, numbers in both[0].items():
        np.testing.assert_array_equal(numbers, both[1][name], err_msg=name)


def test_a_network_that_diverged_is_not_chosen(digits):
    starts = begin((12,), digits, activation="rectifier", seeds=(0, 1))
    schedule = Schedule(epochs=3)
    alone = fine_tuned(starts, digits, rates=(0.05,), l1=0.0, schedule=schedule)
    beside = fine_tuned(starts, digits, rates=(1e12, 0.05), l1=0.0, schedule=schedule)
    assert (beside["rate_diverged"][0] >= 0).all()
    assert (beside["diverged"] < 0).all()
    np.testing.assert_array_equal(beside["test_error"], alone["test_error"])


def test_cells_and_gains_leave_out_what_diverged():
    arrays = {
        "test_error": np.arange(12.0).reshape(3, 2, 2) / 100,
        "zeros": np.arange(24.0).reshape(3, 2, 2, 2),
        "diverged": np.full((3, 2, 2), -1),
    }
    arrays["diverged"][0, 1, 0] = 4
    np.testing.assert_allclose(errors(arrays, "tanh", "none"), [4.0, 5.0])
    np.testing.assert_allclose(gain(arrays, "rectifier"), [np.nan, -2.0])
    np.testing.assert_allclose(cell(arrays, "zeros", "softplus", "with"), [20.5, 22.5])


def test_columns_are_those_of_the_paper():
    assert column("mnist-5k") == "mnist"
    assert [column(name) for name in paper.DATA] == list(paper.DATA)
    assert column("reviews") is None


def test_the_paper_names_its_cells_in_this_order():
    assert set(CELLS) == {(unit, start) for unit, _, start in paper.TABLE_1}
    assert {unit for unit, _ in CELLS} == set(UNITS)


def test_the_z_of_each_cell_against_the_best_gives_the_papers_bold_pattern():
    for place in paper.DATA:
        shares = {cell: paper.TABLE_1[cell[0], place, cell[1]].value / 100 for cell in CELLS}
        n, best = int(paper.SIZES[place, "test"].value), min(shares.values())
        for (unit, start), share in shares.items():
            alike = abs(difference_z(share, best, n=n)) < 1.96
            assert alike == ((unit, place, start) in paper.TABLE_1_BOLD)


def test_comparisons_name_the_data_that_stands_in():
    name = "norb (300 / 200 / 200)"
    result = table_1.Result(
        data={"name": name, "train_examples": 300},
        **{
            quantity: np.full((3, 2, 2), -1 if quantity in ("best_epoch", "diverged") else 0.25)
            for quantity in (
                "test_error", "validation_error", "train_loss", "last_loss", "rate", "best_epoch",
                "diverged",
            )
        },
        **{quantity: np.full((3, 2, 2, 2), 0.5) for quantity in ("zeros", "dead")},
        rate_validation=np.zeros((3, 2, 1, 2)), rate_diverged=np.full((3, 2, 1, 2), -1),
        **{f"restore_{end}": np.zeros((3, 2, 2)) for end in ("error", "rate", "dead")},
        restore_tried=np.zeros((3, 2, 1, 2)), test_examples=np.array(200),
    )  # fmt: skip
    lines = table_1.compare(result)
    assert len(lines) == 7
    assert all(datasets.describe("norb").title in line.quantity for line in lines)
    assert [line.here for line in lines] == [25.0] * 6 + [50.0]
    assert lines[-1].paper == paper.EXACT_ZEROS["norb"].value
    assert {line.unit for line in lines} == {"%"}
