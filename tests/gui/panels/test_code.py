"""The code panel shows what runs, and connects lines with nodes."""

import threading

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from benchmarks.edits import chain
from codegen.module import generate
from graph.edits import rename_node, set_argument
from graph.removal import remove_selection
from graph.state import Project
from graph.templates import all_templates, load_template
from gui.panels import written
from gui.panels.code import LARGE, CodePanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(editor, show, qtbot):
    panel = show(CodePanel(editor), (800, 300))
    qtbot.waitUntil(lambda: panel.up_to_date)
    return panel


@pytest.mark.parametrize("template", [template.id for template in all_templates()])
def test_it_is_exactly_what_is_generated(editor, panel, template, qtbot):
    project = load_template(template)
    editor.replace_project(project)
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.view.toPlainText() == panel.text() == generate(project).text


def test_the_code_of_another_project_does_not_stay(editor, panel, qtbot):
    editor.replace_project(load_template("mlp"))
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.text() == generate(load_template("mlp")).text


@pytest.fixture
def threads(monkeypatch):
    """The threads in which a module was written."""
    seen = []

    def spy(project):
        seen.append(threading.current_thread())
        return generate(project)

    monkeypatch.setattr(written, "generate", spy)
    return seen


@pytest.fixture
def gate(monkeypatch, threads):
    """While it is closed, nothing is written to its end."""
    gate, write = threading.Event(), written.generate

    def wait(project):
        module = write(project)
        gate.wait(10)
        return module

    monkeypatch.setattr(written, "generate", wait)
    gate.set()
    yield gate
    gate.set()


def test_a_large_network_is_written_beside_the_window(editor, panel, threads, gate, qtbot):
    editor.replace_project(chain(LARGE + 10))
    assert panel.text() == panel.view.toPlainText() == "", "of another project it would be a lie"
    qtbot.waitUntil(lambda: panel.up_to_date)
    gate.clear()
    editor.apply("Set", lambda p: set_argument(p, "main", "conv7", "bias", False))
    qtbot.waitUntil(lambda: len(threads) == 2)
    # Meanwhile somebody goes on; what is being written is of no use then.
    editor.apply("Name", lambda p: rename_node(p, "main", "conv9", "ninth"))
    gate.set()
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.view.toPlainText() == panel.text() == generate(editor.document.state).text
    assert threading.main_thread() not in threads


def test_what_is_taken_along_is_never_old(editor, panel, threads, find, qtbot):
    editor.apply("Set", lambda p: set_argument(p, "main", "conv2", "out_channels", 23))
    assert not panel.up_to_date
    qtbot.mouseClick(find(panel, QPushButton, "copy_code"), LEFT)
    assert QGuiApplication.clipboard().text() == generate(editor.document.state).text
    assert threads == [threading.main_thread()]


def test_it_follows_every_edit(editor, panel, qtbot):
    edit = lambda p: set_argument(p, "main", "conv2", "out_channels", 20)  # noqa: E731
    editor.apply("Set", edit)
    assert not panel.up_to_date
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.view.toPlainText() == generate(editor.document.state).text
    assert "20" in panel.text()


def marked(panel):
    return sorted(mark.cursor.blockNumber() for mark in panel.view.extraSelections())


def test_the_lines_of_the_selection_are_marked_and_seen(editor, panel):
    module = generate(editor.document.state)
    # Under the hands of a reader it does not scroll away.
    panel.view.clearFocus()
    for node in ("conv2", "fc3", "image"):
        editor.select([node])
        lines = sorted(module.lines_of("main", node))
        assert marked(panel) == lines == panel.marked_lines()
        if lines:
            text = panel.view.document().findBlockByNumber(lines[0]).text()
            assert node in text
            cursor = QTextCursor(panel.view.document().findBlockByNumber(lines[0]))
            place = panel.view.cursorRect(cursor)
            assert panel.view.viewport().rect().contains(place.center())
    editor.select(["conv1", "conv2"])
    both = {*module.lines_of("main", "conv1"), *module.lines_of("main", "conv2")}
    assert marked(panel) == sorted(both)
    editor.select([])
    assert marked(panel) == []


