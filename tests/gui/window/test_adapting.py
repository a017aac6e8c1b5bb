"""Train > Use with data: what is chosen, what is told of it, and that it is one step."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from data.catalog import read_data
from data.datasets.voc_boxes import VocBoxes
from data.describing import DESCRIBER
from graph.project_edits import set_data
from graph.templates import reached_by
from gui.pages.settings_form import SettingsForm
from gui.window import dialogs
from gui.window.adapt_dialog import AdaptDialog
from training.check import task_problems

LEFT = Qt.MouseButton.LeftButton


def test_what_changes_is_listed_before_it_is_done(lenet, qtbot):
    before = lenet.editor.document.state
    dialog = AdaptDialog(before, lenet)
    qtbot.addWidget(dialog)
    assert dialog.lines() == ["The network fits it."]
    assert not dialog.apply.isEnabled()
    dialog.choose("data.dataset", "shapes")
    dialog.choose("data.image_size", 40)
    dialog.choose("data.classes", 4)
    assert dialog.lines()[1:] == [
        "• in_channels becomes 3 (it was 1): as in the data.",
        "• Size of image becomes in_channels × 40 × 40 (it was in_channels × 28 × 28): as in the "
        "data.",
        "• classes becomes 4 (it was 10): one for each of the 4 classes.",
    ]
    assert dialog.apply.isEnabled()
    dialog.keep_size.setChecked(True)
    assert any("is brought to 3×28×28" in line for line in dialog.lines())
    assert lenet.editor.document.state is before


def test_reasons_stand_where_the_changes_would(lenet, qtbot):
    dialog = AdaptDialog(lenet.editor.document.state, lenet)
    qtbot.addWidget(dialog)
    dialog.choose("data.dataset", "diabetes")
    (line,) = dialog.lines()
    assert "conv1 expects an image" in line
    assert not dialog.apply.isEnabled()
    dialog.choose("data.dataset", "digits")
    assert "conv1" not in dialog.lines()[0]


def _answer(monkeypatch, answer):
    def answered(dialog):
        dialog.choose("data.dataset", "shapes")
        return answer

    monkeypatch.setattr(AdaptDialog, "exec", answered)


def test_the_data_of_a_result_is_proposed_with_its_training(window, monkeypatch):
    """As the button does that stands where a training would take hours."""
    monkeypatch.setattr(AdaptDialog, "exec", lambda dialog: QDialog.DialogCode.Accepted)
    editor = window.editor
    window.commands.new_from_template("resnet101")
    told = {"result": "99 %", "minutes": 4, "training": {"epochs": 3}}
    told["data"] = {"dataset": "shapes", "classes": 10, "image_size": 64, "samples_per_class": 9}
    project = replace(editor.document.state, about={"reached": told})
    dialog = AdaptDialog(project, window, reached_by(project.about))
    assert "it reached: 99 %, after 4 minutes on two cores with shapes" in (
        dialog.findChild(QLabel, "adapt_reached").text()
    )
    assert "• Epochs becomes 3 (it was 10)." in dialog.lines()
    started = AdaptDialog(project, window, reached_by({"reached": {**told, "weights": "vgg16"}}))
    assert "Train vgg16 first" in started.findChild(QLabel, "adapt_reached").text()
    editor.apply("Told", lambda _: project)
    window.workspace.pages.train_page.control.small_requested.emit()
    after = editor.document
    assert after.state.training == {**project.training, "epochs": 3}
    assert read_data(after.state.data)[0] == read_data(told["data"])[0]
    assert not task_problems(after.state, after.result())
    editor.history.undo()
    assert editor.document.state is project


def test_it_is_one_step_that_can_be_undone(lenet, monkeypatch):
    _answer(monkeypatch, QDialog.DialogCode.Accepted)
    before, steps = lenet.editor.document.state, lenet.editor.history.count()
    lenet.actions_["use_data"].trigger()
    after = lenet.editor.document
    assert after.state.data["dataset"] == "shapes"
    assert not [p for p in task_problems(after.state, after.result()) if p.severity == "error"]
    assert lenet.editor.history.count() == steps + 1
    assert lenet.editor.history.undoText() == "Use with Drawn shapes"
    lenet.editor.history.undo()
    assert lenet.editor.document.state is before


def test_datasets_can_be_chosen_with_the_arrow_keys(lenet, qtbot):
    dialog = AdaptDialog(lenet.editor.document.state, lenet)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    seen = []
    for _ in range(3):
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Down)
        assert dialog.focusWidget().objectName() == "choice_dataset"
        seen.append(dialog.dataset.NAME)
    assert len(set(seen)) == 3


def test_what_is_illegal_is_not_applied(lenet, qtbot):
    dialog = AdaptDialog(lenet.editor.document.state, lenet)
    qtbot.addWidget(dialog)
    line = dialog._rows["data.image_size"].field.line
    for text, allowed in (("64", True), ("abc", False), ("32", True)):
        line.selectAll()
        QTest.keyClicks(line, text)
        assert dialog.apply.isEnabled() == allowed


def test_nothing_happens_where_it_is_cancelled(lenet, monkeypatch):
    _answer(monkeypatch, QDialog.DialogCode.Rejected)
    before = lenet.editor.document.state
    lenet.actions_["use_data"].trigger()
    assert lenet.editor.document.state is before


def test_the_page_with_the_data_has_a_button_for_it(lenet, monkeypatch, qtbot):
    _answer(monkeypatch, QDialog.DialogCode.Accepted)
    lenet.workspace.show_page("train")
    form = lenet.findChild(SettingsForm)
    qtbot.mouseClick(form.findChild(QPushButton, "fit_network"), LEFT)
    assert lenet.editor.document.state.data["dataset"] == "shapes"


def test_weights_to_start_from_are_a_setting_that_can_be_undone(lenet, monkeypatch, tmp_path):
    path = tmp_path / "published.pth"
    path.write_bytes(b"")
    monkeypatch.setattr(dialogs, "choose_weights", lambda *_: path)
    lenet.actions_["load_weights"].trigger()
    assert lenet.editor.document.state.training["weights"] == str(path)
    assert lenet.workspace.pages.page == "train"
    row = lenet.findChild(SettingsForm).row("training.weights")
    assert row.field.line.text() == str(path)
    lenet.editor.history.undo()
    assert "weights" not in lenet.editor.document.state.training
    monkeypatch.setattr(dialogs, "choose_weights", lambda *_: None)
    before = lenet.editor.document.state
    lenet.actions_["load_weights"].trigger()
    assert lenet.editor.document.state is before


@pytest.fixture
def slow_data(monkeypatch):
    """Data in files that is being read until `set()`."""
    gate = threading.Event()
    description = VocBoxes.describe

    def describe(dataset):
        assert gate.wait(60)
        return description(dataset)

    monkeypatch.setattr(VocBoxes, "describe", describe)
    monkeypatch.setattr(DESCRIBER, "patience", 0.0)
    yield gate
    gate.set()


def test_the_window_waits_for_no_folder(lenet, qtbot, slow_data, tmp_path):
    dialog = AdaptDialog(lenet.editor.document.state, lenet)
    qtbot.addWidget(dialog)
    dialog.choose("data.dataset", "voc_boxes")
    dialog.choose("data.folder", str(tmp_path / "gone"))
    assert dialog.lines() == ["The files of the data are being read…"]
    assert not dialog.apply.isEnabled()
    slow_data.set()
    qtbot.waitUntil(lambda: "There is no folder" in dialog.lines()[0])


def test_settings_say_that_data_is_read_and_then_what_it_is(lenet, qtbot, slow_data, tmp_path):
    lenet.workspace.show_page("train")
    form = lenet.findChild(SettingsForm)
    data = {"dataset": "voc_boxes", "folder": str(tmp_path / "gone")}
    lenet.editor.apply("Choose data", lambda project: set_data(project, data))
    document = lenet.editor.document
    assert form.row("data.dataset").help.text() == "The files of the data are being read…"
    assert "The data is being read" in [problem.title for problem in document.problems]
    assert form.first_problem() is None
    slow_data.set()
    qtbot.waitUntil(lambda: form.first_problem() is not None)
    assert "There is no folder" in form.first_problem().problem.text()
    assert "The data cannot be read" in [problem.title for problem in document.problems]
