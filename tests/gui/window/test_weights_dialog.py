"""Train > Start from weights: which are offered, and what is done with the chosen ones."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog, QPushButton

from codegen.module import generate
from graph.files import FileError, load, to_text
from graph.links import remove_links
from graph.state import MAIN, Link
from graph.templates import load_template
from gui.window import dialogs
from gui.window.choice_dialog import ChoiceDialog
from gui.window.weights_dialog import weights_in
from tests.gui.pages.conftest import RunWriter
from tests.gui.window.conftest import bar_text
from training.runs import create_run, list_runs

PROJECT = load_template("lenet5")


def trained(workspace, title: str, *, weights: bool = True):
    """A run of the project in a tab."""
    text = to_text(workspace.editor.document.state)
    folder = workspace.session.runs_folder()
    run = create_run(folder, project_text=text, model_text=generate(PROJECT).text, title=title)
    writer = RunWriter(run).start(2)
    writer.epoch(1, best=True)
    writer.finish(1, 1)
    if weights:
        run.best_weights.write_bytes(b"weights")
    return run


@pytest.fixture
def choose(monkeypatch):
    """Plays the person who chooses the line with these words, or cancels; what was offered."""

    def play(words):
        offered = []

        def answered(dialog):
            lines = [dialog.list.item(row).text() for row in range(dialog.list.count())]
            offered.extend(lines)
            if words is None:
                return QDialog.DialogCode.Rejected
            dialog.list.setCurrentRow(next(i for i, line in enumerate(lines) if words in line))
            return QDialog.DialogCode.Accepted

        monkeypatch.setattr(ChoiceDialog, "exec", answered)
        return offered

    return play


def test_runs_of_all_tabs_are_offered_with_what_they_reached(lenet, choose):
    first = lenet.workspace
    trained(first, "never", weights=False)
    run = trained(first, "LeNet-5")
    lenet.actions_["new_tab"].trigger()
    lenet.commands.new_from_template("mlp")
    other = trained(lenet.workspace, "narrow")
    offered = choose("LeNet-5")
    lenet.actions_["load_weights"].trigger()
    assert len(offered) == 3
    older, newer = sorted(offered[:2])  # made in the same second
    assert newer.startswith(f"narrow ({lenet.editor.document.state.name}) · ")
    assert older.startswith("LeNet-5 · ")
    assert "%" in older
    assert "today " in older or "yesterday " in older
    assert offered[2] == "A file…"
    assert lenet.editor.document.state.training["weights"] == str(run.best_weights)
    assert first.editor.document.state == PROJECT
    lenet.editor.history.undo()
    assert "weights" not in lenet.editor.document.state.training
    choose("narrow")
    lenet.actions_["load_weights"].trigger()
    assert lenet.editor.document.state.training["weights"] == str(other.best_weights)


def test_a_file_can_be_chosen_instead_or_nothing(lenet, choose, monkeypatch, tmp_path):
    trained(lenet.workspace, "LeNet-5")
    path = tmp_path / "published.pth"
    monkeypatch.setattr(dialogs, "choose_weights", lambda *_: path)
    before = lenet.editor.document.state
    choose(None)
    lenet.actions_["load_weights"].trigger()
    assert lenet.editor.document.state is before
    choose("A file…")
    lenet.actions_["load_weights"].trigger()
    assert lenet.editor.document.state == replace(
        before, training={**before.training, "weights": str(path)}
    )


def test_a_broken_run_with_weights_is_still_told(lenet):
    run = trained(lenet.workspace, "LeNet-5")
    run.events_path.write_bytes(b"\xff\x00 no message\n")
    run.identity_path.write_text("[]", encoding="utf-8")
    (weights,) = weights_in([lenet.workspace])
    assert weights.path == run.best_weights
    assert run.name in weights.name


def test_projects_follow_the_weights_that_saving_brings_beside_the_file(lenet, tmp_path):
    first = lenet.workspace
    run = trained(first, "LeNet-5")
    first.start_from_weights(run.best_weights)
    lenet.actions_["new_tab"].trigger()
    lenet.commands.new_from_template("mlp")
    other = lenet.workspace
    other.start_from_weights(run.best_weights)
    assert first.session.save_as(tmp_path / "digits.yaml")
    now = tmp_path / "digits.runs" / run.name / "checkpoints" / "best.safetensors"
    assert now.is_file()
    for workspace in (first, other):
        assert workspace.editor.document.state.training["weights"] == str(now)
    assert not first.session.modified
    kept = load(tmp_path / "digits.yaml").project.training["weights"]
    assert tmp_path / kept == now


def test_runs_of_a_file_that_cannot_be_written_are_not_lost(lenet, tmp_path, monkeypatch):
    run = trained(lenet.workspace, "LeNet-5")

    def full(*_: object, **__: object):
        raise FileError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("gui.files.session.save", full)
        assert not lenet.session.save_as(tmp_path / "digits.yaml")
    assert [one.name for one in list_runs(lenet.session.runs_folder())] == [run.name]
    assert lenet.session.save_as(tmp_path / "elsewhere.yaml")
    assert lenet.session.runs_folder() == tmp_path / "elsewhere.runs"
    assert [one.name for one in list_runs(tmp_path / "elsewhere.runs")] == [run.name]


def test_show_leads_from_the_refusal_to_the_network(lenet):
    cut = Link("fc1", "out", "tanh3", "in")
    lenet.editor.apply("Cut", lambda project: remove_links(project, MAIN, [cut]))
    lenet.actions_["train"].trigger()
    assert lenet.pages.page == "train"
    lenet.findChild(QPushButton, "notice_show").click()
    assert lenet.pages.page == "design"
    assert lenet.editor.selection


def test_what_was_said_of_another_project_goes(lenet):
    lenet.workspace._training_finished(trained(lenet.workspace, "LeNet-5"))
    assert bar_text(lenet, "trained")
    lenet.commands.new()
    assert not bar_text(lenet, "trained")
