"""What the inspector shows when nothing is selected: the project, or the block that is open."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from graph.edits import EditError
from graph.project_edits import (
    rename_block,
    set_block_help,
    set_block_parameter,
    set_notes,
    set_project_name,
)
from graph.state import MAIN, BlockParameter
from gui.editor import Editor
from gui.fields.numbers import whole
from gui.panels.block_parameter_row import BlockParameterRow
from gui.panels.form_parts import Facts, column_below, section
from gui.panels.name_field import NameField
from gui.runs.parts import button, label

LOWEST_NOTES, HIGHEST_NOTES = 84, 220


class NotesEdit(QPlainTextEdit):
    """A text of several lines; says when the keyboard leaves."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document().documentLayout().documentSizeChanged.connect(self._take_height)

    def _take_height(self) -> None:
        """As high as the text, within reason."""
        lines = self.document().documentLayout().documentSize().height() + 1
        frame = self.height() - self.viewport().height() if self.isVisible() else 0
        margins = 2 * round(self.document().documentMargin())
        wanted = round(lines * self.fontMetrics().lineSpacing()) + margins + max(frame, 8) + 4
        self.setFixedHeight(min(max(wanted, LOWEST_NOTES), HIGHEST_NOTES))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say so."""
        super().focusOutEvent(event)
        self.left.emit()


class ProjectForm(QWidget):
    """Name, notes, parameters and totals of the block that is open."""

    help_wanted = Signal(object)

    def __init__(self, editor: Editor, block: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("project_form")
        self._editor = editor
        self._block = block
        self._gesture = 0
        self._rows: list[BlockParameterRow] = []
        is_main = block == MAIN
        self.name = NameField(
            "project_name" if is_main else "block_name",
            self.tr("Name of the project") if is_main else self.tr("Name of the block"),
            self._rename if is_main else self._rename_block,
            self,
        )
        self.notes = NotesEdit(self)
        self.notes.setObjectName("project_notes")
        self.notes.setAccessibleName(self.tr("Notes") if is_main else self.tr("Description"))
        self.notes.setPlaceholderText(
            self.tr("Notes: what this network is for, what you tried.")
            if is_main
            else self.tr("What this block does.")
        )
        self.notes.setTabChangesFocus(True)
        self.notes.setUndoRedoEnabled(False)
        self.notes.textChanged.connect(self._notes_edited)
        self.notes.left.connect(self._end_gesture)
        self.totals = Facts("totals", self)
        self.add = button(self.tr("Add parameter"), "add_parameter", role="flat")
        self.add.setToolTip(
            self.tr("A number that fields can use: give “= classes” as the outputs of a layer.")
        )
        self.add.clicked.connect(self._add_parameter)
        self._parameters = QVBoxLayout()
        self._parameters.setSpacing(8)
        self._none = label(
            self.tr("None yet. A parameter is a number that several fields share."),
            "muted",
            "no_parameters",
            wrap=True,
        )
        self._lay_out(is_main)
        self.refresh()

    @property
    def shown(self) -> tuple[str, tuple[str, ...]]:
        """The block, and no nodes."""
        return self._block, ()

    def _lay_out(self, is_main: bool) -> None:
        column = column_below(self, self.name)
        sort = self.tr("Project") if is_main else self.tr("Block of this project")
        sub = label(sort, "muted", "block_sort")
        column.addWidget(sub)
        column.addWidget(self.notes)
        column.addWidget(section(self.tr("Parameters"), "parameters_title"))
        column.addWidget(self._none)
        column.addLayout(self._parameters)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(section(self.tr("Totals"), "totals_title"))
        column.addWidget(self.totals)
        column.addStretch(1)

    # --- from the model ------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the model holds now."""
        project = self._editor.document.state
        block = project.blocks[self._block]
        self.name.show_name(project.name if self._block == MAIN else self._block)
        text = project.notes if self._block == MAIN else block.help
        if text != self.notes.toPlainText():
            self.notes.blockSignals(True)
            self.notes.setPlainText(text)
            self.notes.blockSignals(False)
        if list(block.parameters) != [row.name for row in self._rows]:
            self._rebuild_rows(list(block.parameters))
        for row in self._rows:
            row.refresh()
        self._none.setVisible(not self._rows)
        result = self._editor.document.result(self._block)
        self.totals.show_facts(
            [
                (self.tr("layers"), whole(len(block.network_nodes()))),
                (self.tr("weights"), whole(result.parameters)),
                (self.tr("multiply-adds"), whole(result.multiply_adds)),
            ]
        )

    def _rebuild_rows(self, names: list[str]) -> None:
        focused = next((row.name for row in self._rows if row.isAncestorOf(self._focus())), "")
        kept = {row.name: row for row in self._rows}
        for row in self._rows:
            self._parameters.removeWidget(row)
            if row.name not in names:
                row.hide()
                row.deleteLater()
        self._rows = [kept.get(name) or self._make_row(name) for name in names]
        for row in self._rows:
            self._parameters.addWidget(row)
            if row.name == focused:
                row.setFocus()

    def _focus(self) -> QWidget:
        return self.focusWidget() or self

    def _make_row(self, name: str) -> BlockParameterRow:
        return BlockParameterRow(self._editor, self._block, name, self)

    # --- from the user -------------------------------------------------------------------------

    def _end_gesture(self) -> None:
        self._gesture += 1

    def _rename(self, wish: str) -> None:
        if not wish:
            raise EditError(self.tr("A project needs a name"))
        self._editor.apply(
            self.tr("Rename the project"), lambda project: set_project_name(project, wish)
        )

    def _rename_block(self, wish: str) -> None:
        old = self._block
        # Tried first, so that a refusal is told beside the field and not in the status bar.
        rename_block(self._editor.document.state, old, wish)
        self._rebuild_rows([])
        self._block = wish
        self._editor.apply(
            self.tr("Rename {old} to {new}").format(old=old, new=wish),
            lambda project: rename_block(project, old, wish),
        )

    def _notes_edited(self) -> None:
        text = self.notes.toPlainText()
        key = f"notes {self._block} {self._gesture}"
        if self._block == MAIN:
            self._editor.apply(
                self.tr("Edit the notes"), lambda project: set_notes(project, text), merge=key
            )
        else:
            self._editor.apply(
                self.tr("Describe {block}").format(block=self._block),
                lambda project: set_block_help(project, self._block, text),
                merge=key,
            )

    def _add_parameter(self) -> None:
        block = self._editor.document.state.blocks[self._block]
        taken = block.parameters.keys() | block.nodes.keys()
        wishes = ["channels", "width", "depth", "size"]
        wishes = ["classes", *wishes] if self._block == MAIN else wishes
        wishes += [f"parameter{number}" for number in range(1, 1000)]
        name = next(wish for wish in wishes if wish not in taken)
        parameter = BlockParameter(64 if name == "channels" else 10)
        self._editor.apply(
            self.tr("Add parameter {name}").format(name=name),
            lambda project: set_block_parameter(project, self._block, name, parameter),
        )
        self.refresh()
        row = next((row for row in self._rows if row.name == name), None)
        if row is not None:
            row.name_field.line.setFocus()
            row.name_field.line.selectAll()
