"""The Evaluate page: how good a run's network is, and where it is wrong."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from data.dataset import SplitName
from evaluation.report import Report
from gui.editor import Editor
from gui.pages.train import Session
from gui.runs import words
from gui.runs.background import Background
from gui.runs.catalog import ENTRY_ROLE, RunCatalog, RunEntry
from gui.runs.commands import RunCommands
from gui.runs.detection_report import DetectionReportView
from gui.runs.mask_report import MaskReportView
from gui.runs.number_report import NumberReportView
from gui.runs.parts import Notice, button, label
from gui.runs.report_layout import TaskReport
from gui.runs.report_view import ReportView
from training.evaluations import Evaluation, EvaluationState
from training.runs import Run

_INTERVAL = 400
"""Milliseconds between two looks at an evaluation that is being made."""


class EvaluatePage(QWidget):
    """Chooses a run and a split, shows the report, and has one made where there is none.

    Signals:
        export_requested(run): the run's code and weights are wanted.
    """

    export_requested = Signal(object)

    def __init__(self, editor: Editor, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evaluate_page")
        self._editor = editor
        self._session = session
        self._run: Run | None = None
        self._wanted: Run | None = None
        self._state: EvaluationState | None = None
        self.background = Background(self)
        self.catalog = RunCatalog(self.background, self)
        self.commands = RunCommands(self.background, self)
        self._timer = QTimer(self)
        self._timer.setObjectName("evaluation_timer")
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._look)
        self._make_head()
        self.notice = Notice("evaluation_notice")
        self.report = ReportView(self.background, self)
        self.numbers = NumberReportView(self.background, self)
        self.masks = MaskReportView(self.background, self)
        self.boxes = DetectionReportView(self.background, self)
        self._make_empty()
        self._lay_out()
        self._connect()
        self._update()
        self.refresh()

    @property
    def run(self) -> Run | None:
        """The run that is shown."""
        return self._run

    @property
    def split(self) -> SplitName:
        """The samples that it is judged on."""
        chosen: SplitName = self.splits.currentData()
        return chosen

    def show_run(self, run: Run | None) -> None:
        """Show a run, now or as soon as it is in the list."""
        row = self.catalog.row_of(run)
        if run is not None and row < 0:
            self._wanted = run
            self.refresh()
            return
        self._wanted = None
        with QSignalBlocker(self.choice):
            self.choice.setCurrentIndex(row)
        if run != self._run:
            self._run, self._state = run, None
        self._look()
        self._update()

    def refresh(self) -> None:
        """Look for runs of the project."""
        self.catalog.set_folder(self._session.runs_folder())

    def stop(self) -> None:
        """Look at nothing any more, for a window that closes."""
        self._timer.stop()
        self.catalog.stop()
        self.background.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self.catalog.set_watched(True)
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        super().hideEvent(event)
        self.catalog.set_watched(False)

    def _make_head(self) -> None:
        self.choice = QComboBox()
        self.choice.setObjectName("run_choice")
        self.choice.setAccessibleName(self.tr("Run"))
        self.choice.setModel(self.catalog)
        self.choice.setPlaceholderText(self.tr("No runs yet"))
        self.choice.setMinimumContentsLength(24)
        self.choice.activated.connect(self._chosen)
        self.when = label("", "muted", "run_when")
        self.splits = QComboBox()
        self.splits.setObjectName("split_choice")
        self.splits.setAccessibleName(self.tr("Samples"))
        for name, title in (
            ("test", self.tr("Held-out test samples")),
            ("validation", self.tr("Validation samples")),
            ("training", self.tr("Training samples")),
        ):
            self.splits.addItem(title, name)
        self.splits.currentIndexChanged.connect(self._split_changed)
        self.again = button(self.tr("Evaluate again"), "evaluate_again")
        self.again.clicked.connect(self._evaluate)
        self.export = button(self.tr("Export …"), "export_run")
        self.export.setToolTip(
            self.tr("Write a folder with the code, the weights of the best epoch and an example.")
        )
        self.export.clicked.connect(lambda: self.export_requested.emit(self._run))

    def _make_empty(self) -> None:
        self.empty_title = label("", "heading", "evaluation_empty_title", wrap=True)
        self.empty_text = label("", "muted", "evaluation_empty_text", wrap=True)
        for one in (self.empty_title, self.empty_text):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.evaluate = button(self.tr("Evaluate"), "evaluate", role="primary")
        self.evaluate.clicked.connect(self._evaluate)
        self.busy = QProgressBar()
        self.busy.setObjectName("evaluation_progress")
        self.busy.setAccessibleName(self.tr("Evaluation is being made"))
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedWidth(240)

    def _lay_out(self) -> None:
        head = QFrame()
        head.setObjectName("evaluate_head")
        head.setProperty("role", "bar")
        row = QHBoxLayout(head)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for text, box in ((self.tr("Run"), self.choice), (self.tr("Judged on"), self.splits)):
            caption = label(text, "muted", f"{box.objectName()}_label")
            caption.setBuddy(box)
            row.addWidget(caption)
            row.addWidget(box)
            if box is self.choice:
                row.addWidget(self.when)
                row.addSpacing(16)
        row.addStretch(1)
        row.addWidget(self.again)
        row.addWidget(self.export)
        empty = QFrame()
        empty.setObjectName("evaluation_empty")
        empty.setProperty("role", "panel")
        column = QVBoxLayout(empty)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(12)
        column.addStretch(2)
        column.addWidget(self.empty_title)
        column.addWidget(self.empty_text)
        column.addWidget(self.evaluate, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.busy, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.report)
        self._stack.addWidget(self.numbers)
        self._stack.addWidget(self.masks)
        self._stack.addWidget(self.boxes)
        warned = QVBoxLayout()
        warned.setContentsMargins(16, 0, 16, 0)
        warned.addWidget(self.notice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addLayout(warned)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._session.changed.connect(self.refresh)
        self.catalog.listed.connect(self._listed)
        self.catalog.entry_changed.connect(self._entry_changed)
        self.catalog.ended.connect(lambda run, _: self._look() if run == self._run else None)
        self.commands.evaluating.connect(lambda run, _: self._look())
        self.commands.failed.connect(self._failed)

    def _listed(self) -> None:
        if self._wanted is not None and self.catalog.row_of(self._wanted) >= 0:
            self.show_run(self._wanted)
        elif self.catalog.row_of(self._run) < 0:
            entries = self.catalog.entries
            self.show_run(entries[0].run if entries else None)

    def _entry_changed(self, run: Run) -> None:
        if run == self._run:
            self._update()

    def _chosen(self, row: int) -> None:
        entry: RunEntry | None = self.catalog.data(self.catalog.index(row), ENTRY_ROLE)
        if entry is not None:
            self.show_run(entry.run)

    def _split_changed(self) -> None:
        self._state = None
        self._look()
        self._update()

    def _look(self) -> None:
        """Read how the evaluation stands; by a thread, since a report can be large."""
        run, split = self._run, self.split
        if run is None:
            return

        def take(state: EvaluationState) -> None:
            if (run, split) == (self._run, self.split):
                self._take(run, state)

        evaluation = Evaluation(run, split)
        self.background.call(evaluation.state, take)

    def _take(self, run: Run, state: EvaluationState) -> None:
        before, self._state = self._state, state
        shown = before.report if before else None
        if state.report is not None and state.report != shown:
            self._view_of(state.report).show_report(run.folder, state.report)
        if state.status == "running":
            self._timer.start()
        if state.status == "failed":
            self.notice.show_message(self.tr("The evaluation failed"), state.message)
        elif state.outdated and state.status == "done" and state.report is not None:
            told = self.tr(
                "It judges the weights of epoch {epoch}, and the run has learned better ones "
                "since. Press Evaluate again."
            )
            self.notice.show_message(
                self.tr("This report is of earlier weights"),
                told.format(epoch=state.report.epoch),
                severity="warning",
            )
        else:
            self.notice.hide()
        self._update()

    def _view_of(self, report: Report) -> TaskReport:
        """What shows a report of its task."""
        match report.task:
            case "classification":
                return self.report
            case "detection":
                return self.boxes
            case "segmentation":
                return self.masks
            case _:
                return self.numbers

    def _evaluate(self) -> None:
        if self._run is not None and not self.commands.busy:
            self.notice.hide()
            self.commands.evaluate(self._run, self.split)
            self._update()

    def _failed(self, title: str, text: str) -> None:
        self.notice.show_message(title, text)
        self._update()

    def _update(self) -> None:
        entry = self.catalog.entry_of(self._run)
        state = self._state
        running = self.commands.busy or (state is not None and state.status == "running")
        has_report = state is not None and state.report is not None
        self.when.setText(words.moment(entry.run, entry.state) if entry else "")
        self.again.setVisible(has_report)
        self.again.setEnabled(not running)
        self.again.setText(self.tr("Evaluating …") if running else self.tr("Evaluate again"))
        self.export.setVisible(
            entry is not None and entry.state is not None and entry.state.best_epoch is not None
        )
        if state is not None and state.report is not None:
            self._stack.setCurrentWidget(self._view_of(state.report))
        else:
            self._stack.setCurrentIndex(0)
        self.busy.setVisible(running)
        title, text, can = self._next_step(entry)
        self.empty_title.setText(self.tr("Evaluating …") if running else title)
        self.empty_text.setText(
            self.tr("A process of its own reads the samples; this takes some seconds.")
            if running
            else text
        )
        self.evaluate.setVisible(can and not running)

    def _next_step(self, entry: RunEntry | None) -> tuple[str, str, bool]:
        """What an empty page says, and whether evaluating is possible."""
        if entry is None:
            title = self.tr("Nothing to evaluate yet")
            return title, self.tr("Train the network first: press Train at the top."), False
        if entry.state is None or self._state is None:
            return self.tr("Reading the run …"), "", False
        if entry.state.status == "broken":
            return self.tr("This run cannot be used"), entry.state.message, False
        if entry.state.best_epoch is None:
            title = self.tr("This run has learned nothing yet")
            if entry.state.active:
                return title, self.tr("Wait until its first epoch is done."), False
            return title, self.tr("Resume its training on the Train page."), False
        if entry.state.active:
            title = self.tr("This run is still training")
            text = self.tr(
                "The report appears here by itself when it is done. You can also judge the best "
                "weights so far."
            )
            return title, text, True
        title = self.tr("These samples are not evaluated yet")
        return title, self.tr("Judge the best weights of this run on them."), True
