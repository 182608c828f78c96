"""What nbgrader needs to know about a course of these assignments; `make assignments` copies it."""

from relubook.grading.autograding import apart

c = get_config()
c.CourseDirectory.course_id = "rectifiers"
c.ClearSolutions.code_stub = {"python": "# your code here\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "*Your answer here.*"

# Files of a zip file as Canvas names them: doejane_12345_67890_3_sparsity-1.ipynb
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^_/]+)_(?:LATE_)?\d+_\d+_(?P<file_id>.+?)(?:-\d+)?\.\w+$"
)

# Students' code runs in a sandbox. Its limits, with their defaults:
# c.ExecuteApart.cell_s = 60.0       # time of one cell [s]
# c.ExecuteApart.total_s = 600.0     # time of all cells together [s]
# c.ExecuteApart.memory = 4_294_967_296  # memory of each process [byte]
apart(c)
