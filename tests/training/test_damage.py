"""Damaged run folders: whatever is wrong is said in plain words, never with a traceback."""

import errno
import json
import os
import shutil
import socket
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.dataset import SPLIT_NAMES
from tests.training.examples import new_run
from tests.training.sessions import Session, after
from training import client
from training.control import Control
from training.evaluations import Evaluation
from training.events import EventReader, EventWriter
from training.export import export_run
from training.history import History
from training.messages import Failed
from training.processes import EXIT_CANNOT_WRITE, ProcessRecord
from training.runs import Run, RunError, list_runs
from training.state import ACTIVE, RunFollower, run_state
from training.worker import main


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A run that was saved in epoch 2, went on, and was killed; its report is of an epoch before.

    All files are there that a run can have.
    """
    run = new_run(tmp_path_factory.mktemp("killed"), epochs=1)
    with EventWriter(run.events_path) as events:
        for epochs, answer in ((1, None), (3, after(2, 17, "stop")), (3, after(3, 5, "stop"))):
            run.set_epochs(epochs)
            session = Session(run, answer, resume=epochs > 1)
            assert session.failed is None
            for message in session.messages:
                events.write(message)
    # Without the goodbye of the last session, it was not one.
    lines = run.events_path.read_bytes().splitlines(keepends=True)
    run.events_path.write_bytes(b"".join(lines[:-1]))
    ProcessRecord(os.getpid(), 1.0, socket.gethostname(), 1.0).write(run.worker_path)
    run.exit_path.write_text('{"code": -9}')
    run.log_path.write_text("Killed\n")
    evaluation = Evaluation(run, "test")
    ProcessRecord(os.getpid(), 1.0, socket.gethostname(), 1.0).write(evaluation.worker_path)
    state = run_state(run)
    assert (state.status, state.epoch, state.batch) == ("died", 3, 5)
    assert evaluation.state().status == "done"
    return run


@pytest.fixture
def run(killed, tmp_path):
    """A copy of it to be damaged, between two whole ones."""
    runs = tmp_path / "example.runs"
    for name in ("a", "b", "c"):
        shutil.copytree(killed.folder, runs / name)
    return Run(runs / "b")


def remove(run, name):
    (run.folder / name).unlink()


def cut(run, name):
    path = run.folder / name
    path.write_bytes(path.read_bytes()[:-30])


def empty(run, name):
    (run.folder / name).write_bytes(b"")


def garble(run, name):
    (run.folder / name).write_bytes(b"\xff\xfe\x00nonsense{" * 20)


def make_folder(run, name):
    remove(run, name)
    (run.folder / name).mkdir()


DAMAGES = (remove, cut, empty, garble, make_folder)
FILES = (
    "project.yaml",
    "model.py",
    "run.json",
    "events.jsonl",
    "worker.json",
    "exit.json",
    "control.json",
    "worker.log",
    "environment.json",
    "checkpoints/last.state",
    "checkpoints/last.safetensors",
    "checkpoints/best.safetensors",
    "evaluation/test.json",
    "evaluation/test.worker.json",
)
BROKEN = {"project.yaml", "model.py", "run.json"}
"""Without these it is no run."""


def look(run):
    """Ask everything that a window asks of every run; none of it may raise."""
    assert run in list_runs(run.folder.parent)
    follower = RunFollower(run)
    follower.state()
    state = follower.state()
    assert run.title
    run.last_words()
    run.read_command()
    history = History()
    history.add(EventReader(run.events_path).poll())
    history.remaining()
    for split in SPLIT_NAMES:
        evaluation = Evaluation(run, split).state()
        assert bool(evaluation.message) == (evaluation.status == "failed")
    return state


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_listed_and_says_where_it_stands(run, damage, name):
    damage(run, name)
    state = look(run)
    is_gone = damage in (remove, make_folder)
    if name in BROKEN and (is_gone or name == "run.json"):
        assert state.status == "broken"
        assert name in state.message
        assert str(run.folder) in state.message
        assert "start a new one" in state.message
        with pytest.raises(RunError, match=name):
            client.start(run, resume=True)
        client.delete(run)
        assert not run.folder.exists()
    else:
        assert state.status in ("died", "stopped")
        assert state.message
        assert state.can_resume
    for neighbour in ("a", "c"):
        assert look(Run(run.folder.parent / neighbour)).status == "died"


def test_a_run_whose_making_was_interrupted(tmp_path):
    run = new_run(tmp_path)
    run.identity_path.unlink()
    run.model_path.unlink()
    state = look(run)
    assert state.status == "broken"
    assert "model.py and run.json: making this run was interrupted" in state.message


def test_a_folder_that_is_no_run_is_not_to_be_deleted(run, tmp_path):
    """Such as that of all runs, or one that was exported."""
    runs = run.folder.parent
    (runs / "empty").mkdir()
    for folder in (runs, runs / "empty"):
        assert f"The folder {folder} is no run" in Run(folder).damage()
        assert "elete" not in Run(folder).damage()
    assert Run(runs).damage().endswith(f"The newest run in it is {runs / 'c'}.")
    exported = tmp_path / "exported"
    exported.mkdir()
    for path in (run.project_path, run.model_path):
        shutil.copy(path, exported)
    assert Run(exported).damage() == f"The folder {exported} is no run."


def test_a_folder_that_may_not_be_read(run, monkeypatch):
    """Root, as whom tests may run, may read all; so the refusal is made up."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    state = run_state(run)
    assert state.status == "broken"
    assert "Permission denied" in state.message
    assert "Give access" in state.message


