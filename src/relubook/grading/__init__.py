"""For instructors: what a student hands in is run apart from everything that grades it.

`execution.execute(notebook, sandbox)` runs a notebook in a `sandbox.Sandbox` and keeps of it what
its cells put out, and nothing else. Students need none of this.
"""
