"""A row for one parameter of a block: its name, its default, what it is for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QToolButton, QWidget

from graph.project_edits import (
    remove_block_parameter,
    rename_block_parameter,
    set_block_parameter,
    uses_of_parameter,
)
from graph.state import BlockParameter
from gui.editor import Editor
from gui.fields.field import LineEdit, mark_wrong
from gui.fields.value_text import value_text
from gui.panels.name_field import NameField
from gui.runs.parts import label


def read_default(text: str) -> int | float | bool | str:
    """The value that a text means: a number, yes or no, or itself."""
    text = text.strip()
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    known = {"yes": True, "true": True, "no": False, "false": False}
    return known.get(text.lower(), text)


class _Choice(QComboBox):
    """One of the legal values."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the form; it must not change a value in passing."""
        event.ignore()


class BlockParameterRow(QFrame):
    """Shows and edits one parameter of a block."""

    def __init__(
        self, editor: Editor, block: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._block = block
        self.name = name
        self._gesture = 0
        self.setObjectName(f"parameter_{name}")
        self.name_field = NameField(
            f"parameter_name_{name}", self.tr("Name of the parameter"), self._rename, self, role=""
        )
        self.default = LineEdit(self)
        self.default.setObjectName(f"parameter_default_{name}")
        self.default.setAccessibleName(self.tr("Value of {name}").format(name=name))
        self.default.setFixedWidth(84)
        self.default.textEdited.connect(self._default_edited)
        self.choice = _Choice(self)
        self.choice.setObjectName(f"parameter_choice_{name}")
        self.choice.setAccessibleName(self.default.accessibleName())
        self.choice.setFixedWidth(124)
        self.choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.choice.hide()
        self.choice.activated.connect(self._chosen)
        self.help = LineEdit(self)
        self.help.setObjectName(f"parameter_help_{name}")
        self.help.setAccessibleName(self.tr("What {name} is for").format(name=name))
        self.help.setPlaceholderText(self.tr("What it is for"))
        self.help.textEdited.connect(self._help_edited)
        for line in (self.default, self.help):
            line.left.connect(self._left)
            line.cancelled.connect(self.refresh)
        self.remove = QToolButton(self)
        self.remove.setObjectName(f"parameter_remove_{name}")
        self.remove.setText("×")
        self.remove.setAccessibleName(self.tr("Remove {name}").format(name=name))
        self.remove.clicked.connect(self._remove)
        self.error = label("", "error", f"parameter_error_{name}", wrap=True)
        self.error.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.name_field, 0, 0)
        grid.addWidget(self.default, 0, 1)
        grid.addWidget(self.choice, 0, 1)
        grid.addWidget(self.remove, 0, 2)
        grid.addWidget(self.help, 1, 0, 1, 3)
        grid.addWidget(self.error, 2, 0, 1, 3)
        self.setFocusProxy(self.name_field)

    def refresh(self) -> None:
        """Show what the model holds now."""
        parameter = self._parameter()
        if parameter is None:
            return
        self.name_field.show_name(self.name)
        if read_default(self.default.text()) != parameter.default or not self.default.hasFocus():
            self.default.setText(value_text(parameter.default))
        if self.help.text() != parameter.help:
            self.help.setText(parameter.help)
            self.help.setToolTip(parameter.help)
            self.help.setCursorPosition(0)
        self._show_choices(parameter)
        self._say("")
        used = uses_of_parameter(self._editor.document.state, self._block, self.name)
        self.remove.setEnabled(not used)
        self.remove.setToolTip(
            self.tr("Used by {nodes}").format(nodes=", ".join(used))
            if used
            else self.tr("Remove the parameter")
        )

    def _show_choices(self, parameter: BlockParameter) -> None:
        """A list to choose from where only some values are legal, instead of the field."""
        self.default.setVisible(not parameter.choices)
        self.choice.setVisible(bool(parameter.choices))
        if [self.choice.itemData(n) for n in range(self.choice.count())] != [*parameter.choices]:
            self.choice.clear()
            for value in parameter.choices:
                self.choice.addItem(value_text(value), value)
        self.choice.setCurrentIndex(self.choice.findData(parameter.default))
        self.choice.setToolTip(self.choice.currentText())

    def _chosen(self, index: int) -> None:
        self._set(default=self.choice.itemData(index))
        self._left()

    def _parameter(self) -> BlockParameter | None:
        block = self._editor.document.state.blocks.get(self._block)
        return block.parameters.get(self.name) if block else None

    def _left(self) -> None:
        self._gesture += 1

    def _rename(self, wish: str) -> None:
        old = self.name
        rename_block_parameter(self._editor.document.state, self._block, old, wish)
        self.name = wish
        self._editor.apply(
            self.tr("Rename {old} to {new}").format(old=old, new=wish),
            lambda project: rename_block_parameter(project, self._block, old, wish),
        )

    def _default_edited(self, text: str) -> None:
        parameter = self._parameter()
        value = read_default(text)
        if parameter is None:
            return
        if value == "":
            self._say(self.tr("A parameter needs a value"))
            return
        if text.strip().startswith("="):
            self._say(self.tr("A plain value is needed here; expressions go into the layers"))
            return
        refusal = parameter.refusal(value)
        if refusal:
            self._say(f"{self.name} {refusal}")
            return
        self._say("")
        self._set(default=value)

    def _help_edited(self, text: str) -> None:
        self._set(help=text)

    def _set(self, **changes: Any) -> None:
        parameter = self._parameter()
        if parameter is None:
            return
        after = replace(parameter, **changes)
        name, block = self.name, self._block
        self._editor.apply(
            self.tr("Set parameter {name}").format(name=name),
            lambda project: set_block_parameter(project, block, name, after),
            merge=f"parameter {block} {name} {list(changes)} {self._gesture}",
        )

    def _remove(self) -> None:
        name, block = self.name, self._block
        self._editor.apply(
            self.tr("Remove parameter {name}").format(name=name),
            lambda project: remove_block_parameter(project, block, name),
        )

    def _say(self, text: str) -> None:
        mark_wrong(self.default, bool(text))
        self.error.setText(text)
        self.error.setVisible(bool(text))
