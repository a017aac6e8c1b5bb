"""Writes docs/layers.md: all layers, and where people who know Neural Network Console find theirs.

uv run python docs/list_layers.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from codegen.line import example_lines
from graph.card import layer_card
from graph.counterparts import CONSOLE_LAYERS, Counterpart, counterparts
from graph.layer import CATEGORIES, LAYERS
from graph.library import standard_library
from terminal.layers import layers_by_category

FILE = Path(__file__).resolve().parent / "layers.md"

_INTRODUCTION = """\
# Layers

Made by `uv run python docs/list_layers.py` from the declarations; do not edit it by hand.
`kumitate layers` lists the same in the terminal, and `kumitate layers NAME` shows all about one.
"""

_CONSOLE = """\
## Coming from Neural Network Console

Each of its {count} layers, by the groups of its palette, with what stands for it here. Its names
are found by the search of the palette too. Sizes are written in the same way, without the batch
and channels first; axes are counted as torch does, so that 1 is the channels and 0 the batch.
"""


def text() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_ours(), *_blocks(), *_theirs()]) + "\n"


def _ours() -> list[str]:
    lines: list[str] = []
    groups = layers_by_category()
    lines += [f"## The {sum(map(len, groups.values()))} layers", ""]
    for category, layers in groups.items():
        lines += [f"### {CATEGORIES[category]}", "", "| Layer | What it does | PyTorch |"]
        lines.append("|---|---|---|")
        for layer in layers:
            card = layer_card(layer, code=example_lines(layer))
            code = "<br>".join(f"`{_cell(line)}`" for line in _joined(card.code))
            title = f"**{_cell(card.title)}**<br>{card.name}"
            lines.append(f"| {title} | {_cell(card.sentence)} | {code} |")
        lines.append("")
    return lines


def _joined(lines: Iterable[str]) -> list[str]:
    """A call that was broken into several lines in one again."""
    joined: list[str] = []
    for line in lines:
        if joined and (line.startswith(" ") or line == ")"):
            joined[-1] += ("" if joined[-1].endswith("(") or line == ")" else " ") + line.strip()
        else:
            joined.append(line)
    return joined


def _blocks() -> list[str]:
    lines = ["## Blocks that come with it", "", "| Block | What it does |", "|---|---|"]
    for block in standard_library().blocks:
        lines.append(f"| **{_cell(block.title)}** | {_cell(' '.join(block.help.split()))} |")
    return [*lines, ""]


def _theirs() -> list[str]:
    found = counterparts()
    lines = [_CONSOLE.format(count=len(found))]
    for group, names in CONSOLE_LAYERS.items():
        lines += [f"### {group}", "", "| Neural Network Console | Here |", "|---|---|"]
        lines += [f"| {name} | {_counterpart(found[name])} |" for name in names]
        lines.append("")
    return lines


def _counterpart(one: Counterpart | None) -> str:
    if one is None:
        return "**missing**"
    if one.kind == "layer":
        return ", ".join(f"{LAYERS[name].TITLE} (`{name}`)" for name in one.layers)
    words = {"block": "Block. ", "setting": "Setting. ", "none": "None. "}[one.kind]
    return _cell(words + one.text)


def _cell(text: str) -> str:
    """A text that does not end its cell of a table."""
    return text.replace("|", "\\|")


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(FILE)
