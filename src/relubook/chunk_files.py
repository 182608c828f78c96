"""What a sweep leaves on the disk: histories of finished chunks, and the running one's checkpoint.

`chunk-FIRST-LAST.npz` holds the history of networks FIRST to LAST, a few kilobytes;
`running-FIRST-LAST.npz` the weights of a chunk in the middle of its training.
"""

from dataclasses import dataclass
from pathlib import Path

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
        """The chunks that are done, each network once."""
        chunks: list[tuple[range, History]] = []
        for path in sorted(self.folder.glob("chunk-*.npz")) if self.folder else []:
            arrays = checkpoints.load(path, fingerprint=self.fingerprint)
            first, last = (int(end) for end in arrays.pop("models"))
            taken = {model for models, _ in chunks for model in models}
            if taken.isdisjoint(range(first, last + 1)):
                chunks.append((range(first, last + 1), History(**arrays)))
        return chunks

    def running(self, left: range) -> range | None:
        """The networks of a chunk that was cut off, if it is among those that are left."""
        for path in sorted(self.folder.glob("running-*.npz")) if self.folder else []:
            first, last = (int(part) for part in path.stem.split("-")[1:])
            if first in left and last in left:
                return range(first, last + 1)
        return None

    def checkpoint(self, models: range) -> Path | None:
        """Where a running chunk is saved."""
        return _path(self.folder, "running", models) if self.folder else None

    def finish(self, models: range, history: History) -> None:
        """Keep a chunk's history; its checkpoint is no longer needed."""
        if self.folder:
            arrays = {**vars(history), "models": np.array([models[0], models[-1]])}
            path = _path(self.folder, "chunk", models)
            checkpoints.save(path, arrays, fingerprint=self.fingerprint)
        self.forget(models)

    def forget(self, models: range) -> None:
        """Delete a running chunk's checkpoint."""
        if self.folder:
            _path(self.folder, "running", models).unlink(missing_ok=True)


def _path(folder: Path, kind: str, models: range) -> Path:
    """The file of some of the networks."""
    return folder / f"{kind}-{models[0]:04d}-{models[-1]:04d}.npz"
