import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import datasets
from relubook.datasets import Split
from relubook.resident import Resident

CPU = torch.device("cpu")


def taken(resident: Resident, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    dtype = resident.one_hot.dtype
    x = torch.empty(len(rows), resident.x.shape[1], dtype=dtype)
    targets = torch.empty(len(rows), len(resident.one_hot), dtype=dtype)
    resident.take(rows, x, targets)
    return x, targets


def test_digits_kept_as_bytes_are_exactly_the_same_numbers():
    train = datasets.load("mnist-5k").train
    packed = Resident.of(train, 10, dtype=torch.float32, device=CPU, as_bytes=True)
    assert packed.x.dtype == torch.uint8
    assert packed.x.nbytes * 4 == train.x.nbytes
    x, targets = taken(packed, torch.arange(len(train)))
    assert torch.equal(x, train.x)
    assert torch.equal(targets.argmax(1), train.y)
    assert (targets.sum(1) == 1).all()


@given(value=st.floats(-2, 2, width=32))
@settings(max_examples=30)
def test_numbers_that_are_no_255ths_are_never_rounded(value):
    x = torch.full((4, 3), value)
    split = Split(x=x, y=torch.tensor([0, 1, 1, 0]))
    packed = Resident.of(split, 2, dtype=torch.float32, device=CPU, as_bytes=True)
    rows = torch.tensor([3, 0])
    assert torch.equal(taken(packed, rows)[0], x[rows])


def test_networks_in_double_precision_get_the_numbers_as_they_are():
    split = Split(x=torch.arange(6.0).view(2, 3) / 255, y=torch.tensor([0, 1]))
    doubles = Resident.of(split, 2, dtype=torch.float64, device=CPU, as_bytes=True)
    assert torch.equal(taken(doubles, torch.tensor([0, 1]))[0], split.x.double())


def test_a_cpu_keeps_the_numbers_unless_asked():
    split = Split(x=torch.zeros(2, 3), y=torch.tensor([0, 1]))
    assert Resident.of(split, 2, dtype=torch.float32, device=CPU).x.dtype == torch.float32
