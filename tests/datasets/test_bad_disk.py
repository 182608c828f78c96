"""A disk that is full or read-only ends a download in a sentence that names RELUBOOK_CACHE."""

import bad_server as bad
import fetching
import pytest
from bad_server import files_in
from fetching import CONTENT, NAME, fetch

from relubook import datasets

PART = f"{NAME}.part"


@pytest.fixture
def web():
    with bad.serving({NAME: CONTENT}) as served:
        yield served


@pytest.mark.linux
def test_a_disk_that_is_full_from_the_start_is_explained(web, tmp_path):
    (tmp_path / PART).symlink_to("/dev/full")
    words = rf"{tmp_path} is full \(No space left .*0\.3 MB are needed.*RELUBOOK_CACHE"
    with pytest.raises(datasets.DatasetUnavailable, match=words):
        fetch(tmp_path, web.address)
    assert not (tmp_path / NAME).exists()


@pytest.mark.linux
def test_a_disk_that_fills_up_keeps_what_came(web, tmp_path):
    context = fetching.processes()
    answers = context.Queue()
    arguments = (tmp_path, web.address, 100_000, answers)
    process = context.Process(target=fetching.fetch_limited, args=arguments)
    process.start()
    assert "RELUBOOK_CACHE to a folder on another disk" in answers.get(timeout=60)
    process.join()
    assert files_in(tmp_path) == {PART: CONTENT[:100_000]}
    fetch(tmp_path, web.address)
    assert files_in(tmp_path) == {NAME: CONTENT}
    assert web.asked[-1] == (NAME, 100_000)


def test_a_file_that_cannot_fit_is_not_begun(web, tmp_path):
    words = r"has [\d,.]+ MB left, and 1,000,000,000,000\.0 MB are needed.*RELUBOOK_CACHE"
    with pytest.raises(datasets.DatasetUnavailable, match=words):
        fetch(tmp_path, web.address, size=10**18)
    assert web.asked == []


@pytest.mark.linux
@pytest.mark.parametrize("place", ["/proc/relubook", "/sys/relubook", "/dev/null/relubook"])
def test_a_place_where_nothing_can_be_written_is_explained(place, web, monkeypatch, register):
    register(web.address)
    monkeypatch.setenv("RELUBOOK_CACHE", place)
    words = rf"cache folder {place}/tiny cannot be written to \(.*RELUBOOK_CACHE to a folder of"
    with pytest.raises(datasets.DatasetUnavailable, match=words):
        datasets.load("tiny")
    assert web.asked == []


def test_a_folder_where_the_file_should_be_is_set_aside(web, tmp_path):
    (tmp_path / NAME).mkdir()
    fetch(tmp_path, web.address)
    assert (tmp_path / NAME).read_bytes() == CONTENT
    assert (tmp_path / f"{NAME}.refused").is_dir()


def test_a_folder_where_the_part_should_be_is_explained(web, tmp_path):
    (tmp_path / PART).mkdir()
    with pytest.raises(datasets.DatasetUnavailable, match="cannot be written to"):
        fetch(tmp_path, web.address)
