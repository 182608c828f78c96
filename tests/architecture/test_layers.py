"""The package keeps its shape: layers, light import, short files, honest names."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from project_files import ROOT, text_files

SOURCE = [(name, text) for name, text in text_files(".py", ".mjs") if name.startswith("src/")]
EMPTY_NAMES = {"utils", "util", "common", "helpers", "helper", "core", "base", "misc"}


def test_a_file_imports_only_from_layers_above_it() -> None:
    script = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert " kept, 0 broken" in found.stdout


def test_importing_the_package_is_light() -> None:
    heavy = "{'torch', 'numpy', 'matplotlib', 'sklearn', 'pandas', 'anywidget', 'mlxtend'}"
    script = f"import sys, relubook; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", [".py", ".mjs"])
def test_no_file_is_longer_than_three_hundred_lines(suffix: str) -> None:
    lengths = {name: text.count("\n") for name, text in text_files(suffix)}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    parts = {part for name, _ in SOURCE for part in re.split(r"[/.]", name)}
    assert parts & EMPTY_NAMES == set()


def test_no_function_is_longer_than_sixty_lines() -> None:
    import ast

    long = [
        f"{name}: {node.name}"
        for name, text in text_files(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 60
    ]
    assert long == []
