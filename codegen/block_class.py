"""One block as a class: constructor and forward pass, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from codegen.choices import other_number_lines, refusal_lines
from codegen.flow import code_links, code_nodes, passed_input
from codegen.initialization import setting_lines
from codegen.names import Namespace
from codegen.pasted import part_names
from codegen.python import (
    INDENT,
    assignment_lines,
    call_lines,
    commented_lines,
    condition_lines,
    docstring,
    value_text,
)
from codegen.repeats import counted, growing_bindings, place_symbol, runs
from graph.layer import Emission
from graph.node_settings import PLAIN
from graph.ports import in_order, split_number
from graph.results import BlockResult, NodeResult
from graph.settled import weights_of
from graph.shapes import TensorSpec
from graph.state import Block, Link, Node, Project
from graph.symbolic import input_symbols
from graph.trace import is_symbolic, plain, symbols_of

_BODY = INDENT * 2


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A line of source, and the block and node that it stands for."""

    text: str
    owner: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class InnerClass:
    """A class that was written for a block inside: its name, and what its constructor needs."""

    name: str
    arguments: list[str]


@dataclass(frozen=True, slots=True)
class _Statement:
    """A line of the forward pass, with the size of what it computes as a comment."""

    text: str
    comment: str
    owner: tuple[str, str]


