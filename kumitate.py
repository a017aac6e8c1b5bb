"""The command: without a verb it opens the window, with one it works in the terminal.

Only what belongs to a terminal is in here: arguments, tables, progress. The work is done by the
rooms; they are imported inside the verbs, so that each starts as fast as it can.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from data.dataset import SplitName
    from graph.state import Project
    from training.runs import Run

VERSION = "0.1.0"


class _Group(click.Group):
    """Verbs, or the name of a file to open in the window."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        from terminal.encoding import write_everything

        write_everything()
        return super().main(*args, **kwargs)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            if _looks_like_file(args[0]) or not _near(args[0], self.commands):
                return "open", self.commands["open"], args
            hint = _near(args[0], self.commands)
            ctx.fail(f'there is no verb or file "{args[0]}"; did you mean "{hint}"?')
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("KUMITATE_DEBUG"):
                raise
            from terminal.words import error_words

            raise click.ClickException(error_words(error)) from error


def _looks_like_file(text: str) -> bool:
    return os.path.exists(text) or text.endswith((".yaml", ".yml")) or os.sep in text


def _near(text: str, known: Iterable[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(text, list(known), n=1)), "")


F = TypeVar("F", bound=Callable[..., Any])


def _set_option(function: F) -> F:
    return click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="PATH=VALUE",
        help="Change a value of the project first, such as training.epochs=3.",
    )(function)


def _json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")(
        function
    )


