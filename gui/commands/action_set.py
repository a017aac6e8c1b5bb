"""A set of named actions: their keys, and why one cannot be done now. Which: actions.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from gui.fields.finish import finish_typing


class ActionSet(QObject):
    """Actions by name; what declares them calls `_add`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        self._reasons: dict[str, str] = {}

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def on(self, name: str, do: Callable[..., object]) -> None:
        """What is done when an action is chosen, with what was typed until then."""

        def carry_out(_: bool = False) -> None:
            if name not in ("undo", "redo"):
                finish_typing()
            do()

        self._actions[name].triggered.connect(carry_out)

    def set_keys(self, name: str, keys: Sequence[str]) -> None:
        """Give an action these keys, which its tip then names."""
        action = self._actions[name]
        action.setShortcuts([QKeySequence(key) for key in keys])
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = action.statusTip()
        action.setToolTip(f"{tip} ({shown})" if shown else tip)

    def allow(self, name: str, why_not: str = "") -> None:
        """Say whether an action can be done now: why it cannot, or nothing where it can."""
        self._actions[name].setEnabled(not why_not)
        self._reasons[name] = why_not

    def why_not(self, name: str) -> str:
        """Why an action cannot be done now; empty where it can."""
        if self._actions[name].isEnabled():
            return ""
        return self._reasons.get(name) or self.tr("It cannot be done now.")

    def _add(self, name: str, text: str, tip: str, *keys: str, checkable: bool = False) -> QAction:
        """Declare an action: its name, its words, what it does, and its keys."""
        action = QAction(text, self)
        action.setObjectName(name)
        action.setStatusTip(tip)
        action.setCheckable(checkable)
        # The role is ours to give; Qt would guess from the words, which are translated.
        action.setMenuRole(QAction.MenuRole.NoRole)
        self._actions[name] = action
        self.set_keys(name, keys)
        return action
