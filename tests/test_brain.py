"""Numbers about brains come from articles that the book cites; pictures say what they hold."""

import re

import pytest
from project_files import ROOT

from relubook import brain, paper

NETWORKS = {"before training": 50.0, "trained": 14.0}


def test_every_estimate_is_a_range_with_a_reference():
    cited = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    for one in brain.ACTIVE_SHARES:
        assert 0 <= one.low < one.high <= 100
        assert f"{{{one.citekey}," in cited
        assert f"{one.high:g} %" in one.words


def test_the_papers_range_is_that_of_its_page():
    (own,) = [one for one in brain.ACTIVE_SHARES if one.citekey == paper.CITEKEY]
    assert (own.low, own.high) == (1, 4)
    assert f"page {paper.STATED['brain_active_low'].page}" in own.source


def test_no_budget_spends_more_than_there_is():
    for budget in brain.ENERGY_BUDGETS.values():
        assert 95 <= sum(budget.values()) <= 100


def test_a_network_stands_in_the_picture_at_its_share():
    fig = brain.draw_active(NETWORKS)
    points = [line for line in fig.axes[0].lines if line.get_marker() == "o"]
    assert [float(point.get_xdata()[0]) for point in points] == list(NETWORKS.values())


def test_the_pictures_words_hold_every_number():
    words = brain.describe_active(NETWORKS)
    assert all(one.words in words for one in brain.ACTIVE_SHARES)
    assert all(f"{name}: {share:.0f} %" in words for name, share in NETWORKS.items())
    shares = [f"{share:.0f} %" for b in brain.ENERGY_BUDGETS.values() for share in b.values()]
    assert all(share in brain.describe_energy() for share in shares)


def test_every_part_of_a_budget_is_drawn_and_named():
    ax = brain.draw_energy().axes[0]
    texts = [text.get_text() for text in ax.texts]
    for budget in brain.ENERGY_BUDGETS.values():
        assert {f"{share:.0f}" for share in budget.values()} <= set(texts)
        assert set(budget) <= set(texts)


@pytest.mark.parametrize("share", [0.0, -1.0, 101.0, float("nan")])
def test_a_share_that_is_none_is_refused(share):
    words = re.escape(f"The share of trained must be above 0 and at most 100. Got {share}.")
    with pytest.raises(ValueError, match=words):
        brain.draw_active({"trained": share})
