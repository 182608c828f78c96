"""Networks in the format of LabelShare with made-up numbers, for tests only."""

import numpy as np

from relubook.experiments.figure_4_live import _estimate, _listed, _papers

SHARES = [1.0, 4.3, 21.5, 43.0, 64.4, 100.0]
STOPS = [0.5, *SHARES]  # one that no set has recorded
SAVED = {"rectifier": [5.0, 3.0, 1.2, 0.1, 0.0, -0.4], "tanh": [2.0, 1.0, 0.6, 0.5, 0.4, 0.4]}


def label_data(*, seeds=5):
    sets = [
        _set("norb", "TOYS for tests", 3000, [61, 48, 33, 27, 24, 21], seeds),
        _set("mnist", "DIGITS for tests", 10_000, [23, 14, 6.5, 5.4, 4.6, 4.0], seeds),
    ]
    return {"stops": list(STOPS), "activations": ["rectifier", "tanh"], "sets": sets}


def _set(name, title, images, levels, seeds):
    random = np.random.default_rng(len(name))
    none = np.array([[[level] for level in levels], [[1.1 * level] for level in levels]])
    none = none + 0.8 * random.normal(size=(2, len(levels), seeds))
    saved = np.array(list(SAVED.values()))[:, :, None] + 0.3 * random.normal(size=none.shape)
    rows = dict(zip(SAVED, zip(none, none - saved, strict=True), strict=True))
    return {
        "name": name,
        "title": title,
        "network": "MADE-UP numbers, 256 - 128 units, batches of 10, L1 0.001",
        "images": images,
        "seeds": seeds,
        "shares": list(SHARES),
        "labels": [round(images * share / 100) for share in SHARES],
        "error": {
            unit: {start: [_listed(row) for row in rows[unit][i]]
                   for i, start in enumerate(("none", "with"))}
            for unit in rows
        },
        "gain": {unit: [_estimate(row) for row in none - pretrained]
                 for unit, (none, pretrained) in rows.items()},
        "paper": _papers(SHARES) if name == "norb" else {},
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": f"relubook reproduce figure-4 {name}"},
    }  # fmt: skip


def without_networks(data, share):
    """The data with every rectifier of one share of the first set diverged."""
    first = data["sets"][0]
    place = first["shares"].index(share)
    for start in ("none", "with"):
        first["error"]["rectifier"][start][place] = [None] * first["seeds"]
    first["gain"]["rectifier"][place] = dict.fromkeys(("mean", "low", "high"))
    return data
