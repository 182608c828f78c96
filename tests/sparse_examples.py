"""Bags of words for tests: a few terms in each row, the first ones more often, some rows empty."""

import numpy as np
import scipy.sparse
import torch

from relubook import datasets, seeds
from relubook.datasets import Dataset, rows


def bags(examples: int, terms: int, *, seed: int = 0, share: float = 0.15) -> torch.Tensor:
    """Compressed rows of zeros and ones."""
    often = share * torch.linspace(2, 0.2, terms)
    drawn = torch.rand(examples, terms, generator=seeds.stream(seed, "bags")) < often
    drawn[0] = False  # a review without a known word
    found = scipy.sparse.csr_matrix(drawn.numpy().astype(np.float32))
    return rows.compressed(found.data, found.indices, found.indptr, width=terms)


def reviews(examples: int = 60, terms: int = 12, classes: int = 3, seed: int = 0) -> Dataset:
    """A data set of such bags; the class is that of the first words."""

    def split(count: int, number: int) -> tuple[scipy.sparse.csr_matrix, np.ndarray]:
        x = bags(count, terms, seed=seed + number)
        matrix = scipy.sparse.csr_matrix(x.to_dense().numpy())
        return matrix, (matrix[:, :classes] @ np.arange(1, classes + 1)).astype(int) % classes

    return datasets.of_arrays(
        "bags", train=split(examples, 0), validation=split(30, 1), test=split(30, 2)
    )
