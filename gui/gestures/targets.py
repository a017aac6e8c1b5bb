"""Where a link in hand may end, and why not elsewhere."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from graph.dots import link_of
from graph.edits import Edit, EditError, with_block
from graph.fitting import Trial
from graph.links import check_link, connect, remove_links
from graph.order import reached
from graph.ports import find_port, free_name, input_ports, output_ports
from graph.state import Block, Link, Project
from gui.canvas.drawing import Drawing
from gui.canvas.hits import PortHit


def _circular(block: Block, start: str, *, forward: bool) -> set[str]:
    """The node and everything that it leads to, or that leads to it."""
    neighbours: dict[str, list[str]] = {}
    for link in block.links:
        first, second = (link.source, link.target) if forward else (link.target, link.source)
        neighbours.setdefault(first, []).append(second)
    return reached(neighbours, [start])


class LinkTargets:
    """The ends that a link from one port may have.

    Asked for every port of every node while painting, so what costs is computed once; the words
    of a refusal come from the model, when somebody looks at that port.
    """

    def __init__(self, drawing: Drawing, origin: PortHit, replugged: Link | None = None) -> None:
        """Of a port in a drawing; `replugged` is a link that is taken out meanwhile."""
        self.drawing = drawing
        self.project = project = drawing.editor.document.state
        self.block = block = drawing.name
        self.origin = origin
        self.replugged = replugged
        graph = project.blocks[block]
        left = tuple(link for link in graph.links if link != replugged)
        self._graph = replace(graph, links=left)
        self._without = with_block(project, block, self._graph)
        self._circular = _circular(self._graph, origin.node, forward=origin.is_input)
        self._into = {(link.target, link.input): link for link in left}
        self._trial = Trial(self._without, drawing.result())
        self._origin_taken = origin.is_input and (origin.node, origin.port) in self._into

    def is_legal(self, end: PortHit) -> bool:
        """Whether the link may end at this port."""
        node, port, is_input = end.node, end.port, end.is_input
        if is_input == self.origin.is_input or node in self._circular or self._origin_taken:
            return False
        if not is_input or (node, port) not in self._into:
            return True
        return self.replaced(PortHit(node, port, True)) is not None

    def replaced(self, end: PortHit) -> Link | None:
        """The link that gives way to one that ends at an input; None where it is free, where there
        is room for one more branch, and where the same link is already."""
        old = self._into.get((end.node, end.port)) if end.is_input else None
        if old is None or (old.source, old.output) == (self.origin.node, self.origin.port):
            return None
        ports = input_ports(self.project, self._graph.nodes[end.node], self._graph)
        port = find_port(ports, end.port)
        return None if port is None or port.variadic else old

    def link(self, end: PortHit) -> Link:
        """The link that would come from ending at a port."""
        source, target = (end, self.origin) if self.origin.is_input else (self.origin, end)
        return Link(source.node, source.port, target.node, target.port)

    def reason(self, end: PortHit) -> str:
        """Why the link may not end at a port; empty where it may."""
        if end.is_input == self.origin.is_input:
            if end.is_input:
                return QCoreApplication.translate(
                    "Canvas", "A link leads from an output to an input; this is an input too"
                )
            return QCoreApplication.translate(
                "Canvas", "A link leads from an output to an input; this is an output too"
            )
        try:
            replacing = self.replaced(end) is not None
            check_link(self._without, self.block, self.link(end), replacing=replacing)
        except EditError as error:
            return str(error)
        return ""

    def misfit(self, end: PortHit) -> str:
        """What would be wrong with the sizes if the link ended at a port where it may end; empty
        where they fit, or where they are not known."""
        return self._trial.misfit(self.link(end)) if self.is_legal(end) else ""

    def best_port(self, node: str) -> PortHit | None:
        """The port that a link dropped on a node would take: the first free one, needed ones
        before optional ones; where none is, the first."""
        if node == self.origin.node or node not in self._graph.nodes:
            return None
        item = self._graph.nodes[node]
        if self.origin.is_input:
            outputs = output_ports(self.project, item, self._graph)
            return PortHit(node, outputs[0].name, False) if outputs else None
        ports = input_ports(self.project, item, self._graph)
        taken = [link.input for link in self._graph.links if link.target == node]
        for port in sorted(ports, key=lambda port: port.optional):
            name = free_name(port, taken)
            if name is not None:
                return PortHit(node, name, True)
        return PortHit(node, ports[0].name, True) if ports else None

    def edit(self, end: PortHit) -> Edit:
        """The edit that makes the link, in place of the one taken out and of the one at its end."""
        link, block, replugged = self.link(end), self.block, self.replugged
        replaced = self.replaced(end)

        def make(project: Project) -> Project:
            if link == replugged:
                return project
            way = link
            if replugged is not None:
                # It goes the same way to its other end.
                way = link_of(project.blocks[block], replugged)
                project = remove_links(project, block, [replugged])
            if replaced is not None:
                project = remove_links(project, block, [replaced])
            graph = project.blocks[block]
            port = None
            if link.target in graph.nodes:
                ports = input_ports(project, graph.nodes[link.target], graph)
                port = find_port(ports, link.input)
            # Branches are numbered anew when one goes, so the model chooses the free number.
            variadic = port is not None and port.variadic
            name = port.name if port is not None and variadic else link.input
            if variadic:
                check_link(self._without, block, link)
            return connect(
                project,
                block,
                link.source,
                link.target,
                output=link.output,
                input=name,
                dots=way.dots,
                by_hand=way.by_hand,
            )

        return make
