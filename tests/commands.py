"""Programs of Python, each in a process of its own that has imported nbgrader when it begins.

Starting nbgrader takes two seconds, nearly all of them to import it. A process that has done so
once is copied for every command; arguments, folder, environment and outputs are those of a shell.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

SERVER = multiprocessing.get_context("forkserver")
# Python has one such process for all contexts: what downloads are tested with stands here, too.
SERVER.set_forkserver_preload(
    [
        "nbgrader.apps", "relubook.cli", "relubook.grading.course", "relubook.datasets",
        "requests", "rich.progress", "pooch",
    ]
)  # fmt: skip


def run(
    module: str, *arguments: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """What `python -m MODULE ARGUMENTS` says in a folder, and how it ends.

    Args:
        module: The name of the program.
        arguments: To it.
        folder: Where it works.
        environment: All that it finds in its environment.
    """
    with tempfile.TemporaryDirectory(prefix="relubook-command-") as place:
        outputs = Path(place, "out"), Path(place, "err")
        process = SERVER.Process(
            target=_become, args=(module, arguments, str(folder), environment, outputs)
        )
        process.start()
        process.join()
        said, complained = (one.read_text(encoding="utf-8") for one in outputs)
    assert process.exitcode is not None
    return subprocess.CompletedProcess(arguments, process.exitcode, said, complained)


def _become(
    module: str,
    arguments: tuple[str, ...],
    folder: str,
    environment: dict[str, str],
    outputs: tuple[Path, Path],
) -> None:
    for stream, path in enumerate(outputs, 1):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
