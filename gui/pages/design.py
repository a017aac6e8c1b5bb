"""The Design page: palette left, canvas in the middle, inspector right, four tabs below.

The only place that knows all of these panels; they do not know each other.
"""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.canvas.find_bar import FindBar
from gui.canvas.shares import COUNTED, Shares
from gui.canvas.view import CanvasView
from gui.editor import Editor
from gui.files.shelf import shelf
from gui.panels.code import CodePanel
from gui.panels.comparison import ComparisonPanel
from gui.panels.cost import CostPanel
from gui.panels.history import HistoryPanel
from gui.panels.inspector import InspectorPanel
from gui.panels.palette import PalettePanel
from gui.panels.problems import ProblemsPanel
from gui.runs.parts import set_role

LAYOUT = "design/layout-1"
"""Settings of another arrangement of panels must not be read into this one."""


class BottomTabs(QWidget):
    """Problems, Code, Cost and History, one at a time.

    Signals:
        tab_shown(): another tab is shown.
    """

    tab_shown = Signal()

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottom")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._editor = editor
        self.problems = ProblemsPanel(editor, self)
        self.code = CodePanel(editor, self)
        self.cost = CostPanel(editor, self)
        self.history = HistoryPanel(editor, self)
        self._stack = QStackedWidget(self)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout()
        row.setContentsMargins(12, 8, 12, 0)
        row.setSpacing(4)
        for number, (name, text, panel) in enumerate(
            (
                ("problems", self.tr("Problems"), self.problems),
                ("code", self.tr("Code"), self.code),
                ("cost", self.tr("Cost"), self.cost),
                ("history", self.tr("History"), self.history),
            )
        ):
            made = QPushButton(text, self)
            made.setObjectName(f"tab_{name}")
            made.setProperty("role", "tab")
            made.setProperty("size", "small")
            made.setCheckable(True)
            made.setAccessibleName(text)
            self._group.addButton(made, number)
            self._stack.addWidget(panel)
            self.buttons[name] = made
            row.addWidget(made)
        row.addStretch(1)
        self.code.corner.setParent(self)
        row.addWidget(self.code.corner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        self._group.idClicked.connect(self._show)
        editor.document.changed.connect(self._count)
        self.show_tab("code")
        self._count()

    @property
    def tab(self) -> str:
        """The tab that is shown."""
        return list(self.buttons)[self._stack.currentIndex()]

    def show_tab(self, name: str) -> None:
        """Show a tab."""
        names = list(self.buttons)
        if name in names:
            self.buttons[name].setChecked(True)
            self._show(names.index(name))

    def _show(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.code.corner.setVisible(self.tab == "code")
        self.tab_shown.emit()

    def _count(self, _: object = None) -> None:
        problems = self._editor.document.problems
        made = self.buttons["problems"]
        text = self.tr("Problems")
        made.setText(f"{text}  {len(problems)}" if problems else text)
        set_role(made, "tab_error" if self._editor.document.has_errors else "tab")


class DesignPage(QWidget):
    """Everything with which a network is built.

    Signals:
        panels_changed(): a panel was shown or hidden.
    """

    panels_changed = Signal()

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("design_page")
        self.palette_panel = PalettePanel(editor, self)
        self.canvas = CanvasView(editor, self)
        self.shares = Shares(editor, self.canvas.items_scene, self)
        self.find_bar = FindBar(editor, self.canvas)
        self.comparison = ComparisonPanel(editor, self.canvas)
        self.inspector = InspectorPanel(editor, self)
        self.bottom = BottomTabs(editor, self)
        self.middle = QSplitter(Qt.Orientation.Vertical, self)
        self.middle.setObjectName("middle_splitter")
        self.middle.addWidget(self.canvas)
        self.middle.addWidget(self.bottom)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName("main_splitter")
        for widget in (self.palette_panel, self.middle, self.inspector):
            self.splitter.addWidget(widget)
        for splitter in (self.middle, self.splitter):
            splitter.setHandleWidth(1)
            splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.middle.setStretchFactor(0, 1)
        self.canvas.setMinimumHeight(120)
        self.bottom.setMinimumHeight(96)
        self.splitter.setSizes([256, 864, 320])
        self.middle.setSizes([600, 212])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self.panels = {
            "palette": self.palette_panel,
            "inspector": self.inspector,
            "bottom": self.bottom,
        }
        self.palette_panel.add_requested.connect(self._add)
        self.bottom.tab_shown.connect(self._say_problems_once)
        shelf().saved.connect(self._show_saved)

    def _add(self, name: str, is_block: bool) -> None:
        self.canvas.add_node_below_selection(name, is_block=is_block)

    def _show_saved(self, *_: object) -> None:
        """A block went into the library: the palette says so, and has it."""
        self.set_panel_visible("palette", True)

    def set_panel_visible(self, name: str, visible: bool) -> None:
        """Show or hide a panel."""
        self.panels[name].setVisible(visible)
        self._say_problems_once()
        self.panels_changed.emit()

    def _say_problems_once(self) -> None:
        listed = self.panel_visible("bottom") and self.bottom.tab == "problems"
        self.canvas.show_problem_card(not listed)

    def panel_visible(self, name: str) -> bool:
        """Whether a panel is to be seen, when the page is."""
        return not self.panels[name].isHidden()

    def show_tab(self, name: str) -> None:
        """Show a tab below the canvas, and the panel with it."""
        self.set_panel_visible("bottom", True)
        self.bottom.show_tab(name)

    def find_layer(self) -> None:
        """Bring the keyboard to the palette."""
        self.set_panel_visible("palette", True)
        self.palette_panel.focus_search()

    def save_layout(self, settings: QSettings) -> None:
        """Remember sizes and what is hidden."""
        settings.setValue(f"{LAYOUT}/columns", self.splitter.saveState())
        settings.setValue(f"{LAYOUT}/rows", self.middle.saveState())
        hidden = [name for name in self.panels if not self.panel_visible(name)]
        settings.setValue(f"{LAYOUT}/hidden", ",".join(hidden))
        settings.setValue(f"{LAYOUT}/share", self.shares.counted)
        settings.setValue(f"{LAYOUT}/tab", self.bottom.tab)
        self.palette_panel.save_folded(settings)

    def restore_layout(self, settings: QSettings) -> None:
        """Bring back what was remembered."""
        columns, rows = settings.value(f"{LAYOUT}/columns"), settings.value(f"{LAYOUT}/rows")
        if columns is not None and rows is not None:
            self.splitter.restoreState(columns)
            self.middle.restoreState(rows)
        hidden = str(settings.value(f"{LAYOUT}/hidden", "")).split(",")
        for name in self.panels:
            self.set_panel_visible(name, name not in hidden)
        stored = settings.value(f"{LAYOUT}/share")
        self.shares.count(next((one for one in COUNTED if one == stored), "nothing"))
        self.bottom.show_tab(str(settings.value(f"{LAYOUT}/tab", "code")))
        self.palette_panel.restore_folded(settings)
