"""The inspector: the form of what is selected, and the help of the field in hand."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from graph.declare import Parameter
from gui.editor import Editor
from gui.panels.mixed_form import MixedForm
from gui.panels.node_form import NodeForm
from gui.panels.project_form import ProjectForm
from gui.runs.parts import label

Form = NodeForm | ProjectForm | MixedForm


class InspectorPanel(QWidget):
    """Shows the form of the selection; brought up to date once per turn of the event loop."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self.setObjectName("inspector")
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(256)
        self.form: Form | None = None
        self._sort: tuple[object, ...] = ()
        self._scroll = QScrollArea(self)
        self._scroll.setObjectName("inspector_scroll")
        self._scroll.setProperty("role", "panel")
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._help = self._make_help()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._help)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.update_now)
        editor.selection_changed.connect(self._timer.start)
        editor.block_changed.connect(self._timer.start)
        editor.document.changed.connect(self._document_changed)
        self.update_now()

    def _make_help(self) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("field_help")
        frame.setProperty("role", "status_bar")
        self._help_title = label("", "strong", "field_help_title", wrap=True)
        self._help_text = label("", "muted", "field_help_text", wrap=True)
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 8, 16, 10)
        column.setSpacing(2)
        column.addWidget(self._help_title)
        column.addWidget(self._help_text)
        frame.hide()
        return frame

    def _document_changed(self, _: object) -> None:
        self._timer.start()

    def update_now(self) -> None:
        """Show the form of what is selected now."""
        self._timer.stop()
        block, chosen = self._editor.chosen
        nodes = self._editor.document.state.blocks[block].nodes
        names = tuple(name for name in nodes if name in chosen)
        sorts = {(nodes[name].type, nodes[name].is_block) for name in names}
        wanted: tuple[object, ...] = (
            block,
            names,
            frozenset(sorts),
            self._declaration(block, names),
        )
        if self.form is not None and self._still_fits(block, names, wanted):
            self._sort = wanted
            self.form.refresh()
            return
        self._sort = wanted
        self._help.hide()
        if not names:
            self._show(ProjectForm(self._editor, block))
        elif len(sorts) == 1:
            self._show(NodeForm(self._editor, block, names))
        else:
            self._show(MixedForm(self._editor, block, names))

    def _declaration(self, name: str, names: tuple[str, ...]) -> tuple[object, ...]:
        """What a node's form is built from besides the node: parameters of blocks."""
        if not names:
            return ()
        blocks = self._editor.document.state.blocks
        block = blocks[name]
        used = blocks.get(block.nodes[names[0]].type) if block.nodes[names[0]].is_block else None
        return (
            tuple(block.parameters),
            tuple(used.parameters.items()) if used else (),
            used.help if used else "",
        )

    def _still_fits(self, block: str, names: tuple[str, ...], wanted: tuple[object, ...]) -> bool:
        assert self.form is not None  # noqa: S101 - asked only where there is a form
        return self.form.shown == (block, names) and self._sort[2:] == wanted[2:]

    def _show(self, form: Form) -> None:
        if isinstance(form, NodeForm | MixedForm):
            form.help_wanted.connect(self._show_help)
        self.form = form
        # The old form may be in the middle of a signal; Qt deletes it when that is over.
        old = self._scroll.takeWidget()
        self._scroll.setWidget(form)
        if old is not None:
            old.hide()
            old.deleteLater()

    def _show_help(self, parameter: Parameter) -> None:
        self._help_title.setText(parameter.label)
        expects = parameter.expects()
        self._help_text.setText(f"{parameter.help} {expects[:1].upper()}{expects[1:]}.")
        self._help.show()
        form = self.form
        if isinstance(form, NodeForm | MixedForm) and parameter.name in form.rows:
            row = form.rows[parameter.name]
            QTimer.singleShot(0, row, lambda: self._scroll.ensureWidgetVisible(row, 0, 24))
