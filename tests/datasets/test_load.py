"""A name means one data set; whatever stands in its way is explained."""

import pytest
import tiny_digits

from relubook import datasets
from relubook.datasets import registry


@pytest.mark.parametrize(
    ("name", "nearest"), [("mist", "mnist"), ("MNIST", "mnist"), ("mnist5k", "mnist-5k")]
)
def test_an_unknown_name_suggests_the_nearest(name, nearest):
    with pytest.raises(ValueError, match=f"no data set '{name}'. Did you mean '{nearest}'"):
        datasets.load(name)


@pytest.mark.parametrize("name", ["", "imagenet-22k", "?"])
def test_a_name_near_to_nothing_lists_what_is_known(name):
    with pytest.raises(ValueError, match="Known: mnist, "):
        datasets.load(name)


@pytest.mark.parametrize(("name", "source"), [("mnist", "embedded"), ("mnist-5k", "mirror")])
def test_a_source_that_a_set_does_not_have_is_refused(name, source):
    with pytest.raises(ValueError, match=f"`source` of {name} must be one of auto, .*'{source}'"):
        datasets.load(name, source=source)


def test_an_unavailable_set_names_its_stand_in_and_ends_in_numbered_steps(register):
    entry = register()
    with pytest.raises(datasets.DatasetUnavailable) as caught:
        datasets.load("tiny")
    text = str(caught.value)
    assert isinstance(caught.value, OSError)
    for place in ("mirror", "cache", "download"):
        assert f"- {place}: " in text
    assert 'stand-in is load("mnist-5k"), which is another data set' in text
    for file in entry.editions[0].files:
        assert file.urls[0] in text
        assert file.sha256 in text
    steps = [line[:2] for line in text.splitlines() if line[:1].isdigit()]
    assert steps == ["1.", "2.", "3.", "4."]
    assert text.splitlines()[-1].startswith("4.")


def test_the_manual_steps_work_when_followed(tmp_path, monkeypatch, register):
    register()
    tiny_digits.put(tmp_path / "data" / "tiny")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RELUBOOK_DATA", "data")
    assert datasets.load("tiny").source == "mirror"


def test_a_real_set_is_never_replaced_by_its_stand_in(monkeypatch):
    for file in registry.ENTRIES["mnist"].editions[0].files:
        monkeypatch.setattr(
            "relubook.datasets.files.download._fetch",
            lambda *_: (_ for _ in ()).throw(datasets.DatasetUnavailable("offline")),
        )
        assert all(url.startswith("https://") and url.endswith(file.name) for url in file.urls)
        assert len(file.urls) == 2
    with pytest.raises(datasets.DatasetUnavailable, match="The data set mnist is not available"):
        datasets.load("mnist")


def test_the_training_file_is_cut_before_its_last_images(cache, register):
    register()
    tiny_digits.put(cache / "tiny")
    tiny = datasets.load("tiny")
    assert [len(split) for split in (tiny.train, tiny.validation, tiny.test)] == [10, 2, 4]
    assert tiny.train.y.tolist() + tiny.validation.y.tolist() == [*range(10), 0, 1]
    assert (tiny.train.x * 255).round().max() <= 255
    assert tiny.train.x.min() >= 0


@pytest.mark.parametrize("name", datasets.NAMES)
def test_a_description_says_what_where_and_how_large(name):
    row = datasets.describe(name)
    assert row.name == name
    assert row.what
    assert row.license
    assert row.where == ("embedded" if registry.ENTRIES[name].recipe else "not here yet")
    assert row.stand_in in ("", *datasets.NAMES)


def test_a_description_finds_the_files_where_they_are(cache, register):
    register()
    assert datasets.describe("tiny").where == "not here yet"
    tiny_digits.put(cache / "tiny")
    assert datasets.describe("tiny").where == f"cache {cache / 'tiny'}"


def test_fetching_an_embedded_set_downloads_nothing(cache):
    assert datasets.fetch("mnist-5k") == []
    assert not cache.exists()


@pytest.mark.parametrize("entry", registry.ENTRIES.values(), ids=lambda entry: entry.name)
def test_every_entry_is_complete(entry):
    assert entry.citekey or entry.recipe
    assert entry.differs
    assert entry.license
    assert entry.note
    assert entry.stand_in is None or entry.stand_in in registry.ENTRIES
    for file in (file for edition in entry.editions for file in edition.files):
        assert len(file.sha256) in (0, 64)
        assert all(url.startswith(("https://", "http://")) for url in file.urls)
