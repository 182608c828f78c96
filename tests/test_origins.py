"""Where a figure's numbers come from stands below it, whole, and nothing in it can run."""

import re

import pytest

from relubook import experiments, records, symmetry
from relubook.records import origins

STEMS = records.stems()
HOSTILE = "<img src=x onerror=alert(1)>"


def words(fold: str) -> str:
    return re.sub(r"<[^>]*>", " ", fold)


def passport(**changed):
    made = {
        "version": "0.1.0", "commit": "0123456789abcdef", "dirty": False, "command": "relubook x",
        "started": "2026-01-02T03:04:05+00:00", "wall_time_s": 12.3, "device": "2 cores, a chip",
        "threads": 1, "versions": {"python": "3.12", "cuda": None}, "seeds": [0, 1, 2],
        "data": {"name": "norb", "sha256": "f" * 64},
    }  # fmt: skip
    return made | changed


def test_a_recorded_fold_says_all_that_is_needed_to_make_it_again():
    said = words(origins.recorded(passport()))
    for part in ("relubook x", "norb", "f" * 16, "3: 0, 1, 2", "2026-01-02", "12 s",
                 "2 cores, a chip", "relubook 0.1.0", "0123456789", "python 3.12"):  # fmt: skip
        assert part in said, part
    assert "cuda" not in said


def test_data_that_stands_in_for_the_papers_says_so():
    assert "fifty real toys" in words(origins.recorded(passport()))
    own = passport(data={"name": "mine", "sha256": "0" * 64})
    assert "beside the paper" not in words(origins.recorded(own))


def test_code_that_was_not_committed_is_told():
    assert "not committed" not in origins.recorded(passport())
    assert "not committed" in origins.recorded(passport(dirty=True))
    assert "commit not known" in origins.recorded(passport(commit=None, dirty=None))


@pytest.mark.parametrize("stale", [False, True])
def test_a_stale_record_is_marked(stale):
    assert ("stale" in origins.recorded(passport(), stale=stale)) == stale


def test_nothing_in_a_passport_becomes_an_element():
    bad = passport(
        version=HOSTILE, commit=HOSTILE, command=HOSTILE, device=HOSTILE, started=HOSTILE,
        versions={HOSTILE: HOSTILE}, seeds=[HOSTILE], data={"name": HOSTILE, "sha256": HOSTILE},
        training=[{"device": HOSTILE, "seconds": 1.0}],
    )  # fmt: skip
    for fold in (origins.recorded(bad), origins.live(bad, what=HOSTILE),
                 origins.calculated(symmetry.draw, source=HOSTILE)):  # fmt: skip
        assert set(re.findall(r"<(\w+)", fold)) <= {"details", "summary", "dl", "dt", "dd", "code"}


def test_two_live_runs_agree_in_all_that_lasts():
    later = passport(
        started="2027-01-01T00:00:00+00:00", wall_time_s=99.0, device="another", commit="fedcba",
        versions={"python": "3.13"}, version="9",
    )  # fmt: skip
    first, second = (origins.live(one, what="5 networks") for one in (passport(), later))
    assert first != second
    assert origins.lasting(first) == origins.lasting(second)
    assert "5 networks" in origins.lasting(first)
    for changed in ({"seeds": [7]}, {"data": {"name": "mnist", "sha256": "f" * 64}}):
        other = origins.live(passport(**changed), what="5 networks")
        assert origins.lasting(other) != origins.lasting(first)


def test_what_lasts_is_found_in_the_json_of_a_notebook_too():
    import json

    fold = origins.live(passport(), what="5 networks")
    assert json.loads(origins.lasting(json.dumps(fold))) == origins.lasting(fold)


def test_a_calculated_fold_names_a_function_that_is_there():
    said = words(origins.calculated(symmetry.draw, source="formulas"))
    assert "relubook.symmetry.draw" in said
    assert "formulas" in said
    assert "data and seeds none" in " ".join(said.split())


@pytest.mark.parametrize("stem", [s for s in STEMS if s.partition(".")[0] in experiments.NAMES])
def test_the_fold_of_each_shipped_record_names_its_command(stem):
    name, scale, data = stem.split(".")
    record = records.load(name, scale=scale, data=data)
    assert f"relubook reproduce {name} --scale {scale}" in experiments.origin(record)
    assert f"{name} on {data}" in experiments.origin(record, named=True)
