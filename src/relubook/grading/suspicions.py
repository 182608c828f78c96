"""What in a submission an instructor should read: code that reaches for what no answer needs.

A hint and no proof. Somebody who wants to hide can; somebody who uses one of these may be honest.
"""

import ast

from nbformat import NotebookNode

_NAMES = {
    "get_ipython": "changes how cells are run",
    "exec": "runs text as code",
    "eval": "runs text as code",
    "__import__": "imports by name",
    "globals": "looks at all names",
}
_MODULES = {
    "builtins": "changes Python itself",
    "ctypes": "reaches into memory",
    "gc": "looks at all objects",
    "inspect": "looks at code that runs",
    "os": "uses the operating system",
    "socket": "uses the network",
    "sqlite3": "uses a database",
    "subprocess": "starts programs",
    "sys": "looks at the interpreter",
    "urllib": "uses the network",
}
_CHECKS = "relubook.checks"


def worth_reading(notebook: NotebookNode) -> tuple[str, ...]:
    """What a student's cells reach for, in words; empty for nearly everybody.

    Args:
        notebook: As handed in; cells that are locked are not the student's.
    """
    found: set[str] = set()
    for cell in notebook.cells:
        locked = cell.metadata.get("nbgrader", {}).get("locked", False)
        if cell.cell_type == "code" and not locked and not _set_up(cell):
            found |= _of(cell.source)
    return tuple(sorted(found))


def _set_up(cell: NotebookNode) -> bool:
    return "set-up" in cell.metadata.get("tags", [])


def _of(source: str) -> set[str]:
    """What one cell reaches for; what is no Python, such as a magic line, counts for nothing."""
    lines = [line for line in source.splitlines() if not line.lstrip().startswith(("%", "!"))]
    try:
        tree = ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in _NAMES:
            found.add(f"{node.id} ({_NAMES[node.id]})")
        for module in _imported(node):
            top = module.split(".")[0]
            if top in _MODULES:
                found.add(f"{top} ({_MODULES[top]})")
        if _patches_checks(node):
            found.add("relubook.checks (changes the checks)")
    return found


def _imported(node: ast.AST) -> list[str]:
    """The modules that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def _patches_checks(node: ast.AST) -> bool:
    """Whether the checks are imported whole, as only somebody does who wants to change them."""
    if isinstance(node, ast.Import):
        return any(alias.name.startswith(_CHECKS) for alias in node.names)
    if isinstance(node, ast.ImportFrom) and node.module == "relubook":
        return any(alias.name == "checks" for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module == _CHECKS
