"""The pictures show what their factors say, nothing else, and can be learned from."""

import pytest
import torch

from relubook.datasets import Dataset, Split
from relubook.datasets.generators import clutter, norb
from relubook.datasets.generators.norb import (
    CLASSES,
    CLUTTERED_CLASSES,
    TEST_INSTANCES,
    TRAINING_INSTANCES,
)
from relubook.datasets.generators.studio import AZIMUTHS, ELEVATIONS, LAMPS, Views, photograph
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

FACTORS = ("labels", "instance", "azimuth", "elevation", "light")
CAR = 4
OTHER_SIDE = torch.tensor([1, 0, 3, 2, 4, 5])  # where in LAMPS the mirrored lamp is


def views(**factors):
    """Views from numbers and lists; numbers are repeated, and some car is the default."""
    car = {"labels": CAR, "instance": 0, "azimuth": 0, "elevation": 3, "light": 0}
    columns = (torch.as_tensor((car | factors)[name]) for name in FACTORS)
    columns = torch.broadcast_tensors(*(column.view(-1) for column in columns))
    return Views(**dict(zip(FACTORS, columns, strict=True)))


@pytest.fixture(scope="module")
def drawn():
    return norb.pairs(30, instances=[0], seed=7)


def rows(pairs):
    return list(zip(*(getattr(pairs, name).tolist() for name in FACTORS), strict=True))


