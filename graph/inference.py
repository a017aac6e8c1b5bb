"""The size of everything that flows through a block, and what every node costs.

Problems of a single node (a size that does not fit, a missing input, an illegal argument) are found
on the way; what concerns the graph as a whole is in graph/check.py, and keeping results up to date
while people edit in graph/incremental.py.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graph.declare import ArgumentError, check_arguments, suggestion
from graph.expression import ExpressionError, contains_expression, evaluate
from graph.layer import LAYERS, Layer, Port, load_layers
from graph.node_settings import PLAIN
from graph.order import links_by_target, topological_order
from graph.ports import defaults_of, find_port, split_number
from graph.results import UNKNOWN, BlockResult, Cache, Finding, NodeResult, finish, receive
from graph.settled import check_sharing, settled_result
from graph.shapes import LARGEST_SIZE, ShapeError, TensorSpec
from graph.state import EMPTY, MAIN, Block, Link, Node, Project
from graph.trace import plain

DEEPEST_NESTING = 32

load_layers()


def infer_block(
    project: Project,
    name: str,
    *,
    values: Mapping[str, Any] | None = None,
    given: tuple[TensorSpec, ...] = (),
    cache: Cache | None = None,
    within: tuple[str, ...] = (),
    context: type[Context] | None = None,
) -> BlockResult:
    """The results of one use of a block.

    Args:
        values: the block's parameters; its defaults when None.
        given: what its Input nodes receive, in their order; the sizes that they declare when empty.
        cache: results of equal uses, shared while no block changes; one for this call alone
            without it.
        within: the blocks that enclose this one.
        context: how nodes are computed; see graph/symbolic.py.
    """
    block = project.blocks[name]
    if cache is None and context is None:
        # Blocks that use others several times would be gone through exponentially often.
        cache = Cache()
    values = defaults_of(block) if values is None else values
    # What encloses it decides what is a recursion. 1 and 1.0 are equal, but not the same value.
    key = (name, *values.items(), *map(type, values.values()), given, within)
    if cache is not None and key in cache.uses:
        return cache.uses[key]
    result = BlockResult(name, values, given)
    incoming = links_by_target(block)
    result.order, cyclic = topological_order(block)
    inputs = dict(zip(block.input_names(), given, strict=False))
    nodes = (context or Context)(project, values, inputs, cache, (*within, name))
    for node_name in result.order:
        node = block.nodes[node_name]
        found = nodes.compute(node, incoming.get(node_name, ()), result.nodes)
        result.nodes[node_name] = found
    for node_name in cyclic:
        result.nodes[node_name] = UNKNOWN
    finish(result, block)
    check_sharing(result, block, [n.name for n in block.nodes.values() if n.settings.shares])
    if cache is not None:
        cache.uses[key] = result
    return result


class Context:
    """What a node's result depends on besides the node and its links."""

    SHARES_NODES = True
    """Whether equal numbers are the same; traced ones differ by what they were computed from."""

    def __init__(
        self,
        project: Project,
        values: Mapping[str, Any],
        given: Mapping[str, TensorSpec],
        cache: Cache | None,
        within: tuple[str, ...],
    ) -> None:
        self.project = project
        self.values = values
        self.given = given
        self.cache = cache
        self.within = within

    def compute(
        self, node: Node, links: Iterable[Link], results: Mapping[str, NodeResult]
    ) -> NodeResult:
        """The result of one node, from those of the nodes before it."""
        if node.settings is not PLAIN:
            return settled_result(self, node, links, results)
        known = self.cache.known(node, links, results) if self.cache is not None else None
        return known or self.plain(node, links, results)

    def plain(
        self, node: Node, links: Iterable[Link], results: Mapping[str, NodeResult]
    ) -> NodeResult:
        """The result of a node without its settings."""
        received, findings = receive(links, results)
        if node.is_block:
            return self._compute_block(node, received, findings)
        layer, errors = self._layer(node)
        if layer is None:
            return NodeResult(received, findings=(*findings, *errors))
        if findings:
            ports = layer.inputs()
            findings += _match(ports, received)[1]
            return NodeResult(_named(received, ports), layer=layer, findings=findings)
        result = self.layer_result(layer, tuple(received.items()))
        if node.type == "Input" and node.name in self.given and not result.findings:
            result = replace(result, outputs={"out": self.given[node.name]})
        return result

    def layer_result(
        self, layer: Layer, received: tuple[tuple[str, TensorSpec | None], ...]
    ) -> NodeResult:
        """The result of a layer, from what each linked input receives."""
        if self.cache is None:
            return shared_layer_result(layer, received)
        # Asking by identity spares thousands of nodes from being compared by all that they hold.
        key: list[int | str] = [id(layer)]
        for port, spec in received:
            key += port, id(spec)
        known = self.cache.results.get(tuple(key))
        if known is None:
            known = (layer, received, shared_layer_result(layer, received))
            self.cache.results[tuple(key)] = known
        return known[2]

    def _layer(self, node: Node) -> tuple[Layer | None, list[Finding]]:
        """The layer with the node's arguments, or why there is none."""
        if self.cache is not None and (found := self.cache.layers.get(id(node))) is not None:
            return found[1], []
        cls = LAYERS.get(node.type)
        if cls is None:
            text = f'is of an unknown layer "{node.type}"{suggestion(node.type, LAYERS)}'
            return None, [Finding("unknown layer", text)]
        arguments, errors = self._arguments(node)
        if not errors:
            checked, refused = check_arguments(cls.PARAMETERS, arguments)
            errors += [_argument_finding(error) for error in refused]
        if errors:
            return None, errors
        layer = cls(**checked)
        if self.cache is not None and not contains_expression(tuple(node.arguments.values())):
            layer = self.cache.equal_layers.setdefault(layer, layer)
            self.cache.layers[id(node)] = (node, layer)
        return layer, []

    def _arguments(self, node: Node) -> tuple[dict[str, Any], list[Finding]]:
        arguments: dict[str, Any] = {}
        errors: list[Finding] = []
        for parameter, value in node.arguments.items():
            try:
                arguments[parameter] = evaluate(value, self.values)
            except ExpressionError as error:
                errors.append(Finding("expression", str(error), parameter=parameter))
        return arguments, errors

    def _compute_block(
        self, node: Node, received: dict[str, TensorSpec | None], findings: tuple[Finding, ...]
    ) -> NodeResult:
        block = self.project.blocks.get(node.type)
        if block is None or node.type == MAIN:
            hint = suggestion(node.type, [name for name in self.project.blocks if name != MAIN])
            text = f'uses an unknown block "{node.type}"{hint}'
            return NodeResult(received, findings=(*findings, Finding("unknown block", text)))
        if node.type in self.within:
            text = f'uses the block "{node.type}" inside itself, which would never end'
            return NodeResult(received, findings=(*findings, Finding("recursion", text)))
        if len(self.within) > DEEPEST_NESTING:
            text = f"lies inside more than {DEEPEST_NESTING} blocks; dissolve some of them"
            return NodeResult(received, findings=(*findings, Finding("nesting", text)))
        values, errors = self._block_values(node, block)
        repeat = self._repeat(node, errors)
        given = (*values.items(), *map(type, values.values()), *received.items())
        key = (node.type, repeat, *given, self.within)
        shared = self.cache.nodes if self.cache is not None and self.SHARES_NODES else {}
        if not findings and not errors and key in shared:
            return shared[key]
        names = block.input_names()
        ports = tuple(Port("in" if len(names) == 1 else name) for name in names)
        ordered, faults = _match(ports, received)
        if repeat != 1 and (len(names) != 1 or len(block.output_names()) != 1):
            text = "is repeated, so its block needs exactly one input and one output"
            errors.append(Finding("repeat", text))
        findings = (*findings, *errors, *faults)
        named = _named(received, ports)
        if findings or None in received.values():
            return NodeResult(named, findings=findings)
        specs = tuple(spec for spec in ordered if isinstance(spec, TensorSpec))
        inner, outputs = self._run(node.type, values, specs, repeat)
        counted = [inner[min(index, len(inner) - 1)] for index in range(int(repeat))]
        result = NodeResult(
            named,
            outputs,
            inner=tuple(inner),
            repeat=repeat,
            parameters=sum(one.parameters for one in counted),
            frozen_parameters=sum(one.frozen_parameters for one in counted),
            multiply_adds=sum(one.multiply_adds for one in counted),
        )
        shared[key] = result
        return result

    def _run(
        self, name: str, values: Mapping[str, Any], specs: tuple[TensorSpec, ...], repeat: int
    ) -> tuple[list[BlockResult], Mapping[str, TensorSpec]]:
        """One result for every use of a repeated block until they no longer differ."""
        inner: list[BlockResult] = []
        outputs: Mapping[str, TensorSpec] = EMPTY
        previous: tuple[TensorSpec, ...] | None = None
        for _ in range(self.uses(repeat)):
            if previous is not None and self.alike(previous, specs):
                break
            previous = specs
            result, leaving = self.enter(name, values, specs)
            inner.append(result)
            names = self.project.blocks[name].output_names()
            if len(names) != len(leaving):
                return inner, EMPTY
            outputs = {"out" if len(names) == 1 else port: leaving[port] for port in names}
            specs = tuple(outputs.values())
        return inner, outputs

    def enter(
        self, name: str, values: Mapping[str, Any], specs: tuple[TensorSpec, ...]
    ) -> tuple[BlockResult, Mapping[str, TensorSpec]]:
        """One use of a block, and the size at each of its outputs as seen from outside."""
        result = infer_block(
            self.project, name, values=values, given=specs, cache=self.cache, within=self.within
        )
        return result, result.outputs

    def alike(self, one: tuple[TensorSpec, ...], other: tuple[TensorSpec, ...]) -> bool:
        """Whether two uses that receive these are the same use."""
        return one == other

    def uses(self, repeat: int) -> int:
        """How many uses of a repeated block have to be looked at, at most."""
        return int(repeat)

    def _block_values(self, node: Node, block: Block) -> tuple[dict[str, Any], list[Finding]]:
        values = defaults_of(block)
        arguments, errors = self._arguments(node)
        for name, value in arguments.items():
            if name not in block.parameters:
                text = f'gives "{name}", which {node.type} does not have'
                hint = suggestion(name, block.parameters)
                errors.append(Finding("argument", text + hint, parameter=name))
                continue
            wanted = block.parameters[name].default
            if not _same_sort(value, wanted):
                text = f"{name} must be {_sort(wanted)}, but is {value!r}"
                errors.append(Finding("argument", text, parameter=name))
                continue
            refusal = block.parameters[name].refusal(plain(value))
            if refusal:
                errors.append(Finding("argument", f"{name} {refusal}", parameter=name))
                continue
            values[name] = value
        return values, errors

    def _repeat(self, node: Node, errors: list[Finding]) -> int:
        try:
            repeat = evaluate(node.repeat, self.values)
        except ExpressionError as error:
            errors.append(Finding("expression", str(error), parameter="repeat"))
            return 1
        if isinstance(repeat, bool) or not isinstance(repeat, int) or not 1 <= repeat <= 1000:
            text = f"repeat must be a whole number from 1 to 1000, but is {repeat!r}"
            errors.append(Finding("argument", text, parameter="repeat"))
            return 1
        return repeat


