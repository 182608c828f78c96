"""What Denoiser takes, computes, says on paper, and refuses, each with one sentence."""

import json
import math

import numpy as np
import pytest
import torch
from denoiser_frames import NOISE, STRATEGIES, denoiser_data, frame

from browser_support import run_node
from relubook import experiments
from relubook.experiments.denoiser_rounding import Packed, unpacked
from relubook.widgets import Denoiser
from relubook.widgets.bundle import HERE
from relubook.widgets.denoiser_data import NEEDED, NETWORK, digit_of, restored_by

RUN = """
import {{ coderOf, restore }} from {module};
const {{ strategies, x, side, width }} = {asked};
const found = strategies.map((each) => restore(coderOf(each, each.output, side * side, width), x));
console.log(JSON.stringify(found.map(({{ h, out }}) => [[...h], [...out]])));
"""
NAMES = {"logistic": "cross-entropy"}  # others are called as their outputs


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("denoiser", scale="smoke")


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = denoiser_data()
    change(data)
    with pytest.raises(ValueError, match=sentence):
        Denoiser(data)


@pytest.mark.parametrize("name", NEEDED)
def test_data_without_a_part_are_refused_by_its_name(name):
    refused(lambda data: data.pop(name), rf"^The `data` of Denoiser must hold {name}\.")


@pytest.mark.parametrize("name", [*NETWORK, "errors", "output"])
def test_a_strategy_without_a_part_is_refused_by_its_name(name):
    refused(lambda data: data["strategies"][1].pop(name), rf"strategy 2 .* must hold {name}\.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("strategies", value=[]), r"1 at least"),
        (put("side", value=0), r"`side` .* at least 1. Got 0"),
        (put("digits", value="AAAA"), r"`digits` must be 1960 bytes. Got 3"),
        (put("digits", value="?"), r"`digits` must be base64"),
        (put("nothing", value=[1.0]), r"`nothing` must be 5 numbers. Got 1"),
        (put("strategies", 0, "output", value="tanh"), r"`output` .* Got 'tanh'"),
        (put("strategies", 3, "encoder_codes", value="AAAA"), r"`encoder_codes` .* Got 3"),
        (put("strategies", 3, "decoder_scales", 7, value=-1.0), r"`decoder_scales` .* Got -1"),
        (put("strategies", 2, "decoder_bias", 0, value=math.nan), r"`decoder_bias` .* Got nan"),
        (put("strategies", 2, "encoder_bias", value=[0.0]), r"`encoder_bias` .* 32 numbers. Got 1"),
        (put("strategies", 2, "half", 1, value=math.inf), r"`half` .* finite .* Got inf"),
    ],
)
def test_bad_data_are_refused(change, sentence):
    refused(change, sentence)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("digit", 10, "from 0 to 9. Got 10"),
        ("noise", 26, "from 0 to 90 in steps of 5. Got 26"),
        ("mask", 0, "from 1 to 9999. Got 0"),
        ("strategy", 4, "from 0 to 3. Got 4"),
    ],
)
def test_a_setting_that_is_not_there_is_refused(name, value, sentence):
    with pytest.raises(ValueError, match=rf"`{name}` of Denoiser must be {sentence}"):
        setattr(Denoiser(denoiser_data()), name, value)


def test_page_paper_and_package_give_back_the_same(record):
    data = Denoiser.from_record(record).data
    x = digit_of(data, 8)
    asked = {**{name: data[name] for name in ("strategies", "side", "width")}, "x": x.tolist()}
    module = json.dumps((HERE / "denoiser_network.mjs").as_uri())
    script = RUN.format(module=module, asked=json.dumps(asked))
    done = run_node("--input-type=module", "-e", script)
    assert done.returncode == 0, done.stderr
    for place, (h, out) in enumerate(json.loads(done.stdout)):
        output = STRATEGIES[place][1]
        numbers = [torch.from_numpy(record.arrays[name][place][None]) for name in NETWORK]
        packed = Packed(**{name: one.double() for name, one in zip(NETWORK, numbers, strict=True)})
        coder = unpacked(packed, NAMES.get(output, output))
        with torch.no_grad():
            batch = torch.from_numpy(x)[None, None]
            np.testing.assert_allclose(h, coder.code(batch)[0, 0], rtol=1e-9, atol=1e-12)
            np.testing.assert_allclose(out, coder(batch)[0, 0], rtol=1e-9, atol=1e-12)
        on_paper = restored_by(data["strategies"][place], output, x)
        np.testing.assert_allclose(out, on_paper, rtol=1e-9, atol=1e-12)


def test_a_record_makes_a_widget_and_a_wish_trains_four_networks(record):
    widget = Denoiser.from_record(record)
    assert json.loads(json.dumps(widget.data, allow_nan=False)) == widget.data
    errors = [each["error"] for each in widget.data["strategies"]]
    np.testing.assert_allclose(errors, record.arrays["restored_error"].mean(axis=2), atol=6e-4)
    assert widget.has_kernel
    widget.request = {"id": 1, "seed": 201}
    assert widget.jobs.wait(120.0)
    (live,) = widget.live
    assert (live["seed"], len(live["networks"])) == (201, 4)
    assert widget.progress["text"].startswith("Trained here in ")


def test_a_frame_that_the_page_cannot_run_is_refused_and_without_training_nothing_happens():
    def train(seed, *, progress, stop):
        spoiled = frame(seed)
        if seed == 1:
            spoiled["networks"].pop()
        else:
            spoiled["networks"][2]["decoder_codes"] = "AAAA"
        return spoiled

    widget = Denoiser(denoiser_data(), train=train)
    for seed, sentence in ((1, "one for each of 4 strategies. Got 3"), (2, "bytes. Got 3")):
        widget.request = {"id": seed, "seed": seed}
        assert widget.jobs.wait(10.0)
        assert sentence in widget.progress["error"]
    assert widget.live == []
    alone = Denoiser(denoiser_data())
    alone.request = {"id": 1, "seed": 1}
    assert (alone.has_kernel, alone.progress) == (False, {})


def test_on_paper_six_pictures_and_every_number_stand():
    words = Denoiser(denoiser_data(), digit=7, noise=50).fallback()
    assert words.count("<svg") == words.count("<figcaption>") == 6
    assert words.count("<td>") == 5 * len(NOISE)
    assert "Here a “7” with 50&nbsp;% of its pixels masked" in words
