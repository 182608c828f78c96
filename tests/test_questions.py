import numpy as np
import pytest

from relubook import records
from relubook.questions import sparsity


def test_the_prediction_reveals_the_records_medians_inside_their_band():
    record = records.load("depth-and-l1", scale="laptop", data="mnist")
    recorded = sparsity.prediction(record).data["recorded"]
    low, high = recorded["band"]
    assert (np.array(low) <= recorded["value"]).all()
    assert (np.array(recorded["value"]) <= high).all()
    middle = np.median(100 * record.arrays["zeros"][2], axis=-1)
    assert recorded["value"] == pytest.approx(middle.tolist(), abs=0.06)
    assert record.stem in recorded["source"]


def test_no_feedback_is_given_twice():
    texts = [c["feedback"] for q in sparsity.quiz().data["questions"] for c in q["choices"]]
    assert len(texts) == len(set(texts)) >= 9
