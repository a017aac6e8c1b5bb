"""The generated code of a few networks, word for word: what a change does to it shows in a diff."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.module import generate
from graph.files import load
from graph.state import Project
from graph.templates import all_templates, load_template

GOLDEN = Path(__file__).parent.parent / "files" / "golden"
PROJECTS = Path(__file__).parent.parent / "files" / "projects"

CASES = {template.id: template.id for template in all_templates()} | {
    path.stem: path for path in sorted(PROJECTS.glob("*.yaml"))
}


def _project(case: str) -> Project:
    source = CASES[case]
    return load(source).project if isinstance(source, Path) else load_template(source)


@pytest.mark.parametrize("case", CASES)
def test_code_is_as_before(case):
    text = generate(_project(case)).text
    path = GOLDEN / f"{case}.py"
    if os.environ.get("KUMITATE_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), (
        "set KUMITATE_UPDATE_GOLDEN=1 to accept the new code, then read the diff"
    )


@pytest.mark.parametrize("case", CASES)
def test_code_is_formatted_and_clean(case):
    text = generate(_project(case)).text
    for command in (["format", "--check", "--diff"], ["check", "--select=E,F,I,UP,B,SIM"]):
        ruff = [sys.executable, "-m", "ruff", command[0], "--isolated", *command[1:], "-"]
        done = subprocess.run(ruff, input=text, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("case", CASES)
def test_the_same_project_gives_the_same_code(case):
    assert generate(_project(case)).text == generate(_project(case)).text


def test_all_levels_of_a_unet_share_one_class():
    text = generate(_project("unet-levels")).text
    assert text.count("class DoubleConv") == 1
    assert text.count("class ") == 2
    assert text.count("DoubleConv(") == 1 + 5
