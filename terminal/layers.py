"""The list of all layers, and the card of one, as text and as JSON."""

from __future__ import annotations

import difflib
import shutil
import textwrap
from collections.abc import Iterable
from typing import Any

import click

from codegen.line import example_inputs, example_layer, example_lines
from graph.card import Card, layer_card
from graph.declare import Parameter
from graph.explain import Explanation, explain_all
from graph.inference import infer_layer
from graph.layer import CATEGORIES, Layer, Port, load_layers
from graph.ports import free_name
from graph.registry import UnknownNameError
from graph.shapes import TensorSpec

WIDEST = 100
"""Columns; longer lines are hard to read."""


def layers_by_category() -> dict[str, list[type[Layer]]]:
    """All layers, category by category, in the order of the palette."""
    groups: dict[str, list[type[Layer]]] = {category: [] for category in CATEGORIES}
    for layer in load_layers().values():
        groups[layer.CATEGORY].append(layer)
    return {category: layers for category, layers in groups.items() if layers}


def find_layer(name: str) -> type[Layer]:
    """The layer of that name, in whatever case.

    Raises:
        UnknownNameError: where there is none; the text names those that may be meant.
    """
    registry = load_layers()
    wanted = name.strip().lower()
    for layer in registry.values():
        if layer.NAME.lower() == wanted:
            return layer
    called: dict[str, list[str]] = {}
    for layer in registry.values():
        for other in (layer.NAME, layer.TITLE, *layer.SYNONYMS, *layer.CONSOLE):
            called.setdefault(other.lower(), []).append(layer.NAME)
    exact = called.get(wanted, [])
    near = exact or [
        found for other in difflib.get_close_matches(wanted, called, n=2) for found in called[other]
    ]
    if not near:
        raise UnknownNameError(
            f'there is no layer "{name}"; kumitate layers without a name lists all of them'
        )
    names = " or ".join(f'"{one}"' for one in dict.fromkeys(near[:4]))
    raise UnknownNameError(f'there is no layer "{name}"; did you mean {names}?')


# --- as JSON -----------------------------------------------------------------------------------


def layer_values(layer: type[Layer]) -> dict[str, Any]:
    """Everything that is declared of a layer, as plain data."""
    example = example_layer(layer)
    card = layer_card(layer, code=example_lines(layer))
    return {
        "name": card.name,
        "title": card.title,
        "category": card.category,
        "synonyms": list(card.synonyms),
        "neural_network_console": list(card.console),
        "inputs": [_port_values(port) for port in example.inputs()],
        "outputs": [_port_values(port) for port in example.outputs()],
        "parameters": [_parameter_values(one) for one in layer.PARAMETERS.values()],
        "card": {
            "sentence": card.sentence,
            "formula": card.formula,
            "use": card.use,
            "mistakes": list(card.mistakes),
            "pytorch": list(card.code),
        },
    }


def all_layer_values() -> list[dict[str, Any]]:
    """All layers in the order of the palette."""
    return [layer_values(one) for group in layers_by_category().values() for one in group]


def _port_values(port: Port) -> dict[str, Any]:
    return {
        "name": port.name,
        "help": port.help,
        "optional": port.optional,
        "variadic": port.variadic,
    }


def _parameter_values(parameter: Parameter) -> dict[str, Any]:
    default = None if parameter.required else parameter.default
    return {
        "name": parameter.name,
        "label": parameter.label,
        "kind": parameter.kind,
        "expects": parameter.expects(),
        "required": parameter.required,
        "default": list(default) if isinstance(default, tuple) else default,
        "min": parameter.min,
        "max": parameter.max,
        "above": parameter.above,
        "choices": list(parameter.choices),
        "optional": parameter.optional,
        "advanced": parameter.advanced,
        "help": parameter.help,
    }


# --- as text -----------------------------------------------------------------------------------