class BlockClass:
    """Writes the class of one use of a block.

    Args:
        result: its nodes, with sizes as expressions over the block's parameters and inputs.
        inner: by node, the classes of the blocks inside, one per use that differs.
    """

    def __init__(
        self,
        project: Project,
        block: Block,
        result: BlockResult,
        inner: Mapping[str, list[InnerClass]],
    ) -> None:
        self.project = project
        self.block = block
        self.result = result
        self.inner = inner
        self.used: set[str] = set()
        self.places: set[str] = set()
        """Names of the numbers of repetitions, in comprehensions."""
        self.stored: set[str] = set()
        self.names: set[str] = set()
        self.sources: dict[tuple[str, str], Link] = {}
        self.readers: dict[tuple[str, str], list[str]] = {}
        for link in code_links(block, result):
            self.sources[link.target, link.input] = link
            self.readers.setdefault((link.source, link.output), []).append(link.target)
        self.order = code_nodes(block, result)
        self.constructions = [line for name in self.order for line in self._construct(name)]
        self.statements = self._forward()

    # --- the class as a whole

    def signature(self) -> tuple[str, ...]:
        """The code without comments: uses with the same one can share a class."""
        return (
            *self._parameters(),
            *refusal_lines(self.block, self.result),
            *(line.text for line in self.constructions),
            *(statement.text for statement in self.statements),
        )

    def lines(self, name: str, about: str) -> list[ClassLine]:
        """The class under a name."""
        head = f"{INDENT}def __init__("
        constructor = call_lines(head, ["self", *self._parameters()], ") -> None:")
        stored = [
            ClassLine(f"{_BODY}self.{self._attribute(symbol)} = {symbol}")
            for symbol in self._symbols()
            if symbol in self.stored
        ]
        texts = [f"class {name}(nn.Module):", *docstring(about, INDENT)]
        if len(texts) > 1:
            texts.append("")
        return [
            *(ClassLine(text) for text in texts),
            *(ClassLine(text) for text in constructor),
            ClassLine(f"{_BODY}super().__init__()"),
            *(ClassLine(text) for text in refusal_lines(self.block, self.result)),
            *stored,
            *self.constructions,
            ClassLine(""),
            *self._forward_lines(),
        ]

    def _node(self, name: str) -> Node:
        return self.block.nodes[name]

    def _symbols(self) -> list[str]:
        """Everything that the constructor may take: sizes of inputs first, then parameters."""
        sizes = [
            symbol
            for own in (input_symbols(self.block, self.result.given) if self.result.given else [])
            for symbol in own
        ]
        return [*sizes, *self.block.parameters]

    def _parameters(self) -> list[str]:
        parameters = []
        for symbol in self._symbols():
            if (declared := self.block.parameters.get(symbol)) is not None:
                sort = type(declared.default).__name__
                parameters.append(f"{symbol}: {sort} = {value_text(declared.default)}")
            elif symbol in self.used:
                parameters.append(f"{symbol}: int")
        return parameters

    def needed_arguments(self) -> list[str]:
        """The symbols that the constructor takes without a default."""
        own = self.block.parameters
        return [symbol for symbol in self._symbols() if symbol in self.used and symbol not in own]

    def _value(self, value: Any) -> str:
        """A value where the constructor's arguments are in reach."""
        value = self._as_known(value)
        self.used |= symbols_of(value)
        return value_text(value)

    def _stored_value(self, value: Any) -> str:
        """A value in the forward pass, where arguments must have been stored."""
        value = self._as_known(value)
        self.used |= symbols_of(value)
        self.stored |= symbols_of(value)
        return value_text(value, lambda symbol: f"self.{self._attribute(symbol)}")

    def _as_known(self, value: Any) -> Any:
        """A value that depends on a free size of the network's input as a number: the checks have
        made sure that it is the same for every size."""
        known = {*self._symbols(), *self.places}
        return value if symbols_of(value) <= known else plain(value)

    def _attribute(self, symbol: str) -> str:
        return f"{symbol}_value" if symbol in self.block.nodes else symbol

    # --- construction

    def _construct(self, name: str) -> list[ClassLine]:
        node, result = self._node(name), self.result.nodes[name]
        owner = (self.result.name, name)
        if node.settings.shares:
            return []
        indent = _BODY if result.condition is None else _BODY + INDENT
        if node.is_block:
            texts = self._construct_block(name, result, indent)
        else:
            constructor = self._emission(result).constructor if node.type != "Input" else None
            if constructor is None:
                return []
            arguments = [self._value(value) for value in constructor.positional]
            arguments += [f"{key}={self._value(v)}" for key, v in constructor.keywords.items()]
            texts = call_lines(f"{indent}self.{name} = {constructor.name}(", arguments)
        if node.settings is not PLAIN:
            texts += self._settings(node, result, indent)
        if result.condition is not None:
            texts = [
                *condition_lines(f"{_BODY}if ", self._value(result.condition)),
                *texts,
            ]
            if self._has_stand_in(node, result):
                texts += [f"{_BODY}else:", f"{indent}self.{name} = nn.Identity()"]
        return [ClassLine(text, owner) for text in texts]

    def _has_stand_in(self, node: Node, result: NodeResult) -> bool:
        """Whether `nn.Identity` can stand for a node that is not there: for a module that is called
        with what goes on, and with nothing else."""
        if len(result.inputs) != 1:
            return False
        if node.is_block:
            return True
        emission = self._emission(result)
        plain_call = f"{{module}}({{{passed_input(result)}}})" in emission.expression
        return emission.constructor is not None and plain_call

    def _settings(self, node: Node, result: NodeResult, indent: str) -> tuple[str, ...]:
        lines = setting_lines(
            f"self.{node.name}",
            node.settings,
            result.layer,
            weights_of(result),
            indent=indent,
            taken=self._symbols(),
        )
        self.names |= lines.names
        return lines.texts

    def _emission(self, result: NodeResult) -> Emission:
        assert result.layer is not None  # noqa: S101 - only projects without errors get here
        emission = result.layer.emit(*in_order(result.layer.inputs(), result.inputs))
        self.names |= emission.names()
        return emission

    def _construct_block(self, name: str, result: NodeResult, indent: str) -> list[str]:
        calls = [
            self._construct_call(class_, one)
            for class_, one in zip(self.inner[name], result.inner, strict=True)
        ]
        prefix = f"{indent}self.{name} = "
        repeat = result.repeat
        if not is_symbolic(repeat) and int(repeat) == 1:
            return call_lines(f"{prefix}{calls[0][0]}(", calls[0][1])
        texts = [f"{class_}({', '.join(arguments)})" for class_, arguments in calls]
        refusal: list[str] = []
        if not is_symbolic(repeat):
            texts = runs(texts + [texts[-1]] * (int(repeat) - len(texts)))
        elif len(set(texts[1:])) > 1:
            growing = self._growing(name, result)
            refusal = [] if growing else other_number_lines(name, repeat, indent)
            texts = growing or runs(texts[: int(repeat)])
        else:
            texts = counted(texts, repeat)
        return [*refusal, *call_lines(f"{prefix}nn.Sequential(", texts)]

    def _growing(self, name: str, result: NodeResult) -> list[str]:
        """Repetitions that all differ by the same; empty where that is not so."""
        place = place_symbol(self._symbols())
        self.places.add(place)
        bindings = growing_bindings(result.inner, place)
        if bindings is None or len({one.name for one in self.inner[name]}) > 1:
            return []
        use = replace(result.inner[0], bindings=dict(bindings))
        class_, arguments = self._construct_call(self.inner[name][0], use)
        count = value_text(result.repeat)
        return [f"*[{class_}({', '.join(arguments)}) for {place} in range({count})]"]

    def _construct_call(self, class_: InnerClass, inner: BlockResult) -> tuple[str, list[str]]:
        block = self.project.blocks[inner.name]
        arguments = [self._value(inner.bindings[symbol]) for symbol in class_.arguments]
        for name, parameter in block.parameters.items():
            value = inner.bindings[name]
            if is_symbolic(value) or plain(value) != parameter.default:
                arguments.append(f"{name}={self._value(value)}")
        return class_.name, arguments

    # --- forward

    def _forward(self) -> list[_Statement]:
        self.variable_names = Namespace(self.block.nodes)
        self.own = self.variable_names.give_instead(self.block.nodes, part_names())
        free = [name for name in ("x", "h", "value") if name not in self.block.nodes]
        passing = self.variable_names.give(free[0] if free else "x")
        steps = [name for name in self.order if self._node(name).type != "Input"]
        inputs = self.block.input_names()
        self.variables = {(name, "out"): self.own[name] for name in inputs}
        self.first_input = self.own[inputs[0]]
        statements = []
        for place, name in enumerate(steps):
            following = steps[place + 1] if place + 1 < len(steps) else None
            statements += self._call(name, following, passing)
        return statements

    def _call(self, name: str, following: str | None, passing: str) -> list[_Statement]:
        node, result = self._node(name), self.result.nodes[name]
        owner = (self.result.name, name)
        if node.is_block:
            names = self.project.blocks[node.type].input_names()
            ports = ["in"] if len(names) == 1 else names
            received = ", ".join(self._variable(name, port) for port in ports)
            expression = f"self.{node.settings.shares or name}({received})"
            outputs = list(result.outputs)
            targets = ", ".join(f"{{{port}}}" for port in outputs)
            afterwards: Mapping[str, str] = {}
        else:
            emission = self._emission(result)
            expression = self._expression(name, result, emission)
            targets, afterwards = emission.targets, emission.afterwards
            outputs = list(result.outputs)
        if result.condition is not None and not self._has_stand_in(node, result):
            expression = self._or_passed(name, result, expression, targets)
        given = {port: self._target(name, port, outputs, following, passing) for port in outputs}
        self.variables |= {(name, port): variable for port, variable in given.items()}
        read = [port for port in outputs if given[port] != "_"]
        comment = ", ".join(self._size_text(result.outputs[port]) for port in read)
        statements = [_Statement(f"{targets.format_map(given)} = {expression}", comment, owner)]
        for port, after in afterwards.items():
            if given[port] != "_":
                text = f"{given[port]} = {after.format_map(given)}"
                size = self._size_text(result.outputs[port])
                statements.append(_Statement(text, size, owner))
        if afterwards:
            # Before the axes are put in order, the sizes of states are not those of the project.
            main = ", ".join(
                self._size_text(result.outputs[p]) for p in read if p not in afterwards
            )
            statements[0] = _Statement(statements[0].text, main, owner)
        return statements

    def _or_passed(self, name: str, result: NodeResult, expression: str, targets: str) -> str:
        """What is computed, or what goes on where the node is not there."""
        condition = self._stored_value(result.condition)
        condition = f"({condition})" if " if " in condition else condition
        passed = self._variable(name, passed_input(result))
        other = passed if targets == "{out}" else f"({passed}, None)"
        return f"{expression} if {condition} else {other}"

    def _target(
        self, name: str, port: str, outputs: list[str], following: str | None, passing: str
    ) -> str:
        readers = self.readers.get((name, port), [])
        if not readers:
            return "_" if len(outputs) > 1 else self.own[name]
        if (
            len(outputs) == 1
            and len(readers) == 1
            and (readers[0] == following or (following is None and self._is_output(readers[0])))
        ):
            return passing
        return self.own[name] if len(outputs) == 1 else self.variable_names.give(f"{name}_{port}")

    def _is_output(self, name: str) -> bool:
        node = self._node(name)
        return node.type == "Output" and not node.is_block

    def _expression(self, name: str, result: NodeResult, emission: Emission) -> str:
        assert result.layer is not None  # noqa: S101 - only projects without errors get here
        module = self._node(name).settings.shares or name
        words: dict[str, str] = {"module": f"self.{module}", "batch": f"{self.first_input}.size(0)"}
        for port in result.layer.inputs():
            if port.variadic:
                linked = [n for n in result.inputs if (split_number(n) or ("",))[0] == port.name]
                variables = [self._variable(name, one) for one in linked]
                words[port.name] = emission.separator.join(variables)
            elif (name, port.name) in self.sources:
                words[port.name] = self._variable(name, port.name)
            else:
                words[port.name] = "None"
        words |= {key: self._stored_value(value) for key, value in emission.values.items()}
        return emission.expression.format_map(words)

    def _variable(self, name: str, port: str) -> str:
        link = self.sources[name, port]
        return self.variables[link.source, link.output]

    def _size_text(self, spec: TensorSpec) -> str:
        text = ", ".join(["N", *(value_text(size, self._axis) for size in spec.sizes)])
        return f"({text})" if spec.sizes else "(N,)"

    def _axis(self, symbol: str) -> str:
        """The usual letters in comments, for axes that the constructor does not need."""
        short = {"in_height": "H", "in_width": "W", "in_steps": "L"}.get(symbol, symbol)
        return symbol if symbol in self.used or short in self.block.parameters else short

    def _forward_lines(self) -> list[ClassLine]:
        inputs, outputs = self.block.input_names(), self.block.output_names()
        arguments = ["self", *(f"{self.own[name]}: Tensor" for name in inputs)]
        several = f"tuple[{', '.join(['Tensor'] * len(outputs))}]"
        returns = "Tensor" if len(outputs) == 1 else several
        sizes = ", ".join(self._size_text(self.result.nodes[n].outputs["out"]) for n in inputs)
        head = call_lines(f"{INDENT}def forward(", arguments, f") -> {returns}:")
        owner = (self.result.name, inputs[0])
        lines = [ClassLine(text, owner) for text in commented_lines(head, sizes)]
        for statement in self.statements:
            texts = commented_lines(assignment_lines(_BODY, statement.text), statement.comment)
            lines += [ClassLine(text, statement.owner) for text in texts]
        results = ", ".join(self._variable(name, "in") for name in outputs)
        lines.append(ClassLine(f"{_BODY}return {results}", (self.result.name, outputs[0])))
        return lines
