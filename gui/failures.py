"""When something goes wrong inside: say so, keep what is not saved, and keep the window alive."""

from __future__ import annotations

import platform
import sys
import threading
import traceback
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication

from gui.window.messages import Choice, Message

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow


class Failures(QObject):
    """Takes exceptions that nobody caught, from any thread, to the window.

    Signals:
        happened(title, details).
    """

    happened = Signal(str, str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._showing = False
        # Queued: the exception may come from the middle of painting, or from another thread.
        self.happened.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def take(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell of an exception."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        details = "".join(traceback.format_exception(kind, error, trace))
        print(details, file=sys.stderr, flush=True)
        words = f"{kind.__name__}: {error}" if str(error) else kind.__name__
        self.happened.emit(words, details)

    @Slot(str, str)
    def _show(self, words: str, details: str) -> None:
        if self._showing:
            return
        self._showing = True
        try:
            for workspace in self._window.workspaces:
                if workspace.session.modified:
                    workspace.session.recovery.write_now()
            self._window.info.show_message(
                Message(
                    "failure",
                    self.tr("Something went wrong inside Kumitate"),
                    self.tr(
                        "{words}. Your project is still open and was put in safety; save it. The "
                        "details help to find the cause."
                    ).format(words=words[:300]),
                    "error",
                    (
                        Choice(
                            "copy_details",
                            self.tr("Copy details"),
                            lambda: QGuiApplication.clipboard().setText(report(details)),
                        ),
                    ),
                )
            )
        finally:
            self._showing = False


def report(details: str) -> str:
    """The details with what else is needed to find a cause."""
    from PySide6 import __version__ as qt

    version = QCoreApplication.applicationVersion()
    return (
        f"Kumitate {version}, Python {platform.python_version()}, PySide6 {qt}, "
        f"{platform.platform()}\n\n{details}"
    )


def install(window: MainWindow) -> Failures:
    """From now on, the window tells of exceptions that nobody caught."""
    failures = Failures(window)

    def from_thread(arguments: threading.ExceptHookArgs) -> None:
        failures.take(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = failures.take
    threading.excepthook = from_thread
    return failures
