"""Runs in the sandbox: a notebook comes from standard input, and goes back with its outputs.

A script, not a module of the package: it is started by the path of this file, with the limits as
its arguments, and sees nothing but the interpreter and its libraries.
"""

import asyncio
import ctypes
import json
import os
import queue
import signal
import sys
import time
from typing import Any

# nbformat reaches a grammar of web addresses that takes most of a second to compile, and asks it
# nothing; where there is none, it does without.
sys.modules["rfc3987_syntax"] = None  # pyright: ignore[reportArgumentType]
# ruff: noqa: E402

import nbformat
from jupyter_client.utils import ensure_async, run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets import Int

_PR_SET_DUMPABLE = 4
_AFTER_AN_INTERRUPT = 10.0  # in which the kernel must be ready again [s]
# Every cell imports the checks anew, from files that it cannot write: patched ones are forgotten.
_ANEW = (
    "[__import__('sys').modules.pop(_one) for _one in list(__import__('sys').modules) "
    "if _one.startswith('relubook.checks')] and None"
)


class _TimeIsUpError(Exception):
    """Of all cells together."""


class _Client(NotebookClient):
    """Stops a cell that puts out more than is left."""

    left = Int()

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> Any:
        if msg["msg_type"] in {"stream", "display_data", "execute_result", "error"}:
            size = len(json.dumps(msg["content"], default=str))
            before, self.left = self.left, self.left - size
            if self.left < 0:
                if before >= 0:
                    cell.outputs.append(problem("TooMuchOutput", "The cells put out too much."))
                    self._interrupting = asyncio.ensure_future(_interrupted(self))
                return None
        return super().process_message(msg, cell, cell_index)


async def _interrupted(client: NotebookClient) -> None:
    assert client.km is not None
    await ensure_async(client.km.interrupt_kernel())


def problem(name: str, message: str) -> NotebookNode:
    """An output that says why a cell was not, or not wholly, run."""
    return nbformat.v4.new_output("error", ename=name, evalue=message, traceback=[message])


def run(notebook: NotebookNode, *, cell_s: float, total_s: float, output: int) -> None:
    """Run the cells in place; each that was not run to its end has an output that says so."""
    client = _Client(
        notebook, timeout=cell_s, kernel_name="python3", allow_errors=True, left=output,
        store_widget_state=False, record_timing=False, startup_timeout=60,
        on_cell_executed=_with_its_error,
    )  # fmt: skip
    code = [(i, cell) for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for _, cell in code:
        cell.outputs, cell.execution_count = [], None
    done = 0
    try:
        _alarm(total_s)
        with client.setup_kernel(stdout=_nowhere(), stderr=_nowhere()):
            for index, cell in code:
                _run_cell(client, cell, index, cell_s)
                done += 1
    except DeadKernelError:
        why = problem("DeadKernel", "The kernel ended in this cell or before.")
    except _TimeIsUpError:
        why = problem("TimeIsUp", f"All cells together took longer than {total_s:g} s.")
    else:
        return
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    for _, cell in code[done:]:
        cell.outputs.append(why)


def _with_its_error(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
    """An error counts also where its traceback is not shown."""
    del cell_index
    content = execute_reply["content"]
    shown = any(one.output_type == "error" for one in cell.outputs)
    if content["status"] == "error" and not shown:
        cell.outputs.append(problem(str(content["ename"]), str(content["evalue"])))


def _run_cell(client: _Client, cell: NotebookNode, index: int, cell_s: float) -> None:
    """Run one cell; after too long it is interrupted, and the next are run all the same."""
    if client.left < 0:
        cell.outputs = [problem("TooMuchOutput", "The cells before put out too much.")]
        return
    assert client.kc is not None
    client.kc.execute(_ANEW, silent=True, store_history=False)
    try:
        client.execute_cell(cell, index)
    except CellTimeoutError:
        cell.outputs.append(problem("Timeout", f"The cell took longer than {cell_s:g} s."))
        run_sync(_interrupted)(client)
        if not _ready(client):
            raise DeadKernelError("The kernel cannot be interrupted.") from None


def _ready(client: _Client) -> bool:
    """Whether the kernel answers soon."""
    assert client.kc is not None
    asked, until = client.kc.kernel_info(), time.monotonic() + _AFTER_AN_INTERRUPT
    while time.monotonic() < until:
        try:
            reply = run_sync(_answered)(client)
        except queue.Empty:
            continue
        if reply["parent_header"].get("msg_id") == asked:
            return True
    return False


async def _answered(client: NotebookClient) -> dict[str, Any]:
    """The next reply of the kernel; `queue.Empty` after a second."""
    assert client.kc is not None
    return await ensure_async(client.kc.shell_channel.get_msg(timeout=1))


def _alarm(seconds: float) -> None:
    """Raise `_TimeIsUpError` in this process after so long."""

    def ring(number: int, frame: object) -> None:
        raise _TimeIsUpError

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _nowhere() -> int:
    return os.open(os.devnull, os.O_RDWR)


def main() -> None:
    """Standard output is kept for the notebook alone, and from the code that runs."""
    back = os.dup(1)
    os.dup2(_nowhere(), 1)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # no other process may look in here
    notebook = nbformat.reads(sys.stdin.read(), as_version=4)
    cell_s, total_s, output = sys.argv[1:]
    run(notebook, cell_s=float(cell_s), total_s=float(total_s), output=int(output))
    with os.fdopen(back, "w", encoding="utf-8") as stream:
        stream.write(nbformat.writes(notebook))
        stream.flush()
    os._exit(0)  # whatever still runs ends with the sandbox


if __name__ == "__main__":
    main()
