"""A faulty data set cannot be made, and its digest is that of what it holds."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook.datasets import Dataset, Split


def some_split(n=6, inputs=4):
    x = torch.linspace(0, 1, n * inputs).view(n, inputs)
    return Split(x=x, y=torch.arange(n) % 3)


def make(**splits):
    whole = {"train": some_split(), "validation": some_split(4), "test": some_split(5)} | splits
    return Dataset(
        name="made",
        **whole,
        source="embedded",
        license="none",
        citekey="none",
        classes=("a", "b", "c"),
    )


def test_inputs_and_outputs_are_the_width_of_x_and_the_number_of_classes():
    dataset = make()
    assert (dataset.inputs, dataset.outputs, len(dataset.test)) == (4, 3, 5)


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_an_empty_split_is_refused(name):
    with pytest.raises(ValueError, match=f"at least one example in the {name} split of made"):
        make(**{name: Split(x=torch.zeros(0, 4), y=torch.zeros(0, dtype=torch.int64))})


@pytest.mark.parametrize("label", [-1, 3, 255])
def test_a_label_out_of_range_is_refused_and_located(label):
    split = some_split()
    split.y[2] = label
    with pytest.raises(ValueError, match=rf"from 0 to 2\. Got {label} at example 2"):
        make(test=split)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_an_input_that_is_not_finite_is_refused_and_located(bad):
    split = some_split()
    split.x[3, 1] = bad
    with pytest.raises(ValueError, match=rf"Got {bad} at example 3, input 1 \(1 such"):
        make(validation=split)


def test_large_finite_inputs_are_not_mistaken_for_infinite_ones():
    split = some_split()
    split.x[:] = 3e38  # their sum is infinite
    assert make(train=split).train.x.max() == torch.tensor(3e38)


def test_splits_of_different_width_are_refused():
    with pytest.raises(ValueError, match=r"must have 4 inputs, as the train split has\. Got 5"):
        make(test=some_split(inputs=5))


@settings(deadline=None)
@given(
    st.sampled_from(["train", "validation", "test"]), st.integers(0, 3), st.sampled_from(["x", "y"])
)
def test_the_digest_changes_with_any_example_of_any_split(name, example, part):
    before, splits = make(), {"train": some_split(), "validation": some_split(4)}
    splits["test"] = some_split(5)
    tensor = getattr(splits[name], part)
    tensor[example] = 1 - tensor[example] / 2 if part == "x" else (tensor[example] + 1) % 3
    assert make(**splits).sha256 != before.sha256


def test_equal_data_has_an_equal_digest_however_it_lies_in_memory():
    split = some_split()
    turned = Split(x=split.x.T.contiguous().T, y=split.y)
    assert make(train=turned).sha256 == make().sha256


def test_a_subset_keeps_the_first_examples_and_says_so_in_its_name():
    whole, part = make(), make().subset(train=2, test=3)
    assert torch.equal(part.train.x, whole.train.x[:2])
    assert torch.equal(part.test.y, whole.test.y[:3])
    assert len(part.validation) == len(whole.validation)
    assert part.name == "made (2 / 4 / 3)"
    assert part.sha256 != whole.sha256


@pytest.mark.parametrize("count", [0, -1, 7])
def test_a_subset_of_none_or_more_than_there_are_is_refused(count):
    with pytest.raises(ValueError, match=rf"`train` of subset .* 1 and 6, .*Got {count}"):
        make().subset(train=count)
