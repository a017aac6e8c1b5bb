"""File > Export picture: what shall be on it, where it goes, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from graph.files import FileError, to_text, write_file
from graph.png_text import with_text
from gui.canvas.picture import FORMATS, NothingToShowError, picture_of
from gui.editor import Editor
from gui.runs.parts import label
from gui.window import dialogs
from gui.window.messages import Message

if TYPE_CHECKING:
    from gui.window.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall be on a picture."""

    selection_only: bool = False
    transparent: bool = False
    with_project: bool = True


class PictureDialog(QDialog):
    """Asks what shall be on the picture; the file is asked for afterwards."""

    def __init__(self, selected: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.setWindowTitle(self.tr("Export picture"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        words = self.tr(
            "As PNG, or as SVG or PDF, in which texts and lines stay sharp at any size."
        )
        about = label(words, "muted", "picture_about", wrap=True)
        about.setMinimumWidth(360)
        column.addWidget(about)
        only = self.tr("Only the selected nodes")
        none = self.tr("Only the selected nodes (none is selected)")
        self.selection = self._box("picture_selection", only if selected else none)
        self.selection.setEnabled(selected > 0)
        self.transparent = self._box("picture_transparent", self.tr("Transparent background"))
        self.project = self._box(
            "picture_project", self.tr("Put the project into a PNG, so that it can be opened again")
        )
        self.project.setChecked(True)
        for box in (self.selection, self.transparent, self.project):
            column.addWidget(box)
        buttons = QDialogButtonBox(self)
        go_on = buttons.addButton(self.tr("Choose file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        go_on.setObjectName("picture_go_on")
        go_on.setAccessibleName(go_on.text())
        cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setObjectName("picture_cancel")
        cancel.setAccessibleName(cancel.text())
        go_on.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _box(self, name: str, text: str) -> QCheckBox:
        made = QCheckBox(text, self)
        made.setObjectName(name)
        made.setAccessibleName(text)
        return made

    def wanted(self) -> Wanted:
        """What is ticked."""
        return Wanted(
            self.selection.isChecked(), self.transparent.isChecked(), self.project.isChecked()
        )


def ask_picture(parent: QWidget, selected: int) -> Wanted | None:
    """What a person wants on the picture; None where none at all."""
    dialog = PictureDialog(selected, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wanted = dialog.wanted()
    dialog.deleteLater()
    return wanted if accepted else None


def export_picture(workspace: Workspace) -> None:
    """Ask for everything, and write it."""
    editor = workspace.editor
    if not editor.document.state.blocks[editor.block].nodes:
        workspace.info.show_message(_nothing())
        return
    wanted = ask_picture(workspace, len(editor.selection))
    if wanted is None:
        return
    path = dialogs.choose_picture(workspace, workspace.commands.proposal(".png"))
    if path is not None:
        workspace.info.show_message(write_picture(editor, path, wanted))


def write_picture(editor: Editor, path: Path, wanted: Wanted) -> Message:
    """Write the picture, and say what came of it; the name's ending says in which format."""
    if not path.suffix:
        path = path.with_suffix(".png")
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        return _failed(
            _tr("{path} should end with .png, .svg or .pdf, which say the format").format(path=path)
        )
    only = editor.selection if wanted.selection_only else ()
    try:
        made = picture_of(editor, ending, only=only, transparent=wanted.transparent)
        content = made.content
        if ending == "png" and wanted.with_project:
            content = with_text(content, to_text(editor.document.state))
        write_file(path, content)
    except NothingToShowError:
        return _nothing()
    except FileError as error:
        return _failed(str(error))
    text = _tr("The picture is in {path}").format(path=path)
    if made.scale < 1.0:
        text += ". " + _tr(
            "It has {percent} % of its full size, since many programs open no larger ones"
        ).format(percent=max(1, round(made.scale * 100)))
    return Message("export", _tr("Written"), text, seconds=12)


def _nothing() -> Message:
    return _failed(_tr("There is no node here that could be shown; add one first"))


def _failed(text: str) -> Message:
    return Message("export", _tr("The picture is not written"), text, "error")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Picture", text)