@click.group(cls=_Group, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.version_option(VERSION, prog_name="kumitate")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Build neural networks by drag and drop.

    Without a verb the window opens; `kumitate FILE` opens a project in it.
    """
    if ctx.invoked_subcommand is None:
        _open_window(None)


@main.command("open", hidden=True)
@click.argument("file", required=False)
def open_(file: str | None) -> None:
    """Open the window."""
    _open_window(file)


def _open_window(file: str | None) -> None:
    from gui.application import run

    sys.exit(run(file))


@main.command()
@click.option(
    "--folder", default="kumitate-demo", show_default=True, help="Where to put the files."
)
def demo(folder: str) -> None:
    """Do the main job without a window: train LeNet on handwritten digits, evaluate, export."""
    from terminal.demo import run_demo

    run_demo(Path(folder))


@main.command()
@_json_option
def templates(as_json: bool) -> None:
    """List the ready-made networks."""
    from terminal.templates import print_templates

    print_templates(as_json=as_json)


@main.command()
@click.argument("name", required=False)
@_json_option
def layers(name: str | None, as_json: bool) -> None:
    """List the layers; with NAME, show all about one of them."""
    from terminal.layers import (
        all_layer_values,
        find_layer,
        layer_values,
        print_layer,
        print_layers,
    )
    from terminal.printing import print_json

    if as_json:
        print_json(all_layer_values() if name is None else layer_values(find_layer(name)))
    elif name is None:
        print_layers()
    else:
        print_layer(find_layer(name))


@main.command()
@click.argument("template")
@click.option("-o", "--output", required=True, metavar="FILE", help="The project file to write.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@_set_option
def new(template: str, output: str, force: bool, overrides: Sequence[str]) -> None:
    """Make a project file from a template."""
    from graph.files import save
    from graph.templates import load_template
    from terminal.command_line import command_line

    project = load_template(template, overrides=overrides)
    if Path(output).exists() and not force:
        raise click.ClickException(f"{output} exists already; choose another name or use --force")
    save(project, output)
    click.echo(f"{output}      open it: {command_line('kumitate', output)}")


@main.command()
@click.argument("source", metavar="FILE-or-TEMPLATE")
@click.argument("dataset")
@click.option("-o", "--output", metavar="FILE", help="The project file to write.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--with",
    "data_settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="A setting of the data, such as image_size=64.",
)
@click.option(
    "--keep-size", is_flag=True, help="Bring the data to the network's size, not the other way."
)
@_set_option
@_json_option
def adapt(
    source: str,
    dataset: str,
    output: str | None,
    force: bool,
    data_settings: Sequence[str],
    keep_size: bool,
    overrides: Sequence[str],
    as_json: bool,
) -> None:
    """Make a network fit a dataset: inputs, outputs and loss; prints what that changes."""
    from data.paths import with_relative_paths
    from graph.files import save
    from graph.templates import load_template
    from terminal.adapting import chosen_data, print_changes
    from terminal.command_line import command_line
    from terminal.printing import print_json
    from training.adapting import adapt

    if output is not None and Path(output).exists() and not force:
        raise click.ClickException(f"{output} exists already; choose another name or use --force")
    is_file = _looks_like_file(source)
    project = _load(source, overrides) if is_file else load_template(source, overrides=overrides)
    adapted = adapt(project, chosen_data(project, dataset, data_settings), keep_size=keep_size)
    if output is not None:
        save(with_relative_paths(adapted.project, Path(output).absolute().parent), output)
    if as_json:
        print_json(list(adapted.changes))
        return
    print_changes(adapted.changes)
    if output is None:
        click.echo("Nothing was written; name a file with -o to have it.")
    else:
        click.echo(f"{output}      open it: {command_line('kumitate', output)}")


@main.command()
@click.argument("file")
@_set_option
@_json_option
def check(file: str, overrides: Sequence[str], as_json: bool) -> None:
    """List everything that is wrong; exit status 1 if there is an error."""
    from terminal.checking import all_problems
    from terminal.printing import (
        print_json,
        print_legal_sizes,
        print_problems,
        problem_values,
    )

    project = _load(file, overrides)
    problems = all_problems(project)
    if as_json:
        print_json([problem_values(problem) for problem in problems])
    else:
        print_problems(problems)
        if any(problem.code == "size" for problem in problems):
            print_legal_sizes(project)
    sys.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


@main.command()
@click.argument("file")
@_set_option
@_json_option
def summary(file: str, overrides: Sequence[str], as_json: bool) -> None:
    """Show every node with its output size, parameters and multiply-adds, and the totals."""
    from terminal.printing import print_json, print_summary, summary_values

    project = _load(file, overrides)
    if as_json:
        print_json(summary_values(project))
    else:
        print_summary(project)


@main.command()
@click.argument("file")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of the terminal.")
@_set_option
def code(file: str, output: str | None, overrides: Sequence[str]) -> None:
    """Show the PyTorch module; its last class is the network."""
    from codegen.module import generate
    from graph.files import write_file

    text = generate(_load(file, overrides)).text
    if output is None:
        click.echo(text, nl=False)
    else:
        write_file(output, text)


@main.command()
@click.argument("file")
@click.option("--epochs", type=int, metavar="N", help="How often every sample is seen.")
@click.option("--batch-size", type=int, metavar="N", help="Samples per step.")
@click.option("--device", metavar="D", help="auto, cpu, cuda or mps.")
@click.option("--seed", type=int, metavar="N", help="The start of everything random.")
@click.option("--weights", metavar="FILE", help="Weights to start from: .pth or .safetensors.")
@_set_option
def train(file: str, overrides: Sequence[str], weights: str | None, **settings: object) -> None:
    """Train a project; prints the folder of the run at the end."""
    from terminal.checking import all_problems, stop_on_errors
    from terminal.following import train_in_worker

    given = [f"training.{key}={value}" for key, value in settings.items() if value is not None]
    if weights is not None:
        # As seen from here, not from the file; quoted, so that no name reads as anything else.
        given.append(f"training.weights={json.dumps(str(Path(weights).absolute()))}")
    project = _load(file, [*overrides, *given])
    stop_on_errors(all_problems(project))
    click.echo(str(train_in_worker(Path(file), project).folder))


@main.command()
@click.argument("run")
@click.option(
    "--split",
    type=click.Choice(["training", "validation", "test"]),
    default="test",
    show_default=True,
    help="The samples to judge on.",
)
@_json_option
def evaluate(run: str, split: SplitName, as_json: bool) -> None:
    """Judge the best weights of a run (the folder that `train` printed)."""
    from terminal.following import evaluate_in_worker
    from terminal.printing import print_json, print_report, report_values

    report = evaluate_in_worker(_run(run), split)
    if as_json:
        print_json(report_values(report))
    else:
        print_report(report)


@main.command()
@click.argument("run")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...")
@click.option("-o", "--output", default="masks", show_default=True, help="The folder for masks.")
@click.option("--tiles", is_flag=True, help="Masks at the images' own size, tile by tile.")
@click.option(
    "--sure", type=click.FloatRange(0, 1), default=0.2, show_default=True, help="For boxes."
)
@_json_option
def predict(
    run: str, images: Sequence[str], output: str, tiles: bool, sure: float, as_json: bool
) -> None:
    """Tell what a run sees in images: boxes, or the class of every pixel as PNG."""
    from terminal.predicting import print_predictions

    paths = [Path(image) for image in images]
    print_predictions(_run(run), paths, Path(output), tiles=tiles, sure=sure, as_json=as_json)


@main.command()
@click.argument("source", metavar="FILE-or-RUN")
@click.argument("folder")
@click.option("--force", is_flag=True, help="Overwrite files that are no earlier export.")
@_set_option
def export(source: str, folder: str, force: bool, overrides: Sequence[str]) -> None:
    """Write a folder to take home: model.py, weights, a README and a usage example."""
    from codegen.project import export_texts, refuse_other_files, write_texts

    if not force:
        refuse_other_files(folder)
    if Path(source).is_dir():
        if overrides:
            raise click.ClickException("--set cannot change a run: it has been trained already")
        from training.export import export_run

        written = export_run(_run(source), Path(folder))
    else:
        texts = export_texts(_load(source, overrides))
        write_texts(folder, texts)
        written = [Path(folder) / name for name in texts]
        click.echo("Without weights: the project was not trained. Export a run to have them.")
    for path in written:
        click.echo(str(path))


def _load(file: str, overrides: Sequence[str]) -> Project:
    from data.paths import with_absolute_paths
    from graph.files import load

    loaded = load(file, overrides=overrides)
    for note in loaded.notes:
        click.echo(f"Note: {note}", err=True)
    return with_absolute_paths(loaded.project, Path(file).absolute().parent)


def _run(folder: str) -> Run:
    from training.runs import Run

    run = Run(folder)
    damage = run.damage()
    if damage:
        raise click.ClickException(
            f"{damage} A run is a folder such as lenet.runs/2026-03-14_15-09-26; kumitate train "
            f"prints it."
            if not run.identity_path.exists()
            else damage
        )
    return run


if __name__ == "__main__":
    main()
