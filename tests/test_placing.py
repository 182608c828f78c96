import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relubook import experiments, placing, records
from relubook.cli import app

RECORDED = [0.40, 0.43, 0.41, 0.42, 0.44, 0.39, 0.42]


def _halves(record, order):
    """The record cut into two, as if each had been run with half of the seeds."""
    cut = len(order) // 2
    parts = []
    for chosen in (order[:cut], order[cut:]):
        arrays = {
            name: np.take(record.arrays[name], chosen, axis=axes.index("seeds"))
            for name, axes in placing._axes(record).items()
            if "seeds" in axes and record.arrays[name].shape[axes.index("seeds")] == len(order)
        }
        parts.append(replace(record, arrays={**record.arrays, **arrays}))
    return parts


def _with_ten_seeds():
    found = []
    for stem in records.stems():
        name, scale, data = stem.split(".")
        record = records.load(name, scale=scale, data=data)
        axes = placing._axes(record).values()
        if len(record.config.get("seeds", ())) >= 10 and any("seeds" in one for one in axes):
            found.append(record)
    return found


def test_halves_of_recorded_seeds_are_hardly_ever_called_a_bug():
    """Measured, not assumed: numbers of networks are not normal."""
    generator, called, judged = np.random.default_rng(0), 0, 0
    for record in _with_ten_seeds():
        order = generator.permutation(len(record.config["seeds"]))
        for one in placing.compare(*_halves(record, order)):
            judged += bool(one.places)
            called += bool(one.outside)
    assert judged > 150
    assert called / judged < 0.02


def test_an_error_that_is_twice_as_large_is_called_a_bug():
    record = records.load("table-1", scale="laptop", data="mnist")
    wrong = replace(record, arrays={**record.arrays, "test_error": 2 * record.arrays["test_error"]})
    found = {one.quantity: one for one in placing.compare(wrong, record)}
    assert len(found["test_error"].outside) == len(found["test_error"].places)
    assert not found["validation_error"].outside


def test_one_seed_that_failed_among_good_ones_is_no_bug():
    assert not placing.place([0.41, 0.42, 0.9, 0.40, 0.43], RECORDED).outside


def test_a_record_is_where_it_is_expected_to_be():
    record = records.load("initialization", scale="laptop", data="mnist")
    for one in placing.compare(record, record):
        assert one.places
        assert max(place.distance for place in one.places) < 1e-6


@given(st.floats(1e-3, 1e3), st.floats(0.2, 0.6))
def test_the_unit_does_not_matter(scale, value):
    first = placing.place([value], RECORDED)
    other = placing.place([scale * value], [scale * one for one in RECORDED])
    assert other.distance == pytest.approx(first.distance, rel=1e-6)


def test_more_comparisons_widen_the_interval():
    one, many = (placing.place([0.41], RECORDED, comparisons=k) for k in (1, 1000))
    assert many.low < one.low < one.high < many.high


def test_not_a_number_counts_as_not_there():
    assert placing.place([np.nan, 0.41], [*RECORDED, np.nan]) == placing.place([0.41], RECORDED)


def test_too_few_numbers_are_refused():
    with pytest.raises(ValueError, match=r"`values` of place must hold at least one finite"):
        placing.place([np.nan], RECORDED)
    with pytest.raises(ValueError, match=r"`recorded` of place must hold at least 5 .* Got 4"):
        placing.place([0.4], RECORDED[:4])


def test_equal_recorded_numbers_say_nothing_about_chance():
    record = records.load("at-rest", scale="laptop", data="mnist")
    arrays = {**record.arrays, "mean": np.ones_like(record.arrays["mean"])}
    found = placing.compare(record, replace(record, arrays=arrays))
    assert "mean" not in {one.quantity for one in found}


def test_other_settings_are_refused_by_name():
    record = records.load("initialization", scale="laptop", data="mnist")
    other = replace(record, config={**record.config, "width": 7})
    with pytest.raises(ValueError, match=r"The `width` of the run must be .* 1000\. Got 7"):
        placing.compare(other, record)
    with pytest.raises(ValueError, match=r"cannot be compared"):
        placing.compare(replace(record, data="norb"), record)


def test_seeds_of_ones_own_make_a_record_that_can_be_placed(tmp_path):
    own = experiments.reproduce("initialization", scale="smoke", seeds=range(50, 56))
    kept = experiments.reproduce("initialization", scale="smoke")
    assert list(own.config["seeds"]) == list(own.passport["seeds"]) == list(range(50, 56))
    assert "--seeds 50,51,52,53,54,55" in own.passport["command"]
    again = records.read(records.save(own, tmp_path))
    assert not any(one.outside for one in placing.compare(again, kept))


@pytest.mark.parametrize("seeds", [[], [1, 1], [-1, 2]])
def test_useless_seeds_are_refused(seeds):
    with pytest.raises(ValueError, match=r"The `seeds` of reproduce must be different whole"):
        experiments.reproduce("initialization", scale="smoke", seeds=seeds)


def test_the_command_line_places_a_record(tmp_path):
    def relubook(*words):
        return subprocess.run(
            [sys.executable, "-m", "relubook", *words], cwd=tmp_path, capture_output=True,
            text=True, check=False, env={"COLUMNS": "200", "PATH": ""},
        )  # fmt: skip

    made = relubook("reproduce", "initialization", "--data", "mnist-5k", "--seeds", "50:55")
    assert made.returncode == 0, made.stderr
    file = next((tmp_path / "relubook-records").glob("seeds-50-*/*.json"))
    record = records.read(file)
    shipped = records.load("initialization", scale="laptop", data="mnist")
    records.save(replace(record, data="mnist", config=shipped.config), tmp_path)
    found = relubook(
        "compare", "initialization", "--data", "mnist", "--mine",
        str(tmp_path / "initialization.laptop.mnist.json"),
    )  # fmt: skip
    assert "6 seeds of yours among 10 recorded ones." in found.stdout
    assert "as expected" in found.stdout
    refused = relubook("compare", "initialization", "--data", "mnist", "--mine", str(file))
    assert refused.returncode == 2
    assert "cannot be compared" in refused.stderr


@pytest.mark.parametrize("text", ["", "a", "1:2:3", "3,", "-1:4"])
def test_seeds_that_are_no_numbers_are_refused(text):
    from relubook.command_arguments import seeds_from

    with pytest.raises(ValueError, match=r"The seeds must be FIRST:LAST or such as 3,5,8"):
        seeds_from(text)


def test_the_command_is_offered():
    assert "compare" in {command.callback.__name__ for command in app.registered_commands}
