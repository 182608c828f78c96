"""Networks in the format of RelativesExplorer with made-up numbers, for tests only."""

import numpy as np

from relubook.experiments.relatives_live import _estimate
from relubook.experiments.relatives_shapes import REACH, shapes
from relubook.experiments.relatives_values import KINDS

NAMES = list(KINDS)
SAVED = [0.0, 0.02, 0.25, 0.3, 0.4, 0.1, 0.35, 0.3, 0.45, 0.05, -2.5, -0.6, 0.5, 0.9]  # points
ZEROS = [70, 0, 0, 0, 0, 0, 0, 0, 58, 56, 75, 0, 60, 72]  # percent
SHIFT = [1, 0.9, 0.6, 0.5, 0.4, 0.2, 0.7, 0.6, 1, 1, 1, 0.1, 1, 1]
TIME = [1, 1.02, 1.2, 2.4, 1.1, 1.1, 1.3, 1.1, 1.9, 1.1, 1.05, 1.2, 1.6, 2.2]


def relatives_data(*, seeds=10):
    titles = {"mnist": ("MNIST for tests", 5.0), "mnist-5k": ("DIGITS for tests", 8.0)}
    sets = [_set(name, title, level, seeds) for name, (title, level) in titles.items()]
    return {"reach": REACH, "kinds": shapes(), "sets": sets}


def _set(name, title, level, seeds):
    random = np.random.default_rng(len(name))

    def around(values, spread, number=seeds, most=np.inf):
        return np.clip([value + spread * random.normal(size=number) for value in values], 0, most)

    error = around([level - saved for saved in SAVED], 0.15)
    return {
        "name": name,
        "title": title,
        "network": "MADE-UP numbers, 3 × 128 units, batches of 32, 12 epochs",
        "seeds": seeds,
        "tried": [0.4, 0.2, 0.1, 0.05],
        "rate": [0.1] * 4 + [0.05] * 10,
        "slopes": [0.21, 0.34, 0.12],
        "quantities": {
            "error": _estimates(error),
            "saved": _estimates(error[0] - error),
            "zeros": _estimates(around(ZEROS, 1.0) * (np.array(ZEROS) > 0)[:, None]),
            "dead": _estimates(around([3] + [0] * 13, 0.0)),
            "shift": _estimates(around(SHIFT, 0.01, most=1)),
            "time": _estimates(np.vstack([np.ones(9), around(TIME[1:], 0.02, 9)])),
        },
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": f"relubook reproduce relatives {name}"},
    }  # fmt: skip


def _estimates(rows):
    return [_estimate(row, 3) for row in rows]


def without_networks(data, unit, lost=None):
    """The data with the first networks of one unit of the first set diverged, by default all."""
    place, first = NAMES.index(unit), data["sets"][0]
    lost = first["seeds"] if lost is None else lost
    for name in ("error", "saved", "zeros", "dead", "shift"):
        rows = first["quantities"][name]
        kept = [np.nan] * lost + rows[place]["values"][lost:]
        rows[place] = _estimate(np.array(kept, dtype=float), 3)
    return data
