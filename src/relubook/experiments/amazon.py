"""Amazon: positive or negative, four kinds of products, few labels and all, at home and across.

The paper (p. 322) reports one number, the mean accuracy of a rectifier network of three layers
within the four domains, in the semi-supervised setting of another paper, whose split is not known
here. So two budgets of labels are measured, few and all. Pretraining sees the reviews of all four
domains, and among them the very test reviews, without their labels: it is transductive, as in that
literature. Reviews that stand in more than one split are kept in the test split alone.

With few labels every seed draws reviews of its own, and at most as many more choose learning rate
and epoch. Each network is tested on the domain whose labels trained it, and on the three others.
"""

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from relubook import checkpoints as run_files
from relubook import paper
from relubook.experiments import amazon_drawings as drawings
from relubook.experiments.amazon_networks import Reviews, labeled, opened, regression_errors
from relubook.experiments.amazon_values import DEPTH, KINDS, NETWORKS, UNITS, Config, Result
from relubook.experiments.amazon_values import in_domain as accuracy_in_domain
from relubook.experiments.pretrained import begin, on_test, tuned
from relubook.experiments.sweep import Comparison, part_of
from relubook.experiments.text_networks import Restoring, restored
from relubook.networks import MLP
from relubook.training import Progress, Schedule

NAME = "amazon"
TITLE = "Amazon: polarity in four domains, with few labels and all (page 322)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_across, describe_across = drawings.draw_across, drawings.describe_across

_BY_SEED = ("validation_error", "train_loss", "rate", "best_epoch", "diverged")
_BY_LAYER = ("zeros", "dead")


class _Place(NamedTuple):
    """Where networks that are trained alike stand: row of `KINDS`, budget, source."""

    kind: int
    budget: int
    source: int


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 500 units at `laptop`; at `paper` the units that the paper had for its other reviews.

    The two rates to restore with at `laptop` came near the best of five for every layer in a pilot
    with another seed: the first for rectifiers above the first layer, the second for all others.
    """
    if scale == "smoke":
        return Config(
            data=data or "reviews", width=12, budgets=(20, None), epochs=(2, 1), seeds=(0, 1),
            labeled=100, tested=60,
            restoring=Restoring(rates=(0.1, 0.03), epochs=1, batch_size=50, judged=50),
            linear_rates=(0.3, 0.1), learning_rates=(0.3, 0.1), l1=1e-4, batch_size=10,
        )  # fmt: skip
    wide = scale == "paper"
    restoring = (0.1, 0.03, 0.01, 0.003) if wide else (0.1, 0.01)
    return Config(
        data=data or ("amazon-5000" if wide else "reviews"), width=5_000 if wide else 500,
        budgets=(100, None), epochs=(30, 8), seeds=tuple(range(5)), labeled=None, tested=None,
        restoring=Restoring(rates=restoring, epochs=20 if wide else 4),
        linear_rates=(1.0, 0.3, 0.1, 0.03), learning_rates=(0.3, 0.1, 0.03, 0.01, 0.003),
        l1=1e-4, batch_size=10,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain both kinds of units once a seed, then train every kind on every domain."""
    reviews = opened(config)
    return learned(config, reviews, device=device, progress=progress, checkpoints=checkpoints)


