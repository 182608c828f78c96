import os
import signal

import pytest
import torch

from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from relubook.widgets import LiveRun
from support import blobs


def interrupt_after(run, epochs):
    """A progress callback that presses the stop button after some epochs."""

    def progress(done, total, text):
        run(done, total, text)
        if done == epochs:
            os.kill(os.getpid(), signal.SIGINT)

    return progress


def test_an_interrupt_ends_the_training_after_the_epoch_and_keeps_what_was_done():
    with LiveRun("one network") as run:
        progress = interrupt_after(run, 3)
        history = train(
            MLP((6, 8, 3)), blobs(), grid(), Schedule(epochs=9), progress=progress, stop=run.stopped
        )
    assert history.test_error.shape == (3, 1)
    assert "what was done is kept" in run._text.value


def test_a_second_interrupt_raises_and_the_old_handler_comes_back():
    before = signal.getsignal(signal.SIGINT)
    with LiveRun("nothing") as run:
        os.kill(os.getpid(), signal.SIGINT)
        assert run.stopped()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_number_of_threads_is_one_inside_and_as_before_outside():
    before = torch.get_num_threads()
    with LiveRun("nothing"):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_the_bar_says_what_is_done_and_left():
    with LiveRun("one network") as run:
        run(1, 4, "epoch 1 of 4")
        assert (run._bar.value, run._bar.max) == (1, 4)
        assert "epoch 1 of 4" in run._text.value
        assert "left" in run._text.value
    assert "done" in run._text.value


def test_a_run_tells_where_its_numbers_come_from():
    with LiveRun("five networks") as run:
        pass
    fold = run.origin("mnist-5k", [3, 1, 2])
    assert "five networks" in fold
    assert "mnist-5k, SHA-256" in fold
    assert "3: 1, 2, 3" in fold
    assert "stopped early" not in fold
    run.interrupted = True
    assert "five networks, stopped early" in run.origin(None, [0])
    assert "random numbers" in run.origin(None, [0])


def test_a_run_that_has_not_begun_has_no_origin():
    with pytest.raises(RuntimeError, match="once its `with` block has run"):
        LiveRun("nothing").origin(None, [0])
