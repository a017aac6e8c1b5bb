"""Drawing a link from port to port, and plugging one elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph.links import remove_links
from graph.state import Link
from gui.canvas import curves
from gui.canvas.drawing import Drawing
from gui.canvas.hits import PortHit, hit_test, node_at, ports_near
from gui.canvas.measures import SNAP_RADIUS
from gui.canvas.routes import legs_of
from gui.gestures.gesture import Gesture
from gui.gestures.targets import LinkTargets

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

HEIGHT = 30.0


class LinkGesture(Gesture):
    """A link in hand. Legal ends light up and attract it; others say why they refuse it.

    From a port of an expanded node it leads outside or inside, where that port is an Input or an
    Output of the block, whichever the mouse goes to.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, canvas: CanvasView, drawing: Drawing, *, port: PortHit) -> None:
        super().__init__(canvas, drawing)
        self._ways = {drawing: port}
        inner = drawing.inside.get(port.node)
        end = inner.end_at(port.port, is_input=port.is_input) if inner is not None else None
        if inner is not None and end is not None:
            self._ways[inner] = end
        self.end: PortHit | None = None
        self.refusal = ""
        self.moved = False

    def start(self, place: QPointF) -> None:
        """Begin at a port."""
        super().start(place)
        self._take_up(self.drawing)

    def _take_up(self, drawing: Drawing) -> None:
        """Take the link that begins in one of the drawings."""
        self.drawing, port = drawing, self._ways[drawing]
        self.replugged = self._link_into(port) if port.is_input else None
        if self.replugged is not None:
            # The other end stays where it is.
            port = PortHit(self.replugged.source, self.replugged.output, False)
        self.port = port
        self.targets = LinkTargets(drawing, port, self.replugged)
        self.scene.surface.targets = self.targets
        self.preview = QGraphicsPathItem()
        self.preview.setZValue(HEIGHT)
        drawing.add_item(self.preview)
        if self.replugged is not None:
            drawing.link_items[self.replugged].set_state(lifted=True)
        self.scene.repaint()

    def _link_into(self, port: PortHit) -> Link | None:
        for link in self.drawing.links_of(port.node):
            if (link.target, link.input) == (port.node, port.port):
                return link
        return None

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse, or jump to the port that it is near to."""
        self.moved = True
        on_canvas = self.drawing.on_canvas(place)
        wanted = self._way_to(on_canvas)
        if wanted is not self.drawing:
            self._put_away()
            self._take_up(wanted)
            place = wanted.local(on_canvas)
        self._find_end(place)
        end = place
        if self.end is not None and not self.refusal:
            end = self.drawing.port_place(self.end)
        self._draw(end)
        misfit = self._misfit()
        if misfit:
            text = QCoreApplication.translate(
                "Canvas", "{why}. It can be linked all the same and mended afterwards."
            )
            misfit = text.format(why=misfit)
        misfit = " ".join(filter(None, (self._replaces(), misfit)))
        self.canvas.note.say(
            self.refusal or misfit,
            self.canvas.camera.to_view(on_canvas),
            grave=bool(self.refusal),
        )
        self.hint(self.refusal or misfit or self._words())

    def _way_to(self, place: QPointF) -> Drawing:
        """The drawing in which the link leads to a place of the canvas: inside of the node from
        whose port it comes, if the mouse is there."""
        *_, inner = self._ways
        return inner if _lies_in(self.scene.at(place), inner) else next(iter(self._ways))

    def _find_end(self, place: QPointF) -> None:
        self.end = None
        near = ports_near(self.drawing, place, SNAP_RADIUS / self.canvas.camera.zoom)
        near = [entry for entry in near if entry[1] != self.port]
        legal = [hit for _, hit in near if self.targets.is_legal(hit)]
        there = self.scene.at(self.drawing.on_canvas(place))
        if legal:
            self.end = legal[0]
        elif near:
            self.end = near[0][1]
        else:
            self.refusal = self._border(place, there) if there is not self.drawing else ""
            node = node_at(self.drawing, place)
            if node and not self.refusal:
                self.end = self.targets.best_port(node)
                if self.end is None and node != self.port.node:
                    self.refusal = self._lack(node)
            if self.refusal:
                return
        self.refusal = self.targets.reason(self.end) if self.end is not None else ""

    def _border(self, place: QPointF, there: Drawing) -> str:
        """Why it cannot end in another drawing; empty where it ends at the node that shows that, or
        where a link that was pulled out is let go over nothing."""
        on_canvas = self.drawing.on_canvas(place)
        hit = hit_test(self.scene, on_canvas, self.canvas.camera.zoom)
        forward = not self.port.is_input
        if not _lies_in(there, self.drawing):
            if self.replugged is not None and hit.sort == "nothing":
                return ""
            node, block = self.port.node, self.drawing.name
        elif hit.path == there.path and hit.node in there.node_items:
            node, block, forward = hit.node, there.name, not forward
        else:
            return ""
        if forward:
            text = QCoreApplication.translate(
                "Canvas", "{node} lies inside of block {block}; lead it through {block}'s Output"
            )
        else:
            text = QCoreApplication.translate(
                "Canvas", "{node} lies inside of block {block}; lead it through {block}'s Input"
            )
        return text.format(node=node, block=block)

    def _misfit(self) -> str:
        """What would be wrong with the sizes; the link may be made all the same."""
        if self.end is None:
            return ""
        return self.targets.misfit(self.end)

    def _replaces(self) -> str:
        """Which link would give way."""
        old = self.targets.replaced(self.end) if self.end is not None else None
        if old is None or self.refusal:
            return ""
        text = QCoreApplication.translate("Canvas", "Takes the place of {source} → {target}.")
        return text.format(source=old.source, target=old.target)

    def _lack(self, node: str) -> str:
        if self.port.is_input:
            text = QCoreApplication.translate("Canvas", "{node} has no output")
        else:
            text = QCoreApplication.translate("Canvas", "{node} has no input")
        return text.format(node=node)

    def _draw(self, end: QPointF) -> None:
        origin = self.drawing.port_place(self.port)
        start, end = (end, origin) if self.port.is_input else (origin, end)
        dots = self.drawing.link_items[self.replugged].dots if self.replugged is not None else []
        surface = self.scene.surface
        way = (start, *dots, end)
        legs = legs_of(way, surface.link_style, surface.direction)
        if self.end is None and surface.link_style == "curved" and any(leg[1:] for leg in legs):
            # Over nothing it has not to come in from above, for which it would go around.
            legs = legs_of(way, "straight", surface.direction)
        course = tuple(piece for leg in legs for piece in leg)
        self.preview.setPath(curves.path_of(start, course, end))
        colors = self.scene.surface.colors
        token = "error" if self.refusal else "warning" if self._misfit() else "accent"
        pen = QPen(colors[token], 2.2)
        if self.refusal or self.end is None:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.preview.setPen(pen)

    def finish(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Make the link; a link pulled out and let go over nothing is removed."""
        if self.moved:
            self._find_end(place)
        end, refusal = self.end, self.refusal
        self._put_away()
        if not self.moved:
            return
        if end is not None:
            if refusal and end.is_input == self.port.is_input:
                self.editor.refused.emit(refusal)
            else:
                self.drawing.apply(self._label(end), self.targets.edit(end))
        elif refusal:
            self.editor.refused.emit(refusal)
        elif self.replugged is not None:
            block, link = self.drawing.name, self.replugged
            text = QCoreApplication.translate("Canvas", "Remove link {link}").format(link=link)
            self.drawing.apply(text, lambda project: remove_links(project, block, [link]))
        else:
            self.canvas.adder.open_for(self.drawing, self.port, place)

    def cancel(self) -> None:
        """No link."""
        self._put_away()

    def _put_away(self) -> None:
        self.scene.surface.targets = None
        self.drawing.remove_item(self.preview)
        if self.replugged is not None and self.replugged in self.drawing.link_items:
            self.drawing.link_items[self.replugged].set_state(lifted=False)
        self.canvas.note.say("", QPointF())
        self.scene.repaint()

    def _label(self, end: PortHit) -> str:
        link = self.targets.link(end)
        text = QCoreApplication.translate("Canvas", "Link {source} to {target}")
        return text.format(source=link.source, target=link.target)

    def _words(self) -> str:
        translate = QCoreApplication.translate
        if self.end is not None:
            return translate("Canvas", "Release to link {source} to {target}").format(
                source=self.targets.link(self.end).source,
                target=self.targets.link(self.end).target,
            )
        if self.replugged is not None:
            return translate("Canvas", "Release here to remove the link · Esc: leave it")
        if self.port.is_input:
            return translate(
                "Canvas", "Drag to an output, or release here to search what leads to it"
            )
        return translate("Canvas", "Drag to an input, or release here to search what takes it")


def _lies_in(one: Drawing, other: Drawing) -> bool:
    """Whether a drawing is another one, or inside of that."""
    return one.path[: len(other.path)] == other.path