def _same_sort(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return isinstance(value, bool) or getattr(value, "is_truth_value", False)
    if isinstance(wanted, float):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, type(wanted)) and not isinstance(value, bool)


def _sort(value: Any) -> str:
    words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    return words[type(value)]


def _match(
    ports: tuple[Port, ...], received: Mapping[str, TensorSpec | None]
) -> tuple[list[TensorSpec | None], tuple[Finding, ...]]:
    """What each declared port receives, in order; a variadic port takes all its numbers."""
    if len(ports) == len(received) == 1 and ports[0].name in received and not ports[0].variadic:
        return [*received.values()], ()
    findings = [
        Finding("no such input", f'has no input "{name}", but a link leads there', port=name)
        for name in received
        if find_port(ports, name) is None
    ]
    ordered: list[TensorSpec | None] = []
    for port in ports:
        if port.variadic:
            names = _numbered(port.name, received)
            if not names and not port.optional:
                text = "receives nothing; link at least one branch to it"
                findings.append(Finding("missing input", text, port=f"{port.name}_1"))
            ordered += [received[name] for name in names]
        else:
            if port.name not in received and not port.optional:
                which = "" if port.name == "in" else f' at "{port.name}"'
                text = f"receives nothing{which}; drag a link to it"
                findings.append(Finding("missing input", text, port=port.name))
            ordered.append(received.get(port.name))
    return ordered, tuple(findings)


