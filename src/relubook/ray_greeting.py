"""The first lines of every task: is the code on this node the code that sent the task?

A node may have another relubook, or none. So these functions are sent to it as they are, by value,
and import nothing of relubook before they know which one is there.
"""

from collections.abc import Callable
from typing import Any


def greeting() -> tuple[Callable[[], str], Callable[..., Any]]:
    """What tells one installation from another, and a task that begins by comparing it."""

    def installed() -> str:
        """The versions of relubook and torch here, and a digest of relubook's source."""
        import hashlib
        from pathlib import Path

        import torch

        import relubook

        root, sha = Path(relubook.__file__).parent, hashlib.sha256()
        for path in sorted(root.rglob("*.py")):
            sha.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
        code = sha.hexdigest()[:12]
        return f"relubook {relubook.__version__} (code {code}), torch {torch.__version__}"

    def task(expected: str, function: str, shared: list[Any], *rest: Any) -> tuple[str, Any]:
        """Do a part, or say why this node must not."""
        import socket

        import ray

        try:
            here = installed()
        except ImportError as missing:
            return "refused", f"The node {socket.gethostname()} cannot: {missing}."
        if here != expected:
            name = f"{socket.gethostname()} ({ray.util.get_node_ip_address()})"
            return "refused", f"The node {name} has {here}. The command was given by {expected}."
        from relubook.ray_worker import run_part

        return "done", run_part(function, ray.get(shared[0]), *rest)

    return installed, task
