"""Text that is read on grounds of any colour."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QColor


def readable_on(ground: QColor, texts: Iterable[QColor]) -> QColor:
    """Whichever of some colours is read better on the ground (WCAG 2.2, contrast ratio)."""
    return max(texts, key=lambda text: _contrast(text, ground))


def _contrast(one: QColor, other: QColor) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = map(linear, (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
