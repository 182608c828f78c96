"""Networks that read reviews: do more different words make more of their units active?"""

from collections.abc import Sequence

import numpy as np

from relubook import datasets
from relubook.experiments.code_size_values import TENTHS, WordsConfig
from relubook.experiments.code_sizes import active, tenths
from relubook.experiments.rank_correlations import spearman
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train


def opened(config: WordsConfig) -> datasets.Dataset:
    """The first reviews of each split, with every zero stored.

    Args:
        config: Which, and how many.
    """
    found = datasets.load(config.data).subset(
        train=config.train_examples, validation=config.examples, test=config.examples
    )
    return found.dense()


def measured(
    config: WordsConfig,
    data: datasets.Dataset,
    seeds: Sequence[int],
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """The arrays of a result that are about words.

    Args:
        config: What is trained.
        data: What `opened` gave.
        seeds: Of weights and order.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`, in networks times epochs.
    """
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1, seed=seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    untrained = MLP(shape, seeds=seeds, device=device)
    trained = MLP(shape, seeds=hyper.seed.tolist(), device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    train(trained, data, hyper, schedule, progress=progress)
    rows = (1 + len(config.l1), len(seeds))
    networks = (untrained, trained)
    size = np.concatenate([active(network, data.test.x)[..., -1] for network in networks])
    wrong = [error(network, data.test).numpy(force=True) for network in networks]
    words = (data.test.x != 0).sum(1).double().numpy()
    words_tenths, words_tenths_size = tenths(words, size.astype(float), many=TENTHS)
    return {
        "words_trained": np.array([False] + [True] * len(config.l1)),
        "words_l1": np.array([0.0, *config.l1]),
        "words_units": np.array([config.width * config.depth]),
        "words_spearman": spearman(size.astype(float), words).reshape(rows),
        "words_tenths": words_tenths,
        "words_tenths_size": words_tenths_size.reshape(*rows, TENTHS),
        "words_test_error": np.concatenate(wrong).reshape(rows),
    }
