"""Distances are true where they can be, and never too long; toys fit their ball and differ."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook.datasets.generators import toys
from relubook.datasets.generators.solids import Part, distance, fitted, solid

COORDINATES = st.floats(-2, 2, width=32)
POINTS = st.tuples(COORDINATES, COORDINATES, COORDINATES)
ALL_TOYS = [(category, instance) for category in range(5) for instance in range(10)]


def cloud(count=500, seed=0):
    return 4 * torch.rand(count, 3, generator=torch.Generator().manual_seed(seed)) - 2


def ball(x, radius=0.3):
    return Part(start=(x, 0, 0), end=(x, 0, 0), radius=radius)


@given(POINTS)
@settings(deadline=None)
def test_the_distance_to_a_ball_is_that_to_its_center_less_its_radius(point):
    measured = distance(solid([ball(0.0, radius=0.7)], blend=0.01), torch.tensor([point]))
    assert measured.item() == pytest.approx(math.hypot(*point) - 0.7, abs=1e-5)


@given(POINTS, POINTS, POINTS)
@settings(deadline=None)
def test_the_distance_to_a_capsule_is_that_to_the_nearest_point_of_its_axis(start, end, point):
    capsule = solid([Part(start=start, end=end, radius=0.1)], blend=0.01)
    steps = torch.linspace(0, 1, 2001, dtype=torch.float64)[:, None]
    start, end, point = (torch.tensor([p], dtype=torch.float64) for p in (start, end, point))
    brute_force = (start + steps * (end - start) - point).norm(dim=1).min() - 0.1
    measured = distance(capsule, point.float())
    assert measured.item() == pytest.approx(brute_force.item(), abs=2e-3)


def test_a_brick_measures_what_its_sides_say():
    brick = solid(
        [Part(start=(-1, 0, 0), end=(1, 0, 0), width=0.5, height=0.2, radius=0.1)], blend=0.01
    )
    probes = torch.tensor([[2.0, 0, 0], [0, 2, 0], [0, 0, 2], [0, 0, 0], [1.4, 0.9, 0.1]])
    torch.testing.assert_close(distance(brick, probes), torch.tensor([0.9, 1.4, 1.7, -0.3, 0.4657]),
                               atol=1e-4, rtol=0)  # fmt: skip


def test_a_brick_may_point_anywhere():
    upright = solid([Part(start=(0, 0, -1), end=(0, 0, 1), width=0.3, radius=0.1)], blend=0.01)
    low, high = upright.bounds
    torch.testing.assert_close(high, torch.tensor([0.1, 0.4, 1.1]))
    torch.testing.assert_close(low, -high)


def test_a_union_is_never_farther_than_its_nearest_part_and_hardly_nearer():
    parts, blend = [ball(-0.4), ball(0.1), ball(0.5)], 0.05
    union = distance(solid(parts, blend=blend), cloud())
    alone = torch.stack([distance(solid([part], blend=blend), cloud()) for part in parts]).amin(0)
    assert (union <= alone + 1e-6).all()
    assert (union >= alone - blend * math.log(3) - 1e-6).all()


@pytest.mark.parametrize("category", range(5))
def test_a_distance_never_changes_faster_than_one_moves(category):
    shape, here, there = toys.toy(category, 0), cloud(seed=1), cloud(seed=2)
    change = (distance(shape, here) - distance(shape, there)).abs()
    assert (change <= (here - there).norm(dim=1) + 1e-5).all()


def test_a_fitted_solid_is_centered_and_touches_its_ball_from_inside():
    shape = fitted(solid([ball(3.0), ball(5.0, radius=0.6)], blend=0.01), radius=0.8)
    low, high = shape.bounds
    torch.testing.assert_close(low, -high)
    outside = torch.nn.functional.normalize(cloud(5000), dim=1) * 0.8
    assert 0 <= distance(shape, outside).min() < 0.01


@pytest.mark.parametrize(("category", "instance"), ALL_TOYS)
def test_a_toy_is_at_most_sixteen_parts_in_a_ball(category, instance):
    shape = toys.toy(category, instance)
    assert 3 <= len(shape.radii) <= 16
    around = torch.nn.functional.normalize(cloud(2000), dim=1)
    assert (distance(shape, 0.875 * around) > 0).all()
    assert shape.radii.min() > 0.015  # thinner would vanish between a grid's nodes


def test_no_toy_is_another_one():
    places = cloud(2000) / 2
    inside = [distance(toys.toy(*which), places) < 0 for which in ALL_TOYS]
    for first, mine in enumerate(inside):
        for other in inside[:first]:
            assert (mine & other).sum() < 0.9 * (mine | other).sum()


@pytest.mark.parametrize("category", [2, 3, 4])
@pytest.mark.parametrize("instance", range(10))
def test_a_vehicle_is_the_same_on_its_left_and_on_its_right(category, instance):
    shape, places = toys.toy(category, instance), cloud()
    mirrored = places * torch.tensor([1.0, -1.0, 1.0])
    torch.testing.assert_close(distance(shape, places), distance(shape, mirrored))
