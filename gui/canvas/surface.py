"""What all painted items of a canvas share: the pens and brushes of the theme, fonts, and the
level of detail. Items hold the surface and look nothing up while they paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen, QStaticText

from graph.direction import TOP_DOWN, Direction
from gui.canvas.curves import LinkStyle
from gui.canvas.measures import LINK_WIDTH, Level
from gui.canvas.preferences import canvas_preferences
from gui.look.theme import CATEGORY_TOKENS, KIND_TOKENS, SMALL_SIZE, TOKENS, font, monospace, theme

if TYPE_CHECKING:
    from gui.gestures.targets import LinkTargets

TITLE_LEVEL_SIZE = 22.0
NAME_BESIDE_SIZE, SIZE_LEVEL_SIZE = 17.0, 15.0
"""Of the name and the size of what comes out, seen from halfway."""
PORT_NAME_SIZE = 10.0
TOGETHER = 0.2
"""Letters side by side may be so much narrower or wider than one by one, which is far more than
they are."""
MOST_TEXTS = 4096
"""Laid out at the same time, besides those that are shown."""


def mixed(one: QColor, other: QColor, part: float) -> QColor:
    """`part` of one colour, the rest of the other."""
    rest = 1.0 - part
    return QColor.fromRgbF(
        one.redF() * part + other.redF() * rest,
        one.greenF() * part + other.greenF() * rest,
        one.blueF() * part + other.blueF() * rest,
    )


def quiet() -> QColor:
    """Muted text where it stands on the bare canvas, which is darker than a panel."""
    return mixed(theme().color("muted"), theme().color("text"), 0.9)


def pen(color: QColor, width: float = 1.0) -> QPen:
    """A pen with round ends."""
    return QPen(QBrush(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)


class _Letters(dict[str, float]):
    """The width of each letter, measured when it is asked for first."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        super().__init__()
        self._metrics = metrics

    def __missing__(self, letter: str) -> float:
        self[letter] = self._metrics.horizontalAdvance(letter)
        return self[letter]


def dashed(pen: QPen) -> QPen:
    """The outline of a node that is left out, and a link that leads to what it does not use."""
    result = QPen(pen)
    result.setStyle(Qt.PenStyle.CustomDashLine)
    result.setDashPattern([5.0 / pen.widthF(), 4.0 / pen.widthF()])
    return result


