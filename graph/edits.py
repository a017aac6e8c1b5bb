"""What may be done to a project: pure functions from a state to the next one.

Nothing in here is about sizes: an edit may leave a graph that has problems, since people build step
by step. Only what could not be drawn or saved is refused, with an `EditError` for a person to read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from graph.declare import ArgumentError, suggestion
from graph.expression import Expression, contains_expression
from graph.layer import LAYERS
from graph.ports import close_gaps
from graph.sharing import deciding, hand_over, rename_owner
from graph.state import (
    EMPTY,
    MAIN,
    Block,
    NameInvalidError,
    Node,
    Project,
    check_name,
    frozen,
)

Edit = Callable[[Project], Project]


class EditError(ValueError):
    """An edit that cannot be done; the text says why."""


def block_of(project: Project, block: str) -> Block:
    """The block of that name, or an `EditError`."""
    try:
        return project.blocks[block]
    except KeyError:
        hint = suggestion(block, project.blocks)
        raise EditError(f'there is no block "{block}"{hint}') from None


def node_of(block: Block, name: str) -> Node:
    """The node of that name, or an `EditError`."""
    try:
        return block.nodes[name]
    except KeyError:
        raise EditError(f'there is no node "{name}"{suggestion(name, block.nodes)}') from None


def with_block(project: Project, name: str, block: Block) -> Project:
    """The project with another state of a block."""
    return replace(project, blocks=frozen({**project.blocks, name: block}))


def checked_name(
    name: str, taken: Iterable[str], what: str, check: Callable[[object], str] = check_name
) -> str:
    """`name`, if it is legal and nothing else has it."""
    try:
        check(name)
    except NameInvalidError as error:
        raise EditError(str(error)) from None
    if name in taken:
        raise EditError(f'there is already a {what} called "{name}"')
    return name


def free_node_name(block: Block, wish: str) -> str:
    """`wish`, or the first of `wish2`, `wish3`, ... that no node of the block has."""
    try:
        check_name(wish)
    except NameInvalidError:
        wish = "node"
    stem = wish.rstrip("0123456789") or "node"
    number, name = 2, wish
    while name in block.nodes:
        name, number = f"{stem}{number}", number + 1
    return name


_SHORT_NAMES = {
    "Conv2d": "conv",
    "ConvTranspose2d": "upconv",
    "Linear": "fc",
    "Input": "image",
    "Output": "result",
    "Softmax": "probabilities",
    "AddScalar": "offset",
    "MultiplyScalar": "scale",
    "RSubScalar": "complement",
    "RDivScalar": "quotient",
    "PowScalar": "power",
    "RPowScalar": "exponential",
    "MaximumScalar": "at_least",
    "MinimumScalar": "at_most",
    "NotEqual": "not_equal",
    "GreaterEqual": "greater_equal",
    "LessEqual": "less_equal",
    "LogicalAnd": "both",
    "LogicalOr": "either",
    "LogicalXor": "differ",
    "LogicalNot": "opposite",
    "NanToNum": "nan_to_num",
    "LogDeterminant": "log_determinant",
    "CosineSimilarity": "similarity",
    "PairwiseDistance": "distance",
    "GradientReversal": "reversal",
    "ClipGradByValue": "clip_gradient",
    "ClipGradByNorm": "clip_gradient",
    "TopKData": "top_k",
    "TopKGrad": "top_k_gradient",
    "FixedPointQuantize": "fixed_point",
    "Pow2Quantize": "power_of_two",
    "MinMaxQuantize": "quantize",
    "FakeQuantize": "fake_quantize",
    "FakeQuantizePerChannel": "fake_quantize",
    "BinaryTanh": "binary_tanh",
    "BinarySigmoid": "binary_sigmoid",
    "BinaryConnectLinear": "binary_fc",
    "BinaryConnectConv2d": "binary_conv",
    "BinaryWeightLinear": "binary_fc",
    "BinaryWeightConv2d": "binary_conv",
    "TernaryWeightLinear": "ternary_fc",
    "TernaryWeightConv2d": "ternary_conv",
}


def short_name(type_: str) -> str:
    """How nodes of a layer are called, without a number: `conv`."""
    return _SHORT_NAMES.get(type_, type_.lower().removesuffix("2d").removesuffix("1d"))


def default_node_name(project: Project, block: str, type_: str) -> str:
    """A free name for a new node: `conv1`, `relu1`, `conv2`, ..."""
    target = block_of(project, block)
    stem = short_name(type_)
    if type_ in project.blocks:
        # Their names consist of several words: `double_conv1`.
        stem = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type_).lower().rstrip("0123456789")
    if type_ in ("Input", "Output"):
        return free_node_name(target, stem)
    number = 1
    while f"{stem}{number}" in target.nodes:
        number += 1
    return free_node_name(target, f"{stem}{number}")


def add_node(
    project: Project,
    block: str,
    type_: str,
    *,
    at: tuple[float, float] = (0.0, 0.0),
    name: str | None = None,
    arguments: Mapping[str, Any] = EMPTY,
    is_block: bool = False,
) -> Project:
    """A node more; without a name it gets a free one."""
    target = block_of(project, block)
    known = project.blocks if is_block else LAYERS
    if type_ not in known:
        what = "block" if is_block else "layer"
        raise EditError(f'there is no {what} "{type_}"{suggestion(type_, known)}')
    if is_block and (type_ in (MAIN, block) or block in blocks_inside(project, type_)):
        raise EditError(f'the block "{type_}" cannot contain itself')
    name = default_node_name(project, block, type_) if name is None else name
    checked_name(name, target.nodes, "node")
    node = Node(name, type_, is_block, frozen(arguments), at)
    return with_block(project, block, replace(target, nodes=frozen({**target.nodes, name: node})))


def blocks_inside(project: Project, block: str) -> set[str]:
    """The names of all blocks that a block uses, directly or through others."""
    found: set[str] = set()
    waiting = [block]
    while waiting:
        inner = project.blocks.get(waiting.pop())
        for node in inner.nodes.values() if inner else ():
            if node.is_block and node.type not in found:
                found.add(node.type)
                waiting.append(node.type)
    return found


def remove_nodes(project: Project, block: str, names: Iterable[str]) -> Project:
    """The nodes and their links gone; numbered ports close up."""
    target, gone = block_of(project, block), set(names)
    for name in gone:
        node_of(target, name)
    if not gone:
        return project
    nodes = {name: node for name, node in target.nodes.items() if name not in gone}
    if any(node.settings.shares for node in nodes.values()):
        nodes = hand_over(target.nodes, nodes)
    links = [link for link in target.links if link.source not in gone and link.target not in gone]
    touched = {link.target for link in target.links if link.source in gone} - gone
    for name in touched:
        links = close_gaps(project, target, name, links)
    return with_block(project, block, replace(target, nodes=frozen(nodes), links=tuple(links)))


def move_nodes(project: Project, block: str, places: Mapping[str, tuple[float, float]]) -> Project:
    """The nodes at their new places."""
    target = block_of(project, block)
    moved = {
        name: replace(node_of(target, name), at=(float(at[0]), float(at[1])))
        for name, at in places.items()
        if node_of(target, name).at != tuple(at)
    }
    if not moved:
        return project
    return with_block(project, block, replace(target, nodes=frozen({**target.nodes, **moved})))


def parameter_of(project: Project, node: Node, name: str) -> Any:
    """The declaration of a node's parameter; None for a block's, which accepts any plain value.

    Raises:
        EditError: where there is no such parameter.
    """
    if node.is_block:
        inner = project.blocks.get(node.type)
        known: Mapping[str, Any] = inner.parameters if inner else EMPTY
    else:
        cls = LAYERS.get(node.type)
        known = cls.PARAMETERS if cls else EMPTY
    if name not in known:
        raise EditError(f'{node.type} has no parameter "{name}"{suggestion(name, known)}')
    return None if node.is_block else known[name]


def default_of(project: Project, node: Node, name: str) -> Any:
    """The value of a parameter when the node gives no argument."""
    parameter = parameter_of(project, node, name)
    if parameter is None:
        return project.blocks[node.type].parameters[name].default
    return parameter.default


def set_argument(project: Project, block: str, name: str, parameter: str, value: Any) -> Project:
    """The node with another argument; the default value removes it from the file. Where the node
    shares the weights of another one, that one's arguments hold for both and are changed.

    Raises:
        EditError: where the value is not legal, with what is.
    """
    target = block_of(project, block)
    node = deciding(target.nodes, node_of(target, name))
    declared = parameter_of(project, node, parameter)
    if declared is not None and not contains_expression(value):
        try:
            value = declared.check(value)
        except ArgumentError as error:
            raise EditError(str(error)) from None
    elif declared is None and not isinstance(value, int | float | bool | str | Expression):
        raise EditError(f"{parameter} must be a number, a text or an expression")
    arguments = dict(node.arguments)
    default = default_of(project, node, parameter)
    if not contains_expression(value) and type(value) is type(default) and value == default:
        arguments.pop(parameter, None)
    else:
        arguments[parameter] = value
    if arguments == dict(node.arguments):
        return project
    return _replace_node(project, block, replace(node, arguments=frozen(arguments)))


def set_repeat(project: Project, block: str, name: str, repeat: int | Expression) -> Project:
    """The node repeated so many times, each feeding the next."""
    target = block_of(project, block)
    node = deciding(target.nodes, node_of(target, name))
    if not isinstance(repeat, Expression) and (
        isinstance(repeat, bool) or not isinstance(repeat, int) or not 1 <= repeat <= MOST_REPEATS
    ):
        raise EditError(f"a node can be repeated 1 to {MOST_REPEATS} times, not {repeat}")
    if not node.is_block and repeat != 1:
        raise EditError("only blocks can be repeated; make a block of the node first")
    return (
        project
        if node.repeat == repeat
        else _replace_node(project, block, replace(node, repeat=repeat))
    )


MOST_REPEATS = 1000


def _replace_node(project: Project, block: str, node: Node) -> Project:
    target = block_of(project, block)
    nodes = frozen({**target.nodes, node.name: node})
    return with_block(project, block, replace(target, nodes=nodes))


def rename_node(project: Project, block: str, old: str, new: str) -> Project:
    """The node under another name, its links with it. For an Input or Output of a block, the links
    of every use of that block follow too."""
    target = block_of(project, block)
    node_of(target, old)
    if old == new:
        return project
    checked_name(new, target.nodes, "node")
    nodes = frozen(
        (new, replace(node, name=new)) if name == old else (name, node)
        for name, node in rename_owner(target.nodes, old, new).items()
    )
    links = tuple(
        replace(
            link,
            source=new if link.source == old else link.source,
            target=new if link.target == old else link.target,
        )
        if old in (link.source, link.target)
        else link
        for link in target.links
    )
    project = with_block(project, block, replace(target, nodes=nodes, links=links))
    return _rename_port(project, block, old, new)


def _rename_port(project: Project, block: str, old: str, new: str) -> Project:
    for name, outer in project.blocks.items():
        uses = {n.name for n in outer.nodes.values() if n.is_block and n.type == block}
        if not uses:
            continue
        links = tuple(
            replace(
                link,
                output=new if link.source in uses and link.output == old else link.output,
                input=new if link.target in uses and link.input == old else link.input,
            )
            if link.source in uses or link.target in uses
            else link
            for link in outer.links
        )
        if links != outer.links:
            project = with_block(project, name, replace(outer, links=links))
    return project
