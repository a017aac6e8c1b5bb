"""The search on the canvas: what is chosen there is added where it was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF
from PySide6.QtWidgets import QGraphicsPathItem

from graph.direction import TOP_DOWN, turned
from graph.edits import EditError
from graph.fitting import gives, takes, takes_block
from graph.layer import CATEGORIES, LAYERS
from graph.placing import add_after, add_linked
from graph.shapes import TensorSpec
from graph.state import Link, Project
from gui.canvas import commands, curves
from gui.canvas.drawing import Drawing
from gui.canvas.hits import PortHit
from gui.canvas.measures import NODE_HEIGHT, NODE_WIDTH, snapped
from gui.files.shelf import OWN, STANDARD, shelf
from gui.panels.search import (
    COMMON,
    OWN_BLOCKS,
    STANDARD_BLOCKS,
    Entry,
    block_entries,
    layer_entries,
    library_entries,
)
from gui.search.last_used import LastUsed
from gui.search.offers import Offer
from gui.search.search_popup import SearchPopup
from gui.settings import open_settings

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

_LAST_USED = "canvas/last_added"
WIDTH = 380

Add = Callable[[Entry], bool]


def addable(project: Project) -> list[Entry]:
    """All layers and blocks that can be put on a canvas."""
    return [
        *block_entries(project),
        *layer_entries(),
        *library_entries(shelf().own, OWN_BLOCKS, OWN),
        *library_entries(shelf().standard, STANDARD_BLOCKS, STANDARD),
    ]


class Adder(QObject):
    """Opens the search over a canvas."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._wire: QGraphicsPathItem | None = None

    @cached_property
    def popup(self) -> SearchPopup:
        """The search; made when it is asked for first, so that a canvas opens without it."""
        words = self.tr("Search layers and blocks to add")
        popup = SearchPopup("canvas_search", words, self._canvas, width=WIDTH)
        popup.chosen.connect(self._remember)
        popup.closed.connect(self._put_away)
        return popup

    def open_at(self, drawing: Drawing, place: QPointF) -> None:
        """Add what is chosen at a place of a drawing."""

        def add(entry: Entry) -> bool:
            return self._canvas.add_node_at(
                entry.name, place, is_block=entry.is_block, drawing=drawing
            )

        self._open(self._offers(add), drawing.on_canvas(place))

    def open_after(self, name: str, text: str = "") -> None:
        """Add what is chosen behind a selected node, in its link where it has one; `text` was
        typed."""
        drawing = self._canvas.items_scene.chosen_drawing
        block = drawing.name

        def add(entry: Entry) -> bool:
            done = self._add(
                drawing,
                entry,
                lambda project, type_: add_after(
                    project, block, name, type_, is_block=entry.is_block
                ),
            )
            if done:
                self.show_added()
            return done

        item = drawing.node_items[name]
        place = item.scenePos() + QPointF(*item.shape_.edge(is_input=False))
        self._open(self._offers(add), place, text)

    def open_in(self, drawing: Drawing, link: Link, place: QPointF, text: str = "") -> None:
        """Put what is chosen into a link, near a place of its drawing; `text` was typed."""

        def add(entry: Entry) -> bool:
            return commands.insert_node(
                drawing, entry.name, link, near=place, is_block=entry.is_block
            )

        state = self._canvas.editor.document.state
        spec = drawing.node_result(link.source).outputs.get(link.output)

        def fits(entry: Entry) -> bool:
            return _fits(entry, state, spec, backwards=False) and _fits(
                entry, state, None, backwards=True
            )

        self._open(self._offers(add, fits), drawing.on_canvas(place), text)

    def open_for(self, drawing: Drawing, port: PortHit, place: QPointF) -> None:
        """Add what is chosen at a place of a drawing, linked to a port; only what fits is
        offered."""
        block, state = drawing.name, self._canvas.editor.document.state
        spec = None if port.is_input else drawing.node_result(port.node).outputs.get(port.port)
        # Its port comes to lie where the wire was let go.
        direction = drawing.surface.direction
        half = NODE_HEIGHT / 2 if direction == TOP_DOWN else NODE_WIDTH / 2
        away = turned(direction, (0.0, -half if port.is_input else half))
        spot = QPointF(snapped(place.x() + away[0]), snapped(place.y() + away[1]))
        at = drawing.model_at(spot)

        def add(entry: Entry) -> bool:
            return self._add(
                drawing,
                entry,
                lambda project, type_: add_linked(
                    project,
                    block,
                    type_,
                    port.node,
                    port.port,
                    from_input=port.is_input,
                    at=at,
                    is_block=entry.is_block,
                ),
            )

        def fits(entry: Entry) -> bool:
            return _fits(entry, state, spec, backwards=port.is_input)

        self._draw_wire(drawing, port, place)
        self._open(self._offers(add, fits), drawing.on_canvas(place))

    # --- inside --------------------------------------------------------------------------------

    def _offers(
        self, add: Add, fits: Callable[[Entry], bool] = lambda entry: True
    ) -> Iterator[Offer]:
        shelf().read_again()
        for entry in addable(self._canvas.editor.document.state):
            if fits(entry):
                yield Offer(
                    f"add:{entry.name}",
                    entry.title,
                    lambda entry=entry: add(entry),  # type: ignore[misc]
                    self.tr("Block") if entry.is_block else CATEGORIES[entry.category],
                    words=entry.words,
                    text=entry.text or entry.help,
                    category=entry.category,
                    help=entry.help,
                )

    def _open(self, offers: Iterator[Offer], place: QPointF, text: str = "") -> None:
        pixel = self._canvas.camera.to_view(place).toPoint()
        self.popup.open(offers, self._likely(), pixel)
        self.popup.line.setText(text)

    def _add(self, drawing: Drawing, entry: Entry, edit: Callable[[Project, str], Project]) -> bool:
        done = commands.add_by(drawing, entry.name, lambda project, type_, _: edit(project, type_))
        if done:
            self._canvas.setFocus()
        return done

    def show_added(self) -> None:
        """Bring what was added, and is selected, into view; inside of an expanded node, that."""
        editor = self._canvas.editor
        name = (*editor.path, *editor.chosen[1])[0]
        editor.show_node.emit(editor.block, name)

    def last_used(self) -> list[str]:
        """The keys of what was added before, the last first."""
        return LastUsed(open_settings(), _LAST_USED).keys()

    def _likely(self) -> list[str]:
        """What was added before, the last first, and then what most networks consist of; a network
        itself begins with an Input."""
        editor, used = self._canvas.editor, self.last_used()
        begun = bool(editor.document.state.blocks[editor.block].nodes)
        common = [f"add:{name}" for name in COMMON if begun]
        return [*used, *(key for key in common if key not in used)]

    def _remember(self, offer: Offer) -> None:
        LastUsed(open_settings(), _LAST_USED).remember(offer.key)

    def _draw_wire(self, drawing: Drawing, port: PortHit, place: QPointF) -> None:
        """The link as it was let go, while its other end is being chosen."""
        origin = drawing.port_place(port)
        start, end = (place, origin) if port.is_input else (origin, place)
        self._put_away()
        surface = drawing.surface
        course = curves.cubics(start, end, surface.link_style, surface.direction)
        self._wire = QGraphicsPathItem(curves.path_of(start, course, end))
        self._wire.setPen(surface.link_selected)
        self._wire.setPos(drawing.origin())
        self._canvas.items_scene.addItem(self._wire)

    def _put_away(self) -> None:
        if self._wire is not None:
            self._canvas.items_scene.removeItem(self._wire)
            self._wire = None


def _fits(entry: Entry, project: Project, spec: TensorSpec | None, *, backwards: bool) -> bool:
    if entry.name in LAYERS and not entry.is_block:
        layer = LAYERS[entry.name]
        return gives(layer) if backwards else takes(layer, spec)
    try:
        project, name = shelf().bring(project, entry.name)
    except EditError:
        return False
    if backwards:
        return bool(project.blocks[name].output_names())
    return takes_block(project, name, spec)
