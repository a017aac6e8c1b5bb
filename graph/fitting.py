"""What fits where: whether a layer takes what a port gives, and what a link would do to the node at
its end. Nothing is changed; the same rules are tried that infer sizes."""

from __future__ import annotations

from graph.inference import Context, infer_block
from graph.layer import Layer
from graph.results import BlockResult, Cache
from graph.shapes import ShapeError, TensorSpec
from graph.state import Link, Project


def takes(layer: type[Layer], spec: TensorSpec | None) -> bool:
    """Whether a layer with its default settings takes this at its first input; anything of which
    the size is not known."""
    made = layer()
    ports = made.inputs()
    if not ports:
        return False
    if spec is None:
        return True
    later = {port.name for port in ports[1:]}
    # Whoever asks for a second input is content with the first.
    rest = [None if port.optional else spec for port in ports[1:] if not port.variadic]
    try:
        made.infer(spec, *rest)
    except ShapeError as error:
        return error.port in later
    return True


def takes_block(project: Project, name: str, spec: TensorSpec | None) -> bool:
    """Whether a block with its default parameters takes this; of one with several inputs, that is
    left to whoever links them."""
    inputs = project.blocks[name].input_names()
    if len(inputs) != 1 or spec is None:
        return bool(inputs)
    return not infer_block(project, name, given=(spec,)).broken


def gives(layer: type[Layer]) -> bool:
    """Whether something comes out of a layer."""
    return bool(layer().outputs())


class Trial:
    """Tries links in a block, each by itself.

    Built for one state; what was found out is kept, since it is asked while painting.
    """

    def __init__(self, project: Project, use: BlockResult) -> None:
        """`use` is what is known of that block where it is used."""
        self._graph = project.blocks[use.name]
        self._results = use.nodes
        self._context = Context(project, use.values, {}, Cache(), (use.name,))
        self._found: dict[Link, str] = {}

    def misfit(self, link: Link) -> str:
        """Why the target of a link would refuse what flows through it; empty where it would not,
        or where that is not known."""
        if link not in self._found:
            self._found[link] = self._try(link)
        return self._found[link]

    def _try(self, link: Link) -> str:
        source = self._results.get(link.source)
        if source is None or link.output not in source.outputs:
            return ""
        others = [
            old
            for old in self._graph.links
            if old.target == link.target and old.input != link.input
        ]
        node = self._graph.nodes[link.target]
        result = self._context.compute(node, [*others, link], self._results)
        for finding in result.findings:
            if finding.code == "size" and finding.port in ("", link.input):
                return f"{link.target} {finding.text}"
        return ""
