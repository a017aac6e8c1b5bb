"""The form at the left of the Train page: data, training, and under "More" what few need."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from graph.declare import ArgumentError
from graph.document import Difference
from graph.state import Project
from gui.editor import Editor
from gui.fields.field import Field, mark_wrong
from gui.pages.choice import TitledChoice
from gui.pages.settings import (
    DATASET,
    Setting,
    Settings,
    change_setting,
    read_settings,
    remove_setting,
)
from gui.runs.parts import button, label


class SettingsForm(QScrollArea):
    """Edits the settings of the project; every change can be undone.

    Signals:
        data_wanted(): the network shall be made to fit some data.
    """

    data_wanted = Signal()

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settings_form")
        # Its fields take the keyboard; by itself it would be a stop without a name.
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._editor = editor
        self._rows: dict[str, SettingRow] = {}
        self._keys: tuple[str, ...] = ()
        self._more_open = False
        self._step = 0
        editor.document.changed.connect(self._document_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the settings of the project."""
        settings = read_settings(self._editor.document.state)
        keys = tuple(row.key for row in settings.rows)
        keys += tuple(f"{row.path}={row.value}" for row in settings.rows if row.titles)
        keys += tuple(f"{key}: {problem}" for key, problem in settings.others)
        if keys != self._keys:
            self._keys = keys
            self._build(settings)
        for row in settings.rows:
            self._rows[row.key].show_setting(row)
            if row.key == f"data.{DATASET}":
                self._rows[row.key].set_help(settings.summary or row.parameter.help)

    def row(self, key: str) -> SettingRow | None:
        """The row of a setting by its place in the project file: `training.epochs`."""
        return self._rows.get(key)

    def first_problem(self) -> SettingRow | None:
        """The first setting in which something stands that is not legal."""
        return next((row for row in self._rows.values() if row.problem.text()), None)

    def focus_setting(self, key: str) -> None:
        """Bring a setting into view and give it the keyboard."""
        row = self._rows.get(key)
        if row is None:
            return
        if row.setting.advanced and not self._more_open:
            self.more.click()
            # It has no place before the form is laid out anew, which it is only later.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.ensureWidgetVisible(row)
        row.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """React no more, for a page that closes."""
        self._editor.document.changed.disconnect(self._document_changed, missing_ok=True)

    def _build(self, settings: Settings) -> None:
        had_focus = next((key for key, row in self._rows.items() if row.has_focus()), "")
        place = self.verticalScrollBar().value()
        content = QWidget()
        content.setObjectName("settings_content")
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self._rows = {}
        for section, title in (("data", self.tr("Data")), ("training", self.tr("Training"))):
            heading = label(title, "heading", f"{section}_heading")
            if section == "data":
                column.addLayout(self._data_heading(heading))
            else:
                column.addWidget(heading)
            for setting in settings.rows:
                if setting.section == section and not setting.advanced:
                    column.addWidget(self._make_row(setting))
        for key, problem in settings.others:
            column.addLayout(self._stray(key, problem))
        column.addWidget(self._make_more(settings))
        column.addStretch(1)
        # Later, since the old form may be what sends the signal that led here.
        previous = self.takeWidget()
        if previous is not None:
            previous.hide()
            previous.deleteLater()
        self.setWidget(content)
        self.verticalScrollBar().setValue(place)
        if had_focus in self._rows:
            self._rows[had_focus].field.setFocus()

    def _data_heading(self, heading: QWidget) -> QHBoxLayout:
        tip = self.tr("Choose data, and make the inputs, outputs and loss of the network fit it.")
        fit = button(self.tr("Fit network…"), "fit_network", role="flat", tip=tip)
        fit.clicked.connect(self.data_wanted)
        line = QHBoxLayout()
        line.addWidget(heading)
        line.addStretch(1)
        line.addWidget(fit)
        return line

    def _make_more(self, settings: Settings) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.more = button("", "more_settings", role="flat")
        self.more.setCheckable(True)
        self.more.setChecked(self._more_open)
        inner = QWidget()
        inner.setObjectName("more_content")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        for setting in settings.rows:
            if setting.advanced:
                rows.addWidget(self._make_row(setting))

        def unfold(wanted: bool) -> None:
            self._more_open = wanted
            inner.setVisible(wanted)
            self.more.setText(self.tr("Less ▴") if wanted else self.tr("More ▾"))

        self.more.toggled.connect(unfold)
        unfold(self._more_open)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(inner)
        return box

    def _make_row(self, setting: Setting) -> SettingRow:
        row = SettingRow(setting)
        row.edited.connect(lambda value: self._enter(row, value))
        row.left.connect(self._begin_step)
        self._rows[setting.key] = row
        return row

    def _stray(self, key: str, problem: str) -> QHBoxLayout:
        text = label(problem, "error", f"stray_{key}", wrap=True)
        remove = button(self.tr("Remove"), f"remove_{key}")
        remove.clicked.connect(
            lambda: self._editor.apply(
                self.tr("Remove {key}").format(key=key),
                lambda project: remove_setting(project, key),
            )
        )
        line = QHBoxLayout()
        line.addWidget(text, 1)
        line.addWidget(remove)
        return line

    def _enter(self, row: SettingRow, value: Any) -> None:
        setting = row.setting
        try:
            change_setting(self._editor.document.state, setting, value)
        except ArgumentError as error:
            row.show_problem(str(error))
            return

        def edit(project: Project) -> Project:
            return change_setting(project, setting, value)

        name = setting.parameter.label
        # What is typed in one go is one step of undo.
        merge = f"{setting.key} {self._step}"
        self._editor.apply(self.tr("Change {name}").format(name=name), edit, merge=merge)

    def _begin_step(self) -> None:
        self._step += 1

    def _document_changed(self, difference: Difference) -> None:
        if difference.settings:
            self.refresh()


