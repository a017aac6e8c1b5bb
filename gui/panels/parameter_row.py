"""A row of a form: the parameter's words, its field, a way back to the default, and the error."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from graph.declare import MISSING, Parameter
from gui.fields.field import Field, mark_wrong
from gui.fields.prose_field import ProseField
from gui.fields.value_text import value_text
from gui.look.elided import ElidedLabel
from gui.runs.parts import label, set_role


class ParameterRow(QWidget):
    """One parameter in a form.

    Signals:
        edited(name, value): the user gave a legal value.
        reset(name): the default is wanted back.
        entered(parameter): the keyboard is here; None when the row no longer has it.
        left(): the edit is complete.
    """

    edited = Signal(str, object)
    reset = Signal(str)
    entered = Signal(object)
    left = Signal()

    def __init__(
        self, parameter: Parameter, *, names: Collection[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.setObjectName(f"row_{parameter.name}")
        self.words = ElidedLabel(
            parameter.label, f"label_{parameter.name}", "muted", tip=parameter.help
        )
        self.words.setMinimumWidth(40)
        self.field: Field | ProseField = (
            ProseField(parameter, self)
            if parameter.multiline
            else Field(parameter, names=names, parent=self)
        )
        self.words.setBuddy(self.field)
        self.back = QToolButton(self)
        self.back.setObjectName(f"reset_{parameter.name}")
        self.back.setText("↺")
        tip = self.tr("Back to the default")
        self.back.setAccessibleName(f"{tip}: {parameter.label}")
        usual = "" if parameter.required else value_text(parameter.default)
        self.back.setToolTip(f"{tip}: {usual}" if usual else tip)
        self.back.setFixedSize(22, 22)
        policy = self.back.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.back.setSizePolicy(policy)
        self.back.hide()
        self.error = label("", "error", f"error_{parameter.name}", wrap=True)
        self.error.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.error.hide()
        self._refusal = self._problem = ""
        self._lay_out()
        self.field.edited.connect(self._edited)
        self.field.refused.connect(self.show_error)
        self.field.entered.connect(lambda: self.entered.emit(self.parameter))
        self.field.left.connect(self.left)
        self.back.clicked.connect(lambda: self.reset.emit(self.parameter.name))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.words, 1)
        line.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        if self.parameter.multiline or self.parameter.path is not None:
            column.addWidget(self.field)
        else:
            line.addWidget(self.field)
        column.addWidget(self.error)

    def _edited(self, value: Any) -> None:
        self.edited.emit(self.parameter.name, value)

    def show_values(self, values: list[Any], defaults: Sequence[Any] = ()) -> None:
        """Show the values of all selected nodes.

        Args:
            defaults: the default of each, where they differ.
        """
        first = values[0]
        alike = all(type(value) is type(first) and value == first for value in values)
        if alike:
            self.field.show_value(first)
        else:
            self.field.show_mixed()
        usual = defaults or [self.parameter.default] * len(values)
        pairs = zip(values, usual, strict=True)
        changed = any(default is not MISSING and value != default for value, default in pairs)
        self.back.setVisible(changed)
        set_role(self.words, "" if changed else "muted")

    def show_problem(self, text: str) -> None:
        """Tell what the model finds wrong with the value; empty where nothing is."""
        if text or self._problem:
            mark_wrong(self.field.line, bool(text or self._refusal))
        self._problem = text[:1].upper() + text[1:]
        self._explain()

    def show_error(self, text: str) -> None:
        """Explain beside the field what is wrong with what was given; empty where nothing is."""
        self._refusal = text
        self._explain()

    def _explain(self) -> None:
        """What was given and refused comes first: the model knows only the value before."""
        text = self._refusal or self._problem
        self.error.setText(text)
        self.error.setVisible(bool(text))
