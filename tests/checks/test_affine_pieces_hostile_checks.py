import math
from itertools import repeat

import numpy as np
import pytest
import torch

from relubook.checks import affine_pieces as pieces
from relubook.checks import affine_pieces_lines as lines
from relubook.checks import affine_pieces_plane as plane
from relubook.checks import affine_pieces_scaling as scaling


def at_a_boundary(function):
    return pieces.check_at_a_boundary(function, function)


CHECKS = [
    scaling.check_rescaled,
    scaling.check_rescaled_with_care,
    scaling.check_balanced,
    scaling.check_balanced_with_care,
    pieces.check_pattern,
    pieces.check_local_map,
    at_a_boundary,
    lines.check_crossings_of_one_layer,
    lines.check_crossings_of_several_layers,
    lines.check_crossings_in_special_cases,
    plane.check_count_regions,
    plane.check_count_regions_in_special_cases,
]


class Callable:
    def __call__(self, *given):
        return self

    def __len__(self):
        raise RuntimeError("no length")


def raises(*given):
    raise RecursionError("too deep")


def damages_all(*given):
    for part in given:
        if isinstance(part, list):
            part.clear()
        else:
            part *= 0
    return [], []


HOSTILE = [
    lambda *given: "words",
    lambda *given: math.nan,
    lambda *given: (math.nan, math.nan),
    lambda *given: (math.inf, None, {}),
    lambda *given: repeat(0.5),
    lambda *given: (t for t in (0.1, 0.2)),
    lambda *given: {0.1: 0.2},
    lambda *given: np.zeros(100_000),
    lambda *given: [10**400],
    lambda *given: [[1, 2], [3]],
    lambda *given: 1j,
    lambda *given: np.array([1j, 2]),
    lambda *given: torch.ones(3, requires_grad=True),
    lambda *given: torch.Tensor,
    lambda *given: given,
    lambda *given: [None, None, None],
    lambda: None,
    raises,
    damages_all,
    Callable(),
    Callable,
]


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("answer", range(len(HOSTILE)))
def test_a_hostile_answer_hears_a_sentence_and_stops_nothing(check, answer):
    outcome = check(HOSTILE[answer])
    assert outcome.solved
    assert outcome.passed < outcome.total
    assert len(outcome.message.split()) >= 4


def untouched(*given):
    raise NotImplementedError


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("unsolved", [None, ..., 7, lambda *_: None, untouched])
def test_what_was_not_begun_is_not_solved(check, unsolved):
    assert not check(unsolved).solved
