"""The ready-made networks as a list."""

from __future__ import annotations

import dataclasses

import click

from graph.templates import all_templates
from terminal.printing import print_json


def print_templates(*, as_json: bool) -> None:
    """All of them, with what they are and what they reached."""
    if as_json:
        print_json([dataclasses.asdict(template) for template in all_templates()])
        return
    for template in all_templates():
        click.secho(template.id, bold=True, nl=False)
        click.echo(f"  {template.title} ({template.task})")
        click.echo(click.wrap_text(template.description, 80, "    ", "    "))
        if template.result:
            click.echo(f"    Published: {template.result}.")
        if template.reached:
            click.echo(click.wrap_text(f"Reached here: {template.reached}.", 80, "    ", "    "))
