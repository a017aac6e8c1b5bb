"""A document becomes exactly the other text, and what stays in it is left alone."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QSyntaxHighlighter, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit

from gui.panels.replacing import replace_text

LINES = st.lists(st.sampled_from(["", "a", "b", "self.conv1 = 1", "x = x"]), max_size=9)


@given(LINES, LINES)
def test_any_text_becomes_any_other(qapp, before, after):
    document = QTextDocument("\n".join(before))
    replace_text(document, "\n".join(after))
    assert document.toPlainText() == "\n".join(after)


class Colours(QSyntaxHighlighter):
    """Colours nothing and remembers the lines that it was asked for."""

    def __init__(self, document):
        super().__init__(document)
        self.lines = []

    def highlightBlock(self, text):  # noqa: N802 - Qt's name
        self.lines.append(text)


def test_only_the_lines_that_differ_are_touched(qapp):
    lines = [f"line {number}" for number in range(100)]
    edit = QPlainTextEdit("\n".join(lines))
    colours = Colours(edit.document())
    colours.rehighlight()
    colours.lines.clear()
    cursor = QTextCursor(edit.document().findBlockByNumber(50))
    lines[3] = "another"
    lines.insert(90, "new")
    replace_text(edit.document(), "\n".join(lines))
    assert edit.toPlainText() == "\n".join(lines)
    assert cursor.block().text() == "line 50"
    assert {"another", "new"} <= set(colours.lines)
    assert len(colours.lines) <= 6, "beside them at most the lines before and behind"
