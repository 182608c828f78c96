"""Sparse rows behave as dense ones do, and data of another shape is other data."""

import numpy as np
import pytest
import scipy.sparse
import torch

from relubook import datasets
from relubook.datasets import rows


def test_sparse_rows_of_another_width_are_other_data():
    def of(width):
        x = scipy.sparse.csr_matrix(np.eye(4, 3))
        x.resize(4, width)
        pair = (x, [0, 1, 0, 1])
        return datasets.of_arrays("bags", train=pair, test=pair, validation=0.5)

    assert of(3).sha256 == of(3).sha256
    assert of(3).sha256 != of(5).sha256


@pytest.mark.parametrize("chosen", [[2, 0], [-1], [-4, 3], []])
def test_rows_are_taken_alike_from_sparse_and_dense(chosen):
    whole = np.diag([1.0, 2.0, 3.0, 4.0])[:, [0, 2, 3, 1]]
    sparse = scipy.sparse.csr_matrix(whole)
    x = rows.compressed(sparse.data, sparse.indices, sparse.indptr, width=4)
    places = torch.tensor(chosen, dtype=torch.int64)
    assert torch.equal(rows.dense(rows.take(x, places)), torch.tensor(whole)[places].float())


def test_a_stored_number_has_its_row_and_column():
    whole = np.array([[0, 5, 0], [0, 0, 0], [7, 0, 9]])
    sparse = scipy.sparse.csr_matrix(whole)
    x = rows.compressed(sparse.data, sparse.indices, sparse.indptr, width=3)
    assert [rows.place(x, entry) for entry in range(3)] == [(0, 1), (2, 0), (2, 2)]
    assert rows.place(torch.tensor(whole).float(), 8) == (2, 2)


@pytest.mark.parametrize("starts", [[0, 2, 1, 3], [0, 1, 2, 4], [1, 1, 2, 3]])
def test_rows_that_contradict_themselves_are_refused(starts):
    with pytest.raises(ValueError, match="These are no compressed rows"):
        rows.compressed(np.ones(3), np.zeros(3, int), np.array(starts), width=2)
