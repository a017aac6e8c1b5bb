"""The inspector: forms made from declarations, and what people write into them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
)

from graph.declare import MISSING, ArgumentError
from graph.document import Document
from graph.edits import add_node, set_argument
from graph.expression import Expression
from graph.layer import LAYERS
from graph.project_edits import set_block_parameter
from graph.state import BlockParameter, Project
from gui.editor import Editor
from gui.fields.prose_field import ProseField
from gui.fields.value_text import parse_value, value_text, words_of
from gui.panels.inspector import InspectorPanel
from gui.panels.node_form import NodeForm
from tests.gui.panels.building import choose, node

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


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
        kinds = {"switch": (QCheckBox, "switch_"), "choice": (QComboBox, "choice_")}
        sort, stem = kinds.get(parameter.kind, (QLineEdit, "line_"))
        if parameter.multiline:
            sort, stem = ProseField, "field_"
        field = form.findChild(sort, stem + parameter.name)
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


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("= channels × 28 × 28", (Expression("channels"), 28, 28)),
        ("3 × = side * 2 × = side", (3, Expression("side * 2"), Expression("side"))),
        ("= channels, 28, max(side, 8)", (Expression("channels"), 28, Expression("max(side, 8)"))),
        ("= (1 if grey else 3), 28, 28", (Expression("1 if grey else 3"), 28, 28)),
        ("= side", Expression("side")),
    ],
)
def test_sizes_may_be_expressions_one_by_one(text, value):
    shape = LAYERS["Input"].PARAMETERS["shape"]
    assert parse_value(shape, text) == value
    assert parse_value(shape, value_text(value)) == value


def test_channels_of_an_input_from_a_parameter_of_the_network(show, write):
    project = set_block_parameter(
        add_node(Project(), "main", "Input", name="image"),
        "main",
        "in_channels",
        BlockParameter(3),
    )
    editor = Editor(Document(project))
    form = choose(show(InspectorPanel(editor), (320, 800)), "image")
    write(form.findChild(QLineEdit, "line_shape"), "= in_channels, 32, 32")
    shape = (Expression("in_channels"), 32, 32)
    assert editor.document.state.main.nodes["image"].arguments["shape"] == shape
    assert str(editor.document.result().nodes["image"].outputs["out"]) == "3×32×32"
    assert form.rows["shape"].error.isHidden()


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


@pytest.mark.parametrize("text", ["0", "-3", "many", ".5", ""])
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
        ("= classes ** 9999", "an exponent"),
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,024", "without separators: 1024"),
        ("1 000 000", "without separators: 1000000"),
        ("9" * 25, "far too large"),
        ("1.5", "at least 1"),
        ("5 5", "at least 1"),
    ],
)
def test_a_number_that_is_written_otherwise_is_refused_with_how_it_is(text, words):
    with pytest.raises(ArgumentError) as refused:
        parse_value(LAYERS["Conv2d"].PARAMETERS["out_channels"], text)
    assert words in words_of(refused.value)


def test_arrows_in_a_field_step_as_a_spin_box_does(inspector, editor, find, write, qtbot):
    before = editor.document.state
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_out_channels")
    larger, smaller = (find(line, QAbstractButton, name) for name in ("larger", "smaller"))
    assert not larger.isVisible()
    line.setFocus()
    assert line.rect().contains(larger.geometry().translated(larger.parentWidget().pos()))
    for arrow in (larger, larger, smaller, larger):
        qtbot.mouseClick(arrow, LEFT)
    assert node(editor, "conv2").arguments["out_channels"] == 18
    # Nothing is below the smallest legal number, and what computes itself has no steps.
    write(line, "1")
    qtbot.mouseClick(smaller, LEFT)
    assert node(editor, "conv2").arguments["out_channels"] == 1
    write(line, "= classes")
    assert not larger.isVisible()
    line.clearFocus()
    editor.history.undo()
    assert editor.document.state is before, "all of it was one step"


def test_a_pair_is_stepped_by_its_arrows(inspector, editor, find, qtbot):
    form = choose(inspector, "conv2")
    line = find(form, QLineEdit, "line_kernel_size")
    line.setFocus()
    qtbot.mouseClick(find(line, QAbstractButton, "smaller"), LEFT)
    assert node(editor, "conv2").arguments["kernel_size"] == (4, 4)
