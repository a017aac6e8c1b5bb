"""The runs of a project as a list model: newest first, with their states, broken ones too."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from gui.runs import words
from gui.runs.background import Background
from training.runs import Run, list_runs
from training.state import RunFollower, RunState

Index = QModelIndex | QPersistentModelIndex
ENTRY_ROLE = Qt.ItemDataRole.UserRole

WATCH_INTERVAL = 1000
"""Milliseconds between two looks at the runs that train."""
LISTING_EVERY = 3
"""The folder itself is looked at every so many times."""

_Stamp = tuple[tuple[int, int], ...]


@dataclass(slots=True)
class RunEntry:
    """A run in the list; its state is None until it was read."""

    run: Run
    title: str
    state: RunState | None = None
    stamp: _Stamp = ()
    follower: RunFollower | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    title: str
    state: RunState
    stamp: _Stamp
    follower: RunFollower | None


class RunCatalog(QAbstractListModel):
    """The runs in a folder.

    Signals:
        listed(): the folder was read; states may still follow.
        entry_changed(run): title or state of a run are new.
        ended(run, state): a run that trained has ended.
        rename_requested(run, title): the user typed another title.
    """

    listed = Signal()
    entry_changed = Signal(object)
    ended = Signal(object, object)
    rename_requested = Signal(object, str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._folder: Path | None = None
        self._entries: list[RunEntry] = []
        self._watched = False
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.setObjectName("run_catalog_timer")
        self._timer.timeout.connect(self._look)

    @property
    def folder(self) -> Path | None:
        """Where the runs lie."""
        return self._folder

    @property
    def entries(self) -> list[RunEntry]:
        """The runs, newest first."""
        return self._entries

    def set_folder(self, folder: Path) -> None:
        """List the runs of another project."""
        if folder != self._folder:
            self._folder = folder
            self.beginResetModel()
            self._entries = []
            self.endResetModel()
        self.refresh()

    def refresh(self) -> None:
        """Look into the folder, and read what is new or changed there."""
        folder = self._folder
        if folder is None:
            return
        known = {entry.run: entry.stamp for entry in self._entries}

        def take(found: list[tuple[Run, bool]]) -> None:
            if folder == self._folder:
                self._take_listing(found)

        self._background.call(lambda: _survey(folder, known), take)

    def set_watched(self, watched: bool) -> None:
        """Whether somebody sees the list; only then the folder is looked at again and again."""
        self._watched = watched
        if watched:
            self.refresh()
        self._set_pace()

    def stop(self) -> None:
        """Look no more, for a page that closes."""
        self._folder = None
        self._timer.stop()

    def row_of(self, run: Run | None) -> int:
        """The row of a run; -1 where it is not in the list."""
        return next((row for row, one in enumerate(self._entries) if one.run == run), -1)

    def entry_of(self, run: Run | None) -> RunEntry | None:
        """What is known about a run."""
        row = self.row_of(run)
        return self._entries[row] if row >= 0 else None

    def add(self, run: Run, title: str) -> None:
        """Put a run that was just made on top, without waiting for the next look."""
        if self.row_of(run) < 0:
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._entries.insert(0, RunEntry(run, title))
            self.endInsertRows()
        self._read(run)

    def remove(self, run: Run) -> None:
        """Take a run out that was just deleted."""
        row = self.row_of(run)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._entries[row]
            self.endRemoveRows()

    def note(self, run: Run, state: RunState) -> None:
        """Take over a state that somebody who follows the run saw."""
        entry = self.entry_of(run)
        if entry is not None:
            self._set_state(entry, state)

    def reread(self, run: Run) -> None:
        """Read title and state of a run again."""
        self._read(run)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row per run."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Title and, for screen readers, the rest in words; the entry itself for the delegate."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return entry.title
            case Qt.ItemDataRole.UserRole:
                return entry
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.title}, {words.best_result(entry.state)}, {describe(entry)}"
            case Qt.ItemDataRole.ToolTipRole:
                message = entry.state.message if entry.state else ""
                lines = (entry.title, describe(entry), message, str(entry.run.folder))
                return "\n".join(line for line in lines if line)
            case _:
                return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Titles can be edited in place."""
        flags = super().flags(index)
        if index.isValid() and index.row() < len(self._entries):
            state = self._entries[index.row()].state
            if state is not None and state.status != "broken":
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for another title; it is shown at once."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        entry = self._entries[index.row()]
        title = str(value).strip()
        if not title or title == entry.title:
            return False
        entry.title = title
        self._emit_changed(entry)
        self.rename_requested.emit(entry.run, title)
        return True

    def _take_listing(self, found: list[tuple[Run, bool]]) -> None:
        runs = [run for run, _ in found]
        if runs != [entry.run for entry in self._entries]:
            known = {entry.run: entry for entry in self._entries}
            self.layoutAboutToBeChanged.emit()
            kept = self.persistentIndexList()
            before = [self._entries[index.row()].run for index in kept]
            self._entries = [known.get(run) or RunEntry(run, run.name) for run in runs]
            rows = [self.row_of(run) for run in before]
            moved = [self.index(row) if row >= 0 else QModelIndex() for row in rows]
            self.changePersistentIndexList(kept, moved)
            self.layoutChanged.emit()
        for run, changed in found:
            entry = self.entry_of(run)
            # Those that train are followed; their files change all the time.
            if changed and entry is not None and entry.follower is None:
                self._read(run)
        self.listed.emit()

    def _read(self, run: Run) -> None:
        def take(reading: _Reading) -> None:
            entry = self.entry_of(run)
            if entry is not None:
                entry.title, entry.stamp = reading.title, reading.stamp
                entry.follower = reading.follower
                self._set_state(entry, reading.state)

        self._background.call(lambda: _read(run), take)

    def _set_state(self, entry: RunEntry, state: RunState) -> None:
        before, entry.state = entry.state, state
        if state.active and entry.follower is None:
            self._read(entry.run)
        if not state.active:
            entry.follower = None
        self._emit_changed(entry)
        self._set_pace()
        if before is not None and before.active and not state.active:
            self.ended.emit(entry.run, state)

    def _emit_changed(self, entry: RunEntry) -> None:
        index = self.index(self.row_of(entry.run))
        self.dataChanged.emit(index, index)
        self.entry_changed.emit(entry.run)

    def _look(self) -> None:
        for entry in list(self._entries):
            if entry.follower is not None:
                state = entry.follower.state()
                if state != entry.state:
                    self._set_state(entry, state)
        self._looks += 1
        if self._watched and self._looks % LISTING_EVERY == 0:
            self.refresh()

    def _set_pace(self) -> None:
        wanted = self._folder is not None and (
            self._watched or any(entry.state and entry.state.active for entry in self._entries)
        )
        if wanted and not self._timer.isActive():
            self._timer.start(WATCH_INTERVAL)
        elif not wanted:
            self._timer.stop()


