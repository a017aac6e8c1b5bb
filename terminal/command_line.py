"""Commands as a person types them, for hints at what to do next."""

from __future__ import annotations

import os
import shlex
import subprocess


def command_line(*words: object) -> str:
    """A command with quotes around what needs them, by `uv run` if we came here by it."""
    texts = [*(("uv", "run") if os.environ.get("UV") else ()), *map(str, words)]
    return subprocess.list2cmdline(texts) if os.name == "nt" else shlex.join(texts)
