"""Lint, formatting, types and the import rule: what a newcomer and CI must see in one command."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

COMMANDS = {
    "lint": [sys.executable, "-m", "ruff", "check", "."],
    "formatting": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "types": [sys.executable, "-m", "mypy"],
    "import rule": [shutil.which("lint-imports", path=Path(sys.executable).parent), "--no-cache"],
}


@pytest.mark.parametrize("what", COMMANDS)
def test_the_code_keeps_the_house_rules(what):
    done = subprocess.run(
        COMMANDS[what], cwd=ROOT, capture_output=True, text=True, check=False, timeout=280
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _sources():
    for folder in ("gui", "terminal", "graph", "codegen", "data", "evaluation", "training"):
        yield from (ROOT / folder).rglob("*.py")


def test_every_module_says_what_lives_there():
    empty = [p for p in _sources() if p.name == "__init__.py" and not p.read_text().strip()]
    undocumented = [
        path.relative_to(ROOT)
        for path in _sources()
        if path not in empty and not path.read_text(encoding="utf-8").startswith('"""')
    ]
    assert undocumented == []


def test_no_file_grows_past_400_lines():
    long = {
        str(path.relative_to(ROOT)): count
        for path in [*_sources(), ROOT / "kumitate.py"]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_the_documents_show_pictures_that_exist():
    missing = [
        f"{path.name}: {name}"
        for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for name in re.findall(r"[\w/-]*images/[\w/-]+\.png", path.read_text(encoding="utf-8"))
        if not (path.parent / name).is_file()
    ]
    assert missing == []
