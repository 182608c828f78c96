"""The state of pretraining: what happened so far, and how it is saved and taken up again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float, Int

from relubook import checkpoints
from relubook.networks import MLP
from relubook.pretraining_layers import Layer
from relubook.runs import Saver

_COURSE = ("error", "best_epoch", "dead", "chosen")


@dataclass(kw_only=True)
class Course:
    """What happened while layers were pretrained.

    Attributes:
        error: Cost of restoring a corrupted validation example after each pass, mean of examples;
            NaN for passes that were not reached, and where it is not finite.
        best_epoch: Of each layer, the pass with the lowest error; -1 if there is none.
        dead: Share of units that no validation example activates, with the weights kept [1].
        chosen: The place of the network whose layer each network went on with.
        finished: Layers that were trained to the end.
    """

    error: Float[np.ndarray, "layers epochs models"]
    best_epoch: Int[np.ndarray, "layers models"]
    dead: Float[np.ndarray, "layers models"]
    chosen: Int[np.ndarray, "layers models"]
    finished: int = 0

    @classmethod
    def begin(cls, layers: int, passes: int, models: int) -> "Course":
        """A course of which nothing is done yet."""
        return cls(
            error=np.full((layers, passes, models), np.nan),
            best_epoch=np.full((layers, models), -1),
            dead=np.full((layers, models), np.nan),
            chosen=np.tile(np.arange(models), (layers, 1)),
        )

    @property
    def lost(self) -> Bool[np.ndarray, "models"]:
        """Which networks went on with a finished layer that never had a finite error."""
        best = np.take_along_axis(self.best_epoch, self.chosen, axis=1)
        return np.any(best[: self.finished] < 0, axis=0)

    def choose(self, position: int, seeds: Sequence[int]) -> None:
        """Note, for each network, which one of its seed restored best in this layer."""
        rows = np.nan_to_num(self.error[position], nan=np.inf).min(axis=0)
        for seed in dict.fromkeys(seeds):
            places = np.flatnonzero(np.array(seeds) == seed)
            self.chosen[position, places] = places[rows[places].argmin()]


@dataclass(kw_only=True)
class Run:
    """Pretraining in progress.

    A state is written between two passes, with the layer as it is then. What follows the last pass
    of a layer (best weights put in place, a rate chosen) is done again by a run that goes on.

    Attributes:
        network: The models being trained.
        chunk: How many of them are trained at a time; a run that goes on keeps it.
        course: What happened so far.
        saver: Writes the states.
        first: The first model of the chunk being trained.
        passes: How many that chunk has had in this layer.
        cut: The state of the layer in which the run was cut, until it is taken up.
    """

    network: MLP
    chunk: int
    course: Course
    saver: Saver | None = None
    first: int = 0
    passes: int = 0
    cut: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Networks times passes so far."""
        epochs, trained = (
            self.course.error.shape[1],
            min(self.chunk, self.network.models - self.first),
        )
        before = self.course.finished * self.network.models + self.first
        return epochs * before + trained * self.passes

    def chunks(self) -> Iterator[tuple[slice, MLP]]:
        """The parts of the network whose layer is still to be trained, with their places."""
        for models, part in self.network.chunks(self.chunk):
            if models.start >= self.first:
                self.first = models.start
                yield models, part
                self.passes = 0

    def take_up(self, layer: Layer) -> range:
        """The passes that a layer still needs; it goes on from where it was cut."""
        if self.cut:
            layer.go_on(self.cut)
            self.cut = {}
        return range(self.passes, self.course.error.shape[1])

    def note(self, models: slice, error: Float[np.ndarray, "part"]) -> None:
        """Write down how well some models restore after a pass."""
        self.course.error[self.course.finished, self.passes, models] = error
        self.passes += 1

    def close(self, models: slice, layer: Layer) -> None:
        """Some models have their best weights now."""
        self.course.best_epoch[self.course.finished, models] = layer.best_epoch
        self.course.dead[self.course.finished, models] = layer.close()

    def close_layer(self, *, choose: bool) -> None:
        """All models have; those of a seed go on with the best layer, if asked."""
        position = self.course.finished
        if choose:
            self.course.choose(position, self.network.seeds)
            take_over(self.network, position, self.course.chosen[position])
        self.course.finished, self.first, self.passes = position + 1, 0, 0

    def save(self, layer: Layer | None, *, last: bool) -> None:
        """Write a checkpoint if there is to be one and it is time."""
        if self.saver is not None:
            self.saver.save(lambda: self._arrays(layer), last=last)

    def resume(self, path: Path, fingerprint: str) -> None:
        """Save to a file, and go on from it if it is there; damaged or foreign it is refused."""
        self.saver = Saver(path=path, fingerprint=fingerprint)
        arrays = checkpoints.latest(path, fingerprint=fingerprint)
        if arrays is None:
            return
        with torch.no_grad():
            for place, parameter in enumerate(self.network.parameters()):
                parameter.copy_(torch.from_numpy(arrays[f"weights_{place}"]))
        for name in _COURSE:
            setattr(self.course, name, arrays[f"course_{name}"])
        self.course.finished = int(arrays["finished"])
        self.chunk, self.first, self.passes = (
            int(arrays[name]) for name in ("chunk", "first", "passes")
        )
        start = "layer_"
        self.cut = {n.removeprefix(start): v for n, v in arrays.items() if n.startswith(start)}

    def _arrays(self, layer: Layer | None) -> dict[str, np.ndarray]:
        """Everything a run goes on from."""
        arrays = {f"course_{name}": getattr(self.course, name) for name in _COURSE}
        for place, parameter in enumerate(self.network.parameters()):
            arrays[f"weights_{place}"] = parameter.numpy(force=True)
        if layer is not None:
            arrays |= {f"layer_{name}": values for name, values in layer.state().items()}
        where = {"finished": self.course.finished, "chunk": self.chunk}
        where |= {"first": self.first, "passes": self.passes}
        return arrays | {name: np.array(value) for name, value in where.items()}


@torch.no_grad()
def take_over(network: MLP, position: int, chosen: Int[np.ndarray, "models"]) -> None:
    """Give each network the layer of the network that was chosen for it."""
    layer = network.stacked_layers()[position]
    places = torch.from_numpy(chosen).to(layer.weight.device)
    for parameter in layer.parameters():
        parameter.copy_(parameter[places])
