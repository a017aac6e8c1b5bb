"""The box in which a node's sizes explain themselves: `height: (14 + 2·0 − 5) / 1 + 1 = 10`."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QWidget

from graph.explain import Line, explain
from graph.results import NodeResult
from gui.fields.numbers import spaced_size, whole
from gui.runs.parts import label


class ArithmeticBox(QFrame):
    """Shows the arithmetic of one node; hidden where there is none to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("arithmetic")
        self.setProperty("role", "soft")
        self.setAccessibleName(self.tr("How the sizes come about"))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(8, 10, 8, 10)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._shown: list[Line] | str | None = None
        self._names = {
            "channels": self.tr("channels"),
            "height": self.tr("height"),
            "width": self.tr("width"),
            "steps": self.tr("steps"),
            "features": self.tr("features"),
            "weights": self.tr("weights"),
        }

    def show_result(self, result: NodeResult) -> None:
        """Show how this node's sizes were computed."""
        lines = explain(result)
        shown: list[Line] | str = lines or self._unchanged(result)
        if shown == self._shown:
            return
        self._shown = shown
        self.setVisible(bool(shown))
        if isinstance(shown, str):
            self._fill([("", shown)])
        else:
            self._fill([self._texts(line) for line in shown])

    def text(self) -> str:
        """What is written in the box, as lines."""
        return "\n".join(
            f"{name.text()} {formula.text()}".strip()
            for name, formula in self._rows
            if not formula.isHidden()
        )

    def _texts(self, line: Line) -> tuple[str, str]:
        name = self._names.get(line.label, line.label)
        if line.port:
            name = f"{line.port}, {name}"
        return f"{name}:", f"{line.formula} = {whole(line.value)}"

    def _unchanged(self, result: NodeResult) -> str:
        inputs = [spec for spec in result.inputs.values() if spec is not None]
        outputs = list(result.outputs.values())
        if not inputs or len(outputs) != 1 or result.inner:
            return ""
        if all(spec.sizes == outputs[0].sizes for spec in inputs):
            size = spaced_size(outputs[0].sizes)
            return self.tr("The size stays {size}.").format(size=size)
        return ""

    def _fill(self, texts: list[tuple[str, str]]) -> None:
        while len(self._rows) < len(texts):
            self._add_row()
        for row, (name, formula) in enumerate(self._rows):
            used = row < len(texts)
            name.setVisible(used and bool(texts[row][0]))
            formula.setVisible(used)
            if used:
                name.setText(texts[row][0])
                formula.setText(texts[row][1])

    def _add_row(self) -> None:
        number = len(self._rows)
        name = label("", "mono", f"arithmetic_name_{number}")
        formula = label("", "mono", f"arithmetic_{number}", wrap=True)
        formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        formula.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(formula, number, 1)
        self._rows.append((name, formula))
