"""A real Ray cluster on this machine, in a network and a process namespace of its own.

Ray listens on every interface without asking who is there. In a namespace nobody else is, and when
its first process ends, the kernel ends all others: nothing stays behind.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
ADDRESS = "127.0.0.1:6379"
_PATIENCE = 60.0  # s
_TRIALS = 3
_TOKEN = "nobody-else-is-in-this-namespace"


def namespace(small: Path | None = None) -> list[str]:
    """What to put before a command that is to be alone.

    Args:
        small: A folder that becomes a disk of 3 MB there.
    """
    disk = [] if small is None else ["--size", "3000000", "--tmpfs", str(small)]
    return [
        "bwrap", "--unshare-net", "--unshare-pid", "--die-with-parent", "--dev-bind", "/", "/",
        "--proc", "/proc", "--tmpfs", "/dev/shm", *disk,
    ]  # fmt: skip


def environment(**more: str) -> dict[str, str]:
    """Variables for nodes and drivers: they find this repository, and save often."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    return {
        **known,
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": _TOKEN,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        "OMP_NUM_THREADS": "1",
        "RELUBOOK_SAVE_SECONDS": "0.2",
        "RAY_USAGE_STATS_ENABLED": "0",
        **more,
    }


class Cluster:
    """A head without processors, and nodes with one each, all of them processes here.

    Args:
        folder: For Ray's own files; a short name, since sockets lie there.
        variables: For the head.
    """

    def __init__(self, folder: Path, **variables: str) -> None:
        self._folder, self._started = folder, 0
        self.nodes: list[subprocess.Popen[bytes]] = []
        self._start(
            "--head", "--num-cpus=0", f"--port={ADDRESS.partition(':')[2]}",
            "--include-dashboard=false", f"--temp-dir={folder}", variables=variables,
        )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", int(ADDRESS.partition(":")[2]))) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError("The head of the cluster did not start.")

    def add(self, **variables: str) -> subprocess.Popen[bytes]:
        """Let a node join; on a busy machine Ray may have to be asked again."""
        for _ in range(_TRIALS):
            node = self._start(f"--address={ADDRESS}", "--num-cpus=1", variables=variables)
            while node.poll() is None and b"Ray runtime started" not in self._log().read_bytes():
                time.sleep(0.05)
            if node.poll() is None:
                self.nodes.append(node)
                return node
        raise TimeoutError(f"A node did not start: {self._log().read_text()}")

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """End a node and all that runs on it, as if its plug had been pulled."""
        for process in _family(node):
            process.kill()
        node.wait()
        self.nodes.remove(node)

    def tasks(self) -> list[psutil.Process]:
        """The processes that work on a task now."""
        return [process for process in psutil.process_iter() if _works(process)]

    def _log(self) -> Path:
        """What the last node says."""
        return self._folder.parent / f"node-{self._started}.log"

    def _start(self, *words: str, variables: dict[str, str]) -> subprocess.Popen[bytes]:
        """One `ray start`."""
        self._started += 1
        with self._log().open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "ray.scripts.scripts", "start", "--block",
                 "--node-ip-address=127.0.0.1", "--disable-usage-stats", *words],
                stdout=log, stderr=log, env=environment(**variables),
            )  # fmt: skip


def _family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """A process and all that it began."""
    first = psutil.Process(process.pid)
    return [first, *first.children(recursive=True)]


def _works(process: psutil.Process) -> bool:
    """Whether a process works on a task."""
    try:
        return process.cmdline()[:1] == ["ray::task"] or process.name().startswith("ray::task")
    except psutil.Error:
        return False
