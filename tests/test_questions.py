import dataclasses

import numpy as np
import pytest

from relubook import experiments, neurons, records
from relubook.experiments import figure_4_values, relatives_values, table_2_values
from relubook.questions import (
    benefits,
    biology,
    cost,
    pretraining,
    rectify,
    relatives,
    saturation,
    sparsity,
    text,
)

CHAPTERS = (rectify, biology, sparsity, benefits, saturation, pretraining, text, cost, relatives)


def test_the_prediction_reveals_the_records_medians_inside_their_band():
    record = records.load("depth-and-l1", scale="laptop", data="mnist")
    recorded = sparsity.prediction(record).data["recorded"]
    low, high = recorded["band"]
    assert (np.array(low) <= recorded["value"]).all()
    assert (np.array(recorded["value"]) <= high).all()
    middle = np.median(100 * record.arrays["zeros"][2], axis=-1)
    assert recorded["value"] == pytest.approx(middle.tolist(), abs=0.06)
    assert record.stem in recorded["source"]


@pytest.mark.parametrize(
    ("ratio", "recorded", "band"),
    [
        ([[8, 2, 0.5]] * 2, 72.5, [72.5, 72.5]),
        ([[8, 2, 0.5], [8, 0.5, 0.5]], 61.0, [37.5, 72.5]),
        ([[8, 2, 0.5], [8, 8, 8]], 100.0, [72.5, 100.0]),  # never, in one round
    ],
)
def test_the_prediction_reveals_where_one_example_crosses(ratio, recorded, band):
    record = experiments.reproduce("skipping-zeros", scale="smoke")
    times = np.ones_like(record.arrays["layer_time"])  # [methods zeros batches rounds]
    times[1] = np.array(ratio).T[:, None, :]
    times[1, :, 1] = 0.1  # another batch size must not matter
    record = dataclasses.replace(record, arrays={**record.arrays, "layer_time": times})
    asked = cost.prediction(record).data
    assert asked["recorded"]["value"] == pytest.approx(recorded, abs=0.1)
    assert asked["recorded"]["band"] == pytest.approx(band, abs=0.1)
    assert record.stem in asked["recorded"]["source"]
    assert (asked["low"], asked["high"], asked["unit"]) == (0, 100, "%")


def test_the_prediction_reveals_what_the_last_layer_still_tells():
    record = records.load("read-back", scale="laptop", data="mnist")
    asked = rectify.prediction(record).data
    row = record.arrays["l1"].tolist().index(3e-4)
    read = 100 * record.arrays["read"][row, :, 2, 0]
    assert asked["recorded"]["value"] == pytest.approx(np.median(read), abs=0.06)
    assert read.min() <= asked["recorded"]["band"][0] <= asked["recorded"]["band"][1] <= read.max()
    assert f"{100 * record.arrays['zeros'][row].mean():.0f} %" in asked["question"]


def test_without_a_refractory_time_the_drawn_rate_becomes_a_straight_line():
    asked = biology.prediction().data
    steps = np.diff(asked["recorded"]["value"][2:])
    assert steps.max() - steps.min() < 0.01 * steps.mean()
    limit = 1 / neurons.FIGURE_1.refractory_time
    assert asked["recorded"]["value"][-1] > 4 * limit


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.__name__.split(".")[-1])
def test_no_feedback_is_given_twice(chapter):
    texts = [c["feedback"] for q in chapter.quiz().data["questions"] for c in q["choices"]]
    assert len(texts) == len(set(texts)) >= 9


def test_no_two_chapters_keep_their_answers_in_one_place():
    names = [chapter.quiz().data["name"] for chapter in CHAPTERS]
    assert len(names) == len(set(names))


def test_the_prediction_reveals_what_a_hard_zero_changes():
    record = records.load("softplus-alpha", scale="laptop", data="mnist")
    recorded = saturation.prediction(record).data["recorded"]
    error, alpha = 100 * record.arrays["test_error"], record.arrays["alpha"]
    change = error[np.isinf(alpha)][0] - error[alpha == 1][0]
    assert recorded["value"] == pytest.approx(np.median(change), abs=0.006)
    assert change.min() - 0.01 <= recorded["band"][0] <= recorded["value"] <= recorded["band"][1]


def test_the_prediction_reveals_what_another_unit_changes():
    record = records.load("relatives", scale="laptop", data="mnist")
    asked = relatives.prediction(record).data
    error = dict(zip(relatives_values.KINDS, 100 * record.arrays["test_error"], strict=True))
    change = error["GELU"] - error["rectifier"]
    recorded = asked["recorded"]
    assert recorded["value"] == pytest.approx(np.median(change), abs=0.006)
    assert change.min() - 0.01 <= recorded["band"][0] <= recorded["value"] <= recorded["band"][1]
    assert recorded["band"][1] <= change.max() + 0.01
    assert f"{record.passport['data']['train_examples']:,} digits" in asked["question"]
    assert record.stem in recorded["source"]


def test_the_prediction_reveals_what_pretraining_changes_with_few_labels():
    record = experiments.reproduce("figure-4", scale="smoke")
    errors = np.full_like(record.arrays["test_error"], 0.3)
    errors[0, 1, 0] = 0.2, 0.26  # rectifiers, pretrained, with the fewest labels
    arrays = record.arrays | {"test_error": errors, "diverged": np.full(errors.shape, -1)}
    asked = pretraining.prediction(dataclasses.replace(record, arrays=arrays)).data
    assert asked["recorded"]["value"] == pytest.approx(7)
    assert asked["recorded"]["band"] == pytest.approx([4.6, 9.4])
    labels = figure_4_values.place_of(arrays, figure_4_values.FEW)
    assert f"from {arrays['labels'][labels]:,} of these images" in asked["question"]


def test_the_prediction_reveals_how_well_deep_networks_tell_stars():
    record = experiments.reproduce("table-2", scale="smoke")
    shown = np.full_like(record.arrays["test_error"], 1.0)
    shown[table_2_values.place("rectifier, 3 layers", "with")] = 0.7, 0.8
    shown[table_2_values.place("no hidden layer", "none")] = 0.84, 0.86
    arrays = record.arrays | {"test_error": shown, "diverged": np.full(shown.shape, -1)}
    asked = text.prediction(dataclasses.replace(record, arrays=arrays)).data
    assert asked["recorded"]["value"] == pytest.approx(0.75)
    assert asked["recorded"]["band"] == pytest.approx([0.71, 0.79])
    assert asked["low"] < 0.7 < arrays["guess_error"].mean() < asked["high"]
    assert "Without a hidden layer it is 0.85." in asked["question"]
    labeled, unlabeled, _ = arrays["counts"]
    assert f"the words of {labeled + unlabeled:,} reviews" in asked["question"]
    assert f"layers of {record.config['width']:,} rectifiers" in asked["question"]
    assert record.stem in asked["recorded"]["source"]
