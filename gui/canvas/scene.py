"""Keeps one item per node and per link of the shown block in step with the document.

No truth lives here: items show the model's state, or for the moment of a gesture where it would
lead. What a person sees next always comes from the document's `changed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, QRectF

from graph.document import Difference
from graph.dots import Dot
from graph.expanding import is_expanded, size_of
from graph.problem import Problem
from graph.state import Link, Project
from gui.canvas.drawing import Drawing
from gui.canvas.inside import show_inside
from gui.canvas.labels import edges_of
from gui.canvas.link_item import LinkItem
from gui.canvas.link_looks import LinkLook, look_of_link
from gui.canvas.link_styles import turn_nodes
from gui.canvas.looks import NodeLook, look_of_node, problems_by_node
from gui.canvas.measures import Level
from gui.canvas.node_item import FINE, NodeItem
from gui.canvas.placed_scene import PlacedScene
from gui.editor import Editor, Path

AROUND = 60.0
"""How far a size may stand off its link."""


class CanvasScene(PlacedScene):
    """The items of one block."""

    def __init__(
        self, editor: Editor, parent: QObject | None = None, *, seen: QRectF | None = None
    ) -> None:
        """Show the editor's block.

        Args:
            seen: the part that is in view, which `look_at` changes; None where all of it is.
        """
        super().__init__(editor, parent)
        self.labels.look_at(seen)
        self.in_view.look_at(seen)
        self.selected_links: frozenset[Link] = frozenset()
        self.selected_dots: frozenset[Dot] = frozenset()
        self._marked: Path = ()
        self._seen = seen
        self._made = 0
        self._stale: set[str] = set()
        """Nodes out of view whose sizes are new: they show them when they come into view."""
        self._built: tuple[Project | None, str] = (None, "")
        self.rebuild()

    # --- following the model -------------------------------------------------------------------

    def show_block(self) -> None:
        """Show the editor's block, unless that was built last and is as it was."""
        state, block = self._built
        if state is not self.editor.document.state or block != self.editor.block:
            self.rebuild()

    def rebuild(self) -> None:
        """Show the editor's block from nothing."""
        self._built = self.editor.document.state, self.editor.block
        self.glide.finish()
        self.in_view.clear()
        self.node_items.clear()
        self.link_items.clear()
        self.node_index.clear()
        self.link_index.clear()
        self.labels.clear()
        self._attached.clear()
        self._stale.clear()
        self._framed.clear()
        self.far.clear_cards()
        self.inside.clear()
        self.selected_links, self.selected_dots = frozenset(), frozenset()
        self.marks = frozenset()
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
        self.moved()

    def follow(self, difference: Difference) -> None:
        """Bring the items up to date, touching only what the difference names."""
        if self.editor.replacing:
            self.rebuild()
            return
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
        if altered or (here is not None and here.direction):
            # What is changed may be anywhere inside.
            dirty |= {n.name for n in block.nodes.values() if n.expanded}
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
            self._unfold(here.changed)
            self._move_to_model(here.changed, here.links_led)
            # Afterwards: what makes room would be in their way before.
            place = self.labels.carry if self.glide.moving else self.labels.settle
            place(self.link_items.keys() & here.links_added)
        self._refresh(dirty)
        self._stale |= resized - dirty
        self._catch_up()
        if here is not None or dirty or resized:
            self.show_selection()
            self.moved()

    def _unfold(self, names: Iterable[str]) -> None:
        """Nodes that are expanded or collapsed do not glide: their upper edge stays; nor do those
        whose inside has another size: what did not move in there stays."""
        state, direction = self.editor.document.state, self.surface.direction
        for name in names:
            item = self.node_items.get(name)
            if item is None:
                continue
            inner, node = item.look.inner, self.block.nodes[name]
            expanded = is_expanded(state, node)
            if (inner is not None) != expanded or (
                inner is not None and inner.size != size_of(state, node, direction)
            ):
                self.glide.drop(name)
                item.setPos(self.model_place(name))

    def repaint_all(self) -> None:
        """Take the colours of the theme anew."""
        self.surface.refresh()
        self.moved()
        self.repaint()

    def repaint(self) -> None:
        """Paint everything again."""
        super().repaint()
        self.update()

    def _find_problems(self) -> Mapping[str, tuple[Problem, ...]]:
        document = self.editor.document
        return problems_by_node(document.state, self.editor.block, document.problems)

    def _look(self, name: str) -> NodeLook:
        links, problems = self._attached.get(name, ()), self._problems.get(name, ())
        return look_of_node(self.editor.document, self.editor.block, name, links, problems)

    def _link_look(self, link: Link) -> LinkLook:
        return look_of_link(self.editor.document, self.editor.block, link, self._attached)

    def _catch_up(self) -> None:
        """Bring what is in view up to date: a new size of the input changes thousands of nodes, of
        which a person sees fifty."""
        if not self._stale or self.surface.level is Level.FAR:
            return
        if self._seen is None:
            near = set(self._stale)
        else:
            seen = edges_of(self._seen)
            near = set(self.node_index.touching(seen))
            for link in self.link_index.touching(seen):
                near |= {link.source, link.target}
            near &= self._stale
        self._stale -= near
        self._refresh(near)

    def _refresh(self, names: Iterable[str]) -> None:
        links: set[Link] = set()
        passing: list[str] = []
        """Nodes that are left out now, or were before."""
        for name in names:
            item = self.node_items.get(name)
            if item is None or name not in self.block.nodes:
                continue
            category, left_out = item.look.category, item.look.bypassed
            reshaped = item.set_look(self._look(name))
            show_inside(self, item)
            links |= self._attached.get(name, set())
            if reshaped or category != item.look.category or item.look.inner is not None:
                self.index_node(item)
            if item.look.bypassed or left_out:
                passing.append(name)
        links |= self._links_before(passing)
        unsettled = []
        for link in links & self.link_items.keys():
            resized = self.link_items[link].set_look(self._link_look(link))
            if self.follow_ends(link) or (resized and not self.labels.rewrite(link)):
                unsettled.append(link)
        self.labels.settle(unsettled)

    def _links_before(self, names: Iterable[str]) -> set[Link]:
        """The links into these nodes, and those before them past nodes that are left out: whether
        they are used depends on what these nodes pass on."""
        found: set[Link] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            for link in self._attached.get(name, set()) - found:
                if link.target == name:
                    found.add(link)
                    if self.node_items[link.source].look.bypassed:
                        waiting.append(link.source)
        return found

    def _add_node(self, name: str) -> None:
        item = NodeItem(self._look(name), self.surface, self._next_order())
        item.setPos(*self.block.nodes[name].at)
        item.setVisible(False)
        if name in self.marks:
            item.set_selected(True)
        self.node_items[name] = item
        if item.look.inner is not None:
            show_inside(self, item)
        self.index_node(item)

    def _next_order(self) -> float:
        self._made += 1
        return self._made * FINE

    def _remove_node(self, name: str) -> None:
        self.glide.drop(name)
        if name in self.node_items:
            self.in_view.node_removed(name)
            del self.node_items[name]
            self.inside.pop(name, None)
            self.node_index.remove(name)
            self._framed.discard(name)
            self.far.remove_card(name)
            self._stale.discard(name)

    def _attach(self, link: Link) -> None:
        self._attached.setdefault(link.source, set()).add(link)
        self._attached.setdefault(link.target, set()).add(link)

    def _add_link(self, link: Link) -> None:
        if link in self.link_items or not self._has_ends(link):
            return
        item = LinkItem(link, self._link_look(link), self.surface, self._next_order())
        item.setVisible(False)
        self.link_items[link] = item
        self.follow_ends(link)

    def _has_ends(self, link: Link) -> bool:
        return link.source in self.node_items and link.target in self.node_items

    def _remove_link(self, link: Link) -> None:
        for end in (link.source, link.target):
            self._attached.get(end, set()).discard(link)
        if link in self.link_items:
            self.in_view.link_removed(link)
            for number in range(len(self.link_items.pop(link).dots)):
                self.glide.drop(Dot(link, number))
            self.link_index.remove(link)
            self.labels.remove(link)
        self.selected_links -= {link}

    def look_at(self, seen: QRectF | None) -> None:
        """This part of the canvas is in view, or all of it: what is shown there is brought up to
        date, and what is written there finds its places."""
        self._seen = None if seen is None else seen.adjusted(-AROUND, -AROUND, AROUND, AROUND)
        self.in_view.look_at(self._seen)
        self._catch_up()
        if self.surface.level is Level.FULL:
            self.labels.look_at(self._seen)

    # --- what is shown besides the model -------------------------------------------------------

    def show_selection(self) -> None:
        """Mark what the editor has selected, and the selected links and reroute points, which are
        in the same drawing."""
        path = self.editor.path
        if path != self._marked:
            before, self._marked = self.find(self._marked), path
            self.selected_links, self.selected_dots = frozenset(), frozenset()
            if before is not None:
                before.mark(frozenset())
        here = self.chosen_drawing
        self.selected_links &= here.link_items.keys()
        self.selected_dots = frozenset(filter(here.has_dot, self.selected_dots))
        here.mark(self.editor.chosen[1] | self.selected_links | self.selected_dots)
        self.far.expire()
        if self.surface.level is Level.FAR:
            self.collect_far()

    @property
    def chosen_drawing(self) -> Drawing:
        """The drawing in which the selection is."""
        return self.find(self.editor.path) or self

    @property
    def anything_selected(self) -> bool:
        """Whether a node, a link or a reroute point is selected."""
        chosen = self.editor.chosen[1]
        return bool(chosen or self.selected_links or self.selected_dots)

    def select_links(self, links: Iterable[Link], dots: Iterable[Dot] = ()) -> None:
        """Select these links and reroute points where the selection is, and no others."""
        here = self.chosen_drawing
        chosen = frozenset(links) & here.link_items.keys()
        points = frozenset(filter(here.has_dot, dots))
        if (chosen, points) != (self.selected_links, self.selected_dots):
            self.selected_links, self.selected_dots = chosen, points
            self.show_selection()

    def set_level(self, level: Level) -> None:
        """Show nodes with more or less detail."""
        before, self.surface.level = self.surface.level, level
        if before is level:
            return
        if Level.FAR in (before, level):
            is_far = level is Level.FAR
            self.in_view.show_none(is_far)
            self.collect_far()
            self.far.setVisible(is_far)
        self.repaint()
