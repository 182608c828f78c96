import functools
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import checkpoints
from relubook.chunk_files import training_of
from relubook.fleets import Fleet, Limits, PartTrained, train_fleet
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

SHAPE = (6, 8, 7, 3)
HYPER = grid(l1=[0.0, 1e-3, 0.01], seed=[1, 2], learning_rate=0.1)
FLEET = Fleet(
    sizes=SHAPE, dataset=blobs(60), hyper=HYPER, schedule=Schedule(epochs=3, batch_size=10)
)


@functools.cache
def whole() -> History:
    """All networks side by side, without any cut."""
    network = MLP(SHAPE, seeds=HYPER.seed.tolist())
    return train(network, FLEET.dataset, HYPER, FLEET.schedule)


def assert_equal(ours: History, theirs: History) -> None:
    """To rounding: some processors multiply a stack of another height in another order."""
    for field in fields(History):
        np.testing.assert_allclose(
            getattr(ours, field.name), getattr(theirs, field.name), rtol=1e-5, err_msg=field.name
        )


def cut_off(fleet: Fleet, folder: Path) -> None:
    """Leave four networks in the middle of their training: the time is up after one epoch."""
    times = iter([0.0, 2.0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Limits, "time_is_up", lambda limits: next(times) > limits.until)
        with pytest.raises(TimeoutError, match="The time is up: 0 of 6"):
            train_fleet(fleet, limits=Limits(networks=4, until=1.0), folder=folder)


@given(networks=st.integers(1, 7))
@settings(max_examples=4)
def test_any_cut_gives_the_same_histories(networks):
    assert_equal(train_fleet(FLEET, limits=Limits(networks=networks)), whole())


def test_chunks_from_two_machines_add_up_to_the_whole(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    with pytest.raises(PartTrained, match="asked for are trained: 2 of 6 networks are finished"):
        train_fleet(FLEET, limits=Limits(only=range(2)), folder=here)
    with pytest.raises(PartTrained, match="3 of 6 networks"):
        train_fleet(FLEET, limits=Limits(only=range(3, 99), networks=2), folder=there)
    for path in there.iterdir():
        assert path.stat().st_size < 10_000
        path.rename(here / path.name)
    calls = []
    history = train_fleet(FLEET, folder=here, progress=lambda *call: calls.append(call))
    assert_equal(history, whole())
    assert [done for done, _, _ in calls] == [5 * 3 + epoch for epoch in (1, 2, 3)]
    assert calls[-1] == (18, 18, "networks 3 to 3 of 6, epoch 3 of 3")


def test_chunks_that_overlap_are_used_where_they_do_not(tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, only in ((here, range(4)), (there, range(2, 6))):
        with pytest.raises(PartTrained):
            train_fleet(FLEET, limits=Limits(only=only), folder=folder)
    (theirs,) = there.iterdir()
    theirs.rename(here / theirs.name)
    calls = []
    history = train_fleet(FLEET, folder=here, progress=lambda *call: calls.append(call))
    assert_equal(history, whole())
    assert calls == []


def test_a_cut_off_chunk_goes_on_with_its_own_networks_whatever_is_asked_for_later(tmp_path):
    cut_off(FLEET, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["running-0000-0003.npz"]
    history = train_fleet(FLEET, limits=Limits(networks=1), folder=tmp_path)
    assert_equal(history, whole())
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"chunk-{name}.npz" for name in ("0000-0003", "0004-0004", "0005-0005")]


def test_a_chunks_time_counts_all_processes_that_trained_it(tmp_path):
    """The first process says that it took an hour for its epoch."""
    cut_off(FLEET, tmp_path)
    (running,) = tmp_path.iterdir()
    with np.load(running, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if not name.startswith("__")}
        fingerprint = str(file["__fingerprint__"])
    hour = {**arrays, "seconds": arrays["seconds"] + 3600}
    checkpoints.save(running, hour, fingerprint=fingerprint)
    train_fleet(FLEET, folder=tmp_path)
    first, rest = training_of(tmp_path)
    assert (first["chunk"], first["device"]) == ("chunk-0000-0003", "cpu")
    assert 3600 <= first["seconds"] < 4000
    assert 0 <= rest["seconds"] < 400


def test_when_the_time_is_up_nothing_more_is_begun(tmp_path):
    with pytest.raises(TimeoutError, match="The time is up: 0 of 6 networks are finished"):
        train_fleet(FLEET, limits=Limits(until=time.monotonic() - 1), folder=tmp_path)
    assert not list(tmp_path.iterdir())


def test_another_sweeps_chunk_is_refused(tmp_path):
    train_fleet(FLEET, folder=tmp_path)
    other = replace(FLEET, schedule=Schedule(epochs=5))
    with pytest.raises(ValueError, match=r"chunk-0000-0005.npz belongs to another run"):
        train_fleet(other, folder=tmp_path)


@pytest.mark.parametrize("cut", [0, 200, -1])
def test_a_truncated_chunk_is_refused(tmp_path, cut):
    train_fleet(FLEET, folder=tmp_path)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"is damaged: .* Delete it to start anew"):
        train_fleet(FLEET, folder=tmp_path)


def test_another_sweeps_checkpoint_is_refused(tmp_path):
    cut_off(FLEET, tmp_path)
    other = replace(FLEET, schedule=Schedule(epochs=5))
    with pytest.raises(ValueError, match=r"running-0000-0003.npz belongs to another run"):
        train_fleet(other, limits=Limits(networks=4), folder=tmp_path)


def test_a_checkpoint_of_networks_that_are_not_asked_for_is_left_alone(tmp_path):
    cut_off(FLEET, tmp_path)
    with pytest.raises(PartTrained, match="1 of 6"):
        train_fleet(FLEET, limits=Limits(only=range(5, 6)), folder=tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["chunk-0005-0005.npz", "running-0000-0003.npz"]


def test_networks_that_do_not_exist_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match=r"The sweep has networks 1 to 6\. Got 301 to 400"):
        train_fleet(FLEET, limits=Limits(only=range(300, 400)))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"networks": 0}, "`networks` of Limits must be at least 1. Got 0"),
        ({"networks": -3}, "Got -3"),
        ({"only": range(5, 5)}, "must name a network"),
    ],
)
def test_impossible_limits_are_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Limits(**arguments)


