"""A network written down layer by layer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph.declare import build
from graph.inference import infer_block
from graph.layer import LAYERS, load_layers
from graph.results import BlockResult
from graph.state import MAIN, Block, Link, Node, Project, frozen

load_layers()


class Draft:
    """Collects nodes and links; every layer is given the names of what leads to it, `node` or
    `node.port`, and returns its own."""

    def __init__(self, *shape: int) -> None:
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.image = self.add("Input", shape=shape)

    def add(self, layer: str, *sources: str, **arguments: Any) -> str:
        """A layer more."""
        name = f"{layer.lower()}{len(self.nodes)}"
        made = build(LAYERS[layer], arguments)
        self.nodes[name] = Node(name, layer, arguments=frozen(made.changed_arguments()))
        ports = [
            f"{port.name}_{number}" if port.variadic else port.name
            for port in made.inputs()
            for number in range(1, len(sources) + 1 if port.variadic else 2)
        ]
        for source, port in zip(sources, ports, strict=False):
            start, _, output = source.partition(".")
            self.links.append(Link(start, output or "out", name, port))
        return name

    def chain(self, source: str, *layers: str, **arguments: Any) -> str:
        """Layers that follow each other; the first one takes the arguments."""
        for layer in layers:
            source = self.add(layer, source, **arguments)
            arguments = {}
        return source

    def project(self, *results: str) -> Project:
        """The network with its outputs."""
        draft = replace_nodes(self)
        for result in results:
            draft.add("Output", result)
        block = Block(frozen(draft.nodes), tuple(draft.links))
        return Project(blocks=frozen({MAIN: block}))


def replace_nodes(draft: Draft) -> Draft:
    """A copy, so that outputs can be added without changing the original."""
    copy = object.__new__(Draft)
    copy.nodes, copy.links, copy.image = dict(draft.nodes), list(draft.links), draft.image
    return copy


def result_of(project: Project) -> BlockResult:
    """Everything that is known about a network; it must be free of errors."""
    result = infer_block(project, MAIN)
    wrong = {name: node.findings for name, node in result.nodes.items() if node.findings}
    assert not wrong
    return result


def at_size(project: Project, *shape: int) -> Project:
    """The same network for another size of its image."""
    nodes = dict(project.main.nodes)
    for name in project.main.input_names():
        nodes[name] = replace(nodes[name], arguments=frozen({"shape": shape}))
    return replace(project, blocks=frozen({MAIN: replace(project.main, nodes=frozen(nodes))}))
