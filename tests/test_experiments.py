import dataclasses
import re

import numpy as np
import pytest

from relubook import datasets, experiments
from relubook.experiments import depth_and_l1, live

UNIT = re.compile(r"\((%|Hz|1|ns|stars)( of [a-z ]+)?\)$")


@pytest.fixture(scope="module", params=experiments.NAMES)
def smoke(request):
    calls: list[tuple[int, int]] = []
    record = experiments.reproduce(
        request.param, scale="smoke", progress=lambda done, total, text: calls.append((done, total))
    )
    return record, calls


def test_each_experiment_gives_finite_numbers_and_full_progress(smoke):
    record, calls = smoke
    assert record.arrays
    assert calls[-1][0] == calls[-1][1]
    assert [done for done, _ in calls] == sorted(done for done, _ in calls)
    for name, values in record.arrays.items():
        assert np.isfinite(values).any(), name


def test_each_experiment_gives_the_same_numbers_twice_but_for_times(smoke):
    record, _ = smoke
    again = experiments.reproduce(record.experiment, scale="smoke")
    assert again.digest == record.digest
    times = getattr(experiments.get(record.experiment), "TIMES", ())
    assert set(times) < set(record.arrays)
    for name, values in record.arrays.items():
        if name in times:
            assert again.arrays[name].shape == values.shape
            assert (values > 0).all(), name
        else:
            np.testing.assert_array_equal(again.arrays[name], values, err_msg=name)


def test_each_experiment_draws_its_result_with_units_on_the_axes(smoke):
    record, _ = smoke
    fig = experiments.get(record.experiment).draw(
        experiments.result(record), experiments.subtitle(record)
    )
    left, *_ = fig.axes
    assert all(ax.get_xlabel() for ax in fig.axes)
    # Where the rows have names, the quantity lies along x.
    assert UNIT.search(left.get_ylabel() or left.get_xlabel())
    assert fig.get_suptitle()
    shown = left.get_title(loc="left")
    assert shown
    if record.passport["data"]["source"] != "computed":
        assert datasets.describe(record.data).title in shown
    assert ("MNIST-5k" in shown) == (record.data == "mnist-5k")


def test_a_changed_setting_makes_a_record_stale(smoke):
    record, _ = smoke
    assert not experiments.is_stale(record)
    assert experiments.is_stale(dataclasses.replace(record, digest="0" * 16))


@pytest.mark.parametrize("name", experiments.NAMES)
@pytest.mark.parametrize("scale", experiments.SCALES)
def test_each_experiment_has_every_scale_and_at_least_five_seeds_beyond_smoke(name, scale):
    config = experiments.configure(name, scale)
    networks = len(config.seeds) * np.size(getattr(config, "l1", 0))
    assert scale == "smoke" or len(config.seeds) >= 5 or networks >= 200
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.width = 1


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'figure-3'"):
        experiments.get("figure3")
    with pytest.raises(ValueError, match="Did you mean 'laptop'"):
        experiments.configure("figure-3", "labtop")
    with pytest.raises(ValueError, match="mnist"):
        experiments.reproduce("figure-3", scale="smoke", data="mnst")


def test_a_live_frame_has_the_form_the_widget_draws():
    frame = depth_and_l1.train_frame(1e-3, 2, scale="smoke")
    assert frame is not None
    assert (frame["l1_index"], frame["depth"]) == (1, 2)
    assert len(frame["error"]) == len(frame["zeros"]) == len(depth_and_l1.LIVE_SEEDS)
    assert len(frame["zeros_by_layer"]) == len(frame["dead_by_layer"]) == 2
    assert frame["data"] == "MNIST-5k, 1,000 training digits"


def test_a_stopped_live_frame_is_none():
    assert depth_and_l1.train_frame(0.0, 1, scale="smoke", stop=lambda: True) is None


def test_a_raster_is_black_exactly_where_an_activation_is_zero():
    import torch

    from relubook.networks import MLP

    network = MLP((20, 40, 40, 3), seeds=[0, 1])
    x = torch.rand(9, 20, generator=torch.Generator().manual_seed(0))
    pictures = depth_and_l1.raster(network, x)
    assert pictures.shape == (2, 2, depth_and_l1.RASTER_UNITS, 9)
    for layer, h in enumerate(network.hidden(x.expand(2, 9, 20))):
        shown = h[..., : depth_and_l1.RASTER_UNITS].mT.detach().numpy()
        np.testing.assert_array_equal(pictures[:, layer] == 0, shown == 0)
        assert (pictures[:, layer].max(axis=(1, 2)) == 255).all()


def test_the_widgets_data_hold_every_place_of_the_grid():
    record = experiments.reproduce("depth-and-l1", scale="smoke")
    data = live.explorer_data(record, record)
    places = (len(data["depths"]), len(data["l1"]))
    for name in ("error", "zeros", "zeros_by_layer", "dead_by_layer", "raster", "collapsed"):
        assert np.array(data[name], dtype=object).shape[:2] == places, name
    assert [len(row[0]) for row in data["zeros_by_layer"]] == data["depths"]
    assert len(data["paper"]["zeros"]) == 170
