"""Moving the selected nodes inside of an expanded one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from graph.direction import turned
from graph.framing import with_contents
from gui.canvas import commands
from gui.canvas.preferences import canvas_preferences
from gui.gestures.lining_up import LiningUpGesture

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class MoveInsideGesture(LiningUpGesture):
    """What is selected in there follows the mouse; put down, it is so in every use of the block.
    Like a node in hand it keeps to the grid and lines up, with what else is in there."""

    def __init__(self, canvas: CanvasView, *, use: str, held: str) -> None:
        super().__init__(canvas)
        self.use = use
        self.held = held

    def start(self, place: QPointF) -> None:
        """Take up the selected nodes."""
        super().start(place)
        self.scene.glide.finish()
        area = self.scene.node_items[self.use]
        self.inside, self.name = area.inside, self.scene.block.nodes[self.use].type
        self.names = frozenset(
            with_contents(self.editor.document.state, self.name, self.editor.chosen[1])
        )
        # All in the places that the block itself has: the grid is that of its own drawing.
        self.corner = self.inside.corner
        self.places = {name: item.pos() - self.corner for name, item in self.inside.nodes.items()}
        others = [item for name, item in self.inside.nodes.items() if name not in self.names]
        cards = (item.card_on_canvas().translated(-self.corner) for item in others)
        self.line_up_with(cards, area.pos() + self.corner)

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show them where they would be put."""
        self.inside.carry(self.names, self._away(place, modifiers))
        if canvas_preferences().snaps:
            text = QCoreApplication.translate(
                "Canvas", "Release to put it here in {block} · Alt: off grid and lines · Esc: back"
            )
        else:
            text = QCoreApplication.translate(
                "Canvas", "Release to put it here in {block} · Esc: back"
            )
        self.hint(text.format(block=self.name))

    def _away(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> QPointF:
        before, card = self.places[self.held], self.inside.nodes[self.held].card
        return self.lined_up(before, card, place, modifiers, self._straight)

    def _straight(self) -> list[float]:
        """Places of what is in hand, across the flow, at which one of its links would be
        straight."""
        wishes = []
        for item in self.inside.links:
            ends = {item.link.source: item.start, item.link.target: item.end}
            own = ends.pop(self.held, None)
            for other, at in ends.items():
                if own is not None and other not in self.names and not item.dots:
                    here = self.inside.nodes[self.held].pos() - self.corner
                    wished = at - own + here
                    wishes.append(turned(self.scene.surface.direction, wished.toTuple())[0])
        return wishes

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put them there, as one step of undo."""
        away = self._away(place, modifiers)
        self.cancel()
        if not away.isNull():
            commands.move_chosen_inside(self.editor, away.x(), away.y())

    def cancel(self) -> None:
        """Back to where the model has them."""
        self.scene.removeItem(self.guides)
        self.inside.carry(frozenset(), QPointF())
