"""Data in ReviewReader's format with a made-up vocabulary and network, for tests only."""

import base64

import numpy as np

WIDTH = 12
STARS = [1.0, 2.0, 3.0, 4.0, 7.0, 8.0, 9.0, 10.0]
PRAISE = ("great", "good", "fine", "loved", "café", "naïve", "8", "ärger", "don't", "well")
BLAME = ("bad", "worst", "boring", "i", "2", "isn't", "stanbul", "straße", "ночь", "waste")
NEUTRAL = ("the", "a", "film", "was", "not", "and", "of", "it", "in", "this", "movie", "at", "all")
WORDS = (*PRAISE, *BLAME, *NEUTRAL)
EXAMPLES = (
    ("rave", "a rave", "A great film, I loved it. And the café was good, well, fine!"),
    ("pan", "a pan", "The worst movie of all, a waste. It isn't good: boring and bad."),
    ("strange", "mostly unknown words", "Quokkas snorkel umbrageously amidst the 木漏れ日."),
    ("empty", "nothing", ""),
)


def reader_frame():
    return {
        "data": "MADE-UP films, 100 training reviews", "network": "drawn, never trained",
        "width": WIDTH, "words": "\n".join(WORDS), "stars": list(STARS),
        "shares": [20.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 20.0], "mean_stars": 5.6,
        "measured": {
            "error": 2.1, "half": 0.1, "exact_error": 2.11, "constant_error": 3.4, "within": 45.0,
            "zeros": [60.0, 50.0], "active": [4.8, 6.0], "known": [70.0, 80.0, 90.0],
            "unflipped": 40.0, "account_size": 0.02, "account_error": 0.001,
        },
        "examples": [dict(zip(("name", "title", "text"), each, strict=True)) for each in EXAMPLES],
        "passport": {"commit": "0000000", "seeds": [0, 1, 2, 3, 4], "wall_time": "1 min",
                     "device": "cpu", "command": "relubook reproduce review-reader"},
        **network(),
    }  # fmt: skip


def network():
    """Half of the units like praise, the others blame, and all are a little deaf."""
    random = np.random.default_rng(20110411)
    polarity = np.repeat([1.0, -1.0, 0.0], [len(PRAISE), len(BLAME), len(NEUTRAL)])
    liking = np.where(np.arange(WIDTH) % 2, -1.0, 1.0)
    slope = np.array(STARS) - np.mean(STARS)
    first = 80 * np.outer(polarity, liking) + random.uniform(-40, 40, (len(WORDS), WIDTH))
    second = 40 * np.outer(liking, liking) + random.uniform(-60, 60, (WIDTH, WIDTH))
    last = 20 * np.outer(liking, slope) + random.uniform(-20, 20, (WIDTH, len(STARS)))
    found = {}
    for layer, (codes, scale) in enumerate(((first, 0.004), (second, 0.004), (last, 0.003)), 1):
        units = codes.shape[1]
        whole = codes.round().clip(-127, 127).astype(np.int8)
        found[f"codes_{layer}"] = base64.b64encode(whole.tobytes()).decode()
        found[f"scales_{layer}"] = [scale] * units
        found[f"bias_{layer}"] = random.uniform(-0.1, 0.15, units).round(4).tolist()
    return found
