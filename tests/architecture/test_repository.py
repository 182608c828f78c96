"""The repository names no machine, no registry and its own address in one place only."""

from __future__ import annotations

import json
import re
import tomllib

import pytest
from project_files import ROOT, text_files

SITE = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))
# Put together here, so that this file does not name what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian"))
]
MACHINE_PATHS = [
    f"/{folder}/" for folder in ("root", "opt", "work", "home/(?!me/)[a-z]+", "Users/[a-z]+")
]


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_package_registry(host: str) -> None:
    assert [name for name, text in text_files() if host in text] == []


@pytest.mark.parametrize("folder", MACHINE_PATHS)
def test_no_file_names_a_folder_of_one_machine(folder: str) -> None:
    path = re.compile(rf"(?<![\w.~*$)}}/-]){folder}")
    assert [name for name, text in text_files() if path.search(text)] == []


def test_the_address_of_the_book_stands_in_one_place() -> None:
    addresses = [SITE["repository"].removeprefix("https://"), SITE["site"].removeprefix("https://")]
    holders = {
        name
        for name, text in text_files()
        if any(address.rstrip("/") in _without_set_up(name, text) for address in addresses)
    }
    assert holders == {"book/site.toml"}


def _without_set_up(name: str, text: str) -> str:
    """A chapter without its set-up cell, which the notebook tool writes from the one place."""
    if not name.endswith(".ipynb"):
        return text
    cells = json.loads(text)["cells"]
    return json.dumps([c for c in cells if "set-up" not in c["metadata"].get("tags", [])])


def test_every_requirement_is_pinned_and_in_the_freeze() -> None:
    pins, more, cluster, freeze = (
        {line.strip().lower().replace("_", "-") for line in text.splitlines() if "==" in line}
        for text in (
            (ROOT / name).read_text()
            for name in (
                "requirements.txt",
                "requirements-assignments.txt",
                "requirements-ray.txt",
                "constraints.txt",
            )
        )
    )
    assert more
    assert cluster
    pins |= more | cluster
    assert pins
    assert pins - freeze == set()
    assert [line for line in freeze if "+" in line or "://" in line] == []


def test_every_requirement_says_what_it_is_for() -> None:
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    lines = [
        line
        for name in ("requirements.txt", "requirements-assignments.txt", "requirements-ray.txt")
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines()
    ]
    names = [line.partition("==")[0] for line in lines if "==" in line]
    assert [name for name in names if f"`{name}`" not in contributing] == []


def test_the_readme_names_files_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = readme.split("```text")[1].split("```")[0]
    named = [line.split()[0] for line in tree.strip().splitlines()]
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
