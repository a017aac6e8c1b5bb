"""The files that were opened or saved last, kept from one start to the next."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings

MOST_RECENT = 10


class RecentFiles:
    """A list in the settings, the newest first."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def paths(self) -> list[Path]:
        """Those that exist."""
        stored = self._settings.value("recent", [])
        texts = [stored] if isinstance(stored, str) else list(cast("list[str]", stored or []))
        found = []
        for text in texts:
            path = Path(str(text))
            with contextlib.suppress(OSError):
                if path.is_file():
                    found.append(path)
        return found

    def remember(self, path: Path) -> None:
        """It was opened or saved just now."""
        self._keep([path, *(other for other in self.paths() if other != path)])

    def forget(self, path: Path) -> None:
        """A file that cannot be opened need not be offered again."""
        self._keep([one for one in self.paths() if one != path])

    def _keep(self, paths: list[Path]) -> None:
        self._settings.setValue("recent", [str(path) for path in paths[:MOST_RECENT]])
