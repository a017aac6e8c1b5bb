"""What the keyboard does on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from graph.dots import Dot
from gui.canvas import commands, rerouting
from gui.canvas.measures import SNAP

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
FAR_STEP = 5.0
PAN_STEP = 60.0


def press(canvas: CanvasView, event: QKeyEvent) -> bool:
    """Do what a key says; False where it says nothing here."""
    key = Qt.Key(event.key())
    if key == Qt.Key.Key_Escape:
        return _escape(canvas)
    if canvas.gesture is not None:
        # Nothing else while something is in hand.
        return key != Qt.Key.Key_Space
    if _is(canvas, event, "delete", "Del", "Backspace"):
        canvas.delete_selection()
    elif _is(canvas, event, "select_all", "Ctrl+A"):
        canvas.select_all()
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return _open(canvas)
    elif key == Qt.Key.Key_Home:
        canvas.fit()
    elif event.text() == ".":
        canvas.fit_selection()
    elif key in _ARROWS:
        _arrow(canvas, key, event.modifiers())
    else:
        return _type(canvas, event)
    return True


def _type(canvas: CanvasView, event: QKeyEvent) -> bool:
    """A letter while one node is selected begins the name of what comes after it; while a link is,
    of what comes into it."""
    text, chosen = event.text(), canvas.editor.chosen[1]
    links = canvas.items_scene.selected_links
    plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    if len(chosen) + len(links) != 1 or not plain or len(text) != 1 or not text.isalnum():
        return False
    drawing = canvas.items_scene.chosen_drawing
    for link in links:
        canvas.adder.open_in(drawing, link, drawing.link_items[link].middle(), text)
        return True
    (name,) = chosen
    if not drawing.node_items[name].look.outputs:
        return False
    canvas.adder.open_after(name, text)
    return True


def _is(canvas: CanvasView, event: QKeyEvent, action: str, *usual: str) -> bool:
    """Whether a key is that of an action: those that the window gave it, which may be changed, or
    the usual ones where there is no window."""
    given = [one for one in canvas.actions() if one.objectName() == action]
    keys = given[0].shortcuts() if given else [QKeySequence(key) for key in usual]
    return QKeySequence(event.keyCombination()) in keys


def _escape(canvas: CanvasView) -> bool:
    if canvas.gesture is not None:
        canvas.cancel_gesture()
    elif canvas.items_scene.anything_selected:
        canvas.clear_selection()
    else:
        return False
    return True


def _open(canvas: CanvasView) -> bool:
    chosen = canvas.editor.chosen[1]
    if len(chosen) != 1:
        return False
    (name,) = chosen
    if canvas.editor.path:
        commands.open_inner(canvas.items_scene.chosen_drawing, name)
        return True
    return commands.open_node(canvas.editor, name) or canvas.write_note(name)


def _arrow(canvas: CanvasView, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    across, down = _ARROWS[key]
    if canvas.items_scene.anything_selected and not canvas.items_scene.selected_links:
        step = SNAP * (FAR_STEP if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0)
        commands.nudge(canvas.editor, canvas.items_scene, across * step, down * step)
    else:
        canvas.pan(-across * PAN_STEP, -down * PAN_STEP)


def walk(canvas: CanvasView, *, forward: bool) -> bool:
    """Select the next node or reroute point and bring it into view; False behind the last one."""
    scene = canvas.items_scene
    found = commands.next_part(scene, forward=forward)
    if found is None:
        return False
    path, part = found
    drawing = scene.find(path) or scene
    scene.select_links(())
    if isinstance(part, Dot):
        rerouting.select(scene, part, path)
        at = drawing.model_place(part)
        card = QRectF(at, at).marginsAdded(QMarginsF(9, 9, 9, 9))
    elif path:
        canvas.editor.select([part], path)
        card = drawing.node_items[part].card_on_canvas()
    else:
        canvas.editor.go_to(canvas.editor.block, part)
        return True
    canvas.bring_into_view(card.translated(drawing.origin()))
    return True
