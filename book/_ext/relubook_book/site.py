"""Where the book lives: `book/site.toml`, or the environment of the publishing workflow."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import relubook

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

WHEEL = f"relubook-{relubook.__version__}-py3-none-any.whl"
SITE_FILE = Path(__file__).parents[2] / "site.toml"


@dataclass(frozen=True, kw_only=True)
class Site:
    """The addresses of this edition.

    Args:
        repository: https address of the source repository, without a trailing slash.
        branch: branch that the launch buttons open.
        student_branch: branch that holds nothing but the students' versions of the assignments.
        site: https address at which the built book is served, with a trailing slash.
    """

    repository: str
    branch: str
    student_branch: str
    site: str

    def __post_init__(self) -> None:
        """Refuses what is not a web address."""
        for name in ("repository", "site"):
            if urlsplit(getattr(self, name)).scheme != "https":
                raise ValueError(
                    f"The `{name}` of site.toml must be an https address. "
                    f"Got {getattr(self, name)!r}."
                )

    @property
    def wheel(self) -> str:
        """The address of the package that the book was built with, which pip can install from."""
        return f"{self.site}{WHEEL}"

    def in_colab(self, assignment: str) -> str:
        """The address that opens the student's version of an assignment in Colab."""
        repository = self.repository.removeprefix("https://github.com/")
        place = f"{repository}/blob/{self.student_branch}/{assignment}.ipynb"
        return f"https://colab.research.google.com/github/{place}"


def read(path: Path = SITE_FILE) -> Site:
    """Returns the addresses in `path`, each overridden by `RELUBOOK_<NAME>` where that is set."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    values |= {
        name: os.environ[f"RELUBOOK_{name.upper()}"]
        for name in values
        if os.environ.get(f"RELUBOOK_{name.upper()}")
    }
    return Site(
        repository=values["repository"].rstrip("/"),
        branch=values["branch"],
        student_branch=values["student_branch"],
        site=values["site"].rstrip("/") + "/",
    )


def _configure(_app: Sphinx, config: Config) -> None:
    site = read()
    config.html_baseurl = site.site
    config.html_theme_options |= {
        "repository_url": site.repository,
        "repository_branch": site.branch,
        "path_to_docs": "",
        "use_repository_button": True,
        "use_issues_button": True,
        "use_source_button": False,
    }
    config.myst_substitutions |= {
        "repository": site.repository,
        "site": site.site,
    }


class InstallCommand(SphinxDirective):
    """Shows the cell that installs the package from this edition's site."""

    def run(self) -> list[nodes.Node]:
        """Returns the command as a block of code."""
        command = f'%pip install "relubook @ {read().wheel}"'
        return [nodes.literal_block(command, command, language="text")]


def setup(app: Sphinx) -> None:
    """Applies the addresses before any other part reads the configuration."""
    # Jupyter Book always hands this value over; the extension that would declare it is not loaded.
    app.add_config_value("comments_config", {}, "html")
    app.add_directive("install-command", InstallCommand)
    app.connect("config-inited", _configure, priority=1)
