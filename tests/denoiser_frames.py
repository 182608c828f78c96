"""Data in Denoiser's format with made-up digits and networks, for tests only."""

import base64

import numpy as np

SIDE, WIDTH, LABELS = 14, 32, list(range(10))
NOISE = [0.0, 10.0, 25.0, 50.0, 75.0]
STRATEGIES = (
    ("1 softplus", "softplus", "squared difference"),
    ("2 logistic", "logistic", "cross-entropy"),
    ("3 linear", "linear", "squared difference"),
    ("4 rectifier", "rectifier", "squared difference"),
)


def denoiser_data(*, seeds=5):
    return {
        "data": "MADE-UP bars", "network": "drawn, never trained", "side": SIDE, "width": WIDTH,
        "masked": 25.0, "noise": list(NOISE), "nothing": [0.0, 1.8, 4.6, 9.2, 14.0],
        "digits": coded(bars()), "labels": list(LABELS),
        "strategies": [_strategy(place) for place in range(4)],
        "passport": {"commit": "0000000", "seeds": list(range(seeds)), "wall_time": "4 min",
                     "device": "cpu", "command": "relubook reproduce denoiser"},
    }  # fmt: skip


def bars():
    """Ten pictures, each a thicker bar in gray."""
    x = np.zeros((len(LABELS), SIDE, SIDE), dtype=np.uint8)
    for label in LABELS:
        x[label, 3:11, 4 : 5 + label // 2] = 255
        x[label, 3 + label // 2, 3:11] = 120
    return x


def frame(seed=200):
    networks = [{**made_up(place, seed), "errors": [2.0] * len(NOISE)} for place in range(4)]
    return {"networks": networks, "data": "STRIPES, 5 of them", "seed": seed, "seconds": 2.3}


def _strategy(place):
    name, output, cost = STRATEGIES[place]
    return {
        "name": name, "output": output, "cost": cost, "rate": [0.1] * 5,
        "error": [2.1, 2.2, 2.6, 5.0, 9.9], "half": [0.2] * 5, "errors": [2.0] * 5,
        "stuck": [1.7 * (output == "rectifier")] * 5, **made_up(place, 0),
    }  # fmt: skip


def made_up(place, seed):
    """A network with a memory: its outputs follow its inputs, roughly."""
    random = np.random.default_rng([seed, place])
    codes = random.integers(-127, 128, size=(SIDE**2, WIDTH)).astype(np.int8)
    bias = -3.0 if STRATEGIES[place][1] == "softplus" else -0.05
    return {
        "encoder_codes": coded(codes), "encoder_scales": [0.001] * WIDTH,
        "encoder_bias": random.uniform(-0.3, 0.3, WIDTH).round(4).tolist(),
        "decoder_codes": coded(codes.T), "decoder_scales": [0.004] * SIDE**2,
        "decoder_bias": [bias] * SIDE**2,
    }  # fmt: skip


def coded(numbers):
    """Bytes as the page reads them."""
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode()
