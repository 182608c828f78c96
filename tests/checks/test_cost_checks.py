import pytest
import torch
from torch.nn import functional

from relubook import skipping
from relubook.checks.cost import check_gathered


def loop(h, weight, bias):
    """As a student would write it."""
    out = bias.repeat(len(h), 1)
    for example in range(len(h)):
        active = h[example] != 0
        out[example] += h[example, active] @ weight[active]
    return out


def one_by_one(h, weight, bias):
    return torch.stack([bias + (row[:, None] * weight)[row != 0].sum(0) for row in h])


def damaging(h, weight, bias):
    out = loop(h, weight, bias)
    h[h == 0] = 1
    return out


def damaging_the_bias(h, weight, bias):
    for example in range(len(h)):
        active = h[example] != 0
        row = h[example, active] @ weight[active]
        out = row[None] if example == 0 else torch.cat([out, row[None]])
    out += bias
    bias += 1
    return out


def union(h, weight, bias):
    active = (h != 0).any(0)
    return h[:, active] @ weight[active] + bias


def first(h, weight, bias):
    active = h[0] != 0
    return h[:, active] @ weight[active] + bias


def everybody(h, weight, bias):
    active = (h != 0).all(0)
    return h[:, active] @ weight[active] + bias


def bias_for_each(h, weight, bias):
    return loop(h, weight, 0 * bias) + (h != 0).sum(1, keepdim=True) * bias


def stacked_maxima(h, weight, bias):
    """Stops where nothing is active, as a maximum over nothing does."""
    for row in h:
        row[row != 0].max()
    return loop(h, weight, bias)


def forgets_silent_examples(h, weight, bias):
    kept = h[(h != 0).any(1)]
    return loop(kept, weight, bias)


def flat(h, weight, bias):
    example, unit = h.nonzero(as_tuple=True)
    return (h[example, unit][:, None] * weight[unit]).sum(0) + bias


def unweighted(h, weight, bias):
    return torch.stack([weight[row != 0].sum(0) for row in h]) + bias


RIGHT = {
    "a loop": loop,
    "the package's own": skipping.gathered,
    "compressed rows": skipping.csr,
    "rows, then a sum": one_by_one,
}
WRONG = {
    "no bias": (lambda h, w, b: loop(h, w, 0 * b), "leaves the bias out"),
    "rows without weights": (unweighted, "without their activations"),
    "first example's units": (first, "units of the first example for all"),
    "units of everybody": (everybody, "active for every example"),
    "bias for each unit": (bias_for_each, "bias once for each active unit"),
    "a mean": (
        lambda h, w, b: loop(h, w, 0 * b) / (h != 0).sum(1, keepdim=True).clamp(min=1) + b,
        "averages over the active units",
    ),
    "rectified": (lambda h, w, b: loop(h, w, b).clamp(min=0), "rectifies its result"),
    "one row": (flat, "one row for the whole batch"),
    "one row repeated": (
        lambda h, w, b: flat(h, w, b).expand(len(h), -1),
        "sum over the whole batch",
    ),
    "the transpose": (lambda h, w, b: loop(h, w, b).T, "the transpose"),
    "a number": (lambda h, w, b: loop(h, w, b).sum(), "a single number"),
    "a number each": (lambda h, w, b: loop(h, w, b).sum(1), "one number per example"),
    "too many dimensions": (lambda h, w, b: loop(h, w, b)[None], "the shape (1, 6, 7)"),
    "squeezed": (lambda h, w, b: loop(h, w, b).squeeze(), "one row for the whole batch"),
    "half precision": (lambda h, w, b: loop(h.float(), w.float(), b.float()), "loses precision"),
    "negative": (lambda h, w, b: loop(h.clamp(min=0), w, b), "negative activations as zeros"),
    "tolerance": (
        lambda h, w, b: loop(torch.where(h.abs() < 1e-6, 0, h), w, b),
        "very small activations for zeros",
    ),
    "stops": (stacked_maxima, "stops for an example without active units"),
    "forgets": (forgets_silent_examples, "wrong for an example without active units"),
    "dense": (lambda h, w, b: h @ w + b, "nothing is skipped"),
    "the union": (union, "silent for the whole batch"),
    "damage": (damaging, "changes the activations"),
    "damage to the bias": (damaging_the_bias, "changes the biases"),
    "a constant": (lambda h, w, b: torch.ones(len(h), w.shape[1]), "Its numbers differ"),
    "an error": (lambda h, w, b: h.no_such_method(), "stops with AttributeError"),
    "mean of a bag": (
        lambda h, w, b: functional.linear(h, w, b),
        "stops with RuntimeError",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_answer_passes(name):
    outcome = check_gathered(RIGHT[name])
    assert repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_answer_is_told_its_own_kind_of_error(name):
    function, words = WRONG[name]
    outcome = check_gathered(function)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize(
    "unsolved", [lambda h, w, b: None, lambda h, w, b: ..., None, ...], ids=range(4)
)
def test_an_exercise_not_begun_is_told_so(unsolved):
    assert repr(check_gathered(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        for secret in ("embedding_bag", "nonzero", "!= 0"):
            assert secret not in repr(check_gathered(function))


def test_inputs_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = torch.random.get_rng_state()
    for _ in range(2):
        check_gathered(lambda h, w, b: seen.append(h.clone()) or loop(h, w, b))
    assert not torch.equal(seen[0], seen[len(seen) // 2])
    assert torch.equal(before, torch.random.get_rng_state())
