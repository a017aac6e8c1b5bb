"""The windows of the Help menu, each made when first wanted. They never block the work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.runs.parts import label

if TYPE_CHECKING:
    from gui.window.main_window import MainWindow


class HelpWindows:
    """Opens and closes them; `windows` are those that were made, by name."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.windows: dict[str, QDialog] = {}

    def show_shortcuts(self) -> None:
        """All keys."""
        from gui.window.shortcuts_window import ShortcutsWindow

        window = self._window
        if "shortcuts" not in self.windows:
            self.windows["shortcuts"] = ShortcutsWindow(
                window.actions_, window.menus, window.shortcuts, window
            )
        self._show("shortcuts")

    def show_about(self) -> None:
        """Name, version, licence."""
        if "about" not in self.windows:
            self.windows["about"] = AboutWindow(self._window)
        self._show("about")

    def close(self) -> None:
        """Close all of them."""
        for one in self.windows.values():
            one.close()

    def _show(self, name: str) -> None:
        self.windows[name].show()
        self.windows[name].raise_()


class AboutWindow(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_window")
        self.setWindowTitle(self.tr("About Kumitate"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(8)
        column.addWidget(label("Kumitate", "huge", "about_name"))
        version = self.tr("Version {version}").format(version=QCoreApplication.applicationVersion())
        column.addWidget(label(version, "muted", "about_version"))
        for number, text in enumerate(
            (
                self.tr(
                    "Build neural networks by drag and drop, train them in the window, and take "
                    "the PyTorch code home."
                ),
                self.tr("The name is Japanese for assembling: 組み立て."),
                self.tr("Free software under the Apache License 2.0. Made with PyTorch and Qt."),
            )
        ):
            text_label = label(text, "", f"about_text_{number}", wrap=True)
            text_label.setMinimumWidth(340)
            column.addWidget(text_label)
