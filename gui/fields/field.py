"""One widget per kind of parameter, made from its declaration.

A field shows a value of the model and says what the user made of it. It knows nothing of nodes or
projects, so that layers, blocks, data and training can all use it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QStyle,
    QStyleOptionFrame,
    QToolButton,
    QWidget,
)

from graph.declare import ArgumentError, Parameter
from graph.expression import ExpressionError, contains_expression
from gui.fields.completion import NameCompleter
from gui.fields.steppers import Steppers
from gui.fields.value_text import parse_value, value_text, words_of

FIELD_WIDTH = 116
STEPPED = ("integer", "pair", "triple")
"""Kinds of whole numbers that can be made larger and smaller by one."""
LIST_WIDTH = 150
"""For several numbers, such as 3 × 1024 × 1024."""


def mark_wrong(widget: QWidget, wrong: bool) -> None:
    """Give a field the border of an error, or take it away."""
    if bool(widget.property("wrong")) != wrong:
        widget.setProperty("wrong", wrong)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class LineEdit(QLineEdit):
    """A line that leaves undo to the project, and can be taken back with Escape.

    Every legal text is an edit of the project at once, so a second history inside the field would
    only get in the way of the first.

    Signals:
        left(): the keyboard went elsewhere or Enter was pressed.
        entered(): the keyboard came.
        cancelled(): Escape.
        stepped(steps): arrow keys up and down.
    """

    left = Signal()
    entered = Signal()
    cancelled = Signal()
    stepped = Signal(int)

    def event(self, event: QEvent) -> bool:
        """Let the window's undo and redo pass."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)
            if any(event.matches(key) for key in keys):
                event.ignore()
                return False
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say with "…" that a text goes on, as long as it is not being written."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style = self.style()
        inside = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        # Two pixels on each side are the field's own.
        room = inside.adjusted(2, 0, -2, 0)
        metrics = self.fontMetrics()
        if self.hasFocus() or metrics.horizontalAdvance(self.text()) <= room.width():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().text().color())
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(room, left, shown)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Steps, Escape, and everything else as usual."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Up else -1)
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self.left.emit()


