"""Which of the paper's differences are found here too: by their sign, in one sentence.

Ours is told from zero if the 95 % t interval of its mean over seeds, paired, leaves zero out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from relubook import experiments, paper
from relubook.experiments import (
    figure_3,
    figure_4_values,
    softplus_alpha_values,
    table_1_values,
    table_2_values,
)
from relubook.experiments.relatives_values import half_interval
from relubook.records import Record
from relubook_book import side_by_side_rows as rows

READ = 0.1  # points: a smaller difference that was read off a figure counts as none
WORDS = {1: "higher", -1: "lower", 0: "not told apart"}
NEAR = 3.0  # points of zeros that count as the sparse end of Figure 3, as in `figure_3.describe`


@dataclass(frozen=True, kw_only=True)
class Sign:
    """The sign of one difference, there and here.

    Attributes:
        what: Minus what.
        theirs: 1, -1, or 0 where the paper does not tell the two apart.
        ours: The same here.
    """

    what: str
    theirs: int
    ours: int


def sign(what: str, theirs: float, values: Float[np.ndarray, "seeds"]) -> Sign:
    """Returns the sign of the paper's number beside that of ours, 0 where the interval holds 0.

    Args:
        what: Minus what.
        theirs: The paper's difference; 0 where it does not tell.
        values: Ours, one a seed; NaN where a network diverged.
    """
    told = values[np.isfinite(values)]
    half = half_interval(told)
    sure = told.size > 1 and abs(told.mean()) > half
    return Sign(
        what=what, theirs=int(np.sign(theirs)), ours=int(np.sign(told.mean())) if sure else 0
    )


def sentence(signs: Sequence[Sign]) -> str:
    """Returns what agrees, what cannot be told here, and what does not agree."""
    kinds = {
        "Agrees": [one for one in signs if one.ours and one.theirs == one.ours],
        "does not agree": [one for one in signs if one.ours and one.theirs != one.ours],
        "cannot be told here": [one for one in signs if one.theirs and not one.ours],
        "told apart in neither": [one for one in signs if not one.theirs and not one.ours],
    }
    always = list(kinds)[:2]  # that nothing agrees is a finding as well
    parts = [
        f"**{name}:** {_listed(found) or 'nothing'}"
        for name, found in kinds.items()
        if found or name in always
    ]
    return f"{'; '.join(parts)}."


def _listed(signs: Sequence[Sign]) -> str:
    """Those with the same signs together."""
    groups: dict[str, list[str]] = {}
    for one in signs:
        groups.setdefault(_relation(one.theirs, one.ours), []).append(one.what)
    return ", ".join(f"{_joined(names)}{relation}" for relation, names in groups.items())


def _joined(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _relation(theirs: int, ours: int) -> str:
    """Two signs in words."""
    if not theirs and not ours:
        return ""
    if theirs == ours:
        return f" ({WORDS[ours]} in both)"
    return f" ({WORDS[theirs]} in the paper, {WORDS[ours]} here)"


def table_1(place: str, record: Record) -> list[Sign]:
    """Returns the signs in a column of Table 1; two bold cells of the paper are not told apart."""
    pairs = [
        (f"{unit} against rectifier", (unit, "none"), ("rectifier", "none"))
        for unit in ("tanh", "softplus")
    ]
    pairs += [(f"{u} pretrained against not", (u, "with"), (u, "none")) for u in paper.UNITS]
    found = []
    for what, one, other in pairs:
        keys = [(unit, place, start) for unit, start in (one, other)]
        theirs = paper.TABLE_1[keys[0]].value - paper.TABLE_1[keys[1]].value
        if paper.TABLE_1_BOLD.issuperset(keys):
            theirs = 0.0
        ours = [table_1_values.errors(record.arrays, *cell) for cell in (one, other)]
        found.append(sign(what, theirs, ours[0] - ours[1]))
    return found


def table_2(record: Record) -> list[Sign]:
    """Returns the signs in Table 2: errors of pretrained networks, and zeros by depth."""
    deep = "rectifier, 3 layers"
    found = []
    for name in ("no hidden layer", "rectifier, 1 layer", "tanh, 3 layers"):
        theirs = paper.TABLE_2[deep, "rmse"].value - paper.TABLE_2[name, "rmse"].value
        start = "with" if table_2_values.NETWORKS[name][1] else "none"
        ours = table_2_values.errors(record.arrays, deep, "with")
        ours = ours - table_2_values.errors(record.arrays, name, start)
        found.append(sign(f"error of three rectifier layers against {name}", theirs, ours))
    best = paper.SENTIMENT["rmse_3_layers_without_pretraining"].value
    ours, plain = (table_2_values.errors(record.arrays, deep, start) for start in ("with", "none"))
    what = "error of three rectifier layers pretrained against not"
    found.append(sign(what, paper.TABLE_2[deep, "rmse"].value - best, ours - plain))
    one = "rectifier, 1 layer"
    theirs = paper.TABLE_2[deep, "zeros"].value - paper.TABLE_2[one, "zeros"].value
    ours, plain = (table_2_values.zeros(record.arrays, name, "with") for name in (deep, one))
    return [*found, sign("zeros of three rectifier layers against one", theirs, ours - plain)]


def cloud(record: Record) -> list[Sign]:
    """Returns whether the sparse end of Figure 3 errs more than what the paper calls harmless."""
    limit = paper.STATED["harmless_zeros_up_to"].value
    result, theirs = experiments.result(record), paper.FIGURE_3.array()
    ours = []
    for seed in np.unique(result.seed):
        of = rows.of_seed(result, seed)
        kept = of.test_error < figure_3.COLLAPSED
        ours.append(_rise(100 * of.zeros[kept], 100 * of.test_error[kept], limit))
    what = (
        f"test error within {NEAR:g} points of the sparsest network against networks of fewer "
        f"than {limit:g} % zeros"
    )
    return [sign(what, _rise(theirs[:, 0], theirs[:, 1], limit), np.array(ours))]


def _rise(
    zeros: Float[np.ndarray, "networks"], error: Float[np.ndarray, "networks"], limit: float
) -> float:
    """The mean error at the sparse end minus that below the limit [points]; NaN of none."""
    if not (zeros < limit).any():
        return float("nan")
    return float(error[zeros >= zeros.max() - NEAR].mean() - error[zeros < limit].mean())


def savings(record: Record) -> list[Sign]:
    """Returns the signs of what pretraining saves by share of labels."""
    found = []
    for unit in figure_4_values.ACTIVATIONS:
        gains = figure_4_values.gain(record.arrays, unit)
        for share in paper.LABEL_SHARES:
            theirs = figure_4_values.printed_gain(share, unit)
            theirs = theirs if abs(theirs) >= READ else 0.0
            ours = -gains[figure_4_values.place_of(record.arrays, share)]
            found.append(sign(f"{unit} at {share:g} %", -theirs, ours))
    return found


def alphas(record: Record) -> list[Sign]:
    """Returns the signs of finite alphas against the rectifier."""
    last = rows.errors_of(record, float("inf"))
    return [
        sign(
            f"alpha {softplus_alpha_values.name_of(alpha)}",
            printed.value - paper.ALPHA_SWEEP[float("inf")].value,
            rows.errors_of(record, alpha) - last,
        )
        for alpha, printed in paper.ALPHA_SWEEP.items()
        if np.isfinite(alpha)
    ]


def orders(record: Record) -> tuple[float, float]:
    """Returns Spearman's correlation of alpha with the error, the paper's and ours [1]."""
    theirs = np.array([[printed.value] for printed in paper.ALPHA_SWEEP.values()])
    alpha = np.array(list(paper.ALPHA_SWEEP))
    correlation = softplus_alpha_values.rank_correlation
    ours = correlation(record.arrays["alpha"], record.arrays["test_error"])
    return correlation(alpha, theirs), ours
