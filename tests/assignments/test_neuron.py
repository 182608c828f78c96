"""The assignment on a simulated neuron, graded by the real nbgrader."""

from __future__ import annotations

from assignment_bank import AssignmentTests


class TestNeuron(AssignmentTests):
    """Its solution, the untouched version, and its bank of wrong answers."""

    NAME = "2_neuron"
