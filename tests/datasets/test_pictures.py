"""The generated sets of pictures: their splits, their scale, and what is kept of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from relubook import datasets
from relubook.datasets.entry import Recipe
from relubook.datasets.generators import norb, pictures


@dataclass(frozen=True)
class Made:
    """Two loads of a set, what was asked of the renderer, and the progress it reported."""

    first: datasets.Dataset
    second: datasets.Dataset
    asked: list
    told: list
    kept: Path


@pytest.fixture(scope="module", params=["norb", "norb-cluttered"])
def made(request, tmp_path_factory):
    """Few pairs, made once and loaded a second time from the cache."""
    asked, told, pairs = [], [], norb.pairs

    def note(count, *, instances, progress, **rest):
        def tell(done, total):
            told.append((done, total))
            if progress:
                progress(done, total)

        asked.append((count, set(instances)))
        return pairs(count, instances=instances, progress=tell, **rest)

    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("RELUBOOK_CACHE", str(cache))
        patch.setattr(pictures, "_PAIRS", {"train": 12, "validation": 6, "test": 6})
        patch.setattr(norb, "pairs", note)
        first = datasets.load(request.param)
        second = datasets.load(request.param)
    (kept,) = cache.rglob("*.npz")
    return Made(first=first, second=second, asked=asked, told=told, kept=kept)


@pytest.fixture
def few_characters(monkeypatch):
    sizes = {"train": 300, "validation": 100, "test": 100}
    monkeypatch.setattr(pictures, "_CHARACTERS", sizes)


def test_characters_are_shades_from_0_to_1_of_62_classes(few_characters):
    dataset = datasets.load("nistp")
    assert [len(s) for s in (dataset.train, dataset.validation, dataset.test)] == [300, 100, 100]
    assert dataset.source == "embedded"
    assert (dataset.train.x.min(), dataset.train.x.max()) == (0, 1)
    assert len(dataset.classes) == 62
    assert len(dataset.train.y.unique()) > 50


def test_stereo_pairs_are_scaled_as_in_the_paper(made):
    dataset = made.first
    assert [len(s) for s in (dataset.train, dataset.validation, dataset.test)] == [12, 6, 6]
    assert dataset.image_shape == (2, 32, 32)
    assert -1 <= dataset.train.x.min() < 0 < dataset.train.x.max() <= 1
    steps = (dataset.train.x + 1) * 127.5
    assert torch.allclose(steps, steps.round(), atol=1e-3)
    assert dataset.classes[-1] == ("none" if len(dataset.classes) == 6 else "car")


def test_no_picture_of_the_test_split_has_a_twin_in_training(made):
    """Equal orders of labels and equal clutter would show as equal places that are alike."""
    train, test = made.first.train, made.first.test
    assert not torch.equal(train.y[: len(test)], test.y)
    centered = [split.x - split.x.mean(1, keepdim=True) for split in (train, test)]
    alike = torch.nn.functional.cosine_similarity(
        centered[1].unsqueeze(1), centered[0].unsqueeze(0), dim=-1
    )
    assert alike.diagonal().mean() < alike.mean() + 0.25


def test_the_toys_of_the_test_split_are_others(made):
    (known, shown), (unknown, held_out) = made.asked
    assert (known, unknown) == (18, 6)
    assert shown.isdisjoint(held_out)
    assert shown | held_out == set(range(10))


def test_pairs_are_made_once_and_then_read_from_the_cache(made):
    assert len(made.asked) == 2  # both by the first load
    assert torch.equal(made.first.train.x, made.second.train.x)
    assert made.first.sha256 == made.second.sha256
    assert made.kept.name == f"{made.first.name}-r{norb.REVISION}.npz"
    assert set(np.load(made.kept, allow_pickle=False).files) == {"images", "labels"}


def test_each_part_reports_its_progress_to_the_end(made):
    ends = [place for place, (done, total) in enumerate(made.told) if done == total]
    assert [made.told[place][1] for place in ends] == [18, 6]
    assert made.told[-1] == (6, 6)


def test_the_progress_of_the_parts_is_that_of_the_whole():
    told = []
    for before, size in ((0, 3), (3, 2)):
        progress = pictures._part(lambda done, total: told.append((done, total)), before, 5)
        for done in range(1, size + 1):
            progress(done, size)
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_the_digest_of_a_recipe_names_the_recipe_not_the_last_bit(few_characters):
    whole = datasets.load("nistp")
    assert whole.recipe == f"nistp, revision {pictures.nistp.REVISION}"
    assert datasets.load("nistp").sha256 == whole.sha256
    part = whole.subset(train=10)
    assert part.sha256 != whole.sha256
    assert part.sha256 == whole.subset(train=10).sha256
    assert part.sha256 != whole.subset(train=11).sha256
    assert "the first 10 / 100 / 100" in part.recipe


def test_a_higher_revision_is_another_set():
    made = {"make": dict, "parts": dict}
    texts = {Recipe(revision=number, **made).described("norb") for number in (1, 2)}
    assert len(texts) == 2
    assert Recipe(revision=1, exact=True, **made).described("norb") == ""
