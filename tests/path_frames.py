"""Data in PathViewer's format with made-up networks, for tests only: no record is needed."""

import base64
from itertools import pairwise, product

import numpy as np
import torch

from relubook.networks import MLP

KINDS = (("rectifier", 0), ("tanh", 0), ("softplus", 0), ("logistic", 0), ("rectifier", 0.01))
DEPTHS, STEPS, WIDTH, SIDE, CLASSES = (2, 3, 4), (0, 100, 1000), 10, 7, 10


def path_data(*, depths=DEPTHS, steps=STEPS, seeds=10):
    shape = (len(KINDS), len(depths), len(steps))
    pictures = np.random.default_rng(0).integers(0, 256, size=(20, SIDE**2)).astype(np.uint8)
    return {
        "data": "MADE-UP spots", "network": "drawn, never trained", "side": SIDE, "width": WIDTH,
        "pictures": coded(pictures), "labels": [k // 2 for k in range(20)],
        "classes": [str(k) for k in range(CLASSES)],
        "kinds": [{"activation": name, "l1": l1} for name, l1 in KINDS],
        "depths": list(depths), "steps": list(steps),
        "networks": [made_up(kind, depth, len(steps), seed=0)
                     for kind, depth in product(range(len(KINDS)), depths)],
        "bands": {name: {cut: np.full(shape, value).tolist() for cut, value in BAND.items()}
                  for name in ("active", "paths", "carrying", "effective", "error")},
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "4 min",
                     "device": "cpu", "command": "relubook reproduce active-paths"},
    }  # fmt: skip


BAND = {"low": 2.5, "median": 4.0, "high": 5.2}


def made_up(kind, depth, steps, *, seed):
    """A network whose weights are drawn anew for each step, about the size of trained ones."""
    random = np.random.default_rng([seed, kind, depth])
    return {
        "kind": kind, "depth": depth,
        "frames": [_frame(random, depth, 60 - 20 * step) for step in range(steps)],
    }  # fmt: skip


def _frame(random, depth, error):
    codes, scales = [], []
    for inputs, outputs in pairwise(sizes_of(depth)):
        codes.append(random.integers(-127, 128, size=(inputs + 1) * outputs).astype(np.int8))
        scales.append(round(2 / 127 / inputs**0.5, 5))
    return {"weights": coded(np.concatenate(codes)), "scales": scales, "error": float(error)}


def sizes_of(depth):
    return (SIDE**2, *(WIDTH,) * depth, CLASSES)


def coded(numbers):
    """Bytes as the page reads them."""
    return base64.b64encode(numbers.tobytes()).decode()


def opened(frame, depth, activation):
    """The network of a frame, as the package has it, in float64."""
    codes = np.frombuffer(base64.b64decode(frame["weights"]), dtype=np.int8).astype(float)
    network, start = MLP(sizes_of(depth), activation=activation, dtype=torch.float64), 0
    for layer, scale in zip(network.stacked_layers(), frame["scales"], strict=True):
        for part in (layer.weight, layer.bias):
            numbers = scale * codes[start : start + part.numel()]
            part.data = torch.from_numpy(numbers).view(part.shape)
            start += part.numel()
    assert start == len(codes)
    return network


def pictures_of(data):
    """All pictures [pictures pixels], from 0 to 1."""
    raw = np.frombuffer(base64.b64decode(data["pictures"]), dtype=np.uint8)
    return torch.from_numpy(raw.reshape(-1, SIDE**2) / 255.0)
