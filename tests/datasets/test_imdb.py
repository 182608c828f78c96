"""IMDB: two editions, the same numbers; whatever is not a review with stars is refused."""

import contextlib
import lzma
import os
from pathlib import Path

import numpy as np
import pytest
import tiny_reviews
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_images import damages
from tiny_reviews import REVIEWS, compressed_lines, imdb_archive, imdb_lines, tar_bytes

from relubook.datasets.texts import bags, imdb
from relubook.datasets.values import digest

LINES = imdb_lines(REVIEWS[:40], REVIEWS[40:60], [text for text, _ in REVIEWS[60:80]])
ARCHIVE = imdb_archive(REVIEWS[:40], REVIEWS[40:60], [text for text, _ in REVIEWS[60:80]])


def parts(reviews):
    return bags.parts(imdb.arrays(reviews, validation=10))


@settings(max_examples=10)
@given(st.permutations(REVIEWS[:40]), st.permutations([text for text, _ in REVIEWS[60:80]]))
def test_both_editions_hold_the_same_reviews_whatever_their_order(train, unlabelled):
    archived = imdb.published(imdb_archive(train, REVIEWS[40:60], unlabelled))
    listed = imdb.lines(LINES)
    assert archived.train.texts == listed.train.texts
    assert archived.train.y.tolist() == listed.train.y.tolist()
    assert archived.test.texts == listed.test.texts
    assert archived.unlabelled == listed.unlabelled


def test_both_editions_give_the_same_numbers():
    one, other = parts(imdb.published(ARCHIVE)), parts(imdb.lines(LINES))
    assert digest(one.train, one.validation, one.test, unlabelled=one.unlabelled) == digest(
        other.train, other.validation, other.test, unlabelled=other.unlabelled
    )
    assert one.vocabulary == other.vocabulary


def test_the_last_training_reviews_are_kept_for_validation():
    found = parts(imdb.lines(LINES))
    assert (len(found.train), len(found.validation), len(found.test)) == (30, 10, 20)
    assert len(found.unlabelled) == 20
    y = imdb.lines(LINES).train.y.tolist()
    assert [*found.train.y.tolist(), *found.validation.y.tolist()] == y


def test_a_class_is_named_by_its_stars():
    rated = [(f"review {n}", n % 8) for n in range(16)]
    found = imdb.lines(imdb_lines(rated, rated, ["x"])).test
    for text, y in zip(found.texts, found.y, strict=True):
        stars = tiny_reviews.STARS[int(text.split()[1]) % 8]
        assert imdb.IMDB.classes[y] == str(stars)


def test_line_breaks_are_no_words():
    found = imdb.lines(imdb_lines([("one<br /><br />two\tthree ", 0)], [("x", 0)], ["y"]))
    assert found.train.texts == ("one two three",)


def test_what_was_read_is_kept(cache, monkeypatch):
    monkeypatch.setattr(imdb, "VALIDATION", 10)
    first, second = imdb.read_lines(LINES), imdb.read_lines(LINES)
    assert digest(first.train) == digest(second.train)
    assert digest(imdb.read_published(ARCHIVE).train) == digest(first.train)
    assert len(list((cache / "imdb").iterdir())) == 2


def test_too_few_training_reviews_are_refused():
    with pytest.raises(ValueError, match="more than 40 training reviews of imdb"):
        imdb.arrays(imdb.lines(LINES), validation=40)


GOOD = {"stars": 7, "text": "fine"}


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "xz"),
        (LINES["train.jsonl.xz"][:-30], "train.jsonl.xz"),
        (lzma.compress(b""), "one JSON object a line. It is empty"),
        (lzma.compress(b"\n\n"), "It is empty"),
        (lzma.compress(b'{"stars": 7, "text": "x"}\n\nnot json'), "JSON object in line 3 of train"),
        (lzma.compress(b"[" * 100_000), "nested too deep"),
        (lzma.compress(b"[1]"), "JSON object in line 1 of train.jsonl.xz. Got a list"),
        (
            lzma.compress(b'{"stars": 7, "text": "caf\xe9"}'),
            "UTF-8 in line 1 of .* Got the byte e9",
        ),
        (compressed_lines([GOOD, {"text": "x"}]), "the key 'stars' in line 2"),
        (compressed_lines([{"stars": 1}]), r"the key 'text' in line 1 .* Got \['stars'\]"),
        (compressed_lines([{**GOOD, "stars": 5}]), "stars in line 1 .* must be one of .* Got '5'"),
        (compressed_lines([{**GOOD, "stars": True}]), "Got 'True'"),
        (compressed_lines([{**GOOD, "stars": 7.0}]), "Got '7.0'"),
        (
            compressed_lines([{**GOOD, "text": 3}]),
            "text in line 1 of .* must be text that .* Got '3'",
        ),
        (compressed_lines([{**GOOD, "text": "\ud800"}]), "must be text"),
    ],
)
def test_lines_that_are_no_reviews_are_refused(content, match):
    with pytest.raises(ValueError, match=match):
        imdb.lines({**LINES, "train.jsonl.xz": content})


