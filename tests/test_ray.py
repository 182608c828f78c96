"""Sweeps on a real Ray cluster, in a namespace of its own; and what can be known without one."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relubook import distributed
from relubook.distributed import cut
from relubook.fleets import Fleet
from relubook.ray_greeting import greeting
from relubook.training import Schedule, grid
from support import blobs

ROOT = Path(__file__).parents[1]


class Alone:
    """A worker that nobody listens to."""

    def progress(self, done, total, text):
        pass

    def stopping(self):
        return False


def happened(fault: str, schedule: int) -> dict[str, float]:
    """What a fault did to a sweep on a head and two nodes; see `benchmarks.cluster_faults`."""
    sys.path.insert(0, str(ROOT))
    from benchmarks.clusters import namespace

    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp") as place:  # sockets: a short name
        small = Path(place, "small")
        small.mkdir()
        words = ["-m", "benchmarks.cluster_faults", fault, str(schedule), place]
        ended = subprocess.run(
            [*namespace(small), sys.executable, *words],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


@pytest.mark.sandbox
def test_a_sweep_on_a_cluster_equals_one_here_bit_for_bit_though_a_worker_is_killed():
    found = happened("worker process killed", 1)
    assert (found["lost"], found["double"]) == (0, 0)


@given(
    left=st.sets(st.integers(0, 40)),
    ends=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)), max_size=4),
    at_once=st.integers(1, 9),
)
def test_chunks_are_all_that_is_left_each_network_once(left, ends, at_once):
    running = [range(first, first + more + 1) for first, more in ends]
    chunks = cut(left, running, at_once)
    networks = [model for chunk in chunks for model in chunk]
    assert sorted(networks) == sorted(left)
    assert all(len(chunk) <= at_once or chunk in running for chunk in chunks)


def test_a_chunk_that_was_begun_goes_on_as_it_is():
    assert cut(range(8), [range(2, 5)], 2) == [
        range(2, 5), range(0, 2), range(5, 7), range(7, 8),
    ]  # fmt: skip


def test_a_node_with_other_code_does_nothing_and_says_what_it_has():
    installed, task = greeting()
    how, said = task("relubook 0.0.1 (code 0), torch 1", "os:abort", [None])
    assert how == "refused"
    assert installed() in said
    assert "The command was given by relubook 0.0.1 (code 0), torch 1." in said


def test_a_folder_that_a_node_does_not_see_is_told(tmp_path):
    fleet = Fleet(sizes=(6, 4, 3), dataset=blobs(), hyper=grid(), schedule=Schedule(epochs=1))
    sweep = distributed.Sweep(fleet=fleet, folder=tmp_path, networks=None, sign="driver-1")
    with pytest.raises(OSError, match=r"does not see the driver's folder .* --checkpoints"):
        distributed.train_chunk(sweep, range(1), Alone())


WITHOUT = """
import sys
sys.modules["ray"] = None
sys.argv = ["relubook", "reproduce", "figure-3", "--scale", "smoke", "--engine", "ray"]
from relubook.cli import main
main()
"""


def test_who_has_no_ray_is_told_how_to_get_it(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "needs Ray: pip install 'relubook[ray]'" in ended.stderr
