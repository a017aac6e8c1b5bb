"""Moving the selected nodes and reroute points."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from graph.direction import turned
from graph.dots import Dot, dots_between, move_parts
from graph.framing import with_contents
from graph.links import put_into_link
from graph.state import Link, Project
from gui.canvas.commands import words_for_move
from gui.canvas.glide import Part
from gui.canvas.hits import nearest_link
from gui.canvas.labels import edges_of
from gui.canvas.measures import DROP_REACH
from gui.canvas.preferences import canvas_preferences
from gui.gestures.insertion import Insertion
from gui.gestures.lining_up import LiningUpGesture


class MoveGesture(LiningUpGesture):
    """All selected nodes and reroute points follow the mouse, and with them the points of links
    between such nodes. What is in hand keeps to the grid, and lines up with what it is linked to
    and with the edges and centres of all that is in view."""

    def __init__(self, *args: object, held: Part) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.held = held
        self.places: dict[Part, QPointF] = {}
        self.nodes: list[str] = []
        self.moved = False

    def can_start(self) -> bool:
        """Whether what was pressed is still selected: an edit that a field made when it lost the
        keyboard may have selected something else."""
        return self.held in self.editor.chosen[1] | self.scene.selected_dots

    def start(self, place: QPointF) -> None:
        """Take up the selected nodes."""
        super().start(place)
        self.scene.glide.finish()
        drawing = self.drawing
        self.nodes = with_contents(self.editor.document.state, *self.editor.chosen)
        parts: list[Part] = [
            *self.nodes,
            *self.scene.selected_dots,
            *dots_between(drawing.block, self.nodes),
        ]
        self.places = {part: drawing.model_place(part) for part in parts}
        for name in self.nodes:
            drawing.node_items[name].lift()
        view = self.canvas.camera.seen().translated(-drawing.origin())
        near = drawing.node_index.touching(edges_of(view))
        cards = [drawing.node_items[n].card_on_canvas() for n in near if n not in self.places]
        dots = drawing.dots_in(view).items()
        cards += [QRectF(at, at) for dot, at in dots if dot not in self.places]
        self.line_up_with(cards)
        self.insertion = Insertion(drawing)
        self.fits_in_link = False
        if isinstance(self.held, str):
            look = drawing.node_items[self.held].look
            self.fits_in_link = (
                len(self.places) == 1
                and bool(look.inputs and look.outputs)
                and not drawing.links_of(self.held)
            )

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Show the nodes where they would be put."""
        away = self._away(place, modifiers)
        self.moved |= not away.isNull()
        places = {part: at + away for part, at in self.places.items()}
        self.drawing.show_places(places, resting=False)
        self.insertion.aim(self._link_at(place))
        link = self.insertion.link
        if link is not None:
            text = QCoreApplication.translate(
                "Canvas", "Release to insert it between {source} and {target}"
            ).format(source=link.source, target=link.target)
        else:
            text = QCoreApplication.translate("Canvas", "Release to put it here")
            if self.drawing.path:
                text = QCoreApplication.translate("Canvas", "Release to put it here in {block}")
                text = text.format(block=self.drawing.name)
            if canvas_preferences().snaps:
                text += QCoreApplication.translate("Canvas", " · Alt: off grid and lines")
            text += QCoreApplication.translate("Canvas", " · Esc: back")
        self.hint(text)

    def _away(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> QPointF:
        held = self.held
        card = self.drawing.node_items[held].card if isinstance(held, str) else QRectF()
        return self.lined_up(self.places[held], card, place, modifiers, self._straight)

    def _link_at(self, place: QPointF) -> Link | None:
        """The link into which a node without links would be put."""
        if not self.fits_in_link or not isinstance(self.held, str):
            return None
        # Under the middle of the node, or where it is held.
        item = self.drawing.node_items[self.held]
        reach = DROP_REACH / self.canvas.camera.zoom
        under = nearest_link(self.drawing, item.pos(), item.card.width() * 0.3)
        return under or nearest_link(self.drawing, place, reach)

    def _straight(self) -> list[float]:
        """Places of what is in hand, across the flow, at which the line to its neighbour on one of
        its links would be straight."""
        if isinstance(self.held, Dot):
            way, number = self._way(self.held.link), self.held.number + 1
            near = [way[one] for one in (number - 1, number + 1)]
            return [self._across(at) for part, at in near if part not in self.places]
        wishes = []
        for link in self.drawing.links_of(self.held):
            way = self._way(link)
            (_, own), (part, at) = way[:2] if link.source == self.held else way[:-3:-1]
            if part not in self.places:
                wishes.append(self._across(at - own + self.drawing.node_items[self.held].pos()))
        return wishes

    def _across(self, at: QPointF) -> float:
        return turned(self.scene.surface.direction, (at.x(), at.y()))[0]

    def _way(self, link: Link) -> list[tuple[Part, QPointF]]:
        """What a link passes, and where: its source, its reroute points, its target."""
        item = self.drawing.link_items[link]
        dots = [(Dot(link, number), at) for number, at in enumerate(item.dots)]
        return [(link.source, item.start), *dots, (link.target, item.end)]

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Put them there, as one step of undo."""
        self.move(place, modifiers)
        away = self._away(place, modifiers)
        link = self.insertion.link
        self._lay_down()
        self.drawing.show_places({part: at + away for part, at in self.places.items()})
        if away.isNull():
            return
        block = self.drawing.name
        places = {part: self.drawing.model_at(at + away) for part, at in self.places.items()}

        def put_down(project: Project) -> Project:
            project = move_parts(project, block, places)
            if link is None or not isinstance(self.held, str):
                return project
            return put_into_link(project, block, link, self.held)

        label = self._label() if link is None else self._insertion()
        self.drawing.apply(label, put_down)

    def cancel(self) -> None:
        """Back to where the model has them."""
        self._lay_down()
        self.drawing.show_places(self.places)

    def _insertion(self) -> str:
        return QCoreApplication.translate("Canvas", "Insert {name}").format(name=self.held)

    def _lay_down(self) -> None:
        self.insertion.aim(None)
        self.drawing.remove_item(self.guides)
        for name in self.nodes:
            item = self.drawing.node_items.get(name)
            if item is not None:
                item.rest()

    def _label(self) -> str:
        return words_for_move(self.nodes, len(self.places) - len(self.nodes))
