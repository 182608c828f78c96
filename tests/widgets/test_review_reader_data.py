"""What ReviewReader takes, computes, says on paper, and refuses, each with one sentence."""

import base64
import json
import math

import numpy as np
import pytest
import torch
from review_frames import PRAISE, reader_frame

from browser_support import run_node
from relubook import experiments
from relubook.networks import MLP
from relubook.widgets import ReviewReader
from relubook.widgets.bundle import HERE
from relubook.widgets.review_reader_data import MEASURED, NEEDED, NETWORK, account_of, tokens

READ = """
import {{ readFileSync }} from "node:fs";
import {{ carriedBy, readReview, reviewNetwork, strikeOut }} from {module};
const {{ data, texts }} = JSON.parse(readFileSync({file}, "utf8"));
const network = reviewNetwork(data);
console.log(JSON.stringify(texts.map((text) => {{
  const reading = readReview(network, text);
  const {{ seen, carried }} = strikeOut(network, reading, new Set());
  const [by_first, by_second] = seen.byUnit.map((values) => [...values]);
  const [first, second, logits] = [seen.first, seen.second, seen.logits].map((each) => [...each]);
  const {{ chances: probability, expected, slope, biases }} = seen;
  return {{ known: [...carried.keys()], carried: [...carried.values()], first, second, logits,
    probability, expected, slope, biases, by_first, by_second }};
}})));
"""


