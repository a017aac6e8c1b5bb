"""A parsed file turned into a project, with every fault named by its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from graph.declare import ArgumentError, suggestion
from graph.direction import ARRANGEMENTS, TOP_DOWN, Arrangement
from graph.expression import (
    Expression,
    ExpressionError,
    contains_expression,
    is_expression_text,
    read_expression,
)
from graph.layer import LAYERS, RESERVED_NAMES, load_layers
from graph.node_settings import NodeSettings, read_settings
from graph.state import (
    EMPTY,
    MAIN,
    Block,
    BlockParameter,
    Link,
    NameInvalidError,
    Node,
    Point,
    Project,
    check_name,
    check_parameter_name,
    frozen,
    listed_choices,
)

MOST_NODES = 20_000
MOST_FAULTS = 8
LARGEST_COORDINATE = 1e7

MOST_DOTS = 100

_LINK = re.compile(
    r"\s*([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\s*->\s*([A-Za-z]\w*)(?:\.([A-Za-z]\w*))?\s*"
    r"(?:\bvia\b(.*))?",
    re.ASCII | re.DOTALL,
)
_DOT = r"\(([^(),]{1,40}),([^(),]{1,40})\)"
_BY_HAND = r"\s+by\s+hand\s*"
_DOTS = re.compile(rf"\s*{_DOT}(?:\s*,\s*{_DOT})*(?:\s*|{_BY_HAND})")

load_layers()


class Reader:
    """Reads one project; `faults` are what makes it unreadable, `notes` what is worth telling."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.notes: list[str] = []
        self.unplaced: list[str] = []
        """Blocks whose nodes have no places."""

    def project(self, raw: Mapping[str, Any]) -> Project:
        """The project in a parsed file of today's format."""
        known = {"kumitate", "name", "notes", "about", "blocks", "data", "training"}
        blocks_raw = self._mapping(raw.get("blocks", {}), "blocks")
        if MAIN not in blocks_raw:
            self.faults.append('blocks: there is no block "main", which is the network itself')
        total = sum(
            len(block["nodes"])
            for block in blocks_raw.values()
            if isinstance(block, dict) and isinstance(block.get("nodes"), dict)
        )
        if total > MOST_NODES:
            self.faults.append(
                f"the file has {total:,} nodes; up to {MOST_NODES:,} can be opened. Use blocks "
                f"with repeat for what occurs many times"
            )
            return Project()
        blocks = {
            self._name(name, "blocks"): self._block(value, f"blocks.{name}")
            for name, value in blocks_raw.items()
        }
        extra = self._unknown(raw, known, "")
        return Project(
            name=self._text(raw.get("name", "Untitled"), "name"),
            notes=self._text(raw.get("notes", ""), "notes"),
            about=frozen(self._mapping(raw.get("about", {}), "about")),
            blocks=frozen({MAIN: blocks.get(MAIN, Block())} | blocks),
            data=frozen(self._mapping(raw.get("data", {}), "data")),
            training=frozen(self._mapping(raw.get("training", {}), "training")),
            extra=extra,
        )

    def _block(self, raw: Any, place: str) -> Block:
        raw = self._mapping(raw, place)
        known = {"nodes", "links", "parameters", "help", "direction"}
        nodes_raw = self._mapping(raw.get("nodes", {}), f"{place}.nodes")
        nodes = {}
        for number, (name, value) in enumerate(nodes_raw.items()):
            node = self._node(name, value, f"{place}.nodes.{name}", number)
            nodes[node.name] = node
        if nodes and not any("at" in n for n in nodes_raw.values() if isinstance(n, dict)):
            self.unplaced.append(place.removeprefix("blocks."))
        parameters = {
            self._name(name, f"{place}.parameters", check_parameter_name): self._parameter(
                value, f"{place}.parameters.{name}"
            )
            for name, value in self._mapping(
                raw.get("parameters", {}), f"{place}.parameters"
            ).items()
        }
        for name in parameters.keys() & nodes.keys():
            self.faults.append(f'{place}: "{name}" is both a node and a parameter; rename one')
        return Block(
            nodes=frozen(nodes),
            links=self._links(raw.get("links", []), nodes, place),
            parameters=frozen(parameters),
            help=self._text(raw.get("help", ""), f"{place}.help"),
            arrangement=self._arrangement(raw.get("direction", TOP_DOWN), f"{place}.direction"),
            extra=self._unknown(raw, known, f"{place}."),
        )

    def _arrangement(self, raw: Any, place: str) -> Arrangement:
        for arrangement in ARRANGEMENTS:
            if raw == arrangement:
                return arrangement
        hint = suggestion(raw, ARRANGEMENTS) if isinstance(raw, str) else ""
        self.faults.append(f"{place}: must be {listed_choices(ARRANGEMENTS)}, not {raw!r}{hint}")
        return TOP_DOWN

    def _parameter(self, raw: Any, place: str) -> BlockParameter:
        name = place.rpartition(".")[2]
        if name in RESERVED_NAMES:
            self.faults.append(
                f'{place}: "{name}" means something else on a node; give the parameter another name'
            )
        help_text, choices = "", ()
        if isinstance(raw, dict):
            for key in raw.keys() - {"default", "help", "choices"}:
                hint = suggestion(str(key), ("default", "help", "choices"))
                self.faults.append(f'{place}: there is no "{key}" of a parameter{hint}')
            help_text = self._text(raw.get("help", ""), f"{place}.help")
            choices = self._choices(raw, f"{place}.choices")
            raw = raw.get("default")
        if not isinstance(raw, bool | int | float | str):
            self.faults.append(f"{place}: needs a number, a text or true/false as its default")
            raw = 0
        parameter = BlockParameter(raw, help_text, choices)
        if parameter.refusal(raw):
            self.faults.append(f"{place}: the default {parameter.refusal(raw)}")
        return parameter

    def _choices(self, raw: dict[str, Any], place: str) -> tuple[Any, ...]:
        """The legal values of a parameter, which are of one sort with its default."""
        if "choices" not in raw:
            return ()
        choices, default = raw["choices"], raw.get("default")
        if not isinstance(choices, list) or not choices:
            self.faults.append(f"{place}: needs a list of the legal values")
            return ()
        if any(type(choice) is not type(default) for choice in choices) or len(
            set(map(repr, choices))
        ) < len(choices):
            self.faults.append(f"{place}: needs different values of the sort of {default!r}")
            return ()
        return tuple(choices)

    def _node(self, name: Any, raw: Any, place: str, number: int) -> Node:
        name = self._name(name, place.rsplit(".", 1)[0])
        raw = self._mapping(raw, place)
        kinds = [key for key in ("layer", "block") if key in raw]
        if len(kinds) != 1 or not isinstance(raw[kinds[0]], str):
            self.faults.append(
                f"{place}: a node names either its layer or its block, such as {{layer: Conv2d}}"
            )
            return Node(name, "Identity")
        is_block, type_ = kinds[0] == "block", raw[kinds[0]]
        if not is_block and type_ not in LAYERS:
            hint = suggestion(type_, LAYERS)
            self.notes.append(f'{place}: there is no layer "{type_}"{hint}')
        arguments = {}
        for key, value in raw.items():
            if key in RESERVED_NAMES:
                continue
            if not isinstance(key, str):
                self.faults.append(f"{place}: {key!r} is not a parameter's name; put it in quotes")
                continue
            arguments[key] = self._argument(value, f"{place}.{key}")
        return Node(
            name,
            type_,
            is_block,
            normal_arguments(type_, is_block, arguments),
            self._at(raw.get("at", [0, number * 76]), place),
            self._repeat(raw.get("repeat", 1), place),
            self._settings(raw, place),
            expanded=self._expanded(raw.get("expanded", False), place, is_block),
        )

    def _expanded(self, raw: Any, place: str, is_block: bool) -> bool:
        if not isinstance(raw, bool):
            self.faults.append(f"{place}.expanded: must be true or false, not {raw!r}")
        elif raw and not is_block:
            self.faults.append(f"{place}.expanded: only a node that uses a block can be expanded")
        return raw is True

    def _settings(self, raw: Mapping[Any, Any], place: str) -> NodeSettings:
        settings, errors = read_settings(raw)
        self.faults += [f"{place}.{error.parameter}: {error}" for error in errors]
        if settings.shares:
            self._name(settings.shares, f"{place}.shares")
        return settings

    def _repeat(self, raw: Any, place: str) -> int | Expression:
        value = self._argument(raw, f"{place}.repeat")
        if isinstance(value, Expression) or (isinstance(value, int) and value is not True):
            return value
        self.faults.append(f"{place}.repeat: must be a whole number or an expression, not {raw!r}")
        return 1

    def _argument(self, raw: Any, place: str) -> Any:
        if is_expression_text(raw):
            try:
                return read_expression(raw)
            except ExpressionError:
                # Kept as it is; the node shows what is wrong with it.
                return Expression(raw.strip().removeprefix("=").strip())
        if isinstance(raw, list):
            return tuple(self._argument(element, place) for element in raw)
        if raw is None or isinstance(raw, bool | int | float | str):
            return raw
        self.faults.append(
            f"{place}: must be a number, a text, true/false or a list, not {_kind(raw)}"
        )
        return None

    def _at(self, raw: Any, place: str) -> tuple[float, float]:
        numbers = isinstance(raw, list) and len(raw) == 2
        if not numbers or not all(
            isinstance(n, int | float) and not isinstance(n, bool) and abs(n) <= LARGEST_COORDINATE
            for n in raw
        ):
            self.faults.append(f"{place}.at: must be two numbers, such as [0, 90], not {raw!r}")
            return (0.0, 0.0)
        return (float(raw[0]), float(raw[1]))

    def _links(self, raw: Any, nodes: Mapping[str, Node], place: str) -> tuple[Link, ...]:
        if raw is None:
            return ()
        if not isinstance(raw, list):
            self.faults.append(
                f'{place}.links: must be a list such as ["image -> conv1"], not {_kind(raw)}'
            )
            return ()
        links: dict[Link, None] = {}
        for number, text in enumerate(raw):
            where = f"{place}.links[{number}]"
            try:
                link = read_link(text)
            except ValueError as error:
                self.faults.append(f"{where}: {error}")
                continue
            missing = [end for end in (link.source, link.target) if end not in nodes]
            if missing:
                hint = suggestion(missing[0], nodes)
                self.faults.append(f'{where}: "{text}": there is no node "{missing[0]}"{hint}')
            elif link in links:
                self.notes.append(f'{where}: "{text}" stands there twice; once is kept')
            else:
                links[link] = None
        return tuple(links)

    def _unknown(self, raw: Mapping[str, Any], known: set[str], place: str) -> Mapping[str, Any]:
        extra = {key: value for key, value in raw.items() if key not in known}
        for key in extra:
            hint = suggestion(str(key), known)
            self.notes.append(
                f'"{place}{key}" is not known to this release{hint}; it is kept in the file'
            )
        return frozen(extra) if extra else EMPTY

    def _mapping(self, raw: Any, place: str) -> dict[Any, Any]:
        if raw is None:
            return {}
        if isinstance(raw, dict):
            return raw
        self.faults.append(f"{place}: must have named entries, but is {_kind(raw)}")
        return {}

    def _text(self, raw: Any, place: str) -> str:
        if isinstance(raw, str):
            return raw
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            return str(raw)
        self.faults.append(f"{place}: must be a text, but is {_kind(raw)}; put it in quotes")
        return ""

    def _name(self, name: Any, place: str, check: Callable[[object], str] = check_name) -> str:
        if isinstance(name, bool):
            # YAML 1.1 takes these words for a truth value, which nobody who writes them thinks of.
            words = "on, yes or true" if name else "off, no or false"
            self.faults.append(f"{place}: YAML reads {words} as a switch; put the name in quotes")
            return "x"
        try:
            return check(name)
        except NameInvalidError as error:
            self.faults.append(f"{place}: {error}")
            return "x"


