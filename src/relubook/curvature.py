"""How a network's cost bends in its parameters: Gauss-Newton matrix, Hessian, eigenvalues.

The cost is the mean cross-entropy of the softmax over some examples. All is exact and in float64,
so networks must be small: the matrices have a row and a column for each weight and bias.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.func import functional_call

from relubook.networks import MLP

TOLERANCE = 1e-8  # of the largest eigenvalue; what lies below counts as flat
_MOST = 2_000  # parameters of a network
_EXAMPLES = 100  # at a time


def parameters(network: MLP) -> Float[Tensor, "models parameters"]:
    """Weights (input by input) and biases of each model, layer after layer, in float64.

    This is the order of the rows and columns of all matrices here.
    """
    return torch.cat([p.detach().double().flatten(1) for p in network.parameters()], dim=1)


@torch.no_grad()
def gauss_newton(
    network: MLP, x: Float[Tensor, "examples inputs"]
) -> Float[Tensor, "models parameters parameters"]:
    """The mean over examples of J'(diag(p) - p p')J, with J the Jacobian of the logits.

    It is the Hessian without the part that needs second derivatives of the network; no class is
    needed for it, and no eigenvalue is negative. Of the softmax it is also Fisher's matrix.

    Args:
        network: Small ones, with units of any elementwise activation.
        x: Examples, the same for every model [1].

    Returns:
        In float64.

    Raises:
        ValueError: If a network has more than 2,000 parameters.
    """
    double = _in_float64(network)
    rows = parameters(double).shape[1]
    total = torch.zeros(network.models, rows, rows, dtype=torch.float64, device=x.device)
    for some in x.double().split(_EXAMPLES):
        root = _root(double, some.expand(network.models, -1, -1))
        total += root.mT @ root
    return total / len(x)


def _root(
    network: MLP, x: Float[Tensor, "models batch inputs"]
) -> Float[Tensor, "models rows parameters"]:
    """A matrix R with R'R = sum of J'(diag(p) - p p')J, a row for each example and class.

    diag(p) - p p' = A A' with A = diag(√p) - p √p', so R = A'J: the columns of A go back through
    the network in place of an error.
    """
    layers, f = network.stacked_layers(), network.activation
    inputs, before = [x], []
    for position, layer in enumerate(layers[:-1]):
        before.append(layer(inputs[-1]))
        h = f(before[-1])
        inputs.append(h if network.signs is None else h * network.signs[position])
    p = layers[-1](inputs[-1]).softmax(-1)
    delta = torch.diag_embed(p.sqrt()) - p.sqrt().unsqueeze(-1) * p.unsqueeze(-2)
    parts: list[Tensor] = []
    for position in reversed(range(len(layers))):
        by_weight = inputs[position][:, :, None, :, None] * delta[:, :, :, None, :]
        parts = [by_weight.flatten(3), delta, *parts]
        if position > 0:
            delta = delta @ layers[position].weight[:, None].mT
            slope = f.derivative(before[position - 1], f(before[position - 1]))
            if network.signs is not None:
                slope = slope * network.signs[position - 1]
            delta = delta * slope[:, :, None]
    return torch.cat(parts, dim=-1).flatten(1, 2)


def hessian(
    network: MLP, x: Float[Tensor, "examples inputs"], y: Int[Tensor, "examples"]
) -> Float[Tensor, "models parameters parameters"]:
    """All second derivatives of the mean cross-entropy, by torch.

    A rectifier's own second derivative counts as 0, also where it bends.

    Args:
        network: Small ones.
        x: Examples, the same for every model [1].
        y: Their classes.

    Returns:
        In float64.

    Raises:
        ValueError: If a network has more than 2,000 parameters.
    """
    double, x = _in_float64(network), x.double()
    found = []
    for model in range(network.models):
        one = double.view(slice(model, model + 1))
        names, shapes = zip(*((n, p.shape) for n, p in one.named_parameters()), strict=True)
        flat = parameters(one)[0].requires_grad_()
        pieces = flat.split([shape.numel() for shape in shapes])
        own = {n: v.view(s) for n, v, s in zip(names, pieces, shapes, strict=True)}
        logits = functional_call(one, own, (x[None],))[0]
        cost = torch.nn.functional.cross_entropy(logits, y)
        (gradient,) = torch.autograd.grad(cost, flat, create_graph=True)
        rows = [
            torch.autograd.grad(gradient, flat, some, retain_graph=True, is_grads_batched=True)[0]
            for some in torch.eye(len(flat), dtype=x.dtype, device=x.device).split(_EXAMPLES)
        ]
        found.append(torch.cat(rows))
    return torch.stack(found)


def eigenvalues(
    matrix: Float[Tensor, "*models parameters parameters"],
) -> Float[Tensor, "*models parameters"]:
    """The eigenvalues of symmetric matrices, the largest first."""
    return torch.linalg.eigvalsh(matrix).flip(-1)


def condition(
    eigenvalues: Float[Tensor, "*models parameters"], *, tolerance: float = TOLERANCE
) -> Float[Tensor, "*models"]:
    """The largest eigenvalue over the smallest that is not flat [1].

    What the smallest one is, the tolerance decides: of networks whose spectrum reaches down to
    rounding errors this is about one over the tolerance.

    Args:
        eigenvalues: Of a matrix without negative ones, such as Gauss and Newton's.
        tolerance: Share of the largest eigenvalue above which one counts [1].
    """
    curved = _curved(eigenvalues, tolerance)
    smallest = torch.where(curved, eigenvalues, torch.inf).amin(-1)
    return eigenvalues.amax(-1) / smallest


def condition_of_median(
    eigenvalues: Float[Tensor, "*models parameters"],
) -> Float[Tensor, "*models"]:
    """The largest eigenvalue over the median of all; infinity if half of them are 0 [1]."""
    return eigenvalues.amax(-1) / eigenvalues.quantile(0.5, dim=-1).clamp_min(0)


def effective_condition(
    eigenvalues: Float[Tensor, "*models parameters"], *, tolerance: float = TOLERANCE
) -> Float[Tensor, "*models"]:
    """The largest eigenvalue over the mean of those that are not flat [1].

    The largest limits the step that descends without diverging; the mean says how much the cost
    curves over the directions in which it curves at all. It lies between 1 and the number of those
    directions: small eigenvalues hardly move it, so it says how far one direction stands out and
    not how long the tail is. The tolerance decides only how many are counted.

    Args:
        eigenvalues: Of a matrix without negative ones, such as Gauss and Newton's.
        tolerance: Share of the largest eigenvalue above which one counts [1].
    """
    curved = _curved(eigenvalues, tolerance)
    mean = torch.where(curved, eigenvalues, 0.0).sum(-1) / curved.sum(-1)
    return eigenvalues.amax(-1) / mean


def _curved(eigenvalues: Tensor, tolerance: float) -> Tensor:
    """Which eigenvalues are above the tolerance."""
    return eigenvalues > tolerance * eigenvalues.amax(-1, keepdim=True)


def _in_float64(network: MLP) -> MLP:
    """The same networks in float64, if they are small enough."""
    each = sum(p[0].numel() for p in network.parameters())
    if each > _MOST:
        raise ValueError(
            f"The `network` must have at most {_MOST:,} parameters, since its curvature has a row "
            f"and a column for each. Got {each:,}."
        )
    return network.view(slice(None)).double()
