"""Small networks for the tests of the canvas, and a hand that moves a mouse over it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.edits import chain as residual_chain
from graph.edits import add_node
from graph.geometry import distance
from graph.layout import arrange
from graph.links import connect
from graph.state import Project
from gui.canvas.measures import Level
from gui.canvas.scene import CanvasScene
from gui.canvas.view import CanvasView
from gui.gestures.dragged import dragged


def network(*nodes, links=(), project=None):
    """A project from (name, layer, x, y) and "a -> b" or "a.out -> b.in_1"."""
    project = project or Project()
    for name, layer, x, y in nodes:
        project = add_node(project, "main", layer, at=(x, y), name=name)
    for link in links:
        source, _, target = link.partition(" -> ")
        source, _, output = source.partition(".")
        target, _, entry = target.partition(".")
        project = connect(
            project, "main", source, target, output=output or "out", input=entry or "in"
        )
    return project


def chain():
    """image -> relu -> tanh -> result, straight down."""
    return network(
        ("image", "Input", 0, 0),
        ("relu", "ReLU", 0, 100),
        ("tanh", "Tanh", 0, 200),
        ("result", "Output", 0, 300),
        links=("image -> relu", "relu -> tanh", "tanh -> result"),
    )


def deep_network(nodes):
    """A residual network of so many nodes in layers from top to bottom."""
    return arrange(residual_chain(nodes), "main")


def pixel(view: CanvasView, place: QPointF) -> QPoint:
    """A place of the canvas in the viewport."""
    return view.camera.to_view(place).toPoint()


def on_node(view: CanvasView, name: str) -> QPoint:
    """A pixel inside a node, away from its ports."""
    return pixel(view, view.items_scene.node_items[name].pos() + QPointF(-60, 0))


def on_port(view: CanvasView, name: str, port: str, *, is_input: bool) -> QPoint:
    """The pixel of a port."""
    return pixel(view, view.items_scene.node_items[name].port_place(port, is_input=is_input))


def on_dot(view: CanvasView, link, number=0) -> QPoint:
    """The pixel of a reroute point."""
    return pixel(view, view.items_scene.link_items[link].dots[number])


def on_link(view: CanvasView, link, part=0.5) -> QPoint:
    """A pixel of a link, some way along it."""
    item = view.items_scene.link_items[link]
    if item.path is None:
        return pixel(view, item.start + (item.end - item.start) * part)
    return pixel(view, item.path.pointAtPercent(part))


class Hand:
    """Presses, moves and releases the mouse on the canvas."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.port = view.viewport()

    def press(self, at, *, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        QTest.mousePress(self.port, button, keys, at)

    def move(self, to):
        QTest.mouseMove(self.port, to)

    def release(self, at, *, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        QTest.mouseRelease(self.port, button, keys, at)

    def click(self, at, *, keys=Qt.KeyboardModifier.NoModifier):
        self.press(at, keys=keys)
        self.release(at, keys=keys)

    def double_click(self, at, *, keys=Qt.KeyboardModifier.NoModifier):
        self.click(at, keys=keys)
        QTest.mouseDClick(self.port, Qt.MouseButton.LeftButton, keys, at)
        self.release(at, keys=keys)

    def turn_wheel(self, at, turns, *, keys=Qt.KeyboardModifier.NoModifier):
        """Turn the wheel by so many notches, away from the hand for positive ones."""
        place, far = QPointF(at), QPointF(self.port.mapToGlobal(at))
        none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        angle = QPoint(0, 120 * turns)
        event = QWheelEvent(place, far, QPoint(), angle, none, keys, phase, False)
        QApplication.sendEvent(self.port, event)

    def drag(
        self, start, end, *, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier
    ):
        self.press(start, button=button, keys=keys)
        self.move((start + end) / 2)
        self.move(end)
        self.release(end, button=button, keys=keys)


def key(view: CanvasView, which, keys=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(view, which, keys)


def drop(view: CanvasView, type_: str, at: QPoint, *, is_block=False, release=True):
    """Drag a layer or block from the palette over the canvas, and let it go there."""
    mime = dragged(type_, is_block=is_block)
    left, copy = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
    none, port = Qt.KeyboardModifier.NoModifier, view.viewport()
    enter = QDragEnterEvent(at, copy, mime, left, none)
    QApplication.sendEvent(port, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(port, QDragMoveEvent(at, copy, mime, left, none))
    if release:
        QApplication.sendEvent(port, QDropEvent(QPointF(at), copy, mime, left, none))


def block(view: CanvasView):
    """The state of the main block."""
    return view.editor.document.state.main


def agree(view: CanvasView):
    """What is shown is what the model says."""
    assert shown_picture(view) == model_picture(view)


def model_picture(view: CanvasView):
    """What the model says should be shown: nodes with places, and links with their dots."""
    block = view.editor.document.state.blocks[view.editor.block]
    return (
        {name: node.at for name, node in block.nodes.items()},
        {link: list(link.dots) for link in block.links},
    )


def shown_picture(view: CanvasView):
    """What is shown."""
    scene = view.items_scene
    scene.glide.finish()
    places = {name: (item.x(), item.y()) for name, item in scene.node_items.items()}
    for link, item in scene.link_items.items():
        start = scene.node_items[link.source].port_place(link.output, is_input=False)
        end = scene.node_items[link.target].port_place(link.input, is_input=True)
        assert (item.start, item.end) == (start, end)
        for at in item.dots:
            assert distance(item.points(), at.x(), at.y()) < 0.01
    # What is inside of an expanded block belongs to the item of its node.
    shown = {item for item in scene.items() if hasattr(item, "look")}
    # Qt knows nothing of what is far from the view.
    items = [*scene.node_items.values(), *scene.link_items.values()]
    assert {item for item in shown if item.parentItem() is None} == {
        item for item in items if item.isVisible()
    }
    inner = [one for one in drawings(scene) if one is not scene and one.area.scene() is not None]
    within = {
        item for one in inner for item in (*one.node_items.values(), *one.link_items.values())
    }
    assert {item for item in shown if item.parentItem() is not None} == within
    return places, {
        link: [(at.x(), at.y()) for at in item.dots] for link, item in scene.link_items.items()
    }


def as_if_opened_anew(view: CanvasView):
    """What is shown, and found under the mouse, is what a canvas opened anew would show."""
    scene = view.items_scene
    scene.glide.finish()
    anew = CanvasScene(view.editor)
    assert scene.node_items.keys() == anew.node_items.keys()
    assert scene.content_bounds() == anew.content_bounds()
    assert _cards(scene.far) == _cards(anew.far)
    seen = view.camera.seen()
    far = scene.surface.level is Level.FAR
    for name, item in scene.node_items.items():
        other = anew.node_items[name]
        assert (item.pos(), item.card) == (other.pos(), other.card)
        assert round(item.zValue(), 3) == round(other.zValue(), 3)
        # Qt takes places for equal that differ by less than can be seen.
        assert scene.node_index.rectangle(name) == _near(anew.node_index.rectangle(name))
        in_view = item.sceneBoundingRect().intersects(seen) and not far
        assert item.isVisible() or not in_view, f"{name} is in view and cannot be seen"
        if in_view:
            assert item.look == other.look
    for link, item in scene.link_items.items():
        other = anew.link_items[link]
        assert (item.link, item.start, item.end) == (other.link, other.start, other.end)
        assert _course(item) == _near(_course(other))
        assert scene.link_index.rectangle(link) == _near(anew.link_index.rectangle(link))
        in_view = item.sceneBoundingRect().intersects(seen) and not far
        assert item.isVisible() or not in_view, f"{link} is in view and cannot be seen"
        if in_view:
            assert item.look == other.look
            readable = scene.surface.level is Level.FULL and other.label.intersects(seen)
            assert not readable or not item.label.isNull(), f"the size at {link} is missing"

    assert {one.path for one in drawings(scene)} == {one.path for one in drawings(anew)}
    for one in drawings(scene):
        if one is not scene:
            _alike_inside(one, anew.find(one.path), QRectF() if far else seen)


def drawings(drawing):
    """A drawing, and all that are inside of it."""
    return [drawing, *(one for inner in drawing.inside.values() for one in drawings(inner))]


def _alike_inside(one, other, seen):
    """Two drawings of a block in place of a node are the same, and say the same where they are
    seen."""
    assert one.origin() == other.origin()
    assert one.node_items.keys() == other.node_items.keys()
    for name, item in one.node_items.items():
        twin = other.node_items[name]
        assert (item.pos(), item.card) == (twin.pos(), twin.card)
        assert item.look == twin.look or not item.sceneBoundingRect().intersects(seen)
        assert (item.zValue(), item.is_selected) == (twin.zValue(), twin.is_selected)
        assert one.node_index.rectangle(name) == _near(other.node_index.rectangle(name))
        assert item.isVisible() == one.area.isVisible()
    assert one.link_items.keys() == other.link_items.keys()
    for link, item in one.link_items.items():
        twin = other.link_items[link]
        assert (item.link, item.start, item.end) == (twin.link, twin.start, twin.end)
        assert _course(item) == _near(_course(twin))
        if item.sceneBoundingRect().intersects(seen):
            assert (item.look, item.label) == (twin.look, twin.label)
        assert one.link_index.rectangle(link) == _near(other.link_index.rectangle(link))


def _cards(far):
    return {category: cards for category, cards in far.cards.items() if cards}


def _course(item):
    return [number for at in item.points() for number in at]


def _near(numbers):
    """Equal to these as far as can be seen: what moved as a whole adds up differently."""
    return pytest.approx(numbers, rel=0.0, abs=1e-6)


def color_at(view: CanvasView, at: QPoint):
    """The colour of a pixel of the canvas."""
    image = view.viewport().grab().toImage()
    return image.pixelColor(at * image.devicePixelRatio())


def alike(one, other, least=24):
    """Whether two colours are nearly the same: edges are smoothed."""
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return all(abs(a - b) <= least for a, b in parts)
