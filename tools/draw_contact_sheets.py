"""Draw the contact sheets of the data page: those of the sets named, or of all that are at hand.

    python tools/draw_contact_sheets.py nistp norb

A set that is neither embedded nor in a mirror or the cache keeps the sheet it has.
"""

import json
import sys
from pathlib import Path

from relubook import contact_sheets, datasets, figures

FOLDER = Path(__file__).parents[1] / "book" / "_static" / "data"
WORDS = FOLDER / "sheets.json"


def main(names: list[str]) -> None:
    """Draw, and store what each sheet shows beside it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    sheets = json.loads(WORDS.read_text("utf-8")) if WORDS.exists() else {}
    for name in names or datasets.NAMES:
        try:
            dataset = _at_hand(name)
        except datasets.DatasetUnavailable:
            print(f"{name}: not at hand")
            continue
        title = datasets.describe(name).title
        image = figures.png(contact_sheets.draw(dataset, title=title), photographs=True)
        (FOLDER / f"{name}.png").write_bytes(image)
        sheets[name] = {"alt": contact_sheets.describe(dataset), "sha256": dataset.sha256}
        print(f"{name}: {len(image) / 1000:.0f} kB")
    written = json.dumps(sheets, indent=1, sort_keys=True, ensure_ascii=False)
    WORDS.write_text(f"{written}\n", "utf-8")


def _at_hand(name: str) -> datasets.Dataset:
    """The data set, without a download."""
    if datasets.describe(name).where == "embedded":
        return datasets.load(name)
    try:
        return datasets.load(name, source="mirror")
    except datasets.DatasetUnavailable:
        return datasets.load(name, source="cache")


if __name__ == "__main__":
    main(sys.argv[1:])
