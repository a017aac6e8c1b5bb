"""The page of all templates is up to date, and shows each."""

import importlib.util
from pathlib import Path

from graph.templates import all_templates

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_page_is_up_to_date_and_shows_every_template():
    spec = importlib.util.spec_from_file_location("list_templates", DOCS / "list_templates.py")
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (DOCS / "TEMPLATES.md").read_text(encoding="utf-8")
    assert written == generator.text(), "run: uv run python docs/list_templates.py"
    for template in all_templates():
        picture = f"images/templates/{template.id}.png"
        assert picture in written
        assert (DOCS / picture).is_file(), "run: uv run python docs/list_templates.py"
