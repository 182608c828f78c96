"""A download survives the end of its process, and several processes at once."""

import os
import signal
import threading

import bad_server as bad
import fetching
import filelock
import pytest
import tiny_digits
from bad_server import files_in
from fetching import CONTENT, NAME, fetch, wait_for

from relubook import datasets
from relubook.datasets.files import download

PART = f"{NAME}.part"
PROCESSES = fetching.processes()


@pytest.fixture
def web():
    with bad.serving({NAME: CONTENT, **tiny_digits.tiny_files()}) as served:
        yield served


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "folder"


def started(target, *arguments):
    """A process that is running."""
    process = PROCESSES.Process(target=target, args=arguments)
    process.start()
    return process


def has_grown(path, size):
    """Whether a file has so many bytes."""
    return path.exists() and path.stat().st_size >= size


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_process_that_ends_leaves_a_part_which_the_next_continues(how, web, folder):
    # Asked again it sends nothing: on a slow machine three answers would make the whole file.
    web.behave(bad.stalls_after(100_000), bad.stalls_after(0))
    process = started(fetching.fetch_quietly, folder, web.address)
    wait_for(lambda: has_grown(folder / PART, 50_000))
    os.kill(process.pid, how)
    process.join()
    left = files_in(folder)
    assert left == {PART: CONTENT[: len(left[PART])]}
    with bad.serving({NAME: CONTENT}) as good:
        fetch(folder, good.address)
    assert files_in(folder) == {NAME: CONTENT}
    assert good.sent == len(CONTENT) - len(left[PART])


def test_who_waits_for_a_killed_process_takes_over(web, folder):
    web.behave(bad.stalls_after(100_000), bad.well)
    process = started(fetching.fetch_quietly, folder, web.address)
    wait_for(lambda: has_grown(folder / PART, 50_000))
    waiting = threading.Thread(target=fetch, args=(folder, web.address))
    waiting.start()
    waiting.join(0.3)
    assert waiting.is_alive()
    process.kill()
    process.join()
    waiting.join(10)
    assert files_in(folder) == {NAME: CONTENT}
    assert [start is None for _, start in web.asked] == [True, False]


def test_five_processes_at_once_fetch_each_file_once(web, cache):
    answers = PROCESSES.Queue()
    running = [started(fetching.load, web.address, cache, answers) for _ in range(5)]
    digests = {answers.get(timeout=60) for _ in running}
    for process in running:
        process.join()
    assert len(digests) == 1
    assert sorted(web.asked) == sorted((name, None) for name in tiny_digits.tiny_files())
    assert files_in(cache / "tiny") == tiny_digits.tiny_files()


def test_who_waited_sees_that_another_fetched_it(folder, capsys):
    folder.mkdir()
    (folder / PART).write_bytes(CONTENT[:1000])
    lock = filelock.FileLock(folder / f".{NAME}.lock")
    with lock:
        waiting = threading.Thread(target=_fetch_shown, args=(folder,))
        waiting.start()
        waiting.join(0.5)
        (folder / PART).rename(folder / NAME)
        (folder / NAME).write_bytes(CONTENT)
    waiting.join(10)
    shown = capsys.readouterr().err
    assert "another process fetched it" in shown
    assert files_in(folder) == {NAME: CONTENT}


def _fetch_shown(folder):
    """Fetch with a bar, from nowhere."""
    download.fetch_all((fetching.published("http://127.0.0.1:1"),), folder, progress=True)


def test_nobody_waits_forever_for_a_process_that_does_nothing(folder, monkeypatch):
    monkeypatch.setattr(download, "_PATIENCE", 0.3)
    folder.mkdir()
    problems = []

    def wait():
        try:
            fetch(folder, "http://127.0.0.1:1")
        except datasets.DatasetUnavailable as problem:
            problems.append(str(problem))

    with filelock.FileLock(folder / f".{NAME}.lock"):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join(10)
    assert len(problems) == 1
    assert f".{NAME}.lock, and its download of {NAME} has not grown" in problems[0]
    assert "End that process and try again" in problems[0]
