"""How fast networks train side by side, measured against their peers on this machine.

`python -m benchmarks` prints a table and stores it as a record. The parts: `contests` says what is
compared, `problems` what is learned, `contestants` who learns it, `rounds` takes the times in
separate processes, `report` writes them down.
"""
