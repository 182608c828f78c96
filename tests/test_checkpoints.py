import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from relubook import checkpoints

ARRAYS = {"a": np.arange(6.0).reshape(2, 3), "n": np.array(4)}


def test_what_was_saved_comes_back(tmp_path):
    checkpoints.save(tmp_path / "deep" / "run.npz", ARRAYS, fingerprint="f")
    back = checkpoints.load(tmp_path / "deep" / "run.npz", fingerprint="f")
    assert back.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(back[name], array)
    assert [p.name for p in (tmp_path / "deep").iterdir()] == ["run.npz"]


@pytest.mark.parametrize("cut", [0, 10, 200, -1])
def test_a_truncated_checkpoint_is_refused(tmp_path, cut):
    path = tmp_path / "run.npz"
    checkpoints.save(path, ARRAYS, fingerprint="f")
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"is damaged: .* Delete it to start anew"):
        checkpoints.load(path, fingerprint="f")


def test_a_changed_number_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    checkpoints.save(path, ARRAYS, fingerprint="f")
    with np.load(path, allow_pickle=False) as file:
        whole = dict(file)
    whole["a"][0, 0] += 1
    np.savez(path, **whole)
    with pytest.raises(ValueError, match="digest does not match"):
        checkpoints.load(path, fingerprint="f")


def test_another_runs_checkpoint_is_refused(tmp_path):
    checkpoints.save(tmp_path / "run.npz", ARRAYS, fingerprint="f")
    with pytest.raises(ValueError, match="belongs to another run"):
        checkpoints.load(tmp_path / "run.npz", fingerprint="g")


def test_a_failed_write_leaves_the_previous_state(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    checkpoints.save(path, ARRAYS, fingerprint="f")

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(path, {"a": np.zeros(1)}, fingerprint="f")
    assert checkpoints.load(path, fingerprint="f")["n"] == 4
    assert [p.name for p in tmp_path.iterdir()] == ["run.npz"]


def test_what_a_killed_process_left_unfinished_is_swept_away(tmp_path):
    (tmp_path / ".run.npz.k1ll3d").write_bytes(b"half")
    (tmp_path / ".other.npz.k1ll3d").write_bytes(b"another's")
    assert checkpoints.latest(tmp_path / "run.npz", fingerprint="f") is None
    assert sorted(p.name for p in tmp_path.iterdir()) == [".other.npz.k1ll3d"]


def test_a_damaged_state_is_passed_over_for_the_one_before_it_and_a_warning_says_so(tmp_path):
    path = tmp_path / "run.npz"
    for number in range(4):
        checkpoints.save(path, {"n": np.array(number)}, fingerprint="f", keep=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.npz", "run.previous.npz"]
    assert checkpoints.latest(path, fingerprint="f")["n"] == 3
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.warns(RuntimeWarning, match="is damaged: going on from the one before it"):
        assert checkpoints.latest(path, fingerprint="f")["n"] == 2
    with pytest.raises(ValueError, match="another run"):
        checkpoints.latest(path, fingerprint="g")
    path.unlink()  # as if the machine went down between two renamings
    assert checkpoints.latest(path, fingerprint="f")["n"] == 2
    checkpoints.previous(path).write_bytes(b"")
    with pytest.raises(checkpoints.DamagedError, match=r"run.previous.npz is damaged: .* Delete"):
        checkpoints.latest(path, fingerprint="f")
    checkpoints.forget(path)
    assert not list(tmp_path.iterdir())


def test_what_is_remembered_is_made_once_and_only_for_the_same_run(tmp_path):
    made = []

    def make():
        made.append(1)
        return {"x": np.arange(3)}

    file = tmp_path / "part.npz"
    for _ in range(2):
        assert checkpoints.remembered(file, make, "a run", 1)["x"].tolist() == [0, 1, 2]
    assert len(made) == 1
    with pytest.raises(ValueError, match="another run"):
        checkpoints.remembered(file, make, "a run", 2)
    checkpoints.remembered(None, make, "a run", 1)
    assert len(made) == 2


def test_a_checkpoint_can_be_read_by_others(tmp_path):
    checkpoints.save(tmp_path / "run.npz", ARRAYS, fingerprint="f")
    assert (tmp_path / "run.npz").stat().st_mode & 0o444 == 0o444


def test_objects_are_refused_because_only_a_pickle_could_store_them(tmp_path):
    with pytest.raises(ValueError, match="The array `a` must hold plain numbers"):
        checkpoints.save(tmp_path / "run.npz", {"a": np.array([{}])}, fingerprint="f")
    assert not list(tmp_path.iterdir())


def test_a_file_holds_the_arrays_and_nothing_else(tmp_path):
    """Older numpy stores an argument it does not know as an array of its own."""
    checkpoints.save(tmp_path / "run.npz", ARRAYS, fingerprint="f")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert set(file.files) == {*ARRAYS, "__fingerprint__", "__digest__"}


FULL = """
import resource, signal, sys
import numpy as np
from pathlib import Path
from relubook import checkpoints
path = Path(sys.argv[1])
checkpoints.save(path, {"a": np.arange(6.0)}, fingerprint="f")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    checkpoints.save(path, {"a": np.zeros(100_000)}, fingerprint="f")
except OSError as error:
    print("refused:", error.strerror)
print(checkpoints.load(path, fingerprint="f")["a"].sum(), *[p.name for p in path.parent.iterdir()])
"""


def test_a_file_that_may_not_grow_leaves_the_previous_state(tmp_path):
    """The operating system itself refuses to write more, in the middle of the file."""
    code = [sys.executable, "-c", FULL, str(tmp_path / "run.npz")]
    found = subprocess.run(code, capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == ["refused: File too large", "15.0 run.npz"]


RUN = """
import sys, numpy as np
from pathlib import Path
from relubook import runs
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs
runs._SECONDS_BETWEEN_SAVES = 0.0
runs._LARGEST_SHARE = 1.0
hyper = grid(l1=[0, 1e-3], seed=[1, 2], learning_rate=0.1)
network = MLP((6, 64, 64, 3), seeds=hyper.seed.tolist())
checkpoint = Path(sys.argv[1]) if sys.argv[1] != "-" else None
history = train(network, blobs(examples=600), hyper, Schedule(epochs=40), checkpoint=checkpoint)
weights = {f"w{i}": p.numpy(force=True) for i, p in enumerate(network.parameters())}
np.savez(sys.argv[2], test_error=history.test_error, zeros=history.zero_fraction,
         best=history.best_epoch, **weights)
"""


def start(checkpoint: Path | str, out: Path) -> subprocess.Popen:
    tests = str(Path(__file__).parent)
    path = os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen([sys.executable, "-c", RUN, str(checkpoint), str(out)], env=environment)


def test_a_run_that_was_killed_goes_on_and_equals_one_that_was_not(tmp_path):
    assert start("-", tmp_path / "whole.npz").wait() == 0
    checkpoint, kills = tmp_path / "run.npz", 0
    for _ in range(3):
        before = checkpoint.stat().st_mtime_ns if checkpoint.exists() else 0
        process = start(checkpoint, tmp_path / "resumed.npz")
        while process.poll() is None:
            if checkpoint.exists() and checkpoint.stat().st_mtime_ns != before:
                process.send_signal(signal.SIGKILL)
                kills += process.wait() == -signal.SIGKILL
                break
            time.sleep(0.002)
    assert kills >= 1
    assert start(checkpoint, tmp_path / "resumed.npz").wait() == 0
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "resumed.npz") as resumed:
        for name in whole.files:
            np.testing.assert_array_equal(whole[name], resumed[name])
