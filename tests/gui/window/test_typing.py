"""What is still being typed when something is done with the project."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from graph.files import load


@pytest.fixture
def typed(lenet, tmp_path, qtbot):
    """LeNet in a file, and another name for it being typed in the inspector."""
    lenet.session.save_as(tmp_path / "lenet.yaml")
    lenet.activateWindow()
    line = lenet.pages.design.inspector.form.name.line
    line.setFocus(Qt.FocusReason.MouseFocusReason)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is line)
    line.selectAll()
    QTest.keyClicks(line, "Typed")
    assert lenet.editor.document.state.name == "LeNet-5"
    return lenet


def test_it_is_saved(typed, tmp_path):
    typed.actions_["save"].trigger()
    assert load(tmp_path / "lenet.yaml").project.name == "Typed"
    assert not typed.session.modified


def test_the_window_does_not_close_without_asking_for_it(typed, answers):
    answers.unsaved = "cancel"
    typed.actions_["quit"].trigger()
    assert answers.asked == ["unsaved Typed"]
    assert typed.isVisible()


def test_undo_is_of_what_was_done_before(typed):
    """What is being typed is taken back with Escape."""
    typed.editor.history.clear()
    typed.actions_["undo"].trigger()
    assert typed.editor.document.state.name == "LeNet-5"
