"""Moving the selected nodes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from graph.direction import TOP_DOWN, turned
from graph.edits import move_nodes
from graph.framing import with_contents
from graph.links import put_into_link
from graph.snapping import Neighbours
from graph.state import Link, Project
from gui.canvas.hits import nearest_link
from gui.canvas.labels import edges_of
from gui.canvas.measures import DROP_REACH, SNAP
from gui.canvas.preferences import canvas_preferences
from gui.gestures.gesture import Gesture
from gui.gestures.guides import GuideLines
from gui.gestures.insertion import Insertion

ALIGN_REACH = 7.0
"""How near the node in hand must come to being in line with others, in pixels."""


class MoveGesture(Gesture):
    """All selected nodes follow the mouse. The one in hand keeps to the grid, and lines up with
    what it is linked to and with the edges and centres of all that is in view, which thin lines
    show. With Alt, or where the canvas is told so, it does neither."""

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
        names = with_contents(self.editor.document.state, self.editor.block, self.editor.selection)
        self.places = {name: self.scene.model_place(name) for name in names}
        for name in names:
            self.scene.node_items[name].lift()
        seen = self.scene.node_index.touching(edges_of(self.canvas.camera.seen()))
        self.neighbours = Neighbours(
            edges_of(self.scene.node_items[name].card_on_canvas())
            for name in seen
            if name not in self.places
        )
        self.guides = GuideLines(self.scene.surface)
        self.scene.addItem(self.guides)
        self.insertion = Insertion(self.scene)
        look = self.scene.node_items[self.node].look
        self.fits_in_link = (
            len(self.places) == 1
            and bool(look.inputs and look.outputs)
            and not self.scene.links_of(self.node)
        )

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the nodes where they would be put."""
        away = self._away(place, modifiers)
        self.moved |= not away.isNull()
        places = {name: at + away for name, at in self.places.items()}
        self.scene.show_places(places, resting=False)
        self.insertion.aim(self._link_at(place))
        link = self.insertion.link
        if link is not None:
            text = QCoreApplication.translate(
                "Canvas", "Release to insert it between {source} and {target}"
            ).format(source=link.source, target=link.target)
        elif canvas_preferences().snaps:
            text = QCoreApplication.translate(
                "Canvas", "Release to put it here · Alt: off grid and lines · Esc: back"
            )
        else:
            text = QCoreApplication.translate("Canvas", "Release to put it here · Esc: back")
        self.hint(text)

    def _away(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> QPointF:
        before = self.places[self.node]
        wished = before + (place - self.began)
        if modifiers & Qt.KeyboardModifier.AltModifier or not canvas_preferences().snaps:
            self.guides.show_guides(())
            return QPointF(round(wished.x()), round(wished.y())) - before
        card = self.scene.node_items[self.node].card
        snapped = self.neighbours.snap(
            (wished.x(), wished.y()),
            (card.width(), card.height()),
            reach=ALIGN_REACH / self.canvas.camera.zoom,
            grid=SNAP,
            straight=self._straight(),
            axis=0 if self.scene.surface.direction == TOP_DOWN else 1,
        )
        self.guides.show_guides(snapped.guides)
        return QPointF(*snapped.center) - before

    def _link_at(self, place: QPointF) -> Link | None:
        """The link into which a node without links would be put."""
        if not self.fits_in_link:
            return None
        # Under the middle of the node, or where it is held.
        item = self.scene.node_items[self.node]
        reach = DROP_REACH / self.canvas.camera.zoom
        under = nearest_link(self.scene, item.pos(), item.card.width() * 0.3)
        return under or nearest_link(self.scene, place, reach)

    def _straight(self) -> list[float]:
        """Places of the node in hand, across the flow, at which one of its links would be
        straight."""
        direction = self.scene.surface.direction
        items = self.scene.node_items
        wishes = []
        for link in self.scene.links_of(self.node):
            if link.source in self.places and link.target in self.places:
                continue
            ours = items[self.node].shape_.port(
                link.output if link.source == self.node else link.input,
                is_input=link.target == self.node,
            )
            if link.source == self.node:
                other = items[link.target].port_place(link.input, is_input=True)
            else:
                other = items[link.source].port_place(link.output, is_input=False)
            away = (other.x() - ours[0], other.y() - ours[1])
            wishes.append(turned(direction, away)[0])
        return wishes

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put them there, as one step of undo."""
        self.move(place, modifiers)
        away = self._away(place, modifiers)
        link = self.insertion.link
        self._lay_down()
        self.scene.show_places({name: at + away for name, at in self.places.items()})
        if away.isNull():
            return
        block = self.editor.block
        places = {name: ((at + away).x(), (at + away).y()) for name, at in self.places.items()}

        def put_down(project: Project) -> Project:
            project = move_nodes(project, block, places)
            return project if link is None else put_into_link(project, block, link, self.node)

        self.editor.apply(self._label() if link is None else self._insertion(), put_down)

    def cancel(self) -> None:
        """Back to where the model has them."""
        self._lay_down()
        self.scene.show_places(self.places)

    def _insertion(self) -> str:
        return QCoreApplication.translate("Canvas", "Insert {name}").format(name=self.node)

    def _lay_down(self) -> None:
        self.insertion.aim(None)
        self.scene.removeItem(self.guides)
        for name in self.places:
            item = self.scene.node_items.get(name)
            if item is not None:
                item.rest()

    def _label(self) -> str:
        if len(self.places) == 1:
            text = QCoreApplication.translate("Canvas", "Move {name}")
            return text.format(name=self.node)
        text = QCoreApplication.translate("Canvas", "Move {count} nodes")
        return text.format(count=len(self.places))
