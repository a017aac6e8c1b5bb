"""The inspector: forms made from declarations, and what people do with them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)

from graph.declare import MISSING
from graph.document import Document
from graph.edits import add_node, set_argument
from graph.expression import Expression
from graph.layer import LAYERS
from graph.state import Project
from graph.templates import load_template
from gui.editor import Editor
from gui.numbers import whole
from gui.panels.inspector import InspectorPanel
from gui.panels.node_form import NodeForm
from gui.panels.project_form import ProjectForm
from gui.value_text import parse_value, value_text

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def inspector(editor, show):
    return show(InspectorPanel(editor), (320, 800))


def choose(inspector, *names):
    """Select nodes; the form follows in the same turn."""
    inspector._editor.select(names)
    inspector.update_now()
    return inspector.form


def node(editor, name):
    return editor.document.state.blocks[editor.block].nodes[name]


# --- made from declarations --------------------------------------------------------------------


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_layer_has_a_form_with_a_field_for_each_parameter(name, show):
    layer = LAYERS[name]
    editor = Editor(Document(add_node(Project(), "main", name, name="one")))
    form = choose(show(InspectorPanel(editor), (320, 800)), "one")
    assert isinstance(form, NodeForm)
    assert list(form.rows) == list(layer.PARAMETERS)
    for parameter in layer.PARAMETERS.values():
        row = form.rows[parameter.name]
        assert row.words.text() == parameter.label
        assert row.words.toolTip() == parameter.help
        assert row.error.isHidden()
        kinds = {"switch": QCheckBox, "choice": QComboBox}
        field = form.findChild(
            kinds.get(parameter.kind, QLineEdit),
            {"switch": "switch_", "choice": "choice_"}.get(parameter.kind, "line_")
            + parameter.name,
        )
        assert field.accessibleName() == parameter.label
        if isinstance(field, QLineEdit) and parameter.default is not MISSING:
            assert parse_value(parameter, field.text()) == parameter.default
    assert form.findChild(QLineEdit, "node_name").text() == "one"
    assert layer.TITLE in form.findChild(QLabel, "node_sort").text()
    about = form.findChild(QLabel, "node_help")
    assert about.height() >= about.heightForWidth(about.width())


@pytest.mark.parametrize("name", list(LAYERS))
def test_values_survive_being_written_and_read(name):
    for parameter in LAYERS[name].PARAMETERS.values():
        if parameter.default is not MISSING:
            assert parse_value(parameter, value_text(parameter.default)) == parameter.default


def test_advanced_parameters_are_folded_until_they_differ(inspector, editor, find, qtbot):
    form = choose(inspector, "conv2")
    row = form.rows["dilation"]
    assert not row.isVisible()
    qtbot.mouseClick(find(form, QPushButton, "more"), LEFT)
    assert row.isVisible()
    editor.apply("Set", lambda p: set_argument(p, "main", "conv1", "dilation", (2, 2)))
    assert choose(inspector, "conv1").rows["dilation"].isVisible()


# --- editing -----------------------------------------------------------------------------------


def test_a_number_is_written_as_one_step(inspector, editor, find, write):
    form = choose(inspector, "conv2")
    before = editor.document.state
    write(find(form, QLineEdit, "line_out_channels"), "128", KEY.Key_Return)
    assert node(editor, "conv2").arguments["out_channels"] == 128
    assert editor.history.count() == 1
    assert editor.history.undoText() == "Set filters of conv2"
    editor.history.undo()
    assert editor.document.state is before
    inspector.update_now()
    assert find(form, QLineEdit, "line_out_channels").text() == "16"


def test_two_visits_are_two_steps(inspector, editor, find, write):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, "20", KEY.Key_Return)
    write(line, "30", KEY.Key_Return)
    assert editor.history.count() == 2


@pytest.mark.parametrize("text", ["7", "7 × 7", "7x7", "7, 7", "(7, 7)"])
def test_pairs_are_read_as_people_write_them(inspector, editor, find, write, text):
    form = choose(inspector, "conv1")
    write(find(form, QLineEdit, "line_kernel_size"), text, KEY.Key_Return)
    assert node(editor, "conv1").arguments["kernel_size"] == (7, 7)


def test_arrow_keys_step(inspector, editor, find):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    line.setFocus()
    for which in (KEY.Key_Up, KEY.Key_Up, KEY.Key_Down):
        QTest.keyClick(line, which)
    assert line.text() == "17"
    assert node(editor, "conv2").arguments["out_channels"] == 17
    assert editor.history.count() == 1


def test_a_switch_is_switched(inspector, editor, find, qtbot):
    form = choose(inspector, "conv2")
    box = find(form, QCheckBox, "switch_bias")
    assert (box.isChecked(), box.text()) == (True, "yes")
    QTest.mouseClick(box, LEFT, pos=box.rect().center() - box.rect().center() / 2)
    assert node(editor, "conv2").arguments["bias"] is False
    inspector.update_now()
    assert box.text() == "no"
    box.setFocus()
    QTest.keyClick(box, KEY.Key_Space)
    assert "bias" not in node(editor, "conv2").arguments


def test_a_choice_is_chosen_and_the_wheel_keeps_off(editor, show, find, qtbot):
    name, parameter = next(
        (name, parameter)
        for name, layer in LAYERS.items()
        for parameter in layer.PARAMETERS.values()
        if parameter.kind == "choice"
    )
    editor = Editor(Document(add_node(Project(), "main", name, name="one")))
    form = choose(show(InspectorPanel(editor), (320, 800)), "one")
    combo = find(form, QComboBox, f"choice_{parameter.name}")
    combo.setFocus()
    QTest.keyClick(combo, KEY.Key_Down)
    chosen = combo.currentData()
    assert node(editor, "one").arguments[parameter.name] == chosen != parameter.default


@pytest.mark.parametrize("text", ["0", "-3", "many", "2.5", ""])
def test_a_wrong_value_is_told_at_the_field_and_not_taken(inspector, editor, find, write, text):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, "9")
    before = editor.document.state
    QTest.keyClick(line, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, KEY.Key_Delete)
    QTest.keyClicks(line, text)
    QApplication.processEvents()
    row = form.rows["out_channels"]
    assert row.error.isVisible()
    assert "whole number" in row.error.text()
    assert row.error.height() >= row.error.heightForWidth(row.error.width())
    assert line.property("wrong") is True
    assert editor.document.state is before
    # Escape takes it back.
    QTest.keyClick(line, KEY.Key_Escape)
    assert line.text() == "9"
    assert not row.error.isVisible()
    assert line.property("wrong") is False


def test_the_window_s_undo_reaches_the_project_from_a_field(inspector, editor, find, write):
    """Offscreen, the shortcut itself has no window; the field must leave the key alone."""
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, "40")
    QTest.keyClick(line, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    editor.history.undo()
    inspector.update_now()
    assert line.text() == "16"


def test_the_way_back_to_the_default(inspector, editor, find, qtbot):
    form = choose(inspector, "conv2")
    back = find(form, QToolButton, "reset_kernel_size")
    assert back.isVisible()
    qtbot.mouseClick(back, LEFT)
    assert "kernel_size" not in node(editor, "conv2").arguments
    inspector.update_now()
    assert not back.isVisible()
    assert not find(form, QToolButton, "reset_stride").isVisible()


def test_the_field_in_hand_is_explained(inspector, find, qtbot):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_padding")
    qtbot.mouseClick(line, LEFT)
    parameter = LAYERS["Conv2d"].PARAMETERS["padding"]
    assert find(inspector, QLabel, "field_help_title").text() == parameter.label
    text = find(inspector, QLabel, "field_help_text")
    assert text.isVisible()
    assert parameter.help in text.text()


# --- expressions -------------------------------------------------------------------------------


def test_an_expression_is_written_and_shown(inspector, editor, find, write):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, "= classes * 2", KEY.Key_Return)
    assert node(editor, "conv2").arguments["out_channels"] == Expression("classes * 2")
    inspector.update_now()
    assert line.text() == "= classes * 2"
    assert editor.document.node_result("main", "conv2").outputs["out"].sizes[0] == 20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("= classes *", "is not an expression"),
        ("= __import__('os')", "may call only"),
        ("= classes ** 9999", "an exponent may be"),
        ("= clases", "no parameter"),
        ("= classes / 3", "whole number"),
    ],
)
def test_an_expression_that_cannot_be_computed_says_so_at_the_field(
    inspector, editor, find, write, text, words
):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    write(line, text, KEY.Key_Return)
    inspector.update_now()
    row = form.rows["out_channels"]
    assert row.error.isVisible()
    assert words in row.error.text()
    assert line.property("wrong") is True
    editor.history.undo()
    inspector.update_now()
    write(line, "12", KEY.Key_Return)
    inspector.update_now()
    assert not row.error.isVisible()
    assert line.property("wrong") is False


def test_a_switch_may_be_computed_too(inspector, editor, find, qtbot):
    form = choose(inspector, "conv2")
    toggle = find(form, QToolButton, "expression_bias")
    qtbot.mouseClick(toggle, LEFT)
    line = find(form, QLineEdit, "line_bias")
    assert line.isVisible()
    assert line.hasFocus()
    QTest.keyClicks(line, "classes > 5")
    qtbot.mouseClick(toggle, LEFT)
    assert not line.isVisible()
    assert find(form, QCheckBox, "switch_bias").isVisible()


def test_without_parameters_expressions_are_refused_with_the_way(show, find, write):
    editor = Editor(Document(add_node(Project(), "main", "Linear", name="fc")))
    form = choose(show(InspectorPanel(editor), (320, 800)), "fc")
    write(find(form, QLineEdit, "line_out_features"), "= classes")
    assert "parameters" in form.rows["out_features"].error.text()
    assert "out_features" not in node(editor, "fc").arguments


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
    assert line.placeholderText() == "differs"
    write(line, "12", KEY.Key_Return)
    assert {node(editor, n).arguments["out_channels"] for n in ("conv1", "conv2")} == {12}
    assert editor.history.count() == 1


def test_nodes_of_different_sorts_show_their_sum(inspector, editor, find):
    choose(inspector, "conv2", "fc1")
    results = [editor.document.node_result("main", name) for name in ("conv2", "fc1")]
    weights = whole(sum(result.parameters for result in results))
    assert dict(inspector.form.totals.facts())["weights"] == weights


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
    qtbot.mouseClick(find(inspector.form, QPushButton, "add_parameter"), LEFT)
    (name,) = editor.document.state.main.parameters.keys() - {"classes"}
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
    assert find(inspector.form, QLabel, "block_name").text() == "Residual"


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
