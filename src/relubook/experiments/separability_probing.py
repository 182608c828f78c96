"""Probing the codes of one data set: which labels are drawn, and what is asked of each layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets, probes, seeds
from relubook.experiments.separability_values import LABELS, Config
from relubook.networks import MLP
from relubook.training import Progress

Codes = Float[Tensor, "_ units"]
PerLayer = dict[str, Float[np.ndarray, "layers *labels"]]


@dataclass(frozen=True, kw_only=True)
class Examiner:
    """Probes codes with the same few labels for every network of a seed.

    Attributes:
        validation: Where the labels are drawn from, and what chooses a probe's penalty.
        test: What judges it.
        drawn: For each seed the labelled rows [rounds classes] of `validation` and those left.
        labels: How many labelled examples a probe is fitted to.
        classes: How many there are.
        ridge: Penalties that a probe may choose from [1].
    """

    validation: datasets.Split
    test: datasets.Split
    drawn: tuple[tuple[Int[Tensor, "rounds classes"], Int[Tensor, "_"]], ...]
    labels: tuple[int, ...]
    classes: int
    ridge: tuple[float, ...]

    @classmethod
    def of(cls, config: Config, data: datasets.Dataset) -> "Examiner":
        """The examiner that a configuration asks for."""
        y, classes = data.validation.y, data.outputs
        labels = affordable(config.labels, y, classes)
        most = max(labels) // classes
        return cls(
            validation=data.validation, test=data.test, labels=labels, classes=classes,
            ridge=config.ridge,
            drawn=tuple(
                probes.draw_balanced(y, most, seeds.stream(seed, "labels"))
                for seed in config.seeds
            ),
        )  # fmt: skip

    def examine(
        self, fleets: Sequence[MLP], progress: Progress | None = None
    ) -> dict[str, Float[np.ndarray, "kinds seeds layers *labels"]]:
        """What `probe` finds in every hidden layer of every network."""
        networks = [(at, one) for fleet in fleets for at, (_, one) in enumerate(fleet.chunks(1))]
        rows = []
        for done, (seed, network) in enumerate(networks, start=1):
            rows.append(
                self.probe(seed, *(_codes(network, s) for s in (self.validation, self.test)))
            )
            if progress is not None:
                progress(done, len(networks), f"network {done} of {len(networks)} probed")
        shape = (len(fleets), len(self.drawn))
        return {
            name: np.stack([row[name] for row in rows]).reshape(*shape, *rows[0][name].shape)
            for name in rows[0]
        }

    def pixels(self) -> dict[str, Float[np.ndarray, "seeds 1 *labels"]]:
        """What `probe` finds in the inputs themselves."""
        codes = [self.validation.x.double()], [self.test.x.double()]
        rows = [self.probe(seed, *codes) for seed in range(len(self.drawn))]
        return {name: np.stack([row[name] for row in rows]) for name in rows[0]}

    def probe(self, seed: int, pool: list[Codes], tested: list[Codes]) -> PerLayer:
        """What `Result` says of each layer's code, and of each number of labels.

        Args:
            seed: Its place among the seeds.
            pool: Codes of the validation examples, layer by layer.
            tested: Codes of the test examples.
        """
        layers = list(zip(pool, tested, strict=True))
        found = [[self._probe(seed, *layer, count) for count in self.labels] for layer in layers]
        table = np.moveaxis(np.array(found), -1, 0)  # [error margin penalty, layers, labels]
        judged = min(self.labels, key=lambda count: abs(count - LABELS))
        alike = [self._probe(seed, *layer, judged, standardize=False)[0] for layer in layers]
        active = [float((h != 0).double().sum(-1).mean()) for h in tested]
        return dict(zip(("error", "margin", "penalty"), table, strict=True)) | {
            "error_alike": np.array(alike), "active": np.array(active),
        }  # fmt: skip

    def _probe(
        self, seed: int, pool: Codes, tested: Codes, count: int, *, standardize: bool = True
    ) -> list[float]:
        """Error, margin and penalty of one probe of one code."""
        chosen, rest = self.drawn[seed]
        rows = chosen[: count // self.classes].flatten()
        probe = probes.fit(
            (pool[None, rows], self.validation.y[None, rows]),
            (pool[None, rest], self.validation.y[None, rest]),
            classes=self.classes, penalties=self.ridge, standardize=standardize,
        )  # fmt: skip
        answers = (tested[None], self.test.y[None])
        margin = probes.margins(probe, *answers).mean() if standardize else np.nan
        return [float(probes.error(probe, *answers)), float(margin), float(probe.penalty)]


def affordable(labels: Sequence[int], y: Int[Tensor, "examples"], classes: int) -> tuple[int, ...]:
    """The numbers of labels that leave a third of the rarest class to choose a penalty.

    Raises:
        ValueError: If there are too few examples, or fewer labels than classes.
    """
    rarest = int(torch.bincount(y, minlength=classes).min())
    most = 2 * rarest // 3  # of each class
    fitting = tuple(n for n in labels if 1 <= n // classes <= most)
    if not fitting:
        raise ValueError(
            f"The `labels` of separability must be between {classes}, one for each class, and "
            f"{classes * most}, two thirds of the rarest class of the "
            f"validation split for each. Got {', '.join(map(str, labels)) or 'none'}."
        )
    return fitting


@torch.no_grad()
def _codes(network: MLP, split: datasets.Split) -> list[Codes]:
    """Each hidden layer's outputs of a single network, in float64 on the CPU."""
    weight = network.stacked_layers()[0].weight
    return [h[0].cpu().double() for h in network.hidden(split.x.to(weight)[None])]
