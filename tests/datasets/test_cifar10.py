"""CIFAR-10 is the same data set in both editions, and what is published about it holds."""

import io
import os
import tarfile
from pathlib import Path

import numpy as np
import pytest
import tiny_images
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch.nn import functional as F

from relubook import paper
from relubook.datasets.files import storage
from relubook.datasets.images import cifar10
from relubook.datasets.values import DatasetUnavailable

SPLITS = ("train", "validation", "test")
PICTURES = np.random.default_rng(2).integers(0, 256, (4, 32, 32, 3), dtype=np.uint8)


def batch_bytes(images, labels):
    """The binary batch of images and labels."""
    planes = images.transpose(0, 3, 1, 2).reshape(len(images), -1)
    return np.concatenate([labels[:, None], planes], axis=1).tobytes()


def strip_bytes(images, **options):
    """The lossless WebP picture that has the images one below the other."""
    buffer = io.BytesIO()
    Image.fromarray(images.reshape(-1, 32, 3)).save(buffer, "WEBP", lossless=True, **options)
    return buffer.getvalue()


def archive_of(images, labels):
    """The published archive of 60,000 images."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=0) as archive:
        readme = tarfile.TarInfo("cifar-10-batches-bin/readme.html")
        readme.size = len(tiny_images.HTML)
        archive.addfile(readme, io.BytesIO(tiny_images.HTML))
        for number, name in enumerate(cifar10.BATCHES):
            place = slice(10_000 * number, 10_000 * (number + 1))
            member = tarfile.TarInfo(name)
            content = batch_bytes(images[place], labels[place])
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return {cifar10.ARCHIVE: buffer.getvalue()}


@pytest.fixture(scope="module")
def whole():
    """Loaded once, from the mirror."""
    obtained = storage.obtain(
        "cifar10",
        cifar10.CIFAR10.editions,
        places=("mirror",),
        root=os.environ["RELUBOOK_TEST_MIRROR"],
    )
    return obtained.parts


@pytest.fixture(scope="module")
def pixels(whole):
    """The training images as bytes."""
    return tiny_images.pixels(whole.train)


@pytest.mark.mirror
def test_the_splits_have_the_papers_sizes_and_equal_classes(whole):
    for name in SPLITS:
        size = paper.SIZES["cifar10", name].value
        assert getattr(whole, name).y.bincount().tolist() == [size / 10] * 10
        assert getattr(whole, name).x.shape == (size, 3 * 32 * 32)


@pytest.mark.mirror
def test_the_colors_have_the_published_means_and_deviations(whole, pixels):
    assert len(whole.train) == len(pixels)
    counts = np.stack(
        [np.bincount(pixels[:, color::3].ravel(), minlength=256) for color in range(3)]
    )
    shares, values = counts / counts.sum(axis=1, keepdims=True), np.arange(256) / 255
    means = shares @ values
    assert means.tolist() == pytest.approx([0.4914, 0.4822, 0.4465], abs=5e-5)
    deviations = np.sqrt(shares @ values**2 - means**2)
    assert deviations.tolist() == pytest.approx([0.2470, 0.2435, 0.2616], abs=5e-5)


@pytest.mark.mirror
def test_the_first_images_are_the_known_ones(whole, pixels):
    assert whole.train.y[:10].tolist() == [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]
    assert pixels[0, :3].tolist() == [59, 62, 63]
    # The published test set begins cat, ship, ship, airplane, frog.
    corners = tiny_images.pixels(whole.validation)[[3, 8, 18, 0, 6], :3].tolist()
    assert corners == [
        [158, 112, 49], [235, 235, 235], [158, 190, 222], [155, 156, 149], [65, 68, 50],
    ]  # fmt: skip


@pytest.mark.mirror
def test_a_linear_model_is_right_as_often_as_it_is_known_to_be(whole):
    weights, generator = torch.zeros(3073, 10), torch.Generator().manual_seed(0)
    for chosen in torch.randperm(50_000, generator=generator).split(100):
        x = _with_one(whole.train.x[chosen])
        slope = (x @ weights).softmax(1) - F.one_hot(whole.train.y[chosen], 10)
        weights -= 0.02 / len(x) * x.T @ slope
    right = (_with_one(whole.test.x) @ weights).argmax(1) == whole.test.y
    assert 0.34 < right.float().mean().item() < 0.42  # 37 to 41 % once it has converged


def _with_one(x):
    """Inputs about 0, and a constant."""
    return F.pad(x - 0.47, (0, 1), value=1.0)


@pytest.mark.mirror
def test_the_published_archive_gives_the_same_numbers_in_the_same_order(whole, pixels):
    halves = (whole.validation, whole.test)
    dealt = np.concatenate([tiny_images.pixels(half) for half in halves])
    labels = np.random.default_rng(1).permutation(np.arange(10_000) % 10).astype(np.uint8)
    test = np.empty_like(dealt)
    for kind in range(10):
        test[labels == kind] = dealt[kind::10]
    images = np.concatenate([pixels, test]).reshape(-1, 32, 32, 3)
    answers = np.concatenate([whole.train.y.numpy().astype(np.uint8), labels])
    parts = cifar10.read_archive(archive_of(images, answers))
    for name in SPLITS:
        assert torch.equal(getattr(parts, name).x, getattr(whole, name).x)
        assert torch.equal(getattr(parts, name).y, getattr(whole, name).y)


@pytest.mark.mirror
def test_a_truncated_strip_of_a_mirror_is_refused_by_name(tmp_path):
    folder = tmp_path / "cifar10"
    folder.mkdir()
    for file in cifar10.CIFAR10.editions[1].files:
        (folder / file.name).symlink_to(f"{os.environ['RELUBOOK_DATA']}/cifar10/{file.name}")
    path = folder / "train_000.webp"
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content[:-1000])
    with pytest.raises(DatasetUnavailable, match=f"{folder} was refused. .*train_000"):
        storage.obtain("cifar10", cifar10.CIFAR10.editions, places=("mirror",), root=tmp_path)


def test_labels_of_another_set_are_refused():
    with pytest.raises(ValueError, match=r"train labels of CIFAR-10 must have the SHA-256 2b7cd2f"):
        cifar10.read_strips({"train_labels.npy": bytes(50_128)})


@pytest.mark.mirror
def test_pixels_of_another_set_are_refused(whole):
    images = np.zeros((60_000, 32, 32, 3), np.uint8)
    labels = torch.cat([getattr(whole, name).y for name in SPLITS]).numpy().astype(np.uint8)
    with pytest.raises(ValueError, match=r"train pixels of CIFAR-10 must have the SHA-256 47af8b0"):
        cifar10.read_archive(archive_of(images, labels))


@given(st.lists(st.integers(0, 9), max_size=30))
def test_dealing_takes_one_of_each_class_in_turn_and_keeps_the_order_within(seeds):
    labels = np.repeat(np.arange(10, dtype=np.uint8), 3)
    labels = labels[np.random.default_rng(seeds).permutation(len(labels))]
    order = cifar10.deal(labels)
    assert labels[order].tolist() == [*range(10)] * 3
    assert sorted(order) == list(range(30))
    for kind in range(10):
        assert sorted(order[kind::10]) == order[kind::10].tolist()


def test_classes_of_unequal_size_cannot_be_dealt():
    with pytest.raises(ValueError, match=r"must be 2 of each class\. Got 3, 1, 2"):
        cifar10.deal(np.array([0, 0, 0, 1, *np.repeat(np.arange(2, 10), 2)], np.uint8))


def test_a_batch_gives_rows_columns_colors():
    labels = np.array([0, 9, 4, 4], np.uint8)
    images, found = cifar10.batch(batch_bytes(PICTURES, labels), name="b", examples=4)
    np.testing.assert_array_equal(images, PICTURES)
    assert found.tolist() == labels.tolist()


def test_a_batch_begins_with_the_label_and_then_the_reds():
    content = bytes([7, *[200] * 1024, *[100] * 1024, *[50] * 1024])
    images, labels = cifar10.batch(content, name="b", examples=1)
    assert labels.tolist() == [7]
    assert images[0, 31, 31].tolist() == images[0, 0, 0].tolist() == [200, 100, 50]


def test_a_batch_with_a_label_that_names_no_class_is_refused():
    content = batch_bytes(PICTURES, np.array([0, 9, 10, 4], np.uint8))
    with pytest.raises(ValueError, match=r"the batch b must be from 0 to 9\. Got 10 at image 2\."):
        cifar10.batch(content, name="b", examples=4)


@given(st.integers(0, 4 * 3073 + 20).filter(lambda length: length != 4 * 3073))
def test_a_batch_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match=r"The batch b must hold 12,292 bytes"):
        cifar10.batch(bytes(length), name="b", examples=4)


def test_a_strip_gives_rows_columns_colors():
    found = cifar10.strip(strip_bytes(PICTURES), name="s", examples=4)
    np.testing.assert_array_equal(found, PICTURES)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_strip_is_refused_by_name_or_has_its_size(data):
    damaged = data.draw(tiny_images.damages(strip_bytes(PICTURES)))
    found = tiny_images.outcome(
        lambda: cifar10.strip(damaged, name="s.webp", examples=4), named=r"s\.webp"
    )
    assert found is None or found.shape == PICTURES.shape


@pytest.mark.parametrize("form", ["PNG", "BMP", "TIFF", "GIF"])
def test_a_picture_of_another_format_is_refused(form):
    buffer = io.BytesIO()
    Image.fromarray(PICTURES.reshape(-1, 32, 3)).save(buffer, form)
    with pytest.raises(ValueError, match=r"The file s is not a whole WebP picture"):
        cifar10.strip(buffer.getvalue(), name="s", examples=4)


def test_a_picture_of_another_size_or_mode_is_refused():
    with pytest.raises(ValueError, match=r"s must be RGB, 32 x 160\. Got RGB, 32 x 128\."):
        cifar10.strip(strip_bytes(PICTURES), name="s", examples=5)
    clear = np.concatenate([PICTURES, PICTURES[..., :1]], axis=-1)
    buffer = io.BytesIO()
    Image.fromarray(clear.reshape(-1, 32, 4)).save(buffer, "WEBP", lossless=True)
    with pytest.raises(ValueError, match=r"Got RGBA, 32 x 128\."):
        cifar10.strip(buffer.getvalue(), name="s", examples=4)


@pytest.mark.parametrize("content", [b"", tiny_images.HTML, b"\x1f\x8b\x08" + bytes(50)])
def test_something_else_than_the_archive_is_refused(content):
    with pytest.raises(ValueError, match=r"cifar-10-binary\.tar\.gz"):
        cifar10.read_archive({cifar10.ARCHIVE: content})


@pytest.mark.mirror
@pytest.mark.parametrize("content", [b"", tiny_images.HTML])
def test_something_else_than_a_strip_is_refused(content):
    names = [file.name for file in cifar10.CIFAR10.editions[1].files]
    assert len(names) == 122
    labels = Path(os.environ["RELUBOOK_DATA"], "cifar10", "train_labels.npy").read_bytes()
    files = {**dict.fromkeys(names, content), "train_labels.npy": labels}
    with pytest.raises(ValueError, match=r"train_000\.webp is not a whole WebP picture"):
        cifar10.read_strips(files)


def test_labels_that_are_too_few_are_refused():
    with pytest.raises(ValueError, match=r"train_labels\.npy must end in 50,000 labels .* Got"):
        cifar10.read_strips({"train_labels.npy": tiny_images.HTML})


def test_the_entry_has_the_papers_shape_and_classes():
    assert cifar10.CIFAR10.image_shape == paper.IMAGE_SHAPES["cifar10"]
    assert len(cifar10.CLASSES) == paper.CLASSES["cifar10"].value
    assert [edition.downloadable for edition in cifar10.CIFAR10.editions] == [True, False]
