"""Denoising autoencoders of many models: their step, their costs, their noise."""

import pytest
import torch
from torch.nn import functional

from relubook import datasets, reconstructions, seeds
from relubook.autoencoders import STEPS, Autoencoder, autograd, inplace
from relubook.corruptions import Corruption
from relubook.networks import MLP
from relubook.reconstructions import RECONSTRUCTIONS

SHAPE, BATCH = (7, 5, 4, 3), 6
COSTS = {
    "softplus": lambda z, t: (functional.softplus(z) - t).pow(2).sum(-1),
    "cross-entropy": lambda z, t: functional.binary_cross_entropy_with_logits(
        z, t, reduction="none"
    ).sum(-1),
    "linear": lambda z, t: (z - t).pow(2).sum(-1),
    "rectifier": lambda z, t: (functional.relu(z) - t).pow(2).sum(-1),
    "tanh": lambda z, t: functional.binary_cross_entropy_with_logits(
        2 * z, (1 + t) / 2, reduction="none"
    ).sum(-1),
}


def begin(name="softplus", *, position=0, activation="rectifier", tied=False, models=(0, 1, 2)):
    """Autoencoders in float64 with biases that matter, and a mini-batch before and after noise."""
    network = MLP(SHAPE, seeds=models, activation=activation, dtype=torch.float64)
    coder = Autoencoder.of(network, position, reconstruction=name, tied=tied)
    with torch.no_grad():
        for seed, bias in zip((10, 20), (coder.bias, coder.encoder.bias), strict=True):
            for row, model in zip(bias, models, strict=True):
                row.copy_(torch.randn(row.shape, generator=seeds.stream(seed + model, "b")) / 3)
    draws = torch.stack(
        [torch.rand(BATCH, SHAPE[position], generator=seeds.stream(model, "x")) for model in models]
    ).double()
    return coder, draws * (draws > 0.3), draws


def of_one(coder, model):
    """Weights and biases of one model, as torch's own layers have them."""
    down, up = coder.encoder.weight[model].mT, coder.weights_back[model].mT
    return down, coder.encoder.bias[model, 0], up, coder.bias[model, 0]


def rates(coder, value):
    return torch.full((len(coder.bias), 1, 1), value, dtype=coder.bias.dtype)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("activation", ["rectifier", "softplus", "tanh", "logistic"])
