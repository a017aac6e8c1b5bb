"""The few questions that need an answer before anything else can go on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

Answer = Literal["save", "discard", "cancel"]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)


def ask_unsaved(parent: QWidget, name: str) -> Answer:
    """Whether changes shall be saved before they would be lost."""
    box = QMessageBox(parent)
    box.setObjectName("unsaved_changes")
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setWindowTitle(_tr("Kumitate"))
    box.setText(_tr("Save the changes to “{name}”?").format(name=name))
    box.setInformativeText(_tr("Without saving they are lost."))
    save = box.addButton(_tr("Save"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(_tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    if clicked is save:
        return "save"
    return "discard" if clicked is discard else "cancel"


def choose_project(parent: QWidget, folder: Path) -> Path | None:
    """A project file to open."""
    kinds = _tr("Kumitate projects (*.yaml *.yml *.kumitate *.png)")
    return _to_open(parent, _tr("Open a project"), folder, kinds)


def choose_target(parent: QWidget, proposal: Path) -> Path | None:
    """A file to save the project in; the system asks before one is replaced."""
    kinds = _tr("Kumitate projects (*.yaml)")
    return _to_save(parent, _tr("Save the project"), proposal, kinds)


def choose_picture(parent: QWidget, proposal: Path) -> Path | None:
    """A file for a picture; its ending says the format."""
    kinds = ("PNG (*.png)", "SVG (*.svg)", "PDF (*.pdf)")
    chosen, kind = QFileDialog.getSaveFileName(
        parent, _tr("Save the picture"), str(proposal), ";;".join(kinds)
    )
    if not chosen:
        return None
    path = Path(chosen)
    ending = f".{kind[:3].lower()}" if kind in kinds else path.suffix
    # Who chose another format, but left the proposed name, means the format.
    return path.with_suffix(ending) if path.name == proposal.name or not path.suffix else path


def choose_module(parent: QWidget, proposal: Path) -> Path | None:
    """A Python file to save the code in."""
    return _to_save(parent, _tr("Save the code"), proposal, _tr("Python files (*.py)"))


def choose_weights(parent: QWidget, folder: Path) -> Path | None:
    """A file with weights to start from."""
    kinds = _tr("Weights (*.pth *.pt *.safetensors)")
    return _to_open(parent, _tr("Start from weights"), folder, kinds)


def choose_folder(parent: QWidget, folder: Path) -> Path | None:
    """A folder to export into."""
    chosen = QFileDialog.getExistingDirectory(
        parent, _tr("Export the code into a folder"), str(folder)
    )
    return Path(chosen) if chosen else None


def _to_open(parent: QWidget, title: str, folder: Path, kinds: str) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, str(folder), kinds)
    return Path(chosen) if chosen else None


def _to_save(parent: QWidget, title: str, proposal: Path, kinds: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(proposal), kinds)
    return Path(chosen) if chosen else None
