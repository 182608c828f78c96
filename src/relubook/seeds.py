"""One stream of random numbers for each purpose, so that no choice disturbs another.

A network's weights and the order of its examples depend on its own seed only: that is why a network
trained among two hundred equals the same network trained alone.
"""

import numpy as np
import torch


def stream(seed: int, purpose: str, index: int = 0) -> torch.Generator:
    """A generator for one purpose of one seed, independent of all others.

    Args:
        seed: The network's seed, at least 0.
        purpose: What the numbers are for, such as "weights" or "order".
        index: A running number within the purpose, such as the epoch.

    Returns:
        A CPU generator, so that every device draws the same numbers.

    Raises:
        ValueError: If `seed` is negative.
    """
    if seed < 0:
        raise ValueError(f"A `seed` must be at least 0. Got {seed}.")
    sequence = np.random.SeedSequence([seed, index, *purpose.encode()])
    state = int(sequence.generate_state(1, np.uint64)[0])
    return torch.Generator().manual_seed(state >> 1)
