"""Colours for Python, from the tokens of the design."""

from __future__ import annotations

import keyword
import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gui.look.theme import theme

_KEYWORDS = "|".join((*keyword.kwlist, "self"))
_RULES = (
    ("comment", re.compile(r"#.*$")),
    ("string", re.compile(r"\"\"\".*?\"\"\"|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'")),
    ("keyword", re.compile(rf"\b(?:{_KEYWORDS})\b")),
    ("number", re.compile(r"(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?\b")),
    ("name", re.compile(r"(?<=\bclass )\w+|(?<=\bdef )\w+|(?<=\bnn\.)\w+")),
)
_TOKENS = {
    "comment": "muted",
    "string": "good",
    "keyword": "normalization",
    "number": "activation",
    "name": "convolution",
}
_DOCSTRING = 1


class PythonHighlighter(QSyntaxHighlighter):
    """Colours generated code. Where two rules meet, the one that begins first wins, as in Python:
    a `#` inside a text is no comment."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self._take_colors()
        theme().changed.connect(self._take_colors)

    def _take_colors(self) -> None:
        for name, token in _TOKENS.items():
            format_ = QTextCharFormat()
            format_.setForeground(QColor(theme().color(token)))
            self._formats[name] = format_
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        self.setCurrentBlockState(-1)
        start = 0
        if self.previousBlockState() == _DOCSTRING:
            end = text.find('"""')
            start = len(text) if end < 0 else end + 3
            self.setFormat(0, start, self._formats["string"])
            if end < 0:
                self.setCurrentBlockState(_DOCSTRING)
                return
        while start < len(text):
            found = [
                (match.start(), place, name, match)
                for place, (name, rule) in enumerate(_RULES)
                if (match := rule.search(text, start)) and match.end() > match.start()
            ]
            opening = text.find('"""', start)
            if not found and opening < 0:
                return
            begin, _, name, match = min(found, default=(len(text), 0, "", None))
            if 0 <= opening <= begin and not (match and match.group().startswith('"""')):
                self.setFormat(opening, len(text) - opening, self._formats["string"])
                self.setCurrentBlockState(_DOCSTRING)
                return
            if match is None:
                return
            self.setFormat(begin, match.end() - begin, self._formats[name])
            start = match.end()
