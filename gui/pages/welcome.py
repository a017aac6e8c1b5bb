"""What a window without a project shows: a first step, templates, files that were open lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.panels.form_parts import section
from gui.panels.template_cards import TemplateCards
from gui.runs.parts import button, label

FIRST = "lenet5"
WIDTH = 860


class WelcomePage(QWidget):
    """The start.

    Signals:
        template_chosen(id), empty_chosen(), open_chosen(), file_chosen(path).
        back(): the chooser is not wanted any more; the open project is.
    """

    template_chosen = Signal(str)
    empty_chosen = Signal()
    open_chosen = Signal()
    file_chosen = Signal(object)
    back = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome_page")
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.back_button = button(self.tr("Back to the project"), "welcome_back", role="flat")
        self.back_button.clicked.connect(self.back)
        self.title = label(self.tr("Build a neural network"), "huge", "welcome_title", wrap=True)
        self.first = button(self.tr("Recognise digits in 5 minutes"), "first_step", role="primary")
        self.first.clicked.connect(lambda: self.template_chosen.emit(FIRST))
        self.empty = button(self.tr("Empty project"), "empty_project")
        self.empty.clicked.connect(self.empty_chosen)
        self.open = button(self.tr("Open a file…"), "open_project")
        self.open.clicked.connect(self.open_chosen)
        self.cards = TemplateCards(self)
        self.cards.chosen.connect(self.template_chosen)
        self._recent_title = section(self.tr("Recent"), "recent_title")
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        self.recent_buttons: list[QPushButton] = []
        self._lay_out()
        self.show_recent([])
        self.back_button.hide()

    def _lay_out(self) -> None:
        steps = QHBoxLayout()
        steps.setSpacing(8)
        for one in (self.first, self.empty, self.open):
            steps.addWidget(one)
        steps.addStretch(1)
        inside = QWidget(self)
        inside.setMaximumWidth(WIDTH)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 40, 24, 24)
        column.setSpacing(10)
        column.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.title)
        column.addWidget(
            label(
                self.tr(
                    "Drag layers onto a canvas and see every size as you go. Train and judge the "
                    "network here, and take the PyTorch code home."
                ),
                "muted",
                "welcome_text",
                wrap=True,
            )
        )
        column.addSpacing(6)
        column.addLayout(steps)
        column.addSpacing(10)
        # Above the templates, which are many.
        column.addWidget(self._recent_title)
        column.addLayout(self._recent)
        column.addSpacing(6)
        column.addWidget(section(self.tr("Start from a template"), "templates_title"))
        column.addWidget(self.cards)
        column.addStretch(1)
        middle = QWidget(self)
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inside, 1000)
        row.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setObjectName("welcome_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(middle)
        middle.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the keyboard to the first step."""
        super().showEvent(event)
        self.first.setFocus()

    def set_chooser(self, chooser: bool) -> None:
        """Whether a project is open to which one can go back."""
        self.back_button.setVisible(chooser)
        self.title.setText(
            self.tr("Start from a template") if chooser else self.tr("Build a neural network")
        )

    def show_recent(self, paths: list[Path]) -> None:
        """List the files that were open lately."""
        for old in self.recent_buttons:
            self._recent.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.recent_buttons = []
        home = str(Path.home())
        for number, path in enumerate(paths[:6]):
            folder = str(path.parent)
            if folder.startswith(home):
                folder = "~" + folder[len(home) :]
            text = f"{path.name}   {folder}".replace("&", "&&")
            made = button(text, f"recent_{number}", role="flat", tip=str(path))
            made.clicked.connect(lambda _=False, path=path: self.file_chosen.emit(path))
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            self._recent.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
            self.recent_buttons.append(made)
        self._recent_title.setVisible(bool(paths))
