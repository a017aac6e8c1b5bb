"""The Train page: settings left, curves in the middle, runs right.

The page directs; what is shown is in `gui.runs`, what is done in `gui.runs.commands`. Training goes
on when the page or the window closes: the worker lives by itself, and the page finds it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from data.catalog import read_data
from data.dataset import DataError
from data.describing import described
from graph.document import Difference
from graph.problem import Problem
from graph.state import Project
from graph.templates import reached_by
from gui.editor import Editor
from gui.pages.settings_form import SettingsForm
from gui.runs import words
from gui.runs.background import Background
from gui.runs.catalog import RunCatalog
from gui.runs.commands import RunCommands
from gui.runs.control import TrainingControl
from gui.runs.curves import CurvesView
from gui.runs.follow import RunFollower
from gui.runs.log import LogView
from gui.runs.parts import button
from gui.runs.run_list import RunList
from training.estimate import MachineSpeed, machine_speed, training_seconds
from training.messages import Message
from training.runs import Run
from training.spec import read_training
from training.state import RunState

LONG = 15 * 60.0
"""Seconds of training from which on less data is offered."""


class Session(Protocol):
    """What the pages need to know of the open file."""

    @property
    def path(self) -> Path | None:
        """The project's file; None while it was never saved."""
        ...

    @property
    def changed(self) -> SignalInstance:
        """Another file, or another name."""
        ...

    def runs_folder(self) -> Path:
        """Where its runs lie."""
        ...