class SettingRow(QWidget):
    """A setting: its label, its input, one line of explanation, and what is wrong with it.

    Signals:
        edited(value): the user gave another value.
        left(): the edit is complete.
        judged(): what is wrong with it, if anything, is another thing now.
    """

    edited = Signal(object)
    left = Signal()
    judged = Signal()

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        name = setting.key.replace(".", "_")
        self.setObjectName(f"{name}_row")
        self.field: TitledChoice | Field
        if setting.titles:
            self.field = TitledChoice(setting, self)
        else:
            self.field = Field(setting.parameter, parent=self)
            self.field.refused.connect(self.show_problem)
            self.field.left.connect(self.left)
        self.field.edited.connect(self.edited)
        if isinstance(self.field, TitledChoice):
            # What is chosen is complete, unlike what is typed letter by letter.
            self.field.edited.connect(lambda _: self.left.emit())
        caption = label(setting.parameter.label, "", f"{name}_label", wrap=True)
        caption.setBuddy(self.field)
        self.help = label(setting.parameter.help, "small", f"{name}_help", wrap=True)
        self.problem = label("", "error", f"{name}_problem", wrap=True)
        self.problem.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.addWidget(caption, 0, 0)
        # Titles and paths are long: they get a line of their own.
        long = setting.titles or setting.parameter.path
        grid.addWidget(self.field, *((1, 0, 1, 2) if long else (0, 1)))
        grid.addWidget(self.problem, 2, 0, 1, 2)
        grid.addWidget(self.help, 3, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def has_focus(self) -> bool:
        """Whether the keyboard is here."""
        inner = self.field.focusProxy() or self.field
        return inner.hasFocus()

    def show_setting(self, setting: Setting) -> None:
        """Show the value that the project has."""
        self.setting = setting
        self.field.show_value(setting.value)
        self.show_problem(setting.problem)

    def show_problem(self, problem: str) -> None:
        """Say what is wrong with the value, or that nothing is."""
        is_new = problem != self.problem.text()
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        inner = self.field.focusProxy() or self.field
        mark_wrong(inner, bool(problem))
        inner.setAccessibleDescription(problem or self.setting.parameter.help)
        if is_new:
            self.judged.emit()

    def set_help(self, text: str) -> None:
        """Explain it better than its declaration can."""
        self.help.setText(text)
