"""Linear probes: how well a linear classifier with few labels reads the class from a code.

A probe is ridge regression on the classes, one against the rest, in closed form: units are scaled
to unit variance on the labelled examples, the penalty is chosen on others. Every tensor has a
leading `models` axis, and all models' probes are fitted as one.

References:
    alain2016 (linear classifiers that look into hidden layers without changing them).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

PENALTIES = (100.0, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 1e-3)

Codes = Float[Tensor, "models examples units"]
Classes = Int[Tensor, "models examples"]
PerModel = Float[Tensor, "models"]


@dataclass(frozen=True, kw_only=True)
class Probes:
    """One linear classifier per model: code W + b, and the class of the largest score.

    Attributes:
        weight: W [models units classes], on the code as it is.
        bias: b [models 1 classes].
        scale: What each unit was divided by [models 1 units]; infinite for one without a say.
        penalty: The one that each model chose [1]; NaN for a model whose codes were not finite.
    """

    weight: Float[Tensor, "models units classes"]
    bias: Float[Tensor, "models 1 classes"]
    scale: Float[Tensor, "models 1 units"]
    penalty: PerModel

    def __call__(self, code: Codes) -> Float[Tensor, "models examples classes"]:
        """The scores of every class."""
        return torch.baddbmm(self.bias, code.to(self.weight), self.weight)


def fit(
    labelled: tuple[Codes, Classes],
    choosing: tuple[Float[Tensor, "models held units"], Int[Tensor, "models held"]],
    *,
    classes: int,
    penalties: Sequence[float] = PENALTIES,
    standardize: bool = True,
) -> Probes:
    """The ridge classifiers whose penalty answers most of the choosing examples, in float64.

    With standardized codes Z and centered indicators T of n labelled examples,
    W = (Z'Z / n + penalty)⁻¹ Z'T / n. A unit that never varies there has no say.

    Args:
        labelled: Codes [models examples units] and classes [models examples] to fit.
        choosing: Codes and classes, of other examples, that choose the penalty.
        classes: How many there are, at least 2.
        penalties: To choose from, relative to the variance of a unit [1]; of equals the first.
        standardize: Whether each unit is brought to unit variance, or the code as a whole.

    Raises:
        ValueError: If there are no examples or classes do not fit them, fewer than two classes, or
            a penalty that is not above 0.
    """
    _check(labelled, "labelled", classes)
    _check(choosing, "choosing", classes)
    if not penalties or not all(0 < penalty < torch.inf for penalty in penalties):
        raise ValueError(f"The `penalties` of a probe must be above 0. Got {tuple(penalties)}.")
    (code, y), (held, held_y) = labelled, choosing
    finite = code.isfinite().all(-1).all(-1) & held.isfinite().all(-1).all(-1)
    code = torch.where(finite[:, None, None], code.double(), 0.0)
    mean, scale = code.mean(1, keepdim=True), _scale(code, standardize)
    found, shares = _solve((code - mean) / scale, y, classes, penalties)
    weights = found / scale.mT[..., None]  # [models units penalties classes]
    biases = shares - torch.einsum("mou,mupc->mopc", mean, weights)
    scores = torch.einsum("mnu,mupc->mnpc", held.double(), weights) + biases
    best = (scores.argmax(-1) != held_y[..., None]).double().mean(1).argmin(-1)  # [models]
    models = torch.arange(len(best), device=best.device)
    bias = biases[models, :, best]
    chosen = torch.tensor(tuple(penalties), dtype=torch.float64, device=best.device)[best]
    return Probes(
        weight=weights[models, :, best],
        bias=bias.where(finite[:, None, None], torch.nan),
        scale=scale,
        penalty=chosen.where(finite, torch.nan),
    )


def error(probes: Probes, code: Codes, y: Classes) -> PerModel:
    """The share of wrong answers of each probe [1]; NaN where its scores are not finite."""
    scores = probes(code)
    wrong = (scores.argmax(-1) != y).double().mean(-1)
    return torch.where(scores.isfinite().all(-1).all(-1), wrong, torch.nan)


def margins(probes: Probes, code: Codes, y: Classes) -> Float[Tensor, "models examples"]:
    """How far each example lies inside the region of its class, in units of the code's spread [1].

    That is its distance to the nearest boundary, min over other classes j of
    ((w_y - w_j)·z + b_y - b_j) / |w_y - w_j|, negative outside, over the root mean square distance
    of the codes from their mean; z is the code with its units scaled as the probe scales them.

    Args:
        probes: One per model.
        code: Codes [models examples units].
        y: Their classes [models examples].

    Returns:
        One number an example; 0 in a code without spread or for a probe that tells nothing apart.
    """
    scores = probes(code)
    weight = torch.where(probes.scale.isfinite(), probes.weight.mT * probes.scale, 0.0)
    apart = (weight[:, :, None] - weight[:, None]).norm(dim=-1)  # [models classes classes]
    own = scores.gather(-1, y[..., None])
    distances = apart.gather(1, y[..., None].expand(-1, -1, apart.shape[-1]))
    lead = torch.where(distances > 0, (own - scores) / distances, torch.inf)
    nearest = lead.scatter(-1, y[..., None], torch.inf).amin(-1)
    variance = code.double().var(1, keepdim=True, correction=0)
    spread = (variance / probes.scale.square()).sum(-1).sqrt()  # [models 1]
    told = nearest.isfinite() & (spread > 0)
    known = scores.isfinite().all(-1).all(-1, keepdim=True)
    return torch.where(told, nearest / spread, 0.0).where(known, torch.nan)


def draw_balanced(
    y: Int[Tensor, "examples"], per_class: int, generator: torch.Generator
) -> tuple[Int[Tensor, "per_class classes"], Int[Tensor, "rest"]]:
    """Rows with as many examples of every class, and the rows that are left.

    The first k rows of the draw, flattened, are a balanced draw of k an example class, so that
    few labels are among the many.

    Args:
        y: Classes of the examples.
        per_class: How many of each class, at least 1.
        generator: Of the order; on the CPU.

    Returns:
        Row numbers, one row of them for each round and one column a class; and the others, sorted.

    Raises:
        ValueError: If a class has fewer examples than asked for.
    """
    order = torch.randperm(len(y), generator=generator)
    columns = [order[y[order] == label] for label in y.unique().tolist()]
    least = min((len(column) for column in columns), default=0)
    if not 1 <= per_class <= least:
        raise ValueError(
            f"The `per_class` of a balanced draw must be between 1 and {least}, the size of the "
            f"smallest class. Got {per_class}."
        )
    chosen = torch.stack([column[:per_class] for column in columns], dim=1)
    left = torch.ones(len(y), dtype=torch.bool)
    left[chosen.flatten()] = False
    return chosen, left.nonzero().flatten()


def _solve(
    z: Codes, y: Classes, classes: int, penalties: Sequence[float]
) -> tuple[Float[Tensor, "models units penalties classes"], Float[Tensor, "models 1 1 classes"]]:
    """The weights on standardized codes for each penalty, and the shares of the classes."""
    n = z.shape[1]
    indicators = torch.nn.functional.one_hot(y, classes).double()
    shares = indicators.mean(1, keepdim=True)
    spread, directions = torch.linalg.eigh(z.mT @ z / n)  # Z'Z / n = V diag(spread) V'
    loads = directions.mT @ (z.mT @ (indicators - shares)) / n
    shrinking = spread.clamp_min(0)[..., None] + torch.tensor(
        tuple(penalties), dtype=spread.dtype, device=spread.device
    )
    weights = torch.einsum("muv,mvpc->mupc", directions, loads[:, :, None] / shrinking[..., None])
    return weights, shares[:, None]


def _scale(code: Codes, standardize: bool) -> Float[Tensor, "models 1 units"]:
    """The standard deviation of each unit, or of all together; infinite where nothing varies."""
    spread = code.std(1, keepdim=True, correction=0)
    varies = spread > 1e-9 * code.abs().amax(1, keepdim=True)
    if not standardize:
        spread = spread.square().mean(-1, keepdim=True).sqrt().expand_as(spread)
    return torch.where(varies, spread, torch.inf)


def _check(examples: tuple[Codes, Classes], name: str, classes: int) -> None:
    """Raise about codes and classes that do not fit each other."""
    code, y = examples
    if classes < 2:
        raise ValueError(f"The `classes` of a probe must be at least 2. Got {classes}.")
    if code.shape[:2] != y.shape or not y.numel():
        raise ValueError(
            f"The `{name}` codes and classes of a probe must be of the same examples, one at "
            f"least. Got codes {tuple(code.shape)} and classes {tuple(y.shape)}."
        )
    if int(y.min()) < 0 or int(y.max()) >= classes:
        raise ValueError(
            f"The `{name}` classes of a probe must be between 0 and {classes - 1}. "
            f"Got {int(y.min())} to {int(y.max())}."
        )
