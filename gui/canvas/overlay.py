"""What lies over the canvas without scrolling: the common look of those parts."""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.canvas.surface import quiet
from gui.look.theme import TOKENS, theme


class Dress(QObject):
    """Gives a widget a stylesheet written with the theme's tokens (`$accent`) and `$quiet`, and
    again whenever the theme changes; it goes with the widget."""

    def __init__(self, widget: QWidget, sheet: str) -> None:
        super().__init__(widget)
        self._widget = widget
        self._sheet = Template(sheet)
        theme().changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        names = {token: theme().color(token).name() for token in TOKENS}
        self._widget.setStyleSheet(self._sheet.substitute(names, quiet=quiet().name()))


class CursorNote(QLabel):
    """A few words beside the mouse: why a link is refused, or would not fit."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("canvas_note")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.hide()
        Dress(
            self,
            "#canvas_note { background: $panel; color: $error; border: 1px solid $error;"
            " border-radius: 6px; padding: 4px 8px; }"
            "#canvas_note[grave=false] { color: $text; border-color: $warning; }",
        )

    def say(self, text: str, pixel: QPointF, *, grave: bool = True) -> None:
        """Show a text beside a pixel of the view; nothing hides it. What is not grave can be done
        all the same."""
        if not text:
            self.hide()
            return
        if self.property("grave") != grave:
            self.setProperty("grave", grave)
            self.style().polish(self)
        self.setText(text)
        width = min(300, self.fontMetrics().horizontalAdvance(text) + 28)
        self.setFixedWidth(width)
        self.setFixedHeight(self.heightForWidth(width))
        frame = self._canvas.rect()
        left = min(round(pixel.x()) + 16, frame.right() - width - 4)
        top = min(round(pixel.y()) + 18, frame.bottom() - self.height() - 4)
        self.move(max(left, 4), max(top, 4))
        self.show()
        self.raise_()


class EmptyNote(QLabel):
    """What goes on an empty canvas, and how to begin."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_empty")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setText(
            self.tr(
                "<p><b>Your network goes here</b></p>"
                "<p>Drag an Input from the palette, then layers, then an Output,<br>"
                "and draw links from port to port.</p>"
                "<p>A double-click on a layer adds it below the selected node.</p>"
            )
        )
        Dress(self, "#canvas_empty { color: $quiet; background: transparent; }")
