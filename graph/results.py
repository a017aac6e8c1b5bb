"""What is known about the nodes of a block: sizes, costs, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from graph.layer import Layer
from graph.shapes import Repair, TensorSpec
from graph.state import Block, Link, Node, nothing

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with one node.

    Attributes:
        code: a stable name of the sort of problem, for scripts.
        text: what was expected and what came, to be read after the node's name.
        port: the input concerned, if one is.
        parameter: the parameter concerned, if one is.
    """

    code: str
    text: str
    port: str = ""
    parameter: str = ""
    repairs: tuple[Repair, ...] = ()
    severity: Severity = "error"

    def about(self, name: str) -> str:
        """The text with the node as its subject: "fc1 needs ...", "conv2: the filter ..."."""
        has_subject = self.text.startswith(("the ", "no "))
        return f"{name}: {self.text}" if has_subject else f"{name} {self.text}"


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What is known about one node.

    Attributes:
        inputs: what each linked input receives, in the order of the ports; None where unknown.
        outputs: the size at each output port; empty where it cannot be known.
        layer: the layer with its arguments, where they are legal.
        inner: for a block, one result per use that differs (a repeated one may start
            differently).
        parameters: values of its weights, those that other nodes own not counted.
        frozen_parameters: those of them that are not learned.
        form: the form in which the weights of a layer are kept, if any; see graph/node_settings.py.
        multiply_adds: for one sample.
        condition: whether the condition holds under which the node is there, if it has one.
        impossible: why the condition cannot hold for these sizes, found where it does not and both
            ways are looked at (graph/symbolic.py).
    """

    inputs: Mapping[str, TensorSpec | None] = field(default_factory=nothing)
    outputs: Mapping[str, TensorSpec] = field(default_factory=nothing)
    layer: Layer | None = None
    findings: tuple[Finding, ...] = ()
    inner: tuple[BlockResult, ...] = ()
    repeat: int = 1
    parameters: int = 0
    frozen_parameters: int = 0
    form: str = ""
    multiply_adds: int = 0
    condition: bool | None = None
    impossible: str = ""

    @property
    def known(self) -> bool:
        """Whether the sizes could be computed."""
        return self.layer is not None or bool(self.inner)

    @property
    def left_out(self) -> bool:
        """Whether it only passes on what it receives: it is bypassed, or its condition does not
        hold."""
        return bool(self.outputs) and not self.known

    @property
    def reached(self) -> bool:
        """Whether anything is known of what flows out of it; into it, for what gives nothing."""
        if self.outputs:
            return True
        is_end = self.layer is not None and not self.layer.outputs()
        return is_end and bool(self.inputs) and None not in self.inputs.values()


UNKNOWN = NodeResult()
"""Of a node about which nothing is known."""


@dataclass(slots=True)
class BlockResult:
    """One use of a block: its parameters' values, what it receives, and all its nodes.

    `bindings` is filled by graph/symbolic.py: the value, as seen from outside, of every symbol that
    is used inside. `sharing` says of nodes that use another one's weights why these do not fit.
    `broken` is a use with an error in it or inside of it, `flagged` one with any finding.
    """

    name: str
    values: Mapping[str, Any]
    given: tuple[TensorSpec, ...]
    nodes: dict[str, NodeResult] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    outputs: dict[str, TensorSpec] = field(default_factory=dict)
    parameters: int = 0
    frozen_parameters: int = 0
    multiply_adds: int = 0
    broken: bool = False
    flagged: bool = False
    bindings: dict[str, Any] = field(default_factory=dict)
    sharing: dict[str, Finding] = field(default_factory=dict)


@dataclass(slots=True)
class Cache:
    """What was computed before and may be asked again.

    Attributes:
        uses: results of blocks by name, parameters and inputs; good while no block changes.
        nodes: results of nodes that stand for blocks; good as long.
        layers: by the identity of a node, the node (so that it lives) and its layer; only for nodes
            whose arguments do not depend on the parameters of a block.
        equal_layers: of layers that are equal, the one that stands for all.
        results: by the identities of a layer and of what it receives, these (so that they live) and
            the result.
    """

    uses: dict[tuple[Any, ...], BlockResult] = field(default_factory=dict)
    nodes: dict[tuple[Any, ...], NodeResult] = field(default_factory=dict)
    layers: dict[int, tuple[Node, Layer]] = field(default_factory=dict)
    equal_layers: dict[Layer, Layer] = field(default_factory=dict)
    results: dict[tuple[Any, ...], tuple[Layer, Any, NodeResult]] = field(default_factory=dict)

    def known(
        self, node: Node, links: Iterable[Link], results: Mapping[str, NodeResult]
    ) -> NodeResult | None:
        """The result of a layer that received the very same before, through links to the same
        ports: an edit may ask that of thousands of nodes. None where it is not known, or where
        something may be wrong with the links; of an Input, which may be given another size."""
        layer = self.layers.get(id(node))
        if layer is None or node.type == "Input":
            return None
        key: list[int | str] = [id(layer[1])]
        for link in links:
            source = results.get(link.source)
            if source is None:
                return None
            spec = source.outputs.get(link.output)
            if spec is None and source.outputs:
                return None
            key += link.input, id(spec)
        found = self.results.get(tuple(key))
        return None if found is None else found[2]

    def keep_small(self) -> None:
        """Forget everything where it has become too much."""
        if len(self.uses) + len(self.nodes) > MOST_KEPT:
            self.forget_blocks()
        if len(self.layers) > MOST_KEPT:
            self.layers.clear()
            self.equal_layers.clear()
        if len(self.results) > MOST_KEPT:
            self.results.clear()

    def forget_blocks(self) -> None:
        """A block changed."""
        self.uses.clear()
        self.nodes.clear()


MOST_KEPT = 50_000


def finish(result: BlockResult, block: Block) -> None:
    """Fill in a block's outputs and totals from its nodes."""
    result.outputs = {
        name: spec
        for name in block.output_names()
        if (spec := result.nodes[name].inputs.get("in")) is not None
    }
    parameters = frozen = multiply_adds = 0
    broken = flagged = False
    for node in result.nodes.values():
        parameters += node.parameters
        frozen += node.frozen_parameters
        multiply_adds += node.multiply_adds
        if node.findings:
            flagged = True
            broken = broken or any(one.severity == "error" for one in node.findings)
        for inner in node.inner:
            flagged = flagged or inner.flagged
            broken = broken or inner.broken
    result.parameters, result.frozen_parameters = parameters, frozen
    result.multiply_adds = multiply_adds
    result.broken, result.flagged = broken, flagged


def receive(
    links: Iterable[Link], results: Mapping[str, NodeResult]
) -> tuple[dict[str, TensorSpec | None], tuple[Finding, ...]]:
    """What each linked input receives, and what is wrong with the links."""
    received: dict[str, TensorSpec | None] = {}
    findings: list[Finding] = []
    for link in links:
        source = results.get(link.source)
        spec = source.outputs.get(link.output) if source is not None else None
        if link.input in received:
            text = f'has several links into its input "{link.input}"; only one can be used'
            findings.append(Finding("several links", text, port=link.input))
            continue
        if source is not None and source.outputs and spec is None:
            text = f'is linked to "{link.output}" of {link.source}, which has no such output'
            findings.append(Finding("no such output", text, port=link.input))
        received[link.input] = spec
    return received, tuple(findings)