def read_link(text: Any) -> Link:
    """The link that a text such as `image -> add.in_1 via (120, 40), (120, 200)` means; `by hand`
    may stand behind it.

    Raises:
        ValueError: where it is none, with what is wrong with it.
    """
    match = _LINK.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f'{text!r} is not a link such as "image -> conv1"')
    link = Link(match[1], match[2] or "out", match[3], match[4] or "in")
    if match[5] is None:
        return link
    by_hand = re.search(_BY_HAND, match[5]) is not None
    return replace(link, dots=_read_dots(link, match[5]), by_hand=by_hand)


def _read_dots(link: Link, text: str) -> tuple[Point, ...]:
    """The reroute points behind `via`."""
    number = text.count("(")
    if number > MOST_DOTS:
        raise ValueError(
            f'"{link}" passes through {number:,} reroute points; up to {MOST_DOTS} are possible'
        )
    found = re.findall(_DOT, text) if _DOTS.fullmatch(text) else []
    try:
        dots = tuple((float(x), float(y)) for x, y in found)
    except ValueError:
        dots = ()
    if not dots or not all(abs(n) <= LARGEST_COORDINATE for dot in dots for n in dot):
        raise ValueError(
            f'the reroute points of "{link}" must be pairs of numbers, such as '
            f'"{link} via (120, 40), (120, 200)", not "{text.strip()[:60]}"; correct them (in '
            f"quotes where all links stand on one line), or remove them"
        )
    return dots


def normal_arguments(type_: str, is_block: bool, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Arguments in the form in which edits leave them: normalised, and without defaults. Illegal
    ones stay as they are, for the node to show."""
    cls = None if is_block else LAYERS.get(type_)
    if cls is None:
        return frozen(arguments)
    normal = {}
    for name, value in arguments.items():
        parameter = cls.PARAMETERS.get(name)
        if parameter is not None and not contains_expression(value):
            try:
                value = parameter.check(value)
            except ArgumentError:
                normal[name] = value
                continue
            if not parameter.required and value == parameter.default:
                continue
        normal[name] = value
    return frozen(normal)


def _kind(raw: Any) -> str:
    words = {dict: "a group of named entries", list: "a list", str: "a text", bool: "true/false"}
    return words.get(type(raw)) or f"{str(raw)[:40]!r}"
