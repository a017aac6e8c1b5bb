"""The keys of all actions: as they are declared, until somebody chooses others, which are kept."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QKeySequence

from gui.commands.actions import Actions

_GROUP = "shortcuts"
_TEXT = QKeySequence.SequenceFormat.PortableText
FIXED = (
    *("Space", "Tab", "Shift+Tab", "Return", "Enter", "Esc", "Home", "."),
    *("Left", "Right", "Up", "Down", "Shift+Left", "Shift+Right", "Shift+Up", "Shift+Down"),
)
"""Keys that the canvas and every list need for themselves."""


class KeyTakenError(ValueError):
    """A key that cannot be given to an action; the text says what it already does."""


class Shortcuts(QObject):
    """Reads and changes the keys of the actions of a window.

    Signals:
        changed(name): an action has other keys.
    """

    changed = Signal(str)

    def __init__(
        self, actions: Actions, settings: QSettings, parent: QObject | None = None
    ) -> None:
        """Give the actions the keys that were chosen before."""
        super().__init__(parent)
        self._actions = actions
        self._settings = settings
        self._usual = {one.objectName(): texts_of(one.shortcuts()) for one in actions}
        for name in self._usual:
            stored = settings.value(f"{_GROUP}/{name}")
            if stored is not None:
                self._give(name, _read(str(stored), self._usual[name]))

    def keys(self, name: str) -> list[str]:
        """The keys of an action, such as `Ctrl+S`."""
        return texts_of(self._actions[name].shortcuts())

    def usual(self, name: str) -> list[str]:
        """The keys that it has where nobody changed them."""
        return self._usual[name]

    def is_changed(self, name: str) -> bool:
        """Whether somebody chose other keys for it."""
        return self.keys(name) != self._usual[name]

    def set_key(self, name: str, key: str) -> None:
        """Give an action one key in place of those that it has.

        Raises:
            KeyTakenError: where the key does something else already, or cannot be a shortcut.
        """
        key = QKeySequence(key).toString(_TEXT)
        self._check(name, key)
        self._choose(name, [key])

    def clear(self, name: str) -> None:
        """Take all keys from an action."""
        self._choose(name, [])

    def reset(self, name: str) -> None:
        """Give an action its usual keys.

        Raises:
            KeyTakenError: where one of them was given to another action.
        """
        for key in self._usual[name]:
            self._check(name, key)
        self._choose(name, self._usual[name])

    def reset_all(self) -> None:
        """Give all actions their usual keys."""
        changed = [name for name in self._usual if self.is_changed(name)]
        for name in changed:
            # First all free, so that keys can change hands.
            self._give(name, [])
        for name in changed:
            self._choose(name, self._usual[name])

    # --- inside --------------------------------------------------------------------------------

    def _check(self, name: str, key: str) -> None:
        if not key:
            raise KeyTakenError(self.tr("Press the keys that should be the shortcut first."))
        native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        if key in FIXED:
            raise KeyTakenError(
                self.tr("{key} moves about in the canvas and in lists; choose another key.").format(
                    key=native
                )
            )
        for action in self._actions:
            other = action.objectName()
            if other != name and key in self.keys(other):
                words = plain_words(action.text())
                raise KeyTakenError(
                    self.tr(
                        "{key} already means “{other}”. Clear that one first, or choose another."
                    ).format(key=native, other=words)
                )

    def _choose(self, name: str, keys: list[str]) -> None:
        self._give(name, keys)
        place = f"{_GROUP}/{name}"
        if self.is_changed(name):
            # As a text: no system gives an empty list back as one.
            self._settings.setValue(place, json.dumps(keys))
        else:
            self._settings.remove(place)
        self.changed.emit(name)

    def _give(self, name: str, keys: list[str]) -> None:
        self._actions.set_keys(name, keys)


def _read(text: str, usual: list[str]) -> list[str]:
    """The keys that were stored; the usual ones where somebody else wrote something else there."""
    try:
        keys = json.loads(text)
    except ValueError:
        return usual
    is_list = isinstance(keys, list) and all(isinstance(key, str) for key in keys)
    return keys if is_list else usual


def texts_of(keys: list[QKeySequence]) -> list[str]:
    """Keys as they are stored."""
    return [key.toString(_TEXT) for key in keys]


def plain_words(text: str) -> str:
    """The words of an action, without signs for menus; what undo would take back is left out."""
    return text.replace("&&", "&").partition(":")[0].rstrip("…")
