"""Writes docs/TEMPLATES.md, all ready-made networks, and their pictures as the canvas shows them.

uv run python docs/list_templates.py [--text] [ID ...]

With `--text` only the page is written, with names only the pictures of these.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Collection
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PIL import Image
from PySide6.QtGui import QGuiApplication

from data.catalog import DATASETS
from graph.document import Document
from graph.inference import infer_block
from graph.state import MAIN, Project
from graph.templates import Template, all_templates, load_template
from gui.application import make_application
from gui.canvas.picture import picture_of
from gui.editor import Editor
from gui.fields.numbers import short, whole
from gui.look.theme import theme

FOLDER = Path(__file__).resolve().parent
FILE = FOLDER / "TEMPLATES.md"
PICTURES = FOLDER / "images" / "templates"
SHARPEST = 1800
"""Pixels of the longer side; a deep network is not readable in a page anyway."""
COLORS = 64

_INTRODUCTION = """\
# Templates

Made by `uv run python docs/list_templates.py` from the files in `templates/`; do not edit it by
hand. Every network is made of ordinary layers and blocks: take one apart, change it, train it.
`kumitate new ID -o FILE` writes one to a file. Multiply-adds are of one sample of the stated size.
"""


def text() -> str:
    """The whole page."""
    lines = [_INTRODUCTION]
    templates = all_templates()
    for task in dict.fromkeys(template.task for template in templates):
        lines += [f"## {task.capitalize()}", ""]
        for template in templates:
            if template.task == task:
                lines += _entry(template, load_template(template.id))
    return "\n".join(lines)


def _entry(template: Template, project: Project) -> list[str]:
    result = infer_block(project, MAIN)
    sizes = [str(result.nodes[name].outputs["out"]) for name in project.main.input_names()]
    facts = [
        f"`{template.id}`",
        f"input {' and '.join(sizes)}",
        f"{whole(result.parameters)} weights",
        f"{short(result.multiply_adds)} multiply-adds",
    ]
    name = project.data.get("dataset")
    if isinstance(name, str):
        facts.append(f"comes with the data “{DATASETS[name].TITLE}”")
    parts = [f"### {template.title}", " · ".join(facts), project.notes.strip()]
    parameters = [
        f"- `{parameter}` ({declared.default}): {declared.help}"
        for parameter, declared in project.main.parameters.items()
    ]
    if parameters:
        parts.append("Parameters of the generated class:\n" + "\n".join(parameters))
    if template.source:
        parts.append(f"From: {template.source}.")
    if template.result:
        parts.append(f"Published result: {template.result}.")
    if template.reached:
        parts.append(f"Reached with its settings ([more](results.md)): {template.reached}.")
    weights = project.about.get("weights")
    if isinstance(weights, dict):
        parts.append(
            f"Training can start from the published weights of torchvision's "
            f"`{weights['torchvision']}` (Train > Start from weights)."
        )
    parts.append(f"![{template.title} on the canvas](images/templates/{template.id}.png)")
    return [part for one in parts for part in (one, "")]


def draw(ids: Collection[str]) -> None:
    """Write the pictures of these templates, of all where none is named."""
    application = QGuiApplication.instance() or make_application(["kumitate"])
    theme().set_mode("light")
    PICTURES.mkdir(parents=True, exist_ok=True)
    for template in all_templates():
        if ids and template.id not in ids:
            continue
        editor = Editor(Document(load_template(template.id)))
        image = Image.open(io.BytesIO(picture_of(editor, "png").content)).convert("RGB")
        image.thumbnail((SHARPEST, SHARPEST), Image.Resampling.LANCZOS)
        path = PICTURES / f"{template.id}.png"
        image.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path)
    application.processEvents()


def main(arguments: list[str]) -> None:
    """Write what was asked for."""
    ids = [argument for argument in arguments if argument != "--text"]
    if not ids:
        FILE.write_text(text(), encoding="utf-8")
        print(FILE)
    if "--text" not in arguments:
        draw(ids)


if __name__ == "__main__":
    main(sys.argv[1:])
