"""Bags of words are never made dense as a whole: 60,000 with 5,000 terms would be 1.2 GB."""

import subprocess
import sys

import pytest
from project_files import ROOT

FEW = """
import resource, sys
import numpy as np, scipy.sparse, torch
from relubook import datasets
from relubook.corruptions import Corruption
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.training import Schedule, grid, train

EXAMPLES, TERMS, WORDS, ROOM = 60_000, 5_000, 30, 500_000_000
def split(examples, seed):
    columns = np.sort(np.random.default_rng(seed).integers(0, TERMS, (examples, WORDS)))
    x = scipy.sparse.csr_matrix(
        (np.ones(columns.size, np.float32), columns.ravel(), np.arange(0, columns.size + 1, WORDS)),
        (examples, TERMS),
    )
    x.sum_duplicates()
    x.data[:] = 1
    return x, np.arange(examples) % 5

def learn(data, batch_size):
    network, hyper = MLP((TERMS, 16, 8, 5), models=1), grid(learning_rate=0.01)
    for zeros in (1.0, 0.005):
        recipe = Recipe(
            epochs=1, batch_size=batch_size, zeros=zeros, reconstruction="cross-entropy",
            corruption=Corruption(masked=0.8, salted=0.005), above=Corruption(masked=0.3),
        )
        course = pretrain(network, data.train.x, data.validation.x, hyper, recipe)
        assert np.isfinite(course.error).all()
    history = train(network, data, hyper, Schedule(epochs=1, batch_size=batch_size))
    assert np.isfinite(history.loss).all()

small = datasets.of_arrays("few", train=split(30, 0), validation=split(20, 1), test=split(20, 2))
learn(small, 10)  # whatever is loaded late is loaded now
data = datasets.of_arrays(
    "bags", train=split(EXAMPLES, 0), validation=split(1_000, 1), test=split(1_000, 2)
)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + ROOM, resource.RLIM_INFINITY))
if sys.argv[1] == "dense":
    data = data.dense()
learn(data, 1000)
"""


def run(rows: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", FEW, rows]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.linux
def test_sixty_thousand_reviews_are_learned_from_in_less_memory_than_their_zeros_take():
    found = run("sparse")
    assert (found.returncode, found.stderr) == (0, "")
    assert "DefaultCPUAllocator" in run("dense").stderr
