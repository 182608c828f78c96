"""Files come from the mirror, the cache or the web, in this order, and only if they are intact."""

import hashlib
import subprocess
import sys
import textwrap

import pytest
import tiny_digits
from bad_server import files_in

from relubook import datasets
from relubook.datasets.files import storage, verified

FIRST = "train-images-idx3-ubyte.gz"


def test_the_mirror_is_asked_first(tmp_path, cache, register):
    register()
    tiny_digits.put(cache / "tiny")
    tiny_digits.put(tmp_path / "mirror" / "tiny")
    assert datasets.load("tiny", root=tmp_path / "mirror").source == "mirror"


def test_the_environment_names_the_mirror_and_the_argument_overrides_it(
    tmp_path, monkeypatch, register
):
    register()
    tiny_digits.put(tmp_path / "one" / "tiny")
    monkeypatch.setenv("RELUBOOK_DATA", str(tmp_path / "one"))
    assert datasets.load("tiny").source == "mirror"
    with pytest.raises(datasets.DatasetUnavailable, match="other"):
        datasets.load("tiny", source="mirror", root=tmp_path / "other")


def test_the_cache_is_asked_before_the_web(cache, web, register):
    register(web.address)
    tiny_digits.put(cache / "tiny")
    assert datasets.load("tiny").source == "cache"
    assert web.asked == []


def test_a_download_fills_the_cache_and_is_not_repeated(cache, web, register):
    register(web.address)
    first, second = datasets.load("tiny"), datasets.load("tiny")
    assert (first.source, second.source) == ("download", "cache")
    assert first.sha256 == second.sha256
    assert len(web.asked) == 4
    assert files_in(cache / "tiny") == tiny_digits.tiny_files()


def test_the_second_address_serves_when_the_first_fails(web, register):
    register("http://127.0.0.1:1", web.address)
    assert datasets.load("tiny").source == "download"


def test_an_address_that_serves_other_bytes_is_passed_over(tmp_path, web, register):
    served = tmp_path / "served" / "stale"
    served.mkdir()
    for name in tiny_digits.tiny_files():
        (served / name).write_bytes(b"moved elsewhere")
    register(f"{web.address}/stale", web.address)
    assert len(datasets.load("tiny").train) == 10


DAMAGES = {
    "truncated": lambda content: content[:-5],
    "corrupt": lambda content: content[:30] + bytes([content[30] ^ 1]) + content[31:],
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_cache_file_is_fetched_again(kind, cache, web, register):
    register(web.address)
    path = tiny_digits.put(cache / "tiny") / FIRST
    damaged = DAMAGES[kind](path.read_bytes())
    path.write_bytes(damaged)
    assert datasets.load("tiny").source == "download"
    assert web.asked == [f"/{FIRST}"]
    assert files_in(path.parent) == tiny_digits.tiny_files() | {f"{FIRST}.refused": damaged}


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("place", ["cache", "mirror"])
def test_a_damaged_file_is_explained_and_never_used_without_the_web(
    kind, place, cache, tmp_path, register
):
    register()
    folder = {"cache": cache, "mirror": tmp_path / "mirror"}[place] / "tiny"
    path = tiny_digits.put(folder) / FIRST
    path.write_bytes(DAMAGES[kind](path.read_bytes()))
    with pytest.raises(
        datasets.DatasetUnavailable, match=rf"{place}: {path} is {kind} and was refused: SHA-256"
    ):
        datasets.load("tiny", root=tmp_path / "mirror")


def test_a_failed_download_leaves_nothing_half_written(cache, web, register):
    register(f"{web.address}/nowhere")
    with pytest.raises(datasets.DatasetUnavailable, match="404"):
        datasets.load("tiny")
    assert files_in(cache / "tiny") == {}


def test_a_cache_folder_that_cannot_be_written_to_is_explained(cache, web, register):
    register(web.address)
    cache.write_text("a file where a folder should be")
    with pytest.raises(datasets.DatasetUnavailable, match=r"cannot be written to .*RELUBOOK_CACHE"):
        datasets.load("tiny")
    assert cache.read_text() == "a file where a folder should be"


def test_an_unwritable_cache_is_no_obstacle_to_the_mirror(cache, tmp_path, register):
    register()
    cache.write_text("a file where a folder should be")
    tiny_digits.put(tmp_path / "mirror" / "tiny")
    assert datasets.load("tiny", root=tmp_path / "mirror").source == "mirror"


def test_fetch_downloads_once_and_names_the_files(cache, web, register):
    register(web.address)
    paths = datasets.fetch("tiny", progress=False)
    assert paths == [cache / "tiny" / name for name in tiny_digits.tiny_files()]
    assert datasets.fetch("tiny", progress=False) == paths
    assert len(web.asked) == 4


def test_a_download_shows_its_progress_only_if_asked(web, register, capsys):
    register(web.address)
    datasets.fetch("tiny", progress=False)
    assert capsys.readouterr().err == ""


def test_a_download_with_progress_names_each_file(web, register, capsys):
    register(web.address)
    datasets.fetch("tiny", progress=True)
    assert FIRST in capsys.readouterr().err


def test_a_mirrored_set_loads_without_pooch_and_mlxtend(tmp_path):
    tiny_digits.put(tmp_path / "mirror" / "tiny")
    script = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, "tests")
        sys.modules["pooch"] = sys.modules["mlxtend"] = None
        import tiny_digits
        from relubook import datasets
        from relubook.datasets import registry
        registry.ENTRIES["tiny"] = tiny_digits.tiny_entry()
        assert datasets.load("tiny", root={str(tmp_path / "mirror")!r}).source == "mirror"
    """)
    subprocess.run([sys.executable, "-c", script], check=True)


def test_without_pooch_a_download_says_what_to_install(monkeypatch, register):
    register()
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(datasets.DatasetUnavailable, match="pip install pooch"):
        datasets.load("tiny")


def test_the_bytes_that_were_verified_are_the_bytes_that_are_used(cache):
    file = tiny_digits.tiny_entry().editions[0].files[0]
    content = verified.read_verified(file, tiny_digits.put(cache / "tiny"))
    assert hashlib.sha256(content).hexdigest() == file.sha256
    assert len(content) == file.size


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    path = tmp_path / "kept.npz"
    path.write_bytes(b"old")

    def fail(new):
        new.write_bytes(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        storage.write_atomically(path, fail)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("kept.npz", b"old")]
