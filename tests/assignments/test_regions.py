from assignment_bank import AssignmentTests


class TestRegions(AssignmentTests):
    NAME = "4_regions"
