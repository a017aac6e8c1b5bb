"""A block that is used twice, for tests of blocks shown in place."""

from PySide6.QtCore import QPointF, Qt

from graph.files import from_text
from graph.links import remove_links
from graph.state import Link
from gui.canvas.hits import PortHit
from tests.gui.canvas.building import as_if_opened_anew, pixel

KEY = Qt.Key


ALT = Qt.KeyboardModifier.AltModifier


SHIFT = Qt.KeyboardModifier.ShiftModifier


TEXT = """kumitate: 1
blocks:
  main:
    nodes:
      image: {layer: Input, shape: [1, 16, 16]}
      first: {block: Step, channels: 8}
      second: {block: Step, channels: 4}
      out: {layer: Output}
    links: [image -> first, first -> second, second -> out]
  Step:
    parameters: {channels: 2}
    nodes:
      entry: {layer: Input, shape: [3, 8, 8]}
      conv: {layer: Conv2d, out_channels: = channels, padding: 1}
      relu: {layer: ReLU}
      pool: {layer: MaxPool2d}
      leave: {layer: Output}
    links: [entry -> conv, conv -> relu, relu -> pool, pool -> leave]
"""


CONV_RELU = Link("conv", "out", "relu", "in")


def project():
    return from_text(TEXT).project


def area(view):
    return view.items_scene.node_items["second"]


def inside(view):
    """What is drawn in place of the second use."""
    return view.items_scene.inside["second"]


def on_inner(view, name):
    """A pixel of a node inside."""
    item = inside(view).node_items[name]
    return pixel(view, item.scenePos() + QPointF(-60, 0))


def canvas_places(view):
    return {name: item.scenePos() for name, item in inside(view).node_items.items()}


def on_inner_port(view, node, port, *, is_input):
    """The pixel of a port inside, or of an Input or Output, which is one of the area."""
    drawing = inside(view)
    at = drawing.port_place(PortHit(node, port, is_input))
    return pixel(view, drawing.on_canvas(at))


def on_ground(view):
    """A pixel of the area that is on nothing."""
    card = area(view).card_on_canvas()
    return pixel(view, card.bottomLeft() + QPointF(10, -10))


def step(view):
    return view.editor.document.state.blocks["Step"]


def links(view):
    return set(map(str, step(view).links))


def cut(view, *gone):
    """Take links out of the block."""
    view.editor.apply("", lambda p: remove_links(p, "Step", gone))


def undone(view, before):
    view.editor.history.undo()
    assert view.editor.document.state is before
    as_if_opened_anew(view)
