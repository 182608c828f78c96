"""Sentences about reviews: arrays with known answers get the verdict they deserve."""

import itertools

import numpy as np
import pytest

from relubook import claims, records
from relubook.claims import table_2, text, text_words
from relubook.claims import text_words_measures as words
from relubook.experiments.amazon_values import KINDS
from relubook.experiments.representation_values import NETWORKS as READERS
from relubook.experiments.table_2_values import CELLS, NETWORKS, place
from support import invented_passport

ALL = {claim.id: claim for claim in (*text.CLAIMS, *text_words.CLAIMS)}
FOLDS = 5
LINEAR, ONE, THREE, TANH = NETWORKS
WOBBLE = np.array([-2, -1, 0, 1, 2.0])


def table(errors, zeros=(29.0, 54.0)):
    """Arrays of a "table-2" with these errors by cell [star] and zeros by layer count [%]."""
    shape = (len(NETWORKS), 2, FOLDS)
    arrays = {
        "test_error": np.full(shape, np.nan), "diverged": np.full(shape, -1),
        "zeros": np.full((*shape, 3), np.nan), "input_zeros": np.array(0.994),
        "guess_error": np.full(FOLDS, 1.1), "counts": np.array([100, 50, 80]),
    }  # fmt: skip
    for number, cell in enumerate(CELLS):
        arrays["test_error"][place(*cell)] = errors[cell] + 0.001 * np.roll(WOBBLE, number)
    for name, share in zip((ONE, THREE), zeros, strict=True):
        arrays["zeros"][place(name, "with")] = (share + WOBBLE[:, None]) / 100
        arrays["zeros"][place(name, "none")] = 0.5
    arrays["zeros"][place(TANH, "with")] = arrays["zeros"][place(TANH, "none")] = 0.0
    return arrays


def like_the_paper(**changes):
    errors = dict(zip(CELLS, (0.885, 0.85, 0.807, 0.833, 0.746, 0.80, 0.774), strict=True))
    return table(errors | changes.pop("errors", {}), **changes)


def domains(accuracy, regression=85.0):
    """Arrays of an "amazon" by kind and budget [%]: (in the domain, across)."""
    error = np.zeros((len(KINDS), 2, 4, 4, FOLDS))
    for (row, kind), budget in itertools.product(enumerate(KINDS), (0, 1)):
        own, other = accuracy[kind][budget]
        rates = np.where(np.eye(4, dtype=bool), own, other)[..., None] + 0.1 * np.roll(WOBBLE, row)
        error[row, budget] = 1 - rates / 100
    return {
        "test_error": error,
        "diverged": np.full((len(KINDS), 2, 4, FOLDS), -1),
        "regression_error": np.full(4, 1 - regression / 100),
    }


def amazon(**changes):
    accuracy = dict.fromkeys(KINDS, ((70.0, 65.0), (80.0, 70.0)))
    accuracy |= {(name, "with"): ((79.0, 72.0), (84.0, 78.0)) for name in (THREE, TANH)}
    return domains(accuracy | changes)


def vocabularies(change):
    """Arrays of a "representation" whose error at 25,000 terms is so much of that at 5,000."""
    shape = (len(READERS), 2, 3, FOLDS)
    error = np.broadcast_to(np.array([1.1, 1.0, 1.0])[:, None], shape) + 1e-4 * WOBBLE
    error[:, :, 2] *= 1 + change + 1e-4 * np.roll(WOBBLE, 1)
    return {"test_error": error, "diverged": np.full(shape, -1)}


def verdict(name, arrays):
    claim = ALL[name]
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def test_the_papers_own_numbers_would_hold():
    for name in ("text-layers-help", "text-pretraining-helps", "text-tanh-behind",
                 "text-zeros-grow"):  # fmt: skip
        assert verdict(name, like_the_paper()) == "holds", name


def test_each_sentence_falls_with_its_own_number():
    worse = like_the_paper(errors={(THREE, "with"): 0.9})
    assert verdict("text-layers-help", worse) == "partly"
    assert verdict("text-pretraining-helps", worse) == "not here"
    assert verdict("text-tanh-behind", worse) == "not here"
    assert verdict("text-zeros-grow", like_the_paper(zeros=(60.0, 54.0))) == "partly"


def test_a_difference_within_the_spread_of_folds_is_undecided():
    alike = like_the_paper(errors={(THREE, "with"): 0.8331})
    assert verdict("text-pretraining-helps", alike) == "undecided"


def test_a_diverged_fold_is_left_out_and_four_do_not_decide():
    arrays = like_the_paper()
    arrays["diverged"][place(THREE, "with")] = [0, -1, -1, -1, -1]
    assert verdict("text-pretraining-helps", arrays) == "undecided"


def test_amazon_needs_the_number_before_it_and_a_linear_model_can_spoil_it():
    for name in ("amazon-beats-earlier-best", "amazon-beats-linear", "text-few-labels-gain-more",
                 "pretraining-crosses-domains"):  # fmt: skip
        assert verdict(name, amazon()) == "holds", name
    low = amazon(**{}) | domains(
        dict.fromkeys(KINDS, ((70.0, 65.0), (84.0, 78.0)))
        | {(LINEAR, "none"): ((71.0, 65.0), (86.0, 78.0))}
    )
    assert verdict("amazon-beats-earlier-best", low) == "not here"
    assert verdict("amazon-beats-linear", low) == "not here"
    assert verdict("pretraining-crosses-domains", low) == "undecided"


@pytest.mark.parametrize(
    ("change", "expected"), [(0.0, "holds"), (-0.015, "holds"), (-0.05, "not here")]
)
def test_a_vocabulary_may_change_the_error_by_so_much(change, expected):
    assert verdict("larger-vocabulary", vocabularies(change)) == expected
    assert words.MARKED < 5


def test_the_table_has_the_papers_column_and_one_for_each_record():
    made = records.Record(
        experiment="table-2", scale="laptop", data="imdb", digest="", config={},
        passport=invented_passport("imdb"), arrays=like_the_paper(),
    )  # fmt: skip
    found = table_2.table(made, made)
    assert found.titles[0] == "the paper, OpenTable"
    assert len(found.titles) == 3
    assert list(found.rows)[-1] == "always the mean"
    assert found.rows["rectifier, 3 layers, pretrained"][0] == ("0.746 ± 0.004", "53.9")
    assert found.rows["rectifier, 3 layers, pretrained"][1][0].startswith("0.746 ± ")
    assert found.rows["rectifier, 3 layers"][0][0] == "at best 0.833"
    html = found._repr_html_()
    assert html.count("<tr>") == 1 + len(found.rows)
    assert "54.0" in repr(found)
    with pytest.raises(ValueError, match="must be records of table-2"):
        table_2.table()
