"""Curvature: matrices by hand against torch's, and the law by which they change when rescaled."""

import pytest
import torch

from relubook import curvature, seeds
from relubook.networks import MLP
from relubook.rescaling import rescale

SHAPE = (4, 5, 3, 3)


def networks(activation: str = "rectifier", sizes=SHAPE, **options) -> MLP:
    """Two small networks whose biases are not zero."""
    drawn = MLP(sizes, models=2, activation=activation, dtype=torch.float64, **options)
    for position, layer in enumerate(drawn.stacked_layers()):
        layer.bias.data.uniform_(-0.5, 0.5, generator=seeds.stream(0, "biases", position))
    return drawn


def examples(count: int = 130) -> tuple[torch.Tensor, torch.Tensor]:
    """More than are taken at a time."""
    x = torch.randn(count, SHAPE[0], generator=seeds.stream(0, "inputs"), dtype=torch.float64)
    return x, torch.arange(count) % SHAPE[-1]


@pytest.mark.parametrize("options", [{}, {"activation": "tanh"}, {"sign_trick": True}])
def test_gauss_newton_is_made_of_the_jacobian_that_torch_gives(options):
    network, (x, _) = networks(**options), examples(7)
    found = curvature.gauss_newton(network, x)
    for model in range(2):
        one = network.view(slice(model, model + 1))
        names = [name for name, _ in one.named_parameters()]

        def logits(*values, one=one, names=names):
            own = dict(zip(names, values, strict=True))
            return torch.func.functional_call(one, own, (x[None],))[0]

        parts = torch.autograd.functional.jacobian(logits, tuple(one.parameters()))
        jacobian = torch.cat([part.flatten(2) for part in parts], dim=-1)
        p = one(x[None])[0].softmax(-1).detach()
        middle = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
        expected = (jacobian.mT @ middle @ jacobian).mean(0)
        torch.testing.assert_close(found[model], expected)


def test_without_hidden_units_gauss_newton_is_the_hessian():
    network, (x, y) = networks(sizes=(4, 3)), examples()
    torch.testing.assert_close(curvature.gauss_newton(network, x), curvature.hessian(network, x, y))


def test_the_hessian_predicts_the_cost_of_a_small_step():
    network, (x, y) = networks("softplus"), examples()
    step = torch.randn(2, curvature.parameters(network).shape[1], dtype=torch.float64,
                       generator=seeds.stream(0, "step"))  # fmt: skip
    bend = (step[:, None] @ curvature.hessian(network, x, y) @ step[..., None]).flatten()

    def cost(length: float) -> torch.Tensor:
        moved = networks("softplus")
        place = 0
        for parameter in moved.parameters():
            count = parameter[0].numel()
            parameter.data += length * step[:, place : place + count].view(parameter.shape)
            place += count
        logits = moved(x.expand(2, -1, -1)).mT
        return torch.nn.functional.cross_entropy(logits, y.expand(2, -1), reduction="none").mean(1)

    measured = (cost(1e-4) - 2 * cost(0.0) + cost(-1e-4)) / 1e-8
    torch.testing.assert_close(measured.detach(), bend, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("name", ["gauss_newton", "hessian"])
def test_rescaling_multiplies_rows_and_columns(name):
    network, (x, y) = networks(), examples()
    scaled = rescale(network, [8.0, 0.3, 1 / 2.4])
    given = (x, y) if name == "hessian" else (x,)
    before, after = (getattr(curvature, name)(each, *given) for each in (network, scaled))
    factor = curvature.parameters(network) / curvature.parameters(scaled)
    expected = before * factor[:, :, None] * factor[:, None, :]
    torch.testing.assert_close(after, expected, rtol=1e-9, atol=1e-12)


def test_condition_numbers_of_a_spectrum_that_is_known():
    spectrum = torch.tensor([8.0, 4.0, 4.0, 1e-9, 0.0], dtype=torch.float64)
    assert torch.equal(curvature.eigenvalues(torch.diag(spectrum.flip(0))), spectrum)
    assert curvature.condition(spectrum).item() == 2
    assert curvature.condition_of_median(spectrum).item() == 2
    assert curvature.effective_condition(spectrum).item() == pytest.approx(1.5)
    assert curvature.condition_of_median(torch.tensor([1.0, 0.0, 0.0])).item() == torch.inf


def test_a_network_too_large_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"at most 2,000 parameters.*Got 7,960"):
        curvature.gauss_newton(MLP((784, 10, 10)), torch.zeros(1, 784))
