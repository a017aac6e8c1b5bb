"""Where the window keeps what it remembers: its settings, and the folder for recovery files.

`KUMITATE_DATA_DIR` moves both into a folder of its own, for tests and portable installations.
"""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths

VARIABLE = "KUMITATE_DATA_DIR"


def data_folder() -> Path:
    """The application's own folder; not necessarily there yet."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "kumitate"


def open_settings() -> QSettings:
    """The settings of this user."""
    if os.environ.get(VARIABLE):
        return QSettings(str(data_folder() / "settings.ini"), QSettings.Format.IniFormat)
    return QSettings("Kumitate", "Kumitate")