def _numbered(stem: str, received: Iterable[str]) -> list[str]:
    numbers = [(n[1], name) for name in received if (n := split_number(name)) and n[0] == stem]
    return [name for _, name in sorted(numbers)]


def _named(
    received: Mapping[str, TensorSpec | None], ports: tuple[Port, ...]
) -> Mapping[str, TensorSpec | None]:
    """`received` in the order of the ports."""
    if len(received) < 2:
        return received
    names: list[str] = []
    for port in ports:
        if port.variadic:
            names += _numbered(port.name, received)
        elif port.name in received:
            names.append(port.name)
    return {name: received[name] for name in names}


def infer_layer(layer: Layer, received: tuple[tuple[str, TensorSpec | None], ...]) -> NodeResult:
    """The result of a layer, from what each linked input receives."""
    ports, by_port = layer.inputs(), dict(received)
    ordered, faults = _match(ports, by_port)
    named = _named(by_port, ports)
    if faults:
        return NodeResult(named, layer=layer, findings=faults)
    if None in by_port.values():
        return NodeResult(named, layer=layer)
    try:
        specs = layer.infer(*ordered)
        outputs = specs if isinstance(specs, tuple) else (specs,)
        for spec in outputs:
            if max(spec.sizes, default=0) > LARGEST_SIZE:
                raise ShapeError(f"makes a size of {spec}, which no computer can hold")
        return NodeResult(
            named,
            {port.name: spec for port, spec in zip(layer.outputs(), outputs, strict=True)},
            layer,
            parameters=layer.parameter_count(*ordered),
            multiply_adds=layer.multiply_adds(*ordered),
        )
    except ShapeError as error:
        finding = Finding("size", str(error), port=error.port, repairs=error.repairs)
        return NodeResult(named, layer=layer, findings=(finding,))


shared_layer_result = functools.lru_cache(maxsize=16_384)(infer_layer)
"""Networks repeat themselves, and so do edits and their undoing. Not for traced numbers, which are
equal whatever they were computed from."""


def _argument_finding(error: ArgumentError) -> Finding:
    return Finding("argument", str(error), parameter=error.parameter)
