"""Assignment 1 in the real nbgrader: the reference solution, none, and wrong answers."""

from __future__ import annotations

from assignment_bank import AssignmentTests


class TestRectifier(AssignmentTests):
    NAME = "1_rectifier"
