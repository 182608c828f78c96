"""One self-contained ES module, and one style sheet, out of the small files in this folder.

The `.mjs` files import each other by name, so that node can test each alone. A browser gets one
module: every import of a neighbor is replaced by that neighbor's text, once, in the order in
which they are first needed.
"""

import re
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
NEIGHBOR = re.compile(r'^import \{[^}]*\} from "\./([a-z0-9_]+\.mjs)";\n', re.MULTILINE)
ABOUT = re.compile(r"^[ \t]*/\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
NAMED = re.compile(r"^(?:export )?(?:async )?(?:const|let|function\*?|class) (\w+)", re.MULTILINE)
DEFAULT = re.compile(r"^export default (\{[^}]*\});\n?\Z", re.MULTILINE)


def module(name: str) -> str:
    """Return the file `name` with the neighbors it imports in front of it, as one ES module.

    Args:
        name: File name in this folder, for example `quiz.mjs`.

    Returns:
        Text of an ES module that imports nothing. JSDoc comments stay behind in the files.

    Raises:
        ValueError: If it would close the script element it is to stand in, or two files give one
            name to different things: in one module the script would not run at all.
    """
    text = ABOUT.sub("", "".join(_parts(name, seen=set())))
    twice = [word for word, count in Counter(NAMED.findall(text)).items() if count > 1]
    if twice:
        raise ValueError(
            f"The files behind {name} must give each name once. Rename one {', '.join(twice)}."
        )
    if "</script" in text.lower():
        raise ValueError(f"The module {name} must not contain '</script'. It stands in a page.")
    return text


def classic(text: str) -> str:
    """Return the ES module `text` as an expression for a classic script: its default export.

    A `type=module` script does not load in a page opened from the disk; a classic one does.

    Args:
        text: A module as `module` returns it, its last statement `export default { ... };`.

    Raises:
        ValueError: If the default export is not the last statement, or another import remains.
    """
    body, found = DEFAULT.subn(r"return \1;", text)
    body = re.sub(r"^export (?=(?:async )?function|const)", "", body, flags=re.MULTILINE)
    left = LEFT_OVER.search(body)
    if found != 1 or left:
        raise ValueError(
            "The module must end with `export default {...};` and import only its neighbors. "
            f"Got {left.group() if left else 'no such end'}."
        )
    return f'(() => {{\n"use strict";\n{body}\n}})()'


def style(*names: str) -> str:
    """Return the named style sheets of this folder as one text."""
    text = "".join((HERE / name).read_text(encoding="utf-8") for name in names)
    if "</" in text:
        raise ValueError(f"The style sheets {names} must not contain '</'. They stand in a page.")
    return text


def _parts(name: str, *, seen: set[str]) -> list[str]:
    if name in seen:
        return []
    seen.add(name)
    text = (HERE / name).read_text(encoding="utf-8")
    before = [part for found in NEIGHBOR.findall(text) for part in _parts(found, seen=seen)]
    return [*before, NEIGHBOR.sub("", text)]
