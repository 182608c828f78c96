"""The four parts of "rescaled": the law, the curvature along the family, the race, the drift."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import curvature, seeds
from relubook.datasets import Split
from relubook.experiments.rescaled_networks import (
    Course,
    Digits,
    balance,
    descend,
    log2_s_of_norms,
    loss,
    on_the_family,
    plain,
)
from relubook.experiments.rescaled_values import OTHER_UNITS, PENALTIES, SHOWN, Config, place
from relubook.history import error
from relubook.networks import MLP
from relubook.rescaling import rescale
from relubook.training import Progress

Numbers = dict[str, np.ndarray]

_PRECISIONS = (torch.float64, torch.float32)  # as `PRECISIONS` names them
_NEGATIVE = torch.tensor([-1.0, -1.0, 1.0], dtype=torch.float64)  # its product is 1
_RANKS = 60
_LAW_EXAMPLES = 500


def start(
    config: Config, digits: Digits, of: tuple[int, ...], activation: str = "rectifier"
) -> MLP:
    """Networks before training, at s = 1, one for each of the seeds given."""
    inputs, device = digits.train.x.shape[1], digits.train.x.device
    shape = (inputs, *config.hidden, digits.classes)
    return MLP(shape, seeds=of, activation=activation, device=device)


def both_stages(config: Config, digits: Digits, activation: str = "rectifier") -> tuple[MLP, MLP]:
    """The reported networks before training, and after as many steps as the race has."""
    untrained, trained = (start(config, digits, config.seeds, activation) for _ in range(2))
    rate = torch.full((trained.models,), config.rate)
    course = plain(rate, batch_size=config.batch_size, moments=config.moments[-1:])
    list(descend(trained, digits.resident, course))
    return untrained, trained


# The law


def law(config: Config, digits: Digits, progress: Progress | None = None) -> Numbers:
    """How far the outputs are from what the law says, for random alphas."""
    alphas, x = random_alphas(config), digits.test.x[:_LAW_EXAMPLES]
    units = ("rectifier", *OTHER_UNITS)
    networks = {}
    for name in units:
        networks[name] = both_stages(config, digits, name)
        _report(progress, len(networks), len(units), "law")
    rectifiers = networks["rectifier"]

    def errors(stages: tuple[MLP, MLP], alphas: Tensor, dtype: torch.dtype) -> list[np.ndarray]:
        return [law_errors(network, x, alphas, dtype=dtype) for network in stages]

    return {
        "law_error": np.array([errors(rectifiers, alphas, dtype) for dtype in _PRECISIONS]),
        "negative_error": np.array(errors(rectifiers, alphas * _NEGATIVE, torch.float64)),
        "unit_error": np.array(
            [errors(networks[name], alphas, torch.float64) for name in OTHER_UNITS]
        ),
        "shown_weights": np.array(
            [[curvature.parameters(stage)[0].numpy(force=True) for stage in networks[name]]
             for name in SHOWN]
        ),
        "shown_digits": one_of_each(digits.test, digits.classes),
    }  # fmt: skip


def one_of_each(split: Split, classes: int) -> Float[np.ndarray, "classes pixels"]:
    """The first picture of each class; of a class without one, an empty picture."""
    pictures = [split.x[split.y == label][:1].sum(0) for label in range(classes)]
    return torch.stack(pictures).numpy(force=True)


def random_alphas(config: Config) -> Float[Tensor, "seeds draws layers"]:
    """Alphas between 1/10 and 10, evenly spread on a logarithmic axis."""
    shape = (config.draws, len(config.hidden) + 1)
    drawn = [
        torch.rand(shape, generator=seeds.stream(seed, "alphas"), dtype=torch.float64)
        for seed in config.seeds
    ]
    return 10 ** (2 * torch.stack(drawn) - 1)


@torch.no_grad()
def law_errors(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    alphas: Float[Tensor, "models draws layers"],
    *,
    dtype: torch.dtype,
) -> Float[np.ndarray, "models draws"]:
    """Largest difference of an output from what the law says, over the largest output [1]."""
    network = network.view(slice(None)).to(dtype)
    x = x.to(dtype).expand(network.models, -1, -1)
    expected = network(x)
    found = []
    for draw in alphas.unbind(1):
        product = draw.prod(1).to(expected)[:, None, None]
        wrong = (rescale(network, draw, signed=True)(x) * product - expected).abs().amax((1, 2))
        found.append(wrong / expected.abs().amax((1, 2)))
    return torch.stack(found, dim=1).double().numpy(force=True)


# The curvature


def curvatures(config: Config, digits: Digits, progress: Progress | None = None) -> Numbers:
    """Spectra along the family, before training and after."""
    stages = both_stages(config, digits)
    rows = []
    for stage in stages:
        for model in range(stage.models):
            rows.append(spectra(config, digits, stage.view(slice(model, model + 1))))
            _report(progress, len(rows), len(stages) * stage.models, "curvature")
    table = (len(stages), len(config.seeds))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    shaped = {name: values.reshape(*table, *values.shape[1:]) for name, values in columns.items()}
    return shaped | {"ranks": 1.0 + kept_places(curvature.parameters(stages[0]).shape[1])}


def spectra(config: Config, digits: Digits, one: MLP) -> Numbers:
    """What the curvature of one network is along the family, and what penalties see of it."""
    few = config.curvature_examples
    x, y = digits.train.x[:few], digits.train.y[:few]
    factors = family_factors(one, config.log2_s)
    squared = factors[:, :, None] * factors[:, None, :]
    bend = curvature.eigenvalues(curvature.gauss_newton(one, x) * squared)
    full = curvature.eigenvalues(curvature.hessian(one, x, y) * squared)
    above = bend > curvature.TOLERANCE * bend[:, :1]
    below = full < -curvature.TOLERANCE * full[:, :1]
    found = {
        "largest": bend[:, 0],
        "effective_condition": curvature.effective_condition(bend),
        "median_condition": curvature.condition_of_median(bend),
        "counted": above.double().mean(1),
        "spectrum": bend[:, kept_places(bend.shape[1])],
        "hessian_largest": full[:, 0],
        "hessian_negative": below.double().mean(1),
        "activity": torch.stack([h.abs().sum(-1).mean() for h in one.hidden(x[None])]),
        "norms": torch.stack([layer.weight.square().sum() for layer in one.stacked_layers()]),
    }
    return {name: values.double().numpy(force=True) for name, values in found.items()}


def family_factors(one: MLP, log2_s: tuple[float, ...]) -> Float[Tensor, "scalings parameters"]:
    """What every derivative is multiplied by when its parameter is divided by that."""
    ones = one.view(slice(None)).double()
    for parameter in ones.parameters():
        parameter.data = torch.ones_like(parameter)
    return torch.cat([1 / curvature.parameters(on_the_family(ones, at)) for at in log2_s])


def kept_places(parameters: int) -> np.ndarray:
    """Places of a spectrum, close together at its top: 0, 1, 2, ..., the last."""
    return np.unique(np.geomspace(1, parameters, _RANKS).round().astype(np.int64)) - 1


# The race


def race(config: Config, digits: Digits, progress: Progress | None = None) -> Numbers:
    """Descent from every s at every rate; the best rate is chosen on networks of other seeds."""
    curves, errors = [], []
    for done, at in enumerate(config.log2_s, start=1):
        curve, wrong = descents(config, digits, at)
        curves.append(curve)
        errors.append(wrong)
        _report(progress, done, len(config.log2_s), "race")
    curve, wrong = np.stack(curves), np.stack(errors)
    choosing = len(config.rate_seeds)
    chosen = best_rates(curve[:, :, :choosing, -1], config.learning_rates)
    curve, wrong, every = curve[:, :, choosing:], wrong[:, :, choosing:], np.arange(len(chosen))
    common = chosen[place(np.array(config.log2_s), 0.0)]
    return {
        "rate": np.array(config.learning_rates),
        "rate_loss": np.stack(curves)[:, :, :choosing, -1],
        "chosen": np.array(config.learning_rates)[chosen],
        "loss": curve[..., -1],
        "moments": np.array(config.moments, dtype=np.float64),
        "own_curve": curve[every, chosen],
        "common_curve": curve[:, common],
        "own_error": wrong[every, chosen],
        "common_error": wrong[:, common],
    }


def descents(
    config: Config, digits: Digits, log2_s: float
) -> tuple[Float[np.ndarray, "rates seeds moments"], Float[np.ndarray, "rates seeds"]]:
    """Training loss [nat] and test error [1] from one s, for every rate and every seed."""
    own = (*config.rate_seeds, *config.seeds)
    table = (len(config.learning_rates), len(own))
    network = on_the_family(start(config, digits, own * table[0]), log2_s)
    rates = torch.tensor(config.learning_rates).repeat_interleave(len(own))
    course = plain(rates, batch_size=config.batch_size, moments=config.moments)
    seen = [
        loss(network, digits.train, config.loss_examples)
        for _ in descend(network, digits.resident, course)
    ]
    wrong = error(network, digits.test).numpy(force=True)
    wrong = np.where(np.isnan(seen[-1]), np.nan, wrong)
    return np.stack(seen, axis=-1).reshape(*table, -1), wrong.reshape(table)


def best_rates(
    losses: Float[np.ndarray, "scalings rates seeds"], rates: tuple[float, ...]
) -> np.ndarray:
    """For each s the place of the rate with the lowest median loss; of equals the smaller rate."""
    medians = np.median(np.nan_to_num(losses, nan=np.inf), axis=2)
    return np.array([np.lexsort((rates, row))[0] for row in medians])


# The drift


def drift(config: Config, digits: Digits, progress: Progress | None = None) -> Numbers:
    """A long descent from a few s, without a penalty, with L1 and with weight decay."""
    table = (len(PENALTIES), len(config.drift_log2_s), len(config.seeds))
    models = int(np.prod(table))
    places = np.indices(table).reshape(3, -1)
    at_one = start(config, digits, config.seeds * (models // len(config.seeds)))
    network = on_the_family(at_one, torch.tensor(config.drift_log2_s)[places[1]])
    strengths = torch.tensor([[0.0, config.drift_l1, 0.0], [0.0, 0.0, config.drift_decay]])
    l1, decay = strengths[:, places[0]]
    course = Course(
        rate=torch.full((models,), config.drift_rate), l1=l1, decay=decay,
        batch_size=config.batch_size, moments=config.drift_moments,
    )  # fmt: skip
    where, losses, balances = [], [], []
    for moment in descend(network, digits.resident, course):
        where.append(log2_s_of_norms(network, at_one))
        losses.append(loss(network, digits.train, config.loss_examples))
        balances.append(balance(network))
        _report(progress, moment, config.drift_moments[-1], "drift")
    seen = {"drift": where, "drift_loss": losses, "drift_balance": balances}
    return {
        "drift_start": np.array(config.drift_log2_s),
        "drift_moments": np.array(config.drift_moments, dtype=np.float64),
        **{name: np.stack(values, axis=-1).reshape(*table, -1) for name, values in seen.items()},
    }


def _report(progress: Progress | None, done: int, total: int, text: str) -> None:
    """Tell how far a part has come."""
    if progress is not None:
        progress(done, total, text)
