"""Networks train where they are asked to, and nothing that trains mixes devices."""

import numpy as np
import pytest
import torch
from pretend_gpu import pretend_gpu

from relubook import activations, devices, graphs
from relubook.experiments import code_changes, quartet, quartet_live
from relubook.experiments.pretrained import fine_tuned, pretrained, recipe_of
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

HYPER = grid(l1=[0.0, 1e-3], seed=[1, 2], learning_rate=0.1)
LAYERS = ("prelu", "rrelu", "crelu", "normalized(rectifier)", "dropout(rectifier)")
TRAINED = [(unit, step) for unit in activations.ACTIVATIONS for step in ("inplace", "autograd")]


@pytest.fixture
def gpu(monkeypatch):
    """The name of a device that cannot be mixed with the processor, for the time being."""
    monkeypatch.setattr(graphs, "worthwhile", lambda network: False)  # only CUDA has graphs
    with pretend_gpu():
        yield "meta"


def test_auto_takes_the_processor_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert devices.chosen() == devices.chosen("cpu") == "cpu"
    with pytest.raises(ValueError, match="There is no CUDA device here"):
        devices.chosen("cuda")


def test_auto_takes_a_gpu_unless_the_reader_says_otherwise(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices.chosen() == devices.chosen("cuda") == "cuda"
    monkeypatch.setenv(devices.VARIABLE, "cpu")
    assert devices.chosen() == "cpu"
    assert devices.chosen("cuda") == "cuda"


@pytest.mark.parametrize("name", ["gpu", "", "cuda:1", "CPU"])
def test_another_name_is_refused_with_those_there_are(name, monkeypatch):
    with pytest.raises(ValueError, match="must be auto, cpu or cuda"):
        devices.chosen(name)
    monkeypatch.setenv(devices.VARIABLE, name)
    with pytest.raises(ValueError, match="The environment variable RELUBOOK_DEVICE must be"):
        devices.chosen()


def test_networks_live_where_auto_says(monkeypatch):
    monkeypatch.setenv(devices.VARIABLE, "cpu")
    assert MLP((3, 4, 2), device="auto").stacked_layers()[0].weight.device.type == "cpu"


def test_the_pretence_refuses_two_devices_and_numpy(gpu):
    far, near = torch.ones(2, device=gpu), torch.ones(2)
    with pytest.raises(RuntimeError, match="same device"):
        torch.add(far, near)
    with pytest.raises(TypeError, match="numpy"):
        far.numpy()
    assert (far + near.to(gpu)).cpu().tolist() == [2.0, 2.0]


@pytest.mark.parametrize(
    ("activation", "step"), [*TRAINED, *((layer, "autograd") for layer in LAYERS)]
)
def test_training_elsewhere_mixes_no_devices_and_gives_the_same(gpu, activation, step):
    found = {}
    for device in ("cpu", gpu):
        seeds = HYPER.seed.tolist()
        network = MLP((6, 8, 7, 3), seeds=seeds, activation=activation, device=device)
        found[device] = train(network, blobs(), HYPER, Schedule(epochs=2), step=step)
    np.testing.assert_array_equal(found[gpu].test_error, found["cpu"].test_error)


def test_pretraining_elsewhere_mixes_no_devices(gpu):
    data = blobs(200)
    learned = pretrained(
        (8, 7), data, activation="rectifier", seeds=[1, 2], rates=(0.01, 0.03), l1=1e-3,
        recipe=recipe_of("rectifier", data, epochs=2, batch_size=10), device=gpu,
    )  # fmt: skip
    found = fine_tuned(
        learned.network, data, rates=(0.1, 0.03), l1=1e-3, schedule=Schedule(epochs=2)
    )
    assert np.isfinite(found["test_error"]).all()


def test_a_group_trained_elsewhere_is_measured_there(gpu):
    config = quartet.QuartetConfig(**quartet.settings("smoke"))
    data = quartet_live.digits().subset(train=300, validation=100, test=100)
    group = quartet.train_group(config, data, "rectifier", device=gpu)
    x = data.test.x[:20]
    assert np.isfinite(quartet_live.moved(group, x, x + 0.1)).all()
    assert code_changes.answers(group.network, x.expand(2, -1, -1))[1].device.type == gpu
