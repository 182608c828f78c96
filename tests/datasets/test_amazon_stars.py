"""Amazon reviews as they were written, with stars."""

import contextlib
import lzma
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_images import damages
from tiny_reviews import amazon_records, compressed_lines

from relubook.datasets.texts import amazon, amazon_stars, bags
from relubook.datasets.values import SPLITS, digest

RECORDS = amazon_records()


def written(records):
    return amazon_stars.reviews({amazon_stars._FILE: compressed_lines(records)})


def numbers(parts):
    return digest(*(getattr(parts, name) for name in SPLITS))


def test_what_was_written_keeps_its_stars_and_its_domain():
    found = written(RECORDS)
    originals = {f"{r['title']}\n{r['text']}": r for r in RECORDS}
    for text, y, group in zip(found.texts, found.y, found.group, strict=True):
        record = originals[text]
        assert amazon_stars.AMAZON_STARS.classes[y] == str(int(record["stars"]))
        assert amazon.DOMAINS[group] == record["domain"]


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_what_was_written_changes_nothing(random):
    shuffled = random.sample(RECORDS, len(RECORDS))
    one, other = (bags.parts(amazon_stars.arrays(written(r))) for r in (RECORDS, shuffled))
    assert numbers(one) == numbers(other)


def test_every_domain_is_trained_and_tested_on_in_the_same_share():
    found = amazon_stars.read({amazon_stars._FILE: compressed_lines(RECORDS)})
    for split, count in ((found.train, 28), (found.validation, 4), (found.test, 8)):
        assert split.group.bincount().tolist() == [count] * 4
        positive = split.group[split.y >= 2].bincount()
        assert positive.tolist() == [count // 2] * 4


GOOD = RECORDS[0]


@pytest.mark.parametrize(
    ("record", "match"),
    [
        ({**GOOD, "stars": 3.0}, r"stars in line 2 .* one of \(1, 2, 4, 5\). Got '3.0'"),
        ({**GOOD, "stars": "5"}, "stars in line 2 .* Got '5'"),
        ({**GOOD, "domain": "music"}, "domain in line 2 .* Got 'music'"),
        ({**GOOD, "domain": 0}, "domain in line 2"),
        ({**GOOD, "title": None}, "title in line 2"),
        ({k: v for k, v in GOOD.items() if k != "text"}, "the key 'text' in line 2"),
        ([], "a JSON object in line 2 .* Got a list"),
    ],
)
def test_records_that_are_no_reviews_are_refused(record, match):
    with pytest.raises(ValueError, match=match):
        written([GOOD, record])


@settings(max_examples=30)
@given(damages(lzma.decompress(compressed_lines(RECORDS))))
def test_damaged_records_are_refused_or_read(damaged):
    with contextlib.suppress(ValueError):
        found = amazon_stars.reviews({amazon_stars._FILE: lzma.compress(damaged, preset=0)})
        assert set(found.y) <= {0, 1, 2, 3}


@pytest.mark.mirror
def test_the_written_reviews_have_the_known_stars():
    folder = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / amazon_stars.AMAZON_STARS.folder
    found = amazon_stars.read({amazon_stars._FILE: (folder / amazon_stars._FILE).read_bytes()})
    stars = sum(getattr(found, name).y.bincount() for name in SPLITS)
    assert stars.tolist() == [2421, 1579, 1121, 2879]
    assert found.train.group.bincount().tolist() == [1400] * 4
    few = bags.narrow(found)
    assert numbers(few).startswith("d08bb0b0f9910abc")
    assert few.train.x.values().numel() / len(few.train) / 5000 == pytest.approx(0.0152, rel=0.01)

    from text_models import accuracy, rating_error

    assert accuracy(few, positive=2) == pytest.approx(0.836, abs=0.01)
    error, baseline = rating_error(few, amazon_stars.AMAZON_STARS.classes)
    assert error == pytest.approx(1.24, abs=0.02)
    assert baseline == pytest.approx(1.73, abs=0.01)
