"""What every test session shares: the groups that can run here, and no hidden state.

- A group of tests that this machine cannot run (no Chromium, no mirror of real data, no GPU, no
  package index) is deselected by name and named again at the end; nothing is skipped in silence.
  `RELUBOOK_REQUIRE=browser,colab` turns a missing group into an error.
- No test sees `RELUBOOK_DATA` but those marked `mirror`; none may move the global random state.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytest_plugins = ["remembered_checks", "strict_notebooks"]

# A slow machine is no reason to fail, and a property that failed once must fail again.
hypothesis.settings.register_profile("relubook", deadline=None, derandomize=True)
hypothesis.settings.load_profile("relubook")

DATA, MIRROR, REQUIRED, MISSING = (
    "RELUBOOK_DATA",
    "RELUBOOK_TEST_MIRROR",
    "RELUBOOK_REQUIRE",
    "RELUBOOK_TEST_MISSING",
)


def _no_browser() -> str | None:
    from project_files import load

    found = load("tools/chromium.py").find()
    return None if found else "no Chromium; install it or set RELUBOOK_CHROMIUM"


def _no_mirror() -> str | None:
    folder = os.environ.get(MIRROR)
    return None if folder and Path(folder).is_dir() else f"{DATA} names no folder of real data"


def _no_gpu() -> str | None:
    if shutil.which("nvidia-smi"):
        import torch

        if torch.cuda.is_available():
            return None
    return "no CUDA device"


def _no_index() -> str | None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    asked = [*command, "--ignore-installed", "--retries=0", "--timeout=10", "anywidget==0.9.21"]
    found = subprocess.run(asked, capture_output=True, check=False).returncode == 0
    return None if found else "the package index cannot be reached"


def _no_sandbox() -> str | None:
    from relubook.grading.sandbox import SandboxError, of_this_python

    try:
        of_this_python()
    except SandboxError as error:
        return str(error)
    return None


def _no_limit() -> str | None:
    return None if sys.platform == "linux" else "memory is limited the Linux way"


GROUPS: dict[str, Callable[[], str | None]] = {
    "browser": _no_browser,
    "walk": _no_browser,
    "mirror": _no_mirror,
    "gpu": _no_gpu,
    "colab": _no_index,
    "sandbox": _no_sandbox,
    "linux": _no_limit,
}


def missing_groups() -> dict[str, str]:
    """Returns the groups that cannot run here with the reason; worked out once a session."""
    if MISSING not in os.environ:
        found = {name: reason for name, ask in GROUPS.items() if (reason := ask())}
        os.environ[MISSING] = "\n".join(f"{name}={reason}" for name, reason in found.items())
    return dict(line.split("=", 1) for line in os.environ[MISSING].splitlines())


def pytest_configure(config: pytest.Config) -> None:
    """Takes the data folder out of the environment and refuses to lack a required group."""
    if folder := os.environ.pop(DATA, None):
        os.environ[MIRROR] = folder
    required = set(filter(None, os.environ.get(REQUIRED, "").split(",")))
    if lacking := required & set(missing_groups()):
        reasons = "; ".join(f"{name}: {missing_groups()[name]}" for name in sorted(lacking))
        raise pytest.UsageError(f"{REQUIRED} asks for tests that cannot run here. {reasons}.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects the groups that cannot run here; what takes longest starts first."""
    missing = set(missing_groups())
    left_out = [item for item in items if missing & {mark.name for mark in item.iter_markers()}]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]
    items.sort(key=lambda item: not _long(item))


def _long(item: pytest.Item) -> bool:
    """Whether a test is one of the few that would keep one worker busy at the end."""
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & {"colab", "walk"}) or item.path.suffix == ".ipynb"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how long timed tests took and names what was left out, just before pytest's own line."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in getattr(report, "user_properties", []):
            if name == "timing" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid}: {text}")
    if missing_groups():
        terminalreporter.section("left out on this machine")
    for name, reason in missing_groups().items():
        terminalreporter.write_line(f"tests marked `{name}`: {reason}")


@pytest.fixture(autouse=True)
def _real_data_only_where_marked(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if request.node.get_closest_marker("mirror"):
        monkeypatch.setenv(DATA, os.environ[MIRROR])
    else:
        monkeypatch.delenv(DATA, raising=False)


def _without_arrays(state: object) -> object:
    """The same with the bytes of its arrays, which take a hundredth of the time of their digits."""
    if isinstance(state, dict):
        return {name: _without_arrays(part) for name, part in state.items()}
    digits = getattr(state, "tobytes", None)
    return digits() if digits else state


def _global_state() -> dict[str, object]:
    # Not Python's own generator: the shape checks draw from it which item of a list they look at.
    state: dict[str, object] = {}
    if numpy := sys.modules.get("numpy"):
        state["numpy.random"] = _without_arrays(numpy.random.get_state(legacy=False))
    if torch := sys.modules.get("torch"):
        state["torch's generator"] = torch.get_rng_state().numpy().tobytes()
        state["torch's default dtype"] = torch.get_default_dtype()
    return state


@pytest.fixture(autouse=True)
def _no_global_state_is_moved() -> Iterator[None]:
    before = _global_state()
    yield
    after = _global_state()
    moved = [name for name in before if before[name] != after[name]]
    assert not moved, f"The test moved global state: {', '.join(moved)}. Pass a seed or fork it."
