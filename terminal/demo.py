"""The verb `demo`: the main job from a template to a folder to take home."""

from __future__ import annotations

from pathlib import Path

import click

from graph.files import load, save
from graph.templates import load_template
from terminal.checking import all_problems, stop_on_errors
from terminal.command_line import command_line
from terminal.following import evaluate_in_worker, train_in_worker
from terminal.printing import print_report, print_summary
from training.export import export_run


def run_demo(place: Path) -> None:
    """Train LeNet on handwritten digits, evaluate it, export it, all below a folder."""
    file = place / "lenet.yaml"
    _heading(1, "The network")
    if not file.exists():
        place.mkdir(parents=True, exist_ok=True)
        save(load_template("lenet5"), file)
    project = load(file).project
    print_summary(project)
    _heading(2, "Check")
    stop_on_errors(all_problems(project))
    click.echo("No problems. Everything fits together.")
    _heading(3, "Training on scikit-learn's 1,797 handwritten digits")
    run = train_in_worker(file, project)
    _heading(4, "Evaluation on digits that were held out")
    print_report(evaluate_in_worker(run, "test"))
    _heading(5, "Export")
    exported = place / "exported"
    export_run(run, exported)
    click.echo(f"Project   {file}      open it: {command_line('kumitate', file)}")
    click.echo(f"Run       {run.folder}")
    click.echo(
        f"Export    {exported}      try it: {command_line('python', exported / 'example.py')}"
    )


def _heading(number: int, text: str) -> None:
    click.secho(f"\n[{number}/5] {text}", bold=True)
