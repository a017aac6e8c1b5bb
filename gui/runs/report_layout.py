"""What the reports of all tasks share: their layout, and the facts that are told of any."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from evaluation.report import Report
from gui.runs import words
from gui.runs.parts import label


class Panel(QFrame):
    """A frame in which things stand in a column."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"report_{name}")
        self.setProperty("role", "panel")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(8)


class TaskReport(QWidget):
    """A report of one task: its number and its samples at the left, its tables at the right."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._report: Report | None = None

    @property
    def report(self) -> Report | None:
        """The report that is shown."""
        return self._report

    def show_report(self, folder: Path, report: Report) -> None:
        """Show a report of the run in a folder."""
        raise NotImplementedError

    def put_beside(self, left: Panel, right: QSplitter, sizes: tuple[int, int]) -> None:
        """Fill the report; what room there is goes to the left."""
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setObjectName(f"{self.objectName()}_splitter")
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes(sizes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)


def number_panel(
    name: str,
    number: tuple[QLabel, QLabel, QLabel],
    title: tuple[QWidget, ...],
    *,
    least: int = 280,
) -> Panel:
    """The left side of a report, to which its samples are to be added.

    Args:
        number: the one large number, of what it is, and further facts.
        title: of the samples; then a hint, which takes the room that is left; then what acts.
        least: its smallest width.
    """
    panel = Panel(name)
    panel.setMinimumWidth(least)
    large, of, facts = number
    lines = QVBoxLayout()
    lines.setSpacing(0)
    lines.addWidget(large)
    lines.addWidget(of)
    lines.addSpacing(4)
    lines.addWidget(facts)
    head = QHBoxLayout()
    head.setSpacing(8)
    for place, widget in enumerate(title):
        head.addWidget(widget, 1 if place == 1 else 0)
    panel.column.addLayout(lines)
    panel.column.addSpacing(8)
    panel.column.addLayout(head)
    return panel


def section(title: str, name: str, *widgets: QWidget) -> Panel:
    """A part of a report below its title."""
    panel = Panel(name)
    panel.column.addWidget(label(title, "heading", f"{name}_title"))
    for place, widget in enumerate(widgets):
        panel.column.addWidget(widget, 1 if place == 0 else 0)
    return panel


def two_sections(name: str, upper: Panel, lower: Panel, sizes: tuple[int, int]) -> QSplitter:
    """The right side of a report: two sections."""
    splitter = QSplitter(Qt.Orientation.Vertical)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(upper)
    splitter.addWidget(lower)
    splitter.setSizes(sizes)
    return splitter


def report_facts(report: Report) -> tuple[str, ...]:
    """What is worth knowing of any report: its loss, of which weights, and when."""
    weights = {
        "best": words.tr("weights of the best epoch"),
        "last": words.tr("weights of the last epoch"),
    }.get(report.weights, report.weights)
    if report.epoch:
        weights += f" ({report.epoch})"
    when = datetime.fromtimestamp(report.time)
    return (
        words.tr("loss {loss}").format(loss=words.number(report.loss)),
        weights,
        words.tr("evaluated {when}").format(when=f"{when:%Y-%m-%d %H:%M}"),
    )