@pytest.mark.parametrize("damage", [cut, empty, garble])
def test_lost_messages(run, damage):
    damage(run, "events.jsonl")
    run.worker_path.unlink()
    state = look(run)
    if damage is cut:
        assert (state.status, state.epoch, state.batch) == ("died", 3, 4)
    else:
        assert state.status == "stopped"
        assert "events.jsonl is lost" in state.message
    session = Session(run, resume=True)
    assert session.failed is None
    history = History()
    history.add(session.messages)
    assert (history.phase, history.epoch) == ("finished", 3)


TEXT = st.text(max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(TEXT, values, max_size=3),
    max_leaves=8,
)


def mapping(**values):
    return st.fixed_dictionaries(
        {}, optional={name: value | JSON for name, value in values.items()}
    )


CONTENT = {
    "worker.json": mapping(
        process=st.integers(), born=st.floats(), host=st.just(socket.gethostname()), recorded=JSON
    ),
    "exit.json": mapping(code=st.integers()),
    "control.json": mapping(command=st.sampled_from(["pause", "stop", "train"])),
    "run.json": mapping(format=st.just(1), title=JSON, epochs=JSON),
    "evaluation/test.json": mapping(format=st.just(1), split=JSON, classes=JSON, confusion=JSON),
    "evaluation/test.failed.json": mapping(message=JSON),
    "environment.json": mapping(threads=JSON),
    "events.jsonl": mapping(
        event=st.sampled_from(["started", "batch_done", "resumed", "failed", "log"]),
        time=JSON, epoch=JSON, batch=JSON, batches=JSON, epochs=JSON, elapsed=JSON, message=JSON,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CONTENT))
@given(data=st.data())
def test_no_content_of_a_small_file_makes_the_state_fail(killed, data, name):
    path = killed.folder / name
    before = path.read_bytes() if path.exists() else None
    values = data.draw(CONTENT[name])
    try:
        path.write_text(json.dumps(values) + data.draw(st.sampled_from(["", "\n", "}"])))
        look(killed)
    finally:
        path.unlink()
        if before is not None:
            path.write_bytes(before)


def resume(run):
    return Session(run, resume=True)


