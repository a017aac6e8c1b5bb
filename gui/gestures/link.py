"""Drawing a link from port to port, and plugging one elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, Qt
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsPathItem

from graph.links import remove_links
from graph.state import Link
from gui.canvas import curves
from gui.canvas.hits import PortHit, node_at, ports_near
from gui.canvas.measures import SNAP_RADIUS
from gui.canvas.routes import legs_of
from gui.gestures.gesture import Gesture
from gui.gestures.targets import LinkTargets

HEIGHT = 30.0


class LinkGesture(Gesture):
    """A link in hand. Legal ends light up and attract it; others say why they refuse it."""

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, *args: object, port: PortHit) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.port = port
        self.replugged = self._link_into(port) if port.is_input else None
        if self.replugged is not None:
            # The other end stays where it is.
            self.port = PortHit(self.replugged.source, self.replugged.output, False)
        self.end: PortHit | None = None
        self.refusal = ""
        self.moved = False

    def _link_into(self, port: PortHit) -> Link | None:
        for link in self.scene.links_of(port.node):
            if (link.target, link.input) == (port.node, port.port):
                return link
        return None

    def start(self, place: QPointF) -> None:
        """Begin at a port."""
        super().start(place)
        state, block = self.editor.document.state, self.editor.block
        results = self.editor.document.result(block).nodes
        self.targets = LinkTargets(state, block, self.port, results, self.replugged)
        self.scene.surface.targets = self.targets
        self.preview = QGraphicsPathItem()
        self.preview.setZValue(HEIGHT)
        self.scene.addItem(self.preview)
        if self.replugged is not None:
            self.scene.link_items[self.replugged].set_state(lifted=True)
        self.scene.repaint()

    def move(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        """Follow the mouse, or jump to the port that it is near to."""
        self.moved = True
        self._find_end(place)
        end = place
        if self.end is not None and not self.refusal:
            item = self.scene.node_items[self.end.node]
            end = item.port_place(self.end.port, is_input=self.end.is_input)
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
            self.canvas.camera.to_view(place),
            grave=bool(self.refusal),
        )
        self.hint(self.refusal or misfit or self._words())

    def _find_end(self, place: QPointF) -> None:
        near = ports_near(self.scene, place, SNAP_RADIUS / self.canvas.camera.zoom)
        near = [entry for entry in near if entry[1] != self.port]
        legal = [hit for _, hit in near if self.targets.is_legal(hit.node, hit.port, hit.is_input)]
        if legal:
            self.end = legal[0]
        elif near:
            self.end = near[0][1]
        else:
            node = node_at(self.scene, place)
            self.end = self.targets.best_port(node) if node else None
            if node and self.end is None and node != self.port.node:
                self.refusal = self._lack(node)
                return
        self.refusal = self.targets.reason(self.end) if self.end is not None else ""

    def _misfit(self) -> str:
        """What would be wrong with the sizes; the link may be made all the same."""
        if self.end is None:
            return ""
        return self.targets.misfit(self.end.node, self.end.port, self.end.is_input)

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
        item = self.scene.node_items[self.port.node]
        origin = item.port_place(self.port.port, is_input=self.port.is_input)
        start, end = (end, origin) if self.port.is_input else (origin, end)
        dots = self.scene.link_items[self.replugged].dots if self.replugged is not None else []
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
                self.editor.apply(self._label(end), self.targets.edit(end))
        elif refusal:
            self.editor.refused.emit(refusal)
        elif self.replugged is not None:
            block, link = self.editor.block, self.replugged
            text = QCoreApplication.translate("Canvas", "Remove link {link}").format(link=link)
            self.editor.apply(text, lambda project: remove_links(project, block, [link]))
        else:
            self.canvas.adder.open_for(self.port, place)

    def cancel(self) -> None:
        """No link."""
        self._put_away()

    def _put_away(self) -> None:
        self.scene.surface.targets = None
        self.scene.removeItem(self.preview)
        if self.replugged is not None and self.replugged in self.scene.link_items:
            self.scene.link_items[self.replugged].set_state(lifted=False)
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
