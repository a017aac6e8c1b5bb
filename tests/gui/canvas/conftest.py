"""A shown canvas on a small network."""

import pytest

from graph.document import Document
from gui.canvas.view import CanvasView
from gui.editor import Editor
from tests.gui.canvas.building import Hand, chain


@pytest.fixture
def open_canvas(qtbot):
    """Shows a project at 100 %; nodes jump instead of gliding."""

    def show(project, size=(900, 760)):
        editor = Editor(Document(project))
        view = CanvasView(editor)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        view.items_scene.animated = False
        view.zoom_reset()
        view.camera.look_at(view.items_scene.content_bounds().center())
        view.setFocus()
        return view

    return show


@pytest.fixture
def canvas(open_canvas):
    """image -> relu -> tanh -> result."""
    return open_canvas(chain())


@pytest.fixture
def hand(canvas):
    """A mouse on that canvas."""
    return Hand(canvas)
