"""How much of the machine a notebook may take."""

from dataclasses import dataclass, fields

_MEBIBYTE = 2**20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one notebook may take while it runs.

    Attributes:
        cell_s: Time of one cell [s].
        total_s: Time of all cells together [s].
        memory: Each process [byte]. Importing torch takes about a third of the default.
        processes: Processes and threads at once.
        disk: All files together, which lie in memory and vanish [byte].
        output: What all cells put out together [byte].
    """

    cell_s: float = 60.0
    total_s: float = 600.0
    memory: int = 4_096 * _MEBIBYTE
    processes: int = 128
    disk: int = 256 * _MEBIBYTE
    output: int = 2 * _MEBIBYTE

    def __post_init__(self) -> None:
        for name in (field.name for field in fields(self)):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"The `{name}` of Limits must be above 0. Got {getattr(self, name)}."
                )
