"""Table 2, quick: small networks on invented reviews of the 1,000 most frequent terms, in seconds.

So small, networks are faster on rows with their zeros, and restore all of them. The noise takes
half of the words away; with 0.8, as in "table-2", few of such short reviews' words are left.
"""

from pathlib import Path

from relubook import datasets
from relubook.experiments import table_2
from relubook.experiments.table_2_drawings import (
    describe,
    describe_zeros,
    draw,
    draw_zeros,
    subtitle,
)
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import Config, Result
from relubook.experiments.text_networks import Restoring
from relubook.training import Progress

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_zeros", "draw", "draw_zeros",
    "run", "subtitle",
]  # fmt: skip

NAME = "table-2-quick"
TITLE = "Table 2 with small networks on invented reviews, in seconds"
REVISION = 1
TERMS = 1_000

compare = table_2.compare
