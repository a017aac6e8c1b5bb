"""Linking by keyboard: the selected node to another one that is searched by name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF

from gui.canvas.hits import PortHit
from gui.gestures.targets import LinkTargets
from gui.offers import Offer
from gui.search_popup import SearchPopup

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
        if len(editor.selection) != 1:
            editor.refused.emit(self.tr("select the one node from which a link should lead"))
            return
        (name,) = editor.selection
        item = self._canvas.items_scene.node_items[name]
        if not item.look.outputs:
            editor.refused.emit(self.tr("{name} has no output").format(name=name))
            return
        offers = [
            offer
            for port in item.look.outputs
            for offer in self._offers(PortHit(name, port.name, False))
        ]
        place = item.pos() + QPointF(*item.shape_.edge(is_input=False))
        self.popup.open(offers, place=self._canvas.camera.to_view(place).toPoint())

    def _offers(self, origin: PortHit) -> Iterator[Offer]:
        editor = self._canvas.editor
        results = editor.document.result(editor.block).nodes
        targets = LinkTargets(editor.document.state, editor.block, origin, results)
        items = self._canvas.items_scene.node_items
        ends = [end for end in map(targets.best_port, items) if end and not targets.reason(end)]
        # First those at which no other link gives way.
        for end in sorted(ends, key=lambda end: targets.replaced(end) is not None):
            name, item, link = end.node, items[end.node], targets.link(end)
            misfit = targets.misfit(end.node, end.port, end.is_input)
            yield Offer(
                f"link:{link}",
                self._words(origin, end),
                lambda end=end: self._make(targets, end),  # type: ignore[misc]
                self._sort(targets, end) or item.look.title,
                words=(name,),
                category=item.look.category,
                help=misfit,
            )

    def _sort(self, targets: LinkTargets, end: PortHit) -> str:
        """What is worth knowing before; empty where nothing is."""
        old = targets.replaced(end)
        if old is not None:
            return self.tr("in place of {source}").format(source=old.source)
        misfit = targets.misfit(end.node, end.port, end.is_input)
        return self.tr("sizes do not fit") if misfit else ""

    def _words(self, origin: PortHit, end: PortHit) -> str:
        source = origin.node if origin.port == "out" else f"{origin.node}.{origin.port}"
        target = end.node if end.port == "in" else f"{end.node}.{end.port}"
        return f"{source} → {target}"

    def _make(self, targets: LinkTargets, end: PortHit) -> None:
        link = targets.link(end)
        text = QCoreApplication.translate("Canvas", "Link {source} to {target}")
        label = text.format(source=link.source, target=link.target)
        self._canvas.editor.apply(label, targets.edit(end))
        self._canvas.setFocus()
