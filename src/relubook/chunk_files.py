"""What a sweep leaves on the disk: histories of finished chunks, and the running one's checkpoint.

`chunk-FIRST-LAST.npz` holds the history of networks FIRST to LAST, counted from 0, a few kilobytes;
`running-FIRST-LAST.npz` the weights of a chunk in the middle of its training.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from relubook import checkpoints
from relubook.history import History


@dataclass(frozen=True)
class ChunkFiles:
    """The files of one sweep.

    Attributes:
        folder: Where they are; None keeps nothing.
        fingerprint: Of the sweep; files of another one are refused.
    """

    folder: Path | None
    fingerprint: str

    def finished(self) -> list[tuple[range, History]]:
        """The networks that are done, one by one, each once: chunks may overlap."""
        chunks: list[tuple[range, History]] = []
        for path in sorted(self.folder.glob("chunk-*.npz")) if self.folder else []:
            arrays = checkpoints.load(path, fingerprint=self.fingerprint)
            first, last = (int(end) for end in arrays.pop("models"))
            del arrays["seconds"], arrays["device"]
            taken = {model for models, _ in chunks for model in models}
            for model in sorted(set(range(first, last + 1)) - taken):
                alone = {name: values[..., [model - first]] for name, values in arrays.items()}
                chunks.append((range(model, model + 1), History(**alone)))
        return chunks

    def running(self) -> list[range]:
        """The networks of the chunks that were cut off, the first ones first."""
        found = set()
        for path in self.folder.glob("running-*.npz") if self.folder else []:
            ends = re.fullmatch(r"running-(\d+)-(\d+)(\.previous)?", path.stem)
            if ends:
                found.add((int(ends[1]), int(ends[2])))
        return [range(first, last + 1) for first, last in sorted(found)]

    def checkpoint(self, models: range) -> Path | None:
        """Where a running chunk is saved."""
        return _path(self.folder, "running", models) if self.folder else None

    def finish(self, models: range, history: History, device: str) -> None:
        """Keep a chunk's history, and where and how long it was trained; drop its checkpoint."""
        if self.folder:
            with np.load(_path(self.folder, "running", models), allow_pickle=False) as file:
                seconds = file["seconds"]
            arrays = {
                **vars(history),
                "models": np.array([models[0], models[-1]]),
                "seconds": seconds,
                "device": np.array(device),
            }
            path = _path(self.folder, "chunk", models)
            checkpoints.save(path, arrays, fingerprint=self.fingerprint)
        self.forget(models)

    def forget(self, models: range) -> None:
        """Delete a running chunk's checkpoint."""
        if self.folder:
            checkpoints.forget(_path(self.folder, "running", models))


def training_of(folder: Path) -> list[dict[str, Any]]:
    """Where and how long the networks of an experiment were trained, chunk by chunk.

    Args:
        folder: Of the experiment; chunks of all its sweeps are found.

    Returns:
        For each chunk its file's name, the `device`, and the `seconds` in all processes [s].
    """
    found = []
    for path in sorted(folder.rglob("chunk-*.npz")):
        with np.load(path, allow_pickle=False) as file:
            seconds, device = round(float(file["seconds"]), 1), str(file["device"])
        name = str(path.relative_to(folder).with_suffix(""))
        found.append({"chunk": name, "device": device, "seconds": seconds})
    return found


def _path(folder: Path, kind: str, models: range) -> Path:
    """The file of some of the networks."""
    return folder / f"{kind}-{models[0]:04d}-{models[-1]:04d}.npz"
