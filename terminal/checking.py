"""What is wrong with a project, before a verb goes on with it."""

from __future__ import annotations

import click

from graph.check import check_project
from graph.inference import infer_block
from graph.problem import Problem
from graph.state import MAIN, Project
from terminal.printing import print_problems
from training.check import task_problems


def all_problems(project: Project) -> list[Problem]:
    """Those of the network by itself, and those of network, data and training together."""
    return check_project(project) + task_problems(project, infer_block(project, MAIN))


def stop_on_errors(problems: list[Problem]) -> None:
    """Print the problems and end the verb where one is an error.

    Raises:
        click.ClickException: there is an error.
    """
    if any(problem.severity == "error" for problem in problems):
        print_problems(problems)
        raise click.ClickException("The project has errors; correct them first")
