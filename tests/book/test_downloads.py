"""What the site carries: the wheel that the notebooks ask for, and the notebooks."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import nbformat
import pytest
from project_files import CHAPTERS, ROOT
from relubook_book import downloads, site
from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from pathlib import Path


def test_the_first_cell_of_each_notebook_asks_for_the_wheel_that_the_site_carries(
    book: Path,
) -> None:
    address = site.read().wheel
    assert address.startswith(site.read().site)
    assert (book / address.removeprefix(site.read().site)).is_file()
    for path in [*CHAPTERS, *ROOT.glob("assignments/*/source.ipynb")]:
        cells = nbformat.read(path, as_version=4).cells
        first = next(c for c in cells if "set-up" in c.metadata.get("tags", []))
        assert f'"relubook @ {address}"' in first.source, path


def test_the_wheel_holds_the_package_as_it_is_here(book: Path) -> None:
    source = ROOT / "src"
    with zipfile.ZipFile(book / site.WHEEL) as wheel:
        held = {name for name in wheel.namelist() if name.startswith("relubook/")}
        for path in (source / "relubook").rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(source).as_posix()
                assert wheel.read(name) == path.read_bytes()
                held.remove(name)
    assert held == set()


def test_the_archive_holds_every_chapter_without_outputs(book: Path) -> None:
    with zipfile.ZipFile(book / downloads.NOTEBOOKS) as zipped:
        names = {path.name: f"relubook-notebooks/{path.name}" for path in CHAPTERS}
        assert sorted(zipped.namelist()) == sorted(names.values())
        for path in CHAPTERS:
            packed = nbformat.reads(zipped.read(names[path.name]).decode(), as_version=4)
            stored = nbformat.read(path, as_version=4)
            nbformat.validate(packed)
            assert [cell.source for cell in packed.cells] == [cell.source for cell in stored.cells]
            assert not any(cell.get("outputs") for cell in packed.cells)


def test_the_same_notebooks_give_the_same_archive(tmp_path: Path) -> None:
    first, second = (downloads.pack(CHAPTERS, tmp_path / name) for name in ("a.zip", "b.zip"))
    assert first.read_bytes() == second.read_bytes()
    assert zipfile.is_zipfile(io.BytesIO(first.read_bytes()))


def test_a_wheel_that_cannot_be_built_says_why(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "pyproject.toml").write_text("[project", encoding="utf-8")
    monkeypatch.setattr(downloads, "ROOT", tmp_path)
    with pytest.raises(ExtensionError, match=rf"The wheel {site.WHEEL} was not built\. ERROR"):
        downloads.build_wheel(tmp_path)
