"""Pretraining that was cut goes on as if it had not been, wherever it was cut."""

import dataclasses
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from relubook import checkpoints, runs, seeds
from relubook.networks import MLP
from relubook.pretraining import Course, Recipe, pretrain
from relubook.training import grid

SHAPE = (9, 7, 6, 3)
HYPER = grid(learning_rate=(0.02, 0.2), l1=1e-3, seed=(3, 4))
PASSES = 2 * 4 * 2  # layers, networks one at a time, epochs
PLAIN = Recipe(epochs=2)
RECIPES = {
    "plain": PLAIN,
    "chosen": Recipe(epochs=2, first="linear", choose=True),
    "scaled": Recipe(epochs=2, reconstruction="cross-entropy", rule="unit", choose=True),
    "before": Recipe(epochs=2, reconstruction="linear", target="before", tied=True),
}


def examples():
    x = torch.rand(2, 60, SHAPE[0], generator=seeds.stream(0, "examples"))
    return x[0], x[1, :30]


def run(recipe, checkpoint=None, *, network=None, x=None, hyper=HYPER, **options):
    """One process's part of a run."""
    network = MLP(SHAPE, seeds=hyper.seed.tolist()) if network is None else network
    own, others = examples()
    own = own if x is None else x
    return network, pretrain(network, own, others, hyper, recipe, checkpoint=checkpoint, **options)


def numbers(network: MLP, course: Course) -> dict[str, np.ndarray]:
    weights = {f"w{i}": p.numpy(force=True) for i, p in enumerate(network.parameters())}
    return weights | {name: np.array(values) for name, values in vars(course).items()}


def assert_same(ours, theirs):
    for name, expected in numbers(*theirs).items():
        np.testing.assert_array_equal(numbers(*ours)[name], expected, err_msg=name)


@pytest.fixture(autouse=True)
def one_network_at_a_time_and_every_state_saved(monkeypatch):
    monkeypatch.setattr("relubook.chunking._CACHE_BYTES", 1)
    monkeypatch.setattr(runs, "_SECONDS_BETWEEN_SAVES", 0.0)
    monkeypatch.setattr(runs, "_LARGEST_SHARE", 1e9)


@pytest.mark.parametrize("name", RECIPES)
def test_cut_after_any_pass_it_goes_on_as_if_it_had_not_been(name, tmp_path):
    whole = run(RECIPES[name])
    for cut in range(1, PASSES + 1):
        path, calls = tmp_path / f"{cut}.npz", itertools.count(1)
        run(RECIPES[name], path, stop=lambda calls=calls, cut=cut: next(calls) == cut)
        reports = []
        again = run(RECIPES[name], path, progress=lambda *said, to=reports: to.append(said[:2]))
        assert_same(again, whole)
        assert reports == [(done, PASSES) for done in range(cut + 1, PASSES + 1)]


def test_cut_after_every_single_pass_it_still_comes_to_the_same_end(tmp_path):
    whole, parts = run(RECIPES["chosen"]), 0
    while True:
        calls, parts = itertools.count(), parts + 1
        again = run(RECIPES["chosen"], tmp_path / "run.npz", stop=lambda c=calls: next(c) == 0)
        if again[1].finished == 2:
            break
    assert parts == PASSES + 1
    assert_same(again, whole)


def test_a_stopped_run_hands_over_the_weights_that_restored_best_and_keeps_the_last(tmp_path):
    recipe = dataclasses.replace(PLAIN, epochs=4)
    hyper = grid(learning_rate=0.2, seed=5)
    calls = iter([False, False, True])
    network, course = run(recipe, tmp_path / "a.npz", hyper=hyper, stop=lambda: next(calls))
    plain, again = run(recipe, hyper=hyper, stop=iter([False, False, True]).__next__)
    assert_same((network, course), (plain, again))


def test_numbers_of_networks_trained_together_do_not_depend_on_who_goes_on(tmp_path, monkeypatch):
    """A machine with other caches or cores takes up the chunks that the first one made."""
    monkeypatch.undo()
    whole = run(PLAIN)
    run(PLAIN, tmp_path / "run.npz", stop=lambda: True)
    monkeypatch.setattr("relubook.chunking._CACHE_BYTES", 1)
    assert_same(run(PLAIN, tmp_path / "run.npz"), whole)


