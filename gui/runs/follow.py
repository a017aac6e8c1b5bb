"""Following one run while it trains: its messages and its state, as Qt signals.

What the messages mean is in `training.history`, what a state is in `training.state`. The past of a
run is read by a thread, since a long one has a hundred thousand messages; what is new is read in
the window's thread, which takes well under a millisecond.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gui.runs.background import Background
from training.events import EventReader
from training.history import History
from training.runs import Run
from training.state import RunFollower as StateFollower
from training.state import RunState

LIVE_INTERVAL = 120
"""Milliseconds between two looks at a run that trains and is looked at."""
HIDDEN_INTERVAL = 1000
"""The same while nobody looks."""
IDLE_INTERVAL = 2000
"""The same for a run that has ended: another window or the command may take it up again."""


class _Past:
    """Everything about a run up to now, with what is needed to read on from there."""

    def __init__(self, run: Run) -> None:
        self.reader = EventReader(run.events_path)
        self.states = StateFollower(run)
        self.messages = self.reader.poll()
        self.history = History()
        self.history.add(self.messages)
        self.state = self.states.state()


class RunFollower(QObject):
    """Follows one run at a time.

    Signals:
        run_changed(run): another run (or None) is followed; nothing is known of it yet.
        messages(list): what the worker has said since; first all of the past at once.
            `history` holds it already.
        state_changed(state): where the run stands now, a `RunState`.
    """

    run_changed = Signal(object)
    messages = Signal(list)
    state_changed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._run: Run | None = None
        self._state: RunState | None = None
        self._history = History()
        self._reader: EventReader | None = None
        self._states: StateFollower | None = None
        self._watched = False
        self._timer = QTimer(self)
        self._timer.setObjectName("run_follower_timer")
        self._timer.timeout.connect(self.poll)

    @property
    def run(self) -> Run | None:
        """The run that is followed."""
        return self._run

    @property
    def state(self) -> RunState | None:
        """Where it stands; None while it is read for the first time."""
        return self._state

    @property
    def history(self) -> History:
        """The sum of its messages."""
        return self._history

    def follow(self, run: Run | None) -> None:
        """Follow another run, or none."""
        if run == self._run:
            return
        self._run = run
        self.reload()
        self.run_changed.emit(run)

    def reload(self) -> None:
        """Read everything anew."""
        self._timer.stop()
        self._state, self._history = None, History()
        self._reader = self._states = None
        run = self._run
        if run is None:
            return

        def take(past: _Past) -> None:
            if run == self._run:
                self._take(past)

        self._background.call(lambda: _Past(run), take)

    def set_watched(self, watched: bool) -> None:
        """Look often, because somebody sees it."""
        if watched != self._watched:
            self._watched = watched
            self._set_pace()
            if watched:
                self.poll()

    def poll(self) -> None:
        """Look at the run now."""
        if self._reader is None or self._states is None:
            return
        # The state first: what the worker said before it ended is then among the messages.
        state = self._states.state()
        messages = self._reader.poll()
        if messages:
            self._history.add(messages)
            self.messages.emit(messages)
        self._set_state(state)

    def stop(self) -> None:
        """Look no more, for a page that closes."""
        self._timer.stop()
        self._run = None
        self._reader = self._states = None

    def _take(self, past: _Past) -> None:
        self._reader, self._states = past.reader, past.states
        self._history = past.history
        self.messages.emit(past.messages)
        self._set_state(past.state)

    def _set_state(self, state: RunState) -> None:
        if state != self._state:
            self._state = state
            self._set_pace()
            self.state_changed.emit(state)

    def _set_pace(self) -> None:
        if self._reader is None or self._state is None:
            return
        if self._state.active:
            interval = LIVE_INTERVAL if self._watched else HIDDEN_INTERVAL
        elif self._watched:
            interval = IDLE_INTERVAL
        else:
            self._timer.stop()
            return
        if not self._timer.isActive() or self._timer.interval() != interval:
            self._timer.start(interval)
