"""Amazon reviews as published: lines of counts in an archive."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_images import damages
from tiny_reviews import amazon_archive, tar_bytes

from relubook.datasets import rows
from relubook.datasets.texts import amazon, bags
from relubook.datasets.values import SPLITS, digest

SIZES = {domain: 6 + number for number, domain in enumerate(amazon.DOMAINS)}
FILES = amazon_archive()


def published(files):
    contents = {"processed_acl.tar.gz": tar_bytes(files)}
    return bags.parts(amazon.arrays(contents, labelled=10, sizes=SIZES))


def with_first_line(path, line):
    rest = FILES[path].split(b"\n")[1:]
    return {**FILES, path: b"\n".join([line, *rest])}


def numbers(parts):
    return digest(*(getattr(parts, name) for name in SPLITS))


def test_every_domain_and_polarity_has_the_same_share_of_every_split():
    found = published(FILES)
    for split, size in ((found.train, 8), (found.validation, 2)):
        pairs = 2 * split.group + split.y
        assert pairs.bincount().tolist() == [size] * 8
    assert found.test.group.unique().tolist() == [0, 1, 2, 3]
    assert found.unlabelled is None


def test_counts_of_the_archive_stand_in_the_column_of_their_term():
    found = published(FILES)
    assert found.vocabulary[:2] == ("<num>", "very_good")  # in all reviews, in alphabetical order
    inputs = rows.dense(found.train.x)
    assert set(inputs[:, 0].tolist()) == {2.0}
    for number, domain in enumerate(amazon.DOMAINS):
        column = inputs[:, found.vocabulary.index(domain)]
        assert column.equal((found.train.group == number).float())
    assert "x" not in found.vocabulary


def test_terms_of_the_archive_are_ordered_by_how_many_reviews_have_them():
    found = published(FILES)
    whole = sum((rows.dense(getattr(found, name).x) > 0).sum(0) for name in SPLITS)
    assert whole.tolist() == sorted(whole.tolist(), reverse=True)


def test_a_term_that_a_line_names_twice_is_counted_twice():
    path = "processed_acl/dvd/unlabeled.review"
    found = published(with_first_line(path, b"plot:2 plot:3 #label#:negative"))
    assert rows.dense(found.test.x)[:, found.vocabulary.index("plot")].sum() == 5


def test_a_review_without_terms_is_a_row_of_zeros():
    found = published(with_first_line("processed_acl/dvd/unlabeled.review", b"#label#:positive"))
    assert (rows.dense(found.test.x).sum(1) == 0).sum() == 1


@settings(max_examples=5)
@given(st.permutations(FILES["processed_acl/books/positive.review"].splitlines()))
def test_the_order_of_lines_changes_nothing(lines):
    files = {**FILES, "processed_acl/books/positive.review": b"\n".join(lines)}
    assert numbers(published(files)) == numbers(published(FILES))


@pytest.mark.parametrize(
    ("line", "match"),
    [
        (b"good:1", "must be #label#:positive or #label#:negative at the end of line 1 of"),
        (b"good:1 #label#:neutral", "Got '#label#:neutral'"),
        (b"good #label#:positive", "a term, a colon and a count in line 1 of .* Got 'good'"),
        (b":3 #label#:positive", "Got ':3'"),
        (b"good:0 #label#:positive", "Got 'good:0'"),
        (b"good:-1 #label#:positive", "Got 'good:-1'"),
        (b"good:1e3 #label#:positive", "Got 'good:1e3'"),
        (b"good:99999999999 #label#:positive", "a term, a colon and a count"),
        ("good:² #label#:positive".encode(), "a term, a colon and a count"),
        (b"caf\xe9:1 #label#:positive", "UTF-8 in line 1 of processed_acl/dvd/positive.review"),
        (b"", "dvd/positive.review must hold 10 reviews. Got 9"),
        (b"a:1 #label#:positive\nb:1 #label#:positive", "must hold 10 reviews. Got 11"),
    ],
)
def test_lines_of_the_archive_that_are_no_counts_are_refused(line, match):
    with pytest.raises(ValueError, match=match):
        published(with_first_line("processed_acl/dvd/positive.review", line))


def test_an_archive_without_a_file_is_refused():
    files = {path: content for path, content in FILES.items() if "dvd/neg" not in path}
    with pytest.raises(ValueError, match=r"must hold processed_acl/dvd/negative\.review"):
        published(files)


def test_the_published_sizes_are_required_and_nothing_is_kept_otherwise(cache):
    contents = {"processed_acl.tar.gz": tar_bytes(FILES)}
    with pytest.raises(ValueError, match=r"positive\.review must hold 1,000 reviews\. Got 10"):
        amazon.read(contents)
    assert not (cache / "amazon").exists()


def test_what_is_read_is_kept(cache, monkeypatch):
    monkeypatch.setattr(amazon, "LABELLED", 10)
    monkeypatch.setattr(amazon, "SIZES", SIZES)
    contents = {"processed_acl.tar.gz": tar_bytes(FILES)}
    assert numbers(amazon.read(contents)) == numbers(amazon.read(contents))
    assert len(list((cache / "amazon").iterdir())) == 1


@settings(max_examples=30)
@given(damages(FILES["processed_acl/books/unlabeled.review"]))
def test_damaged_lines_of_the_archive_are_refused_or_read(damaged):
    with contextlib.suppress(ValueError):
        found = published({**FILES, "processed_acl/books/unlabeled.review": damaged})
        assert len(found.test) == sum(SIZES.values())
