"""The window: puts the parts together and connects actions with what they do. No part knows it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gui.canvas import clipboard
from gui.canvas.aligning import ALIGNMENTS, DISTRIBUTIONS
from gui.canvas.commands import block_chosen
from gui.canvas.shares import COUNTED, Counted
from gui.commands.action_groups import (
    ALSO_INSIDE,
    CLIPBOARD,
    DESIGN_ONLY,
    ON_CANVAS,
    ON_SELECTION,
    PROJECT_ONLY,
    WITHIN_CANVAS,
)
from gui.commands.actions import Actions
from gui.commands.arranging import connect_arranging
from gui.commands.menus import Menus
from gui.commands.shortcuts import Shortcuts
from gui.editor import Editor
from gui.fields.finish import finish_typing
from gui.files.file_drop import FileDrop
from gui.files.picture_export import export_picture
from gui.files.project_commands import ProjectCommands
from gui.files.session import Session
from gui.last_time import LastTime
from gui.look.theme import Mode, theme
from gui.search.command_palette import CommandPalette
from gui.settings import open_settings
from gui.window.compare_dialog import compare_with
from gui.window.help_windows import HelpWindows
from gui.window.info_bars import InfoBars
from gui.window.page_stack import Page, PageStack
from gui.window.status_bar import StatusBar
from gui.window.tabs import Tabs
from gui.window.top_bar import TopBar
from gui.window.weights_dialog import choose_weights, follow_runs
from gui.window.workspace import Workspace

SIZE = (1440, 900)
_PAGES: tuple[Page, ...] = ("design", "train", "evaluate")


class MainWindow(QMainWindow):
    """The only window of the application; each tab of it holds a project."""

    def __init__(self, settings: QSettings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.settings = settings if settings is not None else open_settings()
        self.actions_ = Actions(self)
        self.shortcuts = Shortcuts(self.actions_, self.settings, self)
        self.workspaces: list[Workspace] = []
        self.menus = Menus(
            self.menuBar(),
            self.actions_,
            lambda: self.session.recent.paths(),
            lambda path: self.commands.open_file(path),
            self,
        )
        self.top = TopBar(self.actions_, self)
        self.tabs = Tabs(self)
        self._stack = QStackedWidget(self)
        self.palette_ = CommandPalette(self)
        self.help = HelpWindows(self)
        self._lay_out()
        for action in self.actions_:
            self.addAction(action)
        for name in WITHIN_CANVAS:
            action = self.actions_[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            self.removeAction(action)
        self._add_workspace()
        self._connect_file()
        self._connect_view()
        self.last_time = LastTime(self)
        FileDrop(self)
        self._restore()
        self._update()

    # --- the project in view -------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """The project in the tab that is shown."""
        return self.workspaces[self._stack.currentIndex()]

    @property
    def editor(self) -> Editor:
        """Its document, undo and selection."""
        return self.workspace.editor

    @property
    def session(self) -> Session:
        """Its file."""
        return self.workspace.session

    @property
    def commands(self) -> ProjectCommands:
        """What the File menu does with it."""
        return self.workspace.commands

    @property
    def pages(self) -> PageStack:
        """Its pages."""
        return self.workspace.pages

    @property
    def info(self) -> InfoBars:
        """Its messages."""
        return self.workspace.info

    @property
    def status(self) -> StatusBar:
        """Its status bar."""
        return self.workspace.status

    @property
    def has_project(self) -> bool:
        """Whether a project is open, even if the template chooser hides it."""
        return self.workspace.has_project

    # --- building ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.tabs)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(inside)
        # Of a screen of 1920 × 1080 pixels, 960 × 540 are left at 200 %.
        self.setMinimumSize(940, 500)

    def _connect_file(self) -> None:
        for name in ("new", "open", "save", "save_as", "export"):
            self.actions_.on(name, lambda name=name: getattr(self.commands, name)())
        self.actions_.on("export_picture", lambda: export_picture(self.workspace))
        self.actions_.on("compare", lambda: compare_with(self.workspace))
        self.actions_.on("use_data", lambda: self.workspace.use_with_data())
        self.actions_.on("load_weights", lambda: choose_weights(self.workspace, self.workspaces))
        self.actions_.on("new_from_template", self.choose_template)
        self.actions_.on("close_project", self.close_project)
        self.actions_.on("quit", self.close)
        self.actions_.on("new_tab", self.new_tab)
        self.actions_.on("next_tab", lambda: self.tabs.step(1))
        self.actions_.on("previous_tab", lambda: self.tabs.step(-1))
        self.tabs.chosen.connect(self.show_tab)
        self.tabs.close_requested.connect(self.close_tab)
        self.tabs.moved.connect(self._tab_moved)

    def _connect_view(self) -> None:
        for name in ("undo", "redo"):
            self.actions_.on(name, lambda name=name: getattr(self.editor.history, name)())
        self.actions_.on("find_layer", lambda: self.pages.design.find_layer())
        for name, step in (
            ("find_node", "open"),
            ("find_next", "next"),
            ("find_previous", "previous"),
        ):
            self.actions_.on(name, lambda step=step: getattr(self.pages.design.find_bar, step)())
        self.actions_.on("command_palette", self.palette_.open)
        self.actions_.on("rename", lambda: self.workspace.rename())
        self.actions_.on("link_to", lambda: self.pages.design.canvas.linker.open())
        for name, method in ON_CANVAS.items():
            self.actions_.on(
                name, lambda method=method: getattr(self.pages.design.canvas, method)()
            )
        connect_arranging(self.actions_, lambda: self.pages.design.canvas, self.settings)
        for name in CLIPBOARD:
            act = getattr(clipboard, name)
            self.actions_.on(name, lambda act=act: act(self.pages.design.canvas))
        for page in _PAGES:
            self.actions_.on(f"page_{page}", lambda page=page: self.show_page(page))
        for name in self.pages.design.panels:
            action = self.actions_[f"show_{name}"]
            action.toggled.connect(
                lambda on, name=name: self.pages.design.set_panel_visible(name, on)
            )
        for counted in COUNTED:
            self.actions_.on(f"share_{counted}", lambda counted=counted: self._show_share(counted))
        for mode in ("system", "light", "dark"):
            self.actions_.on(f"theme_{mode}", lambda mode=mode: self.set_theme(mode))
        self.actions_.on("check", lambda: self.workspace.check())
        self.actions_.on("train", lambda: self.workspace.train())
        self.actions_.on("shortcuts", self.help.show_shortcuts)
        self.actions_.on("about", self.help.show_about)

    # --- tabs ----------------------------------------------------------------------------------

    def _add_workspace(self) -> Workspace:
        made = Workspace(self.settings, self._show_if_open, self)
        for name in WITHIN_CANVAS:
            made.pages.design.canvas.addAction(self.actions_[name])
        made.changed.connect(self._update)
        made.session.runs_moved.connect(partial(follow_runs, self.workspaces))
        self.workspaces.append(made)
        self._stack.addWidget(made)
        self.tabs.add()
        return made

    def new_tab(self) -> None:
        """A further tab, with the welcome in it."""
        self.workspace.save_layout()
        self._add_workspace()
        self.show_tab(len(self.workspaces) - 1)

    def show_tab(self, number: int) -> None:
        """Show another project."""
        self._stack.setCurrentIndex(number)
        self.tabs.show_tab(number)
        self._update()
        if self.pages.page == "design":
            self.pages.design.canvas.setFocus()

    def close_tab(self, number: int) -> None:
        """Close a project, if nothing is lost by it; the last one gives way to the welcome."""
        seen = self.workspace
        self.show_tab(number)
        if len(self.workspaces) == 1:
            self.workspace.close_project()
        elif self.commands.may_leave():
            gone = self.workspaces.pop(number)
            gone.changed.disconnect(self._update)
            gone.end()
            self._stack.removeWidget(gone)
            self.tabs.remove(number)
            gone.deleteLater()
            next_one = self.workspaces[min(number, len(self.workspaces) - 1)]
            self.show_tab(self.workspaces.index(next_one if seen is gone else seen))

    def close_project(self) -> None:
        """Close the project in view, and its tab where there are others."""
        self.close_tab(self._stack.currentIndex())

    def _tab_moved(self, start: int, end: int) -> None:
        moved = self.workspaces.pop(start)
        self.workspaces.insert(end, moved)
        self._stack.removeWidget(moved)
        self._stack.insertWidget(end, moved)
        self.show_tab(self.tabs.current)

    def _show_if_open(self, path: Path) -> bool:
        for number, one in enumerate(self.workspaces):
            if one is not self.workspace and one.session.path == Path(path).absolute():
                self.show_tab(number)
                return True
        return False

    # --- pages ---------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Show a page of the project in view."""
        self.workspace.show_page(page)

    def choose_template(self) -> None:
        """Show the templates; the open project stays until one is chosen."""
        self.workspace.choose_template()

    def open_path(self, path: Path) -> bool:
        """Open a file that was named on the command line."""
        return self.session.open(path)

    # --- keeping the window true ---------------------------------------------------------------

    def _update(self) -> None:
        self._update_actions()
        self._update_title()

    def _update_actions(self) -> None:
        page, history = self.pages.page, self.editor.history
        on_design = page == "design"
        allow = self.actions_.allow
        no_project = "" if self.has_project else self.tr("Open or start a project first.")
        elsewhere = "" if on_design else self.tr("This belongs to the Design page; go there first.")
        for name in DESIGN_ONLY:
            allow(name, no_project or elsewhere)
        for name in PROJECT_ONLY:
            allow(name, no_project)
        for name in _PAGES:
            self.actions_[f"page_{name}"].setChecked(name == page)
        for share in COUNTED:
            counted = self.pages.design.shares.counted
            self.actions_[f"share_{share}"].setChecked(share == counted)
        for name in self.pages.design.panels:
            self.actions_[f"show_{name}"].setChecked(self.pages.design.panel_visible(name))
        chosen = len(self.editor.selection)
        none, not_one = self.tr("Select a node first."), self.tr("Select one node first.")
        not_block = self.tr("Select one node that stands for a block first.")
        for names, can, why_not in (
            (ON_SELECTION, chosen >= 1, none),
            (ALSO_INSIDE, bool(self.editor.chosen[1]), none),
            (("rename",), chosen == 1, not_one),
            (("link_to",), len(self.editor.chosen[1]) == 1, not_one),
            (ALIGNMENTS, chosen >= 2, self.tr("Select at least two nodes first.")),
            (DISTRIBUTIONS, chosen >= 3, self.tr("Select at least three nodes first.")),
            (("dissolve",), block_chosen(self.editor), not_block),
            (("expand",), self.editor.path or block_chosen(self.editor), not_block),
        ):
            for name in names:
                allow(name, no_project or elsewhere or ("" if can else why_not))
        visited = self.pages.design.canvas.visited
        for name, can, why_not in (
            ("back", visited.can_go_back(), self.tr("You have looked nowhere else before.")),
            ("forward", visited.can_go_forward(), self.tr("You have not gone back.")),
        ):
            allow(name, no_project or elsewhere or ("" if can else why_not))
        for name, can, text, words in (
            ("undo", history.canUndo(), history.undoText(), self.tr("Undo")),
            ("redo", history.canRedo(), history.redoText(), self.tr("Redo")),
        ):
            nothing = "" if can else self.tr("There is no step to undo or redo.")
            allow(name, no_project or nothing)
            shown = f"{words}: {text}" if text else words
            self.actions_[name].setText(shown.replace("&", "&&"))

    def _update_title(self) -> None:
        for number, one in enumerate(self.workspaces):
            name = one.session.name if one.has_project else self.tr("New tab")
            self.tabs.label(number, name, one.session.path, modified=one.session.modified)
        if not self.has_project:
            self.setWindowTitle("Kumitate")
            self.setWindowModified(False)
            self.setWindowFilePath("")
            self.top.show_project("", "")
            return
        session = self.session
        place = session.path.name if session.path else session.name
        self.setWindowTitle(f"{place}[*] – Kumitate")
        self.setWindowModified(session.modified)
        self.top.show_project(session.name, session.state_words())

    def _show_share(self, counted: Counted) -> None:
        for one in self.workspaces:
            one.pages.design.shares.count(counted)
        self._update_actions()

    def set_theme(self, mode: Mode) -> None:
        """Light, dark or as the system, from now on."""
        theme().set_mode(mode)
        self.settings.setValue("theme", mode)
        self._show_theme()

    def _show_theme(self) -> None:
        for mode in ("system", "light", "dark"):
            self.actions_[f"theme_{mode}"].setChecked(theme().mode == mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key of something that cannot be done now, which nothing else takes: say why not."""
        pressed = QKeySequence(event.keyCombination())
        for action in self.actions_:
            if not action.isEnabled() and pressed in action.shortcuts():
                self.editor.refused.emit(self.actions_.why_not(action.objectName()))
        super().keyPressEvent(event)

    # --- opening and closing -------------------------------------------------------------------

    def _restore(self) -> None:
        geometry = self.settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*SIZE)
        self._show_theme()

    def event(self, event: QEvent) -> bool:
        """Coming back to the window, look whether the file is still the one that was opened."""
        if event.type() == QEvent.Type.WindowActivate:
            for one in getattr(self, "workspaces", ()):
                one.session.check_disk()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, if nothing is lost by it."""
        finish_typing()
        for number, one in enumerate(self.workspaces):
            if one.session.modified:
                self.show_tab(number)
                if not one.commands.may_leave():
                    event.ignore()
                    return
        self.settings.setValue("geometry", self.saveGeometry())
        self.workspace.save_layout()
        self.last_time.remember()
        for one in self.workspaces:
            one.end()
        self.settings.sync()
        self.help.close()
        event.accept()