class Field(QWidget):
    """The field of a parameter.

    Signals:
        edited(value): the user gave a legal value.
        refused(text): what was given is not legal, with the reason; empty when it is again.
        entered(): the keyboard is in the field; its help may be shown.
        left(): an edit is complete; further ones are another step of undo.
    """

    edited = Signal(object)
    refused = Signal(str)
    entered = Signal()
    left = Signal()

    def __init__(
        self,
        parameter: Parameter,
        *,
        names: Collection[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Make the field of a parameter.

        Args:
            names: the block's parameters, over which `= channels * 2` may be given.
        """
        super().__init__(parent)
        self.parameter = parameter
        self.value: Any = None
        self._given: Any = None
        self.expressions = bool(names)
        self._mixed = False
        self.line = LineEdit(self)
        self.line.setObjectName(f"line_{parameter.name}")
        self.names = NameCompleter(self.line, names) if names else None
        self.choice: QWidget | None = self._make_choice()
        self.toggle = QToolButton(self)
        self._build()

    def _build(self) -> None:
        parameter = self.parameter
        self.setObjectName(f"field_{parameter.name}")
        if parameter.kind != "text":
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.line.textEdited.connect(self._text_edited)
        self.line.entered.connect(self.entered)
        self.line.left.connect(self.left)
        self.line.cancelled.connect(self._take_back)
        self.line.stepped.connect(self._step)
        if parameter.kind in STEPPED:
            self.steppers = Steppers(self.line, lambda: self._stepped(1) is not None)
            self.steppers.stepped.connect(self._step)
        self.toggle.setObjectName(f"expression_{parameter.name}")
        self.toggle.setText("=")
        self.toggle.setCheckable(True)
        self.toggle.setVisible(self.choice is not None and self.expressions)
        tip = self.tr("Compute this from the block's parameters")
        self.toggle.setToolTip(tip)
        self.toggle.setAccessibleName(tip)
        self.toggle.toggled.connect(self._toggled)
        for widget in (self.line, *([self.choice] if self.choice else [])):
            widget.setAccessibleName(parameter.label)
            widget.setAccessibleDescription(parameter.help)
            widget.setToolTip(parameter.help)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.toggle)
        if self.choice is not None:
            layout.addWidget(self.choice, 1)
            self.line.hide()
            self.setFocusProxy(self.choice)
            self.choice.installEventFilter(self)
        else:
            self.setFocusProxy(self.line)
        layout.addWidget(self.line, 1)
        if parameter.path is not None:
            layout.addWidget(self._browse_button())
            return
        width = LIST_WIDTH if parameter.kind in ("sizes", "numbers") else FIELD_WIDTH
        self.setFixedWidth(width + (24 if not self.toggle.isHidden() else 0))

    def _browse_button(self) -> QToolButton:
        """Choosing a place with the system's dialog."""
        button = QToolButton(self)
        button.setObjectName(f"browse_{self.parameter.name}")
        button.setText("…")
        tip = self.tr("Choose with a dialog")
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.clicked.connect(self._browse)
        return button

    def _browse(self) -> None:
        here = self.line.text()
        if self.parameter.path == "folder":
            chosen = QFileDialog.getExistingDirectory(self, self.parameter.label, here)
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, self.parameter.label, here)
        if chosen:
            self.line.setText(chosen)
            self._text_edited(chosen)
            self.left.emit()

    def _make_choice(self) -> QWidget | None:
        kind = self.parameter.kind
        if kind == "switch":
            box = QCheckBox(self)
            box.setObjectName(f"switch_{self.parameter.name}")
            box.clicked.connect(self._clicked)
            return box
        if kind == "choice":
            combo = QComboBox(self)
            combo.setObjectName(f"choice_{self.parameter.name}")
            if self.parameter.optional:
                combo.addItem(self.tr("none"), None)
            for value in self.parameter.choices:
                combo.addItem(str(value), value)
            combo.activated.connect(self._chosen)
            # The wheel scrolls the form; it must not change a setting in passing.
            combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            return combo
        return None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice the keyboard on a choice, and keep the wheel off it."""
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        elif event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    # --- from the model ----------------------------------------------------------------------

    def show_value(self, value: Any) -> None:
        """Show what the model holds; what the user is writing is left alone while it means the
        same, and also while it means nothing yet and nobody else changed the value."""
        as_text = contains_expression(value)
        if self.choice is not None and as_text != self.toggle.isChecked():
            self.toggle.blockSignals(True)
            self.toggle.setChecked(as_text)
            self.toggle.blockSignals(False)
            self._show_line(as_text)
        is_own = not self._mixed and value in (self.value, self._given)
        self.value = self._given = value
        self._mixed = False
        self.line.setPlaceholderText(self.tr("not set") if value is None else "")
        if isinstance(self.choice, QCheckBox) and not as_text:
            self.choice.setTristate(False)
            self.choice.setChecked(bool(value))
            self.choice.setText(self.tr("yes") if value else self.tr("no"))
        elif isinstance(self.choice, QComboBox) and not as_text:
            self.choice.setCurrentIndex(self.choice.findData(value))
        if self.choice is None or as_text:
            self._show_text(value, is_own)

    def _show_text(self, value: Any, is_own: bool) -> None:
        if self.line.hasFocus():
            try:
                same = parse_value(self.parameter, self.line.text()) == value
            except (ArgumentError, ExpressionError):
                if is_own and self.line.isModified():
                    return
                same = False
            if same:
                self._say("")
                return
        self.line.setText(value_text(value))
        self.line.setCursorPosition(0)
        self._say("")

    def show_mixed(self) -> None:
        """Several nodes are selected and their values differ."""
        self._mixed = True
        if isinstance(self.choice, QCheckBox):
            self.choice.setTristate(True)
            self.choice.setCheckState(Qt.CheckState.PartiallyChecked)
            self.choice.setText(self.tr("several values"))
        elif isinstance(self.choice, QComboBox):
            self.choice.setCurrentIndex(-1)
            self.choice.setPlaceholderText(self.tr("several values"))
        else:
            self.line.clear()
            self.line.setPlaceholderText(self.tr("several values"))
        self._say("")

    # --- from the user -------------------------------------------------------------------------

    def _text_edited(self, text: str) -> None:
        try:
            value = parse_value(self.parameter, text)
            if contains_expression(value) and not self.expressions:
                raise ExpressionError(
                    self.tr("An expression needs a block with parameters; add one first")
                )
        except (ArgumentError, ExpressionError) as error:
            self._say(words_of(error))
            return
        self._say("")
        self._given = value
        self.edited.emit(value)

    def _say(self, text: str) -> None:
        mark_wrong(self.line, bool(text))
        self.refused.emit(text)

    def _take_back(self) -> None:
        if self._mixed:
            self.show_mixed()
            return
        self.line.setText(value_text(self.value))
        self._say("")
        self.line.selectAll()

    def _step(self, steps: int) -> None:
        stepped = self._stepped(steps)
        if stepped is None:
            return
        try:
            self.parameter.check(stepped)
        except ArgumentError:
            return
        self.line.setText(value_text(stepped))
        self._say("")
        self._given = stepped
        self.edited.emit(stepped)

    def _stepped(self, steps: int) -> Any:
        """What is written, so much larger; None where that means nothing."""
        if self.parameter.kind not in STEPPED:
            return None
        try:
            # What is written may be newer than what the model has told.
            value = parse_value(self.parameter, self.line.text())
        except (ArgumentError, ExpressionError):
            return None
        if self._mixed or contains_expression(value) or isinstance(value, bool):
            return None
        if isinstance(value, int):
            return value + steps
        if isinstance(value, tuple):
            return tuple(element + steps for element in value)
        return None

    def _clicked(self, checked: bool) -> None:
        if isinstance(self.choice, QCheckBox):
            self.choice.setTristate(False)
            checked = self.choice.isChecked()
        self.edited.emit(checked)
        self.left.emit()

    def _chosen(self, index: int) -> None:
        if isinstance(self.choice, QComboBox):
            self.edited.emit(self.choice.itemData(index))
            self.left.emit()

    def _toggled(self, on: bool) -> None:
        self._show_line(on)
        if on:
            self.line.setText("= ")
            self.line.setFocus()
        elif contains_expression(self.value) and not self.parameter.required:
            self.edited.emit(self.parameter.default)
        else:
            self._say("")

    def _show_line(self, on: bool) -> None:
        if self.choice is not None:
            self.line.setVisible(on)
            self.choice.setVisible(not on)
            self.setFocusProxy(self.line if on else self.choice)
