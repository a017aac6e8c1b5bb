"""The words of a note as they are drawn: Markdown that loads nothing from elsewhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from gui.look.theme import monospace

_FEATURES = (
    QTextDocument.MarkdownFeature.MarkdownDialectGitHub
    | QTextDocument.MarkdownFeature.MarkdownNoHTML
)


class NoteText(QTextDocument):
    """Headings, bold, lists, code and links, broken into lines of a width. Pictures are not loaded
    and HTML stays text, since notes come with files of other people."""

    def __init__(self, text: str, chosen: QFont, width: float, link: QColor) -> None:
        super().__init__()
        self.setDocumentMargin(0.0)
        self.setDefaultFont(chosen)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setDefaultTextOption(option)
        # A line stays a line, as it was typed; Markdown alone would join them.
        self.setMarkdown(text.replace("\n", "  \n"), _FEATURES)
        self._dress(chosen, link)
        self.setTextWidth(width)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing is loaded from anywhere."""
        return None

    def _dress(self, chosen: QFont, link: QColor) -> None:
        """Code and links in the look of the window."""
        code, shown = QTextCharFormat(), QTextCharFormat()
        code.setFont(monospace(max(chosen.pixelSize() - 0.5, 8.0)))
        code.setFontFixedPitch(True)
        shown.setForeground(link)
        for begin, end, dress in self._parts(code, shown):
            cursor = QTextCursor(self)
            cursor.setPosition(begin)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(dress)

    def _parts(
        self, code: QTextCharFormat, link: QTextCharFormat
    ) -> list[tuple[int, int, QTextCharFormat]]:
        """From where to where the text is code or a link, with the format for it."""
        found = []
        block = self.begin()
        while block.isValid():
            parts = block.begin()
            while not parts.atEnd():
                fragment = parts.fragment()
                begin, end = fragment.position(), fragment.position() + fragment.length()
                if fragment.charFormat().isAnchor():
                    found.append((begin, end, link))
                elif fragment.charFormat().fontFixedPitch():
                    found.append((begin, end, code))
                parts += 1
            block = block.next()
        return found

    def paint(self, painter: QPainter, color: QColor) -> None:
        """Draw it at the painter's origin."""
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, color)
        self.documentLayout().draw(painter, context)
