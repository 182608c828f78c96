"""The code on the page about data runs as it stands."""

from __future__ import annotations

import re

import numpy as np
from project_files import ROOT

from relubook import datasets


def test_your_own_data_is_trained_on_as_the_page_says() -> None:
    page = (ROOT / "book" / "data.md").read_text("utf-8")
    whole = datasets.load("mnist-5k").subset(train=200, test=100)
    names = {
        "x_train": whole.train.x.reshape(-1, 28, 28).numpy(),
        "y_train": whole.train.y.numpy(),
        "x_test": whole.test.x.reshape(-1, 28, 28).numpy(),
        "y_test": whole.test.y.numpy(),
    }
    section = page.split("## Your own data")[1].split("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        exec(block, names)
    assert names["mine"].image_shape == (28, 28)
    errors = names["history"].at_best("test_error")
    assert errors.shape == (5,)
    assert np.all(errors < 0.5)
