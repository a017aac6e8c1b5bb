"""Keeps one item per node and per link of the shown block in step with the document.

No truth lives here: items show the model's state, or for the moment of a gesture where it would
lead. What a person sees next always comes from the document's `changed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from graph.document import Difference
from graph.problem import Problem
from graph.state import Block, Link
from gui.canvas.far_item import FarItem
from gui.canvas.glide import MOST_NODES, Glide
from gui.canvas.labels import Labels, edges_of
from gui.canvas.link_item import LinkItem
from gui.canvas.link_styles import turn_nodes
from gui.canvas.looks import LinkLook, NodeLook, look_of_link, look_of_node, problems_by_node
from gui.canvas.measures import Level
from gui.canvas.node_item import NodeItem
from gui.canvas.spatial import SpatialIndex
from gui.canvas.surface import Surface
from gui.editor import Editor

AROUND = 60.0
"""How far a size may stand off its link."""


class CanvasScene(QGraphicsScene):
    """The items of one block.

    Signals:
        content_changed(): something moved, came or went.
    """

    content_changed = Signal()

    def __init__(
        self, editor: Editor, parent: QObject | None = None, *, seen: QRectF | None = None
    ) -> None:
        """Show the editor's block.

        Args:
            seen: the part that is in view, which `look_at` changes; None where all of it is.
        """
        super().__init__(parent)
        self.editor = editor
        self.surface = Surface()
        # Bounds are known to Qt without Python, so looking at all of them is cheaper than a tree
        # that every move would change.
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.node_items: dict[str, NodeItem] = {}
        self.link_items: dict[Link, LinkItem] = {}
        self.node_index: SpatialIndex[str] = SpatialIndex()
        self.link_index: SpatialIndex[Link] = SpatialIndex()
        self.labels = Labels(self.link_items, self.node_index, self.link_index)
        self.labels.look_at(seen)
        self.selected_links: frozenset[Link] = frozenset()
        self.animated = True
        self._marks: frozenset[str | Link] = frozenset()
        self._attached: dict[str, set[Link]] = {}
        self._problems: Mapping[str, tuple[Problem, ...]] = {}
        self._seen = seen
        self._stale: set[str] = set()
        """Nodes out of view whose sizes are new: they show them when they come into view."""
        self._bounds: QRectF | None = None
        self.far = FarItem(self.surface)
        self.far.setVisible(False)
        self.addItem(self.far)
        self.glide = Glide(partial(self.show_places, resting=False), self.show_places, self)
        self.rebuild()

    @property
    def block(self) -> Block:
        """The state of the shown block."""
        return self.editor.document.state.blocks[self.editor.block]

    # --- following the model -------------------------------------------------------------------

    def rebuild(self) -> None:
        """Show the editor's block from nothing."""
        self.glide.finish()
        for item in (*self.node_items.values(), *self.link_items.values()):
            self.removeItem(item)
        self.node_items.clear()
        self.link_items.clear()
        self.node_index.clear()
        self.link_index.clear()
        self.labels.clear()
        self._attached.clear()
        self._stale.clear()
        self.selected_links = frozenset()
        self._marks = frozenset()
        self._problems = self._find_problems()
        block = self.block
        self.surface.direction = block.direction
        for link in block.links:
            self._attach(link)
        for name in block.nodes:
            self._add_node(name)
        for link in block.links:
            self._add_link(link)
        self.labels.settle(self.link_items)
        self.show_selection()
        self._changed()

    def follow(self, difference: Difference) -> None:
        """Bring the items up to date, touching only what the difference names."""
        name = self.editor.block
        block = self.block
        here = difference.blocks.get(name)
        dirty: set[str] = set()
        resized = difference.results.get(name, frozenset())
        if difference.problems:
            before, self._problems = self._problems, self._find_problems()
            names = before.keys() | self._problems.keys()
            dirty |= {n for n in names if before.get(n) != self._problems.get(n)}
        altered = {*difference.blocks, *difference.blocks_added, *difference.blocks_removed}
        altered.discard(name)
        if altered:
            dirty |= {n.name for n in block.nodes.values() if n.is_block and n.type in altered}
        if here is not None:
            turn_nodes(self, block.direction)
            if here.parameters:
                dirty.update(block.nodes)
            for link in here.links_removed:
                self._remove_link(link)
                dirty |= {link.source, link.target}
            for gone in here.removed:
                self._remove_node(gone)
            for link in here.links_added:
                self._attach(link)
                dirty |= {link.source, link.target}
            for added in here.added:
                if added not in self.node_items:
                    self._add_node(added)
            dirty.update(here.changed)
            for link in here.links_added:
                self._add_link(link)
            self.labels.settle(self.link_items.keys() & here.links_added)
            self._move_to_model(here.changed)
        self._refresh(dirty)
        self._stale |= resized - dirty
        self._catch_up()
        if here is not None or dirty or resized:
            self.show_selection()
            self._changed()

    def repaint_all(self) -> None:
        """Take the colours of the theme anew."""
        self.surface.refresh()
        self._changed()
        self.repaint()

    def repaint(self) -> None:
        """Paint everything again; Qt keeps pictures of nodes that did not change by themselves."""
        for item in self.node_items.values():
            item.update()
        self.update()

    def _find_problems(self) -> Mapping[str, tuple[Problem, ...]]:
        document = self.editor.document
        return problems_by_node(document.state, self.editor.block, document.problems)

    def _look(self, name: str) -> NodeLook:
        links, problems = self._attached.get(name, ()), self._problems.get(name, ())
        return look_of_node(self.editor.document, self.editor.block, name, links, problems)

    def _link_look(self, link: Link) -> LinkLook:
        return look_of_link(self.editor.document, self.editor.block, link)

    def _catch_up(self) -> None:
        """Bring what is in view up to date: a new size of the input changes thousands of nodes, of
        which a person sees fifty."""
        if not self._stale or self.surface.level is Level.FAR:
            return
        now = self._stale
        if self._seen is not None:
            seen = edges_of(self._seen)
            near = set(self.node_index.touching(seen))
            for link in self.link_index.touching(seen):
                near |= {link.source, link.target}
            now = now & near
        self._stale = self._stale - now
        self._refresh(now)

    def _refresh(self, names: Iterable[str]) -> None:
        links: set[Link] = set()
        for name in names:
            item = self.node_items.get(name)
            if item is None or name not in self.block.nodes:
                continue
            reshaped = item.set_look(self._look(name))
            links |= self._attached.get(name, set())
            if reshaped:
                self._index(item)
        unsettled = []
        for link in links & self.link_items.keys():
            resized = self.link_items[link].set_look(self._link_look(link))
            if self.follow_ends(link) or (resized and not self.labels.rewrite(link)):
                unsettled.append(link)
        self.labels.settle(unsettled)

    def _add_node(self, name: str) -> None:
        item = NodeItem(self._look(name), self.surface)
        item.setPos(*self.block.nodes[name].at)
        item.setVisible(self.surface.level is not Level.FAR)
        item.set_selected(name in self._marks)
        self.node_items[name] = item
        self.addItem(item)
        self._index(item)

    def _remove_node(self, name: str) -> None:
        self.glide.drop(name)
        item = self.node_items.pop(name, None)
        if item is not None:
            self.removeItem(item)
            self.node_index.remove(name)
            self._stale.discard(name)

    def _attach(self, link: Link) -> None:
        self._attached.setdefault(link.source, set()).add(link)
        self._attached.setdefault(link.target, set()).add(link)

    def _add_link(self, link: Link) -> None:
        if link in self.link_items or not {link.source, link.target} <= self.node_items.keys():
            return
        item = LinkItem(link, self._link_look(link), self.surface)
        item.setVisible(self.surface.level is not Level.FAR)
        self.link_items[link] = item
        self.addItem(item)
        self.follow_ends(link)

    def _remove_link(self, link: Link) -> None:
        for end in (link.source, link.target):
            self._attached.get(end, set()).discard(link)
        item = self.link_items.pop(link, None)
        if item is not None:
            self.removeItem(item)
            self.link_index.remove(link)
            self.labels.remove(link)
        self.selected_links -= {link}

    # --- places --------------------------------------------------------------------------------

    def show_places(self, places: Mapping[str, QPointF], *, resting: bool = True) -> None:
        """Show nodes elsewhere, their links with them; the model does not change.

        Args:
            resting: whether they stay there for a while, so that texts should find good places.
        """
        links: set[Link] = set()
        unsettled: set[Link] = set()
        all_move = len(places) == len(self.node_items)
        for name, place in places.items():
            item = self.node_items.get(name)
            if item is not None and item.pos() != place:
                item.setPos(place)
                self._index(item)
                links |= self._attached.get(name, set())
                if not all_move:
                    unsettled.update(self.labels.under(item.body_on_canvas()))
        unsettled.update(link for link in links if self.follow_ends(link))
        (self.labels.settle if resting else self.labels.carry)(unsettled)
        if links or places:
            self._changed()

    def model_place(self, name: str) -> QPointF:
        """Where the model has a node."""
        return QPointF(*self.block.nodes[name].at)

    def _move_to_model(self, names: Iterable[str]) -> None:
        ways = {
            name: (self.node_items[name].pos(), self.model_place(name))
            for name in names
            if name in self.node_items and self.node_items[name].pos() != self.model_place(name)
        }
        self.glide.finish()
        if ways and self.animated and len(ways) <= MOST_NODES:
            self.glide.start(ways)
        else:
            self.show_places({name: way[1] for name, way in ways.items()})

    def _index(self, item: NodeItem) -> None:
        self.node_index.place(item.name, edges_of(item.body_on_canvas()))

    def follow_ends(self, link: Link) -> bool:
        """Lead a link to its ports; True where its size needs another place."""
        item = self.link_items.get(link)
        if item is None:
            return False
        start = self.node_items[link.source].port_place(link.output, is_input=False)
        end = self.node_items[link.target].port_place(link.input, is_input=True)
        unsettled = item.set_ends(start, end)
        self.link_index.place(link, edges_of(item.course))
        if not unsettled:
            self.labels.follow(link)
        return unsettled

    def content_bounds(self) -> QRectF:
        """The rectangle around all nodes and links; empty where there is nothing."""
        if self._bounds is None:
            rectangles = [
                found
                for found in (self.node_index.bounds(), self.link_index.bounds())
                if found is not None
            ]
            bounds = QRectF()
            for left, top, right, bottom in rectangles:
                bounds |= QRectF(left, top, right - left, bottom - top)
            for item in self.node_items.values():
                if item.look.frame is not None:
                    bounds |= item.card_on_canvas()
            self._bounds = bounds
        return self._bounds

    def look_at(self, seen: QRectF | None) -> None:
        """This part of the canvas is in view, or all of it: what is shown there is brought up to
        date, and what is written there finds its places."""
        self._seen = None if seen is None else seen.adjusted(-AROUND, -AROUND, AROUND, AROUND)
        self._catch_up()
        if self.surface.level is Level.FULL:
            self.labels.look_at(self._seen)

    def bounds_of(self, names: Iterable[str]) -> QRectF:
        """The rectangle around some nodes."""
        bounds = QRectF()
        for name in names:
            if name in self.node_items:
                bounds |= self.node_items[name].card_on_canvas()
        return bounds

    def links_of(self, name: str) -> frozenset[Link]:
        """The links into and out of a node."""
        return frozenset(self._attached.get(name, ()))

    def _changed(self) -> None:
        self._bounds = None
        self.far.expire()
        if self.surface.level is Level.FAR:
            self.collect_far()
        self.content_changed.emit()

    # --- what is shown besides the model -------------------------------------------------------

    def show_selection(self) -> None:
        """Mark what the editor has selected, and the selected links."""
        self.selected_links &= self.link_items.keys()
        marks = self.editor.selection | self.selected_links
        for mark in marks ^ self._marks:
            if isinstance(mark, Link):
                if mark in self.link_items:
                    self.link_items[mark].set_state(selected=mark in marks)
            elif mark in self.node_items:
                self.node_items[mark].set_selected(mark in marks)
        self._marks = marks
        self.far.expire()
        if self.surface.level is Level.FAR:
            self.collect_far()

    def select_links(self, links: Iterable[Link]) -> None:
        """Select these links and no others."""
        chosen = frozenset(links) & self.link_items.keys()
        if chosen != self.selected_links:
            self.selected_links = chosen
            self.show_selection()

    def set_level(self, level: Level) -> None:
        """Show nodes with more or less detail."""
        before, self.surface.level = self.surface.level, level
        if before is level:
            return
        if Level.FAR in (before, level):
            near = level is not Level.FAR
            for item in (*self.node_items.values(), *self.link_items.values()):
                item.setVisible(near)
            self.collect_far()
            self.far.setVisible(not near)
        self.repaint()

    def collect_far(self) -> None:
        """Bring the picture from far away up to date."""
        self.far.collect(
            self.node_items.values(),
            self.link_items.values(),
            self.node_index.rectangle,
            self.content_bounds(),
            self._problems,
        )