def test_rendering_leaves_the_number_of_threads_as_it_was():
    before = torch.get_num_threads()
    norb.pairs(1, instances=[0], seed=0)
    with pytest.raises(ZeroDivisionError):
        norb.pairs(1, instances=[0], seed=0, progress=lambda done, total: 1 // 0)
    assert torch.get_num_threads() == before


def test_pairs_are_two_pictures_of_32_by_32_bytes(drawn):
    assert drawn.images.shape == (30, 2, 32, 32)
    assert drawn.images.dtype == torch.uint8
    assert (drawn.images.float().std(dim=(2, 3)) > 10).all()


def test_the_first_pairs_do_not_depend_on_how_many_are_asked_for(drawn):
    fewer = norb.pairs(13, instances=[0], seed=7)
    assert torch.equal(fewer.images, drawn.images[:13])
    assert rows(fewer) == rows(drawn)[:13]


def test_the_seed_decides():
    first, again, other = (norb.draw_views(60, instances=[1, 2], seed=s) for s in (3, 3, 4))
    assert rows(first) == rows(again)
    assert rows(first) != rows(other)


@pytest.mark.parametrize(("cluttered", "classes"), [(False, CLASSES), (True, CLUTTERED_CLASSES)])
def test_every_round_holds_every_category_once(cluttered, classes):
    labels = norb.draw_views(600, instances=[0, 1], seed=0, cluttered=cluttered).labels
    in_order = labels.view(-1, len(classes)).sort(dim=1).values
    assert (in_order == torch.arange(len(classes))).all()
    assert len(set(map(tuple, labels.view(-1, len(classes)).tolist()))) > 20


def test_all_views_come_once_and_then_there_are_no_more():
    count = norb.available(2)
    assert count == 5 * 2 * len(AZIMUTHS) * len(ELEVATIONS) * len(LAMPS) == 9720
    every = norb.draw_views(count, instances=[3, 8], seed=1)
    assert len(set(rows(every))) == count
    with pytest.raises(ValueError, match=r"at most 9,720, the number of views of 2 instances"):
        norb.draw_views(count + 1, instances=[3, 8], seed=1)


def test_with_clutter_all_views_come_once_more():
    once = norb.available(1)
    twice = norb.draw_views(2 * 6 * once // 5, instances=[3], seed=1, cluttered=True)
    toys = [row for row in rows(twice) if row[0] < 5]
    assert len(toys) == 2 * once
    assert all(toys.count(row) == 2 for row in toys[:50])
    assert len(set(toys[:once])) == len(set(toys[once:])) == once


def test_training_and_test_pairs_show_different_toys():
    for instances in (TRAINING_INSTANCES, TEST_INSTANCES):
        shown = norb.draw_views(500, instances=instances, seed=0).instance
        assert set(shown.tolist()) == set(instances)
    assert not set(TRAINING_INSTANCES) & set(TEST_INSTANCES)


def test_equal_factors_give_equal_pictures_whatever_else_is_photographed(drawn):
    some = torch.arange(1, 30, 4)
    alone = photograph(views(**{name: getattr(drawn, name)[some] for name in FACTORS}))
    assert torch.equal(alone.images, drawn.images[some])


@pytest.mark.parametrize("factor", FACTORS)
def test_every_factor_shows(factor):
    both = photograph(views(**{factor: [0, 1]})).images.float()
    assert (both[0] - both[1]).abs().mean() > 2


def test_lamps_move_light_and_shadow_but_not_the_toy():
    every = photograph(views(light=list(range(len(LAMPS)))))
    assert (every.masks == every.masks[:1]).all()
    assert (every.images.float().mean(dim=(1, 2, 3)).std()) > 5


def test_a_mirrored_view_of_a_car_is_the_mirrored_picture():
    azimuth = torch.tensor([1, 4, 7, 12])
    lamps = torch.tensor([0, 1, 2, 5])
    here = photograph(views(instance=2, azimuth=azimuth, light=lamps))
    there = photograph(views(instance=2, azimuth=18 - azimuth, light=OTHER_SIDE[lamps]))
    for mine, mirrored in ((here.images, there.images), (here.masks, there.masks)):
        difference = mine.float() - mirrored.flip(1, 3).float()  # the eyes change places too
        assert difference.abs().mean() < 0.5


def test_from_higher_up_one_sees_more_of_a_car():
    masks = photograph(views(azimuth=9, elevation=list(range(len(ELEVATIONS))))).masks
    assert (masks.float().mean(dim=(1, 2, 3)).diff() > 0).all()


def test_the_eyes_see_different_pictures_of_about_the_same_size():
    masks = photograph(views(azimuth=[2, 7, 13])).masks.float()
    left, right = masks[:, 0], masks[:, 1]
    assert ((left - right).abs().mean(dim=(1, 2)) > 5).all()
    torch.testing.assert_close(left.mean(), right.mean(), rtol=0.1, atol=0)


@pytest.mark.parametrize("category", range(5))
def test_toys_fill_their_frame_and_stay_inside(category):
    shown = photograph(
        views(labels=category, azimuth=list(range(0, 18, 3)), elevation=[4]), samples=1
    )
    edge = torch.ones(32, 32, dtype=torch.bool)
    edge[1:-1, 1:-1] = False
    assert ((shown.masks[:, :, edge] > 0).sum(2) < 5).all()  # a corner may come near
    assert ((shown.masks > 0).float().mean(dim=(1, 2, 3)) > 0.06).all()


@pytest.fixture(scope="module")
def cluttered():
    return norb.pairs(36, instances=[0], seed=5, cluttered=True)


def test_cluttered_pairs_have_a_sixth_class_without_a_toy(cluttered):
    nothing = cluttered.labels == CLUTTERED_CLASSES.index("none")
    assert nothing.sum() == 6
    for name in FACTORS[1:]:
        assert ((getattr(cluttered, name) == norb.UNKNOWN) == nothing).all()


def test_clutter_changes_every_picture_and_its_background(cluttered):
    toys = cluttered.labels < 5
    plain = photograph(views(**{name: getattr(cluttered, name)[toys] for name in FACTORS}))
    behind = plain.masks == 0
    change = (plain.images.float() - cluttered.images[toys].float()).abs()
    assert ((change * behind).sum(dim=(1, 2, 3)) / behind.sum(dim=(1, 2, 3)) > 3).all()


def test_the_first_cluttered_pairs_do_not_depend_on_how_many_are_asked_for(cluttered):
    again = norb.pairs(7, instances=[0], seed=5, cluttered=True)
    assert torch.equal(again.images, cluttered.images[:7])


def test_blocks_of_cluttered_pairs_do_not_depend_on_each_other(monkeypatch):
    monkeypatch.setattr(norb, "_BLOCK", 12)
    monkeypatch.setattr(clutter, "SHELF", 5)
    longer, shorter = (norb.pairs(n, instances=[0], seed=5, cluttered=True) for n in (29, 15))
    assert torch.equal(longer.images[:15], shorter.images)


@pytest.mark.parametrize("in_clutter", [False, True])
def test_progress_ends_at_the_count(in_clutter, monkeypatch):
    monkeypatch.setattr(clutter, "SHELF", 5)
    seen = []
    norb.pairs(
        6, instances=[0], seed=5, cluttered=in_clutter, progress=lambda *pair: seen.append(pair)
    )
    assert seen[-1] == (6, 6)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"count": 0}, r"`count` of pairs must be at least 1\. Got 0\."),
        ({"count": -5}, r"at least 1\. Got -5\."),
        ({"seed": -1}, r"`seed` of pairs must be at least 0\. Got -1\."),
        ({"instances": []}, r"`instances` .* from 0 to 9\. Got \[\]\."),
        ({"instances": [4, 10]}, r"from 0 to 9\. Got \[4, 10\]\."),
        ({"instances": [-1]}, r"from 0 to 9\. Got \[-1\]\."),
        ({"instances": [3, 3]}, r"different numbers .* Got \[3, 3\]\."),
        ({"count": 4861}, r"at most 4,860, .* 1 instances .* Got 4,861\."),
    ],
)
@pytest.mark.parametrize("ask", [norb.pairs, norb.draw_views])
def test_what_cannot_be_drawn_is_refused_in_a_sentence(ask, wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask(**({"count": 5, "instances": [0], "seed": 0} | wrong))


def test_a_network_learns_to_recognize_toys_it_has_never_seen():
    def split(instances, count):
        shown = norb.draw_views(count, instances=instances, seed=0)
        images = photograph(shown, samples=1).images
        return Split(x=images.flatten(1).float() / 127.5 - 1, y=shown.labels)

    training, unseen = split([0, 1, 2], 250), split([5, 6], 100)
    dataset = Dataset(
        name="toys", train=training, validation=unseen, test=unseen, source="embedded",
        license="none", citekey="none", classes=CLASSES,
    )  # fmt: skip
    network = MLP((2048, 100, 100, 5), seeds=[0])
    train(network, dataset, grid(learning_rate=0.03), Schedule(epochs=10, keep="last"))
    with torch.no_grad():
        error = (network(unseen.x[None])[0].argmax(1) != unseen.y).float().mean()
    assert error < 0.65  # chance is 0.8
