"""What datasets bring, for a window that must not wait until many files have been read.

A command or a worker waits as long as it takes. The window sets a patience: what takes longer is
found out in a thread, and `known` says when to ask again. No torch.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from psygnal import Signal

from data.dataset import DataDescription, DataError, Dataset

KEPT_FOR = 20
"""So many times as long as finding it out took, what was found is taken to be so still."""

_MOST = 8
"""So many datasets are remembered."""

_Found = DataDescription | Exception


class StillReadingError(DataError):
    """Nothing is wrong; what the data brings is being found out in a thread."""


@dataclass(slots=True)
class _Entry:
    """A dataset that is being read, or was read before.

    Attributes:
        found: the last answer; None before the first one.
        until: the time up to which it need not be asked again.
        ended: set by the thread that reads; None where none does.
    """

    found: _Found | None = None
    until: float = 0.0
    ended: threading.Event | None = None


class Describer:
    """Describes datasets; see `described`.

    Signals:
        known(): a thread found out something new; emitted in that thread.
    """

    known = Signal()

    def __init__(self) -> None:
        self.patience: float | None = None
        """For how many seconds a caller may be kept; None: as long as it takes."""
        self._entries: OrderedDict[Dataset, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def describe(self, dataset: Dataset) -> DataDescription:
        """The description of a dataset.

        Where it is not known in time an older answer is given, and `known` is emitted if the new
        one is another.

        Raises:
            StillReadingError: it takes longer than the patience, and was never known.
            DataError: the data cannot be read.
        """
        in_files = any(parameter.path for parameter in dataset.PARAMETERS.values())
        if self.patience is None or not in_files:
            return dataset.describe()
        with self._lock:
            entry = self._entries.setdefault(dataset, _Entry())
            self._entries.move_to_end(dataset)
            while len(self._entries) > _MOST:
                self._entries.popitem(last=False)
            if entry.found is not None and time.monotonic() < entry.until:
                return _answer(entry.found)
            started = entry.ended is None
            ended = entry.ended = entry.ended or threading.Event()
        if started:
            # A daemon, since a network drive that hangs must not keep the window from closing.
            threading.Thread(
                target=self._read, args=(dataset, entry, ended), name="kumitate-data", daemon=True
            ).start()
            ended.wait(self.patience)
        with self._lock:
            found = entry.found
        if found is None:
            raise StillReadingError("The files of the data are being read…", "dataset")
        return _answer(found)

    def _read(self, dataset: Dataset, entry: _Entry, ended: threading.Event) -> None:
        began = time.monotonic()
        found: _Found
        try:
            found = dataset.describe()
        except Exception as error:  # given to whoever asks
            found = error
        now = time.monotonic()
        late = self.patience is not None and now - began > self.patience
        with self._lock:
            new = entry.found is None or not _same(entry.found, found)
            entry.found = found
            entry.until = now + KEPT_FOR * (now - began)
            entry.ended = None
        ended.set()
        if late and new:
            self.known.emit()


def _answer(found: _Found) -> DataDescription:
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


def _same(one: _Found, other: _Found) -> bool:
    if isinstance(one, DataError) and isinstance(other, DataError):
        return (str(one), one.parameter) == (str(other), other.parameter)
    return one == other


DESCRIBER = Describer()
"""The one of this process."""


def described(dataset: Dataset) -> DataDescription:
    """The description of a dataset, within the patience of this process.

    Raises:
        StillReadingError: it is not known yet; ask again when `DESCRIBER.known` is emitted.
        DataError: the data cannot be read.
    """
    return DESCRIBER.describe(dataset)
