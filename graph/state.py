"""The frozen state of a project: nodes, links, blocks. What may be done to it: graph/edits.py.

States share whatever an edit did not touch, so that keeping every one of them for undo is cheap,
and `is` tells at once what changed.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from graph.direction import TOP_DOWN, Arrangement, Direction, direction_of
from graph.expression import FUNCTIONS, Expression
from graph.node_settings import PLAIN, NodeSettings

MAIN = "main"
"""The name of the block that is the network."""

NOTE = "Note"
"""The layer of nodes that only hold words; see graph/layers/note.py."""

FRAME = "Frame"
"""The layer of frames around nodes; see graph/layers/frame.py and graph/framing.py."""

NAME_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
LONGEST_NAME = 64

EMPTY: Mapping[str, Any] = MappingProxyType({})


def nothing() -> Mapping[str, Any]:
    """The empty mapping, as a default of dataclass fields."""
    return EMPTY


class NameInvalidError(ValueError):
    """A name that cannot become an attribute in generated code."""


def check_name(name: object) -> str:
    """The name, if it can be an attribute of a module in generated code.

    Raises:
        NameInvalidError: with what is wrong with it.
    """
    if not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
        wish = near_name(str(name))
        raise NameInvalidError(
            f"{str(name)[:60]!r} cannot be a name: it must start with a letter and contain only "
            f"letters without accents, digits and underscores"
            + (f", such as {wish}" if wish else "")
        )
    if len(name) > LONGEST_NAME:
        raise NameInvalidError(f"the name {name[:20]}... is longer than {LONGEST_NAME} characters")
    if keyword.iskeyword(name) or name in FORBIDDEN_NAMES:
        raise NameInvalidError(f'"{name}" has a meaning of its own in Python or PyTorch')
    return name


def check_parameter_name(name: object) -> str:
    """The name, if a block's parameter can have it.

    Raises:
        NameInvalidError: with what is wrong with it.
    """
    if name in FUNCTIONS:
        # In a constructor, an argument of that name would hide what its expressions call.
        raise NameInvalidError(f'"{name}" is a function in expressions; choose another name')
    return check_name(name)


def near_name(text: str) -> str:
    """The name that a text would be with what no name has left out: `Block A` becomes `Block_A`;
    empty where nothing is left of it, or where that has a meaning of its own."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"\W+", "_", plain).lstrip("_0123456789").rstrip("_")[:LONGEST_NAME]
    return "" if keyword.iskeyword(name) or name in FORBIDDEN_NAMES else name


FORBIDDEN_NAMES = frozenset(
    # Attributes of torch.nn.Module that a node must not hide, and names that generated code uses.
    """
    self super torch torchvision math nn Tensor range print type ValueError
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double
    dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter
    get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules
    named_parameters parameters register_backward_hook register_buffer register_forward_hook
    register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook
    register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
    register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_
    set_extra_state set_submodule share_memory state_dict to to_empty train training xpu zero_grad
    """.split()  # noqa: SIM905 - a list of quoted words would be unreadable
)


@dataclass(frozen=True, slots=True)
class Node:
    """One use of a layer or a block.

    Attributes:
        type: the layer's or block's name.
        is_block: whether `type` names a block of the project.
        arguments: what differs from the defaults; values may be expressions over the parameters
            of the block in which the node lies.
        at: place of the node's centre on the canvas, in canvas units, x to the right, y down.
        repeat: how many times the block follows itself.
        settings: what differs from the defaults besides the arguments.
        extra: keys of the file that this release does not know; kept as they are.
        expanded: whether the inside of its block is drawn in its place; see graph/expanding.py.
    """

    name: str
    type: str
    is_block: bool = False
    arguments: Mapping[str, Any] = field(default_factory=nothing)
    at: tuple[float, float] = (0.0, 0.0)
    repeat: int | Expression = 1
    settings: NodeSettings = PLAIN
    extra: Mapping[str, Any] = field(default_factory=nothing)
    expanded: bool = False

    @property
    def is_note(self) -> bool:
        """Whether it is only there for people, as notes and frames are: it has no ports, and
        nothing in the network sees it."""
        return self.type in (NOTE, FRAME) and not self.is_block

    @property
    def is_frame(self) -> bool:
        """Whether it is a frame around others."""
        return self.type == FRAME and not self.is_block


Point = tuple[float, float]
"""A place on the canvas: x to the right, y down."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A connection from an output port to an input port of two nodes in the same block.

    Attributes:
        dots: the reroute points that it passes through on its way, from the source on. Links
            between the same ports are equal whatever way they take: it changes nothing in the
            network.
        by_hand: whether somebody set them, so that arranging keeps them; false without any.
    """

    source: str
    output: str
    target: str
    input: str
    dots: tuple[Point, ...] = field(default=(), compare=False)
    by_hand: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        source = self.source if self.output == "out" else f"{self.source}.{self.output}"
        target = self.target if self.input == "in" else f"{self.target}.{self.input}"
        return f"{source} -> {target}"


@dataclass(frozen=True, slots=True)
class BlockParameter:
    """A parameter of a block, with the value it has when a use gives none.

    `choices` are its legal values; empty where any of the sort of the default is legal.
    """

    default: int | float | bool | str
    help: str = ""
    choices: tuple[int | float | str, ...] = ()

    def refusal(self, value: Any) -> str:
        """Why a value is not legal here, to be read after the name; empty where it is."""
        if not self.choices or value in self.choices:
            return ""
        return f"must be {listed_choices(self.choices)}, but is {value!r}"


def listed_choices(choices: Sequence[int | float | str]) -> str:
    """`'transposed' or 'bilinear'`."""
    *others, last = map(repr, choices)
    return f"{', '.join(others)} or {last}" if others else last


@dataclass(frozen=True, slots=True)
class Block:
    """A graph with parameters. Its ports are its Input and Output nodes, in their order;
    `arrangement` is how it is drawn, and arranged anew."""

    nodes: Mapping[str, Node] = field(default_factory=nothing)
    links: tuple[Link, ...] = ()
    parameters: Mapping[str, BlockParameter] = field(default_factory=nothing)
    help: str = ""
    arrangement: Arrangement = TOP_DOWN
    extra: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def direction(self) -> Direction:
        """Which way data flows in its drawing."""
        return direction_of(self.arrangement)

    def network_nodes(self) -> list[Node]:
        """Its nodes without notes and frames."""
        return [node for node in self.nodes.values() if not node.is_note]

    def input_names(self) -> list[str]:
        """The names of its Input nodes, which are its input ports."""
        return [n.name for n in self.nodes.values() if n.type == "Input" and not n.is_block]

    def output_names(self) -> list[str]:
        """The names of its Output nodes, which are its output ports."""
        return [n.name for n in self.nodes.values() if n.type == "Output" and not n.is_block]


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that one file holds; the rooms `data` and `training` read what is named so.

    `about` says where a template comes from: task, source, published result.
    """

    name: str = "Untitled"
    notes: str = ""
    about: Mapping[str, Any] = field(default_factory=nothing)
    blocks: Mapping[str, Block] = field(default_factory=lambda: MappingProxyType({MAIN: Block()}))
    data: Mapping[str, Any] = field(default_factory=nothing)
    training: Mapping[str, Any] = field(default_factory=nothing)
    extra: Mapping[str, Any] = field(default_factory=nothing)

    @property
    def main(self) -> Block:
        """The block that is the network."""
        return self.blocks[MAIN]


def frozen(items: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    """A mapping that nobody can change by accident."""
    return MappingProxyType(dict(items))
