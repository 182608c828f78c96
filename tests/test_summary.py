"""The table of the four benefits says what the claims say, digit by digit."""

import re

import numpy as np
import pytest

from relubook import claims, experiments, records
from relubook.claims import statistics, summary
from relubook.experiments.quartet import UNITS


@pytest.fixture(scope="module")
def table():
    return summary.four_benefits()


def test_every_benefit_has_the_verdict_of_its_claim(table):
    assert [row.claim for row in table.rows] == list(summary.BENEFITS)
    for row in table.rows:
        assert row.verdict == claims.judge(row.claim).verdict
        assert f"<strong>{row.verdict}</strong>" in table._repr_html_()


def test_every_number_is_the_mean_over_the_seeds_of_the_record(table):
    for row in table.rows:
        claim = claims.find(row.claim)
        record = records.load(claim.experiment, scale="laptop", data=claim.data)
        numbers = experiments.get(claim.experiment).metric(record.arrays)
        assert set(row.found) <= set(UNITS)
        assert "rectifier" in row.found
        for unit, estimate in row.found.items():
            assert estimate.n == 10
            assert estimate.value == pytest.approx(np.mean(numbers[unit]))
            assert f"<td>{estimate.value:.{row.decimals}f}<br>" in table._repr_html_()


def test_only_rectifiers_have_a_size_and_the_others_a_dash(table):
    (row,) = [row for row in table.rows if row.benefit == "variable size"]
    assert set(row.found) == {"rectifier"}
    assert table._repr_html_().count("<td>–<br>") == len(UNITS) - 1


def test_the_table_is_one_a_screen_reader_can_follow(table):
    shown = table._repr_html_()
    assert shown.count('<th scope="col">') == 3 + len(UNITS)
    assert shown.count('<th scope="row">') == len(table.rows)
    assert shown.startswith("<p>Mean over seeds")
    assert len(repr(table).splitlines()) == len(table.rows)


@pytest.mark.parametrize(
    ("value", "text"), [(53.04, "53.0"), (0.1923, "0.192"), (-0.32, "-0.320"), (412.7, "413")]
)
def test_three_digits_are_written(value, text):
    found = {"tanh": statistics.mean(np.array([value, value]))}
    row = summary.Row(benefit="b", claim="c", metric="m", found=found, verdict="holds")
    assert row.written("tanh") == (text, f"({text} to {text})")
    assert row.written("logistic") == ("–", "")
    assert re.fullmatch(r"-?\d+(\.\d+)?", text)