class Surface:
    """Pens, brushes and fonts of one canvas.

    Attributes:
        level: how much can be read at the present zoom.
        targets: while a link is dragged, where it may end.
        shares: of the nodes that have a bar, from 0 to 1; `counted` says of what.
        link_style: the course that links take between their ports.
        direction: the way in which data flows in the block that is shown.
        dots_shown: whether reroute points are drawn; in a picture, a dot would be a junction.
        revision: counts changes of theme and fonts; prepared texts of an older one are stale.
    """

    def __init__(self) -> None:
        self.level = Level.FULL
        self.targets: LinkTargets | None = None
        self.shares: dict[str, float] = {}
        self.counted = "nothing"
        self.revision = 0
        self.link_style: LinkStyle = canvas_preferences().link_style
        self.direction: Direction = TOP_DOWN
        self.dots_shown = True
        self.refresh()

    def refresh(self) -> None:
        """Take colours and fonts from the theme anew."""
        self.revision += 1
        self.is_dark = theme().is_dark
        self.colors = {token: theme().color(token) for token in TOKENS}
        self.categories = {
            category: QBrush(self.colors[token]) for category, token in CATEGORY_TOKENS.items()
        }
        self.kinds = {kind: self.colors[token] for kind, token in KIND_TOKENS.items()}
        self.unknown = QBrush(self.colors["shape"])
        colors = self.colors
        self.nothing = QBrush(Qt.BrushStyle.NoBrush)
        self.panel = QBrush(colors["panel"])
        self.background = QBrush(colors["background"])
        self.card = QBrush(mixed(colors["panel"], colors["line"], 0.88 if self.is_dark else 1.0))
        # Opaque, since Qt fills translucent shapes ten times as slowly.
        dark = QColor(20, 28, 45)
        self.shadows = [QBrush(mixed(dark, colors["background"], part)) for part in (0.04, 0.1)]
        self.border = pen(mixed(colors["line"], colors["muted"], 0.72 if self.is_dark else 0.82))
        self.hovered_border = pen(mixed(colors["muted"], colors["line"], 0.55))
        self.selected_border = pen(colors["accent"], 2.0)
        self.error_border = pen(colors["error"], 2.0)
        self.title_border = pen(self.border.color(), 2.0)
        self.text = pen(colors["text"])
        self.muted = pen(colors["muted"])
        self.quiet = pen(quiet())
        line = mixed(colors["muted"], colors["background"], 0.65)
        self.link = pen(line, LINK_WIDTH)
        self.link_idle = dashed(pen(mixed(colors["muted"], colors["background"], 0.45), LINK_WIDTH))
        self.link_hovered = pen(colors["text"], 2.4)
        self.link_selected = pen(colors["accent"], 2.6)
        self.link_wrong = pen(colors["error"], LINK_WIDTH)
        self.link_insert = pen(colors["accent"], 4.0)
        self.far_link = pen(line, 1.0)
        self.far_selected, self.far_wrong = pen(colors["accent"], 2.0), pen(colors["error"], 2.0)
        for far in (self.far_link, self.far_selected, self.far_wrong):
            far.setCosmetic(True)
        self.grid = mixed(colors["muted"], colors["background"], 0.2 if self.is_dark else 0.22)
        self._fonts()

    def _fonts(self) -> None:
        self.name_font = font(bold=True)
        self.small_font = font(SMALL_SIZE)
        self.port_font = font(PORT_NAME_SIZE)
        self.title_level_font = font(TITLE_LEVEL_SIZE, bold=True)
        self.halfway_font = font(NAME_BESIDE_SIZE, bold=True)
        self.halfway_size_font = monospace(SIZE_LEVEL_SIZE)
        self.size_font = monospace(11.0)
        self.badge_font = font(11.0, bold=True)
        self.metrics = {
            id(chosen): QFontMetricsF(chosen)
            for chosen in (
                self.name_font,
                self.small_font,
                self.port_font,
                self.title_level_font,
                self.halfway_font,
                self.halfway_size_font,
                self.size_font,
                self.badge_font,
            )
        }
        self._widths: dict[tuple[int, str], float] = {}
        self._letters = {key: _Letters(metrics) for key, metrics in self.metrics.items()}
        self._texts: dict[tuple[int, str], QStaticText] = {}

    def width(self, chosen: QFont, text: str) -> float:
        """The width of a text in one of the fonts above; remembered."""
        key = (id(chosen), text)
        found = self._widths.get(key)
        if found is None:
            found = self._widths[key] = self.metrics[id(chosen)].horizontalAdvance(text)
        return found

    def fits(self, chosen: QFont, text: str, room: float) -> bool:
        """Whether a text is no wider than that. Its letters one by one tell it mostly, without
        laying out the names of thousands of nodes when a network opens."""
        if (id(chosen), text) not in self._widths:
            letters = sum(map(self._letters[id(chosen)].__getitem__, text))
            if letters <= room * (1.0 - TOGETHER):
                return True
            if letters > room * (1.0 + TOGETHER):
                return False
        return self.width(chosen, text) <= room

    def static(self, text: str, chosen: QFont) -> QStaticText:
        """A text in one of the fonts above, laid out once: many nodes and links say the same."""
        key = (id(chosen), text)
        found = self._texts.get(key)
        if found is None:
            if len(self._texts) >= MOST_TEXTS:
                self._texts.clear()
            found = self._texts[key] = QStaticText(text)
            found.setTextFormat(Qt.TextFormat.PlainText)
            found.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
            found.prepare(font=chosen)
        return found

    def elided(self, chosen: QFont, text: str, room: float) -> str:
        """The text, or its beginning with "…" where there is no room for all of it."""
        if self.width(chosen, text) <= room:
            return text
        metrics = self.metrics[id(chosen)]
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room, 0.0))

    def stripe(self, category: str) -> QBrush:
        """The brush of a category of layers."""
        return self.categories.get(category, self.unknown)
