"""A shown text brought to another one by its lines: what stays is neither laid out nor coloured
again, and keeps the cursor that stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from PySide6.QtGui import QTextCursor, QTextDocument

FEW = 20
"""Changes that are made one by one. Together they are one from the first to the last of them, with
all that stays between."""


def replace_text(document: QTextDocument, text: str) -> None:
    """Bring a document to a text; only lines that differ are touched."""
    before, after = document.toPlainText().split("\n"), text.split("\n")
    first, last = _same_ends(before, after)
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    changes = [
        (first + start, end - start, new[begin:stop])
        for tag, start, end, begin, stop in SequenceMatcher(None, old, new).get_opcodes()
        if tag != "equal"
    ]
    cursor = QTextCursor(document)
    together = len(changes) > FEW
    if together:
        cursor.beginEditBlock()
    # From the end on, so that the numbers of the lines before stay right.
    for change in reversed(changes):
        _replace_lines(cursor, *change)
    if together:
        cursor.endEditBlock()


def _same_ends(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many of the others at the end."""
    shortest = min(len(before), len(after))
    first = 0
    while first < shortest and before[first] == after[first]:
        first += 1
    last = 0
    while last < shortest - first and before[-1 - last] == after[-1 - last]:
        last += 1
    return first, last


def _replace_lines(cursor: QTextCursor, line: int, count: int, lines: Sequence[str]) -> None:
    """Put lines in the place of `count` lines from `line` on, which may be the end of the text."""
    document = cursor.document()
    whole = "\n".join(lines)
    if line + count < document.blockCount():
        cursor.setPosition(document.findBlockByNumber(line).position())
        after = document.findBlockByNumber(line + count).position()
        cursor.setPosition(after, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(whole + "\n" if lines else "")
    elif line:
        before = document.findBlockByNumber(line - 1)
        cursor.setPosition(before.position() + before.length() - 1)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText("\n" + whole if lines else "")
    else:
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(whole)