KILLED = """
import sys, numpy as np
from dataclasses import fields
from pathlib import Path
from relubook import runs
from relubook import checkpoints
from relubook.chunk_files import training_of
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.training import Schedule, grid
from support import blobs
runs._SECONDS_BETWEEN_SAVES = 0.0
runs._LARGEST_SHARE = 1.0
fleet = Fleet(
    sizes=(6, 64, 64, 3), dataset=blobs(examples=600), schedule=Schedule(epochs=25),
    hyper=grid(l1=[0, 1e-3], seed=[1, 2, 3], learning_rate=0.1),
)
folder = Path(sys.argv[1]) if sys.argv[1] != "-" else None
history = train_fleet(fleet, limits=Limits(networks=2), folder=folder)
np.savez(sys.argv[2], **vars(history))
"""


def start(code: str, *arguments: object) -> subprocess.Popen:
    """A Python process of its own that finds the tests' modules."""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run(code: str, *arguments: object) -> tuple[int, str]:
    """The exit code of such a process, and what it said."""
    process = start(code, *arguments)
    said = process.communicate()[1]
    return process.returncode, said


def begun(folder: Path) -> set[tuple[str, int]]:
    """The files of a sweep, also unfinished ones, and when each was written last."""
    return {(entry.name, entry.stat().st_mtime_ns) for entry in _entries(folder)}


def _entries(folder: Path) -> list[os.DirEntry]:
    """What is in a folder that may not be there yet; a file may vanish while it is listed."""
    if not folder.exists():
        return []
    return [entry for entry in os.scandir(folder) if entry.is_file()]


def test_a_sweep_killed_at_random_moments_ends_as_if_it_had_not_been(tmp_path):
    folder, moment, kills = tmp_path / "sweep", random.Random(0), 0
    assert run(KILLED, "-", tmp_path / "whole.npz") == (0, "")
    for _ in range(4):
        before = begun(folder)
        process = start(KILLED, folder, tmp_path / "resumed.npz")
        while process.poll() is None and begun(folder) == before:
            time.sleep(0.002)
        time.sleep(moment.uniform(0, 0.3))  # in the middle of an epoch, or of a file
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    assert kills >= 2
    assert run(KILLED, folder, tmp_path / "resumed.npz") == (0, "")
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "resumed.npz") as resumed:
        for name in whole.files:
            np.testing.assert_array_equal(whole[name], resumed[name], err_msg=name)
    assert all(path.name.startswith("chunk-") for path in folder.iterdir())


TOO_LARGE = """
import resource, sys, warnings
import numpy as np
from relubook import checkpoints
from relubook.chunk_files import training_of
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.training import Schedule, grid
from support import blobs
width, networks, room = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
fleet = Fleet(
    sizes=(6, width, width, 3), dataset=blobs(), schedule=Schedule(epochs=1),
    hyper=grid(seed=list(range(networks)), learning_rate=0.01),
)
small = Fleet(sizes=(6, 8, 3), dataset=blobs(), schedule=Schedule(epochs=1), hyper=grid())
train_fleet(small)  # whatever is loaded late is loaded now
if room:
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    used = 1024 * int(status["VmData"].split()[0])  # without what is only set aside
    resource.setrlimit(resource.RLIMIT_DATA, (used + room, resource.RLIM_INFINITY))
warnings.simplefilter("always")
history = train_fleet(fleet)
np.savez(sys.argv[4], test_error=history.test_error, zeros=history.zero_fraction)
"""


@pytest.mark.linux
def test_a_fleet_larger_than_memory_is_halved_until_it_fits_and_says_so(tmp_path):
    """16 networks have 150 MB of weights; the process may take 190 MB more than it has."""
    assert run(TOO_LARGE, 1500, 16, 0, tmp_path / "free.npz") == (0, "")
    code, said = run(TOO_LARGE, 1500, 16, 190_000_000, tmp_path / "tight.npz")
    assert code == 0, said
    assert "16 networks did not fit into the memory of cpu: going on with 8 at a time" in said
    with np.load(tmp_path / "free.npz") as free, np.load(tmp_path / "tight.npz") as tight:
        for name in free.files:
            np.testing.assert_array_equal(free[name], tight[name])


@pytest.mark.linux
def test_a_network_larger_than_memory_is_refused_in_a_sentence(tmp_path):
    code, said = run(TOO_LARGE, 6000, 1, 130_000_000, tmp_path / "never.npz")
    assert code == 1
    assert "One network of (6, 6000, 6000, 3) does not fit into the memory of cpu." in said
