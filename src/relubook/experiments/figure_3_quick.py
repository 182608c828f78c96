"""Figure 3, quick: mini-batches five times as large, learning rate five times as large.

Fewer and larger steps take a fraction of the time. Whether they draw the same picture is a question
of its own; the records of both answer it.
"""

from dataclasses import replace

from relubook.experiments import figure_3
from relubook.experiments.figure_3 import (
    Config,
    Result,
    compare,
    describe,
    describe_epochs,
    draw,
    draw_epochs,
    run,
)

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_epochs", "draw",
    "draw_epochs", "run",
]  # fmt: skip

NAME = "figure-3-quick"
TITLE = "Figure 3 with mini-batches of 50 and a learning rate five times as large"
REVISION = 1

FACTOR = 5


def configure(scale: str, data: str | None = None) -> Config:
    """The configuration of `figure-3` with batch and learning rate multiplied."""
    exact = figure_3.configure(scale, data)
    rate = exact.learning_rate
    return replace(
        exact,
        batch_size=FACTOR * exact.batch_size,
        learning_rate=None if rate is None else FACTOR * rate,
    )
