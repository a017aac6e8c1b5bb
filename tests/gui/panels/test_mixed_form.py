"""Nodes of different sorts in the inspector: which there are, and what is set on all of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton

from graph.document import Document
from graph.edits import add_node, set_argument
from graph.layer import LAYERS
from graph.state import Project
from gui.editor import Editor
from gui.panels.inspector import InspectorPanel
from gui.panels.mixed_form import common_parameters
from tests.gui.panels.building import choose, node

LEFT = Qt.MouseButton.LeftButton
CHOSEN = ("conv", "pool", "conv_b")


@pytest.fixture
def mixed(show):
    """An inspector with two convolutions and a pooling selected, and a note beside them."""
    project = Project()
    for name, layer in (("conv", "Conv2d"), ("pool", "MaxPool2d"), ("conv_b", "Conv2d")):
        project = add_node(project, "main", layer, name=name)
    project = add_node(project, "main", "Note", name="note")
    panel = show(InspectorPanel(Editor(Document(project))), (320, 800))
    choose(panel, *CHOSEN)
    return panel


def values(panel, parameter):
    nodes = panel._editor.document.state.main.nodes
    return [nodes[name].arguments.get(parameter) for name in CHOSEN]


def test_what_all_have_is_set_on_all_in_one_step(mixed, find, write):
    before = mixed._editor.document.state
    assert "out_channels" not in mixed.form.rows
    line = find(mixed.form, QLineEdit, "line_kernel_size")
    assert line.placeholderText() == "several values"
    write(line, "5", Qt.Key.Key_Return)
    assert values(mixed, "kernel_size") == [(5, 5)] * 3
    assert mixed._editor.history.count() == 1
    mixed._editor.history.undo()
    assert mixed._editor.document.state is before


def test_the_words_are_those_of_all_where_their_own_differ(mixed):
    assert LAYERS["MaxPool2d"].PARAMETERS["kernel_size"].label == "Window"
    assert mixed.form.rows["kernel_size"].words.text() == "Kernel size"
    assert mixed.form.rows["kernel_size"].parameter.help == "Kernel size of each."


def test_a_value_that_one_of_them_refuses_is_explained_and_changes_none(mixed, find, write):
    before = mixed._editor.document.state
    write(find(mixed.form, QLineEdit, "line_kernel_size"), "0")
    row = mixed.form.rows["kernel_size"]
    assert row.error.isVisible()
    assert "at least 1" in row.error.text()
    assert mixed._editor.document.state is before


def test_each_goes_back_to_the_default_of_its_own_sort(mixed, find):
    back = find(mixed.form, QToolButton, "reset_kernel_size")
    assert not back.isVisible()
    mixed._editor.apply("set", lambda p: set_argument(p, "main", "pool", "kernel_size", (7, 7)))
    mixed.update_now()
    assert back.isVisible()
    # Which is not the same for all.
    assert back.toolTip() == "Back to the default"
    QTest.mouseClick(back, LEFT)
    assert values(mixed, "kernel_size") == [None] * 3
    mixed.update_now()
    assert not back.isVisible()


def test_those_of_one_sort_are_chosen_from_all(mixed, find):
    only = find(mixed.form, QPushButton, "only_Conv2d")
    assert only.text() == "2 × Convolution"
    QTest.mouseClick(only, LEFT)
    assert mixed._editor.selection == {"conv", "conv_b"}


def test_a_note_among_them_is_no_hindrance(mixed, find, write):
    choose(mixed, *CHOSEN, "note")
    write(find(mixed.form, QLineEdit, "line_stride"), "2", Qt.Key.Key_Return)
    assert values(mixed, "stride") == [(2, 2)] * 3
    assert "stride" not in node(mixed._editor, "note").arguments


@pytest.mark.parametrize("one", ["Conv2d", "Linear", "BatchNorm2d", "Dropout", "LSTM"])
def test_what_is_common_is_legal_for_each(one):
    """Within the bounds of all: the strictest of them."""
    for other in LAYERS.values():
        declared = [dict(LAYERS[one].PARAMETERS), dict(other.PARAMETERS)]
        for name, parameter in common_parameters(declared).items():
            for own in declared:
                assert own[name].kind == parameter.kind
                for bound in (parameter.min, parameter.max):
                    assert bound is None or own[name].within(bound)
