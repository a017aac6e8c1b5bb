"""Train > Start from weights: which are offered, and what is done with the chosen ones."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog

from codegen.module import generate
from graph.files import to_text
from graph.templates import load_template
from gui.window import dialogs
from gui.window.choice_dialog import ChoiceDialog
from gui.window.weights_dialog import weights_in
from tests.gui.pages.conftest import RunWriter
from training.runs import create_run

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
    newest, older, file = offered
    assert newest.startswith(f"narrow ({lenet.editor.document.state.name}) · ")
    assert older.startswith("LeNet-5 · ")
    assert "%" in older
    assert "today " in older or "yesterday " in older
    assert file == "A file…"
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
