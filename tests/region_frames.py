"""Data in RegionViewer's format with made-up networks, for tests only: no record is needed."""

import base64
from itertools import pairwise

import numpy as np
import torch

from relubook.networks import MLP

DEPTHS, WIDTHS, PENALTIES, STEPS = (1, 2, 3), (4, 8, 16), (0, 1e-3, 1e-2), (0, 10, 50, 200, 1000)
CLASSES = ("first arm", "second arm", "third arm")


def region_data(*, depths=DEPTHS, widths=WIDTHS, l1=PENALTIES, steps=STEPS, seeds=10, examples=90):
    random = np.random.default_rng(0)
    counts = np.array([[[[_regions(d * w, i, k) for k in range(len(steps))] for i in range(len(l1))]
                        for w in widths] for d in depths])  # fmt: skip
    return {
        "data": "MADE-UP arms", "network": "drawn, never trained", "window": [-1.2, 1.2, -1.2, 1.2],
        "examples": _examples(random, examples), "classes": list(CLASSES),
        "depths": list(depths), "widths": list(widths), "l1": list(l1), "steps": list(steps),
        "networks": [made_up(d, w, i, len(steps), seed=0)
                     for d in depths for w in widths for i in range(len(l1))],
        "counts": {"median": counts.tolist(), "low": np.ceil(0.8 * counts).tolist(),
                   "high": np.ceil(1.3 * counts).tolist()},
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "12 min",
                     "device": "cpu", "command": "relubook reproduce folding"},
    }  # fmt: skip


def made_up(depth, width, l1_index, steps, *, seed):
    """A network whose weights walk from one draw to another."""
    sizes = (2, *(width,) * depth, len(CLASSES))
    ends = [_drawn(np.random.default_rng([seed, depth, width, l1_index, k]), sizes) for k in (0, 1)]
    along = np.linspace(0, 0.8, steps)
    return {
        "depth": depth, "width": width, "l1_index": l1_index, "seed": seed,
        "frames": [{"weights": packed(np.cos(a) * ends[0] + np.sin(a) * ends[1]),
                    "error": round(60 - 50 * a, 1), "active": round(50 - 9 * l1_index * a, 1)}
                   for a in along.tolist()],
    }  # fmt: skip


def packed(weights):
    """Weights and biases, layer by layer, as the page reads them."""
    return base64.b64encode(np.asarray(weights, dtype="<f2").tobytes()).decode()


def opened(weights, sizes):
    """The network of packed weights, as the package has it."""
    numbers = np.frombuffer(base64.b64decode(weights), dtype="<f2").astype(np.float32)
    network, start = MLP(sizes), 0
    for parameter in network.parameters():
        part = numbers[start : start + parameter.numel()]
        parameter.data = torch.from_numpy(part).view(parameter.shape)
        start += parameter.numel()
    assert start == len(numbers)
    return network


def _drawn(random, sizes):
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [random.normal(size=inputs * outputs) * np.sqrt(2 / inputs)]
        layers += [0.3 * random.normal(size=outputs)]
    return np.concatenate(layers)


def _examples(random, count):
    label = np.arange(count) % len(CLASSES)
    along = random.random(count)
    angle = 2 * np.pi * (0.8 * along + label / len(CLASSES))
    x = (0.1 + 0.85 * along)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    bytes_ = np.round(127 * x).astype(np.int8).tobytes()
    return {"x": base64.b64encode(bytes_).decode(), "scale": 1.0, "y": label.tolist()}


def _regions(units, l1_index, step):
    return int(1 + units + 0.2 * units**2 * (1 + 0.3 * step) / (1 + l1_index))
