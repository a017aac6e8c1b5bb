"""The inspector: names, several nodes, none, and blocks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)

from graph.document import Document
from graph.edits import add_node, set_argument
from graph.templates import load_template
from gui.editor import Editor
from gui.fields.numbers import whole
from gui.panels.inspector import InspectorPanel
from gui.panels.project_form import ProjectForm
from tests.gui.panels.building import choose, node

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


# --- names -------------------------------------------------------------------------------------


def test_a_node_is_renamed(inspector, editor, find, write):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "node_name")
    write(line, "second", KEY.Key_Return)
    assert "second" in editor.document.state.main.nodes
    assert editor.selection == {"second"}
    assert editor.history.count() == 1
    inspector.update_now()
    assert find(inspector.form, QLineEdit, "node_name").text() == "second"
    editor.history.undo()
    assert "conv2" in editor.document.state.main.nodes


@pytest.mark.parametrize("wish", ["conv1", "two words", "3d", "class", ""])
def test_a_name_that_cannot_be_is_refused_beside_the_field(inspector, editor, find, write, wish):
    form = choose(inspector, "conv2")
    before = editor.document.state
    line = find(form, QLineEdit, "node_name")
    write(line, wish or "x")
    if not wish:
        QTest.keyClick(line, KEY.Key_Backspace)
    QTest.keyClick(line, KEY.Key_Return)
    error = find(form, QLabel, "node_name_error")
    assert error.isVisible()
    assert len(error.text()) > 10
    assert editor.document.state is before
    QTest.keyClick(line, KEY.Key_Escape)
    assert line.text() == "conv2"
    assert not error.isVisible()


@pytest.mark.parametrize("by_key", [False, True])
def test_the_nearest_name_that_can_be_is_offered(inspector, editor, find, write, by_key):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "node_name")
    write(line, "2nd block, deep", KEY.Key_Return)
    offer = find(form, QPushButton, "node_name_nearest")
    assert offer.isVisible()
    assert offer.text() == "Name it nd_block_deep"
    if by_key:
        QTest.keyClick(line, KEY.Key_Tab)
        assert offer.hasFocus()
        QTest.keyClick(offer, KEY.Key_Space)
    else:
        QTest.mouseClick(offer, LEFT)
    assert "nd_block_deep" in editor.document.state.main.nodes
    assert editor.history.count() == 1
    inspector.update_now()
    assert not find(inspector.form, QPushButton, "node_name_nearest").isVisible()
    # Nothing is near to what has a meaning of its own, and a taken name is as near as can be.
    for wish in ("class", "conv1", "3"):
        inspector.update_now()
        write(find(inspector.form, QLineEdit, "node_name"), wish, KEY.Key_Return)
        assert not find(inspector.form, QPushButton, "node_name_nearest").isVisible(), wish


def test_a_name_too_long_for_its_field_is_told_in_a_tip(inspector, editor, find, write):
    form = choose(inspector, "conv2")
    name = "convolution_that_somebody_gave_a_very_long_name_in_a_hurry"
    write(find(form, QLineEdit, "node_name"), name, KEY.Key_Return)
    inspector.update_now()
    assert name in find(inspector.form, QLineEdit, "node_name").toolTip()


# --- several nodes, none, blocks ---------------------------------------------------------------


def test_nodes_of_one_sort_are_edited_together(inspector, editor, find, write):
    form = choose(inspector, "conv1", "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    assert line.text() == ""
    assert line.placeholderText() == "several values"
    write(line, "12", KEY.Key_Return)
    assert {node(editor, n).arguments["out_channels"] for n in ("conv1", "conv2")} == {12}
    assert editor.history.count() == 1


def test_nodes_of_different_sorts_show_their_sum(inspector, editor, find):
    choose(inspector, "conv2", "fc1")
    results = [editor.document.node_result("main", name) for name in ("conv2", "fc1")]
    weights = whole(sum(result.parameters for result in results))
    assert dict(inspector.form.totals.facts())["weights"] == weights


def test_the_size_of_a_large_image_can_be_read_whole(inspector, editor, find):
    editor.apply("Set", lambda p: set_argument(p, "main", "image", "shape", (3, 1024, 1024)))
    line = find(choose(inspector, "image"), QLineEdit, "line_shape")
    margins = line.contentsMargins().left() + line.textMargins().left()
    assert line.fontMetrics().horizontalAdvance(line.text()) <= line.width() - 2 * margins - 24


def test_the_arithmetic_of_a_size_is_shown(inspector):
    form = choose(inspector, "conv2")
    lines = form.arithmetic.text().splitlines()
    assert lines[0] == "height: (14 + 2·0 − 5) / 1 + 1 = 10"
    assert lines[2] == "weights: 16·(6·5·5) + 16 = 2,416"
    assert ("out", "16 × 10 × 10") in form.flows.facts()


def test_with_nothing_selected_it_shows_the_project(inspector, editor, find, write):
    assert isinstance(inspector.form, ProjectForm)
    result = editor.document.result("main")
    facts = dict(inspector.form.totals.facts())
    assert facts["weights"] == whole(result.parameters) == "61,706"
    assert facts["multiply-adds"] == whole(result.multiply_adds)
    write(find(inspector.form, QLineEdit, "project_name"), "My digits", KEY.Key_Return)
    assert editor.document.state.name == "My digits"


def test_notes_are_one_step(inspector, editor, find, qtbot):
    notes = find(inspector.form, QPlainTextEdit, "project_notes")
    before = editor.document.state.notes
    notes.setFocus()
    QTest.keyClicks(notes, "tried tanh ")
    assert editor.document.state.notes == "tried tanh " + before
    assert editor.history.count() == 1
    editor.history.undo()
    inspector.update_now()
    assert notes.toPlainText() == before


def test_a_parameter_is_added_renamed_and_used(inspector, editor, find, write, qtbot):
    before = editor.document.state.main.parameters.keys()
    qtbot.mouseClick(find(inspector.form, QPushButton, "add_parameter"), LEFT)
    (name,) = editor.document.state.main.parameters.keys() - before
    line = find(inspector.form, QLineEdit, f"parameter_name_{name}")
    assert line.hasFocus()
    write(line, "units", KEY.Key_Return)
    assert "units" in editor.document.state.main.parameters
    inspector.update_now()
    remove = inspector.form.findChild(QToolButton, "parameter_remove_classes")
    assert not remove.isEnabled()
    assert "fc3" in remove.toolTip()


def test_a_block_s_form_comes_from_its_parameters(show, find, write, qtbot):
    editor = Editor(Document(load_template("resnet-small")))
    inspector = show(InspectorPanel(editor), (320, 800))
    form = choose(inspector, "stage1")
    assert list(form.rows) == ["channels", "repeat"]
    write(find(form, QLineEdit, "line_repeat"), "3", KEY.Key_Return)
    assert node(editor, "stage1").repeat == 3
    qtbot.mouseClick(find(form, QPushButton, "open_block"), LEFT)
    assert editor.block == "Residual"
    inspector.update_now()
    assert isinstance(inspector.form, ProjectForm)
    assert find(inspector.form, QLineEdit, "block_name").text() == "Residual"


def test_a_parameter_with_choices_is_chosen_from_a_list(show, find):
    editor = Editor(Document(load_template("unet-small")))
    inspector = show(InspectorPanel(editor), (320, 800))
    combo = find(inspector.form, QComboBox, "parameter_choice_upsampling")
    choices = editor.document.state.main.parameters["upsampling"].choices
    assert [combo.itemData(n) for n in range(combo.count())] == list(choices)
    before = editor.document.state.main.parameters["upsampling"].default
    assert combo.currentData() == before
    wanted = next(value for value in choices if value != before)
    combo.setFocus()
    QTest.keyClick(combo, KEY.Key_Down if choices.index(wanted) else KEY.Key_Up)
    assert editor.document.state.main.parameters["upsampling"].default == wanted
    assert combo.isVisible()
    assert not inspector.form.findChild(QLineEdit, "parameter_default_upsampling").isVisible()
    editor.history.undo()
    inspector.update_now()
    assert combo.currentData() == before
    assert find(inspector.form, QLineEdit, "parameter_default_width").isVisible()


def test_a_block_is_renamed_in_its_form(show, find, write, qtbot):
    editor = Editor(Document(load_template("resnet-small")))
    inspector = show(InspectorPanel(editor), (320, 800))
    editor.open_block("Residual")
    inspector.update_now()
    line = find(inspector.form, QLineEdit, "block_name")
    write(line, "ReLU", KEY.Key_Return)
    assert "already a layer" in find(inspector.form, QLabel, "block_name_error").text()
    write(line, "Skip", KEY.Key_Return)
    inspector.update_now()
    assert editor.block == "Skip"
    assert editor.document.state.main.nodes["stage1"].type == "Skip"
    assert find(inspector.form, QLineEdit, "block_name").text() == "Skip"

    def shown():
        lines = inspector.form.findChildren(QLineEdit, "parameter_default_channels")
        return [line for line in lines if line.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    write(shown()[0], "8")
    assert editor.document.state.blocks["Skip"].parameters["channels"].default == 8
    editor.history.undo()
    editor.history.undo()
    inspector.update_now()
    assert editor.block == "Residual"
    assert find(inspector.form, QLineEdit, "block_name").text() == "Residual"


def test_an_edit_elsewhere_is_followed_and_what_is_being_written_stays(
    inspector, editor, find, write
):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, "0")
    editor.apply("Set", lambda p: set_argument(p, "main", "conv2", "stride", (2, 2)))
    inspector.update_now()
    assert inspector.form is form
    assert find(form, QLineEdit, "line_stride").text() == "2 × 2"
    assert line.text() == "0"
    assert form.rows["out_channels"].error.isVisible()
    editor.apply("Set", lambda p: set_argument(p, "main", "conv2", "out_channels", 5))
    inspector.update_now()
    assert line.text() == "5"
    assert not form.rows["out_channels"].error.isVisible()


def test_a_note_has_no_flows(inspector, editor, find):
    editor.apply("Add", lambda p: add_node(p, "main", "Note", name="remark"))
    form = choose(inspector, "remark")
    assert find(form, QLabel, "flows_title").isHidden()
    assert form.flows.isHidden()
    assert find(form, QLabel, "node_sort").text() == "Note"


def test_a_field_without_a_value_says_so(inspector, editor, find, write):
    form = choose(inspector, "pool1")
    line = find(form, QLineEdit, "line_stride")
    assert (line.text(), line.placeholderText()) == ("", "not set")
    write(line, "2", KEY.Key_Return)
    inspector.update_now()
    assert line.placeholderText() == ""


def test_a_name_that_is_taken_when_the_field_is_left_selects_nothing_else(inspector, editor, find):
    """As where another node is selected while the old name is being written over."""
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "node_name")
    line.setFocus()
    line.setText("second")
    choose(inspector, "fc1")
    assert "second" in editor.document.state.main.nodes
    assert editor.selection == {"fc1"}
