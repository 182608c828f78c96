"""How many models a core trains at a time, so that their weights stay near it."""

import math

import torch

from relubook.networks import MLP

_CACHE_BYTES = 6_000_000  # weights a core works on at a time


def models_at_once(network: MLP, bytes_per_model: int) -> int:
    """The size of chunks: all models on a GPU; on a CPU what its caches hold, evenly divided.

    Args:
        network: The models.
        bytes_per_model: Weights of one model that a step goes through.
    """
    if network.stacked_layers()[0].weight.is_cuda:
        return network.models
    most = max(1, _CACHE_BYTES // bytes_per_model) * torch.get_num_threads()
    return math.ceil(network.models / math.ceil(network.models / most))
