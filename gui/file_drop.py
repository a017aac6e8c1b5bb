"""Files that are dropped onto the window: projects, and pictures that carry one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDropEvent

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SUFFIXES = (".yaml", ".yml", ".kumitate", ".png")


def dropped_files(mime: QMimeData) -> list[Path]:
    """The files in what is dragged that could be opened."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in SUFFIXES]


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
        if not paths:
            return super().eventFilter(watched, event)
        # Opening a file leaves it where it is, whatever the other program proposes.
        drop.setDropAction(Qt.DropAction.CopyAction)
        drop.accept()
        if event.type() == QEvent.Type.DragEnter:
            names = ", ".join(path.name for path in paths)
            self._window.editor.hint.emit(self.tr("Release to open {names}").format(names=names))
        if event.type() == QEvent.Type.Drop:
            self._window.editor.hint.emit("")
            for path in paths:
                self.open(path)
        return True

    def open(self, path: Path) -> None:
        """Open a file in a tab of its own, or in that of the welcome; nothing open gives way."""
        window, path = self._window, path.absolute()
        for number, one in enumerate(window.workspaces):
            if one.session.path == path:
                window.show_tab(number)
                return
        if window.has_project:
            window.new_tab()
        window.commands.open_file(path)
