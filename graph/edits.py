"""What may be done to a project: pure functions from a state to the next one.

Nothing in here is about sizes: an edit may leave a graph that has problems, since people build step
by step. Only what could not be drawn or saved is refused, with an `EditError` for a person to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from graph.declare import ArgumentError, suggestion
from graph.expression import Expression, contains_expression
from graph.layer import LAYERS
from graph.ports import find_port, free_name, input_ports, output_ports, split_number
from graph.state import (
    EMPTY,
    MAIN,
    Block,
    BlockParameter,
    Link,
    NameInvalidError,
    Node,
    Project,
    check_name,
    frozen,
)

Edit = Callable[[Project], Project]


class EditError(ValueError):
    """An edit that cannot be done; the text says why."""


class LinkRefusedError(EditError):
    """A link that cannot be drawn."""


class CycleError(LinkRefusedError):
    """A link that would lead a node's output back into itself."""


class PortTakenError(LinkRefusedError):
    """A link into a port that already has one."""


class NoSuchPortError(LinkRefusedError):
    """A link from or to a port that does not exist."""


def _block(project: Project, block: str) -> Block:
    try:
        return project.blocks[block]
    except KeyError:
        hint = suggestion(block, project.blocks)
        raise EditError(f'there is no block "{block}"{hint}') from None


def _node(block: Block, name: str) -> Node:
    try:
        return block.nodes[name]
    except KeyError:
        raise EditError(f'there is no node "{name}"{suggestion(name, block.nodes)}') from None


def _with_block(project: Project, name: str, block: Block) -> Project:
    return replace(project, blocks=frozen({**project.blocks, name: block}))


def _checked_name(name: str, taken: Iterable[str], what: str) -> str:
    try:
        check_name(name)
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
}


def default_node_name(project: Project, block: str, type_: str) -> str:
    """A free name for a new node: `conv1`, `relu1`, `conv2`, ..."""
    target = _block(project, block)
    stem = _SHORT_NAMES.get(type_, type_.lower().removesuffix("2d").removesuffix("1d"))
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
    target = _block(project, block)
    known = project.blocks if is_block else LAYERS
    if type_ not in known:
        what = "block" if is_block else "layer"
        raise EditError(f'there is no {what} "{type_}"{suggestion(type_, known)}')
    if is_block and (type_ in (MAIN, block) or block in blocks_inside(project, type_)):
        raise EditError(f'the block "{type_}" cannot contain itself')
    name = default_node_name(project, block, type_) if name is None else name
    _checked_name(name, target.nodes, "node")
    node = Node(name, type_, is_block, frozen(arguments), at)
    return _with_block(project, block, replace(target, nodes=frozen({**target.nodes, name: node})))


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
    target, gone = _block(project, block), set(names)
    for name in gone:
        _node(target, name)
    if not gone:
        return project
    nodes = frozen({name: node for name, node in target.nodes.items() if name not in gone})
    links = [link for link in target.links if link.source not in gone and link.target not in gone]
    touched = {link.target for link in target.links if link.source in gone} - gone
    for name in touched:
        links = _close_gaps(project, target, name, links)
    return _with_block(project, block, replace(target, nodes=nodes, links=tuple(links)))


def remove_and_heal(project: Project, block: str, name: str) -> Project:
    """A node gone, and what led into it linked to what it led to, where it has one input and one
    output."""
    target = _block(project, block)
    _node(target, name)
    into = [link for link in target.links if link.target == name]
    out_of = [link for link in target.links if link.source == name]
    if len(into) == 1 and len({link.output for link in out_of}) == 1:
        source = into[0]
        renamed = {
            link: replace(link, source=source.source, output=source.output) for link in out_of
        }
        # In their places, so that the order of branches stays.
        links = tuple(renamed.get(link, link) for link in target.links)
        project = _with_block(project, block, replace(target, links=links))
    return remove_nodes(project, block, [name])


