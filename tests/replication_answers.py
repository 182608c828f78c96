"""A small replication that is right, for tests of the checks that look at it."""

import copy
import math

import numpy as np

from relubook.checks.replication import measured, once, plan_digest
from relubook.claims import statistics

DRAWS = 25
PLAN = {
    "claim": "elu-centers",
    "prediction": "The outputs of ELU layers lie nearer to zero on average than those of others.",
    "metric": "mean output of a layer [1]",
    "conditions": ["elu", "rectifier"],
    "direction": "below",
    "threshold": -0.1,
    "seeds": [3, 1, 4, 15, 9, 26],
    "against": "The whole interval of ELU minus rectifier lies above -0.1.",
    "stated": "2026-11-03",
}


def plan(**changed):
    return lambda: copy.deepcopy(PLAN | changed)


def run(condition, seed):
    """As cheap as a measurement can be: a share of 1,000 numbers, from the seed."""
    center = {"elu": 0.3, "rectifier": 0.5, "third": 0.7}[condition]
    return center + float(np.random.default_rng(seed).normal(0, 0.05, 20).mean())


@once
def measure():
    return measured(run, PLAN)


def with_table(change):
    """A function `measure` whose table was changed afterwards."""
    found = copy.deepcopy(measure())
    change(found["table"])
    return lambda: found


def with_record(**changed):
    found = copy.deepcopy(measure())
    found["record"].update(changed)
    return lambda: found


def passes(outcome):
    return repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


def not_begun():
    raise NotImplementedError


def of_a_notebook(text, **names):
    """What a cell of a notebook defines."""
    names |= {"plan_digest": plan_digest, "PLAN": PLAN}
    exec(text, names)
    return names


def rule(low, high, direction, threshold):
    ends = {"above": (threshold, math.inf), "below": (-math.inf, threshold),
            "within": (-threshold, threshold)}[direction]  # fmt: skip
    if ends[0] <= low and high <= ends[1]:
        return "holds"
    return "not here" if high < ends[0] or low > ends[1] else "undecided"


def report(table, plan, *, interval=statistics.mean, values=None, verdict=rule, **changed):
    """Right, unless told otherwise."""
    first, second = (table[name] for name in plan["conditions"][:2])
    d = np.array([first[seed] - second[seed] for seed in plan["seeds"]])
    kept = d[~np.isnan(d)]
    found = interval(kept)
    decided = verdict(found.low, found.high, plan["direction"], plan["threshold"])
    if len(kept) < len(d) or len(kept) < 5:
        decided = "undecided"
    answer = {
        "effect": found.value, "low": found.low, "high": found.high, "n": len(kept),
        "diverged": len(d) - len(kept), "verdict": decided, "plan": plan_digest(plan),
    }  # fmt: skip
    return answer | changed
