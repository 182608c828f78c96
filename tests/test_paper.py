"""The paper's numbers agree with each other, which a slip of the pen would break."""

import itertools
import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from relubook import paper
from relubook.claims.statistics import difference_z

NUMBERS = [
    number
    for table in (
        paper.TABLE_1,
        paper.TABLE_2,
        paper.EXACT_ZEROS,
        paper.ALPHA_SWEEP,
        paper.SIZES,
        paper.CLASSES,
        paper.PROTOCOL,
        paper.STATED,
        paper.SENTIMENT,
        paper.FIGURE_4,
    )
    for number in table.values()
]


def test_every_number_has_a_unit_and_a_page_of_the_paper():
    for number in NUMBERS:
        assert number.unit
        assert all(315 <= int(page) <= 323 for page in number.page.split("-"))


def test_every_number_is_the_value_of_its_text():
    for number in NUMBERS:
        factor = 1000 if number.text.endswith("k") else 1
        text = number.text.replace(",", "").removesuffix("k")
        assert number.value == float(Fraction(text)) * factor


def test_a_percentage_is_printed_with_the_papers_own_digits():
    assert str(paper.TABLE_1["rectifier", "mnist", "with"]) == "1.20 %"
    assert str(paper.PROTOCOL["l1"]) == "0.001"


def test_percentages_lie_between_0_and_100():
    assert all(0 <= number.value <= 100 for number in NUMBERS if number.unit == "%")


def test_table_1_has_a_cell_for_every_unit_data_set_and_pretraining():
    keys = set(itertools.product(paper.UNITS, paper.DATA, ("none", "with")))
    assert set(paper.TABLE_1) == keys


@pytest.mark.parametrize(
    ("unit", "gains"),
    [
        ("rectifier", (0.23, 0.90, -0.22, -0.06)),
        ("tanh", (0.41, 1.83, 0.57, 1.63)),
        ("softplus", (0.60, 3.68, 2.21, -1.51)),
    ],
)
def test_gains_from_pretraining_follow_from_table_1(unit, gains):
    for data, gain in zip(paper.DATA, gains, strict=True):
        without, with_it = (paper.TABLE_1[unit, data, way].value for way in ("none", "with"))
        assert without - with_it == pytest.approx(gain, abs=1e-9)


@pytest.mark.parametrize("data", paper.DATA)
def test_bold_cells_are_those_a_z_test_cannot_tell_from_the_best_of_their_column(data):
    column = {key: n.value / 100 for key, n in paper.TABLE_1.items() if key[1] == data}
    images = int(paper.SIZES[data, "test"].value)
    best = min(column.values())
    alike = {key for key, error in column.items() if difference_z(error, best, n=images) < 1.96}
    assert alike == {key for key in paper.TABLE_1_BOLD if key[1] == data}


