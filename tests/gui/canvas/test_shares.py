"""The bars that say which part of the block a node is, and the card under the mouse."""

import pytest
from PySide6.QtCore import QPointF, QRect

from graph.edits import set_argument
from graph.templates import load_template
from gui.canvas.hits import Hit
from gui.canvas.measures import NODE_HEIGHT, TEXT_LEFT, TEXT_RIGHT
from gui.canvas.node_painting import SHARE_ABOVE
from gui.canvas.shares import Shares
from gui.canvas.tips import tip
from gui.look.theme import theme
from tests.gui.canvas.building import alike, color_at, pixel


@pytest.fixture
def lenet(open_canvas):
    view = open_canvas(load_template("lenet5"), (900, 1400))
    view.fit()
    view.set_zoom(1.0)
    return view


@pytest.fixture
def shares(lenet):
    return Shares(lenet.editor, lenet.items_scene, lenet)


def bar_length(view, name):
    """How far the bar of a node is filled, measured on the picture, from 0 to 1."""
    item = view.items_scene.node_items[name]
    view.camera.look_at(item.pos())
    left, right = item.card.left() + TEXT_LEFT, item.card.right() - TEXT_RIGHT
    y = item.card.top() + item.shape_.above + NODE_HEIGHT - SHARE_ABOVE
    image = view.viewport().grab().toImage()
    filled = 0
    for step in range(100):
        x = left + (right - left) * (step + 0.5) / 100
        at = pixel(view, item.pos() + QPointF(x, y)) * image.devicePixelRatio()
        filled += alike(image.pixelColor(at), theme().color("accent"), 60)
    return filled / 100


def parts(view, of):
    nodes = view.editor.document.result("main").nodes
    counts = {name: getattr(result, of) for name, result in nodes.items()}
    return {name: count / sum(counts.values()) for name, count in counts.items() if count}


@pytest.mark.parametrize(
    ("counted", "of"), [("weights", "parameters"), ("multiply_adds", "multiply_adds")]
)
def test_bars_are_as_long_as_the_part_of_the_node(lenet, shares, counted, of):
    shares.count(counted)
    expected = parts(lenet, of)
    assert sum(expected.values()) == pytest.approx(1.0)
    assert lenet.items_scene.surface.shares == pytest.approx(expected)
    for name in ("fc1", "conv2"):
        assert bar_length(lenet, name) == pytest.approx(expected[name], abs=0.04), name
    assert "tanh1" not in lenet.items_scene.surface.shares


def test_the_number_stands_over_the_bar_where_there_is_room(lenet, shares):
    def written(name):
        item = lenet.items_scene.node_items[name]
        lenet.camera.look_at(item.pos())
        image = lenet.viewport().grab().toImage()
        free = item.texts.free.translated(item.pos())
        corners = (pixel(lenet, free.topLeft()), pixel(lenet, free.bottomRight()))
        return image.copy(QRect(corners[0], corners[1]))

    names = ("fc1", "conv2")
    before = [written(name) for name in names]
    shares.count("weights")
    assert all(written(name) != old for name, old in zip(names, before, strict=True))
    shares.count("nothing")
    assert [written(name) for name in names] == before


def test_bars_follow_edits_and_undo_and_can_go(lenet, shares):
    shares.count("weights")
    before = dict(lenet.items_scene.surface.shares)
    lenet.editor.apply("Set", lambda p: set_argument(p, "main", "fc1", "out_features", 1000))
    assert lenet.items_scene.surface.shares == pytest.approx(parts(lenet, "parameters"))
    assert lenet.items_scene.surface.shares["fc1"] > before["fc1"]
    lenet.editor.history.undo()
    assert lenet.items_scene.surface.shares == before
    shares.count("nothing")
    assert lenet.items_scene.surface.shares == {}
    assert bar_length(lenet, "fc1") == 0.0


def test_the_card_under_the_mouse_has_the_sentence_and_this_node_s_arithmetic(lenet, shares):
    scene = lenet.items_scene
    said = tip(scene, Hit(node="conv2"), scene.node_items["conv2"].pos())
    assert "<b>conv2</b>" in said
    assert "Slides small learned filters over an image" in said
    assert "height: (14 + 2·0 − 5) / 1 + 1 = 10" in said
    weights = lenet.editor.document.result("main").nodes["conv2"].parameters
    assert f"= {weights:,}" in said
    assert "of the weights" not in said
    shares.count("weights")
    said = tip(scene, Hit(node="conv2"), scene.node_items["conv2"].pos())
    assert f"{parts(lenet, 'parameters')['conv2']:.1%} of the weights" in said
    assert color_at(lenet, pixel(lenet, scene.node_items["conv2"].pos())).isValid()