def _close_gaps(project: Project, block: Block, name: str, links: list[Link]) -> list[Link]:
    """`in_1, in_3` becomes `in_1, in_2`: the order of the branches stays, the numbers are dense."""
    ports = input_ports(project, block.nodes[name], block)
    renamed: dict[Link, Link] = {}
    for port in ports:
        if not port.variadic:
            continue
        own = [
            (number[1], link)
            for link in links
            if link.target == name
            and (number := split_number(link.input)) is not None
            and number[0] == port.name
        ]
        for place, (_, link) in enumerate(sorted(own, key=lambda item: item[0]), start=1):
            renamed[link] = replace(link, input=f"{port.name}_{place}")
    return [renamed.get(link, link) for link in links]


def move_nodes(project: Project, block: str, places: Mapping[str, tuple[float, float]]) -> Project:
    """The nodes at their new places."""
    target = _block(project, block)
    moved = {
        name: replace(_node(target, name), at=(float(at[0]), float(at[1])))
        for name, at in places.items()
        if _node(target, name).at != tuple(at)
    }
    if not moved:
        return project
    return _with_block(project, block, replace(target, nodes=frozen({**target.nodes, **moved})))


def check_link(project: Project, block: str, link: Link, *, replacing: bool = False) -> None:
    """Refuse a link that cannot be drawn.

    Raises:
        LinkRefusedError: with the reason in words; `replacing` allows a port that is taken.
    """
    target = _block(project, block)
    source_node, target_node = _node(target, link.source), _node(target, link.target)
    if find_port(output_ports(project, source_node, target), link.output) is None:
        raise NoSuchPortError(f'{link.source} has no output "{link.output}"')
    if find_port(input_ports(project, target_node, target), link.input) is None:
        raise NoSuchPortError(f'{link.target} has no input "{link.input}"')
    if link.source == link.target:
        raise CycleError(f"{link.source} cannot be linked to itself")
    if link in target.links:
        raise PortTakenError(f"{link.source} and {link.target} are already linked like this")
    if not replacing and any(
        other.target == link.target and other.input == link.input for other in target.links
    ):
        raise PortTakenError(f'the input "{link.input}" of {link.target} already has a link')
    if leads_to(target, link.target, link.source):
        raise CycleError(
            f"{link.target} already leads to {link.source}; this link would close a circle"
        )


def leads_to(block: Block, start: str, goal: str) -> bool:
    """Whether data flows from one node to another."""
    following: dict[str, list[str]] = {}
    for link in block.links:
        following.setdefault(link.source, []).append(link.target)
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        for successor in following.get(name, ()):
            if successor not in seen:
                seen.add(successor)
                waiting.append(successor)
    return False


def connect(
    project: Project,
    block: str,
    source: str,
    target: str,
    *,
    output: str = "out",
    input: str = "in",
    replacing: bool = False,
) -> Project:
    """A link more.

    Args:
        replacing: drop a link that the input port already has, instead of refusing.

    Raises:
        LinkRefusedError: with the reason in words.
    """
    graph = _block(project, block)
    port = find_port(input_ports(project, _node(graph, target), graph), f"{input}_1")
    if port is not None and port.variadic and port.name == input:
        taken = [link.input for link in graph.links if link.target == target]
        input = free_name(port, taken) or input
    link = Link(source, output, target, input)
    links = graph.links
    if replacing:
        links = tuple(old for old in links if (old.target, old.input) != (target, input))
        project = _with_block(project, block, replace(graph, links=links))
    check_link(project, block, link)
    return _with_block(project, block, replace(graph, links=(*links, link)))


def remove_links(project: Project, block: str, links: Iterable[Link]) -> Project:
    """The links gone; numbered ports close up."""
    target, gone = _block(project, block), set(links)
    left = [link for link in target.links if link not in gone]
    if len(left) == len(target.links):
        return project
    for name in {link.target for link in gone if link.target in target.nodes}:
        left = _close_gaps(project, target, name, left)
    return _with_block(project, block, replace(target, links=tuple(left)))


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
    """The node with another argument; the default value removes it from the file.

    Raises:
        EditError: where the value is not legal, with what is.
    """
    target = _block(project, block)
    node = _node(target, name)
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
    node = _node(_block(project, block), name)
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
    target = _block(project, block)
    nodes = frozen({**target.nodes, node.name: node})
    return _with_block(project, block, replace(target, nodes=nodes))


