"""Wrong masks, each told by its own sentence."""

import numpy as np
import pytest
import torch

from relubook.checks.denoising import check_corrupt, check_corrupt_care


def probability(noise):
    if not 0 <= noise <= 1:
        raise ValueError("noise must be from 0 to 1")
    return noise


def drawn(x, noise, generator):
    return x * (torch.rand(x.shape, generator=generator) >= probability(noise))


def anew(x, noise, generator):
    generator.manual_seed(3)
    return drawn(x, noise, generator)


def by_row_noise(x, noise, generator):
    own = noise * (0.5 + torch.arange(len(x))[:, None] % 2)
    return x * (torch.rand(x.shape, generator=generator) >= own)


def exactly(x, noise, generator):
    y = x.clone().flatten()
    y[torch.randperm(y.numel(), generator=generator)[: int(noise * y.numel())]] = 0
    return y.view(x.shape)


def in_place(x, noise, generator):
    x *= torch.rand(x.shape, generator=generator) >= probability(noise)
    return x.clone()


def seeded(x, noise, generator):
    torch.manual_seed(generator.initial_seed())
    return x * (torch.rand(x.shape) >= noise)


def refuses_ends(x, noise, generator):
    if not 0 < noise < 1:
        raise ValueError("noise")
    return drawn(x, noise, generator)


def keeping(x, noise, generator):
    return x * (torch.rand(x.shape, generator=generator) < noise)


def whole_rows(x, noise, generator):
    return x * (torch.rand(len(x), 1, generator=generator) >= noise)


def one_mask(x, noise, generator):
    return x * (torch.rand(x.shape[1], generator=generator) >= noise)


def wrong_type(x, noise, generator):
    if not 0 <= noise <= 1:
        raise TypeError("noise")
    return drawn(x, noise, generator)


def in_numpy_random(x, noise, generator):
    return x * torch.tensor(np.random.default_rng().random(x.shape) >= noise)


MASKS = {
    "keeps with the probability": (keeping, check_corrupt, "not that to be kept"),
    "dropout": (
        lambda x, noise, g: drawn(x, noise, g) / (1 - noise),
        check_corrupt,
        "That is dropout",
    ),
    "whole examples": (whole_rows, check_corrupt, "It masks whole examples"),
    "one mask": (one_mask, check_corrupt, "All examples of a mini-batch have the same mask"),
    "a count": (exactly, check_corrupt, "always masks the same number of inputs"),
    "a noise of its own": (by_row_noise, check_corrupt, "varies too much"),
    "anew": (anew, check_corrupt, "A second call gives the same mask"),
    "elsewhere": (in_numpy_random, check_corrupt, "From where do your random numbers come"),
    "the mask": (
        lambda x, noise, g: torch.rand(x.shape, generator=g) >= noise,
        check_corrupt,
        "It returns which inputs are kept",
    ),
    "negated": (lambda x, noise, g: -drawn(x, noise, g), check_corrupt, "It changes inputs"),
    "half as often": (
        lambda x, noise, g: drawn(x, noise / 2, g),
        check_corrupt,
        "Which share should it be?",
    ),
    "all": (lambda x, noise, g: 0 * x, check_corrupt, "It sets all inputs to 0"),
    "noise that is added": (
        lambda x, noise, g: x + noise * torch.randn(x.shape, generator=g),
        check_corrupt,
        "No input is 0",
    ),
    "itself": (lambda x, noise, g: x, check_corrupt, "It masks nothing"),
    "itself at 0": (
        lambda x, noise, g: drawn(x, noise, g) if noise else x,
        check_corrupt_care,
        "not a new tensor",
    ),
    "in place": (in_place, check_corrupt_care, "changes the tensor `x`"),
    "the global state": (seeded, check_corrupt_care, "accepts the noise -0.1"),
    "no end": (refuses_ends, check_corrupt_care, "It refuses the noise 0"),
    "another error": (wrong_type, check_corrupt_care, "A ValueError is asked for"),
    "float64": (
        lambda x, noise, g: drawn(x, noise, g).double(),
        check_corrupt_care,
        "Keep the dtype",
    ),
    "global": (
        lambda x, noise, g: x * (torch.rand(x.shape) >= probability(noise)),
        check_corrupt_care,
        "global random state",
    ),
}


@pytest.mark.parametrize("name", MASKS)
def test_wrong_masks_are_told_what_kind_they_are(name):
    function, check, words = MASKS[name]
    for _ in range(3):
        with torch.random.fork_rng():  # which some of them move
            outcome = check(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message
