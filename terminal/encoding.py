"""How text leaves the command."""

from __future__ import annotations

import io
import sys


def write_everything() -> None:
    """Let files and pipes take UTF-8, whatever the code page of Windows is, and a terminal whatever
    it can show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding="utf-8")
