"""The steps that were done; a click goes back to one of them."""

from __future__ import annotations

from PySide6.QtWidgets import QUndoView, QVBoxLayout, QWidget

from gui.editor import Editor


class HistoryPanel(QWidget):
    """Qt's view of the one undo stack."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.view = QUndoView(self)
        self.view.setObjectName("history_list")
        self.view.setAccessibleName(self.tr("History"))
        self.view.setStack(editor.history)
        self.view.setEmptyLabel(self.tr("As opened"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.addWidget(self.view)