class TestCheckpoints:
    @pytest.mark.parametrize("name", ["last.state", "last.safetensors"])
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_what_is_damaged_is_named_and_nothing_is_overwritten(self, run, damage, name):
        damage(run, f"checkpoints/{name}")
        before = {p: p.read_bytes() for p in run.checkpoints.iterdir() if p.is_file()}
        failed = resume(run).failed
        assert failed is not None
        assert failed.kind == "disk"
        assert name in failed.message
        assert str(run.checkpoints) in failed.message
        assert "Make a new run" in failed.message
        assert "\n" not in failed.message
        assert {p: p.read_bytes() for p in run.checkpoints.iterdir() if p.is_file()} == before

    @pytest.mark.parametrize("kept", [0, 1, 100, 1000, 3000])
    def test_a_state_that_was_cut_anywhere(self, run, kept):
        path = run.checkpoints / "last.state"
        path.write_bytes(path.read_bytes()[:kept])
        failed = resume(run).failed
        assert failed is not None
        assert "last.state is not legible" in failed.message

    def test_without_any_it_begins_again(self, run):
        shutil.rmtree(run.checkpoints)
        assert look(run).can_resume
        session = resume(run)
        assert session.failed is None
        history = History()
        history.add(EventReader(run.events_path).poll())
        history.add(session.messages)
        assert list(history.epochs) == [1, 2, 3]
        assert len(history.batches) == 120

    @pytest.mark.parametrize("damage", [remove, cut, empty, garble])
    def test_best_weights(self, run, damage, in_process):
        damage(run, "checkpoints/best.safetensors")
        if damage is remove:
            with pytest.raises(RunError, match="no weights yet"):
                client.start_evaluation(run)
        assert main([str(run.folder), "--evaluate", "test"]) == 1
        state = Evaluation(run, "test").state()
        assert state.status == "failed"
        assert "best.safetensors cannot be read" in state.message
        assert state.report is not None, "the old one is still there"


@pytest.fixture
def in_process(monkeypatch):
    """Workers in this process change neither its priority nor its signals."""
    monkeypatch.setattr("training.worker._be_polite", lambda: None)
    monkeypatch.setattr("training.worker.faulthandler.enable", lambda: None)
    monkeypatch.setattr(Control, "listen_to_signals", lambda self: None)


@pytest.mark.parametrize(
    ("damage", "name"), [(garble, "project.yaml"), (cut, "project.yaml"), (empty, "project.yaml"),
                         (garble, "model.py"), (empty, "model.py")],
)  # fmt: skip
def test_a_worker_on_it_says_what_where_and_what_to_do(run, damage, name, in_process):
    damage(run, name)
    assert main([str(run.folder), "--resume"]) == 1
    failed = EventReader(run.events_path).poll()[-1]
    assert isinstance(failed, Failed)
    assert failed.kind == ("settings" if name == "project.yaml" else "code")
    assert name in failed.message
    assert run_state(run).message == failed.message


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_worker_refuses_what_is_no_run(run, name, in_process, capsys):
    remove(run, name)
    assert main([str(run.folder), "--resume"]) == 2
    assert name in capsys.readouterr().err


def test_a_worker_started_by_hand_minds_no_old_requests(run, in_process):
    """What an earlier worker was asked, and how it ended, is not about this one."""
    run.write_command("stop")
    assert main([str(run.folder), "--resume"]) == 0
    state = run_state(run)
    assert (state.status, state.epoch) == ("finished", 3)
    assert not run.exit_path.exists()


def test_a_disk_that_is_full_for_events(run, in_process, monkeypatch, capsys):
    """Neither progress nor the failure can be said then: only the exit code and the log tell."""
    before = run.events_path.read_bytes()
    write = os.write

    def full(descriptor, content):
        if b'{"event"' in content:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, content)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        assert main([str(run.folder), "--resume"]) == EXIT_CANNOT_WRITE
    printed = capsys.readouterr().err
    assert printed.splitlines()[-1].startswith(f"Nothing can be written to {run.folder}: ")
    assert "No space left" in printed
    assert run.events_path.read_bytes() == before
    assert main([str(run.folder), "--resume"]) == 0
    assert run_state(run).status == "finished"


def test_weights_that_cannot_be_exported(run, tmp_path):
    garble(run, "checkpoints/best.safetensors")
    with pytest.raises(RunError, match=r"best\.safetensors cannot be read"):
        export_run(run, tmp_path / "exported")
    remove(run, "checkpoints/best.safetensors")
    with pytest.raises(RunError, match="no weights yet"):
        export_run(run, tmp_path / "exported")
    assert not (tmp_path / "exported").exists()


def test_a_worker_refuses_a_run_that_another_one_trains(run, in_process, capsys):
    ProcessRecord.of(1).write(run.worker_path)
    assert run_state(run).status in ACTIVE
    assert main([str(run.folder), "--resume"]) == 2
    assert "already works on" in capsys.readouterr().err