def test_the_alpha_sweep_falls_steadily_to_the_rectifier_of_table_1():
    errors = [paper.ALPHA_SWEEP[alpha].value for alpha in sorted(paper.ALPHA_SWEEP)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == paper.TABLE_1["softplus", "norb", "none"].value
    assert paper.ALPHA_SWEEP[math.inf] == paper.TABLE_1["rectifier", "norb", "none"]


def test_figure_3_is_refitted_to_the_curve_that_the_paper_drew():
    points = paper.FIGURE_3.array()
    assert points.shape == (170, 2)
    refit = np.polynomial.Polynomial.fit(*points.T, deg=2)
    zeros = np.linspace(72, 100, 281)
    assert np.abs(refit(zeros) - paper.figure_3_curve(zeros)).max() < 0.01


@pytest.mark.parametrize(
    ("low", "high", "count", "mean", "least", "most"),
    [
        (72, 74.05, 7, 1.36, 1.26, 1.47),
        (74.05, 76, 36, 1.40, 1.29, 1.50),
        (76, 78.05, 13, 1.39, 1.30, 1.50),
        (78.05, 80, 19, 1.36, 1.27, 1.47),
        (80, 82.5, 14, 1.38, 1.26, 1.46),
        (82.5, 85, 10, 1.43, 1.22, 1.54),
        (85, 87.5, 12, 1.44, 1.37, 1.50),
        (87.5, 90, 15, 1.54, 1.36, 1.72),
        (90, 94, 10, 1.76, 1.65, 1.96),
        (94, 97, 18, 1.83, 1.67, 2.00),
        (97, 100, 16, 2.25, 2.07, 2.47),
    ],
)
def test_the_points_of_figure_3_fall_into_the_bins_counted_when_it_was_read(
    low, high, count, mean, least, most
):
    # They were counted before rounding to 0.1: the points now at 74.0 and 78.0 lay just below.
    zeros, error = paper.FIGURE_3.array().T
    chosen = error[(zeros >= low) & (zeros < high)]
    assert len(chosen) == count
    assert (chosen.min(), chosen.max()) == (least, most)
    assert chosen.mean() == pytest.approx(mean, abs=0.006)


def test_the_drawn_curve_of_figure_3_is_lowest_near_79_percent_zeros():
    square, slope, _ = (number.value for number in paper.FIGURE_3_CURVE)
    lowest = -slope / (2 * square)
    assert lowest == pytest.approx(79.4, abs=0.05)
    assert paper.figure_3_curve(np.array([lowest]))[0] == pytest.approx(1.353, abs=5e-4)


def test_the_stated_least_sparse_network_is_the_leftmost_point_of_figure_3():
    assert paper.STATED["figure_3_least_zeros"].value == min(paper.FIGURE_3.x)


def test_figure_3_agrees_with_table_1_at_the_sparsity_given_for_mnist():
    zeros, error = paper.FIGURE_3.array().T
    near = error[np.abs(zeros - paper.EXACT_ZEROS["mnist"].value) < 2]
    table = paper.TABLE_1["rectifier", "mnist", "none"].value
    assert abs(near.mean() - table) < 2 * near.std(ddof=1) / np.sqrt(len(near))


@pytest.mark.parametrize("unit", ["rectifier", "tanh"])
@pytest.mark.parametrize("pretraining", ["none", "with"])
def test_figure_4_ends_at_table_1_and_falls_with_more_labels(unit, pretraining):
    errors = [paper.FIGURE_4[unit, pretraining, share].value for share in paper.LABEL_SHARES]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == pytest.approx(paper.TABLE_1[unit, "norb", pretraining].value, abs=0.025)


@pytest.mark.parametrize(
    ("share", "labels"), list(zip(paper.LABEL_SHARES, (10, 50, 100, 150, 233.172), strict=True))
)
def test_label_shares_of_figure_4_are_round_numbers_of_images(share, labels):
    images = paper.SIZES["norb", "train"].value
    assert 100 * labels * 1000 / images == pytest.approx(share, abs=0.12)


def test_the_firing_rates_of_figure_1_rise_and_bend_over():
    current, rate = paper.FIGURE_1.array().T
    assert len(paper.FIGURE_1) == 9
    slopes = np.diff(rate) / np.diff(current)
    assert (slopes > 0).all()
    assert (np.diff(slopes) < 0).all()


def test_pretraining_is_worth_0_087_stars_to_the_deep_rectifier():
    without = paper.SENTIMENT["rmse_3_layers_without_pretraining"].value
    assert without - paper.TABLE_2["rectifier, 3 layers", "rmse"].value == pytest.approx(0.087)


def test_a_review_has_thirty_terms():
    terms = paper.SENTIMENT["vocabulary"].value * paper.SENTIMENT["terms_present"].value / 100
    assert terms == pytest.approx(30)


def test_norb_and_nistp_have_the_sizes_of_the_paper():
    split = {part: paper.SIZES["norb", part].value for part in ("train", "validation", "test")}
    assert split["train"] + split["validation"] == 291_600
    assert paper.SIZES["nistp", "train"].value == 81_920_000


def test_importing_the_papers_numbers_loads_no_torch():
    code = "import sys, relubook.paper; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
