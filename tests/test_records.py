import json

import numpy as np
import pytest

from relubook import experiments, records
from relubook.records import origins

ARRAYS = {"error": np.linspace(0, 1, 6).reshape(2, 3), "seed": np.arange(3)}


def record(**changes) -> records.Record:
    fields = {
        "experiment": "figure-3",
        "scale": "smoke",
        "data": "mnist-5k",
        "digest": "d",
        "config": {"width": 3},
        "passport": {"commit": None},
        "arrays": ARRAYS,
    }
    return records.Record(**{**fields, **changes})


def reload(folder):
    return records.load("figure-3", scale="smoke", data="mnist-5k", folder=folder)


def test_a_record_comes_back_as_it_was(tmp_path):
    records.save(record(), tmp_path)
    back = reload(tmp_path)
    assert (back.digest, back.config, back.passport) == ("d", {"width": 3}, {"commit": None})
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(back.arrays[name], array)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "figure-3.smoke.mnist-5k.json",
        "figure-3.smoke.mnist-5k.npz",
    ]


def test_a_changed_number_is_refused(tmp_path):
    path = records.save(record(), tmp_path)
    np.savez(path.with_suffix(".npz"), **{**ARRAYS, "seed": np.arange(3) + 1})
    with pytest.raises(ValueError, match="is damaged"):
        reload(tmp_path)


def test_a_newer_format_is_refused(tmp_path):
    path = records.save(record(), tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": records.FORMAT + 1}))
    with pytest.raises(ValueError, match=r"newer format .* Install a newer relubook"):
        reload(tmp_path)


def test_a_missing_record_is_answered_with_the_nearest(tmp_path):
    records.save(record(), tmp_path)
    with pytest.raises(LookupError, match=r"The nearest are: figure-3\.smoke\.mnist-5k"):
        records.load("figure-3", scale="paper", data="mnist", folder=tmp_path)


def test_arrays_of_objects_are_never_written_or_read(tmp_path):
    with pytest.raises(ValueError, match=r"(?i)object"):
        records.save(record(arrays={"a": np.array([{}], dtype=object)}), tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("stem", records.stems())
def test_each_shipped_record_is_whole_current_and_has_its_passport(stem):
    name, scale, data = stem.split(".")
    shipped = records.load(name, scale=scale, data=data)
    for field in ("version", "commit", "command", "started", "device", "versions", "data"):
        assert shipped.passport[field], field
    assert shipped.passport["dirty"] is False
    assert len(shipped.passport["seeds"]) >= 5
    assert scale == "paper" or not experiments.is_stale(shipped)


def test_the_evidence_of_the_sparsity_chapter_is_shipped():
    needed = {"initialization.laptop.mnist", "figure-3.laptop.mnist", "depth-and-l1.laptop.mnist"}
    assert needed <= set(records.stems())


def test_figure_3_holds_at_least_sixty_networks_from_none_to_collapse():
    arrays = records.load("figure-3", scale="laptop", data="mnist").arrays
    assert len(arrays["l1"]) >= 60
    assert arrays["l1"].min() == 0
    assert (arrays["test_error"] > 0.5).any()


def test_a_run_that_went_on_says_that_its_time_is_that_of_its_last_part(tmp_path):
    """The record of a run that was cut is marked, that of a whole one is not."""

    class Cut(Exception):
        pass

    def cut(done: int, total: int, _: str) -> None:
        if 2 * done > total:
            raise Cut

    def run(folder, progress=None):
        return experiments.reproduce(
            "figure-4", scale="smoke", checkpoints=tmp_path / folder, progress=progress
        )

    with pytest.raises(Cut):
        run("cut", cut)
    resumed, whole = run("cut").passport, run("whole").passport
    assert resumed["resumed"] is True
    assert "resumed" not in whole
    assert "and what was trained before, to go on from" in origins.recorded(resumed)
    assert "trained before" not in origins.recorded(whole)
