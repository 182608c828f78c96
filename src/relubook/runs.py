"""The state of a training run: history so far, best weights, and how it is saved and resumed."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from relubook import checkpoints
from relubook.history import History, Measurement
from relubook.networks import MLP

_SECONDS_BETWEEN_SAVES = float(os.environ.get("RELUBOOK_SAVE_SECONDS", "60"))
_LARGEST_SHARE = 0.05  # of the time may go into saving: a wide fleet's weights are gigabytes
_PER_LAYER = ("zero_fraction", "dead")
_PER_MODEL = ("loss", "validation_error", "test_error")


@dataclass(kw_only=True)
class Saver:
    """Writes checkpoints: at most once a minute, rarer if it takes long; always the last.

    Attributes:
        path: The file.
        fingerprint: What decides the result; a checkpoint of another run is refused.
        saved_at: When the last one was written, or the run began [s].
        took: How long that took [s].
    """

    path: Path
    fingerprint: str
    saved_at: float = field(default_factory=time.monotonic)
    took: float = 0.0

    def save(self, arrays: Callable[[], dict[str, np.ndarray]], *, last: bool) -> None:
        """Write what `arrays` returns, if it is time or this is the last."""
        now = time.monotonic()
        wait = max(_SECONDS_BETWEEN_SAVES, self.took / _LARGEST_SHARE)
        if last or now - self.saved_at >= wait:
            checkpoints.save(self.path, arrays(), fingerprint=self.fingerprint, keep=True)
            self.saved_at = time.monotonic()
            self.took = self.saved_at - now


@dataclass
class Run:
    """A run in progress.

    Attributes:
        network: The models being trained.
        history: Arrays [epochs models] or [epochs layers models], NaN where not measured yet.
        best_epoch: The epoch of each model's lowest validation error so far, or -1.
        diverged: The epoch in which a model's cost stopped being finite, or -1.
        best: Copies of the state at each model's best validation epoch; none if the last weights
            are to be kept.
        finished: Epochs done.
        seconds_before: Time spent in processes that were cut off [s].
        began_at: When this process began [s].
        saver: Writes the checkpoints, once a file is named.
    """

    network: MLP
    history: dict[str, np.ndarray]
    best: list[Tensor]
    best_epoch: np.ndarray
    diverged: np.ndarray
    finished: int = 0
    seconds_before: float = 0.0
    began_at: float = field(default_factory=time.monotonic)
    saver: Saver | None = None

    @classmethod
    def begin(cls, network: MLP, epochs: int, *, keep: str) -> "Run":
        """A run of which nothing is done yet."""
        shapes = dict.fromkeys(_PER_MODEL, (epochs, network.models))
        shapes |= dict.fromkeys(_PER_LAYER, (epochs, network.depth, network.models))
        return cls(
            network=network,
            history={name: np.full(shape, np.nan) for name, shape in shapes.items()},
            best=[p.detach().clone() for p in _state(network) if keep == "best"],
            best_epoch=np.full(network.models, -1),
            diverged=np.full(network.models, -1),
        )

    def note(self, models: slice, measured: Measurement) -> None:
        """Write down this epoch's numbers of some models; mark those that diverged."""
        numbers = measured.arrays()
        bad = ~np.isfinite(numbers["loss"]) | (self.diverged[models] >= 0)
        for name, values in numbers.items():
            values[..., bad] = np.nan
            self.history[name][self.finished, ..., models] = values
        newly = bad & (self.diverged[models] < 0)
        self.diverged[models] = np.where(newly, self.finished, self.diverged[models])

    @torch.no_grad()
    def close_epoch(self) -> None:
        """Note, and copy if asked, the models that are better on validation than ever before."""
        errors = self.history["validation_error"][: self.finished + 1]
        filled = np.where(np.isnan(errors), np.inf, errors)
        improved = filled[-1] < filled[:-1].min(axis=0, initial=np.inf)
        self.best_epoch = np.where(improved, self.finished, self.best_epoch)
        models = torch.from_numpy(np.flatnonzero(improved))
        for kept, now in self._pairs():
            kept[models.to(now.device)] = now[models.to(now.device)]
        self.finished += 1

    @torch.no_grad()
    def end(self) -> History:
        """The history of the finished epochs; the network gets the best weights, if kept."""
        for kept, now in self._pairs():
            now.copy_(kept)
        done = {name: values[: self.finished] for name, values in self.history.items()}
        return History(**done, best_epoch=self.best_epoch, diverged=self.diverged)

    def save(self, *, last: bool) -> None:
        """Write a checkpoint if there is to be one and it is time."""
        if self.saver is not None:
            self.saver.save(self._arrays, last=last)

    @torch.no_grad()
    def resume(self, path: Path, fingerprint: str) -> None:
        """Save to a file, and go on from it if it is there; damaged or foreign it is refused."""
        self.saver = Saver(path=path, fingerprint=fingerprint)
        arrays = checkpoints.latest(path, fingerprint=fingerprint)
        if arrays is None:
            return
        for name in self.history:
            self.history[name] = arrays[f"history_{name}"]
        for position, parameter in enumerate(_state(self.network)):
            parameter.copy_(torch.from_numpy(arrays[f"weights_{position}"]))
        for position, kept in enumerate(self.best):
            kept.copy_(torch.from_numpy(arrays[f"best_{position}"]))
        self.best_epoch, self.diverged = arrays["best_epoch"], arrays["diverged"]
        self.finished = int(arrays["finished"])
        self.seconds_before = float(arrays["seconds"])

    def _pairs(self) -> list[tuple[Tensor, Tensor]]:
        """Each kept copy with the tensor it was copied from; none if none is kept."""
        return list(zip(self.best, _state(self.network), strict=True)) if self.best else []

    def _arrays(self) -> dict[str, np.ndarray]:
        """Everything a run goes on from."""
        arrays = {f"history_{name}": values for name, values in self.history.items()}
        for position, parameter in enumerate(_state(self.network)):
            arrays[f"weights_{position}"] = parameter.numpy(force=True)
        for position, kept in enumerate(self.best):
            arrays[f"best_{position}"] = kept.numpy(force=True)
        arrays |= {"best_epoch": self.best_epoch, "diverged": self.diverged}
        seconds = self.seconds_before + time.monotonic() - self.began_at
        return arrays | {"finished": np.array(self.finished), "seconds": np.array(seconds)}


def _state(network: MLP) -> list[Tensor]:
    """All that training changes: parameters, and what units remember besides."""
    return [*network.parameters(), *network.buffers()]
