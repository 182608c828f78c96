"""Each distortion alone does what its name says, within its range."""

import itertools
from dataclasses import replace

import pytest
import torch

from relubook.datasets.generators import distortions, faces, thickness

SIDE = 32
SCALE = faces.SIDE / 22
AXIS = torch.arange(SIDE) - (SIDE - 1) / 2


@pytest.fixture(scope="module")
def pictures():
    """Three faces, with a border."""
    chosen = faces.masters()[[0, 9, 20]].flatten(0, 1)
    return torch.nn.functional.pad(chosen, [thickness.BORDER] * 4)


def drawn(examples, complexity=0.7, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return distortions.draw(examples, complexity=complexity, side=SIDE, generator=generator)


def none(examples):
    return drawn(examples, complexity=0.0)


def distort(pictures, **changes):
    """The pictures with only these distortions."""
    chosen = replace(none(len(pictures)), **changes)
    return distortions.distort(pictures, chosen, side=SIDE, scale=SCALE)


def ink(images):
    return images.float().sum(dim=(1, 2))


def centroid(images):
    """(x, y) of the ink."""
    x = (images.float() * AXIS).sum(dim=(1, 2)) / ink(images)
    y = (images.float() * AXIS[:, None]).sum(dim=(1, 2)) / ink(images)
    return torch.stack([x, y], dim=1)


def every(pictures, value):
    return torch.full((len(pictures),), value)


def test_without_distortion_a_picture_is_only_made_smaller(pictures):
    images = distort(pictures)
    expected = ink(pictures) / SCALE**2
    # Where a thin stroke falls between pixels it is read a little lighter or darker.
    assert (ink(images) / expected - 1).abs().max() < 0.2
    assert (ink(images) / expected).mean() == pytest.approx(1, abs=0.01)
    assert (centroid(images) - centroid_of_large(pictures) / SCALE).abs().max() < 0.3


def centroid_of_large(pictures):
    """(x, y) of the ink of a picture of any size."""
    axis = torch.arange(pictures.shape[2]) - (pictures.shape[2] - 1) / 2
    weights = pictures.float() / ink(pictures)[:, None, None]
    return torch.stack([(weights * axis).sum((1, 2)), (weights * axis[:, None]).sum((1, 2))], 1)


@pytest.mark.parametrize("slant", [-0.5, 0.3])
def test_the_slant_shifts_each_row_by_its_height(pictures, slant):
    upright, slanted = distort(pictures).float(), distort(pictures, slant=every(pictures, slant))
    for row in (8, 12, 19, 22):
        before, after = upright[:, row], slanted[:, row].float()
        whole = (before.sum(dim=1) > 500) & (after.sum(dim=1) > 500)
        shift = (after @ AXIS / after.sum(dim=1) - before @ AXIS / before.sum(dim=1))[whole]
        # A slanted character is pushed as a whole if it would leave the frame; few of these are.
        assert shift.median() == pytest.approx(-slant * float(AXIS[row]), abs=0.15)


def test_a_stronger_dilation_never_takes_ink_away(pictures):
    images = [thickness.change(pictures, every(pictures, step)).int() for step in range(13)]
    for thinner, thicker in itertools.pairwise(images):
        assert (thicker >= thinner).all()
        assert (ink(thicker) > ink(thinner)).all()


def test_a_stronger_erosion_never_adds_ink(pictures):
    images = [thickness.change(pictures, every(pictures, -step)).int() for step in range(6)]
    for thicker, thinner in itertools.pairwise(images):
        assert (thinner <= thicker).all()


def test_an_erosion_is_the_dilation_of_the_background():
    generator = torch.Generator().manual_seed(0)
    noise = torch.randint(256, (5, 20, 20), generator=generator, dtype=torch.uint8)
    for step in range(1, 6):
        eroded = thickness.change(noise, every(noise, -step))
        assert torch.equal(255 - eroded, thickness.change(255 - noise, every(noise, step)))


def test_the_deepest_erosion_leaves_every_picture_a_stroke(pictures):
    deepest = thickness.deepest(pictures)
    assert deepest.min() >= -thickness.MOST_EROSION
    eroded = thickness.change(pictures, deepest)
    assert (ink(eroded) >= 0.4 * ink(pictures)).all()
    assert eroded.amax(dim=(1, 2)).min() > 150
    assert (deepest < 0).float().mean() > 0.9


def test_a_thin_stroke_is_not_eroded():
    line = torch.zeros(1, 20, 20, dtype=torch.uint8)
    line[0, 5:15, 10] = 255
    assert thickness.deepest(line).item() == 0


@pytest.mark.parametrize("shift", [(2.0, 0.0), (-1.5, 2.5)])
def test_the_affine_map_reads_further_and_so_shifts_back(pictures, shift):
    moved = distort(pictures, shift=torch.tensor([shift]).repeat(len(pictures), 1))
    difference = centroid(moved) - centroid(distort(pictures))
    expected = -torch.tensor(shift)
    torch.testing.assert_close(difference.mean(dim=0), expected, rtol=0, atol=0.05)
    torch.testing.assert_close(difference, expected.expand_as(difference), rtol=0, atol=0.5)


def test_the_affine_map_scales(pictures):
    half = torch.eye(2).repeat(len(pictures), 1, 1) / torch.tensor([0.8, 1.0])
    ratio = ink(distort(pictures, linear=half)) / ink(distort(pictures))
    assert ratio.mean() == pytest.approx(0.8, abs=0.02)


def test_a_character_that_would_leave_the_frame_is_pushed_back(pictures):
    far = distort(pictures, shift=torch.tensor([[40.0, -40.0]]).repeat(len(pictures), 1))
    ratio = ink(far) / ink(distort(pictures))
    assert ratio.mean() == pytest.approx(1, abs=0.02)
    assert (ratio - 1).abs().max() < 0.3
    columns = (far > 128).any(dim=1).to(torch.uint8).argmax(dim=1)
    assert set(columns.tolist()) <= {1, 2, 3}  # as far to the left as the frame allows


def test_a_character_larger_than_the_frame_is_shrunk(pictures):
    images = distort(pictures, linear=0.5 * torch.eye(2).repeat(len(pictures), 1, 1))
    edge = torch.cat([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], dim=1)
    assert (edge > 128).sum() < 0.005 * edge.numel()
    assert (ink(images) > ink(distort(pictures))).all()


def test_displacement_fields_grow_with_complexity():
    fields = distortions._displacements(SIDE, "cpu").reshape(11, -1)
    strength = fields.square().mean(dim=1).sqrt()
    assert strength[0] == 0
    assert (strength.diff() > 0).all()
    assert 0.5 < strength[6] < 1  # pixels, at the largest complexity of NISTP
    assert fields[6].abs().max() < 4


def test_displacement_fields_are_smooth():
    fields = distortions._displacements(SIDE, "cpu").reshape(11, -1, SIDE, SIDE)[1:7]
    neighbors = fields.diff(dim=3).square().mean(dim=(1, 2, 3))
    assert (neighbors < fields.square().mean(dim=(1, 2, 3))).all()


def test_displacements_bend_a_character_but_keep_its_ink(pictures):
    field = every(pictures, 6 * distortions.FIELDS) + torch.arange(len(pictures)) % 50
    bent, straight = distort(pictures, field=field), distort(pictures)
    assert ((bent.float() - straight.float()).abs().sum(dim=(1, 2)) > 0.1 * ink(straight)).all()
    ratio = ink(bent) / ink(straight)
    assert ratio.median() == pytest.approx(1, abs=0.05)


def test_the_pinch_makes_the_middle_smaller_and_its_opposite_larger(pictures):
    usual = distort(pictures)
    smaller = distort(pictures, pinch=every(pictures, 0.4))
    larger = distort(pictures, pinch=every(pictures, -0.4))
    assert (ink(smaller) < ink(usual)).float().mean() > 0.95
    assert (ink(larger) > ink(usual)).float().mean() > 0.95


def test_the_pinch_leaves_what_is_outside_its_circle(pictures):
    full = torch.full((1, 40, 40), 255, dtype=torch.uint8)
    full[0, ::2] = 0
    changes = {"pinch": torch.tensor([0.4])}
    difference = (distort(full, **changes).int() - distort(full).int())[0].abs()
    outside = AXIS[:, None] ** 2 + AXIS**2 >= (SIDE / 2) ** 2
    assert difference[outside].max() == 0
    assert difference[~outside].max() > 50


@pytest.mark.parametrize("complexity", [0.35, 0.7, 1.0])
def test_what_is_drawn_stays_in_the_ranges_and_uses_them(complexity):
    chosen = drawn(20_000, complexity)
    identity = torch.eye(2)
    furthest = {
        "slant": (chosen.slant, -complexity, complexity),
        "linear": (chosen.linear - identity, -0.4 * complexity, 0.4 * complexity),
        "pinch": (chosen.pinch, -complexity, 0.7 * complexity),
    }
    for values, low, high in furthest.values():
        assert low <= values.min() < 0.9 * low
        assert 0.9 * high < values.max() <= high
    tenths = chosen.field // distortions.FIELDS
    assert tenths.min() == 0
    assert tenths.max() == int(10 * complexity - 1e-9)
    corner = torch.full((2, 1), (SIDE - 1) / 2)
    offset = chosen.shift - (chosen.linear @ corner - corner).squeeze(2)
    assert 4 * complexity < offset.abs().max() <= 4.5 * complexity + 1e-4


def test_the_thickness_is_any_of_its_steps_alike():
    c = torch.full((60_000,), 0.55, dtype=torch.float64)
    number = torch.rand(60_000, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    counts = torch.bincount(distortions._thickness(c, number) + 3)
    assert len(counts) == 3 + 1 + 5  # ceil(5 c) erosions, nothing, ceil(9 c) dilations
    torch.testing.assert_close(counts / 60_000, torch.full((9,), 1 / 9), rtol=0.05, atol=0)


def test_without_complexity_nothing_is_drawn():
    chosen = none(100)
    assert not chosen.slant.any()
    assert not chosen.thickness.any()
    assert torch.equal(chosen.linear, torch.eye(2).repeat(100, 1, 1))
    assert not chosen.shift.any()
    assert (chosen.field < distortions.FIELDS).all()
    assert not chosen.pinch.any()


def test_weakened_to_nothing_is_no_distortion(pictures):
    chosen = drawn(len(pictures)).weakened(0)
    images = distortions.distort(pictures, chosen, side=SIDE, scale=SCALE)
    assert torch.equal(images, distort(pictures))


def test_weakened_by_nothing_is_the_same_distortion(pictures):
    chosen = drawn(len(pictures))
    images, same = (
        distortions.distort(pictures, each, side=SIDE, scale=SCALE)
        for each in (chosen, chosen.weakened(1))
    )
    assert (images.int() - same.int()).abs().float().mean() < 0.01


def test_a_picture_is_distorted_alike_alone_and_among_others(pictures):
    chosen = drawn(len(pictures))
    together = distortions.distort(pictures, chosen, side=SIDE, scale=SCALE)
    which = torch.tensor([5, 77])
    alone = distortions.distort(pictures[which], chosen.rows(which), side=SIDE, scale=SCALE)
    assert (together[which].int() - alone.int()).abs().max() <= 1
