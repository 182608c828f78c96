"""Which Chromium tests, benchmarks and tools drive.

Debian's `chromium-headless-shell` comes first: it draws the same pages as Chromium in a third of
the processor's time, since it has no windows of its own.
"""

from __future__ import annotations

import os
import shutil

NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable", "chrome",
)  # fmt: skip


def find() -> str | None:
    """The one that `RELUBOOK_CHROMIUM` names, else the first known name on the path, or None."""
    named = os.environ.get("RELUBOOK_CHROMIUM")
    return named or next((found for name in NAMES if (found := shutil.which(name))), None)


def need() -> str:
    """The same; without one, an OSError that says what to do."""
    if found := find():
        return found
    raise OSError(
        "No Chromium was found. Install one (on Debian: apt-get install chromium-headless-shell) "
        "or let RELUBOOK_CHROMIUM name it."
    )
