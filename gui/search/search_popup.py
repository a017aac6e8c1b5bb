"""A field with a list below it, over the window: type, choose by arrow keys and Enter, Esc leaves.

It knows nothing of what it offers; gui/search/offers.py says what an offer is and what fits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from gui.look.theme import SMALL_SIZE, TEXT_SIZE, font, monospace, theme
from gui.runs.parts import label
from gui.search.offers import Offer, rank

ROW = 30
WIDTH, LIST_HEIGHT = 620, 12 * ROW
MARGIN = 8
OFFER_ROLE = Qt.ItemDataRole.UserRole
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_MOVES = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}

Index = QModelIndex | QPersistentModelIndex


class OfferModel(QAbstractListModel):
    """The offers that fit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.offers: list[Offer] = []

    def show_offers(self, offers: list[Offer]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self.offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """One row per offer."""
        return 0 if parent is not None and parent.isValid() else len(self.offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Its title; all of it for a screen reader and for the painting."""
        offer = self.offers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return offer.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(p for p in (offer.title, offer.sort, offer.keys, offer.why_not) if p)
        return offer if role == OFFER_ROLE else None


class OfferDelegate(QStyledItemDelegate):
    """Title on the left; sort and keys on the right."""

    def sizeHint(self, option: Any, index: Index) -> QSize:
        """All rows are alike."""
        return QSize(200, ROW)

    def paint(self, painter: QPainter, option: Any, index: Index) -> None:
        """Draw one offer."""
        offer: Offer = index.data(OFFER_ROLE)
        colors = theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = QRectF(option.rect).adjusted(4, 1, -4, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(row, 7, 7)
        place = row.adjusted(10, 0, -10, 0)
        if offer.category:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.category_color(offer.category))
            painter.drawRoundedRect(QRectF(place.left(), row.center().y() - 5, 10, 10), 3, 3)
        place.adjust(20, 0, 0, 0)
        painter.setPen(colors.color("muted"))
        self._write_right(painter, place, offer.keys, monospace())
        title = font(TEXT_SIZE)
        wanted = QFontMetrics(title).horizontalAdvance(offer.title)
        beside = QRectF(place)
        beside.setLeft(place.left() + wanted + 16)
        small = font(SMALL_SIZE)
        # A word of which little is left says nothing; the title needs the room.
        least = min(QFontMetrics(small).horizontalAdvance(offer.sort), place.width() * 0.3)
        if beside.width() >= least:
            place.setRight(self._write_right(painter, beside, offer.sort, small))
        painter.setPen(colors.color("muted" if offer.why_not else "text"))
        _write(painter, place, offer.title, title)
        painter.restore()

    def _write_right(self, painter: QPainter, place: QRectF, text: str, chosen: QFont) -> float:
        """Write at the right edge, and take that room away; gives what is left."""
        if text:
            used = _write(painter, place, text, chosen, Qt.AlignmentFlag.AlignRight)
            place.setRight(place.right() - used - 12)
        return place.right()


def _write(
    painter: QPainter,
    place: QRectF,
    text: str,
    chosen: QFont,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    metrics = QFontMetrics(chosen)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(place.width())))
    painter.setFont(chosen)
    painter.drawText(place, side | _MIDDLE, shown)
    return metrics.horizontalAdvance(shown)


class SearchPopup(QFrame):
    """The popup; a child of the widget that it lies over, gone when the keyboard goes elsewhere.

    Signals:
        chosen(offer): it was chosen, and done.
        closed(): it is no longer to be seen.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(
        self, name: str, words: str, parent: QWidget, *, nothing: str = "", width: int = WIDTH
    ) -> None:
        """Make the popup, hidden.

        Args:
            name: its object name.
            words: what can be searched, as the placeholder of the field.
            nothing: what to say where nothing fits.
        """
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "popup")
        self.setAccessibleName(words)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._host = parent
        self._width = width
        self._nothing = nothing or self.tr("Nothing fits. Fewer letters find more.")
        self._offers: list[Offer] = []
        self._last_used: list[str] = []
        self._before: QWidget | None = None
        self._place: QPoint | None = None
        self.line = QLineEdit(self)
        self.line.setObjectName(f"{name}_text")
        self.line.setProperty("role", "search")
        self.line.setPlaceholderText(words)
        self.line.setAccessibleName(words)
        self.line.textChanged.connect(self._search)
        self.model = OfferModel(self)
        self.view = QListView(self)
        self.view.setObjectName(f"{name}_list")
        self.view.setAccessibleName(self.tr("What fits"))
        self.view.setModel(self.model)
        self.view.setItemDelegate(OfferDelegate(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._choose)
        self.view.selectionModel().currentChanged.connect(self._explain)
        self.note = label("", "muted", f"{name}_note", wrap=True)
        self.note.setContentsMargins(6, 2, 6, 2)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.view, 1)
        column.addWidget(self.note)
        self.hide()

    def open(
        self,
        offers: Iterable[Offer],
        last_used: Iterable[str] = (),
        place: QPoint | None = None,
    ) -> None:
        """Show offers, with an empty field that has the keyboard.

        Args:
            last_used: keys of what was chosen before, the last first.
            place: the upper left corner, in the widget that it lies over; in the middle above
                without one.
        """
        self._offers, self._last_used = list(offers), list(last_used)
        if self.isHidden():
            self._before = QApplication.focusWidget()
            QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._place = place
        self.line.clear()
        self._search("")
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popup(self) -> None:
        """Hide it, and give the keyboard back to where it was."""
        if self.isHidden():
            return
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        had_keyboard, before = self.line.hasFocus(), self._before
        self._before = None
        self.hide()
        if had_keyboard and before is not None:
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    @property
    def current(self) -> Offer | None:
        """The offer that Enter chooses."""
        index = self.view.currentIndex()
        return index.data(OFFER_ROLE) if index.isValid() else None

    def choose_current(self) -> None:
        """Do the current offer; one that cannot be done says why and stays."""
        offer = self.current
        if offer is None or offer.why_not:
            return
        self.close_popup()
        offer.do()
        self.chosen.emit(offer)

    # --- inside --------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        self.model.show_offers(rank(self._offers, text, self._last_used))
        if self.model.offers:
            self.view.setCurrentIndex(self.model.index(0, 0))
            self.view.scrollToTop()
        self._explain()
        self._fit_size()

    def _explain(self, *_: object) -> None:
        offer = self.current
        text = self._nothing if offer is None else offer.why_not or offer.help
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _fit_size(self) -> None:
        """As large as needed, and inside of what it lies over."""
        frame = self._host.rect()
        width = min(self._width, frame.width() - 2 * MARGIN)
        offers = self.model.offers
        rows = min(LIST_HEIGHT, len(offers) * ROW + 2)
        self.view.setVisible(bool(offers))
        # As high whichever is chosen: the list stays where it is also where there is a reason to
        # be read, and shows whole rows.
        longest = max((one.why_not or one.help for one in offers), key=len, default=self._nothing)
        room, wrap = QRect(0, 0, width - 2 * MARGIN - 12, 1000), Qt.TextFlag.TextWordWrap
        words = self.note.fontMetrics().boundingRect(room, wrap, longest).height() + 10
        self.note.setFixedHeight(words - 6)
        others = self.line.sizeHint().height() + 24 + (words if longest else 0)
        height = min(rows + others, frame.height() - 2 * MARGIN)
        place = self._place or QPoint((frame.width() - width) // 2, min(72, frame.height() // 8))
        left = max(MARGIN, min(place.x(), frame.right() - width - MARGIN))
        top = max(MARGIN, min(place.y(), frame.bottom() - height - MARGIN))
        self.setGeometry(QRect(left, top, width, height))

    def _choose(self, index: QModelIndex) -> None:
        self.view.setCurrentIndex(index)
        self.choose_current()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field walk through the list; a click elsewhere closes it."""
        if watched is self.line:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._press(event)
            if event.type() == QEvent.Type.FocusOut and QApplication.activePopupWidget() is None:
                self.close_popup()
        elif event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if watched is not self and not self.isAncestorOf(watched):
                self.close_popup()
        elif watched is self._host and event.type() == QEvent.Type.Resize:
            self._fit_size()
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        actions: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_Return: self.choose_current,
            Qt.Key.Key_Enter: self.choose_current,
            Qt.Key.Key_Escape: self.close_popup,
            Qt.Key.Key_Tab: lambda: self._move(1),
            Qt.Key.Key_Backtab: lambda: self._move(-1),
        }
        if key in _MOVES:
            self._move(_MOVES[key])
        elif key in actions:
            actions[key]()
        else:
            return False
        return True

    def _move(self, rows: int) -> None:
        last = len(self.model.offers) - 1
        if last < 0:
            return
        now = self.view.currentIndex().row()
        # One step beyond an end comes out at the other; a page stops there.
        wanted = (now + rows) % (last + 1) if abs(rows) == 1 else min(max(now + rows, 0), last)
        self.view.setCurrentIndex(self.model.index(wanted, 0))
