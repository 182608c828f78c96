"""Networks in the format of SoftplusExplorer with made-up numbers, for tests only."""

import numpy as np

RECORDED = [1.0, 1.3, 2.0, 3.0, 6.0, None]
STOPS = [1.0, 1.15, 1.3, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0, 10.0, 20.0, None]
PAPER = [17.68, 17.53, 16.9, 16.66, 16.54, 16.4]


def alpha_data(*, stops=STOPS, seeds=10):
    names = {"norb": ("TOYS for tests", 18.0), "mnist-5k": ("DIGITS for tests", 6.0)}
    sets = [_set(name, title, level, seeds) for name, (title, level) in names.items()]
    return {"stops": list(stops), "sets": sets}


def _set(name, title, level, seeds):
    random = np.random.default_rng(len(name))
    near, below = [0.4, 0.9, 3.0, 9.0, 27.0, 55.0], [0.0, 0.1, 0.6, 4.0, 16.0, 54.3]
    return {
        "name": name,
        "title": title,
        "network": "MADE-UP numbers, 400 - 200 units, batches of 32, 30 epochs",
        "seeds": seeds,
        "alphas": list(RECORDED),
        "rate": [0.4, 0.4, 0.2, 0.2, 0.1, 0.1],
        "error": [_around(random, level + 1.6 - 0.3 * i, seeds, 0.4) for i in range(6)],
        "diverged": [0] * 6,
        "zeros": [[0.0] * seeds] * 5 + [_around(random, 54.0, seeds, 1.0)],
        "near_relative": [_around(random, share, seeds, 0.1) for share in near],
        "near_absolute": [_around(random, share, seeds, 0.1) for share in below],
        "paper": list(PAPER) if name == "norb" else [],
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": f"relubook reproduce softplus-alpha {name}"},
    }  # fmt: skip


def _around(random, value, seeds, spread):
    return (value + spread * random.normal(size=seeds)).clip(0, 100).round(2).tolist()


def without_networks(data, place):
    """The data with every network of one alpha of the first set diverged."""
    first = data["sets"][0]
    for name in ("error", "zeros", "near_relative", "near_absolute"):
        first[name][place] = []
    first["diverged"][place] = first["seeds"]
    return data
