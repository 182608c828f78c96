"""The policy of each page: the book's own scripts and files, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from built_book import page_names
from relubook_book import policy

if TYPE_CHECKING:
    from pathlib import Path

PAGES = [*page_names(), "search", "genindex", "index"]


class Marks(HTMLParser):
    """Every attribute of a page's elements, and what stands before the policy."""

    def __init__(self) -> None:
        super().__init__()
        self.policies: list[str] = []
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.before: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attributes}
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(values["content"])
        if not self.policies:
            self.before.append(tag)
        self.handlers += [name for name in values if name.startswith("on")]
        self.addresses += [values[name] for name in ("href", "src", "action") if name in values]


def marks(text: str) -> Marks:
    found = Marks()
    found.feed(text)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_one_policy_before_everything_it_binds(book: Path, name: str) -> None:
    found = marks((book / f"{name}.html").read_text(encoding="utf-8"))
    assert len(found.policies) == 1
    assert set(found.before) <= {"html", "head", "meta"}
    parts = dict(part.split(" ", 1) for part in found.policies[0].split("; "))
    assert parts["default-src"] == "'none'"
    scripts = parts["script-src"].split()
    assert scripts[0] == "'self'"
    assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", one) for one in scripts[1:])
    assert not {"connect-src", "frame-src", "object-src", "worker-src"} & set(parts)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_has_a_handler_or_an_address_that_is_a_script(book: Path, name: str) -> None:
    found = marks((book / f"{name}.html").read_text(encoding="utf-8"))
    assert found.handlers == []
    assert [one for one in found.addresses if one.lower().startswith("javascript:")] == []


def test_no_template_of_the_theme_is_published(book: Path) -> None:
    assert list((book / "_static").rglob("*.html")) == []


def test_a_script_is_allowed_by_the_hash_of_exactly_its_text() -> None:
    text = "\n  let x = '<b>';\n"
    page = f"<head><meta charset='utf-8'></head><script>{text}</script>"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert policy.hashes(page) == [f"'sha256-{digest}'"]
    assert f"script-src 'self' 'sha256-{digest}'" in unescape(policy.guarded(page))


def test_files_and_data_need_no_hash_and_a_script_that_stands_twice_one() -> None:
    page = (
        '<script src="a.js"></script><script type="application/json">{}</script>'
        "<script> </script><script>x()</script><script>x()</script>"
    )
    assert len(policy.hashes(page)) == 1
