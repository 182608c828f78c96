"""Frames in the widget's format with made-up numbers, for tests only: no record is needed."""

import base64

import numpy as np

STRENGTHS = [0, 1e-5, 3e-5, 1e-4, 3e-4, 6e-4, 1e-3, 2e-3, 4e-3, 7e-3, 1e-2, 2e-2]


def explorer_data(*, strengths=STRENGTHS, depths=(1, 2, 3, 4, 5), seeds=5, units=24, per_class=3):
    random = np.random.default_rng(0)
    digits = [d for d in range(10) for _ in range(per_class)]
    data = {
        name: []
        for name in ("error", "zeros", "zeros_by_layer", "dead_by_layer", "collapsed", "raster")
    }
    for depth in depths:
        row = [_setting(random, i / (len(strengths) - 1), depth, seeds, units, len(digits))
               for i in range(len(strengths))]  # fmt: skip
        for name, values in data.items():
            values.append([setting[name] for setting in row])
    scaled = [[[round(e * 2 + 2, 2) for e in s] for s in row] for row in data["error"]]
    return {
        **data,
        "l1": list(strengths), "depths": list(depths), "seeds": seeds,
        "data": "MADE-UP numbers for tests", "network": "width 128, batch 32, 10 epochs",
        "raster_units": units, "raster_digits": digits,
        "paper": _paper(random),
        "live_band": {"data": "MNIST-5k, 3,000 training digits", "error": scaled,
                      "zeros": data["zeros"]},
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": "relubook reproduce depth-and-l1"},
    }  # fmt: skip


def _setting(random, strength, depth, seeds, units, digits):
    layers = [float(np.clip(60 + 38 * strength**0.7 + 2 * layer + random.normal(), 5, 99.9))
              for layer in range(depth)]  # fmt: skip
    collapsed = bool(strength > 0.85 and depth > 3)
    layers = [100.0] * depth if collapsed else layers
    error = 88.65 if collapsed else 1.75 + 2.4 * max(0, strength - 0.55) * depth**0.5
    scatter = random.normal(size=(2, seeds))
    dead = [60 * max(0, strength - 0.4) * random.random() for _ in layers]
    zeros = np.clip(np.mean(layers) + 0.7 * scatter[1], 0, 100)
    return {
        "error": (error + (0 if collapsed else 0.1) * scatter[0]).round(2).tolist(),
        "zeros": zeros.round(2).tolist(),
        "zeros_by_layer": [round(z, 1) for z in layers],
        "dead_by_layer": [100.0 if collapsed else round(share, 1) for share in dead],
        "collapsed": collapsed,
        "raster": _raster(random, layers, units, digits),
    }  # fmt: skip


def _raster(random, layers, units, digits):
    cells = [_layer(random, zeros, units, digits) for zeros in layers]
    return base64.b64encode(np.stack(cells).tobytes()).decode()


def _layer(random, zeros, units, digits):
    taste = random.normal(size=(units, 10)).repeat(digits // 10, axis=1)
    drive = taste + 0.6 * random.normal(size=(units, digits))
    drive -= np.quantile(drive, zeros / 100)
    return np.where(drive > 0, np.ceil(255 * drive / max(drive.max(), 1e-9)), 0).astype(np.uint8)


def _paper(random):
    zeros = np.sort(np.concatenate([random.normal(77, 2.5, 110), random.uniform(84, 99, 60)]))
    error = 1.39 + 0.067 * np.maximum(zeros - 87, 0) + random.normal(0, 0.07, zeros.size)
    return {"zeros": zeros.round(1).tolist(), "error": error.round(2).tolist()}


SHARES = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99]
BATCHES = [1, 2, 4, 8, 16, 32, 64]
# Fixed and per-example parts of a call [us]: with every unit active, and with none.
COSTS = {"dense": (127, 9.5, 9.5), "gathered": (9, 183, 4.5), "csr": (10, 150, 3.8)}
TRAINED = {0: 0.43, 1e-4: 0.74, 3e-4: 0.84, 1e-3: 0.92, 3e-3: 0.97}


def cost_data(*, shares=SHARES, batches=BATCHES, methods=tuple(COSTS), networks=TRAINED):
    random = np.random.default_rng(0)
    times = {m: [[_seconds(m, z, b, random) for b in batches] for z in shares] for m in methods}
    around = {part: {m: [[t * by for t in row] for row in rows] for m, rows in times.items()}
              for part, by in (("low", 0.93), ("high", 1.12))}  # fmt: skip
    return {
        "zeros": list(shares), "batch": list(batches), "methods": list(methods), "width": 1000,
        "device": "a MADE-UP machine, 1 thread", "data": "MADE-UP digits", "layer": times, **around,
        "networks": [_network(l1, z, batches, methods, random) for l1, z in networks.items()],
        "paper_zeros": 83.4,
        "passport": {"commit": "0000000", "seeds": [0, 1, 2], "wall_time": "12 min",
                     "device": "cpu", "command": "relubook reproduce skipping-zeros"},
    }  # fmt: skip


def _seconds(method, zeros, batch, random, layers=1):
    call, active, idle = COSTS[method]
    each = idle + (active - idle) * (1 - zeros)
    return float(f"{layers * (call / batch + each) * (1 + 0.02 * random.normal()) * 1e-6:.3g}")


def _network(l1, zeros, batches, methods, random):
    by_layer = [round(zeros + shift, 3) for shift in (0.02, 0.0, -0.02)]
    return {
        "l1": l1, "zeros": zeros, "zeros_by_layer": by_layer, "error": 1.5 + 8 * (zeros - 0.8) ** 2,
        "time": {m: [_seconds(m, zeros, b, random, layers=3) for b in batches] for m in methods},
        "union": [round(min(1.0, (1 - zeros) * b**0.4), 3) for b in batches],
    }  # fmt: skip


HINGES = [1, 2, 3, 4, 6, 8, 12]


def hinge_data(*, counts=HINGES, seeds=5, steps=4000):
    random = np.random.default_rng(0)
    x = np.linspace(-1, 1, 201)
    targets = {"sine": np.sin(np.pi * x), "step": np.where(x < -1e-9, -0.8, 0.8)}
    return {
        "x": x.round(4).tolist(),
        "targets": {name: heights.round(4).tolist() for name, heights in targets.items()},
        "counts": list(counts),
        "error": {"sine": _hinge_errors(random, counts, seeds, 1.6, 1.0),
                  "step": _hinge_errors(random, counts, seeds, 0.6, 0.5)},
        "learning_rate": 0.01, "steps": steps,
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": "relubook reproduce hinges"},
    }  # fmt: skip


def _hinge_errors(random, counts, seeds, power, scale):
    even = [round(0.75 * scale * n**-power, 4) for n in counts]
    trained = [(e * np.exp(0.3 * random.normal(size=seeds))).round(4).tolist() for e in even]
    exact = 2 if scale < 1 else max(counts)  # more than two hinges can be put through every point
    best = [round(0.6 * e, 4) if n <= exact else 0.0 for n, e in zip(counts, even, strict=True)]
    return {"even": even, "best": best, "trained": trained}
