"""What only a GPU can show. Marked `gpu`: left out, and named at the end, where there is none."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from relubook import activations, datasets, devices, epochs, graphs
from relubook.experiments import normalized_live, starts_live
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.history import History
from relubook.networks import MLP
from relubook.resident import Resident
from relubook.training import Schedule, grid, train
from relubook.widgets import LiveRun
from support import blobs

pytestmark = pytest.mark.gpu

SHAPE = (6, 8, 7, 3)
HYPER = grid(l1=[0.0, 1e-3], seed=[1, 2], learning_rate=0.1, dtype=torch.float64)


def trained(device: str, *, step: str = "inplace") -> tuple[MLP, History]:
    network = MLP(SHAPE, seeds=HYPER.seed.tolist(), dtype=torch.float64, device=device)
    return network, train(network, blobs(), HYPER, Schedule(epochs=3), step=step)


@pytest.mark.parametrize("step", ["inplace", "autograd"])
def test_a_gpu_gives_the_cpus_networks(step):
    on_gpu, history = trained("cuda", step=step)
    on_cpu, expected = trained("cpu", step=step)
    for ours, theirs in zip(on_gpu.parameters(), on_cpu.parameters(), strict=True):
        torch.testing.assert_close(ours.cpu(), theirs, rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(history.test_error, expected.test_error)


@pytest.mark.parametrize("step", ["inplace", "autograd"])
def test_a_graph_changes_nothing(step, monkeypatch):
    captured, real = [], graphs.captured
    monkeypatch.setattr(
        epochs.graphs, "captured", lambda *given: captured.append(real(*given)) or captured[-1]
    )
    with_graph, _ = trained("cuda", step=step)
    assert len(captured) == 3
    monkeypatch.setattr(epochs.graphs, "worthwhile", lambda network: False)
    without, _ = trained("cuda", step=step)
    for ours, theirs in zip(with_graph.parameters(), without.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-14)


def test_digits_kept_as_bytes_are_exactly_the_same_numbers_on_a_gpu():
    train = datasets.load("mnist-5k").train
    packed = Resident.of(train, 10, dtype=torch.float32, device=torch.device("cuda"))
    assert packed.x.dtype == torch.uint8
    x = torch.empty(train.x.shape, device="cuda")
    targets = torch.empty(len(train), 10, device="cuda")
    packed.take(torch.arange(len(train), device="cuda"), x, targets)
    assert torch.equal(x.cpu(), train.x)


@pytest.mark.parametrize("activation", activations.ACTIVATIONS)
def test_nothing_waits_for_the_gpu_within_an_epoch(activation, monkeypatch):
    monkeypatch.setattr(epochs.graphs, "worthwhile", lambda network: False)
    network = MLP(SHAPE, seeds=[1, 2], activation=activation, device="cuda")
    device = torch.device("cuda")
    examples = Resident.of(blobs().train, 3, dtype=torch.float32, device=device)
    advance = epochs.steps.STEPS["inplace"]
    x, targets = torch.empty(2, 10, 6, device="cuda"), torch.empty(2, 10, 3, device="cuda")
    rate = torch.full((2, 1, 1), 0.1, device="cuda")
    rows = torch.arange(20, device="cuda")
    torch.cuda.set_sync_debug_mode("error")
    try:
        examples.take(rows, x.flatten(0, 1), targets.flatten(0, 1))
        advance(network, x, targets, rate, rate)
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert all(bool(p.isfinite().all()) for p in network.parameters())


def test_live_cells_train_on_a_gpu_and_say_so():
    assert devices.chosen() == "cuda"
    assert starts_live.train("rectifier", "torch's default", 0.1).learned
    assert normalized_live.train("normalized", "torch's default", learning_rate=0.1).learned
    with LiveRun("nothing") as run:
        pass
    assert torch.cuda.get_device_name() in run.origin(None, [0], device="auto")


def test_a_fleet_larger_than_the_gpus_memory_is_halved_and_says_so():
    """16 networks have 1 GB of weights; they may take 700 MB more than is reserved."""
    fleet = Fleet(
        sizes=(6, 4000, 4000, 3), dataset=blobs(), schedule=Schedule(epochs=1),
        hyper=grid(seed=list(range(16)), learning_rate=0.01), device="cuda",
    )  # fmt: skip
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + 700e6) / total)
    try:
        with pytest.warns(RuntimeWarning, match="did not fit into the memory of cuda"):
            history = train_fleet(fleet, limits=Limits(networks=16))
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert np.isfinite(history.test_error).all()


def test_two_hundred_networks_of_the_papers_width_take_at_most_12_gib():
    held_out = blobs(1000, inputs=784, classes=10).train
    data = replace(blobs(40, inputs=784, classes=10), validation=held_out, test=held_out)
    torch.cuda.reset_peak_memory_stats()
    fleet = Fleet(
        sizes=(784, 1000, 1000, 1000, 10), dataset=data,
        schedule=Schedule(epochs=1), hyper=grid(seed=list(range(200))), device="cuda",
    )  # fmt: skip
    train_fleet(fleet, limits=Limits(networks=200))
    assert torch.cuda.max_memory_reserved() < 12 * 2**30
