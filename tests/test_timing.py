"""A race: who runs when, what is kept, what is restored. Never how long anything took."""

import numpy as np
import pytest
import torch

from relubook.timing import race

QUICK = {"rounds": 3, "seconds": 1e-4}


def logged(log, *names):
    """Contestants that write down when they are called."""
    return {name: (lambda name=name: log.append(name)) for name in names}


def turns(log):
    """The log without repetitions: who ran after whom."""
    return [name for before, name in zip([None, *log], log, strict=False) if name != before]


def test_each_contestant_has_one_positive_time_a_round():
    found = race(logged([], "first", "second"), **QUICK)
    assert list(found) == ["first", "second"]
    for times in found.values():
        assert times.shape == (3,)
        assert times.dtype == np.float64
        assert (times > 0).all()


def test_contestants_run_in_turns_and_every_second_round_goes_backward():
    log = []
    race(
        logged(log, "a", "b", "c"),
        **QUICK,
        progress=lambda done, total, text: log.append("|"),
    )
    assert "".join(turns(log)) == "abc" + "abc|" + "cba|" + "abc|"


def test_the_warm_up_does_not_count_and_fills_no_round():
    log = []
    with pytest.raises(RuntimeError, match="third call"):
        race({"a": lambda: _stops_at(log, 3)}, **QUICK)
    found = race({"a": lambda: log.append(1)}, **QUICK, stop=lambda: True)
    assert len(log) > 3
    assert found["a"].shape == (0,)


def _stops_at(log, number):
    log.append(1)
    if len(log) == number:
        raise RuntimeError("third call")


def test_progress_counts_rounds_to_the_end():
    calls = []
    race(logged([], "a"), **QUICK, progress=lambda *call: calls.append(call))
    assert [(done, total) for done, total, _ in calls] == [(1, 3), (2, 3), (3, 3)]
    assert calls[-1][2] == "round 3 of 3"


@pytest.mark.parametrize("asked", range(7))
def test_a_stopped_race_keeps_its_whole_rounds(asked):
    answers = iter([False] * asked + [True])
    found = race(logged([], "a", "b"), **QUICK, stop=lambda: next(answers, False))
    assert {len(times) for times in found.values()} == {asked // 2}


def test_a_race_takes_its_threads_and_gives_them_back():
    before, seen = torch.get_num_threads(), set()
    try:
        torch.set_num_threads(2)
        race({"a": lambda: seen.add(torch.get_num_threads())}, **QUICK)
        assert (seen, torch.get_num_threads()) == ({1}, 2)
        with pytest.raises(ZeroDivisionError):
            race({"a": lambda: 1 / 0}, **QUICK, threads=3)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"rounds": 0}, r"`rounds` of a race must be at least 1\. Got 0"),
        ({"threads": 0}, r"`threads` of a race must be at least 1\. Got 0"),
        ({"seconds": 0.0}, r"`seconds` of a race must be above 0 and finite\. Got 0"),
        ({"seconds": float("nan")}, r"`seconds` .* Got nan"),
        ({"seconds": float("inf")}, r"`seconds` .* Got inf"),
        ({"contestants": {}}, r"`contestants` of a race must be at least 1\. Got none"),
    ],
)
def test_a_race_that_cannot_be_run_is_refused_in_one_sentence(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        race(**{"contestants": {"a": lambda: None}, **QUICK, **changes})


@pytest.mark.gpu
def test_work_on_a_gpu_is_waited_for_before_the_next_one_runs():
    x, done, seen = torch.rand(4096, 4096, device="cuda"), torch.cuda.Event(), []

    def product():
        torch.mm(x, x)
        done.record()

    race({"product": product, "look": lambda: seen.append(done.query())}, **QUICK)
    assert all(seen)
