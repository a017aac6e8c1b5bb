"""Arranging puts nodes in order and brings them into view."""

import pytest
from PySide6.QtCore import QPointF

from tests.gui.canvas.building import network

FAR = network(
    ("image", "Input", 0, 0),
    ("relu", "ReLU", 4000, 3000),
    ("tanh", "Tanh", -5000, 2000),
    links=("image -> relu", "relu -> tanh"),
)


def seen(view):
    port = view.viewport().rect()
    return all(
        port.contains(view.camera.to_view(item.pos()).toPoint())
        for item in view.items_scene.node_items.values()
    )


@pytest.mark.parametrize("animated", [False, True])
def test_what_was_arranged_is_in_view(open_canvas, qtbot, animated):
    view = open_canvas(FAR)
    view.items_scene.animated = animated
    assert not seen(view)
    view.arranger.arrange()
    qtbot.waitUntil(lambda: not view.items_scene.glide.moving)
    qtbot.waitUntil(lambda: seen(view))
    assert view.zoom == 1.0


def test_who_looks_elsewhere_meanwhile_is_left_there(open_canvas, qtbot):
    view = open_canvas(FAR)
    view.items_scene.animated = True
    view.arranger.arrange()
    view.pan(-300, -200)
    middle = view.camera.to_canvas(QPointF(view.viewport().rect().center()))
    with qtbot.waitSignal(view.items_scene.glide.arrived):
        pass
    assert view.camera.to_canvas(QPointF(view.viewport().rect().center())) == middle
