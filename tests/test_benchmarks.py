"""The benchmark: its contestants learn the same thing, and its table and record are whole.

Nothing here looks at a time: a test that does fails on a busy machine and proves nothing on an idle
one.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook import records

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import report
from benchmarks.__main__ import parsed
from benchmarks.contestants import CONTESTANTS
from benchmarks.contests import CONTESTS, Contest, quick
from benchmarks.problems import Setting, problem

PEERS = [
    ("relubook", 1e-2, 3),
    ("nn.Module + SGD", 1e-2, 3),
    ("torch.func vmap", 1e-2, 3),
    ("scikit-learn", 0.0, 1),
]


def learned(who: str, setting: Setting, *, part: int = 0, parts: int = 1) -> list[torch.Tensor]:
    prepared = CONTESTANTS[who](problem(setting, part=part, parts=parts))
    prepared.train()
    return prepared.weights()


def by_autograd(setting: Setting) -> list[torch.Tensor]:
    from relubook.training import train

    job = problem(setting)
    network = job.start()
    train(network, job.data, job.hyper, job.schedule, step="autograd")
    return [p.detach() for p in network.parameters()]


@pytest.mark.parametrize("data", ["mnist-5k", "digits-8x8"])
@pytest.mark.parametrize(("who", "l1", "models"), PEERS)
def test_all_contestants_learn_the_same_weights(who, l1, models, data):
    setting = Setting(
        data=data, width=7, depth=2, models=models, l1=l1, epochs=2, examples=45, dtype="float64"
    )
    start = [p.detach() for p in problem(setting).start().parameters()]
    for first, ours, theirs in zip(start, by_autograd(setting), learned(who, setting), strict=True):
        torch.testing.assert_close(theirs, ours, rtol=1e-10, atol=1e-13)
        assert not torch.equal(theirs, first)


def test_every_contestant_is_compared_and_every_one_is_checked():
    entered = {entrant.who for contest in CONTESTS for entrant in contest.entrants}
    assert entered == set(CONTESTANTS) == {who for who, _, _ in PEERS}


@pytest.mark.parametrize("who", ["relubook", "nn.Module + SGD", "torch.func vmap"])
def test_two_processes_learn_what_one_learns(who):
    setting = Setting(width=5, models=4, l1=1e-2, examples=30, dtype="float64")
    halves = [learned(who, setting, part=part, parts=2) for part in (0, 1)]
    for whole, *parts in zip(learned(who, setting), *halves, strict=True):
        torch.testing.assert_close(torch.cat(parts), whole, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("contest", CONTESTS, ids=lambda contest: contest.name)
def test_peers_that_are_compared_by_a_ratio_have_the_same_cores(contest: Contest):
    if contest.ratio is not None:
        cores = {entrant.processes * entrant.threads for entrant in contest.entrants}
        assert cores == {2}
    assert contest.entrants[0].who == "relubook"


def test_a_bar_is_judged_by_the_median_of_the_rounds():
    contest = replace(quick(CONTESTS[0]), ratio=3.0)
    wall = np.array([[1.0, 2.0, 2.0, 1.0], [2.0, 8.0, 4.0, 2.0], [1.0, 4.0, 2.0, 1.0]])
    assert "got 4.00: met" in report.table(contest, wall, wall)
    assert "got 4.00: MISSED" in report.table(replace(contest, ratio=4.1), wall, wall)
    assert "got 1.00 s: MISSED" in report.table(replace(contest, seconds=1.0), wall, wall)


def test_the_bars_are_those_we_set_ourselves_before_the_run():
    against = {
        (c.setting.width, c.setting.batch_size, c.setting.models): (c.ratio, c.entrants[1].name)
        for c in CONTESTS
        if c.ratio is not None
    }
    peer = "nn.Module + SGD, 2 processes x 1 thread"
    assert against == {
        (64, 10, 32): (10.0, peer),
        (256, 10, 8): (3.5, peer),
        (1000, 10, 4): (1.4, peer),
    }


def test_without_a_word_every_part_is_measured():
    parts = (
        "contests", "kernels", "frames", "pages", "generators", "regions", "pretraining", "text",
        "grading",
    )  # fmt: skip
    assert parsed([]).parts == parts
    assert parsed(["kernels"]).parts == ("kernels",)
    with pytest.raises(SystemExit):
        parsed(["kernel"])


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark")
    typed = [sys.executable, "-m", "benchmarks", "contests", "--quick", "--rounds=2"]
    done = subprocess.run(
        [*typed, f"--out={folder}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, records.load("benchmark", scale="smoke", data="digits", folder=folder)


def test_the_table_names_every_entrant_the_load_and_the_affinity(quick_run):
    text, _ = quick_run
    for contest in CONTESTS:
        assert f"\n{contest.name}: " in text
        assert all(entrant.name in text for entrant in contest.entrants)
    assert "affinity [" in text
    assert "load average" in text
    assert "bar:" not in text


def test_the_record_keeps_every_round_and_what_disturbed_it(quick_run):
    _, record = quick_run
    for contest in CONTESTS:
        for kind in ("wall", "cpu"):
            times = record.arrays[f"{contest.name}.{kind}"]
            assert times.shape == (2, len(contest.entrants))
            assert (times > 0).all()
    assert len(record.passport["machine"]) == len(CONTESTS) + 1
    assert record.passport["machine"][0].keys() == {"affinity", "load_average_1_min"}
    assert [c["name"] for c in record.config["contests"]] == [c.name for c in CONTESTS]
