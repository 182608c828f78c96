"""What a sparse code keeps of its input: pixels read back from hidden layers by a linear decoder.

Stated before the run: a code's decoder is ridge regression, fitted on training examples, its
strength chosen on validation examples, judged on the test split by R², of the whole input, of the
class means and of what differs within the classes. A compression is smart if the rest goes first,
and more so than in principal components that read back as much of the whole.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets
from relubook.experiments import decoders
from relubook.experiments.read_back_figures import draw, draw_error, subtitle
from relubook.experiments.read_back_values import Config, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_error", "draw", "draw_error",
    "run", "subtitle",
]  # fmt: skip

NAME = "read-back"
TITLE = "What a sparse code keeps: pixels read back from hidden layers under L1"
REVISION = 2  # linear units read back as well

_DECODING = 4  # epochs of a network that decoding its layers takes as long as, about


def configure(scale: str, data: str | None = None) -> Config:
    """The quick protocol of Figure 3, with 3 x 256 units; the paper's width at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=24, depth=2, l1=(0.0, 1e-2), seeds=(0, 1),
            learning_rate=0.25, batch_size=50, epochs=2, train_examples=1000, fit_examples=800,
            choosing_examples=300,
        )  # fmt: skip
    wide, name = scale == "paper", data or ("mnist" if scale == "paper" else "mnist-5k")
    small = name == "mnist-5k"
    return Config(
        data=name, width=1000 if wide else 256, depth=3,
        l1=(0.0, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 6e-3, 1e-2), seeds=(0, 1, 2, 3, 4),
        learning_rate=0.25, batch_size=50, epochs=40 if small else 30 if wide else 8,
        fit_examples=50_000 if wide else 10_000, choosing_examples=5_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train rectifier and tanh networks, then read every hidden layer back."""
    data, passport = open_data(config.data, config.train_examples)
    strengths, seeds = len(config.l1), len(config.seeds)
    shares = [strengths * seeds * config.epochs, seeds * config.epochs,
              _DECODING * (strengths + 3) * seeds]  # fmt: skip
    parts = [
        part_of(progress, sum(shares[:place]), share, sum(shares))
        for place, share in enumerate(shares)
    ]
    rectifiers, history = _train(
        config, data, "rectifier", config.l1, device, parts[0], checkpoints
    )
    others, tanh = _train(config, data, "tanh", (0.0,), device, parts[1], checkpoints)
    untrained, linear = (
        MLP(rectifiers.sizes, seeds=config.seeds, activation=name, device=device)
        for name in ("rectifier", "linear")
    )
    reader = Reader.of(config, data)
    found, ridge = reader.read([rectifiers, untrained, linear, others], parts[2])
    trained = strengths * seeds
    shape = (strengths, seeds, config.depth)
    return Result(
        l1=np.array(config.l1),
        read=found[:trained].reshape(*shape, -1),
        ridge=ridge[:trained].reshape(shape),
        zeros=history.at_best("zero_fraction").T.reshape(shape),
        test_error=history.at_best("test_error").reshape(shape[:2]),
        diverged=history.diverged.reshape(shape[:2]),
        untrained_read=found[trained : trained + seeds],
        linear_read=found[trained + seeds : -seeds],
        untrained_zeros=reader.zeros(untrained),
        tanh_read=found[-seeds:],
        tanh_error=tanh.at_best("test_error"),
        input_read=reader.decoded(*reader.inputs)[0],
        principal=decoders.principal(
            reader.inputs[0], data.test.x, data.test.y, data.outputs, min(config.width, data.inputs)
        ),
        class_share=np.array(reader.class_share()),
        data=passport,
    )


def _train(
    config: Config,
    data: datasets.Dataset,
    activation: str,
    l1: tuple[float, ...],
    device: str,
    progress: Progress | None,
    checkpoints: Path | None,
) -> tuple[MLP, History]:
    """Networks of one activation, one for each strength and seed, with their best weights."""
    hyper = grid(learning_rate=config.learning_rate, l1=l1, seed=config.seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation, device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    file = None if checkpoints is None else Path(f"{checkpoints}.{activation}.npz")
    return network, train(network, data, hyper, schedule, progress=progress, checkpoint=file)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads codes of one data set.

    Attributes:
        inputs: What the decoders are fitted on, what chooses their penalty, what they are tested
            on: [examples inputs] each.
        test: The classes of the last.
        classes: How many there are.
        ridge: Penalties to choose from [1].
    """

    inputs: tuple[Float[Tensor, "_ inputs"], Float[Tensor, "_ inputs"], Float[Tensor, "_ inputs"]]
    test: Int[Tensor, "examples"]
    classes: int
    ridge: tuple[float, ...]

    @classmethod
    def of(cls, config: Config, data: datasets.Dataset) -> "Reader":
        """The reader that a configuration asks for."""
        train = data.train.x[: config.fit_examples]
        choosing = data.validation.x[: config.choosing_examples]
        return cls(
            inputs=(train, choosing, data.test.x), test=data.test.y, classes=data.outputs,
            ridge=config.ridge,
        )  # fmt: skip

    def read(
        self, fleets: list[MLP], progress: Progress | None = None
    ) -> tuple[Float[np.ndarray, "models layers parts"], Float[np.ndarray, "models layers"]]:
        """R² of every hidden layer of every network, and the penalties chosen."""
        networks = [network for fleet in fleets for _, network in fleet.chunks(1)]
        shares, chosen = [], []
        for place, network in enumerate(networks, start=1):
            codes = [_codes(network, x) for x in self.inputs]  # [splits layers]
            layers = [self.decoded(*layer) for layer in zip(*codes, strict=True)]
            shares.append([share for share, _ in layers])
            chosen.append([strength for _, strength in layers])
            if progress is not None:
                progress(place, len(networks), f"network {place} of {len(networks)} read back")
        return np.array(shares), np.array(chosen)

    def decoded(
        self,
        fitting: Float[Tensor, "_ units"],
        choosing: Float[Tensor, "_ units"],
        tested: Float[Tensor, "_ units"],
    ) -> tuple[Float[np.ndarray, "parts"], float]:
        """R² of a decoder of these codes, and its penalty; NaN if they are not finite."""
        if not all(h.isfinite().all() for h in (fitting, choosing, tested)):
            return np.full(len(decoders.PARTS), np.nan), np.nan
        pairs = (fitting, self.inputs[0]), (choosing, self.inputs[1])
        decoder = decoders.fit(*pairs, self.ridge)
        shares = decoders.read(decoder(tested), self.inputs[2], self.test, self.classes)
        return shares, decoder.strength

    def zeros(self, fleet: MLP) -> Float[np.ndarray, "models layers"]:
        """Exact zeros of every hidden layer on the test examples [1]."""
        rows = [_codes(network, self.inputs[2]) for _, network in fleet.chunks(1)]
        return np.array([[float((h == 0).double().mean()) for h in row] for row in rows])

    def class_share(self) -> float:
        """The share of the test inputs' variance that is between the class means [1]."""
        x = self.inputs[2].double()
        whole, between, _ = decoders.powers(x - x.mean(0), self.test, self.classes)
        return float(between / whole)


@torch.no_grad()
def _codes(network: MLP, x: decoders.Inputs) -> list[decoders.Codes]:
    """Each hidden layer's outputs of a single network, on the CPU."""
    weight = network.stacked_layers()[0].weight
    return [h[0].cpu() for h in network.hidden(x.to(weight).unsqueeze(0))]


def compare(result: Result) -> list[Comparison]:
    """The paper reads nothing back: nothing to set beside ours."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    zeros, read = 100 * result.zeros.mean((1, 2)), 100 * result.read.mean((1, 2))
    return (
        f"From {zeros[0]:.0f} % zeros without a penalty to {zeros[-1]:.0f} % with the strongest, "
        f"averaged over layers, the part read back of what differs within a class changes from "
        f"{read[0, 2]:.0f} to {read[-1, 2]:.0f} %, of the class means from {read[0, 1]:.0f} to "
        f"{read[-1, 1]:.0f} %. Before training, layer by layer, {_by_layer(result.linear_read)} % "
        f"of what differs within a class come back from linear units, "
        f"{_by_layer(result.untrained_read)} % from rectifiers of the same weights."
    )


def _by_layer(read: Float[np.ndarray, "seeds layers parts"]) -> str:
    """What is read back of the rest, one number a layer [%]."""
    return ", ".join(f"{100 * share:.0f}" for share in read[..., 2].mean(0))


def describe_error(result: Result) -> str:
    """The finding of `draw_error` in one sentence."""
    zeros, error = 100 * result.zeros.mean((1, 2)), 100 * np.median(result.test_error, axis=1)
    texts = ", ".join(f"{e:.1f} % at {z:.0f} %" for e, z in zip(error, zeros, strict=True))
    return f"Median test error at each penalty's share of zeros: {texts}."
