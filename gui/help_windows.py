"""The window that says what Kumitate is. It never blocks the work."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.runs.parts import label


class AboutWindow(QDialog):
    """Name, version, licence."""

    def __init__(self, version: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about_window")
        self.setWindowTitle(self.tr("About Kumitate"))
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(8)
        column.addWidget(label("Kumitate", "huge", "about_name"))
        column.addWidget(
            label(self.tr("Version {version}").format(version=version), "muted", "about_version")
        )
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
