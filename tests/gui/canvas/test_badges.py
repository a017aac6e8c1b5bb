"""What the canvas shows of a node's settings: dashes, badges, words."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from graph.edits import set_argument
from graph.node_settings import PLAIN
from graph.setting_edits import set_setting
from gui.canvas import commands
from gui.canvas.badges import badges_of, words_of
from gui.canvas.hits import Hit
from gui.canvas.measures import Level
from gui.canvas.tips import tip
from gui.commands.actions import Actions
from tests.graph.building import BODY, project_of


@pytest.fixture
def settled(open_canvas):
    """Two convolutions with the same frozen weights, a bypassed activation, a repeated block."""
    project = project_of(
        {
            "image": "layer: Input, shape: [4, 8, 8], at: [0, 0]",
            "conv": "layer: Conv2d, out_channels: 4, padding: 1, frozen: true, at: [0, 90]",
            "again": "layer: Conv2d, shares: conv, at: [0, 180]",
            "relu": "layer: ReLU, bypassed: true, at: [0, 270]",
            "body": "block: Double, width: 2, repeat: 3, at: [0, 360]",
            "out": "layer: Output, at: [0, 450]",
        },
        ["image -> conv", "conv -> again", "again -> relu", "relu -> body", "body -> out"],
        blocks=BODY,
    )
    return open_canvas(project)


def look(canvas, name):
    return canvas.items_scene.node_items[name].look


def said(canvas, name):
    item = canvas.items_scene.node_items[name]
    return tip(canvas.items_scene, Hit(node=name), item.pos())


def picture(canvas, name):
    """The node alone, at 100 %."""
    item = canvas.items_scene.node_items[name]
    rect = item.rect()
    image = QImage(round(rect.width()), round(rect.height()), QImage.Format.Format_ARGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    painter.translate(-rect.topLeft())
    item.paint(painter, None)
    painter.end()
    return image


def test_badges_and_their_words(settled):
    assert badges_of(look(settled, "conv")) == ("frozen",)
    assert badges_of(look(settled, "again")) == ("shared",)
    assert badges_of(look(settled, "relu")) == ()
    assert "its weights stay as they are" in said(settled, "conv")
    assert "Uses the weights of conv." in said(settled, "again")
    assert "Bypassed" in said(settled, "relu")
    assert "Repeated ×3" in said(settled, "body")
    assert words_of(look(settled, "image")) == []
    assert "Where data enters" in said(settled, "image")


def test_a_sharer_shows_what_its_owner_is_set_to(settled):
    assert (
        look(settled, "again").summary
        == look(settled, "conv").summary
        == ("4 filters 3×3, padding 1")
    )
    settled.editor.apply("", lambda p: set_argument(p, "main", "conv", "kernel_size", 5))
    assert look(settled, "again").summary == "4 filters 5×5, padding 1"


@pytest.mark.parametrize("level", [Level.FULL, Level.TITLE])
def test_bypassed_nodes_are_pale_and_dashed(settled, level):
    settled.items_scene.surface.level = level
    before = picture(settled, "relu")
    settled.editor.apply("", lambda p: set_setting(p, "main", "relu", "bypassed", False))
    after = picture(settled, "relu")
    # Along the upper edge of the card, left of the port, there are gaps where there was a line.
    item = settled.items_scene.node_items["relu"]
    top = round(item.card.top() - item.rect().top())
    left = round(item.card.left() - item.rect().left()) + 20

    def dark(image):
        return sum(
            min(image.pixelColor(x, y).lightness() for y in (top, top + 1)) < 228
            for x in range(left, left + 70)
        )

    assert dark(after) == 70
    assert 20 < dark(before) < 60
    stripe = QPointF(item.card.left() + 10, item.card.center().y()) - item.rect().topLeft()
    colors = [image.pixelColor(stripe.toPoint()) for image in (before, after)]
    assert colors[0].saturation() < colors[1].saturation()


@pytest.mark.parametrize("setting", ["frozen", "shares"])
def test_a_badge_is_drawn_and_covers_no_words(settled, setting):
    value = True if setting == "frozen" else "conv"
    settled.editor.apply("", lambda p: set_setting(p, "main", "again", "shares", ""))
    settled.editor.apply("", lambda p: set_setting(p, "main", "again", "frozen", False))
    plain = picture(settled, "again")
    settled.editor.apply("", lambda p: set_setting(p, "main", "again", setting, value))
    assert picture(settled, "again") != plain
    item = settled.items_scene.node_items["again"]
    texts = item.texts
    placed, text = texts.summary
    end = placed.x() + text.size().width()
    assert texts.badges
    assert all(place.left() >= end for _, place in texts.badges)
    assert all(item.card.contains(place) for _, place in texts.badges)


def test_bypassing_the_selection_and_back(settled):
    editor = settled.editor
    editor.select(["conv", "relu"])
    settled.bypass_selection()
    nodes = editor.document.state.main.nodes
    assert nodes["conv"].settings.bypassed
    assert nodes["relu"].settings.bypassed
    assert editor.history.undoText() == "Bypass 2 nodes"
    settled.bypass_selection()
    assert editor.document.state.main.nodes["relu"].settings is PLAIN
    editor.history.undo()
    editor.history.undo()
    assert editor.document.state.main.nodes["conv"].settings.frozen
    editor.select([])
    assert not commands.bypass_selection(editor)


def test_what_cannot_be_bypassed_says_why(settled, qtbot):
    settled.editor.select(["image"])
    with qtbot.waitSignal(settled.editor.refused) as refused:
        settled.bypass_selection()
    assert refused.args == ["image cannot be bypassed: nothing goes through it"]


def test_the_key(qapp):
    actions = Actions()
    assert actions["bypass"].shortcut().toString() == "Ctrl+B"


SWITCHED = """
  Up:
    parameters: {width: 4, learned: false}
    nodes:
      entry: {layer: Input, shape: [4, 8, 8]}
      conv: {layer: Conv2d, out_channels: = width, bias: = learned}
      leave: {layer: Output}
    links: [entry -> conv, conv -> leave]
"""


def test_a_switch_of_a_block_is_a_word_and_no_value(open_canvas):
    project = project_of(
        {
            "image": "layer: Input, shape: [4, 8, 8], at: [0, 0]",
            "with_it": "block: Up, width: 2, learned: true, at: [0, 90]",
            "without": "block: Up, learned: false, at: [0, 180]",
            "out": "layer: Output, at: [0, 270]",
        },
        ["image -> with_it", "with_it -> without", "without -> out"],
        blocks=SWITCHED,
    )
    canvas = open_canvas(project)
    assert look(canvas, "with_it").summary == "width 2, learned"
    assert look(canvas, "without").summary == "not learned"
