"""Copy, cut, paste and duplicate. The clipboard holds text: see graph/snippet.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QCursor, QGuiApplication

from graph.edits import EditError
from graph.removal import remove_selection
from graph.snippet import Pasted, copy_nodes, duplicate_nodes, paste_nodes
from graph.state import Project
from gui.canvas.commands import words_for
from gui.canvas.measures import snapped
from gui.editor import Path

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


def copy(canvas: CanvasView) -> bool:
    """Put the selected nodes into the clipboard."""
    editor = canvas.editor
    try:
        text = copy_nodes(editor.document.state, *editor.chosen)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    QGuiApplication.clipboard().setText(text)
    return True


def cut(canvas: CanvasView) -> bool:
    """Put the selected nodes into the clipboard, and remove them."""
    editor = canvas.editor
    block, names = editor.chosen[0], sorted(editor.chosen[1])
    if not copy(canvas):
        return False
    label = QCoreApplication.translate("Canvas", "Cut {name}").format(name=words_for(names))
    return editor.apply(
        label, lambda project: remove_selection(project, block, names), path=editor.path
    )


def paste(canvas: CanvasView, place: QPointF | None = None) -> bool:
    """Put what the clipboard holds at a place of the canvas: under the mouse where none is given,
    and beside where it was copied where the mouse is elsewhere."""
    return _paste(canvas, place, keep_inputs=False)


def paste_with_inputs(canvas: CanvasView, place: QPointF | None = None) -> bool:
    """The same, linked to what led into it where it was copied."""
    return _paste(canvas, place, keep_inputs=True)


def duplicate(canvas: CanvasView) -> bool:
    """Put the selected nodes beside themselves once more."""
    editor = canvas.editor
    label = QCoreApplication.translate("Canvas", "Duplicate {name}")
    block, names = editor.chosen
    return _add(canvas, label, lambda p: duplicate_nodes(p, block, names), editor.path)


def _paste(canvas: CanvasView, place: QPointF | None, *, keep_inputs: bool) -> bool:
    text = QGuiApplication.clipboard().text()
    place = _under_mouse(canvas) if place is None else place
    drawing, at = canvas.items_scene.chosen_drawing, None
    if place is not None:
        drawing = canvas.items_scene.at(place)
        place = drawing.local(place)
        at = drawing.model_at(QPointF(snapped(place.x()), snapped(place.y())))
    block = drawing.name
    return _add(
        canvas,
        QCoreApplication.translate("Canvas", "Paste {name}"),
        lambda p: paste_nodes(p, block, text, at=at, keep_inputs=keep_inputs),
        drawing.path,
    )


def _under_mouse(canvas: CanvasView) -> QPointF | None:
    port = canvas.viewport()
    pixel = port.mapFromGlobal(QCursor.pos())
    if not port.underMouse() or not port.rect().contains(pixel):
        return None
    return canvas.camera.to_canvas(pixel.toPointF())


def _add(canvas: CanvasView, label: str, edit: Callable[[Project], Pasted], path: Path) -> bool:
    """Add nodes to the block that is shown there, select them, and bring them into view."""
    editor = canvas.editor
    try:
        pasted = edit(editor.document.state)
    except EditError as error:
        editor.refused.emit(str(error))
        return False
    label = label.format(name=words_for(pasted.nodes))
    editor.apply(label, lambda _: pasted.project, path=path)
    editor.select(pasted.nodes, path)
    bounds = canvas.items_scene.bounds_of(editor.selection)
    if not path and not canvas.camera.seen().intersects(bounds):
        canvas.fit_selection()
    return True
