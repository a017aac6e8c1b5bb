"""Where a training stands, and the buttons that direct it. Shows a state; decides nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gui.look.elided import ElidedLabel
from gui.runs import words
from gui.runs.parts import Notice, button, label, set_role
from training.state import RunState

_PATIENCE = 5000
"""Milliseconds after which a worker that should stop may be ended at once."""
_STEPS = 1000
_LEAST = 90
"""The width that the title and the state keep in a narrow window."""


class TrainingControl(QWidget):
    """Title, state, progress, warnings and buttons of the run that is shown.

    Signals, one for each button:
        start_requested(), pause_requested(), continue_requested(), stop_requested(),
        resume_requested(), kill_requested(), log_requested(), small_requested()
        extend_requested(epochs): train for so many more epochs.
    """

    start_requested = Signal()
    pause_requested = Signal()
    continue_requested = Signal()
    stop_requested = Signal()
    resume_requested = Signal()
    kill_requested = Signal()
    log_requested = Signal()
    small_requested = Signal()
    extend_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training_control")
        self._state: RunState | None = None
        self._starting = False
        self._speed: float | None = None
        self._estimate: float | None = None
        self._small = ""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE)
        self._patience.timeout.connect(self._offer_kill)
        self.title = ElidedLabel("", "run_title", "heading", self)
        self.title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.title.setMinimumWidth(_LEAST)
        right = Qt.AlignmentFlag.AlignRight
        self.status = ElidedLabel("", "run_status", "muted", self, side=right)
        self.status.setMinimumWidth(_LEAST)
        self.progress = QProgressBar()
        self.progress.setObjectName("training_progress")
        self.progress.setAccessibleName(self.tr("Progress of the training"))
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.facts = {
            name: label("", "muted", f"run_{name}")
            for name in ("place", "elapsed", "remaining", "speed", "device")
        }
        self.notice = Notice("run_notice")
        self._make_buttons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._head())
        layout.addWidget(self.progress)
        layout.addLayout(self._facts_row())
        layout.addWidget(self.extension)
        layout.addWidget(self.notice)
        self.show_run("", None)

    def show_run(self, title: str, state: RunState | None) -> None:
        """Show another run, or none."""
        self._patience.stop()
        self._speed = None
        self.extension.hide()
        self.notice.hide()
        self.title.setText(title or self.tr("Not trained yet"))
        # What the run before came to says nothing of this one.
        self._state = None
        self.show_state(state)

    def set_title(self, title: str) -> None:
        """The run was renamed."""
        self.title.setText(title)

    def set_starting(self, starting: bool) -> None:
        """A run is being made, which takes a moment."""
        self._starting = starting
        self._update()

    def set_speed(self, samples_per_second: float) -> None:
        """How fast it learns."""
        self._speed = samples_per_second
        self._update_facts()

    def set_estimate(self, seconds: float | None, small: str = "") -> None:
        """About how long a new run will take; None where that is not known.

        Args:
            small: what it reached with less data, which is offered; empty for nothing.
        """
        self._estimate, self._small = seconds, small
        if small:
            told = self.tr("Bring the network to small data, with which it reached {result}.")
            self.small.setToolTip(told.format(result=small))
        about = (
            self.tr(
                "{time}, estimated to a factor of two or three; a graphics card is faster. Fewer "
                "samples, smaller images and fewer epochs take less."
            ).format(time=self._time())
            if seconds is not None
            else ""
        )
        self.start.setToolTip("\n".join(filter(None, (self._what_start_does(), about))))
        self._update()

    def show_state(self, state: RunState | None) -> None:
        """Show where the run stands now."""
        before = self._state.status if self._state else None
        self._state = state
        if state is not None and state.status != before:
            self._show_notice(state)
            if state.status == "stopping":
                self._patience.start()
            else:
                self._patience.stop()
        self._update()

    def complain(self, title: str, text: str) -> None:
        """Say that an order could not be carried out."""
        self.notice.show_message(title, text, severity="error")

    def _make_buttons(self) -> None:
        self.start = button(self.tr("Start training"), "start_training", role="primary")
        self.start.setToolTip(self._what_start_does())
        self.start.clicked.connect(self.start_requested)
        self.small = button(self.tr("Try with less data …"), "small_data")
        self.small.clicked.connect(self.small_requested)
        self.pause = button(self.tr("Pause"), "pause_training")
        self.pause.clicked.connect(self._pause_or_continue)
        self.stop = button(self.tr("Stop"), "stop_training")
        self.stop.setToolTip(self.tr("Save and end. It can be resumed later."))
        self.stop.clicked.connect(self.stop_requested)
        self.resume = button(self.tr("Resume"), "resume_training")
        self.resume.clicked.connect(self.resume_requested)
        self.extend = button(self.tr("Continue training …"), "extend_training")
        self.extend.setToolTip(self.tr("Train this run for more epochs."))
        self.extend.clicked.connect(self._ask_for_epochs)
        for text, name, signal in (
            (self.tr("Resume"), "notice_resume", self.resume_requested),
            (self.tr("Show log"), "notice_log", self.log_requested),
            (self.tr("End it at once"), "kill_worker", self.kill_requested),
        ):
            self.notice.add_button(button(text, name)).clicked.connect(signal)
        self._details = self.notice.add_button(button(self.tr("Details"), "notice_details"))
        self._details.clicked.connect(self._toggle_details)
        self.extension = QWidget(self)
        self.extension.setObjectName("extension")
        self.more_epochs = QSpinBox()
        self.more_epochs.setObjectName("more_epochs")
        self.more_epochs.setRange(1, 100_000)
        self.more_epochs.setValue(10)
        self.more_epochs.setFixedWidth(84)
        self.more_epochs.setAccessibleName(self.tr("More epochs"))
        confirm = button(self.tr("Train"), "confirm_extension", role="primary")
        confirm.clicked.connect(self._extend)
        cancel = button(self.tr("Cancel"), "cancel_extension")
        cancel.clicked.connect(self.extension.hide)
        row = QHBoxLayout(self.extension)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (
            label(self.tr("Train for"), "", "extension_before"),
            self.more_epochs,
            label(self.tr("more epochs"), "", "extension_after"),
            confirm,
            cancel,
        ):
            row.addWidget(widget)
        row.addStretch(1)

    def _what_start_does(self) -> str:
        return self.tr("Train the network as it is now, in a new run.")

    def _time(self) -> str:
        if self._estimate is None:
            return ""
        time = words.rough_time(self._estimate)
        return self.tr("Takes {time} on this processor").format(time=time)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.title)
        row.addWidget(self.status, 1)
        row.addSpacing(4)
        for one in (self.pause, self.stop, self.resume, self.extend, self.small, self.start):
            row.addWidget(one)
        return row

    def _facts_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(20)
        for fact in self.facts.values():
            row.addWidget(fact)
        row.addStretch(1)
        return row

    def _update(self) -> None:
        state = self._state
        active = state is not None and state.active
        paused = state is not None and state.status == "paused"
        stopping = state is not None and state.status == "stopping"
        self.small.setVisible(not active and bool(self._small))
        self.start.setVisible(not active)
        self.start.setEnabled(not self._starting)
        self.pause.setVisible(active)
        self.pause.setEnabled(state is not None and state.status in ("running", "paused"))
        self._name(self.pause, self.tr("Continue") if paused else self.tr("Pause"))
        self.stop.setVisible(active)
        self.stop.setEnabled(active and not stopping)
        unstarted = state is not None and state.status == "created"
        self._name(self.resume, self.tr("Start this run") if unstarted else self.tr("Resume"))
        self.resume.setVisible(state is not None and (state.can_resume or unstarted))
        self.resume.setEnabled(not self._starting)
        self.extend.setVisible(
            state is not None and state.status == "finished" and state.can_extend
        )
        self.extend.setEnabled(not self._starting)
        self._update_words()
        self._update_facts()

    def _name(self, one: QWidget, text: str) -> None:
        one.setProperty("text", text)
        one.setAccessibleName(text)

    def _update_words(self) -> None:
        state = self._state
        if self._starting:
            self.status.setText("● " + self.tr("Making the run …"))
            set_role(self.status, "state_accent")
        elif state is None:
            self.status.setText(self._time())
            set_role(self.status, "muted")
        else:
            sign = words.STATUS_SIGNS[state.status]
            self.status.setText(f"{sign} {words.status_words(state.status)}")
            set_role(self.status, f"state_{words.STATUS_TOKENS[state.status]}")
        waits = self._starting or (state is not None and state.status == "starting")
        # Without an end the bar moves by itself: nobody knows how long an import takes.
        self.progress.setRange(0, 0 if waits else _STEPS)
        if not waits:
            done = words.fraction_done(state) if state is not None else 0.0
            self.progress.setValue(round(_STEPS * done))

    def _update_facts(self) -> None:
        state = self._state
        texts = dict.fromkeys(self.facts, "")
        if state is None:
            texts["place"] = self.tr("Set what you want at the left, then start training.")
        elif state.status not in ("broken", "created"):
            texts["place"] = words.progress_words(state)
            if state.elapsed:
                texts["elapsed"] = self.tr("{time} elapsed").format(
                    time=words.duration(state.elapsed)
                )
            if state.active and state.remaining is not None:
                texts["remaining"] = self.tr("about {time} left").format(
                    time=words.duration(state.remaining)
                )
            if state.status == "running" and self._speed:
                texts["speed"] = self.tr("{speed} samples/s").format(speed=f"{self._speed:,.0f}")
            texts["device"] = state.device
        if state is not None and state.status == "starting":
            texts["place"] = self.tr("The worker loads PyTorch and the data; this takes seconds.")
        for name, fact in self.facts.items():
            fact.setText(texts[name])
            fact.setVisible(bool(texts[name]))

    def _show_notice(self, state: RunState) -> None:
        titles = {
            "failed": self.tr("The training failed"),
            "died": self.tr("The training ended unexpectedly"),
            "broken": self.tr("This run cannot be used"),
        }
        if state.status in titles:
            shown = ["notice_resume"] if state.can_resume else []
            shown += ["notice_log"] if state.status != "broken" else []
            shown += ["notice_details"] if state.details else []
            self._notify(titles[state.status], state.message, "error", state.details, shown)
        elif state.message:
            self._notify(state.message, "", "info", "", [])
        else:
            self.notice.hide()

    def _notify(
        self, title: str, text: str, severity: str, details: str, buttons: list[str]
    ) -> None:
        found = [self.notice.findChild(QWidget, name) for name in buttons]
        self.notice.show_message(
            title,
            text,
            severity=severity,
            details=details,
            buttons=tuple(one for one in found if one is not None),  # type: ignore[misc]
        )

    def _toggle_details(self) -> None:
        details: QLabel = self.notice.details
        details.setVisible(details.isHidden())

    def _pause_or_continue(self) -> None:
        if self._state is not None and self._state.status == "paused":
            self.continue_requested.emit()
        else:
            self.pause_requested.emit()

    def _ask_for_epochs(self) -> None:
        self.extension.show()
        self.more_epochs.setFocus()
        self.more_epochs.selectAll()

    def _extend(self) -> None:
        self.extension.hide()
        self.extend_requested.emit(self.more_epochs.value())

    def _offer_kill(self) -> None:
        self._notify(
            self.tr("The worker does not stop"),
            self.tr(
                "It was asked to save and end, and may be in the middle of a long step. Ending it "
                "at once goes back to what it saved last."
            ),
            "warning",
            "",
            ["kill_worker"],
        )
