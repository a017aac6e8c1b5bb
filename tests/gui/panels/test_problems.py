"""The problems panel: words, a way to the place, and what mends it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from graph.edits import add_node, rename_node
from graph.project_edits import add_block
from graph.removal import remove_selection
from graph.state import Block, Project
from gui.panels.problems import MOST_ROWS, ProblemsPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(editor, show):
    return show(ProblemsPanel(editor), (800, 260))


@pytest.fixture
def broken(editor, panel, qtbot):
    """LeNet-5 without the layer that flattens."""
    editor.apply("Remove", lambda p: remove_selection(p, "main", ["flatten"], []))
    qtbot.waitUntil(lambda: bool(panel.visible_rows()))
    return panel


def test_without_problems_it_says_so(panel, find):
    words = find(panel, QLabel, "no_problems")
    assert words.isVisible()
    assert words.text() == "No problems. Everything fits together."
    assert panel.visible_rows() == []


def test_every_problem_is_told_in_full(broken, editor):
    problems = editor.document.problems
    assert len(broken.visible_rows()) == len(problems) == 1
    (row,) = broken.visible_rows()
    assert row.title.text() == problems[0].title
    assert row.text.text() == problems[0].text
    assert row.place.text() == "main.fc1"
    # Not by colour alone.
    assert row.badge.text() == "!"
    assert row.badge.accessibleName() == "Error"
    assert row.accessibleName() == f"Error: {problems[0].title}"
    for label in (row.title, row.text):
        assert label.height() >= label.heightForWidth(label.width())


def test_a_click_goes_to_the_node(broken, editor, qtbot):
    (row,) = broken.visible_rows()
    with qtbot.waitSignal(editor.show_node) as shown:
        qtbot.mouseClick(row.text, LEFT)
    assert shown.args == ["main", "fc1"]
    assert editor.selection == {"fc1"}


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_goes_to_the_node(broken, editor, key):
    (row,) = broken.visible_rows()
    row.setFocus()
    QTest.keyClick(row, key)
    assert editor.selection == {"fc1"}


def test_a_button_mends_it_and_undo_brings_it_back(broken, editor, qtbot):
    (row,) = broken.visible_rows()
    texts = [made.text() for made in row.fixes]
    assert texts == [fix.label for fix in editor.document.problems[0].fixes]
    assert "Insert Flatten" in texts[0]
    qtbot.mouseClick(row.fixes[0], LEFT)
    assert editor.document.problems == []
    assert editor.history.undoText() == texts[0]
    qtbot.waitUntil(lambda: not broken.visible_rows())
    editor.history.undo()
    qtbot.waitUntil(lambda: bool(broken.visible_rows()))
    assert broken.visible_rows()[0].fixes[0].text() == texts[0]


def test_a_fix_is_that_of_the_present_state(broken, editor, qtbot):
    """Its words are the same after another edit, but its edit is a new one."""
    editor.apply("Rename", lambda p: rename_node(p, "main", "conv1", "first"))
    broken.update_now()
    qtbot.mouseClick(broken.visible_rows()[0].fixes[0], LEFT)
    assert "first" in editor.document.state.main.nodes
    assert editor.document.problems == []


def test_a_problem_in_a_block_opens_it(editor, panel, qtbot):
    editor.apply("Add", lambda p: add_block(p, "Inner", Block()))
    editor.apply("Add", lambda p: add_node(p, "Inner", "ReLU", name="alone"))
    qtbot.waitUntil(lambda: bool(panel.visible_rows()))
    row = next(row for row in panel.visible_rows() if row.problem.node == "alone")
    qtbot.mouseClick(row.title, LEFT)
    assert editor.block == "Inner"
    assert editor.selection == {"alone"}


def test_very_many_problems_are_counted(editor, panel, find, qtbot):
    project = Project()
    for _ in range(60):
        project = add_node(project, "main", "ReLU")
    editor.replace_project(project)
    panel.update_now()
    assert len(panel.visible_rows()) == MOST_ROWS
    left = len(editor.document.problems) - MOST_ROWS
    assert find(panel, QLabel, "more_problems").text() == f"and {left} more"


def test_names_are_never_read_as_html(broken, editor, find):
    for label in broken.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText
