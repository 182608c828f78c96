"""Linear models of bags of words, to compare what a reader gives with known figures."""

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge

from relubook.datasets import rows


def matrix(x):
    """Compressed rows, for scikit-learn."""
    starts, columns, values = (part.numpy() for part in rows.stored(x))
    return csr_matrix((values, columns, starts), shape=tuple(x.shape))


def accuracy(parts, *, positive, group=None):
    """Of logistic regression, classes from `positive` on against those below; of one group."""
    model = LogisticRegression(C=0.1, max_iter=300)
    (train, y), (test, answers) = (
        (matrix(chosen.x), chosen.y.numpy() >= positive)
        for chosen in (of_group(part, group) for part in (parts.train, parts.test))
    )
    return model.fit(train, y).score(test, answers)


def of_group(split, group):
    """The examples of a group; all of them without one."""
    return split if group is None else split.take((split.group == group).nonzero().flatten())


def rating_error(parts, classes, *, strength=100.0):
    """Root mean square errors [stars] of ridge regression, and of always guessing the mean."""
    stars = torch.tensor([float(name) for name in classes])
    y, answers = (stars[part.y].numpy() for part in (parts.train, parts.test))
    model = Ridge(alpha=strength, solver="lsqr").fit(matrix(parts.train.x), y)
    guesses = model.predict(matrix(parts.test.x))
    return rms(guesses - answers), rms(y.mean() - answers)


def rms(errors):
    return float(np.sqrt((errors**2).mean()))
