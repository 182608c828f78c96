"""Lets the tests import the Sphinx extension, which is no part of the package."""

import sys

from project_files import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
