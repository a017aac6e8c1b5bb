"""Run folders: made whole or not at all, listed whatever state they are in."""

import errno
import json
import os
from pathlib import Path

import pytest

from tests.training.examples import new_run
from training.client import delete
from training.runs import Run, RunError, create_run, list_runs, runs_folder_of
from training.state import run_state


def test_runs_lie_beside_the_project():
    assert runs_folder_of("work/lenet.yaml") == Path("work/lenet.runs")


def test_a_new_run_holds_what_trains(tmp_path):
    run = create_run(tmp_path / "a.runs", project_text="kumitate: 1\n", model_text="x = 1\n")
    assert run.project_path.read_text() == "kumitate: 1\n"
    assert run.model_path.read_text() == "x = 1\n"
    assert run.damage() == ""
    assert run.title == run.name
    assert run_state(run).status == "created"


def test_runs_are_listed_newest_first_and_never_share_a_name(tmp_path):
    runs = [new_run(tmp_path) for _ in range(12)]
    assert list_runs(tmp_path / "example.runs") == list(reversed(runs))


def test_no_folder_means_no_runs(tmp_path):
    assert list_runs(tmp_path / "none.runs") == []


@pytest.mark.parametrize("missing", ["project.yaml", "model.py", "run.json"])
def test_a_half_written_folder_is_broken_and_says_so(tmp_path, missing):
    run = new_run(tmp_path)
    (run.folder / missing).unlink()
    assert list_runs(tmp_path / "example.runs") == [run]
    state = run_state(run)
    assert state.status == "broken"
    assert missing in state.message
    assert run.title == run.name


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 99}'])
def test_an_illegible_identity_is_broken(tmp_path, content):
    run = new_run(tmp_path)
    run.identity_path.write_text(content)
    assert run_state(run).status == "broken"
    with pytest.raises(RunError):
        run.rename("x")


def test_a_full_disk_leaves_no_half_run(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        new_run(tmp_path)
    assert list_runs(tmp_path / "example.runs") == []


def test_rename_and_delete(tmp_path):
    run = new_run(tmp_path)
    run.rename("  My best one ")
    assert Run(run.folder).title == "My best one"
    assert json.loads(run.identity_path.read_text())["format"] == 1
    delete(run)
    assert not run.folder.exists()
    assert run_state(run).status == "broken"


def test_a_control_file_that_makes_no_sense_means_to_train(tmp_path):
    run = new_run(tmp_path)
    assert run.read_command() == "train"
    run.control_path.write_text('{"command": "explode"}')
    assert run.read_command() == "train"
    run.write_command("pause")
    assert run.read_command() == "pause"


def test_the_last_words_are_the_end_of_the_log(tmp_path):
    run = new_run(tmp_path)
    assert run.last_words() == ""
    run.log_path.write_bytes(b"\xff begin\n" + b"x" * 20_000 + b"\nend\n\n")
    assert run.last_words(1) == "end"