def rename_node(project: Project, block: str, old: str, new: str) -> Project:
    """The node under another name, its links with it. For an Input or Output of a block, the links
    of every use of that block follow too."""
    target = _block(project, block)
    _node(target, old)
    if old == new:
        return project
    _checked_name(new, target.nodes, "node")
    nodes = frozen(
        (new, replace(node, name=new)) if name == old else (name, node)
        for name, node in target.nodes.items()
    )
    links = tuple(
        replace(
            link,
            source=new if link.source == old else link.source,
            target=new if link.target == old else link.target,
        )
        for link in target.links
    )
    project = _with_block(project, block, replace(target, nodes=nodes, links=links))
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
            for link in outer.links
        )
        if links != outer.links:
            project = _with_block(project, name, replace(outer, links=links))
    return project


def insert_on_link(
    project: Project,
    block: str,
    link: Link,
    type_: str,
    *,
    at: tuple[float, float] | None = None,
    arguments: Mapping[str, Any] = EMPTY,
    is_block: bool = False,
) -> Project:
    """A new node in the middle of a link, through its first input and output."""
    target = _block(project, block)
    if link not in target.links:
        raise EditError("this link is no longer there")
    if at is None:
        first, second = target.nodes[link.source].at, target.nodes[link.target].at
        at = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
    name = default_node_name(project, block, type_)
    project = add_node(
        project, block, type_, at=at, name=name, arguments=arguments, is_block=is_block
    )
    node = project.blocks[block].nodes[name]
    inputs, outputs = input_ports(project, node), output_ports(project, node)
    if not inputs or not outputs:
        raise EditError(f"{type_} has no input or no output, so it cannot stand in a link")
    entry = free_name(inputs[0], ()) or inputs[0].name
    new = (
        Link(link.source, link.output, name, entry),
        Link(name, outputs[0].name, link.target, link.input),
    )
    graph = project.blocks[block]
    links = [other for old in graph.links for other in (new if old == link else (old,))]
    return _with_block(project, block, replace(graph, links=tuple(links)))


# --- blocks ------------------------------------------------------------------------------------


def add_block(project: Project, name: str, block: Block | None = None) -> Project:
    """A block more."""
    _checked_name(name, project.blocks, "block")
    if name in LAYERS:
        raise EditError(f'there is already a layer called "{name}"')
    return replace(project, blocks=frozen({**project.blocks, name: block or Block()}))


def remove_block(project: Project, name: str) -> Project:
    """The block gone; refused while a node uses it."""
    _block(project, name)
    if name == MAIN:
        raise EditError("the main block is the network; it cannot be removed")
    for outer, block in project.blocks.items():
        for node in block.nodes.values():
            if node.is_block and node.type == name:
                raise EditError(f'the block "{name}" is still used by {node.name} in {outer}')
    return replace(
        project, blocks=frozen({key: b for key, b in project.blocks.items() if key != name})
    )


def set_block_parameter(
    project: Project, block: str, name: str, parameter: BlockParameter
) -> Project:
    """A parameter of a block, new or with another default."""
    target = _block(project, block)
    if name not in target.parameters:
        _checked_name(name, target.nodes, "node")
    return _with_block(
        project,
        block,
        replace(target, parameters=frozen({**target.parameters, name: parameter})),
    )


# --- project -----------------------------------------------------------------------------------


def set_project_name(project: Project, name: str) -> Project:
    """The project's name as people read it."""
    return replace(project, name=name)


def set_data(project: Project, data: Mapping[str, Any]) -> Project:
    """Other settings of the data."""
    return project if dict(project.data) == dict(data) else replace(project, data=frozen(data))


def set_training(project: Project, training: Mapping[str, Any]) -> Project:
    """Other settings of the training."""
    if dict(project.training) == dict(training):
        return project
    return replace(project, training=frozen(training))
