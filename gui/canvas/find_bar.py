"""The bar over the canvas with which nodes are found: by name, layer or problem, also in blocks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton

from graph.state import MAIN
from gui.canvas.view import CanvasView
from gui.editor import Editor
from gui.runs.parts import label
from gui.search.finding import Place, find_nodes

WIDTH, MARGIN = 372, 10
BESIDE_BREADCRUMB = 560
"""Width of a canvas below which the bar stands under the breadcrumb."""


class FindBar(QFrame):
    """Selects what is found in the shown block while one types; Enter and F3 go on to the next, in
    other blocks too."""

    def __init__(self, editor: Editor, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.setObjectName("find_bar")
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self._canvas = canvas
        self._known: tuple[object, object, str] = (None, None, "")
        self._found: list[Place] = []
        self.line = QLineEdit(self)
        self.line.setObjectName("find_text")
        self.line.setPlaceholderText(self.tr("Name, layer or problem"))
        self.line.setAccessibleName(self.tr("Find nodes by name, layer or problem"))
        self.line.textChanged.connect(self._typed)
        self.line.installEventFilter(self)
        self.count = label("", "muted", "find_count")
        self.count.setMinimumWidth(84)
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 6, 6)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(self.count)
        for name, sign, words, do in (
            ("previous", "↑", self.tr("Previous (Shift+Enter)"), self.previous),
            ("next", "↓", self.tr("Next (Enter)"), self.next),
            ("close", "×", self.tr("Close (Esc)"), self.close_bar),
        ):
            made = QToolButton(self)
            made.setObjectName(f"find_{name}")
            made.setText(sign)
            made.setToolTip(words)
            made.setAccessibleName(words)
            made.setFixedSize(24, 24)
            made.clicked.connect(do)
            row.addWidget(made)
        canvas.installEventFilter(self)
        editor.document.changed.connect(self._follow)
        editor.selection_changed.connect(self._follow)
        self.hide()

    def open(self) -> None:
        """Show it, with the keyboard in the field."""
        self.show()
        self._place_it()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        self._follow()

    def close_bar(self) -> None:
        """Hide it; what was found stays selected."""
        self.hide()
        self._canvas.setFocus()

    def found(self) -> list[Place]:
        """Everything that fits, what is in the shown block first."""
        return sorted(self._round(), key=lambda place: place.block != self._editor.block)

    def next(self) -> None:
        """Go to the next one."""
        self._step(1)

    def previous(self) -> None:
        """Go to the one before."""
        self._step(-1)

    # --- inside --------------------------------------------------------------------------------

    def _here(self) -> Place | None:
        chosen = self._editor.selection
        return Place(self._editor.block, next(iter(chosen))) if len(chosen) == 1 else None

    def _round(self) -> list[Place]:
        """What is found, in an order that does not depend on the block that is shown."""
        document, text = self._editor.document, self.line.text()
        # States and lists of problems are never changed, only replaced.
        state, problems, before = self._known
        if document.state is not state or document.problems is not problems or text != before:
            self._known = document.state, document.problems, text
            self._found = find_nodes(document.state, document.problems, text, MAIN)
        return self._found

    def _step(self, by: int) -> None:
        if not self.line.text():
            self.open()
            return
        found, here = self._round(), self._here()
        if not found:
            self._follow()
            return
        if here in found:
            place = found[(found.index(here) + by) % len(found)]
        else:
            place = self.found()[0 if by > 0 else -1]
        self._go_to(place)
        self._follow()

    def _go_to(self, place: Place) -> None:
        """Select it and bring it into view, also from under this bar."""
        self._editor.go_to(place.block, place.node)
        item = self._canvas.items_scene.node_items.get(place.node)
        if item is None or self.isHidden():
            return
        card = self._canvas.camera.transform().mapRect(item.card_on_canvas())
        bar = QRectF(self.geometry()).adjusted(-8.0, -8.0, 8.0, 8.0)
        if bar.intersects(card):
            self._canvas.pan(0.0, bar.bottom() - card.top())

    def _typed(self) -> None:
        found = [place for place in self.found() if place.block == self._editor.block]
        here = self._here()
        if found and here not in found:
            self._go_to(found[0])
        self._follow()

    def _follow(self, *_: object) -> None:
        if self.isHidden():
            return
        found, here = self._round(), self._here()
        if not self.line.text():
            text = ""
        elif not found:
            text = self.tr("nothing")
        elif here in found:
            text = self.tr("{n} of {count}").format(n=found.index(here) + 1, count=len(found))
        elif any(place.block == self._editor.block for place in found):
            text = self.tr("{count} found").format(count=len(found))
        else:
            text = self.tr("{count} in blocks").format(count=len(found))
        self.count.setText(text)

    def _place_it(self) -> None:
        room = self._canvas.width()
        width = min(WIDTH, room - 2 * MARGIN)
        height = self.sizeHint().height()
        top = MARGIN if room >= BESIDE_BREADCRUMB else 40
        self.setGeometry(room - width - MARGIN, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc of the field; stay in the corner of the canvas."""
        if watched is self._canvas and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place_it()
        if (
            watched is self.line
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                self._step(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)
