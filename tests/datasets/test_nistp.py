"""The generator keeps its word: determinism, no vanished character, something to learn."""

import math
from dataclasses import replace

import pytest
import torch

from relubook.datasets import Dataset
from relubook.datasets.generators import distortions, faces, nistp
from relubook.datasets.values import split_of
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

# Means of characters(500, seed=2011) in 4 x 4 squares of 8 x 8 pixels: of all, and of some classes.
ALL = [
    [0.49, 8.51, 9.73, 1.48],
    [3.25, 76.15, 69.99, 5.58],
    [4.74, 74.44, 61.34, 3.16],
    [1.18, 9.28, 8.06, 0.61],
]
SOME = {
    "0": [[0, 2.8, 13.9, 0.1], [0, 92.8, 88.6, 4.3], [0.4, 96.4, 96.6, 0.2], [0, 3.2, 15.8, 0.1]],
    "A": [[0, 0, 14.3, 9.6], [0, 35, 95.5, 14.6], [1.2, 79.8, 92.4, 20], [1.3, 8.7, 8.4, 3.3]],
    "x": [[0, 0.1, 0, 0], [0, 47.5, 71.2, 2.5], [0, 52.8, 75, 3.1], [0, 1.5, 1.9, 0.1]],
}
DROPPED = {
    "slant": {"slant": 0.0},
    "thickness": {"thickness": 0},
    "affine": {"linear": torch.eye(2), "shift": 0.0},
    "elastic": {"field": 0},
    "pinch": {"pinch": 0.0},
}


@pytest.fixture(scope="module")
def some():
    """Two thousand characters and their labels."""
    return nistp.characters(2000, seed=2011)


def coarse(images):
    """The mean image in 4 x 4 squares."""
    return images.float().mean(dim=0).reshape(4, 8, 4, 8).mean(dim=(1, 3))


def fingerprint(images, labels):
    """How far the images are from the stored means, at most [grey levels]."""
    distances = [coarse(images) - torch.tensor(ALL)]
    for character, expected in SOME.items():
        chosen = images[labels == nistp.CLASSES.index(character)]
        distances.append(coarse(chosen) - torch.tensor(expected, dtype=torch.float32))
    return max(float(distance.abs().max()) for distance in distances)


def test_there_are_sixty_two_classes_in_the_order_of_ascii():
    assert len(nistp.CLASSES) == 62
    assert list(nistp.CLASSES) == sorted(nistp.CLASSES)


def test_images_are_bytes_and_labels_are_classes(some):
    images, labels = some
    assert images.shape == (2000, 32, 32)
    assert images.dtype == torch.uint8
    assert labels.dtype == torch.int64
    assert set(labels.tolist()) == set(range(62))


def test_an_equal_seed_gives_equal_characters(some):
    images, labels = nistp.characters(2000, seed=2011)
    assert torch.equal(images, some[0])
    assert torch.equal(labels, some[1])


@pytest.mark.parametrize("count", [1, 499, 500, 501])
def test_fewer_characters_are_the_first_of_more(some, count):
    images, labels = nistp.characters(count, seed=2011)
    assert torch.equal(images, some[0][:count])
    assert torch.equal(labels, some[1][:count])


def test_another_seed_gives_other_characters(some):
    images, labels = nistp.characters(2000, seed=2012)
    assert (labels == some[1]).float().mean() < 0.05
    assert not {i.numpy().tobytes() for i in images} & {i.numpy().tobytes() for i in some[0]}


def test_the_global_generators_are_not_touched():
    before = torch.get_rng_state()
    nistp.characters(1, seed=3)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_number_of_threads_does_not_matter(some):
    threads = torch.get_num_threads()
    torch.set_num_threads(2 if threads == 1 else 1)
    try:
        images, _ = nistp.characters(500, seed=2011)
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(images, some[0][:500])


def test_the_pictures_are_those_of_this_revision(some):
    assert nistp.REVISION == 1
    assert some[1][:12].tolist() == [3, 23, 21, 59, 26, 52, 14, 18, 24, 40, 5, 43]
    assert fingerprint(some[0][:500], some[1][:500]) < 0.25


@pytest.mark.parametrize("module", DROPPED)
def test_the_fingerprint_tells_when_a_distortion_is_missing(monkeypatch, module):
    draw = distortions.draw

    def without(examples, **options):
        chosen = draw(examples, **options)
        values = {
            name: torch.as_tensor(value).expand_as(getattr(chosen, name)).clone()
            for name, value in DROPPED[module].items()
        }
        return replace(chosen, **values)

    monkeypatch.setattr(distortions, "draw", without)
    assert fingerprint(*nistp.characters(500, seed=2011)) > 1


