"""Data in the plane: a small network learns it, a linear one cannot."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from relubook.datasets import Dataset
from relubook.datasets.generators import planar
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

ENTRIES = (planar.HINGES, planar.SPIRALS, planar.BLOBS)
DRAWS = (planar.hinges, planar.spirals, planar.blobs)
every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
every_draw = pytest.mark.parametrize("draw", DRAWS, ids=lambda draw: draw.__name__)


def dataset_of(entry):
    parts = entry.origin.parts(entry.origin.make(None))
    return Dataset(
        name=entry.name, train=parts.train, validation=parts.validation, test=parts.test,
        source="embedded", license=entry.license, citekey=entry.citekey, classes=entry.classes,
    )  # fmt: skip


@every_entry
def test_a_small_network_learns_it_and_a_linear_model_does_not(entry):
    dataset = dataset_of(entry)
    network = MLP((2, 32, 32, dataset.outputs), models=3)
    schedule = Schedule(epochs=16, batch_size=20)
    train(network, dataset, grid(learning_rate=0.5, seed=range(3)), schedule)
    with torch.no_grad():
        guess = network(dataset.test.x.expand(3, -1, -1)).argmax(-1)
    assert (guess != dataset.test.y).float().mean(1).max() < 0.1
    linear = LogisticRegression().fit(dataset.train.x.numpy(), dataset.train.y.numpy())
    assert linear.score(dataset.test.x.numpy(), dataset.test.y.numpy()) < 0.87


@every_entry
def test_an_entry_has_three_splits_of_every_class(entry):
    dataset = dataset_of(entry)
    splits = (dataset.train, dataset.validation, dataset.test)
    assert [len(split) for split in splits] == [1_000, 500, 500]
    for split in splits:
        assert torch.bincount(split.y, minlength=dataset.outputs).min() > 0.25 * len(split)
    assert not entry.origin.slow
    assert "(generated)" in entry.title


@every_draw
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**40), count=st.integers(1, 300))
def test_the_first_of_more_examples_are_the_same(draw, seed, count):
    few, more = draw(count, seed=seed), draw(300, seed=seed)
    assert torch.equal(few[0], more[0][:count])
    assert torch.equal(few[1], more[1][:count])


@every_draw
def test_another_seed_draws_other_examples(draw):
    assert not torch.equal(draw(20, seed=0)[0], draw(20, seed=1)[0])


@every_draw
def test_examples_lie_about_the_middle(draw):
    x, y = draw(3_000, seed=4)
    assert x.abs().max() < 1.4
    assert x.abs().quantile(0.98) < 1.05
    assert x.std() > 0.35
    assert y.min() == 0


@every_draw
def test_noise_moves_examples_and_no_labels(draw):
    (still, labels), (moved, same) = draw(500, seed=1, noise=0.0), draw(500, seed=1, noise=0.05)
    assert torch.equal(labels, same)
    assert (moved - still).std().item() == pytest.approx(0.05, rel=0.1)


def test_the_curve_divides_the_classes_of_hinges():
    x, y = planar.hinges(2_000, seed=3, noise=0.0)
    assert torch.equal(y == 1, x[:, 1] > planar.curve(3).height(x[:, 0]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_curve_bends_at_its_kinks_and_nowhere_else(seed):
    curve = planar.curve(seed)
    ends = torch.cat((torch.tensor([-1.0]), curve.kinks, torch.tensor([1.0])))
    assert len(curve.kinks) == planar.KINKS
    assert (ends.diff() > 0.1).all()
    slope = torch.tensor(curve.slope)
    for begin, end, bend in zip(ends, ends[1:], [*curve.bends, 0], strict=False):
        rise = curve.height(end.view(1)) - curve.height(begin.view(1))
        assert rise.item() == pytest.approx((slope * (end - begin)).item(), abs=1e-4)
        slope = slope + bend
    assert (curve.bends.sign().diff().abs() == 2).all()  # a zigzag


def test_the_arms_are_turned_by_a_third_of_a_circle():
    x, y = planar.spirals(3_000, seed=0, noise=0.0)
    radius = x.norm(dim=1)
    along = (radius - 0.1) / 0.85
    turned = torch.atan2(x[:, 1], x[:, 0]) / (2 * torch.pi) - planar.TURNS * along
    arm = (turned * planar.ARMS).remainder(planar.ARMS).round().to(torch.int64) % planar.ARMS
    assert torch.equal(arm, y)


def test_neighbors_side_by_side_are_of_different_classes():
    x, y = planar.blobs(2_000, seed=0, noise=0.0)
    place = (x / 0.7).round().to(torch.int64) + 1
    classes = torch.full((3, 3), -1)
    classes[place[:, 1], place[:, 0]] = y
    assert (classes >= 0).all()
    assert (classes.diff(dim=0) != 0).all()
    assert (classes.diff(dim=1) != 0).all()


@every_draw
@pytest.mark.parametrize(
    ("argument", "value"),
    [("count", 0), ("seed", -1), ("noise", -0.1), ("noise", float("nan")), ("noise", float("inf"))],
)
def test_an_argument_out_of_range_is_refused(draw, argument, value):
    arguments = {"count": 5, "seed": 0} | {argument: value}
    expected = rf"`{argument}` of {draw.__name__} must be .*Got {value}"
    with pytest.raises(ValueError, match=expected):
        draw(**arguments)


def test_a_curve_of_a_negative_seed_is_refused():
    with pytest.raises(ValueError, match=r"`seed` of curve must be at least 0\. Got -1"):
        planar.curve(-1)
