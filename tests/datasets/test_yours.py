"""Your own arrays become a data set, or a sentence says why they cannot."""

import numpy as np
import pytest
import scipy.sparse
import torch

from relubook import datasets
from relubook.networks import MLP

GENERATOR = np.random.Generator(np.random.PCG64(5))
X = GENERATOR.normal(size=(40, 6)).astype(np.float32)
Y = np.arange(40) % 4


def of(**changes):
    return datasets.of_arrays("mine", **({"train": (X, Y), "test": (X[:8], Y[:8])} | changes))


def test_every_example_is_in_one_split_with_its_own_label():
    mine = of()
    assert [len(split) for split in (mine.train, mine.validation, mine.test)] == [32, 8, 8]
    x, y = (
        torch.cat([mine.train.x, mine.validation.x]),
        torch.cat([mine.train.y, mine.validation.y]),
    )
    found = {bytes(row.numpy()): int(label) for row, label in zip(x, y, strict=True)}
    assert found == {bytes(row): int(label) for row, label in zip(X, Y, strict=True)}


def test_the_share_set_aside_is_the_same_each_time():
    assert of().sha256 == of().sha256
    assert of(validation=0.5).sha256 != of().sha256


def test_it_says_that_it_is_yours():
    assert (of().source, of().license, of().classes) == ("yours", "yours", ("0", "1", "2", "3"))


def test_labels_may_be_names():
    names = np.array(["ant", "bee", "cat", "dog"])
    mine = of(train=(X, names[Y]), test=(X, names[Y]))
    assert mine.classes == tuple(names)
    assert mine.test.y.tolist() == Y.tolist()


def test_bytes_are_pixels_and_their_shape_is_kept():
    images = GENERATOR.integers(0, 256, (40, 3, 2), dtype=np.uint8)
    mine = of(train=(images, Y), test=(images, Y))
    assert mine.image_shape == (3, 2)
    assert torch.equal(mine.test.x, torch.tensor(images.reshape(40, 6)).float() / 255)


@pytest.mark.parametrize("kind", [np.float64, np.int16, list, torch.tensor])
def test_any_container_of_numbers_will_do(kind):
    values = kind(X.round()) if kind in (list, torch.tensor) else X.round().astype(kind)
    assert torch.equal(of(test=(values, Y)).test.x, torch.tensor(X.round()))


def test_sparse_rows_stay_sparse_and_mean_the_same():
    sparse = scipy.sparse.random(40, 6, density=0.3, random_state=3, format="coo")
    mine = of(train=(sparse, Y), test=(sparse, Y))
    assert mine.test.x.layout == torch.sparse_csr
    assert np.allclose(mine.dense().test.x, sparse.toarray())
    assert np.allclose(mine.subset(test=7).dense().test.x, sparse.toarray()[:7])


def test_sparse_bytes_are_pixels_too_and_entries_given_twice_are_added():
    rows, columns = [0, 0, 1], [2, 2, 0]
    bytes_twice = scipy.sparse.coo_matrix((np.array([51, 51, 255], np.uint8), (rows, columns)))
    mine = of(train=(np.eye(6, 3), Y[:6]), test=(bytes_twice, [0, 1]))
    assert torch.allclose(mine.dense().test.x, torch.tensor([[0, 0, 0.4], [1, 0, 0]]))


@pytest.mark.parametrize("share", [0.25, np.float32(0.25), np.float64(0.25)])
def test_a_share_may_be_any_number(share):
    assert len(of(validation=share).validation) == 10


def test_names_may_be_a_column_of_objects():
    names = np.array(["ant", "bee"], dtype=object)[Y % 2]
    assert of(train=(X, names), test=(X, names)).classes == ("ant", "bee")


def test_a_network_takes_it():
    mine = of()
    network = MLP((mine.inputs, 5, mine.outputs), seeds=[0])
    assert network(mine.test.x[None]).shape == (1, 8, 4)


NOT_A_NUMBER = X.copy()
NOT_A_NUMBER[3, 2] = np.nan
REFUSED = {
    "no examples": ({"train": (X[:0], Y[:0])}, "finite numbers or names"),
    "no test examples": ({"test": (X[:0], Y[:0])}, r"examples in rows .* shape \(0, 6\)"),
    "one axis": ({"train": (X[0], Y)}, r"examples in rows .* shape \(6,\)"),
    "fewer labels": ({"test": (X, Y[:5])}, "40 examples and 5 labels"),
    "fewer training labels": ({"train": (X, Y[:5])}, "40 examples and 5 labels"),
    "NaN": ({"test": (NOT_A_NUMBER, Y)}, "Got nan at example 3, input 2"),
    "infinity": ({"test": (X + np.inf, Y)}, "must be a finite number"),
    "negative label": ({"test": (X, Y - 1)}, "from 0 to 3. Got -1 at example 0"),
    "unknown label": ({"test": (X, Y + 1)}, "from 0 to 3. Got 4 at example 3"),
    "unknown name": ({"test": (X, ["eel"] * 40)}, "must be among 0, 1, 2, 3. Got 'eel'"),
    "half labels": ({"test": (X, Y + 0.5)}, "whole numbers or names"),
    "words": ({"test": (np.full((3, 6), "a"), Y[:3])}, "inputs .* must be numbers"),
    "ragged": ({"test": ([[1, 2], [3]], [0, 1])}, "rows of equal length"),
    "objects": ({"test": (np.array([[{}]]), [0])}, "mixed objects"),
    "another width": ({"test": (X[:, :5], Y)}, "must have 6 inputs"),
    "a share of nothing": ({"validation": 0.0}, "leaves some on both sides. Got 0"),
    "a share of all": ({"validation": 1.0}, "leaves some on both sides. Got 1"),
    "no share": ({"validation": float("nan")}, "Got nan"),
    "a wrong image": ({"image_shape": (2, 2)}, "must have 6 pixels.* Got 2 x 2"),
    "three things": ({"test": (X, Y, Y)}, "inputs and labels .* Got 3 things"),
    "no labels": ({"train": [X]}, "inputs and labels .* Got 1 things"),
    "nothing": ({"train": None}, "inputs and labels .* Got NoneType"),
    "no validation": ({"validation": None}, "inputs and labels .* Got NoneType"),
    "an infinite label": ({"test": (X, Y + np.inf)}, "whole numbers or names. Got inf"),
    "numbers that name": ({"train": (X, Y + 5_000_000)}, "40 labels up to 5000003; give their"),
    "a sparse tensor": ({"test": (torch.eye(6).to_sparse(), Y[:6])}, "a sparse matrix of SciPy"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_cannot_be_used_is_refused_with_its_place(fault):
    changes, sentence = REFUSED[fault]
    with pytest.raises(ValueError, match=sentence):
        of(**changes)
