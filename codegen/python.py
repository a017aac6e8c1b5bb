"""Python text from checked values, laid out as ruff's formatter would.

Every value that comes from a project passes through `literal` or through an expression over names;
nothing from a file is ever pasted into code.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from graph.simplest import simplified
from graph.term import Symbol, Term, substitute, symbols, text_literal, to_text
from graph.trace import is_symbolic, plain, term_of

WIDTH = 88
INDENT = "    "
LONGEST_COMMENT = 60
"""Of sizes; longer ones say nothing at a glance."""


def literal(value: Any) -> str:
    """A value as Python source.

    Raises:
        TypeError: for anything but numbers, truth values, texts, None and tuples of them.
    """
    value = plain(value)
    if isinstance(value, tuple | list):
        inner = ", ".join(literal(element) for element in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, str):
        return text_literal(value)
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    raise TypeError(f"{type(value).__name__} cannot stand in generated code")


def value_text(value: Any, rename: Callable[[str], str] | None = None) -> str:
    """A value as Python source: an expression over names where it depends on symbols.

    Args:
        rename: how a symbol is called where the text stands, such as `self.channels`.
    """
    if isinstance(value, tuple | list) and is_symbolic(value):
        inner = ", ".join(value_text(element, rename) for element in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if is_symbolic(value):
        return expression_text(term_of(value), rename)
    return literal(value)


def expression_text(term: Term, rename: Callable[[str], str] | None = None) -> str:
    """A term as Python source, in its simplest form."""
    term = simplified(term)
    if rename is not None:
        # A dotted name is no identifier, but prints where the symbol stood.
        term = substitute(term, {name: Symbol(rename(name)) for name in symbols(term)})
    return to_text(term)


def call_lines(prefix: str, arguments: Sequence[str], suffix: str = ")") -> list[str]:
    """`prefix` with arguments, on one line if it fits, else indented, else one a line.

    `prefix` ends with the opening bracket and carries its own indentation.
    """
    line = prefix + ", ".join(arguments) + suffix
    if len(line) <= WIDTH or not arguments:
        return [line]
    indent = prefix[: len(prefix) - len(prefix.lstrip())]
    inner = indent + INDENT + ", ".join(arguments)
    if len(inner) <= WIDTH:
        return [prefix, inner, indent + suffix]
    listed = [line for one in arguments for line in _argument_lines(indent + INDENT, one)]
    return [prefix, *listed, indent + suffix]


def text_call_lines(prefix: str, text: str) -> list[str]:
    """`prefix`, which ends with the opening bracket, with a text for people, in as many literals
    as it has lines."""
    line = f"{prefix}{literal(text)})"
    if len(line) <= WIDTH:
        return [line]
    indent = prefix[: len(prefix) - len(prefix.lstrip())]
    inner = indent + INDENT
    *pieces, last = textwrap.wrap(text, WIDTH - len(inner) - len('" "'))
    return [
        prefix,
        *(f"{inner}{literal(f'{one} ')}" for one in pieces),
        inner + literal(last),
        f"{indent})",
    ]


def condition_lines(prefix: str, condition: str) -> list[str]:
    """`prefix` with a condition, in brackets on lines of its own where it is too long."""
    line = f"{prefix}{condition}:"
    if len(line) <= WIDTH:
        return [line]
    indent = prefix[: len(prefix) - len(prefix.lstrip())]
    return [f"{prefix}(", *_broken_condition(indent + INDENT, "", condition), f"{indent}):"]


def _broken_condition(indent: str, keyword: str, condition: str) -> list[str]:
    """A condition behind a keyword, at its operators on lines of its own where it is too long."""
    lines = [indent + keyword + condition]
    for operator in (" or ", " and "):
        first, *others = _parts(condition, operator)
        if others and len(lines[0]) > WIDTH:
            lines = [
                indent + keyword + first,
                *(indent + operator.lstrip() + other for other in others),
            ]
    return lines


def _choice_lines(indent: str, text: str) -> list[str]:
    """`key=value if condition else other`, a line for each of the three; empty for what is no
    choice between two values."""
    key, equals, expression = text.partition("=")
    if not (equals and key.isidentifier() and not expression.startswith("=")):
        key, equals, expression = "", "", text
    lines: list[str] = []
    while isinstance(choice := ast.parse(expression, mode="eval").body, ast.IfExp):
        # Offsets count bytes, and leave out the brackets around the three.
        encoded = expression.encode()
        starts = [
            encoded.index(word, before.end_col_offset or 0, after.col_offset)
            for word, before, after in (
                (b" if ", choice.body, choice.test),
                (b" else ", choice.test, choice.orelse),
            )
        ]
        value, condition, expression = (
            part.decode()
            for part in (
                encoded[: starts[0]],
                encoded[starts[0] + 4 : starts[1]],
                encoded[starts[1] + 6 :],
            )
        )
        lines += [f"{indent}else {value}" if lines else f"{indent}{key}{equals}{value}"]
        lines += _broken_condition(indent, "if ", condition)
    return [*lines, f"{indent}else {expression}"] if lines else []


def _argument_lines(indent: str, argument: str) -> list[str]:
    """An argument on a line of its own; a list, comprehension or call that is too long for it is
    broken up too."""
    if len(indent + argument) < WIDTH:
        return [f"{indent}{argument},"]
    inner = indent + INDENT
    if argument.startswith("*["):
        element, _, loop = argument[2:-1].rpartition(" for ")
        lines = [inner + element]
        if len(lines[0]) > WIDTH and _is_call(element):
            lines = _call_lines(inner, element, ")")
        return [f"{indent}*[", *lines, f"{inner}for {loop}", f"{indent}],"]
    if _is_call(argument):
        return _call_lines(indent, argument, "),")
    if not argument.startswith("["):
        *lines, last = _choice_lines(indent, argument) or [indent + argument]
        return [*lines, f"{last},"]
    elements = (f"{indent}{INDENT}{element}," for element in _parts(argument[1:-1], ", "))
    return [f"{indent}[", *elements, f"{indent}],"]


def _is_call(text: str) -> bool:
    head, bracket, rest = text.partition("(")
    return bool(bracket) and head.replace(".", "_").isidentifier() and _closes_at_the_end(rest)


def _call_lines(indent: str, text: str, suffix: str) -> list[str]:
    head, _, rest = text.partition("(")
    return call_lines(f"{indent}{head}(", _parts(rest[:-1], ", "), suffix)


def assignment_lines(indent: str, text: str) -> list[str]:
    """`targets = expression` on one line if it fits, else broken up within its brackets or at its
    operators."""
    targets, _, expression = text.partition(" = ")
    if len(indent + text) <= WIDTH:
        return [indent + text]
    head, bracket, rest = expression.partition("(")
    if bracket and _closes_at_the_end(rest):
        return call_lines(f"{indent}{targets} = {head}(", _parts(rest[:-1], ", "))
    inner = indent + INDENT
    choice = _choice_lines(inner, expression)
    if choice:
        whole = inner + expression
        lines = [whole] if len(whole) <= WIDTH else choice
        return [f"{indent}{targets} = (", *lines, f"{indent})"]
    for operator in (" + ", " * "):
        first, *others = _parts(expression, operator)
        if others:
            one = [inner + expression]
            each = [inner + first, *(inner + operator.lstrip() + other for other in others)]
            return [
                f"{indent}{targets} = (",
                *(one if len(one[0]) <= WIDTH else each),
                f"{indent})",
            ]
    return [indent + text]


def commented_lines(lines: list[str], comment: str) -> list[str]:
    """Lines with a comment: behind the last one if it fits, else on a line of its own before."""
    if not comment or len(comment) > LONGEST_COMMENT:
        return lines
    if len(lines[-1]) + 4 + len(comment) <= WIDTH:
        return [*lines[:-1], f"{lines[-1]}  # {comment}"]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return [f"{indent}# {comment}", *lines]


def _closes_at_the_end(text: str) -> bool:
    """Whether a bracket opened just before is closed by the last character."""
    depth = 1
    for place, char in enumerate(text, start=1):
        depth += (char in "([{") - (char in ")]}")
        if depth == 0:
            return place == len(text)
    return False


def _parts(text: str, separator: str) -> list[str]:
    """The text cut at a separator, but not within brackets."""
    parts = [""]
    for piece in text.split(separator):
        open_ = sum(parts[-1].count(char) for char in "([{") - sum(
            parts[-1].count(char) for char in ")]}"
        )
        if open_:
            parts[-1] += separator + piece
        else:
            parts.append(piece)
    return parts[1:]


def docstring(text: str, indent: str) -> list[str]:
    """A docstring from a text that a person wrote, harmless whatever it holds."""
    words = " ".join(text.split())
    clean = "".join(char if char.isprintable() else "?" for char in words)
    clean = clean.replace("\\", "\\\\").replace('"', "'")
    if not clean:
        return []
    lines, current = [], f'{indent}"""'
    for word in clean.split(" "):
        room = WIDTH - 3
        if len(current) + 1 + len(word) > room and current.strip() not in ("", '"""'):
            lines.append(current)
            current = indent + word
        else:
            glue = "" if current.endswith('"""') or not current.strip() else " "
            current += glue + word
    if lines:
        return [*lines, current, f'{indent}"""']
    return [current + '"""']