@pytest.mark.parametrize(
    ("path", "content", "match"),
    [
        ("aclImdb/train/pos/9_5.txt", b"x", "name aclImdb/train/pos/9_5.txt must be one of"),
        ("aclImdb/train/pos/9_7.txt", b"\xff", "UTF-8 in aclImdb/train/pos/9_7.txt"),
    ],
)
def test_an_archive_with_a_wrong_review_is_refused(path, content, match):
    with pytest.raises(ValueError, match=match):
        imdb.published({"aclImdb_v1.tar.gz": tar_bytes({path: content})})


def test_an_archive_without_a_part_is_refused():
    with pytest.raises(ValueError, match="reviews in the part test of imdb"):
        imdb.published(imdb_archive(REVIEWS[:3], [], ["x"]))


@settings(max_examples=40)
@given(damages(ARCHIVE["aclImdb_v1.tar.gz"]))
def test_a_damaged_archive_is_refused_or_holds_the_same(damaged):
    with contextlib.suppress(ValueError):
        found = imdb.published({"aclImdb_v1.tar.gz": damaged})
        assert found.test.texts == imdb.published(ARCHIVE).test.texts


@settings(max_examples=40)
@given(damages(LINES["test.jsonl.xz"]))
def test_damaged_lines_are_refused_or_hold_the_same(damaged):
    with contextlib.suppress(ValueError):
        found = imdb.lines({**LINES, "test.jsonl.xz": damaged})
        assert found.test.texts == imdb.lines(LINES).test.texts


@settings(max_examples=40)
@given(damages(lzma.decompress(LINES["train.jsonl.xz"])))
def test_lines_damaged_before_they_were_compressed_are_refused_or_read(damaged):
    with contextlib.suppress(ValueError):
        found = imdb.lines({**LINES, "train.jsonl.xz": lzma.compress(damaged, preset=0)})
        assert set(found.train.y) <= set(range(8))


@pytest.fixture(scope="module")
def labelled():
    """All 25,000 reviews to train and validate on; the other files hold one review each."""
    path = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / "imdb" / "train.jsonl.xz"
    return imdb.lines({**imdb_lines([], REVIEWS[:1], ["fine"]), path.name: path.read_bytes()}).train


@pytest.mark.mirror
def test_the_stars_have_the_known_counts(labelled):
    counts = np.bincount(labelled.y).tolist()
    assert counts == [5100, 2284, 2420, 2696, 2496, 3009, 2263, 4732]
    different = len(set(labelled.texts))
    assert different == 24_902


@pytest.mark.mirror
def test_no_text_is_both_trained_and_validated_on(labelled):
    first, last = labelled.texts[: -imdb.VALIDATION], labelled.texts[-imdb.VALIDATION :]
    both = len(set(first) & set(last))
    assert both == 0


@pytest.mark.mirror
def test_a_linear_model_learns_from_a_few_reviews(labelled):
    from text_models import accuracy, rating_error

    few = imdb.Reviews(
        train=labelled.take(np.arange(4_000)),
        test=labelled.take(np.arange(4_000, 6_000)),
        unlabelled=(),
    )
    found = bags.narrow(bags.parts(imdb.arrays(few, validation=1_000)))
    share = found.train.x.values().numel() / len(found.train) / bags.SERVED
    assert share == pytest.approx(0.024, abs=0.002)
    assert accuracy(found, positive=4) == pytest.approx(0.84, abs=0.03)
    error, baseline = rating_error(found, imdb.IMDB.classes)
    assert error == pytest.approx(2.55, abs=0.15)
    assert baseline == pytest.approx(3.49, abs=0.05)
