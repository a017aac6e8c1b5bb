"""Train > Use with data: choose a dataset, read what the network needs for it, and apply that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from data.catalog import DEFAULT_DATASET, read_data
from data.dataset import DataError, Dataset
from data.describing import DESCRIBER, StillReadingError
from graph.declare import ArgumentError
from graph.project_edits import set_data, set_training
from graph.state import Project
from graph.templates import Reached, reached_by
from gui.pages.settings import DATASET, Setting, change_setting, read_settings
from gui.pages.settings_form import SettingRow
from gui.runs.parts import label, set_role
from training.adapting import Adapted, AdaptError, adapt
from training.spec import TrainingSpec, read_training

if TYPE_CHECKING:
    from gui.window.workspace import Workspace

_BULLET = "•"


class AdaptDialog(QDialog):
    """The data on the left, what it needs of the network on the right.

    Nothing is changed while it is open: it works on a draft of the project.

    Args:
        reached: what the network reached with other data, which then is proposed with the settings
            of the training that go with it.
    """

    _data_known = Signal()

    def __init__(
        self, project: Project, parent: QWidget | None = None, reached: Reached | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("adapt_dialog")
        self.setWindowTitle(self.tr("Use with data"))
        self.resize(820, 520)
        self._project = project
        self._reached = reached
        proposed = dict(reached.data) if reached else project.data or {DATASET: DEFAULT_DATASET}
        self._draft = set_data(project, proposed)
        self._rows: dict[str, SettingRow] = {}
        self._lines: list[QWidget] = []
        self.adapted: Adapted | None = None
        """What is shown; None while there is nothing to apply."""
        self.keep_size = QCheckBox(self.tr("Keep the size of the input and bring the data to it"))
        self.keep_size.setObjectName("adapt_keep_size")
        self.keep_size.setAccessibleName(self.keep_size.text())
        self.keep_size.toggled.connect(self._tell)
        self._form = QVBoxLayout()
        self._form.setSpacing(12)
        self._words = label("", "strong", "adapt_title", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.apply = QPushButton(self.tr("Apply"))
        self._lay_out()
        self._build()
        self._rows[f"data.{DATASET}"].field.setFocus(Qt.FocusReason.OtherFocusReason)
        # It is known in another thread; widgets belong to this one.
        self._data_known.connect(self._build, Qt.ConnectionType.QueuedConnection)
        DESCRIBER.known.connect(self._note_data)

    @property
    def dataset(self) -> Dataset:
        """The data that is chosen."""
        return read_data(self._draft.data)[0]

    def lines(self) -> list[str]:
        """What is shown of the changes, or why they cannot be, a paragraph each."""
        return [line.text() for line in self.findChildren(type(self._words), "adapt_line")]

    def choose(self, key: str, value: Any) -> None:
        """Give a setting of the data another value, as its field does."""
        self._enter(self._rows[key], value)

    def _note_data(self) -> None:
        if shiboken6.isValid(self):
            self._data_known.emit()

    # --- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        left, right = QWidget(), QWidget()
        for side, name, inner in ((left, "form", self._form), (right, "changes", self._list)):
            side.setObjectName(f"adapt_{name}")
            column = QVBoxLayout(side)
            column.setContentsMargins(16, 14, 16, 14)
            column.setSpacing(12)
            if side is right:
                column.addWidget(self._words)
            column.addLayout(inner)
            column.addStretch(1)
        sides = QHBoxLayout()
        sides.setSpacing(20)
        for side, share in ((left, 4), (right, 5)):
            area = QScrollArea()
            area.setObjectName(f"{side.objectName()}_area")
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            area.setWidget(side)
            sides.addWidget(area, share)
        buttons = QDialogButtonBox(self)
        cancel = QPushButton(self.tr("Cancel"))
        for made, name, role in (
            (self.apply, "adapt_apply", QDialogButtonBox.ButtonRole.AcceptRole),
            (cancel, "adapt_cancel", QDialogButtonBox.ButtonRole.RejectRole),
        ):
            made.setObjectName(name)
            made.setAccessibleName(made.text())
            buttons.addButton(made, role)
        set_role(self.apply, "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        about = self.tr(
            "Takes the network as it is and changes only what the data needs: channels and size of "
            "the input, the number of outputs, the loss. It is one step, which can be undone."
        )
        if self._reached is not None:
            column.addWidget(label(self._told(self._reached), "", "adapt_reached", wrap=True))
        column.addWidget(label(about, "muted", "adapt_about", wrap=True))
        column.addLayout(sides, 1)
        row = QHBoxLayout()
        row.addWidget(self.keep_size, 1)
        row.addWidget(buttons)
        column.addLayout(row)

    def _told(self, reached: Reached) -> str:
        """What the proposed data came to, and what has to be done before."""
        told = self.tr("With this data it reached: {result}.").format(result=reached.words())
        if not reached.weights:
            return told
        before = self.tr(
            "Train {template} first, in another tab, and choose its run with Train > Start from "
            "weights…; without them it learns much slower."
        )
        return f"{told} {before.format(template=reached.weights)}"

    @Slot()
    def _build(self) -> None:
        """The rows of the data that is chosen."""
        settings = read_settings(self._draft)
        rows = [one for one in settings.rows if one.section == "data" and not one.advanced]
        focused = next((key for key, row in self._rows.items() if row.has_focus()), "")
        if [one.key for one in rows] != list(self._rows):
            for row in self._rows.values():
                row.hide()
                row.deleteLater()
            self._rows = {}
            for one in rows:
                self._add_row(one)
        for one in rows:
            self._rows[one.key].show_setting(one)
        if focused in self._rows:
            self._rows[focused].field.setFocus(Qt.FocusReason.OtherFocusReason)
        chosen = self._rows[f"data.{DATASET}"]
        chosen.set_help(settings.summary or chosen.setting.parameter.help)
        self._tell()

    def _add_row(self, setting: Setting) -> None:
        row = SettingRow(setting)
        row.edited.connect(lambda value: self._enter(row, value))
        row.judged.connect(self._allow)
        self._form.addWidget(row)
        self._rows[setting.key] = row

    def _enter(self, row: SettingRow, value: Any) -> None:
        try:
            self._draft = change_setting(self._draft, row.setting, value)
        except ArgumentError as error:
            row.show_problem(str(error))
            return
        self._build()

    def _tell(self) -> None:
        """List what would be changed, or say why nothing can be."""
        self.adapted = None
        self._allow()
        try:
            adapted = adapt(self._project, self.dataset, keep_size=self.keep_size.isChecked())
        except StillReadingError as error:
            self._show(self.tr("One moment"), [str(error)], "")
            return
        except (AdaptError, DataError) as error:
            self._show(self.tr("It cannot be used with this data"), [str(error)], "error")
            return
        if self._reached is not None:
            adapted = self._trained_alike(adapted, self._reached.training)
        self.adapted, changes = adapted, list(adapted.changes)
        if changes:
            self._show(self.tr("What changes"), changes, "")
        else:
            self._show(self.tr("Nothing has to change"), [self.tr("The network fits it.")], "")
        self._allow()

    def _allow(self) -> None:
        """Apply what is listed, unless something stands in a field that cannot be."""
        wrong = any(row.problem.text() for row in self._rows.values())
        self.apply.setEnabled(self.adapted is not None and bool(self.adapted.changes) and not wrong)

    def _trained_alike(self, adapted: Adapted, training: Mapping[str, Any]) -> Adapted:
        """With these settings of the training too."""
        before = adapted.project.training
        after = {**before, **training}
        old, new = read_training(before)[0], read_training(after)[0]
        told = self.tr("{setting} becomes {new} (it was {old}).")
        changes = tuple(
            told.format(setting=parameter.label, new=getattr(new, name), old=getattr(old, name))
            for name, parameter in TrainingSpec.PARAMETERS.items()
            if getattr(new, name) != getattr(old, name)
        )
        project = set_training(adapted.project, after)
        return Adapted(project, (*adapted.changes, *changes))

    def _show(self, title: str, lines: list[str], role: str) -> None:
        for line in self._lines:
            line.hide()
            line.setParent(None)
            line.deleteLater()
        self._words.setText(title)
        bullet = f"{_BULLET} " if len(lines) > 1 else ""
        self._lines = [label(bullet + one, role, "adapt_line", wrap=True) for one in lines]
        for line in self._lines:
            self._list.addWidget(line)


def use_with_data(workspace: Workspace, *, small: bool = False) -> None:
    """Ask for a dataset, and make the open network fit it, in one step of undo.

    Args:
        small: propose the data with which the network reached what it says of itself.
    """
    editor = workspace.editor
    project = editor.document.state
    dialog = AdaptDialog(project, workspace, reached_by(project.about) if small else None)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dataset, adapted = dialog.dataset, dialog.adapted
    dialog.deleteLater()
    if accepted and adapted is not None:
        words = QCoreApplication.translate("AdaptDialog", "Use with {data}")
        editor.apply(words.format(data=dataset.TITLE), lambda _: adapted.project)
