"""What the window has to tell that is no dialog: a text, and buttons with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a message: its words, and what it does. The message then goes away."""

    name: str
    text: str
    do: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a person should know.

    Attributes:
        key: a later message with the same key takes the place of an earlier one.
        title: one short line.
        text: what happened, where, and what to do.
        seconds: after how long it goes away by itself; 0 for never.
    """

    key: str
    title: str
    text: str = ""
    severity: Literal["info", "warning", "error"] = "info"
    choices: tuple[Choice, ...] = ()
    seconds: int = 0
