"""Names that complete themselves, values of several nodes, and what is wrong with a value."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton

from graph.declare import Parameter
from graph.document import Document
from graph.edits import add_node
from graph.expression import Expression
from graph.project_edits import set_block_parameter
from graph.state import BlockParameter, Project
from gui.editor import Editor
from gui.panels.inspector import InspectorPanel
from gui.panels.parameter_row import ParameterRow
from tests.gui.panels.building import choose, node

KEY = Qt.Key


@pytest.fixture
def form(show):
    """The form of a Linear in a network with the parameters channels, chunks and width."""
    project = add_node(Project(), "main", "Linear", name="one")
    for name in ("channels", "chunks", "width"):
        project = set_block_parameter(project, "main", name, BlockParameter(4))
    return choose(show(InspectorPanel(Editor(Document(project))), (320, 800)), "one")


def begun(form, text):
    """Write into the first field, letter by letter; the field and its list of names."""
    line = form.findChild(QLineEdit, "line_out_features")
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    return line, form.rows["out_features"].field.names


@pytest.mark.parametrize("end", [KEY.Key_Return, KEY.Key_Tab])
def test_a_name_is_completed(form, end):
    line, names = begun(form, "= 2 * ch")
    assert names.is_open
    assert names.shown() == ["channels", "chunks"]
    QTest.keyClick(line, end)
    assert not names.is_open
    assert line.text() == "= 2 * channels"
    assert line.hasFocus()
    taken = node(form._editor, "one").arguments["out_features"]
    assert taken == Expression("2 * channels")
    assert form.rows["out_features"].error.text() == ""
    # Writing and completing is one step.
    form._editor.history.undo()
    assert "out_features" not in node(form._editor, "one").arguments


def test_down_chooses_the_next_name(form):
    line, _ = begun(form, "= c")
    QTest.keyClick(line, KEY.Key_Down)
    QTest.keyClick(line, KEY.Key_Return)
    assert line.text() == "= chunks"


def test_outside_of_an_expression_nothing_is_completed(form):
    for text in ("12", "= 3 * ", "= zz", "= width"):
        _, names = begun(form, text)
        assert not names.is_open, text


def test_a_new_parameter_of_the_block_is_known_at_once(form):
    editor = form._editor
    editor.apply("Add", lambda p: set_block_parameter(p, "main", "chairs", BlockParameter(1)))
    QApplication.processEvents()
    inspector = next(w for w in QApplication.topLevelWidgets() if isinstance(w, InspectorPanel))
    _, names = begun(inspector.form, "= ch")
    assert names.shown() == ["chairs", "channels", "chunks"]


def test_several_nodes_go_back_to_the_default_in_one_step(inspector, editor, find, qtbot):
    form = choose(inspector, "conv1", "conv2")
    before = editor.document.state
    row = form.rows["padding"]
    assert row.field.line.placeholderText() == "several values"
    assert row.words.property("role") == ""
    qtbot.mouseClick(find(form, QToolButton, "reset_padding"), Qt.MouseButton.LeftButton)
    assert all("padding" not in node(editor, n).arguments for n in ("conv1", "conv2"))
    inspector.update_now()
    assert row.back.isHidden()
    assert row.words.property("role") == "muted"
    assert row.field.line.text() == "0 × 0"
    editor.history.undo()
    assert editor.document.state is before


WRONG = {
    "integer": ("3.5", "-1", "many"),
    "number": ("0,5", "a lot", "7"),
    "pair": ("1 × 2 × 3", "x", "-4"),
    "triple": ("1 × 2", "deep"),
    "sizes": ("1 × wide",),
    "numbers": ("0.1 × much",),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_beside_the_field_for_every_kind(kind, show):
    usual = {"pair": (1, 1), "triple": (1, 1, 1), "sizes": (1,), "numbers": (0.5,)}.get(kind, 1)
    row = show(ParameterRow(Parameter("size", kind, usual, "How large.", "Size", min=0, max=5)))
    row.show_values([usual])
    taken = []
    row.edited.connect(lambda _, value: taken.append(value))
    for text in WRONG[kind]:
        row.field.line.selectAll()
        taken.clear()
        QTest.keyClicks(row.field.line, text)
        assert row.error.isVisible(), text
        assert len(row.error.text()) > 10
        assert row.field.line.property("wrong"), text
        # Only what was legal on the way was taken.
        assert all(row.parameter.check(value) == value for value in taken)
        QTest.keyClick(row.field.line, KEY.Key_Escape)
        assert row.error.isHidden()


def test_a_mistake_stays_explained_when_that_of_the_value_before_is_gone(form):
    """`= nowhere` is wrong to the model; then 3 is right, and 3e is none that it is told of."""
    line, _ = begun(form, "= nowhere")
    form.refresh()
    row = form.rows["out_features"]
    assert "nowhere" in row.error.text()
    for written in ("3", "3e"):
        line.selectAll()
        QTest.keyClicks(line, written)
    form.refresh()
    assert node(form._editor, "one").arguments["out_features"] == 3
    assert "'3e' is not" in row.error.text()
    assert line.property("wrong")
    QTest.keyClick(line, KEY.Key_Backspace)
    form.refresh()
    assert not row.error.isVisible()
    assert not line.property("wrong")
