import math
from itertools import combinations

import numpy as np
import pytest
import torch

from relubook.checks import affine_pieces_plane as plane


def corners_of(low, high):
    return np.array([(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])])


def cutting(weight, bias, low, high, *, once=True):
    """The lines that cut the rectangle, each once."""
    found = []
    for line in np.vstack([weight, bias]).T:
        if not line[:2].any():
            continue
        line = line / np.hypot(*line[:2])
        heights = corners_of(low, high) @ line[:2] + line[2]
        known = any(np.abs(line - f * other).max() < 1e-12 for other in found for f in (1, -1))
        if heights.min() < 0 < heights.max() and not (known and once):
            found.append(line)
    return found


def meeting(first, second):
    (a, b, c), (d, e, f) = first, second
    det = a * e - b * d
    return ((b * f - c * e) / det, (c * d - a * f) / det) if det else (math.nan, math.nan)


def by_formula(weight, bias, low, high):
    lines = cutting(weight, bias, low, high)
    inside = 0
    for pair in combinations(lines, 2):
        x, y = meeting(*pair)
        inside += low[0] < x < high[0] and low[1] < y < high[1]
    return 1 + len(lines) + inside


def cut_by_cut(weight, bias, low, high):
    """One more region for each piece into which the lines before cut the next one."""
    count, before = 1, []
    for line in cutting(weight, bias, low, high):
        inside = {
            (x, y)
            for x, y in (meeting(line, other) for other in before)
            if low[0] < x < high[0] and low[1] < y < high[1]
        }
        count, before = count + 1 + len(inside), [*before, line]
    return torch.tensor(count)


def polygons(weight, bias, low, high):
    x, y = corners_of(low, high).T
    parts = [np.array([[x[0], y[0]], [x[2], y[2]], [x[3], y[3]], [x[1], y[1]]])]
    for w, b in zip(weight.T, bias, strict=True):
        done = []
        for part in parts:
            h = part @ w + b
            if h.min() > -1e-10 or h.max() < 1e-10:
                done.append(part)
                continue
            sides = ([], [])
            for p, q, a, c in zip(part, np.roll(part, -1, 0), h, np.roll(h, -1), strict=True):
                sides[int(a < 0)].append(p)
                if a * c < 0:
                    for side in sides:
                        side.append(p + a / (a - c) * (q - p))
            done.extend(map(np.array, sides))
        parts = done
    return float(len(parts))


@pytest.mark.parametrize("function", [by_formula, cut_by_cut, polygons])
def test_right_counts_pass(function):
    for _ in range(25):
        first = plane.check_count_regions(function)
        second = plane.check_count_regions_in_special_cases(function)
        assert first.passed == first.total, first
        assert second.passed == second.total, second


def parts(weight, bias, low, high):
    lines = cutting(weight, bias, low, high)
    points = [meeting(*pair) for pair in combinations(lines, 2)]
    inside = sum(low[0] < x < high[0] and low[1] < y < high[1] for x, y in points)
    return len(bias), len(lines), inside, len(points)


def counted(count):
    return lambda *given: count(*parts(*given))


def on_a_grid(weight, bias, low, high, steps=200):
    x, y = (np.linspace(a, b, steps) for a, b in zip(low, high, strict=True))
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return len(np.unique(points @ weight + bias > 0, axis=0))


def with_a_tolerance(weight, bias, low, high):
    """Crossings that are close count once."""
    lines, points = cutting(weight, bias, low, high), []
    for pair in combinations(lines, 2):
        x, y = meeting(*pair)
        new = all(math.dist((x, y), point) > 1e-3 for point in points)
        if low[0] < x < high[0] and low[1] < y < high[1] and new:
            points.append((x, y))
    return 1 + len(lines) + len(points)


