"""The network that folds: as many pieces as depth allows, until it is shaken."""

import numpy as np
import pytest
import torch

from relubook import sawtooth


def on_the_line(built, points=4097):
    x = torch.linspace(0, 1, points, dtype=torch.float64)
    return x.numpy(), built(x.view(1, -1, 1).expand(built.models, -1, -1))[..., 0].detach().numpy()


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_the_network_is_a_sawtooth_with_a_tooth_for_every_other_piece(depth):
    x, y = on_the_line(sawtooth.network(depth))
    phase = x * 2 ** (depth - 1) % 1
    np.testing.assert_allclose(y[0], 2 * np.minimum(phase, 1 - phase), atol=1e-12)
    bends = np.abs(np.diff(y[0], 2)) > 1e-9
    assert bends.sum() + 1 == 2**depth


def test_shaking_moves_every_network_in_its_own_way_and_the_same_way_again():
    _, y = on_the_line(sawtooth.network(3, shaken=0.05, shakes=(0, 1)))
    _, again = on_the_line(sawtooth.network(3, shaken=0.05, shakes=(1,)))
    assert np.abs(y[0] - y[1]).max() > 0.01
    np.testing.assert_allclose(y[1], again[0], atol=1e-12)
    _, still = on_the_line(sawtooth.network(3, shaken=0.0, shakes=(0, 1)))
    np.testing.assert_allclose(still[0], still[1], atol=1e-12)


def test_a_sawtooth_without_layers_or_with_a_bad_shaking_is_refused():
    with pytest.raises(ValueError, match="`depth` of a sawtooth must be at least 1"):
        sawtooth.network(0)
    for by in (-0.1, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="`shaken` must be at least 0 and finite"):
            sawtooth.network(2, shaken=by)
