"""The assignment on training a sparse network, graded by the real nbgrader."""

from __future__ import annotations

from assignment_bank import AssignmentTests


class TestSparsity(AssignmentTests):
    """Its solution, the untouched version, and its bank of wrong answers."""

    NAME = "3_sparsity"