VALUES = {
    "no one": (counted(lambda n, hit, inside, _: hit + inside), "one region already"),
    "lines only": (counted(lambda n, hit, inside, _: 1 + hit), "It counts only the lines"),
    "crossings only": (counted(lambda n, hit, inside, _: 1 + inside), "only the crossings"),
    "every line": (counted(lambda n, hit, inside, _: 1 + n + inside), "miss the rectangle"),
    "all crossings": (
        counted(lambda n, hit, inside, every: 1 + hit + every),
        "crossings outside the rectangle",
    ),
    "whole plane": (counted(lambda n, *_: 1 + n + math.comb(n, 2)), "in the whole plane"),
    "all sets": (counted(lambda n, *_: 2**n), "all sets of units there could be"),
    "all sets of those": (counted(lambda n, hit, *_: 2**hit), "all sets of the units that switch"),
    "wrong side": (lambda w, b, *r: by_formula(w, -b, *r), "on the wrong side of the origin"),
    "exchanged": (lambda w, b, *r: by_formula(w[::-1], b, *r), "first input for the second"),
    "tolerance": (with_a_tolerance, "Regions may be tiny"),
    "nan": (lambda *_: math.nan, "It counts nan regions"),
    "half": (lambda *given: by_formula(*given) + 0.5, "It counts"),
    "several": (lambda *given: [by_formula(*given)] * 2, "should be one number"),
}


@pytest.mark.parametrize("name", VALUES)
def test_wrong_counts_are_told_what_kind_they_are(name):
    function, words = VALUES[name]
    for _ in range(15):
        outcome = plane.check_count_regions(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_a_grid_is_told_to_be_one():
    outcome = plane.check_count_regions(on_a_grid)
    assert outcome.passed < outcome.total
    special = plane.check_count_regions_in_special_cases(on_a_grid)
    assert "Two lines are parallel" in special.message


def slope_form(weight, bias, low, high):
    """Divides by a determinant that may be 0."""
    chosen = np.hypot(*weight) > 0
    lines = np.vstack([weight, bias])[:, chosen].T
    inside = 0
    for first, second in combinations(lines, 2):
        system = np.array([first[:2], second[:2]])
        x, y = np.linalg.solve(system, [-first[2], -second[2]])
        inside += low[0] < x < high[0] and low[1] < y < high[1]
    return 1 + len(cutting(weight, bias, low, high)) + inside


def every_unit_s(weight, bias, low, high):
    lines = cutting(weight, bias, low, high, once=False)
    points = [meeting(*pair) for pair in combinations(lines, 2)]
    inside = sum(low[0] < x < high[0] and low[1] < y < high[1] for x, y in points)
    return 1 + len(lines) + inside


def without_a_line(weight, bias, low, high):
    return by_formula(weight, bias, low, high) + int((weight == 0).all(0).sum())


def never_one(weight, bias, low, high):
    return max(2, by_formula(weight, bias, low, high))


def coarse(weight, bias, low, high):
    """Takes lines for the same that are only nearly so."""
    lines, kept = np.vstack([weight, bias]).T, []
    for line in lines:
        if not any(np.abs(line - other).max() < 1e-4 for other in kept):
            kept.append(line)
    return by_formula(*np.array(kept).T[:2][None], np.array(kept)[:, 2], low, high)


def damages(weight, bias, low, high):
    found = by_formula(weight, bias, low, high)
    weight /= np.hypot(*weight)
    return found


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (slope_form, "stops with LinAlgError"),
        (every_unit_s, "Some units share a line"),
        (without_a_line, "whose weights are both 0"),
        (never_one, "No line cuts this rectangle"),
        (coarse, "Two lines are parallel"),
        (damages, "Make new ones"),
    ],
)
def test_wrong_counts_in_special_cases_are_told_what_kind_they_are(function, words):
    for _ in range(15):
        outcome = plane.check_count_regions_in_special_cases(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_no_two_lines_of_a_fresh_plane_are_parallel(monkeypatch):
    """Weights lie on a grid: with this seed the first lines that else are fit hold such a pair."""
    monkeypatch.setattr(plane, "generator", lambda: np.random.default_rng(1504))
    assert len(plane._meetings(plane.fresh_plane(10))) == math.comb(10, 2)
