"""Files that are dropped onto the window: projects, pictures that carry one, and weights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow

SUFFIXES = (".yaml", ".yml", ".kumitate", ".png")
WEIGHTS = (".pth", ".pt", ".safetensors")


def dropped_files(mime: QMimeData) -> list[Path]:
    """The files in what is dragged."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class FileDrop(QObject):
    """Opens what is dropped onto a window and is not taken by a part of it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files; everything else goes on."""
        kinds = (QEvent.Type.DragEnter, QEvent.Type.DragMove, QEvent.Type.Drop)
        if event.type() == QEvent.Type.DragLeave:
            self._window.editor.hint.emit("")
        if event.type() not in kinds:
            return super().eventFilter(watched, event)
        drop = cast("QDropEvent", event)
        paths = dropped_files(drop.mimeData())
        taken = [path for path in paths if self._use(path)]
        if event.type() == QEvent.Type.DragEnter and paths:
            self._tell(paths, taken)
        if not taken:
            return super().eventFilter(watched, event)
        # Opening a file leaves it where it is, whatever the other program proposes.
        drop.setDropAction(Qt.DropAction.CopyAction)
        drop.accept()
        if event.type() == QEvent.Type.Drop:
            self._window.editor.hint.emit("")
            for path in taken:
                (self.open if self._use(path) == "open" else self.start_from)(path)
        return True

    def _use(self, path: Path) -> Literal["open", "weights", ""]:
        """What can be done with a file here."""
        if path.suffix.lower() in SUFFIXES:
            return "open"
        is_weights = path.suffix.lower() in WEIGHTS
        return "weights" if is_weights and self._window.has_project else ""

    def _tell(self, paths: list[Path], taken: list[Path]) -> None:
        """Say what letting go would do, or why nothing."""
        words = {
            "open": self.tr("Release to open {names}"),
            "weights": self.tr("Release to start training from {names}"),
        }
        names = ", ".join(path.name for path in taken or paths)
        if taken:
            self._window.editor.hint.emit(words[self._use(taken[0])].format(names=names))
            return
        text = self.tr(
            "{names}: what can be dropped here are projects ({projects}), PNG pictures that were "
            "exported from one, and for an open project weights ({weights})"
        )
        projects, weights = ", ".join(SUFFIXES[:-1]), ", ".join(WEIGHTS)
        text = text.format(names=names, projects=projects, weights=weights)
        self._window.editor.refused.emit(text)

    def start_from(self, path: Path) -> None:
        """Let the next training of the project in view start from weights."""
        self._window.workspace.start_from_weights(path.absolute())

    def open(self, path: Path) -> None:
        """Open a file in a tab of its own, or in that of the welcome; nothing open gives way, and
        what cannot be opened leaves no tab."""
        window, path = self._window, path.absolute()
        for number, one in enumerate(window.workspaces):
            if one.session.path == path:
                window.show_tab(number)
                return
        before = window.workspace
        if window.has_project:
            window.new_tab()
        window.commands.open_file(path)
        why_not = window.info.bar("open")
        if window.workspace is not before and why_not is not None:
            window.close_project()
            window.show_tab(window.workspaces.index(before))
            before.info.show_message(why_not.message)
