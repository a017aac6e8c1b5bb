"""Moving the selected nodes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from graph.edits import move_nodes
from gui.canvas.measures import SNAP, snapped
from gui.canvas.node_item import LIFTED, RESTING, SELECTED
from gui.gestures.gesture import Gesture

ALIGN_REACH = 7.0
"""How near the node in hand must come to being straight above or below a neighbour, in pixels."""


class MoveGesture(Gesture):
    """All selected nodes follow the mouse; the one in hand keeps to the grid, and lines up with
    the nodes that it is linked to. With Alt it does neither."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, *args: object, node: str) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.node = node
        self.places: dict[str, QPointF] = {}
        self.moved = False

    def start(self, place: QPointF) -> None:
        """Take up the selected nodes."""
        super().start(place)
        self.scene.glide.finish()
        self.places = {name: self.scene.model_place(name) for name in self.editor.selection}
        for name in self.places:
            self.scene.node_items[name].setZValue(LIFTED)

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the nodes where they would be put."""
        away = self._away(place, modifiers)
        self.moved |= not away.isNull()
        places = {name: at + away for name, at in self.places.items()}
        self.scene.show_places(places, resting=False)
        text = QCoreApplication.translate(
            "Canvas", "Release to put it here · Alt: off the grid · Esc: back"
        )
        self.hint(text)

    def _away(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> QPointF:
        before = self.places[self.node]
        wished = before + (place - self.began)
        if modifiers & Qt.KeyboardModifier.AltModifier:
            return QPointF(round(wished.x()), round(wished.y())) - before
        x = snapped(wished.x())
        reach = ALIGN_REACH / self.canvas.camera.zoom
        straight = [at for at in self._straight() if abs(at - wished.x()) <= reach]
        if straight:
            x = min(straight, key=lambda at: abs(at - wished.x()))
        return QPointF(x, snapped(wished.y(), SNAP)) - before

    def _straight(self) -> list[float]:
        """Across places of the node in hand at which one of its links would be straight."""
        items = self.scene.node_items
        wishes = []
        for link in self.scene.links_of(self.node):
            if link.source in self.places and link.target in self.places:
                continue
            ours, _ = items[self.node].shape_.port(
                link.output if link.source == self.node else link.input,
                is_input=link.target == self.node,
            )
            if link.source == self.node:
                other = items[link.target].port_place(link.input, is_input=True)
            else:
                other = items[link.source].port_place(link.output, is_input=False)
            wishes.append(other.x() - ours)
        return wishes

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put them there, as one step of undo."""
        self.move(place, modifiers)
        away = self._away(place, modifiers)
        self._lay_down()
        self.scene.show_places({name: at + away for name, at in self.places.items()})
        if away.isNull():
            return
        block = self.editor.block
        places = {name: ((at + away).x(), (at + away).y()) for name, at in self.places.items()}
        self.editor.apply(self._label(), lambda project: move_nodes(project, block, places))

    def cancel(self) -> None:
        """Back to where the model has them."""
        self._lay_down()
        self.scene.show_places(self.places)

    def _lay_down(self) -> None:
        for name in self.places:
            item = self.scene.node_items.get(name)
            if item is not None:
                item.setZValue(SELECTED if item.is_selected else RESTING)

    def _label(self) -> str:
        if len(self.places) == 1:
            text = QCoreApplication.translate("Canvas", "Move {name}")
            return text.format(name=self.node)
        text = QCoreApplication.translate("Canvas", "Move {count} nodes")
        return text.format(count=len(self.places))
