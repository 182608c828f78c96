"""The claims about Table 1, and the table itself: arrays with known answers."""

import numpy as np
import pytest

from relubook import paper, records
from relubook.claims import Judgment
from relubook.claims import pretraining as claims
from relubook.claims import table_1 as shown
from relubook.claims.values import Verdict
from relubook.experiments.table_1_values import CELLS, UNITS
from support import invented_passport

SPREAD = np.linspace(-0.02, 0.02, 5)  # points, over the seeds
PAPERS = {cell: paper.TABLE_1[cell[0], "mnist", cell[1]].value for cell in CELLS}
BY_ID = {claim.id: claim for claim in claims.CLAIMS}


def arrays(cells=PAPERS, *, zeros=0.72, spread=SPREAD):
    """Five seeds of the six cells [%]."""
    error = np.array(
        [[cells[unit, start] + spread for start in ("none", "with")] for unit in UNITS]
    )
    share = np.zeros((3, 2, len(spread), 3))
    share[0] = zeros
    return {
        "test_error": error / 100,
        "diverged": np.full(error.shape, -1),
        "zeros": share,
        "last_loss": np.full(error.shape, 0.1),
        "test_examples": np.array(10_000),
    }


def verdict(name, found) -> Verdict:
    claim = BY_ID[name]
    return Judgment(claim=claim, parts=claim.test(found), scale="laptop").verdict


def test_the_papers_own_column_holds_where_it_says_so():
    found = arrays()
    names = ("rectifier-leads-unpretrained", "pretrained-alike", "rectifier-gains-least")
    assert [verdict(name, found) for name in names] == ["holds"] * 3


def test_the_papers_norb_column_shows_softplus_getting_worse():
    cells = {cell: paper.TABLE_1[cell[0], "norb", cell[1]].value for cell in CELLS}
    assert verdict("softplus-worse-in-stereo", arrays(cells)) == "holds"
    assert verdict("softplus-worse-in-stereo", arrays()) == "not here"


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("rectifier-leads-unpretrained", {("tanh", "none"): 1.3}, "partly"),
        ("rectifier-leads-unpretrained", {("rectifier", "none"): 2.0}, "not here"),
        ("pretrained-alike", {("tanh", "with"): 1.5}, "partly"),
        ("rectifier-gains-least", {("rectifier", "with"): 0.5}, "not here"),
    ],
)
def test_another_order_gets_another_verdict(name, cells, expected):
    assert verdict(name, arrays(PAPERS | cells)) == expected


def test_zeros_are_judged_by_the_papers_within_five_points():
    assert verdict("photographs-72-zeros", arrays(zeros=0.74)) == "holds"
    assert verdict("photographs-72-zeros", arrays(zeros=0.80)) == "partly"


def test_a_seed_that_diverged_counts_for_nothing():
    found = arrays()
    found["diverged"][0, 0, 2] = 3
    found["test_error"][0, 0, 2] = 0.9
    part, *_ = BY_ID["rectifier-leads-unpretrained"].test(found)
    assert part.estimate.n == 4
    assert part.estimate.value == pytest.approx(0.14)
    assert part.verdict == "undecided"


def record(found, data):
    return records.Record(
        experiment="table-1", scale="laptop", data=data, digest="0", config={},
        passport=invented_passport(data), arrays=found,
    )  # fmt: skip


def test_the_table_re_makes_the_papers_bold_cells_from_the_papers_means():
    for place in paper.DATA:
        cells = {cell: paper.TABLE_1[cell[0], place, cell[1]].value for cell in CELLS}
        found = arrays(cells, spread=np.zeros(5))
        found["test_examples"] = np.array(int(paper.SIZES[place, "test"].value))
        table = shown.table(record(found, place))
        entries = [row[0] for name, row in list(table.rows.items())[: len(CELLS)]]
        assert all(entry.bold[0] == entry.bold[1] for entry in entries), place


def test_the_table_says_here_and_there_side_by_side():
    table = shown.table(record(arrays(), "mnist"), record(arrays(), "norb"))
    html = table._repr_html_()
    assert html.count("<tr>") == 1 + len(CELLS) + len(UNITS) + 1
    assert "1.57 ± 0.02<br>1.57" in html
    assert "<strong>1.20 ± 0.02</strong><br><strong>1.20</strong>" in html
    assert "MNIST (5,000)" in html
    assert "gain, softplus: MNIST (5,000) 0.60 ± 0.00 (paper: 0.60)" in repr(table)


def test_a_table_of_other_records_is_refused():
    with pytest.raises(ValueError, match=r"must be records of table-1\. Got none"):
        shown.table()
