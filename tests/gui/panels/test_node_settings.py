"""The settings of nodes in the inspector: rows, several nodes, shared weights."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
)

from graph.document import Document
from graph.edits import add_node, set_argument
from graph.initialization import INITIALIZATIONS, KaimingNormal, Normal
from graph.node_settings import PLAIN
from gui.editor import Editor
from gui.panels.inspector import InspectorPanel
from gui.panels.node_settings import applicable
from tests.graph.building import BODY, project_of
from tests.gui.panels.building import choose, node

KEY = Qt.Key


@pytest.fixture
def editor():
    """Three convolutions, two of which share; a block, an activation, a normalization."""
    project = project_of(
        {
            "image": "layer: Input, shape: [4, 8, 8]",
            "conv1": "layer: Conv2d, out_channels: 4, padding: 1",
            "conv2": "layer: Conv2d, shares: conv1",
            "conv3": "layer: Conv2d, out_channels: 4, frozen: true",
            "norm": "layer: BatchNorm2d",
            "relu": "layer: ReLU",
            "body": "block: Double, width: 2",
            "out": "layer: Output",
        },
        [
            *("image -> conv1", "conv1 -> conv2", "conv2 -> conv3", "conv3 -> norm"),
            *("norm -> relu", "relu -> body", "body -> out"),
        ],
        blocks=BODY,
    )
    return Editor(Document(project))


def opened(inspector, *names):
    """The form of nodes, its settings unfolded."""
    form = choose(inspector, *names)
    form.settings.fold.set_open(True)
    return form


def pick(form, find, inspector, name, text):
    """Choose an option by its words, as with the mouse."""
    combo = find(form, QComboBox, f"choice_{name}")
    place = combo.findText(text)
    assert place >= 0, [combo.itemText(i) for i in range(combo.count())]
    combo.setCurrentIndex(place)
    combo.activated.emit(place)
    inspector.update_now()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["image"], []),
        (["relu"], ["bypassed", "only_if"]),
        (["image", "relu"], []),
        (["body"], ["bypassed", "only_if", "shares", "frozen", "learning_rate_factor"]),
        (["conv1", "body"], ["bypassed", "only_if", "frozen", "learning_rate_factor"]),
        (["conv1", "norm"], [
            *("bypassed", "only_if", "frozen", "learning_rate_factor"),
            *("initialization", "weight_norm"),
        ]),
    ],
)  # fmt: skip
def test_rows_are_those_that_mean_something(inspector, editor, names, expected):
    form = choose(inspector, *names)
    assert list(form.settings.rows) == expected
    assert form.settings.isVisible() == bool(expected)
    assert applicable([node(editor, name) for name in names]) == expected


def test_the_section_is_open_where_something_is_set(inspector):
    assert not choose(inspector, "conv1").settings.rows["frozen"].isVisible()
    assert choose(inspector, "conv3").settings.rows["frozen"].isVisible()


def test_freezing_and_back(inspector, editor, find, qtbot):
    form = opened(inspector, "conv1")
    find(form, QCheckBox, "switch_frozen").click()
    assert node(editor, "conv1").settings.frozen
    assert editor.history.undoText() == "Set frozen of conv1"
    inspector.update_now()
    assert ("of them frozen", "148") in form.flows.facts()
    qtbot.mouseClick(find(form, QToolButton, "reset_frozen"), Qt.MouseButton.LeftButton)
    assert node(editor, "conv1").settings is PLAIN
    editor.history.undo()
    editor.history.undo()
    assert editor.history.index() == 0


def test_a_factor_is_checked_and_one_step_of_undo(inspector, editor, find, write):
    form = opened(inspector, "conv1")
    line = find(form, QLineEdit, "line_learning_rate_factor")
    write(line, "0.25", KEY.Key_Return)
    assert node(editor, "conv1").settings.learning_rate_factor == 0.25
    assert editor.history.count() == 1
    write(line, "-1")
    error = find(form, QLabel, "error_learning_rate_factor")
    assert error.isVisible()
    assert "above 0" in error.text()
    assert node(editor, "conv1").settings.learning_rate_factor == 0.25


def test_where_weights_start_brings_rows_of_its_own(inspector, editor, find, write):
    form = opened(inspector, "conv1")
    assert list(form.settings.start_rows) == ["bias"]
    pick(form, find, inspector, "initialization", "kaiming_normal")
    assert node(editor, "conv1").settings.initialization == KaimingNormal()
    assert list(form.settings.start_rows) == ["mode", "nonlinearity", "slope", "bias"]
    pick(form, find, inspector, "initialization_mode", "fan_out")
    assert node(editor, "conv1").settings.initialization == KaimingNormal(mode="fan_out")
    pick(form, find, inspector, "initialization", "normal")
    write(find(form, QLineEdit, "line_initialization_std"), "0.02", KEY.Key_Return)
    write(find(form, QLineEdit, "line_initialization_bias"), "0", KEY.Key_Return)
    assert node(editor, "conv1").settings.initialization == Normal(std=0.02, bias=0.0)
    assert form.settings.start_rows["std"].isVisible()


def test_what_does_not_fit_together_is_told_beside_the_field(inspector, editor, find, write):
    form = opened(inspector, "conv1")
    pick(form, find, inspector, "initialization", "uniform")
    before = editor.document.state
    write(find(form, QLineEdit, "line_initialization_low"), "7")
    assert editor.document.state is before
    error = find(form, QLabel, "error_initialization_low")
    assert error.isVisible()
    assert error.text() == "Initialization: high must be above low (7), not 0.05"


def test_a_start_that_the_weights_cannot_have_is_told(inspector, find):
    form = opened(inspector, "norm")
    pick(form, find, inspector, "initialization", "orthogonal")
    error = find(form, QLabel, "error_initialization")
    assert error.isVisible()
    assert "needs weights with 2 axes" in error.text()


def test_bilinear_is_offered_to_transposed_convolutions_alone(inspector, find):
    combo = find(opened(inspector, "conv1"), QComboBox, "choice_initialization")
    offered = [combo.itemText(place) for place in range(combo.count())]
    assert offered == [name for name in INITIALIZATIONS if name != "bilinear"]
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    style, control = combo.style(), QStyle.ComplexControl.CC_ComboBox
    edge = QStyle.SubControl.SC_ComboBoxEditField
    room = style.subControlRect(control, option, edge, combo).width()
    metrics = combo.fontMetrics()
    assert all(metrics.horizontalAdvance(name) <= room for name in offered), room


def test_help_of_a_setting(inspector, find):
    opened(inspector, "conv3")
    find(inspector.form, QLineEdit, "line_learning_rate_factor").setFocus()
    assert "multiplied with" in find(inspector, QLabel, "field_help_text").text()


# --- several -----------------------------------------------------------------------------------


def test_settings_of_several_nodes(inspector, editor, find, qtbot):
    form = opened(inspector, "conv1", "conv3")
    box = find(form, QCheckBox, "switch_frozen")
    assert box.text() == "several values"
    box.click()
    states = {node(editor, name).settings.frozen for name in ("conv1", "conv3")}
    assert len(states) == 1
    assert editor.history.count() == 1


def test_nodes_of_different_sorts_too(inspector, editor, find, qtbot):
    form = opened(inspector, "conv3", "body")
    line = find(form, QLineEdit, "line_learning_rate_factor")
    line.setFocus()
    QTest.keyClick(line, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(line, "3")
    assert node(editor, "body").settings.learning_rate_factor == 3
    assert node(editor, "conv3").settings.learning_rate_factor == 3
    assert node(editor, "conv3").settings.frozen


# --- shared ------------------------------------------------------------------------------------


def test_a_sharer_shows_the_owner_and_leads_there(inspector, editor, find, qtbot):
    form = opened(inspector, "conv2")
    assert find(form, QLabel, "sharing_words").text().startswith("Shared with conv1")
    assert not form.rows["kernel_size"].isEnabled()
    assert find(form, QLineEdit, "line_out_channels").text() == "4"
    assert not form.settings.rows["frozen"].isEnabled()
    assert form.settings.rows["bypassed"].isEnabled()
    qtbot.mouseClick(find(form, QPushButton, "show_owner"), Qt.MouseButton.LeftButton)
    assert editor.selection == {"conv1"}
    form = choose(inspector, "conv1")
    assert not form.sharing.isVisible()
    assert form.rows["kernel_size"].isEnabled()


def test_sharing_and_owning_again(inspector, editor, find):
    form = opened(inspector, "conv3")
    combo = find(form, QComboBox, "choice_shares")
    assert [combo.itemText(place) for place in range(combo.count())] == ["none", "conv1"]
    pick(form, find, inspector, "shares", "conv1")
    assert node(editor, "conv3").settings.shares == "conv1"
    assert form.sharing.isVisible()
    assert not form.rows["out_channels"].isEnabled()
    pick(form, find, inspector, "shares", "none")
    assert node(editor, "conv3").settings is PLAIN
    assert node(editor, "conv3").arguments == node(editor, "conv1").arguments
    assert form.rows["out_channels"].isEnabled()


def test_weights_that_do_not_fit_are_told_at_the_row(inspector, editor, find):
    form = opened(inspector, "conv2")
    editor.apply("", lambda p: set_argument(p, "main", "conv1", "out_channels", 6))
    inspector.update_now()
    error = find(form, QLabel, "error_shares")
    assert error.isVisible()
    assert "for which its weight would be 6×6×3×3" in error.text()
    editor.history.undo()
    inspector.update_now()
    assert not error.isVisible()


def test_new_nodes_are_offered_as_owners(inspector, editor, find):
    form = opened(inspector, "conv3")
    editor.apply("", lambda p: add_node(p, "main", "Conv2d", name="fresh"))
    inspector.update_now()
    combo = form.settings.rows["shares"].field.choice
    assert combo.findText("fresh") > 0
    assert combo.isVisible()


def test_the_form_fits_a_narrow_inspector(editor, show):
    inspector = show(InspectorPanel(editor), (256, 800))
    for name in ("conv1", "conv2", "body"):
        form = opened(inspector, name)
        assert form.minimumSizeHint().width() <= 246
