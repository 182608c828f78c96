"""Data in StartMap's format with made-up errors, for tests only: no record is needed."""

import math

import numpy as np

from relubook.experiments.training_map_frames import packed

ACTIVATIONS, DEPTHS = ("rectifier", "tanh", "softplus", "logistic"), (1, 5, 10)
STARTS = ("torch's default", "Glorot", "Glorot x 4")
RATES, STEPS, SEEDS = (0.01, 0.1, 1.0), (30, 200, 1000), (0, 1, 2, 3, 4)


def errors():
    """Errors [1] of every network at every step: what each activation does stands in the cases."""
    axes = [len(axis) for axis in (ACTIVATIONS, DEPTHS, STARTS, RATES, STEPS, SEEDS)]
    found = np.full(axes, 0.9)
    found[1, ..., 1:, :] = 0.15  # tanh has learned from everywhere after 200 steps
    found[3, 1, 2, 2, 2] = (0.08, 0.09, 0.1, 0.11, 0.12)  # logistic: in one cell, at the end
    found[3, 1, 2, 1, 2] = (0.1, 0.1, 0.3, 0.4, 0.5)
    found[0, 1, 1, 1, 1:] = 0.1
    found[0, 1, 2, :, 1:] = math.nan  # rectifiers from large weights diverge
    found[0, 1, 2, 0, :, 0] = 0.12  # but for one
    return found


def map_data(**changes):
    dead = np.zeros([len(axis) for axis in (ACTIVATIONS, DEPTHS, STARTS, RATES, SEEDS)])
    dead[0, 1, 1, 2, :4] = 1.0
    return {
        "data": "MADE-UP digits", "network": "drawn, never trained",
        "activations": list(ACTIVATIONS), "depths": list(DEPTHS), "starts": list(STARTS),
        "rates": list(RATES), "steps": list(STEPS), "seeds": list(SEEDS), "success": 20.0,
        "error": packed(errors()), "dead": packed(dead),
        "passport": {"commit": "0000000", "seeds": list(SEEDS), "wall_time": "8 min",
                     "device": "cpu", "command": "relubook reproduce training-map"},
        **changes,
    }  # fmt: skip