@pytest.mark.parametrize("complexity", [0.35, 0.7, 1.0])
def test_no_character_vanishes(complexity):
    images, _ = nistp.characters(3000, seed=1, complexity=complexity)
    printed, _ = nistp.characters(3000, seed=1, complexity=0)
    ratio = images.float().sum(dim=(1, 2)) / printed.float().sum(dim=(1, 2))
    assert ratio.min() > 0.22  # the promise is a quarter of the stored picture's ink
    assert (images > 128).sum(dim=(1, 2)).min() >= 8


def test_a_faint_character_is_distorted_less(monkeypatch):
    """One that every distortion would wipe out ends as it was printed."""
    draw, examples = distortions.draw, 100
    generator = torch.Generator().manual_seed(0)
    pictures = nistp._pictures()[0][:examples]
    ordinary = draw(examples, complexity=0.7, side=32, generator=generator)
    wiping = replace(ordinary, linear=60 * torch.eye(2).repeat(examples, 1, 1))
    gone = distortions.distort(pictures, wiping, side=32, scale=nistp._SCALE)
    assert not nistp.visible(gone, pictures).any()
    images = nistp._distorted(pictures, wiping)
    printed = distortions.distort(pictures, wiping.weakened(0), side=32, scale=nistp._SCALE)
    assert nistp.visible(images, pictures).all()
    assert torch.equal(images, printed)


def test_every_print_is_visible_so_that_the_promise_can_be_kept():
    pictures, _ = nistp._pictures()
    chosen = distortions.draw(
        len(pictures), complexity=0, side=32, generator=torch.Generator().manual_seed(0)
    )
    images = distortions.distort(pictures, chosen, side=32, scale=nistp._SCALE)
    assert nistp.visible(images, pictures).all()


def test_characters_stay_in_the_frame(some):
    images = some[0]
    edge = torch.cat([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], dim=1)
    assert ((edge > 64).sum(dim=1) > 0).float().mean() < 0.03
    assert (edge > 64).sum(dim=1).max() < 15


def test_without_complexity_each_character_is_one_of_the_prints():
    images, labels = nistp.characters(1500, seed=0, complexity=0)
    kinds = {
        (label, image.numpy().tobytes())
        for image, label in zip(images, labels.tolist(), strict=True)
    }
    assert len(kinds) <= 62 * len(faces.names())
    assert len(kinds) < 1000  # 1,500 draws from 1,364 prints: about two thirds are seen


def test_more_complexity_is_further_from_the_print():
    printed = nistp.characters(500, seed=4, complexity=0)[0].float()
    distances = [
        float((nistp.characters(500, seed=4, complexity=c)[0] - printed).abs().mean())
        for c in (0.01, 0.1, 0.35, 0.7, 1)
    ]
    assert distances == sorted(distances)
    assert distances[0] < 0.2 * distances[3]


def test_progress_is_told_after_each_block():
    told = []
    nistp.characters(1200, seed=0, progress=lambda done, total: told.append((done, total)))
    assert told == [(500, 1200), (1000, 1200), (1200, 1200)]


@pytest.mark.parametrize("count", [0, -5])
def test_there_must_be_a_character(count):
    with pytest.raises(ValueError, match=rf"`count` .* at least 1. Got {count}\."):
        nistp.characters(count, seed=0)


@pytest.mark.parametrize("complexity", [-0.1, 1.001, math.nan, math.inf])
def test_the_complexity_must_be_from_0_to_1(complexity):
    with pytest.raises(ValueError, match=r"`complexity` .* from 0 to 1\. Got"):
        nistp.characters(1, seed=0, complexity=complexity)


def test_the_seed_must_not_be_negative():
    with pytest.raises(ValueError, match=r"`seed` .* at least 0\. Got -1\."):
        nistp.characters(1, seed=-1)


def test_a_network_with_a_hidden_layer_learns_more_than_a_linear_one():
    """A small edition of the real measure: 500-500 units, 20,000 characters, 6 epochs."""
    images, labels = nistp.characters(4000, seed=14)
    parts = (slice(0, 3000), slice(3000, 3100), slice(3100, 4000))
    training, validation, test = (split_of(images[part], labels[part]) for part in parts)
    data = Dataset(
        name="nistp", train=training, validation=validation, test=test, source="embedded",
        license="none", citekey="glorot2011", classes=nistp.CLASSES, image_shape=(32, 32),
    )  # fmt: skip
    deep = _error(data, hidden=[100], learning_rate=0.1)
    linear = _error(data, hidden=[], learning_rate=0.04)
    assert deep < 0.75  # guessing is wrong 98.4 times in a hundred
    assert deep < linear - 0.04


def _error(data, *, hidden, learning_rate):
    """The test error of the last epoch."""
    hyper = grid(learning_rate=learning_rate)
    network = MLP([data.inputs, *hidden, data.outputs], seeds=hyper.seed.tolist())
    history = train(network, data, hyper, Schedule(epochs=7, batch_size=10))
    return float(history.test_error[-1, 0])
