"""The application's only stylesheet, made from the tokens of gui/theme.py."""

from __future__ import annotations

from collections.abc import Mapping
from string import Template

_TEXT = """
* { font-size: 13px; }
QMainWindow, QDialog { background: $background; color: $text; }
QToolTip { background: $panel; color: $text; border: 1px solid $line; padding: 4px 8px; }
"""


def stylesheet(colors: Mapping[str, str]) -> str:
    """The stylesheet with the colours of one mode, by token."""
    return Template(_TEXT).substitute(colors)
