"""The networks whose codes "separability" compares, trained and untrained, wide and narrow."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from relubook import datasets, history
from relubook.experiments import quartet
from relubook.experiments.quartet import UNITS, Group
from relubook.experiments.separability_values import DENSE, Config
from relubook.experiments.sweep import part_of
from relubook.networks import MLP, sizes
from relubook.training import Progress


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Networks that differ in their seed alone.

    Attributes:
        network: One model a seed.
        activation: A name of `UNITS`.
        l1: Penalty on the activations [1].
        trained: Whether to equal accuracy, or not at all.
        matched: Penalty of the rectifiers whose active units gave the width [1], or NaN.
        epoch: When the target was reached; 0 where it was not.
        test_error: Of the networks themselves [1].
    """

    network: MLP
    activation: str
    l1: float
    trained: bool
    matched: float
    epoch: Int[np.ndarray, "seeds"]
    test_error: Float[np.ndarray, "seeds"]


def make(
    config: Config, data: datasets.Dataset, *, device: str, progress: Progress | None
) -> list[Kind]:
    """The four activations, rectifiers under each penalty, dense networks as wide as they are busy.

    Args:
        config: What is trained.
        data: What it names, cut to its training examples.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
    """
    wide, narrow = len(UNITS) + len(config.l1), len(config.matched) * len(DENSE)
    each = config.epochs * len(config.seeds)
    total = (wide + narrow) * each
    light = data.subset(test=1)  # training measures errors after every epoch; tests come after it
    groups = quartet.train_quartet(
        config, light, device=device, progress=part_of(progress, 0, wide * each, total)
    )
    kinds = [_trained(group, data) for group in groups]
    done = wide * each
    for l1 in config.matched:
        busy = next(k for k in kinds if k.activation == "rectifier" and k.l1 == l1)
        width = busy_units(busy.network, data.test)
        for name in DENSE:
            group = quartet.train_group(
                config, light, name, width=width, device=device,
                progress=part_of(progress, done, each, total),
            )  # fmt: skip
            kinds.append(_trained(group, data, matched=l1))
            done += each
    return kinds + _untrained_alike(config, data, device)


def busy_units(network: MLP, split: datasets.Split) -> int:
    """Active units of a hidden layer, mean over layers, examples and models, at least 1."""
    _, zeros, _ = history.evaluate(network, split)
    width = network.sizes[1]
    return max(1, round(width * float(1 - zeros.mean())))


def _trained(group: Group, data: datasets.Dataset, matched: float = np.nan) -> Kind:
    """The kind of network that a group of the quartet is."""
    return Kind(
        network=group.network, activation=group.activation, l1=group.l1, trained=True,
        matched=matched, epoch=group.epoch,
        test_error=history.error(group.network, data.test).numpy(force=True),
    )  # fmt: skip


def _untrained_alike(config: Config, data: datasets.Dataset, device: str) -> list[Kind]:
    """Of the four activations, and of dense networks as wide as untrained rectifiers are busy."""
    wide = [_untrained(config, data, name, config.width, device) for name in UNITS]
    width = busy_units(wide[0].network, data.test)
    return wide + [_untrained(config, data, name, width, device, matched=0.0) for name in DENSE]


def _untrained(
    config: Config,
    data: datasets.Dataset,
    activation: str,
    width: int,
    device: str,
    matched: float = np.nan,
) -> Kind:
    """Networks as they are drawn."""
    shape = sizes(inputs=data.inputs, width=width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=config.seeds, activation=activation, device=device)
    return Kind(
        network=network, activation=activation, l1=0.0, trained=False, matched=matched,
        epoch=np.zeros(len(config.seeds), dtype=np.int64),
        test_error=history.error(network, data.test).numpy(force=True),
    )  # fmt: skip
