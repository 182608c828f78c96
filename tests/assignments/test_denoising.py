"""Assignment 5, graded by nbgrader: its solution, an untouched version, and wrong answers."""

from assignment_bank import AssignmentTests


class TestDenoising(AssignmentTests):
    NAME = "5_denoising"
