"""A contact sheet shows every class, few examples, and says in words what it shows."""

import numpy as np
import pytest
import scipy.sparse
import torch

from relubook import contact_sheets, datasets

GENERATOR = np.random.Generator(np.random.PCG64(3))


def pictures(shape, classes, each=4):
    """Images of noise; a class has its number as a name."""
    labels = GENERATOR.permutation(np.repeat(np.arange(classes), each))
    images = GENERATOR.integers(0, 256, (len(labels), *shape), dtype=np.uint8)
    return datasets.of_arrays("noise", train=(images, labels), test=(images, labels))


@pytest.mark.parametrize("classes", [2, 5, 10, 24, 62])
def test_at_most_24_thumbnails_are_shown_and_classes_take_turns(classes):
    noise = pictures((4, 4), classes, each=30)
    chosen = contact_sheets.chosen(noise)
    labels = noise.train.y[chosen]
    assert len(set(chosen)) == len(chosen) == contact_sheets.THUMBNAILS
    counts = labels.bincount(minlength=classes)
    shown = counts[counts > 0]
    assert len(shown) == min(classes, contact_sheets.THUMBNAILS)
    assert shown.max() - shown.min() <= 1
    assert labels.diff().min() >= 0


def test_a_small_set_shows_all_it_has():
    noise = pictures((4, 4), 3, each=2)
    assert len(contact_sheets.chosen(noise)) == len(noise.train)


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 3), (2, 6, 6)])
def test_pictures_are_drawn_with_their_pixels_and_their_names(shape):
    noise = pictures(shape, 4, each=12)
    fig = contact_sheets.draw(noise, title="Noise")
    panels = [ax for ax in fig.axes if ax.images]
    chosen = contact_sheets.chosen(noise)
    assert len(panels) == len(chosen)
    names = [noise.classes[label] for label in noise.train.y[chosen]]
    assert [ax.get_xlabel() for ax in panels] == names
    drawn = np.asarray(panels[0].images[0].get_array())
    original = noise.train.x[chosen[0]].reshape(shape).numpy()
    low = float(noise.train.x.min())
    expected = np.concatenate(list(original)) if shape[0] == 2 else original
    assert np.allclose(drawn, (expected - low) / (1 - low), atol=1e-6)
    words = contact_sheets.describe(noise)
    assert all(name in words for name in names)
    assert ("stereo" in words) == (shape[0] == 2)


def test_words_show_how_labels_are_spread_and_no_word():
    x = scipy.sparse.random(60, 9, density=0.3, random_state=4, format="csr")
    labels = ["good"] * 45 + ["bad"] * 15
    bags = datasets.of_arrays("bags", train=(x, labels), test=(x, labels))
    fig = contact_sheets.draw(bags, title="Words")
    left = next(ax for ax in fig.axes if ax.patches)
    shares = [bar.get_height() for bar in left.patches]
    counts = bags.train.y.bincount()
    assert shares == pytest.approx((100 * counts / counts.sum()).tolist())
    assert f"good: {shares[1]:.0f} %" in contact_sheets.describe(bags)


def test_points_in_the_plane_are_drawn_where_they_are():
    plane = datasets.load("spirals")
    fig = contact_sheets.draw(plane, title="Spirals")
    drawn = [(text.get_position(), text.get_text()) for text in fig.axes[0].texts]
    expected = [
        (tuple(point), str(label))
        for point, label in zip(plane.train.x.tolist(), plane.train.y.tolist(), strict=True)
    ]
    assert drawn == expected[: len(drawn)]
    assert len(drawn) >= 200


def test_what_cannot_be_drawn_is_refused_in_a_sentence():
    x = torch.zeros(10, 7)
    other = datasets.of_arrays("table", train=(x, [0, 1] * 5), test=(x, [0, 1] * 5))
    with pytest.raises(ValueError, match=r"images, bags of words, or points.* Got table with 7"):
        contact_sheets.draw(other, title="Table")
