"""Whether a grid of learning rates ended too early: was an end of it better than all within?"""

import numpy as np
from jaxtyping import Float

_MOST = 0.5  # of the networks
_FEWEST = 2  # rates, of which none lies within


def best_at_an_end(tried: Float[np.ndarray, "rates *networks"]) -> bool:
    """Whether most networks were lower at an end of the grid than at any rate within.

    A grid that ends where it is best may end too early; an end that is no better than a rate within
    says nothing.

    Args:
        tried: What was to be low, for every rate in their order; NaN where a rate was not tried, or
            was lost.

    Returns:
        False where no rate lies within.
    """
    flat = tried.reshape(len(tried), -1)
    known = flat[np.isfinite(flat).any(axis=1)]
    if len(known) <= _FEWEST:
        return False
    finite = np.nan_to_num(known, nan=np.inf)
    ends, within = finite[[0, -1]].min(axis=0), finite[1:-1].min(axis=0)
    return bool((ends < within).mean() > _MOST)