def click_line(panel, number, qtbot):
    cursor = QTextCursor(panel.view.document().findBlockByNumber(number))
    panel.view.setTextCursor(cursor)
    panel.view.ensureCursorVisible()
    place = panel.view.cursorRect(cursor).center() + QPoint(60, 0)
    qtbot.mouseClick(panel.view.viewport(), LEFT, pos=place)


def test_a_click_on_a_line_selects_its_node(editor, panel, qtbot):
    module = panel.module
    for node in ("conv2", "fc1"):
        for line in module.lines_of("main", node):
            editor.select([])
            click_line(panel, line, qtbot)
            assert editor.selection == {node}
    click_line(panel, 0, qtbot)
    assert editor.selection == {"fc1"}


def test_enter_selects_the_node_of_the_line_with_the_cursor(editor, panel):
    line = panel.module.lines_of("main", "conv2")[0]
    panel.view.setFocus()
    panel.view.setTextCursor(QTextCursor(panel.view.document().findBlockByNumber(line)))
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert editor.selection == {"conv2"}
    assert line in panel.marked_lines()


def test_a_click_on_a_line_of_a_block_opens_it(editor, panel, qtbot):
    editor.replace_project(load_template("resnet-small"))
    qtbot.waitUntil(lambda: panel.up_to_date)
    line = panel.module.lines_of("Residual", "conv1")[0]
    click_line(panel, line, qtbot)
    assert (editor.block, editor.selection) == ("Residual", {"conv1"})


def test_dragging_over_text_selects_it_and_nothing_else(editor, panel, qtbot):
    port = panel.view.viewport()
    qtbot.mousePress(port, LEFT, pos=QPoint(20, 20))
    qtbot.mouseMove(port, QPoint(120, 60))
    qtbot.mouseRelease(port, LEFT, pos=QPoint(120, 60))
    assert panel.view.textCursor().hasSelection()
    assert not editor.selection


def test_while_it_does_not_fit_the_last_text_stays_with_the_reason(editor, panel, find, qtbot):
    before = panel.text()
    copy, save = find(panel, QPushButton, "copy_code"), find(panel, QPushButton, "save_code")
    editor.apply("Remove", lambda p: remove_selection(p, "main", ["flatten"], []))
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.message.isVisible()
    assert "fc1" in panel.message.text()
    assert panel.view.toPlainText() == before
    assert panel.view.dimmed
    editor.select(["conv1"])
    assert marked(panel) == []
    assert not copy.isEnabled()
    assert not save.isEnabled()
    editor.history.undo()
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert not panel.message.isVisible()
    assert copy.isEnabled()
    assert marked(panel)


def test_an_empty_project_says_what_appears_here(editor, panel, qtbot):
    editor.replace_project(Project())
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert panel.view.toPlainText() == ""
    assert "appears here" in panel.view.placeholderText()
    assert not panel.message.isVisible()


def test_copy_and_save(editor, panel, find, qtbot):
    qtbot.mouseClick(find(panel, QPushButton, "copy_code"), LEFT)
    assert QGuiApplication.clipboard().text() == panel.text()
    with qtbot.waitSignal(panel.save_requested) as asked:
        qtbot.mouseClick(find(panel, QPushButton, "save_code"), LEFT)
    assert asked.args == [panel.text()]


def test_hidden_it_does_not_work(editor, panel, qtbot):
    panel.hide()
    editor.apply("Set", lambda p: set_argument(p, "main", "conv2", "out_channels", 21))
    qtbot.wait(200)
    assert not panel.up_to_date
    panel.show()
    qtbot.waitUntil(lambda: panel.up_to_date)
    assert "21" in panel.text()


def test_opening_a_block_brings_its_class_into_view(editor, panel, qtbot):
    editor.replace_project(load_template("resnet-small"))
    qtbot.waitUntil(lambda: panel.up_to_date)
    panel.view.clearFocus()
    lines = panel.text().splitlines()
    for block, heading in (("main", "class SmallResNet"), ("Residual", "class Residual")):
        editor.open_block("Downsample")
        editor.open_block(block)
        line = next(n for n, text in enumerate(lines) if text.startswith(heading))
        assert 0 <= line - panel.view.firstVisibleBlock().blockNumber() <= 4
