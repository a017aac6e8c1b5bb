"""The window: puts the parts together and connects actions with what they do. No part knows it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from graph.document import Document
from gui.actions import Actions
from gui.canvas.commands import block_chosen
from gui.command_palette import CommandPalette
from gui.editor import Editor
from gui.info_bars import InfoBars
from gui.menus import Menus
from gui.messages import Choice, Message
from gui.page_stack import Page, PageStack
from gui.project_commands import ProjectCommands
from gui.session import Session
from gui.settings import open_settings
from gui.shortcuts import Shortcuts
from gui.status_bar import StatusBar
from gui.theme import Mode, theme
from gui.top_bar import TopBar
from training.check import task_problems

SIZE = (1440, 900)
_PAGES: tuple[Page, ...] = ("design", "train", "evaluate")
_DESIGN_ONLY = (
    *("delete", "select_all", "find_layer", "rename", "show_palette", "show_inspector"),
    *("find_node", "find_next", "find_previous"),
    *("group", "dissolve", "bypass"),
    *("show_bottom", "zoom_in", "zoom_out", "zoom_reset", "fit", "fit_selection", "arrange"),
)
_PROJECT_ONLY = (
    *("save", "save_as", "export", "close_project", "check", "train"),
    *("page_design", "page_train", "page_evaluate"),
)


class MainWindow(QMainWindow):
    """The only window of the application."""

    def __init__(self, settings: QSettings | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("main_window")
        self.settings = settings if settings is not None else open_settings()
        self.editor = Editor(Document(checks=(task_problems,)), self)
        self.session = Session(self.editor, self.settings, self)
        self.commands = ProjectCommands(self.editor, self.session, self.settings, self)
        self.actions_ = Actions(self)
        self.shortcuts = Shortcuts(self.actions_, self.settings, self)
        self.menus = Menus(
            self.menuBar(), self.actions_, self.session.recent, self.commands.open_file, self
        )
        self.top = TopBar(self.actions_, self)
        self.info = InfoBars(self)
        self.pages = PageStack(self.editor, self.session, self)
        self.status = StatusBar(self.editor, self)
        self.palette_ = CommandPalette(self)
        self._windows: dict[str, QWidget] = {}
        self._has_project = False
        self._lay_out()
        for action in self.actions_:
            self.addAction(action)
        self._connect_file()
        self._connect_view()
        self._connect_parts()
        self._restore()
        self.show_page("welcome")
        self._page_changed("welcome")
        self._update_title()

    @property
    def has_project(self) -> bool:
        """Whether a project is open, even if the template chooser hides it."""
        return self._has_project

    # --- building ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.info)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self.setCentralWidget(inside)
        # Of a screen of 1920 × 1080 pixels, 960 × 540 are left at 200 %.
        self.setMinimumSize(940, 500)

    def _connect_file(self) -> None:
        commands, welcome = self.commands, self.pages.welcome
        self._on("new", commands.new)
        self._on("new_from_template", self.choose_template)
        self._on("open", commands.open)
        self._on("save", commands.save)
        self._on("save_as", commands.save_as)
        self._on("export", commands.export)
        self._on("close_project", self.close_project)
        self._on("quit", self.close)
        welcome.template_chosen.connect(commands.new_from_template)
        welcome.empty_chosen.connect(commands.new)
        welcome.open_chosen.connect(commands.open)
        welcome.file_chosen.connect(commands.open_file)
        welcome.back.connect(lambda: self.show_page("design"))

    def _connect_view(self) -> None:
        canvas, design, history = self.pages.design.canvas, self.pages.design, self.editor.history
        self._on("undo", history.undo)
        self._on("redo", history.redo)
        self._on("delete", canvas.delete_selection)
        self._on("select_all", canvas.select_all)
        for name in ("delete", "select_all"):
            # These keys mean something else in every list and field of the window.
            action = self.actions_[name]
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.removeAction(action)
            canvas.addAction(action)
        self._on("find_layer", design.find_layer)
        self._on("find_node", design.find_bar.open)
        self._on("find_next", design.find_bar.next)
        self._on("find_previous", design.find_bar.previous)
        self._on("command_palette", self.palette_.open)
        self._on("rename", self._rename)
        self._on("group", canvas.group_selection)
        self._on("dissolve", canvas.dissolve_selection)
        self._on("bypass", canvas.bypass_selection)
        for name in ("zoom_in", "zoom_out", "zoom_reset", "fit", "fit_selection", "arrange"):
            self._on(name, getattr(canvas, name))
        for page in _PAGES:
            self._on(f"page_{page}", lambda page=page: self.show_page(page))
        for name in design.panels:
            action = self.actions_[f"show_{name}"]
            action.toggled.connect(lambda on, name=name: design.set_panel_visible(name, on))
        for mode in ("system", "light", "dark"):
            self._on(f"theme_{mode}", lambda mode=mode: self.set_theme(mode))
        self._on("check", self.check)
        self._on("train", self.train)
        self._on("shortcuts", self._show_shortcuts)
        self._on("about", self._show_about)

    def _connect_parts(self) -> None:
        session, design = self.session, self.pages.design
        session.changed.connect(self._update_title)
        session.modified_changed.connect(self._update_title)
        session.opened.connect(self._opened)
        session.message.connect(self.info.show_message)
        session.withdrawn.connect(self.info.withdraw)
        design.bottom.problems.setting_requested.connect(lambda _: self.show_page("train"))
        design.bottom.code.save_requested.connect(self.commands.save_module)
        design.panels_changed.connect(self._update_actions)
        design.canvas.zoom_changed.connect(self.status.show_zoom)
        design.canvas.search_requested.connect(lambda _: design.find_layer())
        self.status.zoom.clicked.connect(design.canvas.zoom_reset)
        self.status.show_zoom(design.canvas.zoom)
        self.pages.page_changed.connect(self._page_changed)
        self.pages.training_finished.connect(self._training_finished)
        self.pages.export_requested.connect(self.commands.export_run)
        self.editor.selection_changed.connect(self._update_actions)
        self.editor.history.indexChanged.connect(self._update_actions)

    def _on(self, name: str, do: object) -> None:
        self.actions_[name].triggered.connect(lambda _=False: do())  # type: ignore[operator]

    # --- pages ---------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        self.pages.show_page(page)
        self._update_actions()

    def _page_changed(self, page: str) -> None:
        self.status.zoom.setVisible(page == "design")
        self.status.set_totals_visible(page != "welcome")
        self.status.set_selection_visible(page == "design")
        hints = {
            "welcome": "",
            "design": self.tr("Drag from a port to link · Space to add a layer · F1 for all keys"),
            "train": self.tr("Settings are part of the project and can be undone"),
            "evaluate": "",
        }
        self.status.set_usual_hint(hints[page])

    def _opened(self) -> None:
        self._has_project = True
        self._update_title()
        self.show_page("design")
        self.pages.design.canvas.show_start()
        self.pages.design.canvas.setFocus()

    def choose_template(self) -> None:
        """Show the templates; the open project stays until one is chosen."""
        self.pages.welcome.set_chooser(self._has_project)
        self.pages.welcome.show_recent(self.session.recent())
        self.show_page("welcome")

    def close_project(self) -> None:
        """Back to the start, if nothing is lost by it."""
        if self.commands.may_leave():
            self.commands.clear()
            self._has_project = False
            self.choose_template()
            self._update_title()

    def open_path(self, path: Path) -> bool:
        """Open a file that was named on the command line."""
        return self.session.open(path)

    def check(self) -> None:
        """Show the problems; where there are none, their panel says so."""
        self.show_page("design")
        self.pages.design.show_tab("problems")
        problems = self.editor.document.problems
        if problems and problems[0].block:
            self.editor.go_to(problems[0].block, problems[0].node)

    def train(self) -> None:
        """Start training, and watch it."""
        self.show_page("train")
        self.pages.train_page.start_training()

    def _training_finished(self, run: object) -> None:
        if self.pages.page == "evaluate":
            return

        def look() -> None:
            self.show_page("evaluate")
            self.pages.evaluate_page.show_run(run)  # type: ignore[arg-type]

        self.info.show_message(
            Message(
                "trained",
                self.tr("The training is done"),
                choices=(Choice("evaluate", self.tr("See what it can do"), look),),
            )
        )

    # --- keeping the window true ---------------------------------------------------------------

    def _update_actions(self, *_: object) -> None:
        page, history = self.pages.page, self.editor.history
        on_design = page == "design"
        allow = self.actions_.allow
        no_project = "" if self._has_project else self.tr("Open or start a project first.")
        elsewhere = "" if on_design else self.tr("This belongs to the Design page; go there first.")
        for name in _DESIGN_ONLY:
            allow(name, no_project or elsewhere)
        for name in _PROJECT_ONLY:
            allow(name, no_project)
        for name in _PAGES:
            self.actions_[f"page_{name}"].setChecked(name == page)
        for name in self.pages.design.panels:
            self.actions_[f"show_{name}"].setChecked(self.pages.design.panel_visible(name))
        chosen = len(self.editor.selection)
        none, not_one = self.tr("Select a node first."), self.tr("Select one node first.")
        not_block = self.tr("Select one node that stands for a block first.")
        for names, can, why_not in (
            (("delete", "fit_selection", "bypass", "group"), chosen >= 1, none),
            (("rename",), chosen == 1, not_one),
            (("dissolve",), block_chosen(self.editor), not_block),
        ):
            for name in names:
                allow(name, no_project or elsewhere or ("" if can else why_not))
        for name, can, text, words in (
            ("undo", history.canUndo(), history.undoText(), self.tr("Undo")),
            ("redo", history.canRedo(), history.redoText(), self.tr("Redo")),
        ):
            nothing = "" if can else self.tr("There is no step to undo or redo.")
            allow(name, no_project or nothing)
            shown = f"{words}: {text}" if text else words
            self.actions_[name].setText(shown.replace("&", "&&"))

    def _update_title(self, *_: object) -> None:
        if not self._has_project:
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

    def _rename(self) -> None:
        from gui.panels.node_form import NodeForm

        self.pages.design.set_panel_visible("inspector", True)
        self.pages.design.inspector.update_now()
        form = self.pages.design.inspector.form
        if isinstance(form, NodeForm):
            form.name.line.setFocus()
            form.name.line.selectAll()

    def set_theme(self, mode: Mode) -> None:
        """Light, dark or as the system, from now on."""
        theme().set_mode(mode)
        self.settings.setValue("theme", mode)
        self._show_theme()

    def _show_theme(self) -> None:
        for mode in ("system", "light", "dark"):
            self.actions_[f"theme_{mode}"].setChecked(theme().mode == mode)

    # --- help ----------------------------------------------------------------------------------

    def _show_shortcuts(self) -> None:
        from gui.shortcuts_window import ShortcutsWindow

        if "shortcuts" not in self._windows:
            self._windows["shortcuts"] = ShortcutsWindow(
                self.actions_, self.menus, self.shortcuts, self
            )
        self._windows["shortcuts"].show()
        self._windows["shortcuts"].raise_()

    def _show_about(self) -> None:
        from gui.application import version
        from gui.help_windows import AboutWindow

        if "about" not in self._windows:
            self._windows["about"] = AboutWindow(version(), self)
        self._windows["about"].show()
        self._windows["about"].raise_()

    # --- opening and closing -------------------------------------------------------------------

    def _restore(self) -> None:
        geometry = self.settings.value("geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(*SIZE)
        self.pages.design.restore_layout(self.settings)
        self.pages.welcome.show_recent(self.session.recent())
        self._show_theme()

    def event(self, event: QEvent) -> bool:
        """Coming back to the window, look whether the file is still the one that was opened."""
        if event.type() == QEvent.Type.WindowActivate and hasattr(self, "session"):
            self.session.check_disk()
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close, if nothing is lost by it."""
        if not self.commands.may_leave():
            event.ignore()
            return
        self.session.give_up()
        self.pages.end()
        self.commands.end()
        self.settings.setValue("geometry", self.saveGeometry())
        self.pages.design.save_layout(self.settings)
        self.settings.sync()
        for window in self._windows.values():
            window.close()
        event.accept()
