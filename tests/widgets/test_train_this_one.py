"""What the button asks of the kernel: real training of which only the latest request counts."""

import functools
import threading

import pytest
from widget_frames import explorer_data

from relubook.experiments.depth_and_l1 import train_frame
from relubook.widgets import L1Explorer
from relubook.widgets.latest import LatestWins

TINY = functools.partial(train_frame, scale="smoke")


def ask(widget, number, **wish):
    widget.request = {"id": number, **(wish or {"l1_index": 6, "depth": 2})}


@pytest.fixture
def data():
    return explorer_data()


def test_a_request_trains_real_networks_and_adds_one_frame(data):
    widget = L1Explorer(data, train=TINY)
    said = []
    widget.observe(lambda change: said.append(change["new"]), names="progress")
    ask(widget, 1)
    assert widget.jobs.wait(60.0)
    (frame,) = widget.live
    assert (frame["l1_index"], frame["depth"]) == (6, 2)
    assert len(frame["error"]) == len(frame["zeros"]) == 3
    assert all(0 <= z <= 100 for z in frame["zeros_by_layer"])
    assert widget.progress["text"].startswith("Trained here")
    assert {word["id"] for word in said} == {1}
    assert any(0 < word["done"] < word["total"] for word in said)


def test_the_same_request_gives_the_same_numbers(data):
    widget = L1Explorer(data, train=TINY)
    for number in (1, 2):
        ask(widget, number)
        assert widget.jobs.wait(60.0)
    first, second = ({k: v for k, v in f.items() if k != "seconds"} for f in widget.live)
    assert first == second


class Gate:
    """A training that waits inside until it is stopped or let go."""

    def __init__(self):
        self.inside, self.go, self.most, self.now = threading.Event(), threading.Event(), 0, 0

    def __call__(self, l1, depth, *, progress, stop):
        self.now += 1
        self.most = max(self.most, self.now)
        self.inside.set()
        while not (stop() or self.go.is_set()):
            self.go.wait(0.005)
        self.now -= 1
        progress(1, 1, f"late word of depth {depth}")
        return {"error": [1.0], "zeros": [1.0]}


def test_a_new_request_stops_the_one_before_and_only_the_latest_counts(data):
    gate = Gate()
    widget = L1Explorer(data, train=gate)
    ask(widget, 1, l1_index=0, depth=1)
    assert gate.inside.wait(5)
    for number in (2, 3, 4):
        ask(widget, number, l1_index=0, depth=number)
    gate.go.set()
    assert widget.jobs.wait(5.0)
    assert [frame["depth"] for frame in widget.live] == [4]
    assert widget.progress["id"] == 4
    assert gate.most == 1


def test_a_real_training_that_is_overtaken_leaves_no_frame(data):
    started = threading.Event()

    def train(l1, depth, *, progress, stop):
        def tell(*words):
            started.set()
            progress(*words)

        return train_frame(
            l1, depth, scale="laptop" if depth == 5 else "smoke", progress=tell, stop=stop
        )

    widget = L1Explorer(data, train=train)
    ask(widget, 1, l1_index=0, depth=5)
    assert started.wait(60)
    ask(widget, 2, l1_index=6, depth=1)
    assert widget.jobs.wait(60.0)
    assert [frame["depth"] for frame in widget.live] == [1]


def test_cancel_stops_and_nothing_more_is_heard(data):
    gate = Gate()
    widget = L1Explorer(data, train=gate)
    ask(widget, 1, l1_index=0, depth=1)
    assert gate.inside.wait(5)
    ask(widget, 2, cancel=True)
    assert widget.jobs.wait(5.0)
    assert widget.live == []
    assert "late word" not in widget.progress["text"]


def test_an_error_is_shown_as_its_sentence_and_the_next_request_works(data):
    answers = iter([ValueError("The `l1` must be at least 0. Got -1."), KeyError(), None])

    def train(l1, depth, *, progress, stop):
        error = next(answers)
        if error is not None:
            raise error
        return {"error": [1.0]}

    widget = L1Explorer(data, train=train)
    for number, said in ((1, "The `l1` must be at least 0. Got -1."), (2, "KeyError")):
        ask(widget, number)
        assert widget.jobs.wait(5.0)
        assert widget.progress["error"] == said
    ask(widget, 3)
    assert widget.jobs.wait(5.0)
    assert len(widget.live) == 1


def test_a_training_stopped_from_inside_adds_no_frame(data):
    widget = L1Explorer(data, train=lambda *_, **__: None)
    ask(widget, 1)
    assert widget.jobs.wait(5.0)
    assert widget.live == []


def test_without_a_trainer_a_request_does_nothing(data):
    widget = L1Explorer(data)
    ask(widget, 1)
    assert widget.jobs.wait(5.0)
    assert not widget.has_kernel
    assert widget.progress == {}


def test_a_job_that_never_started_can_be_waited_for():
    jobs = LatestWins(on_progress=print, on_result=print, on_error=print)
    assert jobs.wait(0.01)
    jobs.cancel()