def print_layers() -> None:
    """Name, title and sentence of every layer, one a line."""
    groups = layers_by_category()
    everything = [layer for group in groups.values() for layer in group]
    first = max(len(layer.NAME) for layer in everything)
    second = max(len(layer.TITLE) for layer in everything)
    columns = shutil.get_terminal_size().columns
    for category, layers in groups.items():
        click.secho(CATEGORIES[category], bold=True)
        for layer in layers:
            line = f"  {layer.NAME:<{first}}  {layer.TITLE:<{second}}"
            room = columns - len(line) - 2
            if room >= 45:
                line += f"  {textwrap.shorten(layer_card(layer).sentence, room, placeholder=' …')}"
            click.echo(line.rstrip())
        click.echo()
    click.echo(f"{len(everything)} layers. kumitate layers NAME shows all about one of them.")


def print_layer(layer: type[Layer]) -> None:
    """The whole card."""
    example = example_layer(layer)
    received = example_inputs(example)
    card = layer_card(
        layer,
        explanation=_explained(example, received),
        code=example_lines(layer),
    )
    click.secho(card.name, bold=True, nl=False)
    click.echo(f"  {card.title} ({CATEGORIES[card.category].lower()})")
    _paragraph(card.sentence)
    for title, text in (("Formula", card.formula), ("What it is for", card.use)):
        if text:
            _heading(title)
            _paragraph(text)
    if card.mistakes:
        _heading("Common mistakes")
        for mistake in card.mistakes:
            _paragraph(mistake, first="- ")
    _print_ports("Inputs", example.inputs())
    _print_ports("Outputs", example.outputs())
    if layer.PARAMETERS:
        _heading("Parameters")
        for parameter in layer.PARAMETERS.values():
            _print_parameter(parameter)
    _print_example(card, received)
    _print_names(card)


def _explained(layer: Layer, received: list[TensorSpec | None] | None) -> Explanation:
    """The arithmetic of an example."""
    if received is None:
        return Explanation()
    named: dict[str, TensorSpec | None] = {}
    waiting = list(received)
    for port in layer.inputs():
        while waiting and (name := free_name(port, named)) is not None:
            spec = waiting.pop(0)
            if spec is not None:
                named[name] = spec
            if not port.variadic:
                break
    return explain_all(infer_layer(layer, tuple(named.items())))


def _print_ports(title: str, ports: tuple[Port, ...]) -> None:
    if not ports:
        return
    _heading(title)
    for port in ports:
        words = [port.help] if port.help else []
        if port.variadic:
            words.append("Any number of links.")
        if port.optional:
            words.append("Need not be linked.")
        click.echo(f"    {port.name}" + (f"  {' '.join(words)}" if words else ""))


def _print_parameter(parameter: Parameter) -> None:
    default = "must be given" if parameter.required else f"default {_shown(parameter.default)}"
    expects = parameter.expects()
    click.echo(f"    {parameter.name}  ({parameter.label})")
    _paragraph(parameter.help, indent=8)
    _paragraph(f"{expects[:1].upper()}{expects[1:]}; {default}.", indent=8)


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))
    words = {None: "nothing", True: "true", False: "false", "": "empty"}
    if value is None or isinstance(value, bool | str):
        return words.get(value, str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _print_example(card: Card, received: list[TensorSpec | None] | None) -> None:
    if card.code:
        _heading("In PyTorch")
        for line in card.code:
            click.echo(f"    {line}")
    if card.arithmetic() and received is not None:
        coming = " and ".join(str(spec) for spec in received if spec is not None)
        _heading(f"Its arithmetic when {coming} comes in" if coming else "Its arithmetic")
        for computed in card.arithmetic():
            click.echo(f"    {computed}")


def _print_names(card: Card) -> None:
    for title, names in (
        ("Also called", card.synonyms),
        ("In Neural Network Console", card.console),
    ):
        if names:
            _heading(title)
            _paragraph(", ".join(names))


def _heading(text: str) -> None:
    click.echo()
    click.secho(f"  {text}", bold=True)


def _paragraph(text: str, *, indent: int = 4, first: str = "") -> None:
    for line in _wrapped(text, indent, first):
        click.echo(line)


def _wrapped(text: str, indent: int, first: str) -> Iterable[str]:
    columns = min(WIDEST, shutil.get_terminal_size().columns)
    start = " " * indent
    return textwrap.wrap(
        text,
        columns,
        initial_indent=start + first,
        subsequent_indent=start + " " * len(first),
        break_on_hyphens=False,
    )
