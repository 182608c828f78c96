"""The networks, measurements and records behind the book *relubook*.

The main path, from the formula to the page:

- `activations`: the rectifier and its relatives, with their derivatives
- `networks`: `MLP`, many networks as one, along a leading `models` axis
- `steps`, `training`: one training step, and `train`, which repeats it
- `sparsity`: how many activations are exact zeros
- `experiments`: one file per figure or table of the paper
- `records`: results with their provenance; the only way numbers reach the book
- `claims`: each claim of the paper, judged by a record
- `widgets`, `figures`: what a reader sees
- `paper`: every number printed in 2011

Importing `relubook` itself loads nothing heavy.
"""

__version__ = "0.1.0"
