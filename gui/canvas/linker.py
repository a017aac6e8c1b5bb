"""Linking by keyboard: the selected node to another one that is searched by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF

from graph.layer import LAYERS
from gui.canvas.drawing import Drawing
from gui.canvas.hits import PortHit
from gui.gestures.targets import LinkTargets
from gui.search.offers import Offer
from gui.search.search_popup import SearchPopup

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

WIDTH = 380


class Linker(QObject):
    """Opens the search for the end of a link."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas

    @cached_property
    def popup(self) -> SearchPopup:
        """The search; made when it is asked for first, so that a canvas opens without it."""
        return SearchPopup(
            "canvas_link_search",
            self.tr("Search the node to link to"),
            self._canvas,
            nothing=self.tr("No node fits. Fewer letters find more."),
            width=WIDTH,
        )

    def open(self) -> None:
        """Offer every node to which an output of the selected node may lead."""
        editor = self._canvas.editor
        if len(editor.chosen[1]) != 1:
            editor.refused.emit(self.tr("select the one node from which a link should lead"))
            return
        (name,) = editor.chosen[1]
        drawing = self._canvas.items_scene.chosen_drawing
        item = drawing.node_items[name]
        if not item.look.outputs:
            editor.refused.emit(self.tr("{name} has no output").format(name=name))
            return
        offers = [
            offer
            for port in item.look.outputs
            for offer in self._offers(drawing, PortHit(name, port.name, False))
        ]
        place = item.scenePos() + QPointF(*item.shape_.edge(is_input=False))
        self.popup.open(offers, place=self._canvas.camera.to_view(place).toPoint())

    def _offers(self, drawing: Drawing, origin: PortHit) -> Iterator[Offer]:
        targets = LinkTargets(drawing, origin)
        nodes = drawing.block.nodes
        ends = [end for end in map(targets.best_port, nodes) if end and not targets.reason(end)]
        # First those at which no other link gives way.
        for end in sorted(ends, key=lambda end: targets.replaced(end) is not None):
            name, node, link = end.node, nodes[end.node], targets.link(end)
            misfit = targets.misfit(end)
            look = drawing.node_items[name].look if name in drawing.node_items else None
            yield Offer(
                f"link:{link}",
                self._words(origin, end),
                lambda end=end: self._make(targets, end),  # type: ignore[misc]
                self._sort(targets, end) or (look.title if look else node.type),
                words=(name,),
                category=look.category if look else LAYERS[node.type].CATEGORY,
                help=misfit,
            )

    def _sort(self, targets: LinkTargets, end: PortHit) -> str:
        """What is worth knowing before; empty where nothing is."""
        old = targets.replaced(end)
        if old is not None:
            return self.tr("in place of {source}").format(source=old.source)
        misfit = targets.misfit(end)
        return self.tr("sizes do not fit") if misfit else ""

    def _words(self, origin: PortHit, end: PortHit) -> str:
        source = origin.node if origin.port == "out" else f"{origin.node}.{origin.port}"
        target = end.node if end.port == "in" else f"{end.node}.{end.port}"
        return f"{source} → {target}"

    def _make(self, targets: LinkTargets, end: PortHit) -> None:
        link = targets.link(end)
        text = QCoreApplication.translate("Canvas", "Link {source} to {target}")
        label = text.format(source=link.source, target=link.target)
        targets.drawing.apply(label, targets.edit(end))
        self._canvas.setFocus()