@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_a_step_by_hand_is_the_step_of_autograd(name, activation, tied):
    coders = [begin(name, activation=activation, tied=tied)[0] for _ in STEPS]
    _, x, target = begin(name)
    costs = [
        step(coder, x, target, rates(coder, 0.3), rates(coder, 0.01))
        for step, coder in zip(STEPS.values(), coders, strict=True)
    ]
    torch.testing.assert_close(*costs, rtol=1e-12, atol=1e-12)
    untouched = begin(name, activation=activation, tied=tied)[0]
    for one, other, before in zip(*(c.parameters() for c in (*coders, untouched)), strict=True):
        assert not torch.equal(one, before)
        torch.testing.assert_close(one, other, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_a_step_is_that_of_one_network_of_torchs_own_functions(name):
    coder, x, target = begin(name)
    theirs = [p.detach().clone().requires_grad_() for p in of_one(coder, 1)]
    down, first, up, second = theirs
    h = functional.relu(functional.linear(x[1], down, first))
    cost = COSTS[name](functional.linear(h, up, second), target[1]).mean()
    (cost + 0.02 * h.abs().sum(-1).mean()).backward()
    found = inplace(coder, x, target, rates(coder, 0.1), rates(coder, 0.02))
    assert float(found[1]) == pytest.approx(float(cost.detach()), rel=1e-12)
    for one, other in zip(of_one(coder, 1), theirs, strict=True):
        assert other.grad is not None
        torch.testing.assert_close(one.detach(), (other - 0.1 * other.grad).detach())


@pytest.mark.parametrize("tied", [False, True])
def test_trained_together_is_trained_alone(tied):
    together, x, target = begin(tied=tied, position=1)
    alone, own_x, own_target = begin(tied=tied, position=1, models=(1,))
    for _ in range(3):
        inplace(together, x, target, rates(together, 0.1), rates(together, 0.01))
        inplace(alone, own_x, own_target, rates(alone, 0.1), rates(alone, 0.01))
    for many, one in zip(together.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(many[1], one[0], rtol=1e-12, atol=1e-13)


def test_what_the_encoder_learns_the_network_has_learned():
    network = MLP(SHAPE, seeds=(3,))
    first, second = (layer.weight.clone() for layer in network.stacked_layers()[:2])
    coder = Autoencoder.of(network, 1)
    x = torch.rand(1, BATCH, SHAPE[1], generator=seeds.stream(0, "x"))
    inplace(coder, x, x, torch.full((1, 1, 1), 0.1), torch.zeros(1, 1, 1))
    assert torch.equal(network.stacked_layers()[0].weight, first)
    assert not torch.equal(network.stacked_layers()[1].weight, second)


def test_a_tied_decoder_has_no_weights_of_its_own():
    network = MLP(SHAPE, seeds=(0, 1))
    shapes = [
        sorted(tuple(p.shape) for p in Autoencoder.of(network, 0, tied=tied).parameters())
        for tied in (True, False)
    ]
    assert shapes[0] == [(2, 1, 5), (2, 1, 7), (2, 7, 5)]
    assert shapes[1] == sorted([*shapes[0], (2, 5, 7)])


@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_learning_digits_brings_the_cost_below_that_of_the_mean_digit(name):
    digits = datasets.load("mnist-5k").train.x[:640].double()
    digits = 2 * digits - 1 if name == "tanh" else digits
    network = MLP((784, 32, 10), seeds=(0,), dtype=torch.float64)
    coder = Autoencoder.of(network, 0, reconstruction=name)
    noise, generators = Corruption(masked=0.25), [seeds.stream(0, "noise")]
    rate = rates(coder, {"cross-entropy": 0.02, "tanh": 0.003}.get(name, 0.01))
    for at in [*range(0, 640, 32)] * 10:
        x = digits[at : at + 32].unsqueeze(0)
        inplace(coder, noise(x, generators), x, rate, torch.zeros_like(rate))
    mean = digits.mean(0).clamp(float(digits.min()) + 1e-4, 1 - 1e-4)
    of = {"softplus": mean.expm1().log, "cross-entropy": mean.logit, "tanh": mean.atanh}
    z = of[name]() if name in of else mean
    plain = coder.reconstruction.cost(z.expand_as(digits), digits).sum(-1).mean()
    learned = coder.reconstruction.cost(coder.before(digits.unsqueeze(0))[0], digits).sum(-1).mean()
    assert float(learned.detach()) < 0.9 * float(plain)


@pytest.mark.parametrize("z", [-1e4, -50.0, 0.0, 50.0, 1e4])
@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("name", RECONSTRUCTIONS)
def test_costs_and_slopes_are_finite_and_belong_together(name, z, target):
    unit = reconstructions.get(name)
    z, target = (torch.tensor([v], dtype=torch.float64) for v in (z, target))
    z.requires_grad_()
    cost = unit.cost(z, target)
    cost.sum().backward()
    assert torch.isfinite(cost).all()
    torch.testing.assert_close(unit.slope(z.detach(), target), z.grad)
    assert torch.isfinite(unit.output(z)).all()


def test_rectifier_outputs_that_are_stuck_get_no_gradient():
    z, target = torch.tensor([-1.0, 0.0, 2.0, -1.0]), torch.tensor([0.5, 0.5, 0.5, 0.0])
    assert float(reconstructions.stuck(z, target)) == 0.5
    assert reconstructions.get("rectifier").slope(z, target).tolist() == [0, 0, 3, 0]


def test_cross_entropy_refuses_targets_that_it_is_not_defined_for():
    unit = reconstructions.get("cross-entropy")
    with pytest.raises(ValueError, match=r"needs targets from 0 to 1.*Got 0\.5 to 1\.5"):
        unit.checked(torch.tensor([0.5, 1.5]))
    with pytest.raises(ValueError, match="needs targets"):
        unit.checked(torch.tensor([torch.nan, 0.5]))
    assert reconstructions.get("softplus").checked(torch.tensor([7.0])).item() == 7


def test_an_unknown_reconstruction_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'cross-entropy'"):
        reconstructions.get("crossentropy")


@pytest.mark.parametrize(("masked", "salted"), [(0.0, 0.0), (0.25, 0.0), (0.8, 0.005), (0.3, 0.3)])
def test_noise_forces_the_shares_it_says(masked, salted):
    x = torch.full((2, 200, 500), 0.5)
    noise = Corruption(masked=masked, salted=salted)
    found = noise(x, [seeds.stream(4, "noise"), seeds.stream(5, "noise")])
    shares = [(found == value).double().mean().item() for value in (0, 1, 0.5)]
    assert shares == pytest.approx([masked, salted, 1 - masked - salted], abs=0.005)
    assert (x == 0.5).all()
    if masked:
        assert not torch.equal(found[0], found[1])


def test_noise_of_a_model_depends_on_its_own_generator_only():
    x, noise = torch.ones(3, 4, 6), Corruption(masked=0.5)
    many = noise(x, [seeds.stream(seed, "noise") for seed in (7, 8, 9)])
    one = noise(x[1:2], [seeds.stream(8, "noise")])
    assert torch.equal(many[1:2], one)
    generator = [seeds.stream(8, "noise")]
    first, second = (noise(x[1:2], generator) for _ in range(2))
    assert torch.equal(first, one)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("share", [-0.1, 1.0, 1.5, float("nan")])
@pytest.mark.parametrize("name", ["masked", "salted"])
def test_noise_levels_that_make_no_sense_are_refused(name, share):
    with pytest.raises(ValueError, match=f"`{name}` share must be at least 0 and below 1"):
        Corruption(**{name: share})


def test_noise_that_leaves_nothing_is_refused():
    with pytest.raises(ValueError, match="together must be below 1"):
        Corruption(masked=0.6, salted=0.4)
    with pytest.raises(ValueError, match=r"one generator per model\. Got 1 for 2"):
        Corruption()(torch.zeros(2, 3, 4), [seeds.stream(0, "noise")])


@pytest.mark.parametrize(
    ("position", "options", "sentence"),
    [
        (2, {}, "from 0 to 1. Got 2"),
        (-1, {}, "from 0 to 1. Got -1"),
        (0, {"sign_trick": True}, "pretrain first, and negate afterwards"),
        (0, {"activation": "prelu"}, "units that are functions"),
    ],
)
def test_layers_that_cannot_be_pretrained_are_refused(position, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Autoencoder.of(MLP(SHAPE, **options), position)


def test_autograd_needs_no_gradient_switched_on_and_leaves_none_behind():
    coder, x, target = begin()
    cost = autograd(coder, x, target, rates(coder, 0.1), rates(coder, 0.0))
    assert not cost.requires_grad
    assert all(parameter.grad is None for parameter in coder.parameters())
