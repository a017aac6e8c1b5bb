"""What forms about selected nodes have in common: rows, and how what they are given is done."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from graph.declare import Parameter
from graph.edits import Edit, EditError
from gui.editor import Editor
from gui.panels.parameter_row import ParameterRow


class RowForm(QWidget):
    """Rows about nodes of a block. What a row is given is one step of undo until the keyboard
    leaves it.

    Signals:
        help_wanted(parameter): the keyboard is in the field of a row.
    """

    help_wanted = Signal(object)

    def __init__(
        self, editor: Editor, block: str, names: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._block = block
        self._names = names
        self._gesture = 0
        self.rows: dict[str, ParameterRow] = {}

    @property
    def shown(self) -> tuple[str, tuple[str, ...]]:
        """The block and the nodes that the form is about."""
        return self._block, self._names

    def _row(
        self,
        parameter: Parameter,
        edit: Callable[[str, Any], None],
        *,
        reset: Callable[[str], None] | None = None,
        names: Collection[str] = (),
    ) -> ParameterRow:
        """A row that calls these with its name.

        Args:
            edit: with what it is given.
            reset: where the default is wanted back, if that is more than to give it.
            names: the block's parameters, which expressions may use.
        """
        row = ParameterRow(parameter, names=names, parent=self)
        row.edited.connect(edit)
        back = reset or (lambda name: edit(name, parameter.default))
        row.reset.connect(lambda name: self._reset(back, name))
        row.left.connect(self._end_gesture)
        row.entered.connect(self.help_wanted)
        return row

    def _end_gesture(self) -> None:
        self._gesture += 1

    def _reset(self, reset: Callable[[str], None], name: str) -> None:
        """A step of undo of its own."""
        self._end_gesture()
        reset(name)
        self._end_gesture()

    def _apply(
        self,
        row: ParameterRow,
        label: str,
        edit: Edit,
        key: str,
        words: Callable[[EditError], str] = str,
    ) -> None:
        """Do what a row was given, or explain beside it why not.

        Args:
            key: what is edited; with others it is no step of undo.
            words: how a refusal is said.
        """
        try:
            edit(self._editor.document.state)
        except EditError as error:
            row.show_error(words(error))
            return
        merge = f"{key} {self._block} {self._names} {self._gesture}"
        self._editor.apply(label, edit, merge=merge)

    def _of_nodes(self, row: ParameterRow) -> str:
        """What the step is called."""
        target = self._names[0] if len(self._names) == 1 else self.tr("several nodes")
        text = self.tr("Set {parameter} of {node}")
        return text.format(parameter=row.parameter.label.lower(), node=target)
