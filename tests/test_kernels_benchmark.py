"""The kernels' benchmark: all schemes do the same work, and what a step costs is counted right.

No time is looked at here: how fast a scheme is, the benchmark itself shows.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from project_files import ROOT

from relubook import networks, records
from relubook.steps import STEPS

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import ceilings, graphed, kernel_report, kernels, roofline
from benchmarks.contestants import Prepared
from benchmarks.kernels import Measured, Row
from benchmarks.problems import Problem, Setting, problem
from benchmarks.schemes import EAGER, GRAPHED, SCHEMES, VMAP, on

PAPER = (784, 1000, 1000, 1000, 10)
CEILINGS = roofline.Ceilings(copies={10: 8.0, 100: 4.0, 1000: 2.0}, product=100.0)
GPU = pytest.param("cuda", marks=pytest.mark.gpu)


def job(device: str = "cpu", **changes) -> Problem:
    setting = Setting(
        width=7, depth=2, models=3, l1=1e-2, examples=45, epochs=2, dtype="float64", device=device
    )
    return problem(replace(setting, **changes))


def learned(prepared: Prepared) -> list[torch.Tensor]:
    prepared.train()
    return [p.cpu() for p in prepared.weights()]


@pytest.mark.parametrize("device", ["cpu", GPU])
@pytest.mark.parametrize("name", SCHEMES)
def test_every_scheme_ends_with_the_same_weights(name, device):
    start = [p.detach() for p in job().start().parameters()]
    ours = learned(SCHEMES["relubook, autograd"].prepare(job()))
    theirs = learned(SCHEMES[name].prepare(job(device)))  # without a GPU no graph is recorded
    for first, here, there in zip(start, ours, theirs, strict=True):
        torch.testing.assert_close(there, here, rtol=1e-10, atol=1e-13)
        assert not torch.equal(there, first)


@pytest.mark.parametrize("name", SCHEMES)
def test_a_second_round_goes_on_where_the_first_ended(name):
    once, twice = (SCHEMES[name].prepare(job()) for _ in range(2))
    twice.train()
    for after_one, after_two in zip(learned(once), learned(twice), strict=True):
        assert not torch.equal(after_one, after_two)


def test_networks_that_take_turns_in_one_seat_keep_their_own_weights():
    alone = [learned(graphed.graphed(job().first(models))) for models in (1, 3)]
    for one, three in zip(*alone, strict=True):
        assert torch.equal(one[0], three[0])
        assert not torch.equal(three[1], three[2])


def test_the_schemes_are_the_peers_and_every_step_of_the_package():
    ours = [f"relubook, {step}" for step in STEPS]
    assert list(SCHEMES) == [EAGER, GRAPHED, VMAP, *ours]
    assert set(SCHEMES) - set(on("cpu")) == {GRAPHED}
    assert set(on("cuda")) == set(SCHEMES)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_the_rows_reach_from_small_networks_to_the_papers(device):
    listed = kernels.rows(device)
    assert [(r.width, r.depth, r.models, r.batch_size) for r in listed] == [
        (64, 3, 200, 10),
        (256, 3, 200, 10),
        (1000, 3, 1, 10),
        (1000, 3, 8, 10),
        (1000, 3, 32, 10),
        (1000, 3, 200, 10),
        (1000, 3, 200, 50),
        (1000, 3, 200, 100),
    ]
    assert len({row.name for row in listed}) == len(listed)
    assert {row.problem("cpu", 1).sizes[::4] for row in listed} == {(784, 10)}


@pytest.mark.parametrize("rounds", [1, 3, 5])
@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("name", SCHEMES)
def test_only_loops_over_networks_are_extrapolated_and_from_at_most_2000_steps(
    name, device, rounds
):
    for row in kernels.rows(device):
        models, steps = kernels.amount(row, SCHEMES[name], device, rounds)
        assert 1 <= steps <= row.steps
        if SCHEMES[name].alone:
            assert 1 <= models <= row.models
            assert models * steps * rounds <= 2000
        else:
            assert models == row.models


def test_an_epoch_longer_than_the_data_sees_them_again():
    x = Row(width=4, depth=1, models=1, batch_size=100, steps=1).problem("cpu", 31).data.train.x
    assert len(x) == 3100
    assert torch.equal(x[3000:], x[:100])


def test_a_difference_is_relative_to_the_largest_weight_of_its_layer_and_network():
    weight, bias = torch.tensor([[[4.0, -8.0]], [[1.0, 2.0]]]), torch.zeros(2, 1, 2)
    off = torch.tensor([[[0.0, 1.0]], [[0.5, 0.0]]])
    for error_of_weight, error_of_bias, found in (
        (0 * off, 0 * off, [0.0, 0.0]),
        (off, 0 * off, [0.125, 0.25]),
        (off, 2 * off, [0.25, 0.5]),
    ):
        here = [weight + error_of_weight, bias + error_of_bias]
        assert kernels.differences(here, [weight, bias]).tolist() == found


def test_both_precisions_start_from_the_same_numbers():
    double, single = job(), job(dtype="float32")
    for here, there in zip(double.start().parameters(), single.start().parameters(), strict=True):
        assert torch.equal(here, there.double())
    for name in ("learning_rate", "l1"):
        assert torch.equal(getattr(double.hyper, name), getattr(single.hyper, name).double())


def test_a_step_of_the_papers_network_costs_what_arithmetic_on_paper_says():
    # Weights 2,794,000, of which 2,010,000 send the error back; 15.20 million operations.
    assert roofline.operations(PAPER, 1) == 2 * (2 * 2_794_000 + 2_010_000)
    assert roofline.passes(PAPER, stores_gradient=False) == pytest.approx(3.72, abs=0.005)
    assert roofline.passes(PAPER, stores_gradient=True) == pytest.approx(5.72, abs=0.005)
    assert roofline.working_set(PAPER, 200, stores_gradient=False) == 200 * 4 * 2_794_000
    activations = 4 * 10 * (8 * 3000 + 2 * 784)
    weights = 4 * (3 * 2_794_000 + 2_010_000)
    moved = roofline.traffic(PAPER, 10, stores_gradient=False)
    assert moved == pytest.approx(weights + activations)


@pytest.mark.parametrize(("size", "near"), [(1, 10), (10, 10), (11, 100), (5000, 1000)])
def test_a_working_set_is_judged_by_the_smallest_copy_as_large(size, near):
    assert CEILINGS.near(size) == near


def test_the_slower_of_memory_and_arithmetic_is_the_bound():
    memory = roofline.bound(CEILINGS, traffic=12, operations=100, working_set=50)
    assert (memory.seconds, memory.copy) == (3.0, 100)
    arithmetic = roofline.bound(CEILINGS, traffic=2, operations=100, working_set=50)
    assert (arithmetic.seconds, arithmetic.copy) == (1.0, 0)


def test_the_best_sample_is_the_ceiling():
    measured = {"copy": np.array([[1.0, 5.0], [2.0, 4.0]]), "product": np.array([[3.0], [7.0]])}
    best = roofline.best(measured, (10, 20))
    assert (dict(best.copies), best.product) == ({10: 2.0, 20: 5.0}, 7.0)


def test_a_rate_counts_timed_networks_only_and_a_share_is_of_the_least_time():
    row = Row(width=4, depth=1, models=10, batch_size=5, steps=2)
    measured = {
        name: Measured(
            seconds=np.array([2.0, 4.0]), models=m, steps=2, together=1, differences=np.zeros(3)
        )
        for name, m in ((EAGER, 1), (VMAP, 10))
    }
    found = kernel_report.judged(row, measured, CEILINGS)
    np.testing.assert_allclose(found["rate"], [[5, 50], [2.5, 25]])
    step = found["seconds"] / (found["models"] * 2)
    least = found["traffic"] / 2.0  # more than 1,000 bytes, so the slowest copy
    assert set(found["copy"]) == {1000}
    np.testing.assert_allclose(found["share"], least / step)
    assert "1 of 10 x 2 steps" in kernel_report.table(row, list(measured), found)


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kernels")
    command = [sys.executable, "-m", "benchmarks", "kernels", "--quick", "--device=cpu"]
    done = subprocess.run(
        [*command, "--rounds=2", f"--out={folder}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, records.load("kernels", scale="smoke", data="cpu", folder=folder)


def test_the_command_prints_every_row_every_scheme_and_the_ceilings(quick_run):
    text, _ = quick_run
    rows = kernels.rows("cpu", quick=True)
    assert rows
    for row in rows:
        assert f"\n{row.name}: " in text
    for name in on("cpu"):
        assert text.count(f"  {name} ") == len(rows)
    for word in ("copies [GB/s]", "products [GFLOP/s]", "bare baddbmm_", "load average"):
        assert word in text


def test_the_record_keeps_rounds_ceilings_and_agreement(quick_run):
    _, record = quick_run
    sizes = record.config["ceilings"]
    assert record.arrays["ceilings.copy"].shape == (10, len(sizes["copies"]))
    assert record.arrays["ceilings.product"].shape == (10, len(sizes["products"]))
    assert record.arrays["ceilings.update"].shape == (10,)
    for row in record.config["rows"]:
        part = {k: record.arrays[f"{row['name']}.{k}"] for k in ("rate", "share", "difference")}
        assert part["rate"].shape == part["share"].shape == (2, len(row["schemes"]))
        assert (part["rate"] > 0).all()
        assert (part["share"] > 0).all()
        assert (np.median(part["difference"], axis=0) < 1e-4).all()  # of float32 from float64
    assert len(record.passport["machine"]) == len(record.config["rows"]) + 2


def test_ours_says_how_many_networks_it_works_on_together():
    prepared = SCHEMES["relubook, inplace"].prepare(job())
    prepared.train()
    assert prepared.together() == 3
    assert networks.sizes(inputs=784, width=7, depth=2, outputs=10) == job().sizes


@pytest.mark.parametrize("device", ["cpu", GPU])
def test_ceilings_are_rates_of_every_size(device):
    found = ceilings.measure(ceilings.QUICK, device)
    assert {name: values.shape for name, values in found.items()} == {
        "copy": (5, 2),
        "product": (5, 2),
        "update": (5,),
    }
    assert all((values > 0).all() for values in found.values())