def read_there(folder, data, texts):
    """What the page's modules make of some texts."""
    file = folder / "asked.json"
    file.write_text(json.dumps({"data": data, "texts": texts}), encoding="ascii")
    module = (HERE / "review_network.mjs").as_uri()
    code = READ.format(module=json.dumps(module), file=json.dumps(str(file)))
    done = run_node("--input-type=module", "-e", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("review-reader", scale="smoke")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("asked")


def test_page_paper_and_torch_say_the_same_and_their_accounts_add_up(record, folder):
    for data in (reader_frame(), ReviewReader.from_record(record).data):
        texts = [each["text"] for each in data["examples"]]
        words = data["words"].split("\n")
        random = np.random.default_rng(5)
        texts += [" ".join(random.choice(words, size)) for size in (1, 3, 20, 200)]
        network = torch_of(data)
        for text, found in zip(texts, read_there(folder, data, texts), strict=True):
            paper = account_of(data, tokens(text))
            assert found["known"] == paper.known
            for name in found.keys() - {"known"}:
                np.testing.assert_allclose(found[name], getattr(paper, name), rtol=0, atol=1e-9)
            x = torch.zeros(1, 1, len(words), dtype=torch.float64)
            x[0, 0, [words.index(word) for word in paper.known]] = 1
            x.requires_grad_()
            logits = network(x)
            np.testing.assert_allclose(found["logits"], logits[0, 0].detach(), rtol=0, atol=1e-9)
            stars = torch.tensor(data["stars"], dtype=torch.float64)
            line = torch.linalg.lstsq(
                torch.stack([stars, torch.ones_like(stars)], 1), logits[0, 0, :, None]
            ).solution[0, 0]
            assert found["slope"] == pytest.approx(float(line.detach()), abs=1e-9)
            assert sum(found["carried"]) + found["biases"] == pytest.approx(
                found["slope"], abs=1e-9
            )
            slope = (stars - stars.mean()) / (stars - stars.mean()).square().sum()
            (gradient,) = torch.autograd.grad(logits[0, 0] @ slope, x)
            mine = gradient[0, 0, [words.index(word) for word in paper.known]]
            np.testing.assert_allclose(found["carried"], mine, rtol=0, atol=1e-9)


def torch_of(data):
    """The page's network, in float64."""
    sizes = (len(data["words"].split("\n")), data["width"], data["width"], len(data["stars"]))
    network = MLP(sizes, seeds=[0], dtype=torch.float64)
    with torch.no_grad():
        for place, layer in enumerate(network.stacked_layers(), start=1):
            codes = np.frombuffer(base64.b64decode(data[f"codes_{place}"]), dtype=np.int8)
            weight = codes.reshape(sizes[place - 1], -1) * np.array(data[f"scales_{place}"])
            bias = torch.tensor(data[f"bias_{place}"], dtype=torch.float64)
            layer.weight.copy_(torch.tensor(weight)[None])
            layer.bias.copy_(bias[None, None])
    return network


def test_striking_a_word_out_is_foretold_where_no_unit_turns(record, folder):
    data = ReviewReader.from_record(record).data
    text = data["examples"][0]["text"]
    whole = account_of(data, tokens(text))
    exact = 0
    for word, carries in zip(whole.known, whole.carried, strict=True):
        left = account_of(data, [other for other in whole.known if other != word])
        same = all(
            ((one > 0) == (other > 0)).all()
            for one, other in ((whole.first, left.first), (whole.second, left.second))
        )
        if same:
            exact += 1
            assert left.slope == pytest.approx(whole.slope - carries, abs=1e-9)
    assert exact


def test_an_empty_review_is_the_networks_biases_alone():
    data = reader_frame()
    empty, unknown = account_of(data, []), account_of(data, ["unheard", "__proto__"])
    np.testing.assert_array_equal(empty.logits, unknown.logits)
    assert empty.biases == pytest.approx(empty.slope, abs=1e-12)
    assert empty.known == []


def put(*path, value):
    """A change of one number deep in the data."""

    def change(data):
        *way, last = path
        for step in way:
            data = data[step]
        data[last] = value

    return change


def refused(change, sentence):
    data = reader_frame()
    change(data)
    with pytest.raises(ValueError, match=sentence):
        ReviewReader(data)


@pytest.mark.parametrize("name", [*NEEDED, *NETWORK])
def test_data_without_a_part_are_refused_by_its_name(name):
    refused(lambda data: data.pop(name), rf"^The `data` of ReviewReader must hold {name}\.")


@pytest.mark.parametrize("name", MEASURED)
def test_measurements_without_a_part_are_refused_by_its_name(name):
    refused(lambda data: data["measured"].pop(name), rf"`measured` .* must hold {name}\.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("words", value=""), r"single words in lower case. Got ''"),
        (put("words", value=7), r"different words, a line each"),
        (put("words", value="a\na"), r"different words, a line each"),
        (put("words", value="a b\nc"), r"single words in lower case. Got 'a b'"),
        (put("words", value="Good"), r"single words in lower case. Got 'Good'"),
        (put("words", value="not_good"), r"single words in lower case. Got 'not_good'"),
        (put("width", value=0), r"`width` .* from 1. Got 0"),
        (put("stars", value=[1.0]), r"`stars` .* 2 at least. Got \[1.0\]"),
        (put("stars", 0, value=10.0), r"`stars` .* must rise"),
        (put("shares", 0, value=-1.0), r"`shares` .* at least 0. Got -1"),
        (put("shares", value=[1.0]), r"`shares` .* 8 numbers. Got 1"),
        (put("mean_stars", value=math.nan), r"`mean_stars` .* Got nan"),
        (put("codes_1", value="AAAA"), r"`codes_1` .* 396 bytes. Got 3"),
        (put("codes_2", value="?"), r"`codes_2` .* must be base64"),
        (put("scales_3", 2, value=-1.0), r"`scales_3` .* Got -1"),
        (put("bias_2", 0, value=math.inf), r"`bias_2` .* finite. Got inf"),
        (put("bias_1", value=[0.0]), r"`bias_1` .* 12 numbers. Got 1"),
        (put("measured", "error", value="low"), r"`error` .* Got low"),
        (put("examples", value=[]), r"`examples` .* 1 at least"),
        (put("examples", 0, "name", value="a&b"), r"`name` of an example .* Got 'a&b'"),
        (put("examples", 1, "name", value="rave"), r"names of their own"),
        (lambda data: data["examples"][2].pop("text"), r"example of ReviewReader must hold text"),
    ],
)
def test_bad_data_are_refused(change, sentence):
    refused(change, sentence)


def test_an_example_that_is_not_there_is_refused():
    widget = ReviewReader(reader_frame())
    with pytest.raises(ValueError, match=r"`example` of ReviewReader must be one of rave, .*'own'"):
        widget.example = "own"
    widget.example = ""
    assert widget.example == ""


def test_a_record_makes_a_widget_that_a_page_can_hold(record):
    widget = ReviewReader.from_record(record, example="pan")
    assert json.loads(json.dumps(widget.data, allow_nan=False)) == widget.data
    assert widget.example == "pan"
    assert repr(widget).startswith("ReviewReader(")
    assert len(widget.html()) < 300_000


def test_on_paper_a_review_its_stars_and_its_words_stand():
    data = reader_frame()
    data["examples"][0]["text"] += " <img src=x onerror=alert(1)>"
    words = ReviewReader(data).fallback()
    assert "<img" not in words
    assert words.count("<td>") == 2 * len(data["stars"]) + 8 + 3
    assert any(f'<th scope="row">{word}</th>' in words for word in PRAISE)
    account = account_of(data, tokens(data["examples"][0]["text"]))
    assert f"Expected {account.expected:.1f} stars" in words
    assert "(no text)" in ReviewReader(data, example="empty").fallback()
