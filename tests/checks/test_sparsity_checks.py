import pytest
import torch

from relubook.checks.sparsity import check_zero_fraction


def damaging(h):
    share = (h == 0).double().mean()
    h[h == 0] = -1
    return share


RIGHT = {
    "mean of a comparison": lambda h: (h == 0).double().mean(),
    "count over size": lambda h: (h == 0).sum().item() / h.numel(),
    "the package's own": lambda h: __import__("relubook.sparsity").sparsity.zero_fraction(h),
    "non-zeros subtracted": lambda h: 1 - torch.count_nonzero(h).item() / h.numel(),
}
WRONG = {
    "not zero": (lambda h: (h != 0).double().mean(), "counts the activations that are not zero"),
    "percent": (lambda h: 100 * (h == 0).double().mean(), "returns percent"),
    "a count": (lambda h: (h == 0).sum(), "how many zeros"),
    "dead units": (lambda h: (h == 0).all(0).double().mean(), "counts dead units"),
    "per unit": (lambda h: (h == 0).double().mean(0), "several numbers, one per unit"),
    "per example": (lambda h: (h == 0).double().mean(1), "several numbers, one per example"),
    "over examples": (lambda h: (h == 0).sum() / len(h), "divides by the number of examples"),
    "over units": (lambda h: (h == 0).sum() / h.shape[1], "divides by the number of units"),
    "tolerance": (lambda h: (h.abs() < 1e-6).double().mean(), "no tolerance"),
    "not positive": (lambda h: (h <= 0).double().mean(), "negative activations"),
    "rounding": (lambda h: (h == 0).to(h.dtype).sum() / h.numel(), "overflow"),
    "not above": (lambda h: 1 - (h.abs() > 0).double().mean(), "NaN"),
    "damage": (damaging, "changes the activations"),
    "a constant": (lambda h: 0.123, "a count one by one gives"),
    "an error": (lambda h: h.no_such_method(), "stops with AttributeError"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_answer_passes(name):
    outcome = check_zero_fraction(RIGHT[name])
    assert repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_answer_is_told_its_own_kind_of_error(name):
    function, words = WRONG[name]
    outcome = check_zero_fraction(function)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("unsolved", [lambda h: None, lambda h: ..., None, ...])
def test_an_exercise_not_begun_is_told_so(unsolved):
    assert repr(check_zero_fraction(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        assert "== 0" not in repr(check_zero_fraction(function))


def test_inputs_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = torch.random.get_rng_state()
    for _ in range(2):
        check_zero_fraction(lambda h: seen.append(h.clone()) or 0.0)
    assert not torch.equal(seen[0], seen[len(seen) // 2])
    assert torch.equal(before, torch.random.get_rng_state())
