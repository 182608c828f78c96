import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from relubook import cli, command_runs, datasets, experiments, records


def relubook(*arguments, cwd, wait=True):
    process = subprocess.Popen(
        [sys.executable, "-m", "relubook", *arguments],
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "160"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts what runs in the background deaf to Ctrl-C; children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    if not wait:
        return process
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_reproduce_saves_a_record_and_prints_paper_here_difference(tmp_path):
    code, out, err = relubook("reproduce", "figure-3", "--scale", "smoke", cwd=tmp_path)
    assert (code, err) == (0, "")
    for word in ("paper", "here", "difference", "lowest test error"):
        assert word in out
    folder = tmp_path / "relubook-records"
    records.load("figure-3", scale="smoke", data="mnist-5k", folder=folder)
    assert (folder / "figure-3.smoke.mnist-5k.png").stat().st_size > 10_000
    left = [path.name for path in (folder / "checkpoints").iterdir()]
    assert left == ["figure-3.smoke.mnist-5k.lock"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["reproduce", "figure-3x"], "Did you mean 'figure-3'"),
        (["reproduce", "figure-3", "--scale", "poster"], "Did you mean"),
        (["reproduce", "figure-3", "--data", "mnst"], "mnist"),
        (["reproduce", "figure-3", "--device", "tpu"], "must be auto, cpu or cuda"),
        (["reproduce", "figure-3", "--scale", "paper", "--data", "mnist"], "mnist-5k"),
        (["compare", "figure-3", "--scale", "smoke"], "There is no record"),
        (["fetch", "mnis"], "mnist"),
        (["reproduce", "figure-3", "--minutes", "0"], "minutes must be above 0. Got 0"),
        (["reproduce", "figure-3", "--networks", "0"], "must be at least 1. Got 0"),
        (["reproduce", "figure-3", "--only", "0:4"], "FIRST:LAST, counted from 1"),
        (["reproduce", "figure-3", "--only", "7"], "FIRST:LAST, counted from 1"),
        (["reproduce", "initialization", "--networks", "3"], "is not cut into chunks"),
        (["reproduce", "figure-3", "--engine", "magic"], "must be local or ray. Got 'magic'"),
        (["reproduce", "figure-3", "--address", "10.0.0.1:6379"], "give --engine ray with it"),
    ],
)
def test_a_wrong_word_is_answered_in_one_sentence(
    arguments, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("RELUBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["relubook", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert sentence in capsys.readouterr().err.replace("\n", " ")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["--help"], ["list", "reproduce", "fetch", "data", "claims", "compare", "report"]),
        (["--help"], ["relubook reproduce figure-3 --scale laptop"]),
        (["list"], experiments.NAMES),
        (["report"], experiments.NAMES),
        (["data"], [*datasets.NAMES, "embedded"]),
        (["data", "mnist"], ["differs: The paper's own set", "stand in: mnist-5k", "11.6 MB"]),
        (["fetch", "mnist-5k"], ["mnist-5k needs no file"]),
        (["claims"], ["plateau-to-85", "required", "holds"]),
    ],
)
def test_each_command_that_lists_shows_what_it_names(command, words, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr(sys, "argv", ["relubook", *command])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 0
    out = capsys.readouterr().out
    for word in words:
        assert word in out


def test_ctrl_c_keeps_a_state_from_which_the_same_command_goes_on(tmp_path):
    """Interrupt the longer of the small runs once its first checkpoint is there."""
    arguments = ("reproduce", "figure-3", "--scale", "laptop", "--data", "mnist-5k")
    patch = "import relubook.runs as r; r._SECONDS_BETWEEN_SAVES = 0.0; r._LARGEST_SHARE = 1\n"
    (tmp_path / "sitecustomize.py").write_text(patch)
    os.environ["PYTHONPATH"], before = str(tmp_path), os.environ.get("PYTHONPATH")
    try:
        process = relubook(*arguments, cwd=tmp_path, wait=False)
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before
    kept = tmp_path / "relubook-records" / "checkpoints" / "figure-3.laptop.mnist-5k" / "networks"
    deadline = time.monotonic() + 90
    while not list(kept.glob("running-*.npz")) and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The same command goes on from there" in err.replace("\n", " ")
    assert [path.name for path in kept.iterdir()] == ["running-0000-0079.npz"]


def test_a_scheduler_that_ends_the_job_keeps_a_state_and_a_second_run_waits_for_the_first(tmp_path):
    """SIGTERM does what Ctrl-C does; the run that waited goes on from what the first has left."""
    arguments = ("reproduce", "figure-3", "--scale", "smoke", "--networks", "1")
    code, _, err = relubook(*arguments, "--out", "whole", cwd=tmp_path)
    assert (code, err) == (0, "")
    first = relubook(*arguments, "--out", "ours", cwd=tmp_path, wait=False)
    kept = tmp_path / "ours" / "checkpoints" / "figure-3.smoke.mnist-5k"
    while not list(kept.glob("*/chunk-*.npz")) and first.poll() is None:
        time.sleep(0.002)
    second = relubook(*arguments, "--out", "ours", cwd=tmp_path, wait=False)
    said = second.stdout.readline()  # written at once, though its output is a pipe
    first.send_signal(signal.SIGTERM)
    _, err = first.communicate(timeout=60)
    rest, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert first.returncode in (130, 0)
    if first.returncode == 130:
        assert "What was trained is kept" in err.replace("\n", " ")
        assert "waiting until it ends" in said + rest
    whole, ours = (
        records.load("figure-3", scale="smoke", data="mnist-5k", folder=tmp_path / folder)
        for folder in ("whole", "ours")
    )
    for name, values in whole.arrays.items():
        np.testing.assert_array_equal(ours.arrays[name], values, err_msg=name)


def test_a_full_disk_is_told_with_what_to_do(tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["relubook", "reproduce", "figure-3", "--scale", "smoke"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "Make room, and give the same command" in said


def test_a_finished_run_deletes_its_own_checkpoints_only(tmp_path):
    kept = tmp_path / "checkpoints"
    (kept / "figure-3.laptop.mnist" / "networks").mkdir(parents=True)
    (kept / "figure-3.laptop.mnist-5k" / "networks").mkdir(parents=True)
    for name in ("mnist", "mnist-5k", "mnist.depth-1", "mnist-5k.depth-1"):
        (kept / f"figure-3.laptop.{name}.npz").touch()
    command_runs.clear(kept, "figure-3.laptop.mnist")
    left = sorted(path.name for path in kept.iterdir())
    assert left == [
        "figure-3.laptop.mnist-5k",
        "figure-3.laptop.mnist-5k.depth-1.npz",
        "figure-3.laptop.mnist-5k.npz",
    ]


def test_a_sweep_can_be_made_in_parts(tmp_path):
    """Two runs of some networks each equal one run of all; the second finds the first's chunks."""
    smoke = ("reproduce", "figure-3", "--scale", "smoke", "--device", "cpu", "--out")
    code, out, err = relubook(*smoke, "parts", "--networks", "2", "--only", "1:3", cwd=tmp_path)
    assert (code, err) == (0, "")
    assert "3 of 6 networks are finished. Their chunks are in" in out.replace("\n", " ")
    assert relubook(*smoke, "parts", "--only", "4:6", cwd=tmp_path)[0] == 0
    assert relubook(*smoke, "whole", cwd=tmp_path)[0] == 0
    parts, whole = (
        records.load("figure-3", scale="smoke", data="mnist-5k", folder=tmp_path / folder)
        for folder in ("parts", "whole")
    )
    for name, values in whole.arrays.items():
        np.testing.assert_array_equal(parts.arrays[name], values, err_msg=name)
    chunks = parts.passport["training"]
    assert [chunk["chunk"] for chunk in chunks] == [
        "networks/chunk-0000-0001", "networks/chunk-0002-0002", "networks/chunk-0003-0005",
        "pilot/chunk-0000-0001", "pilot/chunk-0002-0003", "pilot/chunk-0004-0005",
        "pilot/chunk-0006-0007", "pilot/chunk-0008-0009", "pilot/chunk-0010-0011",
    ]  # fmt: skip
    assert {chunk["device"] for chunk in chunks} == {"cpu"}
    assert all(0 <= chunk["seconds"] < 600 for chunk in chunks)
