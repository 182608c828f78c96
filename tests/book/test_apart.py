"""Widgets taken out of the pages: each style, module and set of numbers becomes one file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from built_book import page_names
from relubook_book import apart, pictures

from relubook.widgets import Choice, Question, Quiz

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CHAPTERS = [name for name in page_names() if name.startswith("chapters/")]
HOSTILE = "</script><script>document.title='run'</script>"


def quiz(text: str) -> Quiz:
    choices = (Choice(text="yes", right=True, feedback="so"), Choice(text="no", feedback="why"))
    question = Question(text=text, choices=choices)
    return Quiz(name="trial", questions=(question,))


class Files(dict[str, str]):
    """What was written, by its name."""

    def writer(self) -> Callable[[str, str], str]:
        def write(text: str, ending: str) -> str:
            name = f"{len(self)}.{ending}" if text not in self.values() else self.name(text)
            self[name] = text
            return name

        return write

    def name(self, text: str) -> str:
        return next(name for name, one in self.items() if one == text)


def test_two_widgets_share_one_style_and_one_module_and_keep_their_own_numbers() -> None:
    files = Files()
    page = f"<p>before</p>{quiz('first').html()}<p>between</p>{quiz('second').html()}"
    found = apart.apart(page, files.writer())
    assert sorted(name.split(".")[1] for name in files) == ["css", "js", "js", "js"]
    assert found.count('rel="stylesheet"') == 1
    assert found.count('data-module="') == 2
    assert len(set(re.findall(r'data-module="([^"]+)"', found))) == 1
    assert len(set(re.findall(r'data-numbers="([^"]+)"', found))) == 2
    assert "<script" not in found
    assert "<style" not in found
    assert "<p>before</p>" in found
    assert "<p>between</p>" in found


def test_the_numbers_of_a_widget_are_those_that_stood_in_the_page() -> None:
    files, shown = Files(), quiz(HOSTILE)
    found = apart.apart(shown.html(), files.writer())
    text = files[re.search(r'data-numbers="([^"]+)"', found)[1]]
    kept = json.loads(text.removeprefix("relubook.keep(").removesuffix(");"))
    assert kept["data"] == shown.data
    assert kept["life"] == "page"
    assert "</script" not in text


def test_a_page_without_widgets_is_left_as_it_is() -> None:
    page = '<div class="relubooks"><style>a {}</style></div><script>x()</script>'
    assert apart.apart(page, Files().writer()) == page


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_built_chapter_keeps_a_widget_in_itself(book: Path, name: str) -> None:
    page = (book / f"{name}.html").read_text(encoding="utf-8")
    assert "application/json" not in page
    named = re.findall(r'data-(?:module|numbers)="([^"]+)"', page)
    assert len(named) >= 4
    for file in named:
        assert (book / "_static/widgets" / file).read_text("utf-8").startswith("relubook.keep(")


def test_the_size_of_a_picture_is_read_from_its_head(book: Path) -> None:
    assert pictures.size(book / "_static/l1-explorer.png")[0] > 300


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a" + bytes(40)])
def test_what_is_no_picture_has_no_size(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"must be that of a PNG file\. Got x\.png"):
        pictures.size(path)


@pytest.mark.parametrize("name", CHAPTERS)
def test_pictures_below_the_first_wait_and_keep_their_place(book: Path, name: str) -> None:
    page = (book / f"{name}.html").read_text(encoding="utf-8").split("<article", 1)[1]
    marks = re.findall(r'<img [^>]*src="\.\./_images/[^>]*>', page)
    assert 'loading="lazy"' not in marks[0]
    assert all('loading="lazy"' in mark for mark in marks[1:])
    assert all("width=" in mark for mark in marks)
