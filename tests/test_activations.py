import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from relubook import activations

NAMES = [*activations.ACTIVATIONS, "softplus(3)", "softplus(0.5)"]
# Nearer to 0 than this, autograd's own intermediate numbers overflow in the rescaled LIF.
finite = st.floats(-30, 30).map(lambda x: x if abs(x) > 1e-100 else 0.0)


@pytest.mark.parametrize("name", NAMES)
@given(points=st.lists(finite, min_size=1, max_size=20))
def test_each_derivative_is_that_of_its_value(name, points):
    f = activations.get(name)
    x = torch.tensor([0.0, *points], dtype=torch.float64)
    x.requires_grad_()
    h = f(x)
    (expected,) = torch.autograd.grad(h.sum(), x)
    actual = f.derivative(x.detach(), h.detach())
    torch.testing.assert_close(actual, expected, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_each_activation_stays_finite_far_out(name):
    h = activations.get(name)(torch.tensor([-1e4, -100.0, 0.0, 100.0, 1e4]))
    assert h.isfinite().all()


@pytest.mark.parametrize("name", NAMES)
def test_not_a_number_goes_in_and_comes_out(name):
    assert activations.get(name)(torch.tensor([math.nan])).isnan().all()


TORCHS_OWN = {
    "rectifier": F.relu,
    "tanh": torch.tanh,
    "logistic": torch.sigmoid,
    "softplus": F.softplus,
    "softplus(3)": lambda x: F.softplus(x, beta=3),
    "leaky": F.leaky_relu,
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "squared-rectifier": lambda x: F.relu(x).square(),
}
FAR = [-math.inf, -1e4, -100.0, -0.0, 0.0, 100.0, 1e4, math.inf]


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", TORCHS_OWN)
def test_torchs_own_activations_agree_in_value_and_gradient(name, dtype):
    """Also at 0 and far out; torch turns softplus into a line above 20, hence 3e-9 there."""
    f = activations.get(name)
    middle = torch.linspace(-60, 60, 601, dtype=dtype)
    x = torch.cat([torch.tensor(FAR, dtype=dtype), middle]).requires_grad_()
    expected = TORCHS_OWN[name](x)
    (slope,) = torch.autograd.grad(expected.sum(), x)
    x, expected = x.detach(), expected.detach()
    h = f(x)
    closeness = (
        {"rtol": 2e-6, "atol": 1e-6} if dtype == torch.float32 else {"rtol": 3e-9, "atol": 3e-9}
    )
    # Where torch has no number, ours is the limit: the next test.
    here = ~expected.isnan()
    torch.testing.assert_close(h[here], expected[here], **closeness)
    here = ~slope.isnan()
    torch.testing.assert_close(f.derivative(x, h)[here], slope[here], **closeness)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", NAMES)
def test_the_limits_far_out_are_numbers(name, dtype):
    """At infinity each function and slope is what it is nearly at 1e6; only x itself grows."""
    f = activations.get(name)
    x = torch.tensor([-math.inf, math.inf], dtype=dtype)
    near = torch.tensor([-1e6, 1e6], dtype=dtype)
    h, h_near = f(x), f(near)
    bounded = h_near.abs() < 1e3
    torch.testing.assert_close(h[bounded], h_near[bounded], atol=1e-4, rtol=0)
    assert (h[~bounded].abs() == math.inf).all()
    slope, slope_near = f.derivative(x, h), f.derivative(near, h_near)
    bounded = slope_near.abs() < 1e3
    torch.testing.assert_close(slope[bounded], slope_near[bounded], atol=1e-4, rtol=0)
    assert not h.isnan().any()
    assert not slope.isnan().any()


def test_the_rectifier_agrees_with_torch_also_at_zero_and_infinity():
    x = torch.tensor([-math.inf, -1.0, -0.0, 0.0, 2.0, math.inf], requires_grad=True)
    expected = torch.nn.functional.relu(x)
    assert torch.equal(activations.rectifier(x.detach()), expected.detach())
    (slope,) = torch.autograd.grad(expected.sum(), x)
    h = expected.detach()
    assert torch.equal(activations.rectifier_derivative(x.detach(), h), slope)


@given(x=st.floats(1e-6, 30))
def test_the_rescaled_lif_is_the_formula_of_the_authors_code(x):
    ours = activations.rescaled_lif(torch.tensor([x, -x], dtype=torch.float64))
    expected = 1 / (7.5 * math.log((0.5 * x + 0.025) / (0.5 * x)) + 1)
    assert ours.tolist() == pytest.approx([expected, 0.0], rel=1e-9)


@given(x=finite)
def test_responses_to_a_pattern_and_its_opposite(x):
    there, back = torch.tensor([x, -x], dtype=torch.float64).split(1)
    assert activations.get("tanh")(there) == -activations.get("tanh")(back)
    assert activations.get("absolute-tanh")(there) == activations.get("absolute-tanh")(back)
    for one_sided in ("rectifier", "rectified-tanh", "rescaled-lif"):
        assert min(activations.get(one_sided)(part).item() for part in (there, back)) == 0


@given(x=finite, alpha=st.floats(0.2, 50))
def test_softplus_is_at_most_log2_over_alpha_above_the_rectifier(x, alpha):
    at = torch.tensor([x], dtype=torch.float64)
    gap = activations.softplus(alpha)(at) - activations.rectifier(at)
    assert -1e-12 <= gap.item() <= math.log(2) / alpha + 1e-12


@given(x=finite)
def test_softplus_agrees_with_a_closed_form_in_numpy(x):
    ours = activations.get("softplus")(torch.tensor(x, dtype=torch.float64)).item()
    assert ours == pytest.approx(np.logaddexp(0, x), rel=1e-13)


def test_an_infinite_alpha_is_the_rectifier():
    assert activations.softplus(math.inf).name == "rectifier"


@pytest.mark.parametrize("alpha", [0.0, -1.0, math.nan])
def test_softplus_refuses_an_alpha_that_is_not_above_zero(alpha):
    with pytest.raises(ValueError, match="`alpha` of softplus must be above 0"):
        activations.softplus(alpha)


def test_an_unknown_activation_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'rectifier'"):
        activations.get("rectifer")
