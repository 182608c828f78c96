from assignment_bank import AssignmentTests


class TestReplication(AssignmentTests):
    NAME = "6_replication"
