"""What somebody chose last in a search, kept from one start to the next."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QSettings

MOST_REMEMBERED = 30


class LastUsed:
    """The keys of what was chosen, under a name in the settings."""

    def __init__(self, settings: QSettings, name: str) -> None:
        self._settings = settings
        self._name = name

    def keys(self) -> list[str]:
        """The keys, the last one first."""
        stored = self._settings.value(self._name, [])
        return [stored] if isinstance(stored, str) else list(cast("list[str]", stored or []))

    def remember(self, key: str) -> None:
        """This one was chosen now."""
        kept = [key, *(other for other in self.keys() if other != key)]
        self._settings.setValue(self._name, kept[:MOST_REMEMBERED])
