"""How fast networks train side by side, measured against their peers on this machine.

`python -m benchmarks` prints tables and stores them as records.

Contests let whole processes race: `contests` says what is compared, `problems` what is learned,
`contestants` who learns it, `rounds` takes the times in separate processes, `report` writes them
down.

Kernels look at one process on one device: `kernels` has the rows, `schemes` the ways to train them
(`graphed` is one that only a GPU knows), `ceilings` measures what the machine can do at best,
`roofline` counts what a step must do, and `kernel_report` writes it down.

`generators` times the data sets that are made here, and `frames` the explorers in a browser.
`pretraining` and `text` race against plain loops, `regions` against looking at many places.
"""
