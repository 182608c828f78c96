"""Rays end where geometry says, shadows fall behind things, and cameras are the right way up."""

import pytest
import torch
from torch.nn import functional as F

from relubook.datasets.generators import cameras, tracing
from relubook.datasets.generators.solids import Part, distance, solid
from relubook.datasets.generators.toys import toy
from relubook.datasets.generators.tracing import FAR, bake

RADIUS = 0.5


def cloud(count):
    return torch.rand(count, 3, generator=torch.Generator().manual_seed(0))


def ball_at(x, y, z, radius=RADIUS):
    return bake(solid([Part(start=(x, y, z), end=(x, y, z), radius=radius)], blend=0.01))


@pytest.fixture(scope="module")
def ball():
    return ball_at(0, 0, 0)


@pytest.fixture(scope="module")
def car():
    return bake(toy(4, 0))


def seen(baked, azimuth=0.0, elevation=45.0, size=32):
    return cameras.look(baked, torch.tensor([azimuth]), torch.tensor([elevation]), size=size)


def middle_of(surface, size=32):
    """The mean row and column of the solid."""
    return surface.solid.view(size, size).nonzero().float().mean(0)


def bundle(offsets):
    """Rays along -x from x = 5, shifted sideways."""
    offsets = torch.as_tensor(offsets)
    origins = torch.stack([torch.full_like(offsets, 5.0), offsets, 0 * offsets], dim=1)
    return origins, torch.tensor([[-1.0, 0.0, 0.0]]).expand(len(offsets), 3)


def test_the_grid_says_what_the_formula_says(car):
    points = 1.6 * cloud(2000) - 0.8
    error = (car.at(points) - distance(toy(4, 0), points)).abs()
    assert error.max() < 0.03  # a voxel, at edges
    assert error.mean() < 0.002


def test_a_ray_ends_on_a_ball_where_the_quadratic_formula_says(ball):
    offsets = torch.linspace(-0.48, 0.48, 97)
    expected = 5 - (RADIUS**2 - offsets**2).sqrt()
    found = tracing.march(ball, *bundle(offsets))
    torch.testing.assert_close(found, expected, atol=0.03, rtol=0)


def test_a_ray_past_a_ball_never_arrives(ball):
    offsets = torch.tensor([-2.0, -0.6, -0.52, 0.52, 0.6, 2.0])
    assert (tracing.march(ball, *bundle(offsets)) == FAR).all()


def test_a_ray_does_not_notice_the_others(car):
    origins, directions = bundle(torch.linspace(-0.5, 0.5, 101))
    together = tracing.march(car, origins, directions)
    some = torch.arange(3, 101, 7)
    assert torch.equal(tracing.march(car, origins[some], directions[some]), together[some])


def test_normals_of_a_ball_point_away_from_its_center(ball):
    points = F.normalize(cloud(200) - 0.5, dim=1) * RADIUS
    assert ((ball.normal(points) * points / RADIUS).sum(1) > 0.995).all()


def test_it_is_dark_below_a_ball_bright_far_away_and_between_in_between(ball):
    across = torch.tensor([0.0, 0.3, 0.53, 0.56, 0.9, 2.0])
    points = torch.stack([across, 0 * across, torch.full_like(across, -0.8)], dim=1)
    up = torch.tensor([[0.0, 0.0, 1.0]]).expand(6, 3)
    light = tracing.shadow(ball, points, up)
    assert (light[:2] < 0.02).all()
    assert ((light[2:4] > 0.1) & (light[2:4] < 0.99)).all()
    assert (light[4:] == 1).all()
    assert (light.diff() > -0.01).all()


def test_the_ground_is_open_to_the_sky_but_where_the_ball_stands(ball):
    across = torch.tensor([0.05, 0.3, 0.4, 2.0])
    points = torch.stack([across, 0 * across, torch.full_like(across, -RADIUS)], dim=1)
    openness = tracing.openness(ball, points, torch.tensor([[0.0, 0.0, 1.0]]).expand(4, 3))
    assert (openness.diff() > 0).all()
    assert openness[0] < 0.3
    assert openness[-1] == 1


@pytest.mark.parametrize("azimuth", [0.0, 77.0, 200.0])
def test_a_ball_in_the_middle_is_a_disk_in_the_middle_from_everywhere(ball, azimuth):
    size = 64
    surface = seen(ball, azimuth, 50.0, size=size)
    torch.testing.assert_close(middle_of(surface, size), torch.full((2,), 31.5), atol=0.1, rtol=0)
    radius = (surface.solid.sum() / torch.pi).sqrt() * 1.76 / size
    assert radius.item() == pytest.approx(RADIUS, rel=0.03)


def test_up_is_up_and_what_is_left_of_a_toy_is_on_the_right_of_one_who_faces_it():
    row, _ = middle_of(seen(ball_at(0, 0, 0.4, radius=0.2)))
    _, column = middle_of(seen(ball_at(0, 0.4, 0, radius=0.2)))
    _, from_behind = middle_of(seen(ball_at(0, 0.4, 0, radius=0.2), azimuth=180.0))
    assert row < 11
    assert column > 20
    assert from_behind < 11


def test_what_is_nearer_to_the_cameras_moves_the_other_way_from_eye_to_eye():
    moves = []
    for x in (-0.5, 0.5):  # far, near
        there = ball_at(x, 0, 0, radius=0.3)
        left, right = (middle_of(seen(there, azimuth)) for azimuth in (-3.0, 3.0))
        moves.append(float(right[1] - left[1]))
    assert moves[0] > 0.5
    assert moves[1] < -0.5


def test_a_side_that_faces_the_lamp_is_brighter(ball):
    surface = seen(ball)
    toward = cameras.direction(torch.tensor([90.0]), torch.tensor([30.0]))
    light = cameras.shade(ball, surface, toward, torch.tensor([1.0]), torch.tensor([0.2]))
    picture = torch.where(surface.solid, light, torch.nan).view(32, 32)
    assert picture[:, 16:].nanmean() > 2 * picture[:, :16].nanmean()
