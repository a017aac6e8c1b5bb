"""The card in the inspector: what it says, and that all of it can be read and copied."""

import html

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from codegen.module import generate
from graph.document import Document
from graph.edits import add_node, set_argument
from graph.layer import LAYERS
from graph.state import Project
from graph.templates import load_template
from gui.editor import Editor
from gui.panels.card import CardBox
from gui.panels.inspector import InspectorPanel
from gui.panels.palette import PalettePanel
from gui.panels.search import find as find_entries
from gui.panels.search import layer_entries
from tests.gui.panels.building import choose

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def opened(monkeypatch):
    monkeypatch.setattr(CardBox, "is_open", True)


def shown_code(form):
    return form.card.code.toPlainText().splitlines()


def test_the_card_of_a_node_has_its_numbers_and_its_lines(inspector, editor, find, qtbot):
    form = choose(inspector, "conv1")
    cost = find(form, QLabel, "card_cost")
    assert cost.text() == "6·1·5·5·28·28 = 117,600"
    construction = "self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding=2)"
    assert shown_code(form)[0] == construction
    # The module knows what the variables are called.
    qtbot.waitUntil(lambda: shown_code(form)[1].startswith("x = self.conv1(image)  # (N, 6,"))
    for line in shown_code(form):
        assert line in generate(editor.document.state).text
    editor.apply("Set", lambda p: set_argument(p, "main", "conv1", "out_channels", 7))
    inspector.update_now()
    assert shown_code(form)[0] == construction.replace("6", "7", 1)


@pytest.mark.parametrize("name", list(LAYERS))
@pytest.mark.parametrize("width", [264, 420])
def test_the_whole_card_of_every_layer_can_be_read(name, width, show, find, qtbot):
    layer = LAYERS[name]
    editor = Editor(Document(add_node(Project(), "main", name, name="one")))
    form = choose(show(InspectorPanel(editor), (width, 800)), "one")
    texts = {"formula": layer.FORMULA, "use": layer.USE}
    texts["mistakes"] = "\n".join(f"• {one}" for one in layer.MISTAKES)
    for key, text in texts.items():
        shown = find(form, QLabel, f"card_{key}")
        assert shown.text() == text
        assert shown.isVisible() == bool(text)
        assert shown.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
        if text:
            qtbot.waitUntil(lambda s=shown: s.height() >= s.heightForWidth(s.width()))
    names = find(form, QLabel, "card_names").text()
    assert all(word in names for word in (*layer.SYNONYMS, *layer.CONSOLE))


def test_long_lines_are_broken_and_not_cut(inspector, find, qtbot):
    inspector.resize(264, 900)
    form = choose(inspector, "conv1")
    code = form.card.code
    qtbot.waitUntil(lambda: len(shown_code(form)) > 1 and "image" in shown_code(form)[1])
    assert code.document().size().height() > len(shown_code(form))

    def whole():
        last = code.document().lastBlock()
        bottom = code.blockBoundingGeometry(last).translated(code.contentOffset()).bottom()
        return bottom <= code.viewport().height() + 1

    qtbot.waitUntil(whole)


def test_it_stays_open_from_node_to_node_and_folds_away(inspector, find, qtbot):
    form = choose(inspector, "conv1")
    fold = find(form, QPushButton, "about_layer")
    qtbot.mouseClick(fold, LEFT)
    assert not form.card.code.isVisible()
    form = choose(inspector, "pool1")
    assert not form.card.code.isVisible()
    qtbot.mouseClick(find(form, QPushButton, "about_layer"), LEFT)
    assert form.card.code.isVisible()
    assert shown_code(form)[0].startswith("self.pool1 = nn.")
    assert choose(inspector, "fc1").card.code.isVisible()


def test_a_block_has_its_lines(show, find, qtbot):
    editor = Editor(Document(load_template("resnet-small")))
    form = choose(show(InspectorPanel(editor), (320, 800)), "down")
    assert "block" in find(form, QPushButton, "about_layer").text()
    qtbot.waitUntil(lambda: "self.down = Downsample(" in form.card.code.toPlainText())
    assert not find(form, QLabel, "card_formula").isVisible()


def test_a_node_without_lines_says_nothing_of_them(inspector, editor, find):
    editor.apply("Add", lambda p: add_node(p, "main", "Conv2d", name="loose"))
    form = choose(inspector, "loose")
    assert not form.card.code.isVisible()
    assert not find(form, QLabel, "card_code_title").isVisible()


def test_the_palette_finds_and_tells_what_a_card_says(editor, show):
    # Only the card says of it that phones are what it is for.
    assert "phone" in LAYERS["ReLU6"].USE
    assert "ReLU6" in [entry.name for entry in find_entries(layer_entries(), "phones")]
    palette = show(PalettePanel(editor))
    palette.search.setText("ReLU6")
    tip = palette.view.currentIndex().data(Qt.ItemDataRole.ToolTipRole)
    assert html.escape(LAYERS["ReLU6"].USE) in tip
    assert html.escape(LAYERS["ReLU6"].FORMULA) in tip


def test_several_nodes_have_no_card(inspector):
    assert not choose(inspector, "conv1", "conv2").card.isVisible()