def learned(
    config: Config,
    reviews: Reviews,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """What `run` gives, of reviews at hand."""
    work = _work(config, reviews)
    done, total = 0, sum(work.values())
    starts = {(name, "none"): _drawn(config, reviews, name, device) for name in NETWORKS}
    courses = []
    for unit in UNITS:
        course = restored(
            (config.width,) * DEPTH, reviews.pool, activation=unit, seeds=config.seeds,
            restoring=config.restoring, l1=config.l1, device=device,
            progress=part_of(progress, done, work[unit], total),
            file=checkpoints and Path(f"{checkpoints}.{unit}.restoring.npz"),
        )  # fmt: skip
        done += work[unit]
        courses.append(course.arrays())
        starts |= {
            (name, "with"): course.network  # with the logits as they were drawn
            for name, (own, depth) in NETWORKS.items()
            if depth and own == unit
        }
    found = {}
    for place in _places(config, reviews):
        train = partial(
            _trained, config, reviews, starts[KINDS[place.kind]], place,
            progress=part_of(progress, done, work[place], total),
        )  # fmt: skip
        file = _file(checkpoints, config, reviews, place)
        found[place] = run_files.remembered(file, train, config, reviews.data.sha256, place)
        done += work[place]
    return _result(config, reviews, found, courses)


def _places(config: Config, reviews: Reviews) -> list[_Place]:
    """All of them, in the order in which they are trained."""
    sizes = (len(KINDS), len(config.budgets), len(reviews.data.groups))
    return [_Place(*(int(number) for number in place)) for place in np.ndindex(*sizes)]


def _work(config: Config, reviews: Reviews) -> dict[str | _Place, int]:
    """Networks times reviews that they go through: to restore, and with labels of each place."""
    networks = DEPTH * len(config.restoring.rates) * len(config.seeds)
    share = networks * config.restoring.epochs * len(reviews.pool.train)
    work: dict[str | _Place, int] = dict.fromkeys(UNITS, share)
    labels = _counts(config, reviews)[0]
    for place in _places(config, reviews):
        rates = config.rates(KINDS[place.kind][0])
        passes = config.epochs[place.budget] * len(rates) * len(config.seeds)
        work[place] = int(passes * labels[place.budget, place.source])
    return work


def _drawn(config: Config, reviews: Reviews, network: str, device: str) -> MLP:
    """Untrained networks, one per seed."""
    unit, depth = NETWORKS[network]
    hidden = (config.width,) * depth
    return begin(hidden, reviews.data, activation=unit, seeds=config.seeds, device=device)


def _trained(
    config: Config,
    reviews: Reviews,
    starts: MLP,
    place: _Place,
    *,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """What the networks of one place come to, the seeds in the first axis."""
    name, rows = KINDS[place.kind][0], []
    rates, seeds = config.rates(name), config.seeds
    for number, seed in enumerate(seeds):
        data = labeled(reviews.data, place.source, config.budgets[place.budget], seed)
        schedule = Schedule(epochs=config.epochs[place.budget], batch_size=config.batch_size)
        work = len(rates) * schedule.epochs
        network, numbers = tuned(
            starts.view(slice(number, number + 1)), data, rates=rates, l1=config.l1,
            schedule=schedule, negate=False,
            progress=part_of(progress, number * work, work, len(seeds) * work),
        )  # fmt: skip
        lost = numbers["best_epoch"] < 0
        ends = [on_test(network, test, lost=lost) for test in reviews.tests()]
        row = {key: numbers[key] for key in _BY_SEED}
        row |= {key: ends[place.source][key] for key in _BY_LAYER}
        row["rate_validation"] = numbers["rate_validation"].T
        row["test_error"] = np.stack([end["test_error"] for end in ends], axis=-1)
        rows.append(row)
    return {key: np.concatenate([row[key] for row in rows]) for key in rows[0]}


def _file(checkpoints: Path | None, config: Config, reviews: Reviews, place: _Place) -> Path | None:
    """Where the networks of one place are kept."""
    if checkpoints is None:
        return None
    kind = "-".join(KINDS[place.kind]).replace(", ", "-").replace(" ", "-")
    budget = config.budgets[place.budget] or "all"
    domain = reviews.data.groups[place.source].replace(" ", "-")
    return Path(f"{checkpoints}.{kind}.{budget}.{domain}.npz")


def _counts(config: Config, reviews: Reviews) -> np.ndarray:
    """Reviews that train and that validate, with each budget in each domain."""
    counts = [
        [
            (len(data.train), len(data.validation))
            for source in range(len(reviews.data.groups))
            for data in [labeled(reviews.data, source, budget, config.seeds[0])]
        ]
        for budget in config.budgets
    ]
    return np.moveaxis(np.array(counts), -1, 0)


def _result(
    config: Config,
    reviews: Reviews,
    found: dict[_Place, dict[str, np.ndarray]],
    courses: list[dict[str, np.ndarray]],
) -> Result:
    """All places in one array for each quantity."""
    domains, seeds = len(reviews.data.groups), len(config.seeds)
    grid = (len(KINDS), len(config.budgets), domains)
    rates = max(len(config.linear_rates), len(config.learning_rates))
    shapes = dict.fromkeys(_BY_SEED, (*grid, seeds))
    shapes |= dict.fromkeys(_BY_LAYER, (*grid, seeds, DEPTH))
    shapes |= {"test_error": (*grid, seeds, domains), "rate_validation": (*grid, seeds, rates)}
    arrays = {
        key: np.full(shape, -1 if key in ("best_epoch", "diverged") else np.nan)
        for key, shape in shapes.items()
    }
    for place, numbers in found.items():
        for key, values in numbers.items():
            arrays[key][place][tuple(slice(size) for size in values.shape)] = values
    for key in ("test_error", "rate_validation"):
        arrays[key] = np.moveaxis(arrays[key], 3, 4)
    for key in ("best_epoch", "diverged"):
        arrays[key] = arrays[key].astype(np.int64)
    labels, validated = _counts(config, reviews)
    data = reviews.data
    passport: dict[str, Any] = {
        "name": data.name, "sha256": data.sha256, "source": data.source,
        "train_examples": len(data.train), "domains": list(data.groups),
    }  # fmt: skip
    return Result(
        **arrays,
        **{key: np.stack([course[key] for course in courses]) for key in courses[0]},
        regression_error=regression_errors(data), labels=labels, validated=validated,
        tested=np.array([len(test) for test in reviews.tests()]),
        pooled=np.array(len(reviews.pool.train)),
        removed=np.array(list(vars(reviews.removed).values())), data=passport,
    )  # fmt: skip


def compare(result: Result) -> list[Comparison]:
    """The paper's two numbers beside ours with each budget; its labels were others."""
    if not result.data["name"].startswith(NAME):
        return []
    arrays, lines = result.arrays(), []
    for budget, labels in enumerate(result.labels.mean(axis=1)):
        where = f"mean accuracy of {len(result.tested)} domains, {labels:,.0f} labels in each here"
        lines += [
            Comparison(
                quantity=f"{where}: {words}", paper=paper.SENTIMENT[key].value, unit="%",
                here=float(np.nanmean(accuracy_in_domain(arrays, *kind, budget))),
            )
            for words, key, kind in (
                (
                    "rectifier, 3 layers, pretrained", "amazon_rectifier_accuracy",
                    ("rectifier, 3 layers", "with"),
                ),
                (
                    "best method before the paper, and here no hidden layer",
                    "amazon_best_earlier_accuracy", KINDS[0],
                ),
            )
        ]  # fmt: skip
    return lines
