"""Starts the window: display, look, what happens when something goes wrong inside."""

from __future__ import annotations

import gc
import signal
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, cast

from data.describing import DESCRIBER
from gui.display import why_no_window

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.look.theme import Mode

PATIENCE = 0.05
"""Seconds that the window may be kept by the files of a dataset."""


def version() -> str:
    """The installed version."""
    try:
        return metadata.version("kumitate")
    except metadata.PackageNotFoundError:
        return "0"


def run(path: str | None) -> int:
    """Open the window, with a project if one is named, and stay until it is closed.

    Returns:
        The exit code; 2 where there is no display to open a window on.
    """
    reason = why_no_window()
    if reason:
        print(reason, file=sys.stderr)
        return 2

    # Imported only now: without a display, Qt is not even looked at.
    from PySide6.QtCore import QTimer

    application = make_application(sys.argv[:1])
    DESCRIBER.patience = PATIENCE
    from gui.failures import install
    from gui.garbage import GarbageCollector
    from gui.window.main_window import MainWindow

    GarbageCollector(application)
    window = MainWindow()
    install(window)
    if path is not None:
        window.open_path(Path(path))
    window.show()
    if path is None:
        window.last_time.open_again()
    # Ctrl+C in the terminal ends the program; what is not saved is in the recovery file.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    QTimer.singleShot(0, window, window.session.offer_recovery)
    return int(application.exec())


def make_application(arguments: list[str]) -> QApplication:
    """The application with its look; the one that is there, if one is."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        QApplication.setHighDpiScaleFactorRoundingPolicy(
            Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
        )
        application = QApplication(arguments or ["kumitate"])
    application.setApplicationName("kumitate")
    application.setApplicationVersion(version())
    application.setDesktopFileName("kumitate")
    # States are frozen and hold no circles; looking through all that undo keeps of a large network
    # for some would stop the window for a third of a second every now and then.
    gc.set_threshold(20_000, 50, 1_000)
    _dress(application)
    return application


def _dress(application: QApplication) -> None:
    from gui.look.theme import font, theme
    from gui.settings import open_settings

    application.setStyle("Fusion")
    application.setFont(font())
    chosen = str(open_settings().value("theme", "system"))
    theme().set_mode(cast("Mode", chosen) if chosen in ("light", "dark") else "system")
