"""Downloads in this process and in others, for the tests of the download layer."""

import contextlib
import hashlib
import os
import random
import time

import commands
import tiny_digits

from relubook import datasets
from relubook.datasets import registry
from relubook.datasets.entry import File
from relubook.datasets.files import download

NAME = "big.bin"
CONTENT = random.Random(1).randbytes(300_000)


def published(*hosts, hashed=True, size=None):
    """A file of 300,000 bytes, as one publishes it."""
    return File(
        name=NAME,
        sha256=hashlib.sha256(CONTENT).hexdigest() if hashed else "",
        size=(len(CONTENT) if hashed else 0) if size is None else size,
        urls=tuple(f"{host}/{NAME}" for host in hosts),
    )


def fetch(folder, *hosts, **known):
    """Fetch it into a folder."""
    download.fetch_all((published(*hosts, **known),), folder, progress=False)


def fetch_quietly(folder, host):
    """Fetch it until somebody presses Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        fetch(folder, host)


def fetch_limited(folder, host, longest, answers):
    """Fetch it where no file may be longer than so many bytes, as on a disk that fills up."""
    import resource  # Linux and macOS have it

    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
    try:
        fetch(folder, host)
    except datasets.DatasetUnavailable as problem:
        answers.put(str(problem))


def load(host, cache, answers):
    """Load the tiny set in a process of its own."""
    os.environ.update(RELUBOOK_CACHE=str(cache), NO_PROXY="127.0.0.1")
    registry.ENTRIES["tiny"] = tiny_digits.tiny_entry(host)
    answers.put(datasets.load("tiny").sha256)


def processes():
    """What makes processes that have imported the package already: one import serves them all."""
    return commands.SERVER


def wait_for(condition, seconds=20.0):
    """Return as soon as the condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