class TrainPage(QWidget):
    """Sets up, starts, follows and keeps trainings.

    Signals:
        run_selected(run): another run is shown; None for none.
        training_finished(run): a training came to its end, and its test is evaluated.
        network_wanted(): what is chosen on the canvas is to be seen.
    """

    run_selected = Signal(object)
    training_finished = Signal(object)
    network_wanted = Signal()

    def __init__(self, editor: Editor, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train_page")
        self._editor = editor
        self._session = session
        self._machine: MachineSpeed | None = None
        self._wanted: Run | None = None
        self._automatic = False
        self._problem: Problem | None = None
        self._setting = ""
        self.background = Background(self)
        self.catalog = RunCatalog(self.background, self)
        self.commands = RunCommands(self.background, self)
        self.follower = RunFollower(self.background, self)
        self.form = SettingsForm(editor, self)
        self.control = TrainingControl(self)
        self.curves = CurvesView(self.background, self)
        self.log = LogView(self)
        self.runs = RunList(self.catalog, self)
        self.curves.set_empty_text(
            self.tr("The curves of loss and accuracy appear here as soon as training begins.")
        )
        self._refusal = self.control.notice.add_button(button(self.tr("Show"), "notice_show"))
        self._refusal.clicked.connect(self._show_problem)
        self._lay_out()
        self._connect()
        self.refresh()

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self.follower.run

    def refresh(self) -> None:
        """Look for runs of the project, such as those that another program started."""
        self.catalog.set_folder(self._session.runs_folder())

    def start_training(self) -> None:
        """Train the network as it is now in a new run, or say what keeps it from that."""
        if self.commands.busy:
            return
        if self._refuse():
            return
        self.control.notice.hide()
        self.control.set_starting(True)
        self.commands.train(self._editor.document.state, self._session.runs_folder())

    def select(self, run: Run) -> None:
        """Show a run, now or as soon as it is in the list."""
        self._wanted = run
        if self.catalog.row_of(run) >= 0:
            self._wanted = None
            self.runs.choose(run)
        else:
            self.refresh()

    def stop(self) -> None:
        """Follow nothing any more, for a window that closes; trainings go on."""
        self.follower.stop()
        self.catalog.stop()
        self.form.stop()
        self._editor.document.changed.disconnect(self._document_changed, missing_ok=True)
        self.background.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks: follow closely."""
        super().showEvent(event)
        self.follower.set_watched(True)
        self.catalog.set_watched(True)
        if self._machine is None:
            self.background.call(machine_speed, self._take_machine)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: follow from afar."""
        super().hideEvent(event)
        self.follower.set_watched(False)
        self.catalog.set_watched(False)

    def _lay_out(self) -> None:
        middle = QSplitter(Qt.Orientation.Vertical)
        middle.setObjectName("curves_and_log")
        middle.setChildrenCollapsible(False)
        middle.addWidget(self.curves)
        middle.addWidget(self.log)
        middle.setStretchFactor(0, 4)
        middle.setStretchFactor(1, 1)
        middle.setSizes([480, 150])
        centre = _panel("train_centre", self.control, middle)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("train_splitter")
        self._splitter.setChildrenCollapsible(False)
        self.form.setMinimumWidth(264)
        right = _panel("train_runs", self.runs)
        right.setMinimumWidth(216)
        for widget in (self.form, centre, right):
            self._splitter.addWidget(widget)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([312, 780, 292])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _connect(self) -> None:
        self._session.changed.connect(self.refresh)
        self._editor.document.changed.connect(self._document_changed)
        control, commands = self.control, self.commands
        control.start_requested.connect(self.start_training)
        control.log_requested.connect(self._show_log)
        control.resume_requested.connect(self._resume)
        control.extend_requested.connect(self._extend)
        for signal, order in (
            (control.pause_requested, commands.pause),
            (control.continue_requested, commands.continue_),
            (control.stop_requested, commands.stop),
            (control.kill_requested, commands.kill),
        ):
            signal.connect(lambda order=order: self._order(order))
        commands.created.connect(self._created)
        commands.obeyed.connect(self._obeyed)
        commands.deleted.connect(self._deleted)
        commands.restored.connect(self._restored)
        commands.failed.connect(self._failed)
        self.runs.chosen.connect(self._chosen)
        self.runs.delete_requested.connect(commands.delete)
        self.runs.restore_requested.connect(commands.read_project)
        self.catalog.rename_requested.connect(commands.rename)
        self.catalog.listed.connect(self._listed)
        self.catalog.entry_changed.connect(self._entry_changed)
        self.catalog.ended.connect(self._ended)
        self.follower.run_changed.connect(self.run_selected)
        self.follower.messages.connect(self._take)
        self.follower.state_changed.connect(self._state_changed)

    def _take_machine(self, speed: MachineSpeed) -> None:
        self._machine = speed
        self._estimate()

    def _document_changed(self, _: Difference) -> None:
        self._look_again()
        self._estimate()

    def _estimate(self) -> None:
        """Say about how long training would take, where enough is known to tell."""
        document, seconds, small = self._editor.document, None, None
        if self._machine is not None and document.state.data and not document.has_errors:
            dataset = read_data(document.state.data)[0]
            try:
                description = described(dataset)
            except DataError:
                pass
            else:
                spec = read_training(document.state.training)[0]
                seconds = training_seconds(document.result(), description, spec, self._machine)
                reached = reached_by(document.state.about)
                if seconds > LONG and reached and reached.data:
                    small = None if read_data(reached.data)[0] == dataset else reached
        self.control.set_estimate(seconds, small.words() if small else "")

    def _order(self, order: object) -> None:
        if self.run is not None and callable(order):
            order(self.run)

    def _resume(self) -> None:
        state = self.follower.state
        if self.run is None or state is None:
            return
        self.control.set_starting(True)
        if state.status == "created":
            self.commands.start(self.run)
        else:
            self.commands.resume(self.run)

    def _extend(self, epochs: int) -> None:
        state = self.follower.state
        if self.run is not None and state is not None:
            self.control.set_starting(True)
            self.commands.resume(self.run, state.epochs + epochs)

    def _created(self, run: Run, title: str) -> None:
        self.control.set_starting(False)
        self.catalog.add(run, title)
        self.runs.choose(run)

    def _obeyed(self, run: Run) -> None:
        self.control.set_starting(False)
        self.catalog.reread(run)
        if run == self.run:
            self.follower.poll()

    def _deleted(self, run: Run) -> None:
        self.catalog.remove(run)

    def _restored(self, run: Run, project: Project) -> None:
        entry = self.catalog.entry_of(run)
        when = words.moment(run, entry.state if entry else None)
        self._editor.apply(
            self.tr("Restore the version of {when}").format(when=when), lambda _: project
        )
        self._editor.hint.emit(self.tr("The version of {when} is back.").format(when=when))

    def _failed(self, title: str, text: str) -> None:
        self.control.set_starting(False)
        self.control.complain(title, text)
        self.refresh()

    def _listed(self) -> None:
        if self._wanted is not None and self.catalog.row_of(self._wanted) >= 0:
            wanted, self._wanted = self._wanted, None
            self.runs.choose(wanted)
        elif self.runs.run is None and self.catalog.entries:
            self._choose_automatically(self.catalog.entries[0].run)

    def _choose_automatically(self, run: Run) -> None:
        """Show a run that nobody asked for; another one may take its place."""
        self.runs.choose(run)
        self._automatic = True

    def _entry_changed(self, run: Run) -> None:
        entry = self.catalog.entry_of(run)
        if entry is None:
            return
        if run == self.run:
            self.control.set_title(entry.title)
        elif self._automatic and entry.state is not None and entry.state.active:
            # A training that goes on is found again when its project is opened.
            self._choose_automatically(run)

    def _chosen(self, run: Run | None) -> None:
        entry = self.catalog.entry_of(run)
        self._automatic = False
        self.follower.follow(run)
        self.curves.clear()
        self.log.clear()
        self.control.show_run(entry.title if entry else "", entry.state if entry else None)

    def _take(self, messages: list[Message]) -> None:
        self.curves.take(self.follower.history, messages)
        self.log.take(messages)
        batches = self.follower.history.batches
        if batches:
            self.control.set_speed(batches[-1].samples_per_second)

    def _state_changed(self, state: RunState) -> None:
        self.control.show_state(state)
        if self.run is not None:
            self.catalog.note(self.run, state)

    def _ended(self, run: Run, state: RunState) -> None:
        if state.status == "finished":
            self.training_finished.emit(run)

    def _refuse(self) -> bool:
        """Say what keeps the network from being trained; whether anything does."""
        document, wrong = self._editor.document, self.form.first_problem()
        problem = next((one for one in document.problems if one.severity == "error"), None)
        self._problem = None
        if wrong is not None:
            title, text, self._setting = wrong.problem.text(), "", wrong.setting.key
        elif problem is not None:
            self._problem = problem
            title, text, self._setting = problem.title, problem.text, problem.parameter
        elif not document.state.data:
            title = self.tr("No data is chosen")
            text = self.tr("Choose the data that the network is to learn from.")
            self._setting = "data.dataset"
        else:
            return False
        self.control.notice.show_message(
            self.tr("Training cannot start yet: {problem}").format(problem=title),
            text,
            severity="warning",
            buttons=(self._refusal,),
        )
        return True

    def _look_again(self) -> None:
        """A refusal that is shown is of the project as it is now."""
        notice = self.control.notice
        if not notice.isHidden() and not self._refusal.isHidden() and not self._refuse():
            notice.hide()

    def _show_problem(self) -> None:
        if self._setting and self.form.row(self._setting) is not None:
            self.form.focus_setting(self._setting)
        elif self._problem is not None and self._problem.block:
            self._editor.go_to(self._problem.block, self._problem.node)
            self.network_wanted.emit()

    def _show_log(self) -> None:
        if self.run is not None:
            last_words = self.run.last_words()
            if last_words and last_words not in self.log.text.toPlainText():
                self.log.append(last_words)
        self.log.text.setFocus()


def _panel(name: str, *widgets: QWidget) -> QFrame:
    """A part of the page with the distance to its edge that all parts have."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("role", "panel")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 16, 16, 16)
    column.setSpacing(12)
    for place, widget in enumerate(widgets):
        column.addWidget(widget, 1 if place == len(widgets) - 1 else 0)
    return frame
