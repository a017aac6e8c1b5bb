"""The bottom of the window: what the network is worth, and what the gesture in hand would do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from graph.document import Difference
from gui.editor import Editor
from gui.fields.numbers import short, whole
from gui.look.elided import ElidedLabel
from gui.runs.parts import label, set_role

REFUSAL = 6000
"""Milliseconds for which the reason of a refusal stays, or what an edit did besides."""


class StatusBar(QFrame):
    """The bar. Totals left, hint and zoom right."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_bar")
        self.setProperty("role", "status_bar")
        self.setFixedHeight(28)
        self._editor = editor
        self._hint = ""
        self._chosen = ""
        self._on_design = False
        self.layers = label("", "status", "status_layers")
        self.weights = label("", "status", "status_weights")
        self.operations = label("", "status", "status_multiply_adds")
        self.problems = label("", "status", "status_problems")
        self.hint = ElidedLabel("", "status_hint", "status", self, side=Qt.AlignmentFlag.AlignRight)
        self.zoom = QToolButton(self)
        self.zoom.setObjectName("status_zoom")
        self.zoom.setAccessibleName(self.tr("Zoom; click for 100 %"))
        self.zoom.setToolTip(self.tr("Zoom; click for 100 %"))
        self.zoom.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 8, 0)
        row.setSpacing(18)
        for one in (self.layers, self.weights, self.operations, self.problems):
            row.addWidget(one)
        row.addWidget(self.hint, 1)
        row.addWidget(self.zoom)
        self._refusal = QTimer(self)
        self._refusal.setSingleShot(True)
        self._refusal.setInterval(REFUSAL)
        self._refusal.timeout.connect(self._show_hint)
        self._usual = self.tr("Drag a layer from the palette, then a link from port to port")
        editor.document.changed.connect(self.update_totals)
        editor.block_changed.connect(self.update_totals)
        editor.selection_changed.connect(self.update_selection)
        editor.document.changed.connect(self._document_changed)
        editor.hint.connect(self.show_hint)
        editor.refused.connect(self.show_refusal)
        editor.told.connect(self.show_told)
        self.update_totals()
        self._show_hint()

    def update_totals(self, _: object = None) -> None:
        """Count again."""
        document = self._editor.document
        result = document.result()
        count = len(document.state.main.network_nodes())
        self._set(
            self.layers,
            self.tr("1 layer") if count == 1 else self.tr("{n} layers").format(n=whole(count)),
        )
        self._set(self.weights, self.tr("{n} weights").format(n=whole(result.parameters)))
        self._set(
            self.operations,
            self.tr("{n} multiply-adds").format(n=short(result.multiply_adds)),
        )
        problems = document.problems
        text = (
            self.tr("no problems")
            if not problems
            else self.tr("1 problem")
            if len(problems) == 1
            else self.tr("{n} problems").format(n=len(problems))
        )
        self._set(self.problems, text)
        set_role(self.problems, "status_error" if document.has_errors else "status")

    def _document_changed(self, difference: Difference) -> None:
        block, chosen = self._editor.chosen
        if chosen and block in difference.results:
            self.update_selection()

    def update_selection(self) -> None:
        """Say what is selected, as long as nothing else is to be said."""
        block, names = self._editor.chosen
        graph = self._editor.document.state.blocks.get(block)
        # Notes and frames cost nothing.
        notes = (
            {node.name for node in graph.nodes.values() if node.is_note}
            if names and graph
            else set()
        )
        chosen = sorted(names - notes)
        if not chosen:
            self._chosen = ""
        else:
            results = [self._editor.node_result(block, name) for name in chosen]
            several = self.tr("{n} nodes selected").format(n=whole(len(chosen)))
            self._chosen = self.tr("{what}: {weights} weights, {operations} multiply-adds").format(
                what=chosen[0] if len(chosen) == 1 else several,
                weights=whole(sum(result.parameters for result in results)),
                operations=short(sum(result.multiply_adds for result in results)),
            )
        if not self._refusal.isActive():
            self._show_hint()

    def set_selection_visible(self, visible: bool) -> None:
        """Whether what is selected can be seen on this page."""
        self._on_design = visible
        if not self._refusal.isActive():
            self._show_hint()

    def set_totals_visible(self, visible: bool) -> None:
        """Whether there is a project to speak of."""
        for one in (self.layers, self.weights, self.operations, self.problems):
            one.setVisible(visible)

    def set_usual_hint(self, text: str) -> None:
        """What to say while nothing is going on."""
        self._usual = text
        if not self._refusal.isActive():
            self._show_hint()

    def show_hint(self, text: str) -> None:
        """What the gesture in hand would do; empty for none."""
        self._hint = text
        if text:
            self._refusal.stop()
        if not self._refusal.isActive():
            self._show_hint()

    def show_refusal(self, text: str) -> None:
        """Why something was not done, for a few seconds."""
        self._show_a_while(text, "status_error")

    def show_told(self, text: str) -> None:
        """What was done besides, for as long."""
        self._show_a_while(text, "status")

    def _show_a_while(self, text: str, role: str) -> None:
        set_role(self.hint, role)
        self.hint.setText(self._sentence(text))
        self._refusal.start()

    def _sentence(self, text: str) -> str:
        """The text with a large first letter, unless a name of something stands there."""
        first = text.partition(" ")[0].rstrip(":,")
        blocks = self._editor.document.state.blocks
        is_name = first in blocks or any(first in block.nodes for block in blocks.values())
        return text if is_name or not first.isalpha() else text[:1].upper() + text[1:]

    def show_zoom(self, zoom: float) -> None:
        """The zoom of the canvas."""
        self.zoom.setText(f"{zoom * 100:.0f} %")

    def _show_hint(self) -> None:
        set_role(self.hint, "status")
        chosen = self._chosen if self._on_design else ""
        self.hint.setText(self._hint or chosen or self._usual)

    def _set(self, one: QLabel, text: str) -> None:
        if one.text() != text:
            one.setText(text)
