"""A notebook that nobody has read is run: what it can see, what it can take, what comes back."""

import json
import os
import threading

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from relubook.grading.execution import execute
from relubook.grading.limits import Limits
from relubook.grading.sandbox import Sandbox, SandboxError, of_this_python

MEBIBYTE = 2**20
HIDDEN = "shell = get_ipython(); shell.showtraceback = lambda *_, **__: None"


def notebook(*sources):
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def said(cell):
    """What a cell printed, and the names of its errors."""
    return "".join(one.get("text") or one.get("ename") or "" for one in cell.outputs)


def outputs(*sources, **limits):
    run = execute(notebook(*sources), of_this_python(Limits(**limits)))
    return [said(cell) for cell in run.cells]


@pytest.mark.sandbox
def test_it_sees_the_package_an_empty_folder_and_nothing_else(tmp_path):
    (tmp_path / "gradebook.db").write_text("points")
    found = outputs(
        "import relubook, torch; print(torch.relu(torch.tensor([-1., 2.])).tolist())",
        "import os; print([name for name in os.listdir('.') if not name.startswith('.')])",
        f"open({str(tmp_path / 'gradebook.db')!r})",
        "open(relubook.__file__, 'w')",
        "import socket; socket.create_connection(('192.0.2.1', 80), timeout=5)",
        "print(sorted(set(os.environ) & {'RELUBOOK_DATA', 'USER', 'SSH_AUTH_SOCK', 'PYTHONPATH'}))",
        "print(os.listdir(f'/proc/{os.getppid()}/fd'))",
        "print(os.getuid() == 0)",
    )  # fmt: skip
    assert found == [
        "[0.0, 2.0]\n", "[]\n", "FileNotFoundError", "OSError", "OSError", "[]\n",
        "PermissionError", "False\n",
    ]  # fmt: skip


@pytest.mark.sandbox
def test_who_is_the_first_to_import_matplotlib_hears_nothing():
    """nbgrader gives no points for a test that writes to standard error."""
    assert outputs("import matplotlib.font_manager") == [""]


@pytest.mark.sandbox
def test_no_cell_takes_more_than_its_share_and_the_next_one_runs_all_the_same():
    fork = """
import os, time
count = 0
try:
    for _ in range(300):
        if os.fork() == 0:
            time.sleep(60)
            os._exit(0)
        count += 1
except OSError:
    print("no more", count < 100)
"""
    fill = """
with open("/tmp/all", "wb") as file:
    while True:
        file.write(bytes(2**20))
"""
    found = outputs(
        "while True: pass", "print('next')",
        "x = bytearray(6 * 2**30)", "print('next')",
        fill, "print('next')",
        fork, "print('next')",
        cell_s=5.0, processes=100, disk=8 * MEBIBYTE, memory=2_048 * MEBIBYTE,
    )  # fmt: skip
    assert found == [
        "TimeoutKeyboardInterrupt", "next\n", "MemoryError", "next\n", "OSError", "next\n",
        "no more True\n", "next\n",
    ]  # fmt: skip


@pytest.mark.sandbox
def test_one_that_forks_without_end_leaves_the_rest_to_those_beside_it():
    """Processes are counted by user: two sandboxes of one user would share one count."""
    fork = """
import os, time
for _ in range(1_000):
    try:
        if os.fork() == 0:
            time.sleep(1_000)
    except OSError:
        time.sleep(0.1)
"""
    attack = threading.Thread(target=outputs, args=(fork,), kwargs={"cell_s": 12.0})
    attack.start()
    try:
        found = outputs("import time; time.sleep(6)", "import os; print(os.system('true'))")
        assert attack.is_alive()
    finally:
        attack.join()
    assert found == ["", "0\n"]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("sources", "limits", "expected"),
    [
        (["print(1)", "import os; os._exit(0)", "2"], {}, ["1\n", "DeadKernel", "DeadKernel"]),
        (["while True: print('x' * 999)", "2"], {"output": 9_999}, ["TooMuchOutput"] * 2),
        (["import os; os.kill(os.getppid(), 9)", "2"], {}, ["NotRun", "NotRun"]),
        ([HIDDEN, "assert False", "2"], {}, ["", "AssertionError", ""]),
    ],
    ids=["the kernel ends", "too much is printed", "the runner is killed", "errors are hidden"],
)  # fmt: skip
def test_a_cell_that_was_not_run_to_its_end_has_an_error(sources, limits, expected):
    found = outputs(*sources, **limits)
    assert all(one.endswith(last) for one, last in zip(found, expected, strict=True)), found


@pytest.mark.sandbox
def test_all_cells_together_have_a_time():
    found = outputs("print(1)", *["import time; time.sleep(60)"] * 2, total_s=8.0)
    assert found[0] == "1\n"
    assert all(one.endswith("TimeIsUp") for one in found[1:])


@pytest.mark.sandbox
def test_only_outputs_come_back_and_the_notebook_given_is_left_as_it_is():
    given = notebook("get_ipython().run_cell('x = 1'); print('ran')")
    given.cells.insert(0, new_markdown_cell("Words", metadata={"nbgrader": {"grade": False}}))
    before = json.dumps(given)
    run = execute(given, of_this_python())
    assert json.dumps(given) == before
    assert [cell.source for cell in run.cells] == [cell.source for cell in given.cells]
    assert [cell.id for cell in run.cells] == [cell.id for cell in given.cells]
    assert run.cells[0].metadata == given.cells[0].metadata
    assert said(run.cells[1]) == "ran\n"


class Answers(Sandbox):
    """Answers something else than a notebook, as a student who took over the runner would."""

    def run(self, script, *arguments, given):
        del script, arguments, given
        return ANSWERS.pop()


ANSWERS: list[bytes] = []
HOSTILE = {
    "nothing of a notebook": b"[1, 2",
    "another number of cells": b'{"cells": []}',
    "no list of outputs": b'{"cells": [{"cell_type": "code", "outputs": "ok"}]}',
    "no such output": b'{"cells": [{"cell_type": "code", "outputs": [{"output_type": "x"}]}]}',
    "a number": b"7",
    "deep": b"[" * 100_000,
    "not text": b"\xff\xfe\x00",
}


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_what_is_no_output_counts_as_not_run(answer):
    ANSWERS.append(answer)
    run = execute(notebook("1"), Answers(limits=Limits(), readable=()))
    assert said(run.cells[0]) == "NotRun"


def test_what_comes_back_changes_no_source():
    stolen = new_notebook(cells=[new_code_cell("points = 100", outputs=[])])
    ANSWERS.append(json.dumps(stolen).encode())
    run = execute(notebook("assert student() == 3"), Answers(limits=Limits(), readable=()))
    assert run.cells[0].source == "assert student() == 3"


def test_a_system_without_bubblewrap_is_told_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SandboxError, match="apt-get install bubblewrap"):
        of_this_python()


def test_a_machine_that_allows_no_sandbox_is_told_before_anybody_is_graded(monkeypatch, tmp_path):
    refused = tmp_path / "bwrap"
    refused.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create a namespace' >&2\nexit 1\n"
    )
    refused.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxError, match=r"No permissions to create a namespace.*userns"):
        of_this_python()


@pytest.mark.parametrize(
    ("name", "value"),
    [("cell_s", 0.0), ("total_s", float("nan")), ("memory", 0), ("disk", -1), ("output", 0)],
)
def test_limits_are_above_zero(name, value):
    with pytest.raises(ValueError, match=f"`{name}` of Limits must be above 0"):
        Limits(**{name: value})
