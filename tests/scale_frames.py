"""Data in ScaleSlider's format from networks that are only drawn: no record is needed."""

import base64

import numpy as np
import torch

from relubook import curvature, seeds
from relubook.networks import MLP

SIZES, LOG2_S, MOMENTS, SEEDS = (9, 6, 5, 4), (-3.0, -1.5, 0.0, 1.5, 3.0), (0, 10, 100), (0, 1, 2)


def network(units, stage):
    """The network whose weights stand in the data."""
    drawn = MLP(SIZES, seeds=[{"untrained": 0, "trained": 1}[stage]], activation=units)
    for position, layer in enumerate(drawn.stacked_layers()):
        layer.bias.data.uniform_(-0.5, 0.5, generator=seeds.stream(0, "biases", position))
    return drawn


def digits():
    """Bytes of made-up pictures, one a class."""
    return np.random.default_rng(0).integers(0, 256, (SIZES[-1], SIZES[0]))


def scale_data(**changes):
    places, stages = len(LOG2_S), ("untrained", "trained")
    far = np.abs(np.array(LOG2_S))
    own = [[[2.3, 1.5, round(0.5 + 0.02 * d + 0.01 * k, 3)] for k in SEEDS] for d in far.tolist()]
    common = [[[2.3, 1.5, None if d == 3 else 0.6] for _ in SEEDS] for d in far.tolist()]
    common[LOG2_S.index(0)] = own[LOG2_S.index(0)]
    return {
        "data": "MADE-UP digits", "network": "drawn, never trained", "sizes": list(SIZES),
        "log2_s": list(LOG2_S), "digits": digits().tolist(), "ranks": [1, 10, 90],
        "weights": {units: {stage: packed(network(units, stage)) for stage in stages}
                    for units in ("rectifier", "tanh")},
        "activity": {stage: [2.0, 1.0] for stage in stages},
        "spectrum": {stage: [[0.5 + d, -1.0 + d, -5.0] for d in far.tolist()] for stage in stages},
        "largest": {stage: (10**far).tolist() for stage in stages},
        "condition": {stage: (100 + far).tolist() for stage in stages},
        "moments": list(MOMENTS), "races": {"own": own, "common": common},
        "rates": [0.125, 0.25, 0.5, 0.25, 0.03125][:places], "silent": 1.3863,
        "passport": {"commit": "0000000", "seeds": list(SEEDS), "wall_time": "5 min",
                     "device": "cpu", "command": "relubook reproduce rescaled"},
        **changes,
    }  # fmt: skip


def packed(drawn):
    numbers = curvature.parameters(drawn)[0].to(torch.float32).numpy()
    return base64.b64encode(numbers.astype("<f4").tobytes()).decode()
