"""Prints the built book as one PDF, by the system's Chromium.

Usage, after `make book`:

    python tools/make_pdf.py                          # _build/relubook.pdf
    python tools/make_pdf.py FOLDER FILE [PAGE ...]   # pages of another build, by name

Pages are shown under the address of the published site, so that links in the PDF lead there.
"""

from __future__ import annotations

import io
import mimetypes
import sys
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import chromium
import yaml
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pypdf import PdfReader, PdfWriter

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from relubook_book.site import read as read_site  # noqa: E402

BOOK = "Deep Sparse Rectifier Neural Networks, alive"
SCALE = 0.8  # of the screen's sizes on paper
WIDTH = 822  # CSS pixels of the text on A4 at that scale: widgets draw themselves as wide
MARGIN = {"top": "16mm", "bottom": "18mm", "left": "18mm", "right": "18mm"}
FOOT = (
    '<div style="width: 100%; padding: 0 18mm; font: 8px sans-serif; color: #555; display: flex; '
    'justify-content: space-between"><span>{title}</span>'
    '<span><span class="pageNumber"></span> of <span class="totalPages"></span></span></div>'
)
# Everything that waits for a reader comes at once, and no verdict is folded: paper has no click.
READY = """async () => {
  await globalThis.relubook?.everything();
  await globalThis.MathJax?.startup?.promise;
  for (const card of document.querySelectorAll(".claim-card details")) card.open = true;
  for (const picture of document.images) picture.loading = "eager";
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => null)));
  await document.fonts.ready;
}"""


def pages() -> list[str]:
    """Returns the names of all pages, in the order of the table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


def _from_disk(route: Route, folder: Path, site: str) -> None:
    """Answers a request for a file of the site with that of the built book, any other with none."""
    url = route.request.url
    path = folder / unquote(urlsplit(url.removeprefix(site)).path)
    if not url.startswith(site) or not path.is_file():
        route.abort()
        return
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    route.fulfill(body=path.read_bytes(), content_type=kind)


def _printed(tab: Page, address: str) -> tuple[str, bytes]:
    """Returns the title of a page, and the page as a PDF."""
    tab.goto(address, wait_until="load")
    tab.evaluate(READY)
    title = tab.locator("article h1, main h1").first.inner_text().rstrip("#").strip()
    content = tab.pdf(
        format="A4", scale=SCALE, margin=MARGIN, print_background=True, display_header_footer=True,
        header_template="<span></span>", footer_template=FOOT.format(title=escape(title)),
    )  # fmt: skip
    return title, content


def make(folder: Path, file: Path, names: list[str], *, browser: Browser) -> None:
    """Prints the pages into one file, with an outline.

    Args:
        folder: Of the built book.
        file: The PDF.
        names: Pages, without an ending.
        browser: A running Chromium.
    """
    site, writer = read_site().site, PdfWriter()
    context = browser.new_context(
        viewport={"width": WIDTH, "height": 1100}, color_scheme="light", reduced_motion="reduce"
    )
    context.route("**/*", lambda route: _from_disk(route, folder, site))
    tab = context.new_page()
    for number, name in enumerate(names, start=1):
        print(f"{number} of {len(names)}: {name}", flush=True)
        title, content = _printed(tab, f"{site}{name}.html")
        writer.append(PdfReader(io.BytesIO(content)), outline_item=title, import_outline=False)
    context.close()
    writer.add_metadata({"/Title": BOOK, "/Author": "The relubook authors"})
    writer.compress_identical_objects()
    part = file.with_suffix(".part")
    with part.open("wb") as out:
        writer.write(out)
    part.replace(file)


def main() -> None:
    """Prints all pages, or those that are named."""
    given = sys.argv[1:]
    folder = Path(given[0]) if given else ROOT / "_build" / "html"
    file = Path(given[1]) if given[1:] else ROOT / "_build" / "relubook.pdf"
    executable = chromium.find()
    if not executable or not (folder / "index.html").is_file():
        sys.exit("This needs a Chromium (RELUBOOK_CHROMIUM) and a built book (make book).")
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        make(folder, file, given[2:] or pages(), browser=window)
        window.close()
    print(f"Stored {file}, {file.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
