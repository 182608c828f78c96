"""The sets that were made for this book are as hard as they were meant to be; records show it."""

import numpy as np
import pytest

from relubook import experiments, records
from relubook.experiments import learnability

# Bars set before anything was recorded: test error of the rectifiers [%], and how many times as
# much the linear model errs at least.
BARS = {"nistp": (25, 45, 1.0), "norb": (10, 30, 1.3)}


@pytest.mark.parametrize("name", BARS)
def test_a_generated_set_is_neither_trivial_nor_hopeless(name):
    record = records.load("learnability", scale="laptop", data=name)
    linear, network = 100 * np.median(experiments.result(record).errors(), axis=-1)
    low, high, factor = BARS[name]
    assert low <= network <= high
    assert linear >= factor * network


def test_each_kind_gets_the_rate_that_is_best_on_validation():
    result = learnability.Result(
        validation_error=np.array([[[0.3, 0.3], [0.1, 0.2]], [[0.2, 0.4], [0.5, 0.5]]]),
        test_error=np.array([[[0.31, 0.32], [0.11, 0.22]], [[0.21, 0.42], [0.0, 0.0]]]),
        learning_rate=np.array([0.1, 0.03]),
        guessing=np.array([0.9]),
        data={"name": "some", "source": "mirror"},
    )
    assert result.errors().tolist() == [[0.11, 0.22], [0.21, 0.42]]


@pytest.mark.parametrize(("source", "lines"), [("mirror", 1), ("embedded", 0)])
def test_only_the_papers_own_sets_are_compared_with_the_paper(source, lines):
    numbers = np.full((2, 1, 3), 0.02)
    result = learnability.Result(
        validation_error=numbers, test_error=numbers, learning_rate=np.array([0.1, 0.1]),
        guessing=np.array([0.9]), data={"name": "mnist (20,000 / 10 / 10)", "source": source},
    )  # fmt: skip
    compared = learnability.compare(result)
    assert len(compared) == lines
    assert [line.paper for line in compared] == [1.43] * lines


def test_guessing_names_the_most_frequent_class():
    record = experiments.reproduce("learnability", scale="smoke")
    result = experiments.result(record)
    assert result.guessing[0] == pytest.approx(0.9, abs=0.02)  # ten classes, alike
    assert result.test_error.shape == (2, 2, 2)
    assert (result.errors() < 0.7).all()
