"""What a node's settings make of its sizes, its weights and its costs.

The settings are declared in graph/node_settings.py. A node without any never comes here.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graph.conditional import (
    ConditionError,
    condition_finding,
    errors_of,
    holds,
    impossible_by,
    joined,
    misfit,
    refusal,
    values_where,
    with_assumption,
)
from graph.layer import Layer
from graph.node_settings import LABELS, PER_LAYER, PLAIN, WEIGHT_SETTINGS, changed_settings
from graph.ports import (
    find_port,
    in_order,
    input_ports,
    output_ports,
    passing_input,
    why_nothing_passes,
)
from graph.results import BlockResult, Finding, NodeResult, receive
from graph.shapes import product, size_text
from graph.sharing import owner_of
from graph.state import Block, Link, Node
from graph.trace import is_symbolic, plain

if TYPE_CHECKING:
    from graph.inference import Context

Weights = Mapping[str, tuple[int, ...]]


def settled_result(
    context: Context, node: Node, links: Iterable[Link], results: Mapping[str, NodeResult]
) -> NodeResult:
    """The result of a node that has settings."""
    block = context.project.blocks[context.within[-1]]
    if node.settings.bypassed:
        return _bypassed(context, block, node, links, results)
    if node.settings.only_if:
        return _conditional(context, block, node, tuple(links), results)
    if not node.settings.shares:
        return _with_weights(node, context.plain(node, links, results))
    owner, why = owner_of(block.nodes, node)
    if owner is None:
        return NodeResult(
            receive(links, results)[0], findings=(Finding("shares", why, parameter="shares"),)
        )
    result = context.plain(owner, links, results)
    own = [
        LABELS[name].lower() for name in WEIGHT_SETTINGS if name in changed_settings(node.settings)
    ]
    own += [name.replace("_", " ") for name in node.arguments]
    if own:
        text = (
            f"uses the weights of {owner.name}, so that its own setting of {', '.join(own)} has no "
            f"effect; set it on {owner.name}"
        )
        result = _with_finding(result, Finding("no effect", text, severity="warning"))
    return replace(result, parameters=0, frozen_parameters=0)


def _with_finding(result: NodeResult, finding: Finding) -> NodeResult:
    return replace(result, findings=(*result.findings, finding))


# --- left out ----------------------------------------------------------------------------------


def _bypassed(
    context: Context,
    block: Block,
    node: Node,
    links: Iterable[Link],
    results: Mapping[str, NodeResult],
) -> NodeResult:
    """A node that passes its first input on."""
    received, findings = receive(links, results)
    inputs = input_ports(context.project, node, block)
    outputs = output_ports(context.project, node, block)
    refused = why_nothing_passes(inputs, outputs)
    if refused:
        text = f"cannot be bypassed: {refused}"
        return NodeResult(received, findings=(Finding("setting", text, parameter="bypassed"),))
    first = passing_input(inputs)
    findings = tuple(finding for finding in findings if finding.port == first)
    names = sorted(received, key=lambda name: _place(inputs, name))
    received = {name: received[name] for name in names}
    if first not in received:
        text = "is bypassed and receives nothing that it could pass on; drag a link to it"
        findings += (Finding("missing input", text, port=first),)
    passed = received.get(first)
    return NodeResult(
        received,
        {outputs[0].name: passed} if passed is not None and not findings else {},
        findings=findings,
    )


def _conditional(
    context: Context,
    block: Block,
    node: Node,
    links: tuple[Link, ...],
    results: Mapping[str, NodeResult],
) -> NodeResult:
    """A node that is there only under a condition."""
    received, findings = receive(links, results)
    text = refusal(context.project, block, node)
    try:
        condition = holds(node, context.values)
    except ConditionError as error:
        text = str(error)
    if text:
        return NodeResult(received, findings=(*findings, condition_finding(text)))
    if not condition and not is_symbolic(condition):
        return replace(_bypassed(context, block, node, links, results), condition=False)
    impossible = impossible_by(condition, results.values())
    if not impossible:
        result = _there(context, block, node, links, results, condition)
        impossible = "" if condition else misfit(node.name, result)
    if impossible:
        left_out = _bypassed(context, block, node, links, results)
        return replace(left_out, condition=condition, impossible=impossible)
    first = passing_input(input_ports(context.project, node, block))
    result, text = joined(result, received.get(first), condition)
    if text:
        return NodeResult(received, findings=(*result.findings, condition_finding(text)))
    return result


MOST_TRIED = 10
"""So many values of the parameters are tried, at most, for a node that is not there for the present
ones and might be wrong with some."""


def _there(
    context: Context,
    block: Block,
    node: Node,
    links: tuple[Link, ...],
    results: Mapping[str, NodeResult],
    condition: Any,
) -> NodeResult:
    """A node as it is where its condition holds. Where it does not for the present values of the
    parameters, the node is looked at with others: `out_features: = hidden, only_if: hidden > 0`
    means nothing for a `hidden` of 0."""

    def look(context: Context) -> NodeResult:
        assumed = with_assumption(context, links, results, condition)
        return _with_weights(node, context.plain(node, links, assumed))

    if condition:
        return look(context)
    found = []
    for values in itertools.islice(
        values_where(node, block, context.values, condition), MOST_TRIED
    ):
        there = type(context)(context.project, values, context.given, context.cache, context.within)
        try:
            found.append(look(there))
        except ArithmeticError:
            continue
        if next(errors_of(node.name, found[-1]), None) is None:
            return found[-1]
    return found[0] if found else look(context)


def _place(ports: tuple[Any, ...], name: str) -> tuple[int, int, str]:
    """Where an input stands: in the order of the ports, numbered ones by their numbers."""
    port = find_port(ports, name)
    return (ports.index(port) if port is not None else len(ports), len(name), name)


# --- weights -----------------------------------------------------------------------------------


def is_bias(name: str) -> bool:
    """Whether a tensor of a state dict is a bias."""
    return "bias" in name


def initialized(weights: Weights) -> list[str]:
    """The tensors that an initialization of the weights fills: those called weights. Where some of
    them are tables, the others only scale what is normalized inside the layer and stay."""
    named = [name for name in weights if not is_bias(name)]
    named = [name for name in named if "weight" in name] or named
    tables = [name for name in named if len(weights[name]) > 1]
    return tables or named


def weights_in_form(weights: Weights, norm: str) -> dict[str, tuple[int, ...]]:
    """Name and sizes of every learned tensor where the weights are kept in a form, as in the state
    dict of the parametrized module."""
    result = dict(weights)
    if not norm or "weight" not in result:
        return result
    sizes = result.pop("weight")
    stem = "parametrizations.weight.original"
    if norm == "weight":
        result[f"{stem}0"] = (sizes[0], *(1 for _ in sizes[1:]))
        result[f"{stem}1"] = sizes
    else:
        result[stem] = sizes
    return result


def weights_of(result: NodeResult) -> dict[str, tuple[int, ...]]:
    """The learned tensors of a layer without its settings; empty where they are not known."""
    if result.layer is None or not result.outputs:
        return {}
    return result.layer.weights(*in_order(result.layer.inputs(), result.inputs))


def _with_weights(node: Node, result: NodeResult) -> NodeResult:
    """The result with what the settings of its weights make of it."""
    settings = node.settings
    if not result.outputs:
        return result
    if result.layer is not None:
        weights = weights_of(result)
        refusals = list(_refusals(node, result.layer, weights))
        parameters = result.parameters
        if settings.weight_norm is not None and not refusals:
            parameters = sum(map(product, weights_in_form(weights, settings.weight_norm).values()))
    else:
        refusals = list(_block_refusals(node))
        parameters = result.parameters
    if not parameters:
        refusals += [
            Finding(
                "no effect",
                f"has no weights, so “{LABELS[name].lower()}” has no effect",
                parameter=name,
                severity="warning",
            )
            for name in changed_settings(settings)
            if name in ("frozen", "learning_rate_factor")
        ]
    return replace(
        result,
        parameters=parameters,
        form=settings.weight_norm or "",
        frozen_parameters=parameters if settings.frozen else result.frozen_parameters,
        findings=(*result.findings, *refusals),
    )


def _block_refusals(node: Node) -> Iterable[Finding]:
    for name in PER_LAYER:
        if getattr(node.settings, name) != getattr(PLAIN, name):
            text = f"is a block; set “{LABELS[name].lower()}” on the layers inside {node.type}"
            yield Finding("setting", text, parameter=name)


def _refusals(node: Node, layer: Layer, weights: Weights) -> Iterable[Finding]:
    """Why the weights of a layer cannot start, or be kept, as the settings say."""
    start, norm = node.settings.initialization, node.settings.weight_norm
    if start != PLAIN.initialization:
        text, severity = _start_refusal(layer, weights, start)
        if text:
            yield Finding("setting", text, parameter="initialization", severity=severity)
    if norm is not None:
        sizes = weights.get("weight", ())
        if len(sizes) < 2:
            text = (
                f"cannot keep its weights in the form “{norm}”: that needs one table of weights, "
                f"as convolutions and linear layers have it"
            )
            yield Finding("setting", text, parameter="weight_norm")
        elif norm == "standardized" and layer.NAME.startswith("ConvTranspose"):
            text = (
                "cannot have standardized weights: in a transposed convolution a filter is no row "
                "of the table; choose weight or spectral"
            )
            yield Finding("setting", text, parameter="weight_norm")


def _start_refusal(layer: Layer, weights: Weights, start: Any) -> tuple[str, Any]:
    """What is wrong with a choice of where the weights start, and how grave that is."""
    if not weights:
        return "has no weights, so where they start has no effect", "warning"
    if start.LAYERS and layer.NAME not in start.LAYERS:
        return f"cannot start as {start.NAME}: that is for {', '.join(start.LAYERS)}", "error"
    filled = initialized(weights)
    if start.FUNCTION and not filled:
        return "has biases and no weights, so where its weights start has no effect", "warning"
    axes = min((len(weights[name]) for name in filled), default=start.AXES)
    if axes < start.AXES:
        return (
            f"cannot start as {start.NAME}, which needs weights with {start.AXES} axes or more; "
            f"its own have {axes}. Choose zeros, ones, constant, normal or uniform",
            "error",
        )
    if start.bias is not None and not any(map(is_bias, weights)):
        return "has no biases, so where they start has no effect", "warning"
    return "", "error"


# --- shared ------------------------------------------------------------------------------------


def check_sharing(result: BlockResult, block: Block, sharers: Iterable[str]) -> None:
    """Fill in why nodes cannot use the weights of another one: they would need others."""
    result.sharing = {}
    for name in sharers:
        node = block.nodes[name]
        owner, _ = owner_of(block.nodes, node)
        if owner is None or node.settings.bypassed:
            continue
        own, other = result.nodes[name], result.nodes[owner.name]
        if own.outputs and other.outputs and _module(own) != _module(other):
            text = _mismatch(own, other, owner.name)
            result.sharing[name] = Finding("shares", text, parameter="shares")
    if result.sharing:
        result.broken = result.flagged = True


def _mismatch(own: NodeResult, other: NodeResult, owner: str) -> str:
    received = " and ".join(str(spec) for spec in own.inputs.values() if spec is not None)
    there = " and ".join(str(spec) for spec in other.inputs.values() if spec is not None)
    needed, given = weights_of(own), weights_of(other)
    for name, sizes in needed.items():
        if name in given and given[name] != sizes:
            return (
                f"receives {received}, for which its {name} would be {size_text(sizes)}, but it "
                f"shares that of {owner}, which is {size_text(given[name])}"
            )
    return f"receives {received}, but it shares the weights of {owner}, which are made for {there}"


def _module(result: NodeResult) -> Any:
    """Something that is equal for nodes which one module can stand for."""
    if result.layer is None:
        return (plain(result.repeat), *(_inside(inner) for inner in result.inner))
    layer = result.layer
    constructor = layer.emit(*in_order(layer.inputs(), result.inputs)).constructor
    if constructor is None:
        return ()
    keywords = {name: plain(value) for name, value in constructor.keywords.items()}
    return constructor.name, plain(tuple(constructor.positional)), keywords


def _inside(inner: BlockResult) -> Any:
    """The same of a use of a block: all that its class is made with."""
    nodes: list[Any] = []
    for name, result in inner.nodes.items():
        layer = result.layer
        if layer is None:
            nodes.append((name, _module(result), {}))
            continue
        if layer.NAME in ("Input", "Output"):
            continue
        values = layer.emit(*in_order(layer.inputs(), result.inputs)).values
        nodes.append((name, _module(result), {key: plain(v) for key, v in values.items()}))
    return inner.name, nodes