def test_what_is_finished_is_read_and_not_trained_again(tmp_path):
    first = run(PLAIN, tmp_path / "run.npz")
    reports = []
    assert_same(run(PLAIN, tmp_path / "run.npz", progress=lambda *s: reports.append(s)), first)
    assert reports == []


def test_a_short_run_saves_once_at_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "_SECONDS_BETWEEN_SAVES", 60.0)
    saved, save = [], checkpoints.save
    monkeypatch.setattr(
        checkpoints, "save", lambda *given, **named: saved.append(given[0]) or save(*given, **named)
    )
    run(PLAIN, tmp_path / "run.npz")
    assert saved == [tmp_path / "run.npz"]


@pytest.mark.parametrize(
    "other",
    [
        {"recipe": dataclasses.replace(PLAIN, tied=True)},
        {"hyper": grid(learning_rate=(0.02, 0.1), l1=1e-3, seed=(3, 4))},
        {"network": MLP(SHAPE, seeds=HYPER.seed.tolist(), gain=2.0)},
        {"network": MLP(SHAPE, seeds=HYPER.seed.tolist(), activation="softplus")},
        {"x": examples()[0].flip(0)},
    ],
    ids=["recipe", "rates", "start", "activation", "examples"],
)
def test_another_runs_checkpoint_is_refused(other, tmp_path):
    run(PLAIN, tmp_path / "run.npz", stop=lambda: True)
    with pytest.raises(ValueError, match="belongs to another run"):
        run(**({"recipe": PLAIN} | other), checkpoint=tmp_path / "run.npz")


@pytest.mark.parametrize("cut", [0, 100, -1])
def test_a_damaged_checkpoint_is_refused(cut, tmp_path):
    path = tmp_path / "run.npz"
    run(PLAIN, path, stop=lambda: True)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match=r"is damaged.*Delete it to start anew"):
        run(PLAIN, path)


KILLED = """
import os, signal, sys, numpy as np
from pathlib import Path
from relubook import chunking, runs
from relubook.negation import negated
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.training import Schedule, grid, train
from support import blobs
left, replace = int(sys.argv[4]), os.replace
def replace_or_be_killed(*names):
    global left
    if str(names[1]).endswith(".previous.npz"):
        return replace(*names)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    replace(*names)
os.replace = replace_or_be_killed
runs._SECONDS_BETWEEN_SAVES, runs._LARGEST_SHARE, chunking._CACHE_BYTES = 0.0, 1e9, 1
files = [None if name == "-" else Path(name) for name in sys.argv[1:3]]
hyper, data = grid(l1=1e-3, seed=[1, 2], learning_rate=[0.001, 0.01]), blobs(examples=300)
network = MLP((6, 32, 32, 3), seeds=hyper.seed.tolist())
recipe = Recipe(epochs=3, first="linear", choose=True)
course = pretrain(network, data.train.x, data.validation.x, hyper, recipe, checkpoint=files[0])
network = negated(network)
history = train(network, data, hyper, Schedule(epochs=6), checkpoint=files[1])
weights = {f"w{i}": p.numpy(force=True) for i, p in enumerate(network.parameters())}
np.savez(sys.argv[3], error=course.error, chosen=course.chosen, dead=course.dead,
         test_error=history.test_error, best=history.best_epoch, **weights)
"""
SAVES = 2 * 4 * 3 + 1  # of pretraining: layers, networks, passes; and one at the end


def process(*files: Path | str, kill: int = 0) -> int:
    """How a process ended that is killed while it writes its n-th state, or not at all."""
    path = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", KILLED, *map(str, files), str(kill)]
    return subprocess.run(command, env=environment, check=False).returncode


def test_killed_while_pretraining_and_while_fine_tuning_it_equals_a_run_that_was_not(tmp_path):
    whole, resumed = tmp_path / "whole.npz", tmp_path / "resumed.npz"
    files = tmp_path / "pretraining.npz", tmp_path / "fine-tuning.npz"
    assert process("-", "-", whole) == 0
    assert process(*files, resumed, kill=9) == -signal.SIGKILL
    assert files[0].exists() or checkpoints.previous(files[0]).exists()
    assert process(*files, resumed, kill=SAVES - 8 + 4) == -signal.SIGKILL
    assert files[1].exists() or checkpoints.previous(files[1]).exists()
    assert not resumed.exists()
    assert process(*files, resumed) == 0
    with np.load(whole) as one, np.load(resumed) as other:
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)
