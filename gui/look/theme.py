"""The look: every colour, distance and font size of the window, in light and dark.

No other module names a colour. Widgets take theirs from one stylesheet and palette, painted items
ask `theme().color(...)` and repaint on `theme().changed`.
"""

from __future__ import annotations

import functools
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from gui.look.stylesheet import stylesheet

Mode = Literal["system", "light", "dark"]

TOKENS: dict[str, tuple[str, str]] = {
    "background": ("#f6f7f9", "#15181e"),
    "panel": ("#ffffff", "#1c2028"),
    "line": ("#e3e6eb", "#2c323d"),
    "text": ("#1d2330", "#e6e9ef"),
    "muted": ("#697183", "#98a1b3"),
    "accent": ("#3457d5", "#7c9aff"),
    "accent_soft": ("#eef1fb", "#232a3d"),
    "on_accent": ("#ffffff", "#10131a"),
    "good": ("#1a8f5a", "#4cc38a"),
    "warning": ("#b7791f", "#e0af5c"),
    "error": ("#c8323c", "#ff7a80"),
    "convolution": ("#3b6fd4", "#6f9bf0"),
    "pooling": ("#2c9c8f", "#4cc3b4"),
    "activation": ("#d9822b", "#f0a35a"),
    "normalization": ("#8a63d2", "#b091ee"),
    "merge": ("#c2548f", "#e283b5"),
    "linear": ("#4b57c0", "#8a94f0"),
    "shape": ("#7a8699", "#9aa6b8"),
    "ends": ("#5b6475", "#8d97a8"),
}
"""(light, dark) of every colour; the names are those of the design."""

CATEGORY_TOKENS = {
    "input and output": "ends",
    "convolution": "convolution",
    "pooling": "pooling",
    "linear": "linear",
    "activation": "activation",
    "normalization": "normalization",
    "regularization": "normalization",
    "merge": "merge",
    "shape": "shape",
    "recurrent": "linear",
    "attention": "linear",
    "arithmetic": "merge",
    "mathematics": "activation",
    "reduction": "pooling",
    "logic": "merge",
    "spectral": "convolution",
    "tensor": "ends",
    "quantization": "normalization",
    "gradient": "shape",
    "augmentation": "warning",
    "region": "pooling",
    "note": "warning",
    "block": "linear",
}
"""The colour of every category of layers; those that are used together differ."""

KIND_TOKENS = {
    "image": "convolution",
    "vector": "good",
    "sequence": "normalization",
    "volume": "pooling",
    "number": "shape",
    "labels": "warning",
    "logical": "merge",
    "": "muted",
}
"""The colour of a port, by the kind of what flows there."""

SPACE = 4
"""All distances are multiples of this many device-independent pixels."""
CORNER = 8
NODE_CORNER = 9
TEXT_SIZE, SMALL_SIZE, HEADING_SIZE = 13.0, 11.5, 15.0
"""Font sizes in device-independent pixels."""


class Theme(QObject):
    """The colours in force; follows the system unless the user chose."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mode: Mode = "system"
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    @property
    def mode(self) -> Mode:
        """What the user chose."""
        return self._mode

    @property
    def is_dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    def set_mode(self, mode: Mode) -> None:
        """Choose the colours; "system" follows the desktop."""
        self._mode = mode
        self.apply()

    def color(self, token: str) -> QColor:
        """The colour of a token of the design."""
        return QColor(TOKENS[token][1 if self.is_dark else 0])

    def category_color(self, category: str) -> QColor:
        """The colour of a category of layers ("block" for blocks)."""
        return self.color(CATEGORY_TOKENS.get(category, "shape"))

    def apply(self) -> None:
        """Give the application its palette and stylesheet, and tell painted items."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(self._palette())
            names = {name: self.color(name).name() for name in TOKENS}
            sizes = {"text": TEXT_SIZE, "small": SMALL_SIZE, "heading": HEADING_SIZE}
            application.setStyleSheet(stylesheet(names, sizes, dark=self.is_dark))
        self.changed.emit()

    def _system_changed(self) -> None:
        if self._mode == "system":
            self.apply()

    def _palette(self) -> QPalette:
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "panel",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "panel",
            QPalette.ColorRole.AlternateBase: "background",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.PlaceholderText: "muted",
            QPalette.ColorRole.Button: "panel",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.ToolTipBase: "panel",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.Link: "accent",
            QPalette.ColorRole.Mid: "line",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("muted"))
        return palette


@functools.cache
def theme() -> Theme:
    """The one theme of the application; needs a QApplication."""
    return Theme()


def font(size: float = TEXT_SIZE, *, bold: bool = False) -> QFont:
    """The system's interface font in a size of the design."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    chosen.setPixelSize(round(size))
    if bold:
        chosen.setWeight(QFont.Weight.DemiBold)
    return chosen


def monospace(size: float = SMALL_SIZE) -> QFont:
    """The system's monospace font, for code and sizes."""
    chosen = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    chosen.setPixelSize(round(size))
    return chosen
