"""A place for code that nobody has read: it sees libraries, an empty folder, and no network.

Debian's bubblewrap makes it, of namespaces of the kernel; `prlimit` and `setpriv` come with every
Linux. What is in it reaches no file but those named here, and writes only to memory that vanishes.
"""

import os
import secrets
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import relubook
from relubook.grading.limits import Limits

_FOLDER = "/home/student"
_NOBODY = "65534"
_FIRST_USER, _USERS = 2**24, 2**30  # numbers that no system gives to anybody
_SPARE_S = 90.0  # to start, and to hand back the notebook [s]
_SPARE_BYTES = 64 * 2**20  # of a notebook that comes back, besides its outputs
_TOOLS = ("bwrap", "prlimit", "setpriv")


class SandboxError(OSError):
    """The sandbox could not be made, or nothing usable came out of it; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Sandbox:
    """What code that nobody has read may see and take.

    Attributes:
        limits: Of time, memory, processes, files and output.
        readable: Folders and files it sees, at the same paths, and cannot change.
    """

    limits: Limits
    readable: tuple[Path, ...]

    def run(self, script: Path, *arguments: str, given: bytes) -> bytes:
        """Run a Python script in it, from standard input to standard output.

        Args:
            script: A file, which is made readable.
            arguments: To the script.
            given: Its standard input.

        Returns:
            Its standard output.

        Raises:
            SandboxError: If it cannot be made, takes too long, puts out too much, or fails.
        """
        command = [*self._walls(script), *self._measures(), sys.executable, "-I", str(script)]
        with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as source:
            source.write(given)
            source.seek(0)
            process = subprocess.Popen(
                [*command, *arguments], stdin=source, stdout=subprocess.PIPE, stderr=errors,
                env={}, start_new_session=True,
            )  # fmt: skip
            assert process.stdout is not None
            timer = threading.Timer(self.limits.total_s + _SPARE_S, process.kill)
            timer.start()
            try:
                found = _at_most(process.stdout, len(given) + self.limits.output + _SPARE_BYTES)
            finally:
                timer.cancel()
                process.kill()
                process.wait()
                process.stdout.close()
            if found is None:
                raise SandboxError("More came back than any notebook has.")
            if not found:
                errors.seek(0)
                raise SandboxError(_reason(errors.read()[-2_000:].decode(errors="replace")))
            return found

    def check(self) -> None:
        """Raise SandboxError if this machine does not let it be made.

        Otherwise every notebook would come back as not run, and nobody would have any points.
        """
        command = [*self._walls(Path("/usr/bin/true")), *self._measures(), "/usr/bin/true"]
        tried = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            raise SandboxError(
                "This machine does not let bubblewrap make a sandbox: "
                f"{tried.stderr.strip() or 'it gives no reason'}. Grade as root, or allow user "
                "namespaces (`sysctl kernel.unprivileged_userns_clone=1` on Debian, "
                "`sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu)."
            )

    def _walls(self, script: Path) -> list[str]:
        """The command that leaves only what is readable."""
        size = ["--size", str(self.limits.disk)]
        seen = [flag for path in (*self.readable, script) for flag in _bound(path)]
        own_user = [] if os.geteuid() == 0 else ["--unshare-user", "--uid", _NOBODY]
        return [
            _tool("bwrap"), *own_user, "--unshare-net", "--unshare-pid", "--unshare-ipc",
            "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session",
            "--clearenv", *_system(), "--proc", "/proc", "--dev", "/dev",
            *size, "--perms", "1777", "--tmpfs", "/dev/shm",
            *size, "--perms", "1777", "--tmpfs", "/tmp",
            *size, "--perms", "0777", "--tmpfs", _FOLDER,
            *seen, "--chdir", _FOLDER, "--setenv", "HOME", _FOLDER,
            "--setenv", "PATH", f"{Path(sys.executable).parent}:/usr/bin", "--setenv", "LANG",
            "C.UTF-8", "--setenv", "OMP_NUM_THREADS", "1", "--setenv", "PYTHONDONTWRITEBYTECODE",
            "1", "--",
        ]  # fmt: skip

    def _measures(self) -> list[str]:
        """The command that sets the limits, and gives up being root, whom some do not bind."""
        limits = self.limits
        bounds = [
            _tool("prlimit"), f"--nproc={limits.processes}", f"--data={limits.memory}",
            f"--fsize={limits.disk}", "--nofile=1024", "--core=0",
        ]  # fmt: skip
        if os.geteuid() != 0:
            return bounds
        # Processes are counted by user: each sandbox is one of its own, or one that forks would
        # leave none to those beside it.
        user = _FIRST_USER + secrets.randbelow(_USERS)
        drop = [_tool("setpriv"), f"--reuid={user}", f"--regid={user}", "--clear-groups"]
        return [*drop, *bounds]


def of_this_python(limits: Limits | None = None) -> Sandbox:
    """A sandbox that sees this interpreter, its libraries, and the package.

    Args:
        limits: The defaults of `Limits` if None.

    Raises:
        SandboxError: If this system lacks what it is made of, or does not let it be made; the
            message says what to do.
    """
    for name in _TOOLS:
        _tool(name)
    package = Path(next(iter(relubook.__path__))).resolve()
    folders = {Path(sys.prefix), Path(sys.base_prefix), package}
    folders |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")}
    outer = [one for one in folders if not any(up in folders for up in one.parents)]
    seen = [one for one in outer if not one.is_relative_to("/usr")]
    sandbox = Sandbox(limits=limits or Limits(), readable=tuple(sorted(seen)))
    sandbox.check()
    return sandbox


def _bound(path: Path) -> list[str]:
    """What makes a path readable, and its parents passable for a user who owns none of them."""
    above = [one for one in reversed(path.parents) if one != Path("/")]
    parents = [flag for one in above for flag in ("--perms", "0755", "--dir", str(one))]
    return [*parents, "--ro-bind", str(path), str(path)]


def _system() -> list[str]:
    """What any program needs of the system: its libraries, and nothing about this machine."""
    flags = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib64"):
        place = Path("/", name)
        if place.is_symlink():
            flags += ["--symlink", str(place.readlink()), str(place)]
        elif place.is_dir():
            flags += ["--ro-bind", str(place), str(place)]
    # matplotlib asks fontconfig for fonts; where that misses its files it complains on standard
    # error, and nbgrader gives no points for a test that was the first to import matplotlib.
    places = map(Path, ("/etc/ld.so.cache", "/etc/fonts", "/var/cache/fontconfig"))
    return [*flags, *(flag for place in places if place.exists() for flag in _bound(place))]


def _tool(name: str) -> str:
    """The path of a program."""
    found = shutil.which(name)
    if found is None:
        raise SandboxError(
            f"There is no `{name}`. On Debian or Ubuntu: apt-get install bubblewrap util-linux."
        )
    return found


def _at_most(stream: IO[bytes], size: int) -> bytes | None:
    """All of a stream, or None if it is longer."""
    found = stream.read(size + 1)
    return found if len(found) <= size else None


def _reason(errors: str) -> str:
    """Why nothing came back."""
    last = errors.strip().splitlines()[-1:] or ["It was ended, by itself or after too long."]
    return f"No notebook came back. {last[0]}"
