"""One-sided, antisymmetric, symmetric: the paper's words for what a unit says to an opposite."""

import numpy as np
import pytest

from relubook import symmetry


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("the paper's neuron", "one-sided"),
        ("rectifier", "one-sided"),
        ("tanh", "antisymmetric"),
        ("|tanh|", "symmetric"),
    ],
)
def test_each_response_has_the_papers_kind(name, expected):
    response, _ = symmetry.RESPONSES[name]
    assert symmetry.kind(response) == expected
    assert f"{name} {expected}" in symmetry.describe()


def test_a_leaky_unit_is_neither():
    def leaky(x):
        return np.where(x > 0, x, 0.1 * x)

    assert symmetry.answer_to_opposite(leaky) == pytest.approx(-0.1)
    assert symmetry.kind(leaky) == "neither"


def test_a_unit_that_ignores_its_pattern_is_refused():
    with pytest.raises(ValueError, match=r"must not be 0 to its pattern. Got 0 at 0\.1"):
        symmetry.kind(np.zeros_like)


def test_every_response_has_a_panel_in_its_color():
    fig = symmetry.draw()
    assert len(fig.axes) == len(symmetry.RESPONSES)
    for ax, (_, color) in zip(fig.axes, symmetry.RESPONSES.values(), strict=True):
        assert ax.lines[-1].get_color() == color
