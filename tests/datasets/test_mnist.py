"""All of MNIST, from the mirror."""

import os
import shutil

import pytest
import torch

from relubook import datasets, paper

pytestmark = pytest.mark.mirror


@pytest.fixture(scope="module")
def whole():
    """Loaded once, from the folder that the session keeps for tests of this group."""
    return datasets.load("mnist", root=os.environ["RELUBOOK_TEST_MIRROR"])


def test_the_splits_have_the_papers_sizes(whole):
    for name in ("train", "validation", "test"):
        assert len(getattr(whole, name)) == paper.SIZES["mnist", name].value


def test_the_pixels_have_the_known_mean_and_deviation(whole):
    pixels = torch.cat([whole.train.x, whole.validation.x])
    assert pixels.mean().item() == pytest.approx(0.1307, abs=5e-5)
    assert pixels.std().item() == pytest.approx(0.3081, abs=5e-5)
    assert (pixels.min().item(), pixels.max().item()) == (0.0, 1.0)


def test_the_classes_have_the_known_counts(whole):
    assert whole.test.y.bincount().tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    labels = torch.cat([whole.train.y, whole.validation.y])
    assert labels.bincount().tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
    ]  # fmt: skip
    assert whole.train.y[:5].tolist() == [5, 0, 4, 1, 9]
    assert whole.test.y[:5].tolist() == [7, 2, 1, 0, 4]


def test_the_digest_is_the_one_that_records_were_made_with(whole):
    assert whole.sha256.startswith("2bf0fdf426ab3e91")


def test_the_environment_names_the_mirror(whole):
    assert datasets.load("mnist").sha256 == whole.sha256
    assert datasets.describe("mnist").where.startswith("mirror ")


def test_a_truncated_file_of_a_mirror_is_refused(tmp_path):
    folder = tmp_path / "mnist"
    shutil.copytree(os.environ["RELUBOOK_DATA"] + "/mnist", folder)
    path = folder / "t10k-images-idx3-ubyte.gz"
    path.chmod(0o644)
    folder.chmod(0o755)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(datasets.DatasetUnavailable, match="is truncated and was refused"):
        datasets.load("mnist", source="mirror", root=tmp_path)


def test_the_five_thousand_digits_are_among_the_published_training_images(whole):
    known = {bytes(digit) for split in (whole.train, whole.validation) for digit in _bytes(split)}
    few = datasets.load("mnist-5k")
    for split in (few.train, few.validation, few.test):
        assert all(bytes(digit) in known for digit in _bytes(split))


def _bytes(split):
    """The pixels as the published bytes."""
    return (split.x * 255).round().byte().numpy()
