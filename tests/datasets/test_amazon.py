"""Amazon reviews in three forms: as published, as 5,000 counts, and as they were written."""

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
from tiny_reviews import amazon_archive, amazon_records, compressed_lines, npz_bytes, tar_bytes

from relubook.datasets import amazon, amazon_5000, amazon_stars, bags, rows
from relubook.datasets.values import SPLITS, digest

SIZES = {domain: 6 + number for number, domain in enumerate(amazon.DOMAINS)}
FILES = amazon_archive()
ARRAYS = tiny_reviews.amazon_5000_arrays()
RECORDS = amazon_records()


def published(files):
    contents = {"processed_acl.tar.gz": tar_bytes(files)}
    return bags.parts(amazon.arrays(contents, labelled=10, sizes=SIZES))


def with_first_line(path, line):
    rest = FILES[path].split(b"\n")[1:]
    return {**FILES, path: b"\n".join([line, *rest])}


def five_thousand(arrays, **options):
    return amazon_5000.read({amazon_5000._FILE: npz_bytes(arrays, **options)})


def written(records):
    return amazon_stars.reviews({amazon_stars._FILE: compressed_lines(records)})


def numbers(parts):
    return digest(*(getattr(parts, name) for name in SPLITS))


@pytest.mark.parametrize("read", [lambda: published(FILES), lambda: five_thousand(ARRAYS)])
def test_every_domain_and_polarity_has_the_same_share_of_every_split(read):
    found = read()
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


def test_a_polarity_is_one_or_minus_one():
    found = five_thousand(ARRAYS)
    assert amazon_5000.AMAZON_5000.classes == ("negative", "positive")
    assert found.test.y.bincount().tolist() == [16, 20]
    flipped = {key: -value if key.endswith("_y") else value for key, value in ARRAYS.items()}
    unsigned = {**flipped, "dvd_test_y": flipped["dvd_test_y"].astype(np.int64)}
    assert five_thousand(unsigned).test.y.bincount().tolist() == [20, 16]


def test_the_vocabulary_names_every_column_once():
    terms = amazon_5000.vocabulary()
    assert len(set(terms)) == len(terms) == amazon_5000.WIDTH
    assert sum(term.startswith("(unknown") for term in terms) == 3
    assert max(len(term.split()) for term in terms if not term.startswith("(")) == 2


def replaced(key, value):
    return {**ARRAYS, key: value(ARRAYS[key].copy())}


def put(place, number):
    def change(array):
        array[place] = number
        return array

    return change


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        ({**ARRAYS, "dvd_test_y": np.array([], np.int8)}, "each of 9 rows. Got 0 numbers"),
        (replaced("dvd_test_y", put(3, 0)), "dvd_test_y .* 1 of them 0"),
        (replaced("dvd_test_y", put(3, 2)), "dvd_test_y .* from -1 to 1. Got 2 at place 3"),
        (replaced("dvd_test_data", put(0, 0)), "dvd_test_data .* Got 0 at place 0"),
        (replaced("dvd_test_indices", put(0, 5000)), "from 0 to 4999. Got 5000 at place 0"),
        (replaced("dvd_test_indices", put(1, 0)), "no compressed rows"),
        (replaced("dvd_test_indptr", put(1, 9999)), "dvd_test_indptr .* Got 9999 at place 1"),
        (replaced("dvd_test_indptr", put(2, 0)), "no compressed rows"),
        (replaced("dvd_test_indptr", lambda a: a[:-1]), "no compressed rows"),
        (replaced("dvd_test_indptr", lambda a: a[:0]), "tell where rows begin|compressed rows"),
        (replaced("dvd_test_data", lambda a: a[:-1]), "no compressed rows|from 0 to"),
        (replaced("dvd_test_data", lambda a: a / 2), "a list of whole numbers. .* of float64"),
        (replaced("dvd_test_indices", lambda a: a[None]), "a list of whole numbers"),
        ({k: v for k, v in ARRAYS.items() if k != "kitchen_train_y"}, "hold kitchen_train_y.npy"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(arrays, match):
    with pytest.raises(ValueError, match=match):
        five_thousand(arrays)


def test_arrays_that_would_be_unpickled_are_refused():
    objects = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match=r"must hold numbers or texts\. It holds object"):
        five_thousand({**ARRAYS, "dvd_test_y": objects}, pickled=True)


@settings(max_examples=40)
@given(damages(npz_bytes(ARRAYS)))
def test_a_damaged_npz_is_refused_or_holds_the_same(damaged):
    with contextlib.suppress(ValueError):
        found = amazon_5000.read({amazon_5000._FILE: damaged})
        assert numbers(found) == numbers(five_thousand(ARRAYS))


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


def mirrored(entry):
    """What an entry's file in the mirror holds."""
    folder = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / entry.folder
    (edition,) = entry.editions
    return edition.read({f.name: (folder / f.name).read_bytes() for f in edition.files})


@pytest.fixture(scope="module")
def counts():
    """The 27,677 reviews."""
    return mirrored(amazon_5000.AMAZON_5000)


@pytest.mark.mirror
def test_every_domain_has_the_known_sizes(counts):
    assert counts.train.group.bincount().tolist() == [1600] * 4
    assert counts.validation.group.bincount().tolist() == [400] * 4
    assert counts.test.group.bincount().tolist() == list(amazon.SIZES.values())
    assert counts.test.y.bincount().tolist() == [9795, 9882]
    assert counts.train.y.bincount().tolist() == [3200, 3200]
    assert counts.test.x.values().numel() / len(counts.test) / 5000 == pytest.approx(
        0.0153, rel=0.01
    )


@pytest.mark.mirror
def test_columns_are_ordered_by_the_number_of_reviews_that_have_the_term(counts):
    columns = np.concatenate([getattr(counts, name).x.col_indices().numpy() for name in SPLITS])
    having = np.bincount(columns, minlength=amazon_5000.WIDTH)
    assert (np.diff(having) <= 0).all()


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("group", "published_accuracy"),
    [(0, 0.826), (1, 0.817), (2, 0.861), (3, 0.877)],
    ids=amazon.DOMAINS,
)
def test_logistic_regression_in_a_domain_is_as_accurate_as_known(counts, group, published_accuracy):
    from text_models import accuracy

    found = accuracy(bags.narrow(counts), positive=1, group=group)
    assert found == pytest.approx(published_accuracy, abs=0.015)


@pytest.mark.mirror
def test_the_written_reviews_have_the_known_stars():
    found = mirrored(amazon_stars.AMAZON_STARS)
    stars = sum(getattr(found, name).y.bincount() for name in SPLITS)
    assert stars.tolist() == [2421, 1579, 1121, 2879]
    assert found.train.group.bincount().tolist() == [1400] * 4
    few = bags.narrow(found)
    assert few.train.x.values().numel() / len(few.train) / 5000 == pytest.approx(0.0152, rel=0.01)

    from text_models import accuracy, rating_error

    assert accuracy(few, positive=2) == pytest.approx(0.836, abs=0.01)
    error, baseline = rating_error(few, amazon_stars.AMAZON_STARS.classes)
    assert error == pytest.approx(1.24, abs=0.02)
    assert baseline == pytest.approx(1.73, abs=0.01)
