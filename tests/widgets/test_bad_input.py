"""What the widgets refuse, each with one sentence."""

import pytest
from widget_frames import explorer_data

from relubook.widgets import L1Explorer, Prediction

NUMBER = {
    "name": "n",
    "question": "How many?",
    "low": 0.0,
    "high": 1.0,
    "step": 0.1,
    "recorded": 0.5,
}
CURVE = {
    "name": "c", "question": "Draw.", "x": [0, 1], "x_label": "x", "y_label": "y",
    "low": 0.0, "high": 1.0,
    "step": 0.1, "recorded": [0.0, 1.0],
}  # fmt: skip


def drop(data, name):
    del data[name]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda d: drop(d, "zeros"), "must hold zeros"),
        (lambda d: d["error"].pop(), "`error` .* must be 5 depths x 12 strengths"),
        (lambda d: d["zeros"][1].pop(), "`zeros` .* must be 5 depths x 12 strengths"),
        (lambda d: d["raster"][0].__setitem__(3, "AAAA"), "must be 720 bytes .* Got 3"),
        (lambda d: d["raster"][0].__setitem__(3, "no base64!"), "must be base64"),
    ],
)
def test_frames_that_do_not_fit_are_refused(spoil, sentence):
    data = explorer_data()
    spoil(data)
    with pytest.raises(ValueError, match=sentence):
        L1Explorer(data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"low": 2.0}, "low below high"),
        ({"step": 0.0}, "step above 0"),
        ({"step": 5.0}, "no wider than the range"),
        ({"high": float("nan")}, "must be finite"),
        ({"recorded": float("nan")}, "finite numbers only"),
        ({"name": "A b"}, "must be lowercase"),
        ({"question": " "}, "must say something"),
    ],
)
def test_a_number_question_that_cannot_be_asked_is_refused(change, sentence):
    with pytest.raises(ValueError, match=sentence):
        Prediction.number(**{**NUMBER, **change})


@pytest.mark.parametrize(
    "change", [{"recorded": [1.0]}, {"x": [0], "recorded": [1.0]}, {"band": ([0.0], [1.0, 1.0])}]
)
def test_a_curve_without_one_value_at_each_position_is_refused(change):
    with pytest.raises(ValueError, match="one value at each of at least 2 positions"):
        Prediction.curve(**{**CURVE, **change})


def test_the_folded_answers_are_in_the_words_for_paper():
    widget = Prediction.curve(**CURVE, source="record x")
    assert "<details><summary>The recorded answer</summary>" in widget.fallback()
    assert "record x" in widget.fallback()


def test_a_small_position_is_written_out():
    labels = Prediction.curve(**{**CURVE, "x": [0.0, 1e-5]}).data["x"]
    assert labels == ["0", "0.00001"]