def describe(entry: RunEntry) -> str:
    """State, time and epochs of a run in words, the most telling first."""
    parts = [words.moment(entry.run, entry.state)]
    state = entry.state
    if state is not None:
        parts.insert(0, words.status_words(state.status))
        if state.epochs:
            parts.append(
                words.tr("{done}/{epochs} epochs").format(done=state.epoch, epochs=state.epochs)
                if state.epoch < state.epochs
                else words.tr("{epochs} epochs").format(epochs=state.epochs)
            )
    return " · ".join(parts)


def _stamp_of(run: Run) -> _Stamp:
    """What changes when the run does, without reading it."""
    stamp = []
    for path in (run.events_path, run.identity_path, run.worker_path, run.folder):
        try:
            status = path.stat()
        except OSError:
            stamp.append((0, 0))
        else:
            stamp.append((status.st_mtime_ns, status.st_size))
    return tuple(stamp)


def _survey(folder: Path, known: dict[Run, _Stamp]) -> list[tuple[Run, bool]]:
    """The runs in the folder, each with whether it is new or has changed."""
    return [(run, _stamp_of(run) != known.get(run)) for run in list_runs(folder)]


def _read(run: Run) -> _Reading:
    stamp = _stamp_of(run)
    follower = RunFollower(run)
    state = follower.state()
    return _Reading(run.title, state, stamp, follower if state.active else None)
