"""The colours of classes on masks: the same in files, reports and on every computer. No torch."""

from __future__ import annotations

import colorsys

from data.dataset import IGNORED

Color = tuple[int, int, int]

_BACKGROUND: Color = (0, 0, 0)
_UNKNOWN: Color = (224, 224, 192)
WRONG: Color = (255, 40, 40)
"""Of pixels that were taken for another class."""

_GOLDEN = 0.618033988749895
"""Steps of the golden ratio around the circle of hues never come close to each other soon."""


def class_color(label: int) -> Color:
    """Red, green and blue of a class, 0 to 255: black for the first, which is the background."""
    if label == 0:
        return _BACKGROUND
    if label == IGNORED:
        return _UNKNOWN
    hue = (0.5 + (label - 1) * _GOLDEN) % 1
    brightness = 1.0 if label % 2 else 0.8
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.8, brightness)
    return round(red * 255), round(green * 255), round(blue * 255)


CLASS_COLORS: tuple[Color, ...] = tuple(class_color(label) for label in range(256))
"""The palette of a mask's file."""
