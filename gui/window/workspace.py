"""One project in the window: its document and undo, its file, its pages, its messages. The window
holds one for each tab."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import shiboken6
from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from data.describing import DESCRIBER
from graph.document import Document
from gui.editor import Editor
from gui.files.project_commands import ProjectCommands
from gui.files.session import Session
from gui.window.info_bars import InfoBars
from gui.window.messages import Choice, Message
from gui.window.page_stack import Page, PageStack
from gui.window.status_bar import StatusBar
from gui.window.weights_dialog import with_weights
from training.check import task_problems


class Workspace(QWidget):
    """A project, or the welcome where none is open.

    Signals:
        changed(): its name, its file, whether that is saved, or what can be done is another.
    """

    changed = Signal()
    _data_known = Signal()

    def __init__(
        self,
        settings: QSettings,
        is_open_elsewhere: Callable[[Path], bool],
        parent: QWidget | None = None,
    ) -> None:
        """Begin with the welcome.

        Args:
            is_open_elsewhere: shows the tab in which a file is open already; False where none is.
        """
        super().__init__(parent)
        self.setObjectName("workspace")
        self._settings = settings
        self.editor = Editor(Document(checks=(task_problems,)), self)
        self.session = Session(self.editor, settings, self)
        self.commands = ProjectCommands(
            self.editor, self.session, settings, self, is_open_elsewhere
        )
        self.info = InfoBars(self)
        self.pages = PageStack(self.editor, self.session, self)
        self.status = StatusBar(self.editor, self)
        self.has_project = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.info)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self._connect()
        self.pages.design.restore_layout(settings)
        self.pages.welcome.show_recent(self.session.recent.paths())
        self.show_page("welcome")
        self._page_changed("welcome")

    def _connect(self) -> None:
        session, design, welcome = self.session, self.pages.design, self.pages.welcome
        session.opened.connect(self._opened)
        session.message.connect(self.info.show_message)
        session.withdrawn.connect(self.info.withdraw)
        welcome.template_chosen.connect(self.commands.new_from_template)
        welcome.empty_chosen.connect(self.commands.new)
        welcome.open_chosen.connect(self.commands.open)
        welcome.file_chosen.connect(self.commands.open_file)
        welcome.back.connect(lambda: self.show_page("design"))
        design.bottom.problems.setting_requested.connect(lambda _: self.show_page("train"))
        design.bottom.code.save_requested.connect(self.commands.save_module)
        design.canvas.zoom_changed.connect(self.status.show_zoom)
        self.status.zoom.clicked.connect(design.canvas.zoom_reset)
        self.status.show_zoom(design.canvas.zoom)
        self.pages.page_changed.connect(self._page_changed)
        self.pages.training_finished.connect(self._training_finished)
        self.pages.export_requested.connect(self.commands.export_run)
        self.pages.network_wanted.connect(lambda: self.show_page("design"))
        self.pages.data_wanted.connect(lambda: self.use_with_data())
        self.pages.small_data_wanted.connect(lambda: self.use_with_data(small=True))
        for signal in (
            session.changed,
            session.modified_changed,
            design.panels_changed,
            self.editor.selection_changed,
            design.canvas.visited.changed,
            self.editor.history.indexChanged,
        ):
            signal.connect(self._tell)

        # It is known in another thread; the document belongs to this one.
        self._data_known.connect(
            self.editor.document.check_again, Qt.ConnectionType.QueuedConnection
        )
        DESCRIBER.known.connect(self._note_data)

    def _note_data(self) -> None:
        if shiboken6.isValid(self):
            self._data_known.emit()

    def _tell(self, *_: object) -> None:
        self.changed.emit()

    # --- pages ---------------------------------------------------------------------------------

    def show_page(self, page: Page) -> None:
        """Show a page."""
        self.pages.show_page(page)
        self._tell()

    def _page_changed(self, page: str) -> None:
        self.status.zoom.setVisible(page == "design")
        self.status.set_totals_visible(page != "welcome")
        self.status.set_selection_visible(page == "design")
        hints = {
            "welcome": "",
            "design": self.tr(
                "Drag from a port to link · Space to add a layer · Help lists all keys"
            ),
            "train": self.tr("Settings are part of the project and can be undone"),
            "evaluate": "",
        }
        self.status.set_usual_hint(hints[page])

    def _opened(self) -> None:
        self.has_project = True
        self.show_page("design")
        self.pages.design.canvas.show_start()
        self.pages.design.canvas.setFocus()

    def choose_template(self) -> None:
        """Show the templates; the open project stays until one is chosen."""
        self.pages.welcome.set_chooser(self.has_project)
        self.pages.welcome.show_recent(self.session.recent.paths())
        self.show_page("welcome")

    def close_project(self) -> None:
        """Back to the start, if nothing is lost by it."""
        if self.commands.may_leave():
            self.commands.clear()
            self.has_project = False
            self.choose_template()

    def check(self) -> None:
        """Show the problems; where there are none, their panel says so."""
        self.show_page("design")
        self.pages.design.show_tab("problems")
        problems = self.editor.document.problems
        if problems and problems[0].block:
            self.editor.go_to(problems[0].block, problems[0].node)

    def use_with_data(self, *, small: bool = False) -> None:
        """Choose data, and make the network fit it."""
        from gui.window.adapt_dialog import use_with_data

        use_with_data(self, small=small)

    def start_from_weights(self, path: Path) -> None:
        """A file with weights becomes a setting of the training."""
        self.editor.apply(
            self.tr("Start from {file}").format(file=path.name),
            partial(with_weights, path),
        )
        self.show_page("train")
        self.pages.train_page.form.focus_setting("training.weights")

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

    def rename(self) -> None:
        """Bring the keyboard to the name of the selected node."""
        from gui.panels.node_form import NodeForm

        self.pages.design.set_panel_visible("inspector", True)
        self.pages.design.inspector.update_now()
        form = self.pages.design.inspector.form
        if isinstance(form, NodeForm):
            form.name.line.setFocus()
            form.name.line.selectAll()

    # --- the end -------------------------------------------------------------------------------

    def save_layout(self) -> None:
        """Remember which panels are shown, and how large."""
        self.pages.design.save_layout(self._settings)

    def end(self) -> None:
        """It closes, and what is not saved is not wanted; waits for what is being written."""
        self.session.give_up()
        self.pages.end()
        self.commands.end()
