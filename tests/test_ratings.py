"""Expected stars and their error: closed forms, bad names, and networks chosen by them."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sparse_examples import reviews

from relubook import datasets
from relubook.history import error
from relubook.networks import MLP
from relubook.ratings import StarError, expected
from relubook.training import Schedule, grid, train

STARS = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])


def starred():
    """Bags of words whose classes are named by stars."""
    return replace(reviews(examples=80), classes=("1", "2", "4"), sha256="")


@given(st.lists(st.floats(-50, 50), min_size=5, max_size=5), st.floats(-100, 100))
def test_expected_stars_lie_between_the_ends_and_ignore_a_shift(logits, shift):
    z = torch.tensor(logits, dtype=torch.float64)[None]
    found = expected(z, STARS).item()
    assert 1 <= found <= 5 + 1e-12
    assert expected(z + shift, STARS).item() == pytest.approx(found, abs=1e-9)


def test_a_certain_class_is_its_stars_and_no_opinion_is_the_mean():
    z = torch.full((5, 5), -1e3)
    z.fill_diagonal_(1e3)
    assert expected(z, STARS).tolist() == STARS.tolist()
    assert expected(torch.zeros(1, 5), STARS).item() == pytest.approx(3)


def test_the_error_is_that_of_numpy():
    data = starred()
    network = MLP((data.inputs, 7, 3), seeds=(0, 1), dtype=torch.float64)
    x = data.test.x.to_dense().double()
    shares = network(x.expand(2, -1, -1)).softmax(-1).detach().numpy()
    stars = np.array([1.0, 2.0, 4.0])
    off = shares @ stars - stars[data.test.y.numpy()]
    found = StarError.of(data.classes)(network, data.test)
    np.testing.assert_allclose(found.numpy(), np.sqrt((off**2).mean(1)), rtol=1e-12)


@pytest.mark.parametrize("rows", ["sparse", "dense"])
def test_a_judge_chooses_the_best_epoch_and_its_numbers_are_the_history(rows):
    data = starred() if rows == "sparse" else starred().dense()
    judge = StarError.of(data.classes)
    network = MLP((data.inputs, 6, 3), seeds=(0, 1))
    history = train(
        network, data, grid(learning_rate=0.3, seed=(0, 1)), Schedule(epochs=4), judge=judge
    )
    np.testing.assert_array_equal(history.best_epoch, history.validation_error.argmin(axis=0))
    for split, name in ((data.validation, "validation_error"), (data.test, "test_error")):
        np.testing.assert_allclose(judge(network, split).numpy(), history.at_best(name), rtol=1e-6)
    assert not np.allclose(history.at_best("test_error"), error(network, data.test).numpy())


def test_a_cut_run_is_not_taken_up_under_another_judge(tmp_path):
    data, file = starred(), tmp_path / "run.npz"
    first, second = StarError((1.0, 2.0, 4.0)), StarError((1.0, 2.0, 5.0))

    def learn(judge):
        network = MLP((data.inputs, 6, 3), seeds=(0,))
        return train(
            network, data, grid(), Schedule(epochs=1), judge=judge, checkpoint=file
        )  # fmt: skip

    learn(first)
    with pytest.raises(ValueError, match="another run"):
        learn(second)
    learn(first)


def test_classes_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="must be numbers of stars"):
        StarError.of(("negative", "positive"))
    assert StarError.of(datasets.load("reviews").classes).stars == (1, 2, 3, 4, 5)
