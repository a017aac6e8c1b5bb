"""The top of the window: the pages, the project's name and state, Check and Train."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from gui.commands.actions import Actions
from gui.look.elided import ElidedLabel
from gui.runs.parts import label


class ActionButton(QPushButton):
    """A button that is an action of the menus: its words, its key, whether it can be done."""

    def __init__(self, action: QAction, role: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self.setObjectName(f"button_{action.objectName()}")
        if role:
            self.setProperty("role", role)
        self.setCheckable(action.isCheckable())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        action = self._action
        self.setText(action.text())
        self.setAccessibleName(action.text())
        self.setToolTip(action.toolTip())
        self.setEnabled(action.isEnabled())
        if self.isCheckable():
            self.setChecked(action.isChecked())


class TopBar(QFrame):
    """The bar."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top_bar")
        self.setProperty("role", "top_bar")
        self.setFixedHeight(48)
        brand = label("Kumitate", "brand", "brand")
        brand.setContentsMargins(0, 0, 8, 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(brand)
        group = QButtonGroup(self)
        self.pages: dict[str, ActionButton] = {}
        for name in ("page_design", "page_train", "page_evaluate"):
            made = ActionButton(actions[name], "tab", self)
            # A click shows a page; the keyboard should then be in that page.
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            group.addButton(made)
            self.pages[name] = made
            row.addWidget(made)
        self.project = ElidedLabel(
            "",
            "project_state",
            "muted",
            self,
            mode=Qt.TextElideMode.ElideMiddle,
            side=Qt.AlignmentFlag.AlignRight,
        )
        self.check = ActionButton(actions["check"], "", self)
        self.train = ActionButton(actions["train"], "primary", self)
        row.addWidget(self.project, 1)
        row.addSpacing(4)
        row.addWidget(self.check)
        row.addWidget(self.train)

    def show_project(self, name: str, state: str) -> None:
        """Name and state of the project; nothing when none is open."""
        self.project.setText(f"{name}  ·  {state}" if name else "")
