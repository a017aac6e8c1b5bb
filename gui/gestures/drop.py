"""A layer or block on its way from the palette to the canvas."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from graph.edits import EditError, add_node, default_node_name
from graph.results import UNKNOWN
from graph.state import Link
from gui.canvas import commands
from gui.canvas.drawing import Drawing
from gui.canvas.hits import nearest_link, node_at
from gui.canvas.looks import node_look
from gui.canvas.measures import DROP_REACH, snapped
from gui.canvas.node_item import LIFTED, NodeItem
from gui.files.shelf import shelf
from gui.gestures.gesture import Gesture
from gui.gestures.insertion import Insertion

GHOST_OPACITY = 0.85


class DropGesture(Gesture):
    """A node that follows the mouse; over a link it shows that it would be put into it."""

    def __init__(self, *args: object, type_: str, is_block: bool) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.type = type_
        self.is_block = is_block
        self.insertion = Insertion(self.drawing)
        self.ghost: NodeItem | None = None
        self.fits_in_link = False

    def start(self, place: QPointF) -> None:
        """Come onto the canvas."""
        super().start(place)
        self.ghost = self._make_ghost()
        if self.ghost is not None:
            self.fits_in_link = bool(self.ghost.look.inputs and self.ghost.look.outputs)
            self.ghost.setOpacity(GHOST_OPACITY)
            self.ghost.setZValue(LIFTED)
            self.scene.addItem(self.ghost)
        self.move(place, Qt.KeyboardModifier.NoModifier)

    def _make_ghost(self) -> NodeItem | None:
        """The node as it would look; what is added to find out is thrown away."""
        editor = self.editor
        state, block = editor.document.state, editor.block
        try:
            state, type_ = shelf().bring(state, self.type)
            name = default_node_name(state, block, type_)
            after = add_node(state, block, type_, name=name, is_block=self.is_block)
        except EditError:
            return None
        node = after.blocks[block].nodes[name]
        look = node_look(after, block, node, UNKNOWN, ())
        return NodeItem(look, self.scene.surface)

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse, onto the ground of an expanded block too."""
        drawing = self.scene.at(place)
        if self.ghost is not None:
            self.ghost.setPos(drawing.on_canvas(self._spot(drawing, place)))
        self.insertion.aim(self._link_at(drawing, place), drawing)
        translate = QCoreApplication.translate
        link = self.insertion.link
        if link is not None:
            text = translate("Canvas", "Release to insert it between {source} and {target}")
            self.hint(text.format(source=link.source, target=link.target))
        elif drawing.path:
            text = translate("Canvas", "Release to add it to {block}, or over a link to insert it")
            self.hint(text.format(block=drawing.name))
        else:
            self.hint(translate("Canvas", "Release to add it here, or over a link to insert it"))

    def _spot(self, drawing: Drawing, place: QPointF) -> QPointF:
        place = drawing.local(place)
        return QPointF(snapped(place.x()), snapped(place.y()))

    def _link_at(self, drawing: Drawing, place: QPointF) -> Link | None:
        place = drawing.local(place)
        if not self.fits_in_link or node_at(drawing, place):
            return None
        return nearest_link(drawing, place, DROP_REACH / self.canvas.camera.zoom)

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Add the node, and select it."""
        drawing = self.scene.at(place)
        link, spot = self._link_at(drawing, place), self._spot(drawing, place)
        self.cancel()
        if link is None:
            self.canvas.add_node_at(self.type, spot, is_block=self.is_block, drawing=drawing)
        else:
            commands.insert_node(drawing, self.type, link, near=spot, is_block=self.is_block)

    def cancel(self) -> None:
        """Leave the canvas as it was."""
        self.insertion.aim(None)
        if self.ghost is not None:
            self.scene.removeItem(self.ghost)
            self.ghost = None
